/* SPDX-License-Identifier: Apache-2.0 */
#include "gaps.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

KWS_INLINED const uint8_t *add(int32_t *acc, const uint8_t *x, const uint8_t *w, uint32_t i,
                               uint32_t bits)
{
    w += i * KWS_GAPS_ENTRY(bits);
    x += bits == 8 ? *w : (uint32_t)*w >> bits;
    *acc =
        kws_mac(*acc, x[i],
                bits == 8 ? (int8_t)w[1] : (int32_t)((uint32_t)*w << (32 - bits)) >> (32 - bits));
    return x;
}

/* see sparse.h */
KWS_GAPS_WIDTHS

#endif
