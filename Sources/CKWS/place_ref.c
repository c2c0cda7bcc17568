/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t first = layer->kernel_width;
    need->channels = 1;
    need->in_place = kws_same_shape(in, out);
    /* whole bytes are written, so parts share no byte */
    const bool whole =
        kws_same_shape(in, out) ||
        (((first * out->bits) & 7u) == 0 && (((uint32_t)in->channels * out->bits) & 7u) == 0);
    return in2 == NULL && whole && in->rows == in->height && out->rows == out->height &&
           layer->pad_top + in->height <= out->height &&
           layer->pad_left + in->width <= out->width && first + in->channels <= out->channels;
}

/* Takes in rows of the input: the output's others are written by other layers. In place as ADD. */
static void run(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int32_t     m = kws_multipliers(call)[0], bias = kws_biases(call)[0];
    const uint8_t    *x = call->in + kws_row(in, r);
    uint8_t          *y = call->out + kws_row(out, layer->pad_top + r);
    y +=
        layer->pad_left * kws_pixel_bytes(out) + (((uint32_t)layer->kernel_width * out->bits) >> 3);
    for (uint32_t q = 0; q < in->width; q++) {
        uint32_t held = 0;
        for (uint32_t c = 0; c < in->channels; c++) {
            /* |acc| <= 255 * 2^15 + 2^30 < 2^31 */
            const int32_t acc = kws_mac(bias, kws_get(x, in->bits, c), m);
            kws_collect(y, out->bits, c, in->channels, kws_clip(acc >> layer->shift, out->bits),
                        &held);
        }
        x += kws_pixel_bytes(in);
        y += kws_pixel_bytes(out);
    }
}

/* see inner.h */
const kws_kernel kws_place_w0 = {
    .id = KWS_KERNEL_PLACE, .pack = KWS_PACK_ANY, .by_input = true, .fits = fits, .run = run};
