/* SPDX-License-Identifier: Apache-2.0
 *
 * As LOGMEL, but the floor is added to every band.
 */
#include "front_end.h"
#include "kws_fixed.h"
#include "log_sums.h"

#define NOTHING (-32768) /* a band without sound, or with less than can be told from that */

static void frame_row(const kws_frame *frame, void *row)
{
    const kws_front_end *front_end = frame->front_end;
    const int32_t        floor = front_end->log_floor;
    uint8_t             *features = row;
    kws_logmel(frame, NOTHING);
    for (uint32_t j = 0; j < front_end->band_count; j++) {
        const int32_t l = frame->bands[j];
        const int32_t sum = l == NOTHING ? floor : kws_sat16(kws_log_add(l, floor));
        features = kws_feature(frame, j, sum, features);
    }
}

static const struct kws_features features = {.fits = kws_logmel_fits,
                                             .row_bytes = kws_features_bytes,
                                             .frame = frame_row,
                                             .finish = kws_finished};

/* see front_end.h */
const kws_kernel kws_features_logsum = {
    .id = KWS_FEATURES_LOGSUM, .pack = KWS_PACK_ANY, .features = &features};
