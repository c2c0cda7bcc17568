/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"
#include "kws_fixed.h"

static bool fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes)
{
    return front_end->feature_count == front_end->band_count &&
           kws_front_end_fits(front_end, block, block_bytes, false, false);
}

static uint32_t row_bytes(const kws_front_end *front_end)
{
    return front_end->feature_count;
}

static void frame_row(const kws_frame *frame, void *row)
{
    const kws_front_end *front_end = frame->front_end;
    const int16_t       *multipliers = kws_part(frame->block, front_end->multipliers_offset);
    const int32_t       *biases = kws_part(frame->block, front_end->biases_offset);
    int8_t              *features = row;
    kws_logmel(frame, front_end->log_floor);
    for (uint32_t j = 0; j < front_end->band_count; j++) {
        features[j] = kws_requant(frame->bands[j], multipliers[j], biases[j], front_end->shift);
    }
}

static void finish(const kws_frame *frame, const void *row, int32_t peak, int8_t *features)
{
    (void)peak;
    memcpy(features, row, frame->front_end->feature_count);
}

static const struct kws_features features = {false, fits, row_bytes, frame_row, finish};

/* see front_end.h */
const kws_kernel kws_features_logmel = {
    .id = KWS_FEATURES_LOGMEL, .pack = KWS_PACK_ANY, .features = &features};
