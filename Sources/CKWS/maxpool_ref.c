/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    (void)need;
    /* every window holds an element: the first ones do if the padding is smaller than the kernel,
     * the last ones because they begin inside */
    return in2 == NULL && in->channels == out->channels && kws_window_fits(layer, in, out) &&
           layer->pad_top < layer->kernel_height && layer->pad_left < layer->kernel_width;
}

/* The largest element of one channel in the window at (top, left). */
static int8_t largest(const kws_call *call, int32_t top, int32_t left, int32_t channel)
{
    const kws_tensor *in = call->input;
    const kws_span    rows = kws_inside(top, call->layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, call->layer->kernel_width, in->width);
    int8_t            best = -128;
    for (int32_t i = rows.begin; i < rows.end; i++) {
        for (int32_t j = columns.begin; j < columns.end; j++) {
            const int8_t x = call->in[((top + i) * in->width + left + j) * in->channels + channel];
            best = x > best ? x : best;
        }
    }
    return best;
}

static void run(const kws_call *call)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *out = call->output;
    int8_t           *y = call->out;
    for (int32_t r = 0; r < out->height; r++) {
        const int32_t top = r * layer->stride_height - layer->pad_top;
        for (int32_t q = 0; q < out->width; q++) {
            const int32_t left = q * layer->stride_width - layer->pad_left;
            for (int32_t c = 0; c < out->channels; c++) {
                *y++ = largest(call, top, left, c);
            }
        }
        kws_row_done(call, (uint32_t)r);
    }
}

/* see inner.h */
const kws_kernel kws_maxpool_s8 = {
    .id = KWS_KERNEL_MAXPOOL_S8, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
