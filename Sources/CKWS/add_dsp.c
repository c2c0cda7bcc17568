/* SPDX-License-Identifier: Apache-2.0
 *
 * Four elements at a time, a product of two pairs each.
 */
#include "add.h"
#include "kws_fixed.h"

#if KWS_VARIANT == KWS_PACK_DSP
#include <arm_acle.h>

#include "words_dsp.h"

/* Of a pair (x, x2), multipliers beside it. */
static inline uint32_t sum(uint32_t pair, uint32_t multipliers, int32_t bias, uint32_t n)
{
    /* |acc| <= 2 * 255 * 2^15 + 2^30 < 2^31 */
    const int32_t acc = __smlad((int16x2_t)pair, (int16x2_t)multipliers, bias);
    return (uint32_t)kws_clip(acc >> n, 8);
}

/* The low halves, and the high halves, of a and b as a pair. */
static inline uint32_t low_halves(uint32_t a, uint32_t b)
{
    uint32_t pair;
    __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(pair) : "r"(a), "r"(b));
    return pair;
}

static inline uint32_t high_halves(uint32_t a, uint32_t b)
{
    uint32_t pair;
    __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(pair) : "r"(b), "r"(a));
    return pair;
}

/* see add.h */
void kws_add_bytes(const kws_call *call, const uint8_t *x, const uint8_t *x2, uint8_t *y,
                   uint32_t count)
{
    const uint32_t m = *kws_four(kws_part(call->block, call->layer->multipliers_offset));
    const int32_t  bias = kws_biases(call)[0];
    const uint32_t n = call->layer->shift;
    for (const uint8_t *end = x + (count & ~3u); x != end; x += 4, x2 += 4, y += 4) {
        const uint32_t a = *kws_four(x), b = *kws_four(x2);
        const uint32_t even_a = kws_even(a), odd_a = kws_odd(a);
        const uint32_t even_b = kws_even(b), odd_b = kws_odd(b);
        uint32_t       v = sum(low_halves(even_a, even_b), m, bias, n);
        v |= sum(low_halves(odd_a, odd_b), m, bias, n) << 8;
        v |= sum(high_halves(even_a, even_b), m, bias, n) << 16;
        v |= sum(high_halves(odd_a, odd_b), m, bias, n) << 24;
        *kws_four_out(y) = v;
    }
    for (count &= 3u; count > 0; count--) {
        *y++ = (uint8_t)sum(low_halves(*x++, *x2++), m, bias, n);
    }
}

#endif
