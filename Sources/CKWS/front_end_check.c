/* SPDX-License-Identifier: Apache-2.0 */
#include "bounds.h"
#include "front_end.h"
#include "kws_fixed.h"

#define COUNT_MAX 256u          /* bands, features */
#define CAPACITY_MAX (1u << 20) /* samples */
#define LOG_MAX (1 << 24)
#define Q14_ONE 16384u
#define SQUARE_MAX ((1u << 30) + (1u << 17))
#define WEIGHTS_MAX 32767u
#define BIAS_LIMIT (1 << 30)

/* A block none of whose offsets is trusted. */
typedef struct region {
    const void *block;
    uint32_t    bytes;
} region;

/* see front_end.h */
const void *kws_front_end_table(const void *block, uint32_t block_bytes, uint32_t offset,
                                uint32_t count, uint32_t size)
{
    if ((offset & 3u) != 0 || offset < sizeof(kws_block_header) ||
        kws_plus(offset, kws_times(count, size)) > block_bytes) {
        return NULL;
    }
    return kws_part(block, offset);
}

static const void *table(const region *r, uint32_t offset, uint32_t count, uint32_t size)
{
    return kws_front_end_table(r->block, r->bytes, offset, count, size);
}

static bool timing_fits(const kws_front_end *f)
{
    /* overlap = L = ceil(frame / hop) - 1, so that L * hop < frame <= (L + 1) * hop */
    const uint32_t overlap = (uint32_t)f->window_hops - f->frame_count;
    const uint32_t kept = kws_times(f->hop_samples, overlap);
    const uint32_t span = kws_plus(kept, f->hop_samples);
    return f->hop_samples >= 1 && f->frame_samples >= 1 && f->sample_rate >= 1 &&
           f->frame_count >= 1 && f->frame_count <= f->window_hops && kept < f->frame_samples &&
           f->frame_samples <= span && span < f->pcm_capacity && f->pcm_capacity <= CAPACITY_MAX;
}

static bool spectrum_fits(const kws_front_end *f)
{
    const uint32_t n = f->fft_points;
    return n >= 64 && n <= 4096 && (n & (n - 1)) == 0 && f->frame_samples <= n &&
           f->spectrum <= KWS_SPECTRUM_POWER && f->preemphasis >= 0 && f->whitening <= 15 &&
           (f->whitening == 0 || f->preemphasis == 0);
}

static bool window_fits(const kws_front_end *f, const region *r)
{
    const int16_t *window = table(r, f->window_offset, f->frame_samples, 2);
    for (uint32_t n = 0; window != NULL && n < f->frame_samples; n++) {
        if (kws_abs(window[n]) > Q14_ONE) {
            return false;
        }
    }
    return window != NULL;
}

/* M twiddles of even parts, none of them longer than sqrt(2^30 + 2^17). */
static bool twiddles_fit(const kws_front_end *f, const region *r)
{
    const uint32_t count = (uint32_t)f->fft_points >> 1;
    const int16_t *w = table(r, f->twiddles_offset, count, 4);
    for (uint32_t i = 0; w != NULL && i < count; i++, w += 2) {
        if (((w[0] | w[1]) & 1) != 0 ||
            kws_abs(w[0]) * kws_abs(w[0]) + kws_abs(w[1]) * kws_abs(w[1]) > SQUARE_MAX) {
            return false;
        }
    }
    return w != NULL;
}

static bool bands_fit(const kws_front_end *f, const region *r)
{
    const uint16_t *bands = table(r, f->bands_offset, f->band_count, 6);
    uint32_t        count = 0;
    if (bands == NULL) {
        return false;
    }
    for (uint32_t j = 0; j < f->band_count; j++) {
        const uint32_t first = bands[3 * j], bins = bands[3 * j + 1];
        if (first + bins > (f->fft_points >> 1) + 1u) {
            return false;
        }
        count += bins;
    }
    const uint16_t *w = table(r, f->band_weights_offset, count, 2);
    for (uint32_t j = 0; w != NULL && j < f->band_count; j++) {
        uint32_t sum = 0;
        for (uint32_t k = 0; k < bands[3 * j + 1]; k++) {
            sum += *w++;
        }
        if (sum > WEIGHTS_MAX) {
            return false;
        }
    }
    return w != NULL;
}

static bool output_fits(const kws_front_end *f, const region *r)
{
    const int32_t *biases = table(r, f->biases_offset, f->feature_count, 4);
    if (f->shift > 30 || f->fine_plane > 1 || biases == NULL ||
        table(r, f->multipliers_offset, f->feature_count, 2) == NULL) {
        return false;
    }
    for (uint32_t k = 0; k < f->feature_count; k++) {
        if (biases[k] <= -BIAS_LIMIT || biases[k] >= BIAS_LIMIT) {
            return false;
        }
    }
    return true;
}

/* see front_end.h */
bool kws_rows_fit(const kws_front_end *f, const void *block, uint32_t block_bytes)
{
    const region r = {block, block_bytes};
    return f->feature_count >= 1 && f->feature_count <= COUNT_MAX && timing_fits(f) &&
           output_fits(f, &r);
}

/* see front_end.h */
bool kws_front_end_fits(const kws_front_end *f, const void *block, uint32_t block_bytes)
{
    const region r = {block, block_bytes};
    return f->band_count >= 1 && f->band_count <= COUNT_MAX && f->log_offset >= -LOG_MAX &&
           f->log_offset <= LOG_MAX && f->log_floor >= -LOG_MAX && f->log_floor <= LOG_MAX &&
           spectrum_fits(f) && window_fits(f, &r) && twiddles_fit(f, &r) && bands_fit(f, &r) &&
           kws_rows_fit(f, block, block_bytes);
}

/* see front_end.h */
bool kws_logmel_fits(const kws_front_end *f, const void *block, uint32_t block_bytes)
{
    return f->feature_count == f->band_count && f->own_offset == 0 &&
           f->log_floor == kws_sat16(f->log_floor) && kws_front_end_fits(f, block, block_bytes);
}
