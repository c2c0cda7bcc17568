/* SPDX-License-Identifier: Apache-2.0
 *
 * As bins.c, a complex number a register. The bit-reversed places come from RBIT.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_DSP

#include "bit_reversed.h"
#include "kws_fixed.h"
#include "packed_complex.h"

#define ONES 0x00010001u

static inline uint32_t bottom_and_top(uint32_t bottom, uint32_t top)
{
    return (bottom & 0xFFFFu) | (top & 0xFFFF0000u);
}

/* The level of bin k, whose power goes to this place. */
static inline void put(uint16_t *magnitudes, uint32_t k, packed *place, uint32_t x)
{
    const uint32_t square = (uint32_t)__smuad((int16x2_t)x, (int16x2_t)x);
    if (magnitudes == NULL) {
        *place = 4 * square;
    } else {
        magnitudes[k] = (uint16_t)kws_root(square);
    }
}

static inline __attribute__((always_inline)) void
run(packed *z, const packed *w, uint16_t *magnitudes, uint32_t points, bool half, bool all)
{
    /* place 2 g of log2(points) bits, reversed, is g of one bit less */
    const uint32_t shift = (uint32_t)__builtin_clz(points) + 2u;
    uint32_t       g = 1;
    for (uint32_t block = 2; block < points; block <<= 1) {
        packed *low = z + block, *high = z + 2 * block - 1;
        for (const packed *end = high; low < end; low += 2, high -= 2, g++) {
            const uint32_t sum = plus(*low, *high, half), difference = minus(*low, *high, half);
            const uint32_t even = plus(bottom_and_top(sum, difference), ONES, true);
            const uint32_t odd = turn(bottom_and_top(difference, sum), w[g], 32768);
            const uint32_t k = kws_reversed(g) >> shift;
            put(magnitudes, k, low, minus_i(even, odd, false));
            if (all) {
                put(magnitudes, points - k, high, plus_i(even, odd, false));
            }
        }
    }
}

/* see front_end.h */
void kws_bins(const kws_frame *frame, bool small, bool all)
{
    const uint32_t points = frame->front_end->fft_points >> 1;
    const packed  *w = kws_part(frame->block, frame->front_end->twiddles_offset);
    packed        *z = (packed *)(void *)frame->spectrum, *end = z + points;
    const bool     power = frame->front_end->spectrum == KWS_SPECTRUM_POWER;
    uint16_t      *magnitudes = power ? NULL : (uint16_t *)(void *)end;
    const uint32_t half = small ? 0 : 1;
    const int32_t  re = (int16_t)*z, im = (int32_t)*z >> 16;
    put(magnitudes, 0, z, (uint32_t)((re + im) >> half) & 0xFFFFu);
    put(magnitudes, points, end, (uint32_t)((re - im) >> half) & 0xFFFFu);
    put(magnitudes, points >> 1, z + 1, half ? plus(z[1], 0, true) : z[1]);
    if (power) {
        if (all) {
            run(z, w, NULL, points, !small, true);
        } else {
            run(z, w, NULL, points, !small, false);
        }
        kws_into_order(z, points);
    } else if (all) {
        run(z, w, magnitudes, points, !small, true);
    } else {
        run(z, w, magnitudes, points, !small, false);
    }
}

#endif
