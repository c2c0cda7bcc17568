/* SPDX-License-Identifier: Apache-2.0
 *
 * SPEC.md, section 5.
 */
#include "support.h"

#include <math.h>

#include "oracle.h"

/* u * 2^s, rounded down. */
static int64_t scaled(int64_t u, int64_t s)
{
    return s >= 0 ? u * ((int64_t)1 << s) : oracle_floor(u, (int64_t)1 << -s);
}

typedef struct point {
    int64_t re, im;
} point;

static point plus(point a, point b)
{
    return (point){a.re + b.re, a.im + b.im};
}

static point minus(point a, point b)
{
    return (point){a.re - b.re, a.im - b.im};
}

static point half(point a)
{
    return (point){oracle_floor(a.re, 2), oracle_floor(a.im, 2)};
}

/* -i a */
static point turned(point a)
{
    return (point){a.im, -a.re};
}

static point times(point a, const int16_t *w)
{
    return (point){oracle_mulq(a.re, w[0]) - oracle_mulq(a.im, w[1]),
                   oracle_mulq(a.re, w[1]) + oracle_mulq(a.im, w[0])};
}

/* F_m of z[0], z[stride], ...; twiddles are those of F_whole. */
static void transform(const point *z, int64_t stride, int64_t m, int64_t whole,
                      const int16_t *twiddles, point *out)
{
    if (m == 1) {
        out[0] = z[0];
    } else if (m == 2) {
        out[0] = plus(z[0], z[stride]);
        out[1] = minus(z[0], z[stride]);
    } else {
        const int64_t q = m / 4;
        point        *parts = malloc((size_t)m * sizeof(point));
        for (int64_t j = 0; j < 4; j++) {
            transform(z + j * stride, 4 * stride, q, whole, twiddles, parts + j * q);
        }
        for (int64_t k = 0; k < q; k++) {
            point v[4];
            for (int64_t j = 0; j < 4; j++) {
                const point part = parts[j * q + k];
                v[j] = j == 0 || k == 0 ? half(part)
                                        : times(part, twiddles + 2 * (j * k * (whole / m)));
            }
            const point even = plus(v[0], v[2]), odd = minus(v[0], v[2]);
            const point sum = plus(v[1], v[3]), difference = turned(minus(v[1], v[3]));
            out[k] = plus(even, sum);
            out[k + q] = plus(odd, difference);
            out[k + 2 * q] = minus(even, sum);
            out[k + 3 * q] = minus(odd, difference);
        }
        free(parts);
    }
}

void oracle_spectrum(const kws_front_end *f, const uint8_t *block, const int16_t *pcm,
                     int64_t start, int64_t *spectrum)
{
    const int16_t *window = (const int16_t *)(block + f->window_offset);
    const int16_t *twiddles = (const int16_t *)(block + f->twiddles_offset);
    const int64_t  m = f->fft_points / 2;
    const int16_t *split = twiddles + 2 * (3 * m / 4);
    point         *s = calloc((size_t)m, sizeof(point)), *z = calloc((size_t)m, sizeof(point));
    for (int64_t n = 0; n < f->frame_samples; n++) {
        const int64_t before = start + n > 0 ? pcm[start + n - 1] : 0;
        const int64_t e = 32768 * (int64_t)pcm[start + n] - f->preemphasis * before;
        const int64_t v = oracle_floor(oracle_mulq(e, window[n]), (int64_t)1 << f->input_shift);
        *(n % 2 == 0 ? &s[n / 2].re : &s[n / 2].im) = v;
    }
    transform(s, 1, m, m, twiddles, z);
    point *x = (point *)spectrum;
    for (int64_t k = 1; k < m / 2; k++) {
        const point   a = half(z[k]), b = half(z[m - k]);
        const point   p = {a.re + b.re, a.im - b.im}, q = {a.re - b.re, a.im + b.im};
        const int64_t u = split[2 * k], v = split[2 * k + 1];
        const point   t = {oracle_mulq(q.im, u) + oracle_mulq(q.re, v),
                           oracle_mulq(q.im, v) - oracle_mulq(q.re, u)};
        x[k] = plus(half(p), t);
        x[m - k] = (point){half(p).re - t.re, t.im - half(p).im};
    }
    x[0] = (point){half(z[0]).re + half(z[0]).im, 0};
    x[m] = (point){half(z[0]).re - half(z[0]).im, 0};
    x[m / 2] = (point){half(z[m / 2]).re, -half(z[m / 2]).im};
    free(s);
    free(z);
}

static int64_t magnitude(point x)
{
    const int64_t a = llabs(x.re), b = llabs(x.im);
    if ((a | b) == 0) {
        return 0;
    }
    const int64_t s = oracle_bits((uint64_t)(a | b)) - 15;
    const int64_t re = scaled(a, -s), im = scaled(b, -s);
    return scaled(oracle_isqrt((uint64_t)(re * re + im * im)), s);
}

