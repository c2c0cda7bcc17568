/* SPDX-License-Identifier: Apache-2.0
 *
 * MFCC of samples divided by the window's largest one. Rows keep the log-mel; the quotient is a
 * difference of logarithms, taken when the window, and so its largest sample, is complete.
 */
#include "front_end.h"

#define LOWEST (-32768)

static bool fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes)
{
    return kws_front_end_fits(front_end, block, block_bytes) &&
           kws_dct_fits(front_end, block, block_bytes);
}

static uint32_t row_bytes(const kws_front_end *front_end)
{
    return 2u * front_end->band_count;
}

static uint32_t peaks_bytes(const kws_front_end *front_end)
{
    return 2u * front_end->window_hops;
}

static void frame_row(const kws_frame *frame, void *row)
{
    kws_logmel(frame, LOWEST);
    memcpy(row, frame->bands, 2u * frame->front_end->band_count);
}

static void finish(const kws_frame *frame, const void *row, int32_t peak, uint8_t *features)
{
    kws_divide(frame, row, peak);
    kws_dct(frame, frame->bands, features);
}

static const struct kws_features features = {.keeps_peaks = true,
                                             .fits = fits,
                                             .row_bytes = row_bytes,
                                             .state_bytes = peaks_bytes,
                                             .frame = frame_row,
                                             .finish = finish};

/* see front_end.h */
const kws_kernel kws_features_mfcc_peak = {
    .id = KWS_FEATURES_MFCC_PEAK, .pack = KWS_PACK_ANY, .features = &features};
