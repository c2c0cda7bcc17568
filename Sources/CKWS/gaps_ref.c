/* SPDX-License-Identifier: Apache-2.0 */
#include "gaps.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

KWS_INLINED const uint8_t *output(int32_t *acc, const uint8_t *x, const uint8_t *w, uint32_t bits)
{
    uint32_t count;
    do {
        count = *w++;
        for (uint32_t i = 0; i < count; i++, x++, w += KWS_GAPS_ENTRY(bits)) {
            const uint32_t sign = 32 - bits;
            x += bits == 8 ? *w : (uint32_t)*w >> bits;
            *acc = kws_mac(*acc, *x,
                           bits == 8 ? (int8_t)w[1] : (int32_t)((uint32_t)*w << sign) >> sign);
        }
    } while (count == KWS_RUN_MAX);
    return w;
}

/* see sparse.h and gate_rows.h */
KWS_GAPS_WIDTHS

#endif
