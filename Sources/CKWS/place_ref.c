/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "kws_fixed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    need->channels = 1;
    need->in_place =
        in->height == out->height && in->width == out->width && in->channels == out->channels;
    return in2 == NULL && layer->pad_top + in->height <= out->height &&
           layer->pad_left + in->width <= out->width &&
           layer->kernel_width + in->channels <= out->channels;
}

static void run(const kws_call *call)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int8_t     *x = call->in;
    for (int32_t r = 0; r < in->height; r++) {
        for (int32_t q = 0; q < in->width; q++) {
            const int32_t pixel = (layer->pad_top + r) * out->width + layer->pad_left + q;
            int8_t       *y = call->out + pixel * out->channels + layer->kernel_width;
            for (int32_t c = 0; c < in->channels; c++) {
                /* |acc| <= 128 * 2^15 + 2^30 < 2^31 */
                const int32_t acc = kws_mac(call->biases[0], *x++, call->multipliers[0]);
                y[c] = kws_sat8(acc >> layer->shift);
            }
        }
    }
    /* The engine lets only the layer be seen that completes the output: then all rows are final. */
    for (uint32_t r = 0; r < out->height; r++) {
        kws_row_done(call, r);
    }
}

/* see inner.h */
const kws_kernel kws_place_s8 = {
    .id = KWS_KERNEL_PLACE_S8, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
