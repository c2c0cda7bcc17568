/* SPDX-License-Identifier: Apache-2.0 */
#include "add.h"
#include "kws_fixed.h"

#if KWS_VARIANT != KWS_PACK_DSP && KWS_VARIANT != KWS_PACK_MVE

/* see add.h */
void kws_add_bytes(const kws_call *call, const uint8_t *x, const uint8_t *x2, uint8_t *y,
                   uint32_t count)
{
    const int32_t  m = kws_multipliers(call)[0], m2 = kws_multipliers(call)[1];
    const int32_t  bias = kws_biases(call)[0];
    const uint32_t n = call->layer->shift;
    for (uint32_t i = 0; i < count; i++) {
        /* |acc| <= 2 * 255 * 2^15 + 2^30 < 2^31 */
        const int32_t acc = kws_mac(kws_mac(bias, x[i], m), x2[i], m2);
        y[i] = (uint8_t)kws_clip(acc >> n, 8);
    }
}

#endif
