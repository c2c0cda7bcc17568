/* SPDX-License-Identifier: Apache-2.0
 *
 * The samples of a frame as they are.
 */
#include "front_end.h"

static bool fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes)
{
    return front_end->feature_count == front_end->frame_samples && front_end->band_count == 0 &&
           front_end->fft_points == 0 && front_end->own_offset == 0 &&
           kws_rows_fit(front_end, block, block_bytes);
}

static void frame_row(const kws_frame *frame, void *row)
{
    const uint32_t capacity = frame->front_end->pcm_capacity;
    uint32_t       place = frame->first;
    uint8_t       *features = row;
    for (uint32_t n = 0; n < frame->front_end->frame_samples; n++) {
        features = kws_feature(frame, n, frame->ring[place] * 256, features);
        place = place + 1 < capacity ? place + 1 : 0;
    }
}

static const struct kws_features features = {
    .fits = fits, .row_bytes = kws_features_bytes, .frame = frame_row, .finish = kws_finished};

/* see front_end.h */
const kws_kernel kws_features_waveform = {
    .id = KWS_FEATURES_WAVEFORM, .pack = KWS_PACK_ANY, .features = &features};
