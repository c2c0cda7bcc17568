/* SPDX-License-Identifier: Apache-2.0
 *
 * Radix 4, decimation in time, in place. The samples come in digit-reversed, so the sub-transforms
 * of F_M in SPEC.md lie in the four quarters of its output, theirs in the quarters of a quarter,
 * and so on down to F_1 or F_2.
 */
#include "front_end.h"
#include "kws_fixed.h"

typedef struct complex {
    int32_t re, im;
} complex;

/* see front_end.h: adds 1 to the reversed number, most significant digit first */
uint32_t kws_fft_next(uint32_t position, uint32_t points)
{
    for (uint32_t span = points; span >= 4; span >>= 2) {
        const uint32_t quarter = span >> 2;
        position += quarter;
        if ((position & (span - 1)) >= quarter) {
            return position;
        }
        position -= span; /* the digit was 3: back to 0, carry */
        if (quarter == 2) {
            return position + 1 - ((position & 1u) << 1); /* the last digit has one bit */
        }
    }
    return position;
}

/* z * (u, v), halved. */
static complex turn(const int32_t *z, const int16_t *w)
{
    return (complex){kws_sub(kws_mulq(z[0], w[0]), kws_mulq(z[1], w[1])),
                     kws_add(kws_mulq(z[0], w[1]), kws_mulq(z[1], w[0]))};
}

static complex halve(const int32_t *z)
{
    return (complex){z[0] >> 1, z[1] >> 1};
}

/* The four outputs from a, b, c, d; z is where a stands, the others follow every pitch numbers. */
static void butterfly(int32_t *z, uint32_t pitch, complex a, complex b, complex c, complex d)
{
    const complex even = {kws_add(a.re, c.re), kws_add(a.im, c.im)};
    const complex odd = {kws_sub(a.re, c.re), kws_sub(a.im, c.im)};
    const complex sum = {kws_add(b.re, d.re), kws_add(b.im, d.im)};
    const complex difference = {kws_sub(b.re, d.re), kws_sub(b.im, d.im)};
    z[0] = kws_add(even.re, sum.re);
    z[1] = kws_add(even.im, sum.im);
    z += pitch; /* odd - i difference */
    z[0] = kws_add(odd.re, difference.im);
    z[1] = kws_sub(odd.im, difference.re);
    z += pitch;
    z[0] = kws_sub(even.re, sum.re);
    z[1] = kws_sub(even.im, sum.im);
    z += pitch; /* odd + i difference */
    z[0] = kws_sub(odd.re, difference.im);
    z[1] = kws_add(odd.im, difference.re);
}

/* F_2 on neighbours, without halving. */
static void pairs(int32_t *z, const int32_t *end)
{
    for (; z < end; z += 4) {
        const complex a = {z[0], z[1]}, b = {z[2], z[3]};
        z[0] = kws_add(a.re, b.re);
        z[1] = kws_add(a.im, b.im);
        z[2] = kws_sub(a.re, b.re);
        z[3] = kws_sub(a.im, b.im);
    }
}

/* One level: all sub-transforms of `quarter` points into those of 4 * quarter. stride: distance in
 * the table, in numbers, between the twiddles of two neighbours. */
static void level(int32_t *z, const int32_t *end, uint32_t quarter, const int16_t *twiddles,
                  uint32_t stride)
{
    const uint32_t pitch = 2 * quarter;
    for (; z < end; z += 4 * pitch) {
        int32_t *p = z;
        butterfly(p, pitch, halve(p), halve(p + pitch), halve(p + 2 * pitch), halve(p + 3 * pitch));
        for (uint32_t k = 1; k < quarter; k++) {
            p += 2;
            butterfly(p, pitch, halve(p), turn(p + pitch, twiddles + k * stride),
                      turn(p + 2 * pitch, twiddles + 2 * k * stride),
                      turn(p + 3 * pitch, twiddles + 3 * k * stride));
        }
    }
}

/* see front_end.h */
void kws_fft(int32_t *z, uint32_t points, const int16_t *twiddles)
{
    const int32_t *end = z + 2 * points;
    const bool     odd = (points & 0x55555555u) == 0; /* an odd power of two */
    uint32_t       stride = points >> 1;              /* 2 * points / span; span = 4 * quarter */
    uint32_t       quarter = 1;
    if (odd) {
        pairs(z, end);
        quarter = 2;
        stride >>= 1;
    }
    for (; quarter < points; quarter <<= 2, stride >>= 2) {
        level(z, end, quarter, twiddles, stride);
    }
}

/* see front_end.h */
void kws_split(int32_t *z, uint32_t points, const int16_t *twiddles)
{
    const int32_t first = z[0] >> 1, last = z[1] >> 1;
    int32_t      *low = z + 2, *high = z + 2 * points - 2;
    for (; low < high; low += 2, high -= 2) {
        twiddles += 2;
        const complex a = halve(low), b = halve(high);
        const complex p = {kws_add(a.re, b.re), kws_sub(a.im, b.im)}; /* a + conj(b) */
        const complex q = {kws_sub(a.re, b.re), kws_add(a.im, b.im)}; /* a - conj(b) */
        const int32_t re = kws_add(kws_mulq(q.im, twiddles[0]), kws_mulq(q.re, twiddles[1]));
        const int32_t im = kws_sub(kws_mulq(q.im, twiddles[1]), kws_mulq(q.re, twiddles[0]));
        low[0] = kws_add(p.re >> 1, re);
        low[1] = kws_add(p.im >> 1, im);
        high[0] = kws_sub(p.re >> 1, re);
        high[1] = kws_sub(im, p.im >> 1);
    }
    /* the middle, low == high */
    low[0] >>= 1;
    low[1] = -(low[1] >> 1);
    z[0] = kws_add(first, last);
    z[1] = kws_sub(first, last);
}
