/* SPDX-License-Identifier: Apache-2.0
 *
 * blocks_scalar.h - a window of BLOCKS, a block at a time, for cores whose multiplication gives one
 * product.
 */
#ifndef KWS_BLOCKS_SCALAR_H
#define KWS_BLOCKS_SCALAR_H

#include "blocks_chains.h"

KWS_INLINED void kws_blocks_scalar(kws_chains *sums, const uint8_t *x, const uint8_t *indices,
                                   uint32_t count, uint32_t bits)
{
    const uint32_t fields = bits == 8 ? 1 : bits == 4 ? 2 : 4, field = bits == 3 ? 2 : bits;
    const uint8_t *w = indices + count, *end = w;
    kws_chains     t = *sums;
    for (; indices != end; indices++, w++) {
        const uint32_t value = x[*indices];
        t.all += value;
        for (uint32_t i = 0; i < 4; i++) {
            t.of[i] += value * ((uint32_t)w[i / fields * count] >> i % fields * field);
        }
        if (bits == 3) {
            const uint32_t l = (uint32_t)(indices + count - end);
            const uint32_t high = (uint32_t)end[count + (l >> 1)] >> 4 * (l & 1u) & 15u;
            for (uint32_t i = 0; i < 4; i++) {
                t.high[i] += value * (high >> i);
            }
        }
    }
    *sums = t;
}

#define KWS_BLOCKS_SCALAR(bits)                                                                    \
    KWS_INLINED void window_w##bits(kws_chains *sums, const uint8_t *x, const uint8_t *indices,    \
                                    uint32_t count)                                                \
    {                                                                                              \
        kws_blocks_scalar(sums, x, indices, count, bits);                                          \
    }

#endif
