/* SPDX-License-Identifier: Apache-2.0
 *
 * Eight elements at a time.
 */
#include "add.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* see add.h */
void kws_add_bytes(const kws_call *call, const uint8_t *x, const uint8_t *x2, uint8_t *y,
                   uint32_t count)
{
    const int16x8_t m = vdupq_n_s16(kws_multipliers(call)[0]);
    const int16x8_t m2 = vdupq_n_s16(kws_multipliers(call)[1]);
    const int32_t   bias = kws_biases(call)[0], n = -(int32_t)call->layer->shift;
    for (int32_t left = (int32_t)count; left > 0; left -= 8, x += 8, x2 += 8, y += 8) {
        const mve_pred16_t lanes = vctp16q((uint32_t)left);
        const int16x8_t    a = vreinterpretq_s16_u16(vldrbq_z_u16(x, lanes));
        const int16x8_t    b = vreinterpretq_s16_u16(vldrbq_z_u16(x2, lanes));
        int32x4_t          even = vaddq_s32(vmullbq_int_s16(a, m), vmullbq_int_s16(b, m2));
        int32x4_t          odd = vaddq_s32(vmulltq_int_s16(a, m), vmulltq_int_s16(b, m2));
        uint16x8_t         sums = vdupq_n_u16(0);
        even = vshlq_r_s32(vaddq_n_s32(even, bias), n);
        odd = vshlq_r_s32(vaddq_n_s32(odd, bias), n);
        sums = vqmovuntq_s32(vqmovunbq_s32(sums, even), odd);
        vstrbq_p_u16(y, vminq_u16(sums, vdupq_n_u16(255)), lanes);
    }
}

#endif
