/* SPDX-License-Identifier: Apache-2.0
 *
 * pool.h - what MAXPOOL and AVGPOOL share: windows, cut to what lies inside the input.
 */
#ifndef KWS_POOL_H
#define KWS_POOL_H

#include "inner.h"

/* Where sums of 16 bits are enough: 257 * 255 = 65535. */
#define KWS_POOL_NARROW 257u

/* What lies inside the input of the window of one output pixel. */
typedef struct kws_view {
    const uint8_t *x;             /* its first pixel */
    uint32_t       rows, columns; /* pixels; 0 where there are none */
    uint32_t       pixel_bytes;
    uint32_t       run_bytes;  /* of the pixels of a row */
    uint32_t       skip_bytes; /* from their end to where they begin in the next slot */
    uint32_t       slot_bytes;
    const uint8_t *end; /* behind the last slot, which slot 0 follows */
} kws_view;

/* Where the next row begins, from the end of one; x may be some channels behind the last slot. */
static inline const uint8_t *kws_next_row(const kws_view *view, const uint8_t *x)
{
    const bool wraps = view->end - x <= (ptrdiff_t)view->skip_bytes;
    return wraps ? x - (view->slot_bytes - view->skip_bytes) : x + view->skip_bytes;
}

/* What the padding adds to the sums of AVGPOOL. */
static inline uint32_t kws_padding_sum(const kws_call *call, const kws_view *view)
{
    const uint32_t taps = (uint32_t)call->layer->kernel_height * call->layer->kernel_width;
    return (taps - view->rows * view->columns) * call->input->zero_point;
}

/* All channels of a pixel that has 8 bits, as the input has; the view is not empty. Returns how
 * many channels that were: all or none. */
typedef uint32_t kws_pool_fast(const kws_call *call, const kws_view *view, uint8_t *y);

kws_pool_fast kws_maxpool_fast, kws_avgpool_fast;

/* One channel of any bits. */
typedef int32_t kws_pool_one(const kws_call *call, const kws_view *view, uint32_t c);

/* Row r of the output. */
void kws_pool_row(const kws_call *call, uint32_t r, kws_pool_fast *fast, kws_pool_one *one);

#endif
