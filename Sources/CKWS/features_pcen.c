/* SPDX-License-Identifier: Apache-2.0
 *
 * Per-channel energy normalisation (Wang et al. 2017): each band is divided by a power of its own
 * running mean. The mean is a number of 24 bits and an exponent, so it is as exact in a whisper as
 * in a shout; SPEC.md, section 5, has the bounds.
 */
#include "front_end.h"
#include "kws_fixed.h"
#include "log_sums.h"

#define ONE 32768u /* Q15 */
#define LEADING_BIT 23
#define LEAST_OCTAVE (-32)
#define OFFSET_MAX (1 << 20)

/* m 2^(octave - 23), 2^23 <= m < 2^24; or 0, if m is. */
typedef struct number {
    int32_t m, octave;
} number;

/* A word with bit 23 set; 0 is the start of a stream. */
static uint32_t packed(number v)
{
    return ((uint32_t)(v.octave - LEAST_OCTAVE) << (LEADING_BIT + 1)) | (uint32_t)v.m;
}

static number unpacked(uint32_t word)
{
    return (number){(int32_t)(word & ((2u << LEADING_BIT) - 1)),
                    (int32_t)(word >> (LEADING_BIT + 1)) + LEAST_OCTAVE};
}

/* 2^(l / 1024). */
static number energy_of(int32_t l)
{
    return (number){(int32_t)(kws_exp2(1024u - ((uint32_t)l & 1023u), 0) << (LEADING_BIT - 14)),
                    l >> 10};
}

/* m of v where octaves count to octave, which is not lower. */
static int32_t aligned(number v, int32_t octave)
{
    const int32_t shift = octave - v.octave;
    return shift > LEADING_BIT ? 0 : v.m >> shift;
}

/* mean + s (energy - mean). The result lies between both, as they are aligned, and is not 0. */
static number smoothed(number mean, number energy, int32_t s)
{
    const int32_t octave = mean.octave > energy.octave ? mean.octave : energy.octave;
    const int32_t from = aligned(mean, octave), to = aligned(energy, octave);
    const int32_t v = kws_add(from, kws_mulq(2 * (to - from), s)); /* 0 < v < 2^24 */
    const int32_t shift = LEADING_BIT + 1 - kws_bits((uint32_t)v);
    if (octave - shift < LEAST_OCTAVE) {
        return (number){1 << LEADING_BIT, LEAST_OCTAVE};
    }
    return (number){v << shift, octave - shift};
}

/* The mean after a frame whose band is l; where nothing has been heard before, it is the band. */
static uint32_t next_mean(uint32_t mean, int32_t l, bool heard, int32_t s)
{
    if (mean == 0) {
        return heard ? packed(energy_of(l)) : 0;
    }
    const number before = unpacked(mean);
    const number energy = heard ? energy_of(l) : (number){0, before.octave};
    return packed(smoothed(before, energy, s));
}

/* log2(E / (eps + M)^alpha + delta) in Q10, E > 0. */
static int32_t normalised(const kws_pcen *p, int32_t l, number mean)
{
    const int32_t log_mean = kws_log2_q10((uint32_t)mean.m) + (mean.octave - LEADING_BIT) * 1024;
    const int32_t divisor = kws_sat16(kws_log_add(log_mean, p->epsilon));
    const int32_t ratio = l - (kws_mac(1 << 14, p->gain, divisor) >> 15) + p->offset;
    return kws_sat16(kws_log_add(ratio, p->bias));
}

static bool fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes)
{
    const kws_pcen *p =
        kws_front_end_table(block, block_bytes, front_end->own_offset, 1, sizeof *p);
    return p != NULL && p->smoothing >= 1 && p->smoothing < ONE && p->gain <= ONE && p->root >= 1 &&
           p->root <= ONE && p->offset >= -OFFSET_MAX && p->offset <= OFFSET_MAX &&
           front_end->feature_count == front_end->band_count &&
           front_end->log_floor == kws_sat16(front_end->log_floor) &&
           kws_front_end_fits(front_end, block, block_bytes);
}

static uint32_t means_bytes(const kws_front_end *front_end)
{
    return 4u * front_end->band_count;
}

static void frame_row(const kws_frame *frame, void *row)
{
    const kws_front_end *front_end = frame->front_end;
    const kws_pcen      *p = kws_part(frame->block, front_end->own_offset);
    uint32_t            *mean = frame->state;
    uint8_t             *features = row;
    kws_logmel(frame, front_end->log_floor);
    for (uint32_t j = 0; j < front_end->band_count; j++, mean++) {
        const int32_t l = frame->bands[j];
        const bool    heard = l > front_end->log_floor;
        *mean = next_mean(*mean, l, heard, p->smoothing);
        const int32_t sum = heard ? normalised(p, l, unpacked(*mean)) : p->bias;
        const int32_t below = p->top - (kws_mac(1 << 14, p->root, sum) >> 15);
        const int32_t root = (int32_t)kws_exp2(below > 0 ? (uint32_t)below : 0, 0);
        features = kws_feature(frame, j, root << 8, features);
    }
}

static const struct kws_features features = {.fits = fits,
                                             .row_bytes = kws_features_bytes,
                                             .state_bytes = means_bytes,
                                             .frame = frame_row,
                                             .finish = kws_finished};

/* see front_end.h */
const kws_kernel kws_features_pcen = {
    .id = KWS_FEATURES_PCEN, .pack = KWS_PACK_ANY, .features = &features};
