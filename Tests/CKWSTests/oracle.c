/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <math.h>

#include "oracle.h"

int64_t oracle_floor(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int64_t oracle_mulq(int64_t a, int64_t m)
{
    return oracle_floor(a * m, 65536);
}

int64_t oracle_clamp(int64_t v, int64_t least, int64_t most)
{
    return v < least ? least : v > most ? most : v;
}

int8_t oracle_requant(int64_t acc, int64_t m, int64_t b, unsigned n)
{
    return (int8_t)oracle_clamp(oracle_floor(oracle_mulq(acc, m) + b, (int64_t)1 << n), -128, 127);
}

int64_t oracle_bits(uint64_t u)
{
    int64_t bits = 0;
    while (u != 0) {
        bits++;
        u /= 2;
    }
    return bits;
}

int64_t oracle_isqrt(uint64_t u)
{
    int64_t root = (int64_t)sqrt((double)u);
    while ((uint64_t)(root * root) > u) {
        root--;
    }
    while ((uint64_t)((root + 1) * (root + 1)) <= u) {
        root++;
    }
    return root;
}

/* u * 2^s, rounded down. */
static int64_t scaled(int64_t u, int64_t s)
{
    return s >= 0 ? u * ((int64_t)1 << s) : oracle_floor(u, (int64_t)1 << -s);
}

int64_t oracle_log2_q10(uint64_t u)
{
    const int64_t p = oracle_bits(u) - 1;
    const int64_t h = scaled((int64_t)u, 15 - p) - 32768;
    const int64_t i = h / 1024, f = h % 1024;
    const int64_t low = llround(32768 * log2(1 + (double)i / 32));
    const int64_t high = llround(32768 * log2(1 + (double)(i + 1) / 32));
    return 1024 * p + (low + (high - low) * f / 1024 + 16) / 32;
}

/* -- Layers ------------------------------------------------------------------------------- */

typedef struct image {
    const kws_tensor *t;
    const int8_t     *x;
} image;

/* Element (r, q, c); outside the zero point, and *inside false. */
static int64_t at(image in, int64_t r, int64_t q, int64_t c, bool *inside)
{
    *inside = r >= 0 && r < in.t->height && q >= 0 && q < in.t->width;
    return *inside ? in.x[(r * in.t->width + q) * in.t->channels + c] : in.t->zero_point;
}

/* The sum (or the maximum) over a window for output (r, q, o). */
static int64_t slide(const uint8_t *block, const kws_layer *l, image in, int64_t out_channels,
                     int64_t r, int64_t q, int64_t o)
{
    const int8_t *w = (const int8_t *)block + l->weights_offset;
    int64_t       acc = l->kernel == KWS_KERNEL_MAXPOOL_S8 ? -128 : 0;
    for (int64_t i = 0; i < l->kernel_height; i++) {
        for (int64_t j = 0; j < l->kernel_width; j++) {
            const int64_t row = r * l->stride_height + i - l->pad_top;
            const int64_t column = q * l->stride_width + j - l->pad_left;
            const int64_t tap = i * l->kernel_width + j;
            bool          inside;
            switch (l->kernel) {
            case KWS_KERNEL_CONV_S8S8:
            case KWS_KERNEL_POINTWISE_S8S8:
                for (int64_t c = 0; c < in.t->channels; c++) {
                    const int64_t taps = l->kernel_height * l->kernel_width;
                    acc +=
                        at(in, row, column, c, &inside) * w[(o * taps + tap) * in.t->channels + c];
                }
                break;
            case KWS_KERNEL_DWCONV_S8S8:
                acc += at(in, row, column, o / (out_channels / in.t->channels), &inside) *
                       w[tap * out_channels + o];
                break;
            case KWS_KERNEL_AVGPOOL_S8:
                acc += at(in, row, column, o, &inside);
                break;
            default: {
                const int64_t x = at(in, row, column, o, &inside);
                acc = inside && x > acc ? x : acc;
            }
            }
        }
    }
    return acc;
}

static void softmax(const uint8_t *block, const kws_layer *l, const int8_t *x, int64_t count,
                    int8_t *y)
{
    const uint16_t *table = (const uint16_t *)(block + l->weights_offset);
    int64_t         largest = -128, sum = 0;
    for (int64_t i = 0; i < count; i++) {
        largest = x[i] > largest ? x[i] : largest;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < count; i++) {
            const int64_t d = largest - x[i];
            const int64_t e = d < l->weights_bytes / 2 ? table[d] : 0;
            if (pass == 0) {
                sum += e;
            } else {
                y[i] = (int8_t)(oracle_clamp((256 * e + sum / 2) / sum, 0, 255) - 128);
            }
        }
    }
}

