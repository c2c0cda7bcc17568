/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"
#include "kws_fixed.h"

/* see front_end.h */
void kws_dct(const kws_frame *frame, const int16_t *row, uint8_t *features)
{
    const kws_front_end *front_end = frame->front_end;
    const int16_t       *dct = kws_part(frame->block, front_end->dct_offset);
    for (uint32_t k = 0; k < front_end->feature_count; k++) {
        int32_t acc = 0; /* |acc| <= 65535 * 2^15 < 2^31, tight */
        for (uint32_t j = 0; j < front_end->band_count; j++) {
            acc = kws_mac(acc, row[j], *dct++);
        }
        features = kws_feature(frame, k, acc, features);
    }
}
