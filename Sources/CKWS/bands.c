/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"
#include "kws_fixed.h"

#define EMPTY (-32768) /* of a band without energy, before the clamp */

/* The bins of the spectrum in a band. */
typedef struct mel_band {
    uint32_t        first, bins;
    const uint16_t *weights; /* Q15 */
} mel_band;

/* One band's energy is energy * 2^exponent. */
typedef struct band_level {
    uint32_t energy;
    int32_t  exponent;
} band_level;

/* |re + i im|, with 15 significant bits of the larger part; < 2^32. */
static uint32_t magnitude(int32_t re, int32_t im)
{
    const uint32_t a = kws_abs(re), b = kws_abs(im);
    const int32_t  s = kws_bits(a | b) - 15;
    const uint32_t x = kws_shift(a, -s), y = kws_shift(b, -s); /* < 2^15 */
    return kws_shift(kws_isqrt(x * x + y * y), s);
}

/* Bins 0 .. bins-1 of the packed spectrum as magnitudes, in place: bin k is written behind all that
 * is still read, but for the last one, whose value shares pair 0. */
static void magnitudes(int32_t *z, uint32_t bins, uint32_t points)
{
    uint32_t      *out = (uint32_t *)z;
    const uint32_t last = magnitude(z[1], 0);
    out[0] = magnitude(z[0], 0);
    for (uint32_t k = 1; k < bins && k < points; k++) {
        out[k] = magnitude(z[2 * k], z[2 * k + 1]);
    }
    if (bins > points) {
        out[points] = last;
    }
}

static band_level magnitude_level(const mel_band *band, const int32_t *spectrum)
{
    const uint32_t *a = (const uint32_t *)spectrum + band->first;
    uint32_t        all = 0, energy = 0;
    for (uint32_t k = 0; k < band->bins; k++) {
        all |= a[k];
    }
    const int32_t s = kws_bits(all) - 16;
    for (uint32_t k = 0; k < band->bins; k++) {
        /* < 2^16 * 2^15 >> 8 = 2^23; 511 of them < 2^32 */
        energy += (kws_shift(a[k], -s) * band->weights[k]) >> 8;
    }
    return (band_level){energy, s};
}

/* Both parts of bin k of the packed spectrum, absolute. */
static uint32_t part(const int32_t *z, uint32_t points, uint32_t k, uint32_t imaginary)
{
    if (k == 0 || k == points) {
        return imaginary != 0 ? 0 : kws_abs(z[k == 0 ? 0 : 1]);
    }
    return kws_abs(z[2 * k + imaginary]);
}

static band_level power_level(const mel_band *band, const int32_t *z, uint32_t points)
{
    const uint32_t end = band->first + band->bins;
    uint32_t       all = 0, energy = 0;
    for (uint32_t k = band->first; k < end; k++) {
        all |= part(z, points, k, 0) | part(z, points, k, 1);
    }
    const int32_t   s = kws_bits(all) - 15;
    const uint16_t *weight = band->weights;
    for (uint32_t k = band->first; k < end; k++) {
        const uint32_t re = kws_shift(part(z, points, k, 0), -s); /* < 2^15 */
        const uint32_t im = kws_shift(part(z, points, k, 1), -s);
        /* < 2^16 * 2^15 >> 8 = 2^23; 511 of them < 2^32 */
        energy += (((re * re + im * im) >> 15) * *weight++) >> 8;
    }
    return (band_level){energy, 2 * s};
}

/* Step 5 before the clamp to int16. */
static int32_t logarithm(band_level level, int32_t offset)
{
    if (level.energy == 0) {
        return EMPTY;
    }
    return kws_log2_q10(level.energy) + 1024 * level.exponent + offset;
}

/* see front_end.h */
void kws_bands(const kws_frame *frame, int32_t least)
{
    const kws_front_end *front_end = frame->front_end;
    const uint16_t      *table = kws_part(frame->block, front_end->bands_offset);
    const uint32_t       points = front_end->fft_points >> 1;
    const bool           power = front_end->spectrum == KWS_SPECTRUM_POWER;
    mel_band             band = {0, 0, kws_part(frame->block, front_end->band_weights_offset)};
    if (!power) {
        uint32_t bins = 0;
        for (uint32_t j = 0; j < front_end->band_count; j++) {
            const uint32_t end = (uint32_t)table[2 * j] + table[2 * j + 1];
            bins = end > bins ? end : bins;
        }
        magnitudes(frame->spectrum, bins, points);
    }
    for (uint32_t j = 0; j < front_end->band_count; j++) {
        band.first = table[2 * j];
        band.bins = table[2 * j + 1];
        const int32_t value = logarithm(power ? power_level(&band, frame->spectrum, points)
                                              : magnitude_level(&band, frame->spectrum),
                                        front_end->log_offset);
        frame->bands[j] = kws_sat16(value > least ? value : least);
        band.weights += band.bins;
    }
}
