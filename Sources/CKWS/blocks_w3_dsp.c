/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks.h"
#include "blocks_code_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

#include <arm_acle.h>

/* Four bytes and two, wherever they lie. */
static inline uint32_t four(const uint8_t *part)
{
    typedef uint32_t word __attribute__((may_alias, aligned(1)));
    return *(const word *)(const void *)part;
}

static inline uint32_t two(const uint8_t *part)
{
    typedef uint16_t half __attribute__((may_alias, aligned(1)));
    return *(const half *)(const void *)part;
}

/* A constant for both halves, kept in a register: AND shifts only what is not an immediate. */
static inline uint32_t mask(uint32_t half)
{
    uint32_t both = half | half << 16;
    __asm__("" : "+r"(both));
    return both;
}

/* acc + x.low v.low + x.high v.high, where v is what the mask leaves of each half. */
static inline int32_t mac2(int32_t acc, uint32_t x, uint32_t values, uint32_t shift, uint32_t mask)
{
    return __smlad((int16x2_t)x, (int16x2_t)(mask & values >> shift), acc);
}

/* Four blocks: the lower two bits as blocks of 2 bits have them, and the highest ones in nibbles.
 */
KWS_INLINED void add_four(int32_t acc[4], uint32_t x02, uint32_t x13, uint32_t low, uint32_t high)
{
    const uint32_t pairs = mask(3), bit = mask(1);
    high |= high << 8; /* nibbles 0 and 2 to the ends of the halves */
    for (uint32_t i = 0; i < 4; i++) {
        acc[i] = mac2(mac2(acc[i], x02, low, 2 * i, pairs), x13, low, 8 + 2 * i, pairs);
        acc[i] = mac2(mac2(acc[i], 4 * x02, high, i, bit), 4 * x13, high, 4 + i, bit);
    }
}

KWS_INLINED void window(int32_t acc[4], const uint8_t *x, const uint8_t *indices, uint32_t count)
{
    const uint8_t *i = indices, *low = i + count, *end = low, *high = low + count;
    const uint8_t *fours = i + (count & ~3u);
    uint32_t       all = 0;
    for (; i != fours; i += 4, low += 4, high += 2) {
        const uint32_t x02 = x[i[0]] | (uint32_t)x[i[2]] << 16;
        const uint32_t x13 = x[i[1]] | (uint32_t)x[i[3]] << 16;
        all += x02;
        all += x13;
        add_four(acc, x02, x13, four(low), two(high));
    }
    for (uint32_t shift = 0; i != end; i++, shift += 4) {
        const uint32_t value = x[*i], bits = (uint32_t)high[shift >> 3] >> (shift & 4u);
        all += value;
        add_four(acc, value, 0, *low++, bits & 15u);
    }
    const int32_t offset = (int32_t)(((all & 0xFFFFu) + (all >> 16)) << 2);
    for (uint32_t n = 0; n < 4; n++) {
        acc[n] -= offset;
    }
}

/* see blocks_code_dsp.h */
void kws_blocks_four_w3(kws_blocks_four *work)
{
    work->w = kws_blocks_four_outputs(work->acc, work->w, work->x, work->end, 3, window);
}

#endif
