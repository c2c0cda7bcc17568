/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"
#include "plain.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

#define WINDOW_MAX 128u /* bytes of a window that is gathered before it is multiplied */

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_conv_taps(layer, in, in2, out);
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_weights_bytes(kws_times(taps, out->channels), kws_weight_bits(layer));
    need->channels = out->channels;
    return true;
}

/* One output element: channel o of the window whose tap (0, 0) is at (top, left).
 * |acc| <= 65535 * 255 * 128 < 2^31. */
static int32_t window(const kws_call *call, int32_t top, int32_t left, uint32_t o)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, layer->kernel_width, in->width);
    const uint32_t    channels = in->channels;
    const uint32_t    width = layer->kernel_width * channels;
    const uint32_t    before = (uint32_t)columns.begin * channels;
    const uint32_t    end = (uint32_t)columns.end * channels;
    uint32_t          k = o * layer->kernel_height * width;
    int32_t           acc = 0;
    for (int32_t i = 0; i < layer->kernel_height; i++, k += width) {
        if (i < rows.begin || i >= rows.end) {
            acc = kws_dot_constant(call, acc, k, width, in->zero_point);
            continue;
        }
        const uint8_t *row = call->in + kws_row(in, (uint32_t)(top + i));
        acc = kws_dot_constant(call, acc, k, before, in->zero_point);
        acc = kws_dot(call, acc, k + before, row, (uint32_t)(left + columns.begin),
                      (uint32_t)(columns.end - columns.begin));
        acc = kws_dot_constant(call, acc, k + end, width - end, in->zero_point);
    }
    return acc;
}

/* The window whose tap (0, 0) is at (top, left), of bytes. */
static void gather(const kws_call *call, int32_t top, int32_t left, uint8_t *to)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    for (int32_t i = top; i < top + layer->kernel_height; i++) {
        const bool     inside = i >= 0 && i < in->height;
        const uint8_t *row = call->in + (inside ? kws_row(in, (uint32_t)i) : 0);
        for (int32_t j = left; j < left + layer->kernel_width; j++) {
            const bool within = inside && j >= 0 && j < in->width;
            for (uint32_t c = 0; c < in->channels; c++) {
                *to++ = within ? row[(uint32_t)j * in->channels + c] : in->zero_point;
            }
        }
    }
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *out = call->output;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const uint32_t    taps =
        (uint32_t)layer->kernel_height * layer->kernel_width * call->input->channels;
    uint8_t *y = call->out + kws_row(out, r);
    for (uint32_t q = 0; q < out->width; q++, y += kws_pixel_bytes(out)) {
        const int32_t left = (int32_t)(q * layer->stride_width) - layer->pad_left;
        if (taps <= WINDOW_MAX && kws_of_bytes(call)) {
            uint8_t taken[WINDOW_MAX];
            gather(call, top, left, taken);
            kws_pixel_of_bytes(call, taken, taps, y);
            continue;
        }
        for (uint32_t o = 0; o < out->channels; o++) {
            kws_finish(call, window(call, top, left, o), o, y);
        }
    }
}

/* see inner.h */
KWS_KERNELS_OF_EVERY_WIDTH(conv, CONV)

#endif
