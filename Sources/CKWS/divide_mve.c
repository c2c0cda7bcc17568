/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_MVE

#include <arm_mve.h>

#include "kws_fixed.h"
#include "log_sums.h"

/* What log2(2^a + 2^b) is above the larger one, from |a - b|, in Q10: U[i] + ((U[i + 1] - U[i]) f +
 * 128 >> 8), and |(U[i + 1] - U[i]) f| <= 122 * 255 < 2^15. Lanes that are not near give 0. */
static inline int16x8_t log_gain(uint16x8_t difference)
{
    const mve_pred16_t near = vcmphiq_u16(vdupq_n_u16(KWS_LOG_SUMS_END), difference);
    const uint16x8_t   i = vshrq_n_u16(difference, 8);
    const int16x8_t    f = vreinterpretq_s16_u16(vandq_u16(difference, vdupq_n_u16(255)));
    const int16x8_t    u = vldrhq_gather_shifted_offset_z_s16(kws_log_sums, i, near);
    const int16x8_t    next = vldrhq_gather_shifted_offset_z_s16(kws_log_sums + 1, i, near);
    return vaddq_s16(u, vrshrq_n_s16(vmulq_s16(vsubq_s16(next, u), f), 8));
}

/* see front_end.h */
void kws_divide(const kws_frame *frame, const int16_t *log_mel, int32_t peak)
{
    const int32_t   log_peak = kws_log2_q10((uint32_t)peak); /* <= 15 * 1024 */
    const int16x8_t constant = vdupq_n_s16(kws_sat16(log_peak + frame->front_end->log_floor));
    int16_t        *out = frame->bands;
    for (int32_t left = frame->front_end->band_count; left > 0; left -= 8) {
        const mve_pred16_t lanes = vctp16q((uint32_t)left);
        const int16x8_t    l = vldrhq_z_s16(log_mel, lanes);
        const uint16x8_t   difference = vreinterpretq_u16_s16(vabdq_s16(l, constant));
        const int16x8_t    gain = vsubq_n_s16(log_gain(difference), (int16_t)log_peak);
        vstrhq_p_s16(out, vqaddq_s16(vmaxq_s16(l, constant), gain), lanes);
        log_mel += 8;
        out += 8;
    }
}

#endif
