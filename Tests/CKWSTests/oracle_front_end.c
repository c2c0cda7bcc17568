/* SPDX-License-Identifier: Apache-2.0
 *
 * SPEC.md, section 5.
 */
#include "support.h"

#include <math.h>

#include "oracle.h"

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

static point shifted(point a, int64_t divisor)
{
    return (point){oracle_floor(a.re, divisor), oracle_floor(a.im, divisor)};
}

static point raised(point a, int64_t n)
{
    return (point){a.re + n, a.im + n};
}

/* i a */
static point turned(point a)
{
    return (point){-a.im, a.re};
}

static point times(point a, const int16_t *w)
{
    const point product = {a.re * w[0] - a.im * w[1], a.re * w[1] + a.im * w[0]};
    return shifted(raised(product, 32768), 65536);
}

static bool all_small(const point *z, int64_t m)
{
    for (int64_t k = 0; k < m; k++) {
        if (z[k].re < -8192 || z[k].re > 8191 || z[k].im < -8192 || z[k].im > 8191) {
            return false;
        }
    }
    return true;
}

/* The four results of e, o, p, q. */
static void put_four(point *z, int64_t quarter, const point v[4], int64_t divisor)
{
    const point iq = turned(v[3]);
    z[0] = shifted(plus(v[0], v[2]), divisor);
    z[quarter] = shifted(minus(v[0], v[2]), divisor);
    z[2 * quarter] = shifted(minus(v[1], iq), divisor);
    z[3 * quarter] = shifted(plus(v[1], iq), divisor);
}

/* One group of a level: the first one if t = 0. */
static void group_of_four(point *z, int64_t size, int64_t g, int64_t m, int64_t t,
                          const int16_t *twiddles)
{
    const int64_t quarter = size / 4;
    for (int64_t k = 0; k < quarter; k++, z++) {
        point a = z[0], b = z[quarter], c = z[2 * quarter], d = z[3 * quarter];
        if (t == 0) {
            a = raised(a, 2);
            const point v[4] = {shifted(plus(a, c), 2), shifted(minus(a, c), 2),
                                shifted(plus(b, d), 2), shifted(minus(b, d), 2)};
            put_four(z, quarter, v, 2);
            continue;
        }
        a = shifted(raised(a, 2 * t - 1), 2);
        b = g == 0 ? shifted(raised(b, 1), 2) : times(b, twiddles + 2 * g);
        c = g == 0 ? shifted(raised(c, 1), 2) : times(c, twiddles + m + 4 * g);
        d = g == 0 ? shifted(raised(d, 1), 2) : times(d, twiddles + m + 4 * g + 2);
        const point v[4] = {plus(a, c), minus(a, c), plus(b, d), minus(b, d)};
        put_four(z, quarter, v, t);
    }
}

/* Returns the number of halvings. */
static int64_t transform(point *z, int64_t m, const int16_t *twiddles)
{
    int64_t groups = 1, halvings = 0;
    if (oracle_bits((uint64_t)m) % 2 == 0) {
        for (int64_t k = 0; k < m / 2; k++) {
            const point a = raised(z[k], 1), b = z[k + m / 2];
            z[k] = shifted(plus(a, b), 2);
            z[k + m / 2] = shifted(minus(a, b), 2);
        }
        groups = 2;
        halvings = 1;
    }
    for (; groups < m; groups *= 4) {
        const int64_t t = groups == 1 ? 0 : all_small(z, m) ? 1 : 2;
        for (int64_t g = 0; g < groups; g++) {
            group_of_four(z + g * (m / groups), m / groups, g, m, t, twiddles);
        }
        halvings += t == 0 ? 2 : t;
    }
    return halvings;
}

static int64_t reversed(int64_t k, int64_t m)
{
    int64_t place = 0;
    for (int64_t bit = 1; bit < m; bit *= 2) {
        place = 2 * place + (k / bit) % 2;
    }
    return place;
}

/* v[0 .. N-1]; returns r, or -1 for silence. */
static int64_t windowed(const kws_front_end *f, const uint8_t *block, const int16_t *pcm,
                        int64_t start, int64_t *s)
{
    const int16_t *window = (const int16_t *)(block + f->window_offset);
    const int64_t  points = f->fft_points;
    int64_t       *v = calloc((size_t)points, sizeof *v);
    uint64_t       all = 0;
    for (int64_t n = 0; n < f->frame_samples; n++) {
        const int64_t before = start + n > 0 ? pcm[start + n - 1] : 0;
        const int64_t emphasis = oracle_floor(f->preemphasis * before + 8192, 16384);
        v[n] = (2 * (int64_t)pcm[start + n] - emphasis) * window[n];
    }
    for (int64_t n = 0; n < points; n++) {
        const int64_t before = v[(n + points - 1) % points];
        const int64_t kept =
            f->whitening == 0 ? 0 : before - oracle_floor(before, (int64_t)1 << f->whitening);
        s[n] = v[n] - kept;
        all |= (uint64_t)(s[n] < 0 ? -s[n] - 1 : s[n]);
    }
    free(v);
    const int64_t bits = oracle_bits(all);
    const int64_t r = bits > 14 ? bits - 14 : 0;
    for (int64_t n = 0; n < points; n++) {
        s[n] = oracle_floor(s[n], (int64_t)1 << r);
    }
    return all == 0 ? -1 : r;
}

