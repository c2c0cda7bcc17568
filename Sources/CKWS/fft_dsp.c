/* SPDX-License-Identifier: Apache-2.0
 *
 * As fft.c, a complex number a register: 23 instructions of arithmetic for a radix-4 butterfly and
 * four more that watch its outputs, where plain C takes 90.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_DSP

#include "packed_complex.h"

#define ROUND 32768
#define ONES 0x00010001u

static inline void put(packed *z, uint32_t v)
{
    *z = v;
    watch(v);
}

/* The four outputs of e, o, p, q. */
static inline void put_four(packed *z, uint32_t pitch, uint32_t even, uint32_t odd, uint32_t sum,
                            uint32_t difference, bool half)
{
    put(z, plus(even, sum, half));
    put(z + pitch, minus(even, sum, half));
    put(z + 2 * pitch, minus_i(odd, difference, half));
    put(z + 3 * pitch, plus_i(odd, difference, half));
}

/* Four numbers, three of them already halved (and turned). */
static inline void butterfly(packed *z, uint32_t pitch, uint32_t b, uint32_t c, uint32_t d,
                             bool half)
{
    const uint32_t a = plus(*z, half ? 3 * ONES : ONES, true);
    put_four(z, pitch, plus(a, c, false), minus(a, c, false), plus(b, d, false), minus(b, d, false),
             half);
}

static void first_of_four(packed *z, uint32_t pitch)
{
    for (const packed *end = z + pitch; z < end; z++) {
        const uint32_t a = plus(*z, 2 * ONES, false);
        const uint32_t b = z[pitch], c = z[2 * pitch], d = z[3 * pitch];
        put_four(z, pitch, plus(a, c, true), minus(a, c, true), plus(b, d, true), minus(b, d, true),
                 true);
    }
}

static void first_of_two(packed *z, uint32_t pitch)
{
    for (const packed *end = z + pitch; z < end; z++) {
        const uint32_t a = plus(*z, ONES, false), b = z[pitch];
        put(z, plus(a, b, true));
        put(z + pitch, minus(a, b, true));
    }
}

/* One level of groups of 4 * quarter points. */
static inline __attribute__((always_inline)) void
level(packed *z, uint32_t points, uint32_t quarter, const packed *w, bool half)
{
    const packed *end = z + points, *w23 = w + (points >> 1);
    for (const packed *stop = z + quarter; z < stop; z++) {
        butterfly(z, quarter, plus(z[quarter], ONES, true), plus(z[2 * quarter], ONES, true),
                  plus(z[3 * quarter], ONES, true), half);
    }
    for (z += 3 * quarter; z < end; z += 3 * quarter) {
        const uint32_t w1 = *++w, w2 = *(w23 += 2), w3 = w23[1];
        for (const packed *stop = z + quarter; z < stop; z++) {
            butterfly(z, quarter, turn(z[quarter], w1, ROUND), turn(z[2 * quarter], w2, ROUND),
                      turn(z[3 * quarter], w3, ROUND), half);
        }
    }
}

/* Out of line, for the registers of each. */
static __attribute__((noinline)) void level_of_halves(packed *z, uint32_t points, uint32_t quarter,
                                                      const packed *w)
{
    level(z, points, quarter, w, false);
}

static __attribute__((noinline)) void level_of_quarters(packed *z, uint32_t points,
                                                        uint32_t quarter, const packed *w)
{
    level(z, points, quarter, w, true);
}

#include "fft_levels.h"

#endif
