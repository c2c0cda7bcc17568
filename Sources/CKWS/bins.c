/* SPDX-License-Identifier: Apache-2.0
 *
 * From the transform of the sample pairs, in bit-reversed order, to the levels of the real
 * spectrum's bins, in their order. Bins k and M - k come from the transform's numbers k and M - k.
 * Those lie mirrored in one block of the bit-reversed order, 2^j .. 2^(j+1) - 1: k < M/2 at an even
 * place, M - k at an odd one.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_PLAIN

#include "kws_fixed.h"

typedef struct complex {
    int32_t re, im;
} complex;

/* Where the levels go. */
typedef struct bins {
    uint16_t *magnitudes; /* NULL for powers */
    uint32_t *powers;
} bins;

static inline void put(const bins *out, uint32_t k, int32_t re, int32_t im)
{
    const uint32_t square = (uint32_t)kws_mac(kws_mac(0, re, re), im, im); /* < 2^29 */
    if (out->magnitudes != NULL) {
        out->magnitudes[k] = (uint16_t)kws_root(square);
    } else {
        out->powers[k] = 4 * square;
    }
}

/* The next number in bit-reversed order, of as many bits as top has. */
static inline uint32_t next_reversed(uint32_t k, uint32_t top)
{
    for (; (k & top) != 0; top >>= 1) {
        k ^= top;
    }
    return k | top;
}

/* see front_end.h */
void kws_bins(const kws_frame *frame, bool small, bool all)
{
    const uint32_t points = frame->front_end->fft_points >> 1, top = points >> 2;
    const int16_t *w = kws_part(frame->block, frame->front_end->twiddles_offset);
    const int16_t *z = frame->spectrum;
    void          *levels = frame->spectrum + frame->front_end->fft_points;
    const bool     power = frame->front_end->spectrum == KWS_SPECTRUM_POWER;
    const bins     out = {power ? NULL : levels, power ? levels : NULL};
    const uint32_t half = small ? 0 : 1;
    uint32_t       k = 0;
    put(&out, 0, (z[0] + z[1]) >> half, 0);
    put(&out, points, (z[0] - z[1]) >> half, 0);
    put(&out, points >> 1, z[2] >> half, z[3] >> half);
    for (uint32_t block = 2; block < points; block <<= 1) {
        const int16_t *low = z + 2 * block, *high = z + 4 * block - 2;
        for (const int16_t *end = high; low < end; low += 4, high -= 4) {
            w += 2;
            k = next_reversed(k, top);
            /* p = low + conj(high), q = low - conj(high) */
            const complex p = {(low[0] + high[0]) >> half, (low[1] - high[1]) >> half};
            const complex q = {(low[0] - high[0]) >> half, (low[1] + high[1]) >> half};
            const int32_t re = kws_mac(kws_mac(32768, q.re, w[0]), -q.im, w[1]) >> 16;
            const int32_t im = kws_mac(kws_mac(32768, q.re, w[1]), q.im, w[0]) >> 16;
            const complex e = {(p.re + 1) >> 1, (p.im + 1) >> 1};
            put(&out, k, e.re + im, e.im - re);
            if (all) {
                put(&out, points - k, e.re - im, e.im + re);
            }
        }
    }
}

#endif
