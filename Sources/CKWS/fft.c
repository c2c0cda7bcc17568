/* SPDX-License-Identifier: Apache-2.0
 *
 * Radix 4, in place, from samples in their order to a spectrum in bit-reversed order. A group of a
 * level has one set of twiddles; SPEC.md, section 5, has the arithmetic and its bounds.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_PLAIN

#include "kws_fixed.h"

#define ROUND 32768

typedef struct complex {
    int32_t re, im;
} complex;

/* z * (u, v), halved and rounded. */
static complex turn(const int16_t *z, const int16_t *w)
{
    const int32_t re = z[0], im = z[1], u = w[0], v = w[1];
    return (complex){kws_mac(kws_mac(ROUND, re, u), -im, v) >> 16,
                     kws_mac(kws_mac(ROUND, re, v), im, u) >> 16};
}

static complex halve(const int16_t *z, int32_t rounding)
{
    return (complex){(z[0] + rounding) >> 1, (z[1] + rounding) >> 1};
}

/* Stores a number; returns bits above the 14th if it is not in -2^13 .. 2^13-1. */
static uint32_t put(int16_t *z, int32_t re, int32_t im)
{
    z[0] = (int16_t)re;
    z[1] = (int16_t)im;
    return (uint32_t)(re + 8192) | (uint32_t)(im + 8192);
}

/* The four outputs from a, b, c, d, each divided by 2^shift; z is where a stands, the others follow
 * every pitch numbers. */
static inline uint32_t butterfly(int16_t *z, uint32_t pitch, complex a, complex b, complex c,
                                 complex d, uint32_t shift)
{
    const complex even = {a.re + c.re, a.im + c.im}, odd = {a.re - c.re, a.im - c.im};
    const complex sum = {b.re + d.re, b.im + d.im}, difference = {b.re - d.re, b.im - d.im};
    uint32_t      wide = put(z, (even.re + sum.re) >> shift, (even.im + sum.im) >> shift);
    wide |= put(z + pitch, (even.re - sum.re) >> shift, (even.im - sum.im) >> shift);
    wide |=
        put(z + 2 * pitch, (odd.re + difference.im) >> shift, (odd.im - difference.re) >> shift);
    return wide |
           put(z + 3 * pitch, (odd.re - difference.im) >> shift, (odd.im + difference.re) >> shift);
}

/* The first level of an even power of two: one group without twiddles; each sum is halved. */
static uint32_t first_of_four(int16_t *z, uint32_t points)
{
    const uint32_t pitch = points >> 1;
    const int16_t *end = z + pitch;
    uint32_t       wide = 0;
    for (; z < end; z += 2) {
        const int16_t *b = z + pitch, *c = b + pitch, *d = c + pitch;
        const complex  a = {z[0] + 2, z[1] + 2};
        const complex  even = {(a.re + c[0]) >> 1, (a.im + c[1]) >> 1};
        const complex  odd = {(a.re - c[0]) >> 1, (a.im - c[1]) >> 1};
        const complex  sum = {(b[0] + d[0]) >> 1, (b[1] + d[1]) >> 1};
        const complex  difference = {(b[0] - d[0]) >> 1, (b[1] - d[1]) >> 1};
        wide |= put(z, (even.re + sum.re) >> 1, (even.im + sum.im) >> 1);
        wide |= put(z + pitch, (even.re - sum.re) >> 1, (even.im - sum.im) >> 1);
        wide |= put(z + 2 * pitch, (odd.re + difference.im) >> 1, (odd.im - difference.re) >> 1);
        wide |= put(z + 3 * pitch, (odd.re - difference.im) >> 1, (odd.im + difference.re) >> 1);
    }
    return wide;
}

/* The first level of an odd power of two. */
static uint32_t first_of_two(int16_t *z, uint32_t points)
{
    int16_t       *b = z + points;
    const int16_t *end = b;
    uint32_t       wide = 0;
    for (; z < end; z += 2, b += 2) {
        const complex a = {z[0] + 1, z[1] + 1}, other = {b[0], b[1]};
        wide |= put(z, (a.re + other.re) >> 1, (a.im + other.im) >> 1);
        wide |= put(b, (a.re - other.re) >> 1, (a.im - other.im) >> 1);
    }
    return wide;
}

/* One level of groups of 4 * quarter points. Divides by 2^(1 + shift). */
static uint32_t level(int16_t *z, uint32_t points, uint32_t quarter, uint32_t shift,
                      const int16_t *twiddles)
{
    const int16_t *end = z + 2 * points, *w1 = twiddles, *w23 = twiddles + points;
    const uint32_t pitch = 2 * quarter;
    const int32_t  rounding = shift == 0 ? 1 : 3;
    uint32_t       wide = 0;
    for (uint32_t k = 0; k < quarter; k++, z += 2) {
        wide |= butterfly(z, pitch, halve(z, rounding), halve(z + pitch, 1),
                          halve(z + 2 * pitch, 1), halve(z + 3 * pitch, 1), shift);
    }
    for (z += 3 * pitch; z < end; z += 3 * pitch) {
        w1 += 2;
        w23 += 4;
        for (uint32_t k = 0; k < quarter; k++, z += 2) {
            wide |= butterfly(z, pitch, halve(z, rounding), turn(z + pitch, w1),
                              turn(z + 2 * pitch, w23), turn(z + 3 * pitch, w23 + 2), shift);
        }
    }
    return wide;
}

/* see front_end.h */
uint32_t kws_fft(int16_t *z, uint32_t points, const int16_t *twiddles, bool *small)
{
    const bool odd = (points & 0x55555555u) == 0;
    uint32_t   shifts = odd ? 1 : 2;
    uint32_t   wide = odd ? first_of_two(z, points) : first_of_four(z, points);
    for (uint32_t quarter = odd ? points >> 3 : points >> 4; quarter != 0; quarter >>= 2) {
        const uint32_t shift = wide >> 14 == 0 ? 0 : 1;
        wide = level(z, points, quarter, shift, twiddles);
        shifts += 1 + shift;
    }
    *small = wide >> 14 == 0;
    return shifts;
}

#endif