int64_t oracle_spectrum(const kws_front_end *f, const uint8_t *block, const int16_t *pcm,
                        int64_t start, int64_t *spectrum)
{
    const int16_t *twiddles = (const int16_t *)(block + f->twiddles_offset);
    const int64_t  m = f->fft_points / 2;
    point         *z = calloc((size_t)m, sizeof(point)), *x = (point *)spectrum;
    int64_t        e = windowed(f, block, pcm, start, (int64_t *)z);
    if (e >= 0) {
        e += transform(z, m, twiddles);
    }
    const int64_t t = all_small(z, m) ? 0 : 1, divisor = t + 1;
    x[0] = (point){oracle_floor(z[0].re + z[0].im, divisor), 0};
    x[m] = (point){oracle_floor(z[0].re - z[0].im, divisor), 0};
    x[m / 2] = (point){oracle_floor(z[1].re, divisor), -oracle_floor(z[1].im, divisor)};
    for (int64_t k = 1; k < m / 2; k++) {
        const int64_t place = reversed(k, m);
        const point   a = z[place], b = z[reversed(m - k, m)], conjugate = {b.re, -b.im};
        const point   p = shifted(plus(a, conjugate), divisor);
        const point   q = shifted(minus(a, conjugate), divisor);
        const point   even = shifted(raised(p, 1), 2), odd = turned(times(q, twiddles + place));
        x[k] = minus(even, odd);
        x[m - k] = (point){even.re + odd.re, -(even.im + odd.im)};
    }
    free(z);
    return e < 0 ? e : e + t;
}

/* About 31/16 sqrt(u), from the definition of the table. */
int64_t oracle_root(int64_t u)
{
    const int64_t odd = u | 1, m = (32 - oracle_bits((uint64_t)odd)) / 2;
    const int64_t byte = (odd << 2 * m) >> 24;
    return llround(3968 * sqrt((double)byte + 0.5)) >> (m - 1);
}

/* l of one band before the clamp, or -32768. */
static int64_t band_value(const kws_front_end *f, const point *x, int64_t e, int64_t bins,
                          const uint16_t *weights)
{
    const bool power = f->spectrum == KWS_SPECTRUM_POWER;
    int64_t    energy = power ? (bins + 1) / 2 : 16384;
    for (int64_t k = 0; k < bins; k++) {
        const int64_t u = x[k].re * x[k].re + x[k].im * x[k].im;
        energy += power ? oracle_mulq(4 * u, weights[k]) : oracle_root(u) * weights[k];
    }
    if (bins == 0 || e < 0) {
        return -32768;
    }
    return oracle_log2_q10((uint64_t)energy) + 1024 * (power ? 2 * e : e) + f->log_offset;
}

