/* SPDX-License-Identifier: Apache-2.0
 *
 * From the transform of the sample pairs, in bit-reversed order, to the levels of the real
 * spectrum's bins, in their order: magnitudes behind the transform, powers over the numbers that
 * they come from. Bins k and M - k come from the transform's numbers k and M - k.
 * Those lie mirrored in one block of the bit-reversed order, 2^j .. 2^(j+1) - 1: k < M/2 at an even
 * place, M - k at an odd one.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_PLAIN

#include "bit_reversed.h"
#include "kws_fixed.h"

typedef struct complex {
    int32_t re, im;
} complex;

/* The level of bin k, whose power goes to this place. */
static inline void put(uint16_t *magnitudes, uint32_t k, int16_t *place, int32_t re, int32_t im)
{
    const uint32_t square = (uint32_t)kws_mac(kws_mac(0, re, re), im, im); /* < 2^29 */
    if (magnitudes != NULL) {
        magnitudes[k] = (uint16_t)kws_root(square);
    } else {
        *(kws_power *)(void *)place = 4 * square;
    }
}

/* see front_end.h */
void kws_bins(const kws_frame *frame, bool small, bool all)
{
    const uint32_t points = frame->front_end->fft_points >> 1, top = points >> 2;
    const int16_t *w = kws_part(frame->block, frame->front_end->twiddles_offset);
    int16_t       *z = frame->spectrum, *end = z + frame->front_end->fft_points;
    const bool     power = frame->front_end->spectrum == KWS_SPECTRUM_POWER;
    uint16_t      *magnitudes = power ? NULL : (uint16_t *)(void *)end;
    const uint32_t half = small ? 0 : 1;
    const int32_t  re0 = z[0], im0 = z[1];
    uint32_t       k = 0;
    put(magnitudes, 0, z, (re0 + im0) >> half, 0);
    put(magnitudes, points, end, (re0 - im0) >> half, 0);
    put(magnitudes, points >> 1, z + 2, z[2] >> half, z[3] >> half);
    for (uint32_t block = 2; block < points; block <<= 1) {
        int16_t *low = z + 2 * block, *high = z + 4 * block - 2;
        for (const int16_t *last = high; low < last; low += 4, high -= 4) {
            w += 2;
            k = power ? 0 : kws_next_place(k, top);
            /* p = low + conj(high), q = low - conj(high) */
            const complex p = {(low[0] + high[0]) >> half, (low[1] - high[1]) >> half};
            const complex q = {(low[0] - high[0]) >> half, (low[1] + high[1]) >> half};
            const int32_t re = kws_mac(kws_mac(32768, q.re, w[0]), -q.im, w[1]) >> 16;
            const int32_t im = kws_mac(kws_mac(32768, q.re, w[1]), q.im, w[0]) >> 16;
            const complex e = {(p.re + 1) >> 1, (p.im + 1) >> 1};
            put(magnitudes, k, low, e.re + im, e.im - re);
            if (all) {
                put(magnitudes, points - k, high, e.re - im, e.im + re);
            }
        }
    }
    if (power) {
        kws_into_order((kws_power *)(void *)z, points);
    }
}

#endif
