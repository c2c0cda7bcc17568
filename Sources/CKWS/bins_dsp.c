/* SPDX-License-Identifier: Apache-2.0
 *
 * As bins.c, a complex number a register. The bit-reversed places come from RBIT.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_DSP

#include "kws_fixed.h"
#include "packed_complex.h"

#define ONES 0x00010001u

static inline uint32_t reverse(uint32_t v)
{
    uint32_t out;
    __asm__("rbit %0, %1" : "=r"(out) : "r"(v));
    return out;
}

static inline uint32_t bottom_and_top(uint32_t bottom, uint32_t top)
{
    return (bottom & 0xFFFFu) | (top & 0xFFFF0000u);
}

static inline void put(void *levels, bool power, uint32_t k, uint32_t x)
{
    const uint32_t square = (uint32_t)__smuad((int16x2_t)x, (int16x2_t)x);
    if (power) {
        ((uint32_t *)levels)[k] = 4 * square;
    } else {
        ((uint16_t *)levels)[k] = (uint16_t)kws_root(square);
    }
}

static inline __attribute__((always_inline)) void run(const packed *z, const packed *w,
                                                      void *levels, uint32_t points, bool half,
                                                      bool power, bool all)
{
    /* place 2 g of log2(points) bits, reversed, is g of one bit less */
    const uint32_t shift = (uint32_t)__builtin_clz(points) + 2u;
    uint32_t       g = 1;
    for (uint32_t block = 2; block < points; block <<= 1) {
        const packed *low = z + block, *high = z + 2 * block - 1;
        for (const packed *end = high; low < end; low += 2, high -= 2, g++) {
            const uint32_t sum = plus(*low, *high, half), difference = minus(*low, *high, half);
            const uint32_t even = plus(bottom_and_top(sum, difference), ONES, true);
            const uint32_t odd = turn(bottom_and_top(difference, sum), w[g], 32768);
            const uint32_t k = reverse(g) >> shift;
            put(levels, power, k, minus_i(even, odd, false));
            if (all) {
                put(levels, power, points - k, plus_i(even, odd, false));
            }
        }
    }
}

/* see front_end.h */
void kws_bins(const kws_frame *frame, bool small, bool all)
{
    const uint32_t points = frame->front_end->fft_points >> 1;
    const int16_t *z = frame->spectrum;
    const packed  *w = kws_part(frame->block, frame->front_end->twiddles_offset);
    const packed  *pairs = (const packed *)(const void *)z;
    void          *levels = frame->spectrum + frame->front_end->fft_points;
    const bool     power = frame->front_end->spectrum == KWS_SPECTRUM_POWER;
    const uint32_t half = small ? 0 : 1;
    put(levels, power, 0, (uint32_t)((z[0] + z[1]) >> half) & 0xFFFFu);
    put(levels, power, points, (uint32_t)((z[0] - z[1]) >> half) & 0xFFFFu);
    put(levels, power, points >> 1, half ? plus(pairs[1], 0, true) : pairs[1]);
    if (power) {
        if (all) {
            run(pairs, w, levels, points, !small, true, true);
        } else {
            run(pairs, w, levels, points, !small, true, false);
        }
    } else if (all) {
        run(pairs, w, levels, points, !small, false, true);
    } else {
        run(pairs, w, levels, points, !small, false, false);
    }
}

#endif
