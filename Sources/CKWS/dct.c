/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"
#include "products.h"

/* see front_end.h */
void kws_dct(const kws_frame *frame, const int16_t *row, uint8_t *features)
{
    const kws_front_end *front_end = frame->front_end;
    const int16_t       *dct = kws_part(frame->block, front_end->dct_offset);
    const uint32_t       bands = front_end->band_count;
    for (uint32_t k = 0; k < front_end->feature_count; k++) {
        /* |acc| <= 65535 * 2^15 < 2^31, tight */
        features = kws_feature(frame, k, kws_products(0, row, dct, bands), features);
        dct += bands;
    }
}
