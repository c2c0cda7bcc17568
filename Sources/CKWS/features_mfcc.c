/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"
#include "kws_fixed.h"

static bool fits(const kws_front_end *front_end, const void *block, uint32_t block_bytes)
{
    return front_end->log_floor == kws_sat16(front_end->log_floor) &&
           kws_front_end_fits(front_end, block, block_bytes) &&
           kws_dct_fits(front_end, block, block_bytes);
}

static void frame_row(const kws_frame *frame, void *row)
{
    kws_logmel(frame, frame->front_end->log_floor);
    kws_dct(frame, frame->bands, row);
}

static const struct kws_features features = {
    .fits = fits, .row_bytes = kws_features_bytes, .frame = frame_row, .finish = kws_finished};

/* see front_end.h */
const kws_kernel kws_features_mfcc = {
    .id = KWS_FEATURES_MFCC, .pack = KWS_PACK_ANY, .features = &features};
