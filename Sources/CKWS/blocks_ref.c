/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

/* Value v of output i in block l of count. */
static inline uint32_t value(const uint8_t *values, uint32_t count, uint32_t l, uint32_t i,
                             uint32_t bits)
{
    const uint32_t first = values[l];
    if (bits == 8) {
        return values[i * count + l];
    }
    if (bits == 4) {
        return (uint32_t)values[(i >> 1) * count + l] >> 4 * (i & 1u) & 15u;
    }
    if (bits == 2) {
        return first >> 2 * i & 3u;
    }
    const uint32_t high = (uint32_t)values[count + (l >> 1)] >> (4 * (l & 1u) + i);
    return (first >> 2 * i & 3u) | (high & 1u) << 2;
}

KWS_INLINED void window(int32_t acc[4], const uint8_t *x, const uint8_t *indices, uint32_t count,
                        uint32_t bits)
{
    const uint8_t *values = indices + count;
    for (uint32_t l = 0; l < count; l++) {
        for (uint32_t i = 0; i < 4; i++) {
            acc[i] = kws_mac(acc[i], x[indices[l]],
                             (int32_t)value(values, count, l, i, bits) - (1 << (bits - 1)));
        }
    }
}

#define WINDOW(bits)                                                                               \
    static void window_w##bits(int32_t acc[4], const uint8_t *x, const uint8_t *indices,           \
                               uint32_t count)                                                     \
    {                                                                                              \
        window(acc, x, indices, count, bits);                                                      \
    }
WINDOW(8)
WINDOW(4)
WINDOW(3)
WINDOW(2)

/* see sparse.h */
KWS_BLOCKS_WIDTHS

#endif
