/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "kws_fixed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    need->channels = 1;
    return in2 == NULL && in->channels == out->channels && kws_window_fits(layer, in, out) &&
           kws_times(layer->kernel_height, layer->kernel_width) <= KWS_TAPS_MAX;
}

/* Sum over one channel of the window at (top, left), padding as zero point; |sum| <= 2^17 * 128. */
static int32_t sum(const kws_call *call, int32_t top, int32_t left, int32_t channel)
{
    const kws_tensor *in = call->input;
    const kws_span    rows = kws_inside(top, call->layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, call->layer->kernel_width, in->width);
    const int32_t     taps = call->layer->kernel_height * call->layer->kernel_width;
    const int32_t     inside = (rows.end - rows.begin) * (columns.end - columns.begin);
    int32_t           acc = (taps - inside) * in->zero_point;
    for (int32_t i = rows.begin; i < rows.end; i++) {
        for (int32_t j = columns.begin; j < columns.end; j++) {
            acc =
                kws_add(acc, call->in[((top + i) * in->width + left + j) * in->channels + channel]);
        }
    }
    return acc;
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
                *y++ = kws_requant(sum(call, top, left, c), call->multipliers[0], call->biases[0],
                                   layer->shift);
            }
        }
        kws_row_done(call, (uint32_t)r);
    }
}

/* see inner.h */
const kws_kernel kws_avgpool_s8 = {
    .id = KWS_KERNEL_AVGPOOL_S8, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
