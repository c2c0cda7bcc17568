/* SPDX-License-Identifier: Apache-2.0 */
#include "bounds.h"
#include "front_end.h"
#include "kws_fixed.h"
#include "products.h"

#define SUM_MAX 65535u

/* see front_end.h */
bool kws_dct_fits(const kws_front_end *f, const void *block, uint32_t block_bytes)
{
    const int16_t *dct = kws_front_end_table(block, block_bytes, f->own_offset,
                                             kws_times(f->feature_count, f->band_count), 2);
    if (dct == NULL) {
        return false;
    }
    for (uint32_t k = 0; k < f->feature_count; k++) {
        uint32_t sum = 0;
        for (uint32_t j = 0; j < f->band_count; j++) {
            sum += kws_abs(*dct++);
        }
        if (sum > SUM_MAX) {
            return false;
        }
    }
    return true;
}

/* see front_end.h */
void kws_dct(const kws_frame *frame, const int16_t *row, uint8_t *features)
{
    const kws_front_end *front_end = frame->front_end;
    const int16_t       *dct = kws_part(frame->block, front_end->own_offset);
    const uint32_t       bands = front_end->band_count;
    for (uint32_t k = 0; k < front_end->feature_count; k++) {
        /* |acc| <= 65535 * 2^15 < 2^31, tight */
        features = kws_feature(frame, k, kws_products(0, row, dct, bands), features);
        dct += bands;
    }
}
