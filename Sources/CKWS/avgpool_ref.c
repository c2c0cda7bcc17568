/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    need->channels = 1;
    return in2 == NULL && in->channels == out->channels && kws_window_fits(layer, in, out) &&
           kws_times(layer->kernel_height, layer->kernel_width) <= KWS_TAPS_MAX;
}

/* Sum over one channel of the window at (top, left), padding as zero point; sum < 2^16 * 255. */
static int32_t sum(const kws_call *call, int32_t top, int32_t left, uint32_t channel)
{
    const kws_tensor *in = call->input;
    const kws_span    rows = kws_inside(top, call->layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, call->layer->kernel_width, in->width);
    const int32_t     taps = call->layer->kernel_height * call->layer->kernel_width;
    const int32_t     inside = (rows.end - rows.begin) * (columns.end - columns.begin);
    int32_t           acc = (taps - inside) * in->zero_point;
    for (int32_t i = rows.begin; i < rows.end; i++) {
        const uint8_t *row = call->in + kws_row(in, (uint32_t)(top + i));
        for (int32_t j = columns.begin; j < columns.end; j++) {
            const uint8_t *pixel = row + (uint32_t)(left + j) * kws_pixel_bytes(in);
            acc = kws_add(acc, kws_get(pixel, in->bits, channel));
        }
    }
    return acc;
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
            kws_put(y, out->bits, c,
                    kws_requant(sum(call, top, left, c), kws_multipliers(call)[0],
                                kws_biases(call)[0], layer->shift, out->bits));
        }
    }
}

/* see inner.h */
const kws_kernel kws_avgpool_w0 = {
    .id = KWS_KERNEL_AVGPOOL, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
