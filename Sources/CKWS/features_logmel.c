/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"

static void frame_row(const kws_frame *frame, void *row)
{
    const kws_front_end *front_end = frame->front_end;
    uint8_t             *features = row;
    kws_logmel(frame, front_end->log_floor);
    for (uint32_t j = 0; j < front_end->band_count; j++) {
        features = kws_feature(frame, j, frame->bands[j], features);
    }
}

static const struct kws_features features = {.fits = kws_logmel_fits,
                                             .row_bytes = kws_features_bytes,
                                             .frame = frame_row,
                                             .finish = kws_finished};

/* see front_end.h */
const kws_kernel kws_features_logmel = {
    .id = KWS_FEATURES_LOGMEL, .pack = KWS_PACK_ANY, .features = &features};
