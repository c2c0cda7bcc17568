/* SPDX-License-Identifier: Apache-2.0
 *
 * MFCC of samples divided by the window's largest one. Rows keep the log-mel; the quotient is a
 * difference of logarithms, taken when the window, and so its largest sample, is complete.
 */
#include "front_end.h"
#include "kws_fixed.h"

#define LOWEST (-32768)

/* U[i] = round(1024 log2(1 + 2^(-i/4))), i = 0..40. */
static const int16_t log_sums[41] = {
    1024, 902, 790, 689, 599, 518, 447, 385, 330, 282, 240, 205, 174, 148,
    125,  106, 90,  76,  64,  54,  45,  38,  32,  27,  23,  19,  16,  14,
    11,   10,  8,   7,   6,   5,   4,   3,   3,   2,   2,   2,   1,
};

/* log2(2^a + 2^b) in Q10. */
static int32_t log_add(int32_t a, int32_t b)
{
    const int32_t larger = a > b ? a : b;
    const int32_t d = larger - (a > b ? b : a);
    if (d >= 10240) {
        return larger;
    }
    const int32_t i = d >> 8, f = d & 255;
    const int32_t u = log_sums[i];
    return larger + ((u * 256 + (log_sums[i + 1] - u) * f + 128) >> 8);
}

static bool fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes)
{
    return kws_front_end_fits(front_end, block, block_bytes, true, true);
}

static uint32_t row_bytes(const kws_front_end *front_end)
{
    return 2u * front_end->band_count;
}

static void frame_row(const kws_frame *frame, void *row)
{
    kws_logmel(frame, LOWEST);
    memcpy(row, frame->bands, 2u * frame->front_end->band_count);
}

static void finish(const kws_frame *frame, const void *row, int32_t peak, uint8_t *features)
{
    const int16_t *log_mel = row;
    const int32_t  log_peak = kws_log2_q10((uint32_t)peak); /* <= 15 * 1024 */
    const int32_t  constant = kws_sat16(log_peak + frame->front_end->log_floor);
    for (uint32_t j = 0; j < frame->front_end->band_count; j++) {
        frame->bands[j] = kws_sat16(log_add(log_mel[j], constant) - log_peak);
    }
    kws_dct(frame, frame->bands, features);
}

static const struct kws_features features = {true, fits, row_bytes, frame_row, finish};

/* see front_end.h */
const kws_kernel kws_features_mfcc_peak = {
    .id = KWS_FEATURES_MFCC_PEAK, .pack = KWS_PACK_ANY, .features = &features};
