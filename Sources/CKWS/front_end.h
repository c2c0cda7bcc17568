/* SPDX-License-Identifier: Apache-2.0
 *
 * front_end.h - the front end's contract. A front end computes one row a frame, which the engine
 * keeps, and turns a kept row into features when a decision is taken. Each kind is a kernel
 * object, so that the linker drops the front ends that no model names.
 */
#ifndef KWS_FRONT_END_H
#define KWS_FRONT_END_H

#include "inner.h"
#include "variant.h"

/* Which files of the front end are compiled: the numbers are the same with each, and tables have
 * one order for all. */
#define KWS_FRONT_END_PLAIN 0
#define KWS_FRONT_END_DSP 1
#define KWS_FRONT_END_MVE 2
#if KWS_VARIANT == KWS_PACK_MVE
#define KWS_FRONT_END KWS_FRONT_END_MVE
#elif KWS_VARIANT == KWS_PACK_DSP
#define KWS_FRONT_END KWS_FRONT_END_DSP
#else
#define KWS_FRONT_END KWS_FRONT_END_PLAIN
#endif

/* One frame, with every offset resolved. */
typedef struct kws_frame {
    const kws_front_end *front_end;
    const void          *block;
    const int16_t       *ring;     /* PCM, front_end->pcm_capacity samples */
    uint32_t             first;    /* place in the ring of the frame's first sample */
    int32_t              previous; /* the sample before it; 0 at the start of the stream */
    int16_t             *spectrum; /* scratch: the transform and its levels */
    uint32_t             room;     /* bytes there, at least kws_front_end_work(), whole words */
    int16_t             *bands;    /* band_count numbers of scratch */
    void                *state;    /* what the front end keeps from frame to frame; 0 at reset */
} kws_frame;

struct kws_features {
    bool keeps_peaks; /* finish() wants the window's largest sample */
    /* Can the front end with these parameters and tables, none of them trusted, be run? */
    bool (*fits)(const kws_front_end *front_end, const void *block, uint32_t block_bytes);
    /* Bytes of a kept row. */
    uint32_t (*row_bytes)(const kws_front_end *front_end);
    /* Bytes of the state, for largest samples if it keeps_peaks; NULL: none. */
    uint32_t (*state_bytes)(const kws_front_end *front_end);
    /* Computes the row of a frame; row is aligned as its elements are, and may lie at spectrum. */
    void (*frame)(const kws_frame *frame, void *row);
    /* Writes the features of a kept row; peak is the window's largest sample, at least 1. Uses
     * front_end, block and, if it keeps_peaks, bands of the frame only. */
    void (*finish)(const kws_frame *frame, const void *row, int32_t peak, uint8_t *features);
};

/* The steps that the front ends share; SPEC.md, section 5, numbers them. */

/* Steps 1 to 5: frame->bands is the log-mel row, no value below least. */
void kws_logmel(const kws_frame *frame, int32_t least);

/* Shifts of a frame without sound. */
#define KWS_SILENT 0xFFFFu

/* 1: windowed samples into frame->spectrum. Returns the right shift that scaled them. */
uint32_t kws_window(const kws_frame *frame);

/* 2: in place; z[points] pairs (re, im), points = 2^k >= 32. Returns how often the result is
 * halved; small: all its components lie in -2^13 .. 2^13-1. */
uint32_t kws_fft(int16_t *z, uint32_t points, const int16_t *twiddles, bool *small);

/* 3 and 4: the levels of the bins; those above M/2 only if all is set. */
void kws_bins(const kws_frame *frame, bool small, bool all);

/* Does a band have bins above M/2? */
bool kws_bands_reach(const kws_front_end *front_end, const void *block);

/* 4 and 5: sums of levels and their logarithms; the spectrum was shifted right so often. */
void kws_bands(const kws_frame *frame, uint32_t shifts, int32_t least);

/* The power of a bin; they take the places of the transform's numbers, with MVE in bit-reversed
 * order, and bin M stands behind them. Magnitudes stand behind the transform. */
typedef uint32_t kws_power __attribute__((may_alias));

/* Bytes of the transform and its levels, whole words. */
static inline uint32_t kws_front_end_work(const kws_front_end *front_end)
{
    const uint32_t points = front_end->fft_points;
    return 2 * points +
           (front_end->spectrum == KWS_SPECTRUM_POWER ? 4u : ((points >> 1) + 2) / 2 * 4u);
}

/* Bytes of one frame's features. */
static inline uint32_t kws_features_bytes(const kws_front_end *front_end)
{
    return (uint32_t)front_end->feature_count << front_end->fine_plane;
}

/* Bytes of a number that holds the sum of one frame's features. */
static inline uint32_t kws_sum_bytes(const kws_front_end *front_end)
{
    return kws_features_bytes(front_end) * 255u < 65536u ? 2 : 4;
}

/* finish() of a kept row that is the features. */
void kws_finished(const kws_frame *frame, const void *row, int32_t peak, uint8_t *features);

/* Step 6 for feature k: its accumulator into one byte, or two with a fine plane. Returns where the
 * next feature goes. */
uint8_t *kws_feature(const kws_frame *frame, uint32_t k, int32_t acc, uint8_t *out);

/* Step 6 of MFCC_PEAK: frame->bands is log_mel less the logarithm of peak, which is at least 1. */
void kws_divide(const kws_frame *frame, const int16_t *log_mel, int32_t peak);

/* Step 6 of the MFCCs: DCT and requantisation of a log-mel row. */
void kws_dct(const kws_frame *frame, const int16_t *row, uint8_t *features);

/* A table in a block whose offsets nobody trusts: count elements of size bytes. NULL if it does not
 * lie in the block. */
const void *kws_front_end_table(const void *block, uint32_t block_bytes, uint32_t offset,
                                uint32_t count, uint32_t size);

/* What fits() of all front ends asks: timing, number of features, their multipliers and biases. */
bool kws_rows_fit(const kws_front_end *front_end, const void *block, uint32_t block_bytes);

/* What fits() of all front ends with bands asks, and that; leaves own_offset to them. */
bool kws_front_end_fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes);

/* The same and a feature a band, no table but the common ones, log_floor in 16 bits. */
bool kws_logmel_fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes);

/* Is there a DCT that kws_dct() can take? */
bool kws_dct_fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes);

static inline uint32_t kws_state_bytes(const struct kws_features *features,
                                       const kws_front_end       *front_end)
{
    return features->state_bytes != NULL ? features->state_bytes(front_end) : 0;
}

#endif
