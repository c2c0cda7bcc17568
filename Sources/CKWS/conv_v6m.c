/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "matrix_v6m.h"
#include "patch_v6m.h"
#include "widths_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

static bool fits(const kws_width *width, const kws_layer *layer, const kws_tensor *in,
                 const kws_tensor *in2, const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_conv_taps(layer, in, in2, out);
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_matrix_bytes(width, taps, out->channels);
    need->channels = out->channels;
    need->scratch_bytes = kws_pixels_scratch(width, taps, out);
    return true;
}

/* The window at (top, left), padding filled with the zero point. Not inlined: its places would stay
 * on the stack below the multiplication. */
__attribute__((noinline)) static uint8_t *gather(const kws_call *call, int32_t top, int32_t left)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, layer->kernel_width, in->width);
    const uint32_t    channels = in->channels, row_bytes = kws_row_bytes(in);
    const uint32_t    inside = (uint32_t)(columns.end - columns.begin);
    const uint32_t    before = (uint32_t)columns.begin * channels;
    const uint32_t    after = (layer->kernel_width - (uint32_t)columns.end) * channels;
    const uint32_t    width = layer->kernel_width * channels;
    uint8_t *to = kws_fill(kws_taps_of(call), (uint32_t)rows.begin * width, in->zero_point);
    if (rows.begin < rows.end) {
        const uint8_t *first = call->in + (uint32_t)(left + columns.begin) * kws_pixel_bytes(in);
        const uint32_t end = in->rows * row_bytes;
        uint32_t       place = kws_row(in, (uint32_t)(top + rows.begin));
        for (int32_t i = rows.begin; i < rows.end; i++) {
            to = before != 0 ? kws_fill(to, before, in->zero_point) : to;
            to = kws_unpack(to, first + place, in, inside);
            to = after != 0 ? kws_fill(to, after, in->zero_point) : to;
            place += row_bytes;
            place = place < end ? place : 0;
        }
    }
    return kws_fill(to, (uint32_t)(layer->kernel_height - rows.end) * width, in->zero_point);
}

static void run(const kws_width *width, const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *out = call->output;
    const uint32_t    taps =
        (uint32_t)layer->kernel_height * layer->kernel_width * call->input->channels;
    const int32_t top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    uint8_t      *y = call->out + kws_row(out, r);
    kws_pixels   *pixels = kws_pixels_begin(call, width, taps);
    for (uint32_t q = 0; q < out->width; q++, y += kws_pixel_bytes(out)) {
        uint8_t *end = gather(call, top, (int32_t)(q * layer->stride_width) - layer->pad_left);
        kws_fill(end, pixels->filled - taps, 0);
        kws_pixel(pixels, kws_taps_of(call), y);
    }
}

/* see inner.h */
KWS_V6M_KERNELS(conv, CONV)

#endif