void oracle_layer(const uint8_t *block, const kws_layer *layer, const kws_tensor *in,
                  const kws_tensor *out, const int8_t *x, const int8_t *x2, int8_t *y)
{
    const int16_t *m = (const int16_t *)(block + layer->multipliers_offset);
    const int32_t *b = (const int32_t *)(block + layer->biases_offset);
    const int8_t  *w = (const int8_t *)block + layer->weights_offset;
    const int64_t  in_count = (int64_t)in->height * in->width * in->channels;
    const int64_t  power = (int64_t)1 << layer->shift;
    const int64_t  extents[3] = {in->height, in->width, in->channels};
    const int64_t  p[3] = {layer->kernel_height, layer->kernel_width, layer->stride_height};
    if (layer->kernel == KWS_KERNEL_SOFTMAX_S8) {
        softmax(block, layer, x, in_count, y);
        return;
    }
    if (layer->kernel == KWS_KERNEL_PLACE_S8) {
        for (int64_t i = 0; i < in_count; i++) {
            const int64_t c = i % in->channels, q = i / in->channels % in->width;
            const int64_t r = i / in->channels / in->width;
            y[((r + layer->pad_top) * out->width + q + layer->pad_left) * out->channels + c +
              layer->kernel_width] =
                (int8_t)oracle_clamp(oracle_floor((int64_t)x[i] * m[0] + b[0], power), -128, 127);
        }
        return;
    }
    for (int64_t r = 0; r < out->height; r++) {
        for (int64_t q = 0; q < out->width; q++) {
            for (int64_t o = 0; o < out->channels; o++) {
                const int64_t i = (r * out->width + q) * out->channels + o;
                int64_t       acc = 0, index[3];
                switch (layer->kernel) {
                case KWS_KERNEL_DENSE_S8S8:
                    for (int64_t k = 0; k < in_count; k++) {
                        acc += (int64_t)x[k] * w[o * in_count + k];
                    }
                    y[i] = oracle_requant(acc, m[o], b[o], layer->shift);
                    break;
                case KWS_KERNEL_ADD_S8:
                    acc = (int64_t)x[i] * m[0] + (int64_t)x2[i] * m[1] + b[0];
                    y[i] = (int8_t)oracle_clamp(oracle_floor(acc, power), -128, 127);
                    break;
                case KWS_KERNEL_TRANSPOSE_S8:
                    index[p[0]] = r;
                    index[p[1]] = q;
                    index[p[2]] = o;
                    y[i] = x[(index[0] * extents[1] + index[1]) * extents[2] + index[2]];
                    break;
                case KWS_KERNEL_VIEW_S8:
                    y[i] = x[i];
                    break;
                default:
                    acc = slide(block, layer, (image){in, x}, out->channels, r, q, o);
                    y[i] = layer->kernel == KWS_KERNEL_MAXPOOL_S8 ? (int8_t)acc
                           : layer->kernel == KWS_KERNEL_AVGPOOL_S8
                               ? oracle_requant(acc, m[0], b[0], layer->shift)
                               : oracle_requant(acc, m[o], b[o], layer->shift);
                }
            }
        }
    }
}

/* -- Front end ------------------------------------------------------------------------------ */

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
                     int8_t *features)
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
                *features++ = oracle_requant(acc, m[k], b[k], f->shift);
                continue;
            }
            const int64_t v = oracle_clamp(
                oracle_floor(oracle_mulq(acc, m[k]) + b[k], (int64_t)1 << f->shift), -32768, 32767);
            const int64_t coarse = oracle_clamp(oracle_floor(v + 8, 16), -128, 127);
            *features++ = (int8_t)coarse;
            *features++ = (int8_t)oracle_clamp(v - 16 * coarse, -128, 127);
        }
    }
}