void oracle_log_mel(const kws_front_end *f, const uint8_t *block, const int16_t *pcm, int64_t start,
                    int64_t least, int64_t *row)
{
    const uint16_t *bands = (const uint16_t *)(block + f->bands_offset);
    const uint16_t *weights = (const uint16_t *)(block + f->band_weights_offset);
    point          *x = calloc((size_t)f->fft_points / 2 + 1, sizeof(point));
    const int64_t   e = oracle_spectrum(f, block, pcm, start, (int64_t *)x);
    for (int64_t j = 0; j < f->band_count; j++, bands += 3) {
        const int64_t value = band_value(f, x + bands[0], e, bands[1], weights);
        const bool    empty = bands[1] == 0 || e < 0;
        row[j] = oracle_clamp(value + (empty ? 0 : (int16_t)bands[2]), least, 32767);
        weights += bands[1];
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

/* A band's running mean of energies, m 2^(octave - 23); m = 0 before the first. */
typedef struct mean {
    int64_t m, octave;
} mean;

static int64_t aligned(mean v, int64_t octave)
{
    return octave - v.octave > 40 ? 0 : oracle_floor(v.m, (int64_t)1 << (octave - v.octave));
}

/* The mean after one more energy, 0 if there is no sound. */
static mean next_mean(mean before, mean energy, int64_t s)
{
    if (before.m == 0) {
        return energy;
    }
    mean next = {0, energy.m != 0 && energy.octave > before.octave ? energy.octave : before.octave};
    const int64_t from = aligned(before, next.octave);
    const int64_t to = energy.m == 0 ? 0 : aligned(energy, next.octave);
    next.m = from + oracle_floor((to - from) * s, 32768);
    for (; next.m < 1 << 23; next.octave--) {
        next.m *= 2;
    }
    return next.octave < -32 ? (mean){1 << 23, -32} : next;
}

/* What PCEN requantises of band j of a frame, from all frames up to it. */
static int64_t normalised(const kws_pcen *p, mean *state, int64_t l, int64_t floor)
{
    const int64_t octave = oracle_floor(l, 1024);
    mean          energy = {512 * oracle_exp2(1024 - (l - 1024 * octave), 0), octave};
    int64_t       sum = p->bias;
    if (l <= floor) {
        energy.m = 0;
    }
    *state = next_mean(*state, energy, p->smoothing);
    if (l > floor) {
        const int64_t log_mean = oracle_log2_q10((uint64_t)state->m) + 1024 * (state->octave - 23);
        const int64_t divisor = oracle_clamp(log_add(log_mean, p->epsilon), -32768, 32767);
        const int64_t ratio = l - oracle_floor(p->gain * divisor + 16384, 32768) + p->offset;
        sum = oracle_clamp(log_add(ratio, p->bias), -32768, 32767);
    }
    const int64_t below = p->top - oracle_floor(p->root * sum + 16384, 32768);
    return 256 * oracle_exp2(below > 0 ? below : 0, 0);
}

/* What is requantised of the frames up to the last one: [frame_count][feature_count]. */
static void accumulators(const kws_front_end *f, const uint8_t *block, const int16_t *pcm,
                         int64_t last, int64_t largest, int64_t *acc)
{
    const int16_t *dct = (const int16_t *)(block + f->own_offset);
    const bool     peak = f->features == KWS_FEATURES_MFCC_PEAK;
    const bool     sum = f->features == KWS_FEATURES_LOGSUM;
    const bool     pcen = f->features == KWS_FEATURES_PCEN;
    const bool     waveform = f->features == KWS_FEATURES_WAVEFORM;
    const int64_t  first = last - f->frame_count + 1;
    const int64_t  least = peak || sum ? -32768 : f->log_floor;
    int64_t        row[256];
    mean           means[256] = {{0, 0}};
    for (int64_t frame = pcen ? 0 : first; frame <= last; frame++) {
        if (waveform) {
            for (int64_t n = 0; n < f->frame_samples; n++) {
                row[n] = 256 * pcm[frame * f->hop_samples + n];
            }
        } else {
            oracle_log_mel(f, block, pcm, frame * f->hop_samples, least, row);
        }
        for (int64_t j = 0; j < f->band_count; j++) {
            if (peak) {
                row[j] = oracle_divided(f, row[j], largest);
            } else if (pcen) {
                row[j] = normalised((const kws_pcen *)dct, &means[j], row[j], f->log_floor);
            } else if (sum) {
                row[j] = row[j] == -32768
                             ? f->log_floor
                             : oracle_clamp(log_add(row[j], f->log_floor), -32768, 32767);
            }
        }
        for (int64_t k = 0; frame >= first && k < f->feature_count; k++, acc++) {
            const bool mfcc = peak || f->features == KWS_FEATURES_MFCC;
            *acc = mfcc ? 0 : row[k];
            for (int64_t j = 0; mfcc && j < f->band_count; j++) {
                *acc += row[j] * dct[k * f->band_count + j];
            }
        }
    }
}

void oracle_features(const kws_front_end *f, const uint8_t *block, const int16_t *pcm, int64_t t,
                     uint8_t *features)
{
    const int16_t *m = (const int16_t *)(block + f->multipliers_offset);
    const int32_t *b = (const int32_t *)(block + f->biases_offset);
    const int64_t  count = (int64_t)f->frame_count * f->feature_count;
    int64_t        largest = 1, *acc = malloc((size_t)count * sizeof *acc);
    for (int64_t n = (t + 1 - f->window_hops) * f->hop_samples; n < (t + 1) * f->hop_samples; n++) {
        largest = pcm[n] > largest ? pcm[n] : largest;
    }
    accumulators(f, block, pcm, t - (f->window_hops - f->frame_count), largest, acc);
    for (int64_t i = 0; i < count; i++) {
        const int64_t k = i % f->feature_count;
        if (f->fine_plane == 0) {
            *features++ = oracle_requant(acc[i], m[k], b[k], f->shift, 8);
            continue;
        }
        const int64_t v = oracle_clamp(
            oracle_floor(oracle_mulq(acc[i], m[k]) + b[k], (int64_t)1 << f->shift), -32768, 32767);
        const int64_t coarse = oracle_clip(oracle_floor(v + 8, 16), 8);
        *features++ = (uint8_t)coarse;
        *features++ = (uint8_t)oracle_clip(v - 16 * coarse + 128, 8);
    }
    free(acc);
}
