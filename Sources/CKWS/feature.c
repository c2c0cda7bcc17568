/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"
#include "kws_fixed.h"

/* see front_end.h */
uint8_t *kws_feature(const kws_frame *frame, uint32_t k, int32_t acc, uint8_t *out)
{
    const kws_front_end *front_end = frame->front_end;
    const int16_t       *multipliers = kws_part(frame->block, front_end->multipliers_offset);
    const int32_t       *biases = kws_part(frame->block, front_end->biases_offset);
    const int32_t        v = kws_rescale(acc, multipliers[k], biases[k], front_end->shift);
    if (front_end->fine_plane == 0) {
        *out++ = (uint8_t)kws_clip(v, 8);
        return out;
    }
    const int32_t sixteenths = kws_sat16(v);
    const int32_t coarse = kws_clip((sixteenths + 8) >> 4, 8);
    *out++ = (uint8_t)coarse;
    *out++ = (uint8_t)kws_clip(sixteenths - 16 * coarse + 128, 8);
    return out;
}

/* see front_end.h */
void kws_finished(const kws_frame *frame, const void *row, int32_t peak, uint8_t *features)
{
    (void)peak;
    memmove(features, row, kws_features_bytes(frame->front_end)); /* they may overlap */
}
