/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"
#include "geometry.h"
#include "packed.h"

/* see pool.h */
KWS_LEAN void kws_pool_row(const kws_call *call, uint32_t r, kws_pool_fast *fast, kws_pool_one *one)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const bool        bytes = in->bits == 8 && out->bits == 8;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const uint32_t    first = rows.begin < rows.end ? (uint32_t)(top + rows.begin) : 0;
    const uint8_t    *row = call->in + kws_row(in, first);
    uint8_t          *y = call->out + kws_row(out, r);
    kws_view          view = {.rows = (uint32_t)(rows.end - rows.begin),
                              .pixel_bytes = kws_pixel_bytes(in),
                              .slot_bytes = kws_slot_bytes(in)};
    view.end = call->in + view.slot_bytes;
    for (uint32_t q = 0; q < out->width; q++, y += kws_pixel_bytes(out)) {
        const int32_t  left = (int32_t)(q * layer->stride_width) - layer->pad_left;
        const kws_span columns = kws_inside(left, layer->kernel_width, in->width);
        uint32_t       c = 0;
        view.columns = (uint32_t)(columns.end - columns.begin);
        view.run_bytes = view.columns * view.pixel_bytes;
        view.skip_bytes = kws_row_bytes(in) - view.run_bytes;
        if (view.columns != 0) {
            view.x = row + (uint32_t)(left + columns.begin) * view.pixel_bytes;
            c = bytes && view.rows != 0 ? fast(call, &view, y) : 0;
        }
        for (; c < out->channels; c++) {
            kws_put(y, out->bits, c, one(call, &view, c));
        }
    }
}
