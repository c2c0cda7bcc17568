/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    (void)need;
    /* every window holds an element: the first ones do if the padding is smaller than the kernel,
     * the last ones because they begin inside */
    return in2 == NULL && in->channels == out->channels && kws_window_fits(layer, in, out) &&
           layer->pad_top < layer->kernel_height && layer->pad_left < layer->kernel_width &&
           out->bits >= in->bits;
}

/* The largest element of one channel in the window at (top, left). */
static int32_t largest(const kws_call *call, int32_t top, int32_t left, uint32_t channel)
{
    const kws_tensor *in = call->input;
    const kws_span    rows = kws_inside(top, call->layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, call->layer->kernel_width, in->width);
    int32_t           best = 0;
    for (int32_t i = rows.begin; i < rows.end; i++) {
        const uint8_t *row = call->in + kws_row(in, (uint32_t)(top + i));
        for (int32_t j = columns.begin; j < columns.end; j++) {
            const uint8_t *pixel = row + (uint32_t)(left + j) * kws_pixel_bytes(in);
            const int32_t  x = kws_get(pixel, in->bits, channel);
            best = x > best ? x : best;
        }
    }
    return best;
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *out = call->output;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    uint8_t          *y = call->out + kws_row(out, r);
    for (uint32_t q = 0; q < out->width; q++, y += kws_pixel_bytes(out)) {
        const int32_t left = (int32_t)(q * layer->stride_width) - layer->pad_left;
        for (uint32_t c = 0; c < out->channels; c++) {
            kws_put(y, out->bits, c, largest(call, top, left, c));
        }
    }
}

/* see inner.h */
const kws_kernel kws_maxpool_w0 = {
    .id = KWS_KERNEL_MAXPOOL, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