/* l of one band before the clamp, or -32768. */
static int64_t band_value(const kws_front_end *f, const point *x, int64_t bins,
                          const uint16_t *weights)
{
    const bool power = f->spectrum == KWS_SPECTRUM_POWER;
    int64_t    all = 0, energy = 0;
    for (int64_t k = 0; k < bins; k++) {
        all |= power ? llabs(x[k].re) | llabs(x[k].im) : magnitude(x[k]);
    }
    const int64_t s = oracle_bits((uint64_t)all) - (power ? 15 : 16);
    for (int64_t k = 0; all != 0 && k < bins; k++) {
        int64_t v = scaled(magnitude(x[k]), -s);
        if (power) {
            const int64_t re = scaled(llabs(x[k].re), -s), im = scaled(llabs(x[k].im), -s);
            v = (re * re + im * im) / 32768;
        }
        energy += v * weights[k] / 256;
    }
    if (energy == 0) {
        return -32768;
    }
    return oracle_log2_q10((uint64_t)energy) + 1024 * (power ? 2 * s : s) + f->log_offset;
}

void oracle_log_mel(const kws_front_end *f, const uint8_t *block, const int16_t *pcm, int64_t start,
                    int64_t least, int64_t *row)
{
    const uint16_t *bands = (const uint16_t *)(block + f->bands_offset);
    const uint16_t *weights = (const uint16_t *)(block + f->band_weights_offset);
    point          *x = calloc((size_t)f->fft_points / 2 + 1, sizeof(point));
    oracle_spectrum(f, block, pcm, start, (int64_t *)x);
    for (int64_t j = 0; j < f->band_count; j++) {
        row[j] =
            oracle_clamp(band_value(f, x + bands[2 * j], bands[2 * j + 1], weights), least, 32767);
        weights += bands[2 * j + 1];
    }
    free(x);
}

static int64_t log_add(int64_t a, int64_t b)
{
    const int64_t d = llabs(a - b), i = d / 256, f = d % 256;
    int64_t       gain = 0;
    if (d < 10240) {
        const int64_t low = llround(1024 * log2(1 + exp2(-(double)i / 4)));
        const int64_t high = llround(1024 * log2(1 + exp2(-(double)(i + 1) / 4)));
        gain = oracle_floor(low * 256 + (high - low) * f + 128, 256);
    }
    return (a > b ? a : b) + gain;
}

int64_t oracle_divided(const kws_front_end *f, int64_t l, int64_t largest)
{
    const int64_t lp = oracle_log2_q10((uint64_t)largest);
    const int64_t constant = oracle_clamp(lp + f->log_floor, -32768, 32767);
    return oracle_clamp(log_add(l, constant) - lp, -32768, 32767);
}

void oracle_features(const kws_front_end *f, const uint8_t *block, const int16_t *pcm, int64_t t,
                     uint8_t *features)
{
    const int16_t *m = (const int16_t *)(block + f->multipliers_offset);
    const int32_t *b = (const int32_t *)(block + f->biases_offset);
    const int16_t *dct = (const int16_t *)(block + f->dct_offset);
    const int64_t  lag = f->window_hops - f->frame_count;
    const bool     peak = f->features == KWS_FEATURES_MFCC_PEAK;
    int64_t        largest = 1, row[256];
    for (int64_t n = (t + 1 - f->window_hops) * f->hop_samples; n < (t + 1) * f->hop_samples; n++) {
        largest = pcm[n] > largest ? pcm[n] : largest;
    }
    for (int64_t i = 0; i < f->frame_count; i++) {
        const int64_t frame = t - lag - f->frame_count + 1 + i;
        oracle_log_mel(f, block, pcm, frame * f->hop_samples, peak ? -32768 : f->log_floor, row);
        for (int64_t j = 0; peak && j < f->band_count; j++) {
            row[j] = oracle_divided(f, row[j], largest);
        }
        for (int64_t k = 0; k < f->feature_count; k++) {
            int64_t acc = 0;
            for (int64_t j = 0; j < f->band_count; j++) {
                acc += f->features == KWS_FEATURES_LOGMEL ? (j == k) * row[j]
                                                          : row[j] * dct[k * f->band_count + j];
            }
            if (f->fine_plane == 0) {
                *features++ = oracle_requant(acc, m[k], b[k], f->shift, 8);
                continue;
            }
            const int64_t v = oracle_clamp(
                oracle_floor(oracle_mulq(acc, m[k]) + b[k], (int64_t)1 << f->shift), -32768, 32767);
            const int64_t coarse = oracle_clip(oracle_floor(v + 8, 16), 8);
            *features++ = (uint8_t)coarse;
            *features++ = (uint8_t)oracle_clip(v - 16 * coarse + 128, 8);
        }
    }
}
