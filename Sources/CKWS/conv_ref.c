/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "kws_fixed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t area = kws_times(layer->kernel_height, layer->kernel_width);
    const uint32_t taps = kws_times(area, in->channels);
    if (in2 != NULL || !kws_window_fits(layer, in, out) || taps > KWS_TAPS_MAX) {
        return false;
    }
    need->weights_bytes = kws_times(taps, out->channels);
    need->channels = out->channels;
    return true;
}

/* acc + sum of x[i] * w[i]. */
static int32_t dot(int32_t acc, const int8_t *x, const int8_t *w, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        acc = kws_mac(acc, x[i], w[i]);
    }
    return acc;
}

/* acc + sum of x * w[i]: taps in the padding. */
static int32_t constant(int32_t acc, int32_t x, const int8_t *w, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        acc = kws_mac(acc, x, w[i]);
    }
    return acc;
}

/* One output element: the window whose tap (0, 0) is at (top, left); w are its channel's weights.
 * |acc| <= taps * 128 * 128 < 2^31, tight at 2^17 - 1 taps. */
static int32_t window(const kws_call *call, int32_t top, int32_t left, const int8_t *w)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const int32_t     channels = in->channels;
    const int32_t     zero = in->zero_point;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, layer->kernel_width, in->width);
    const int32_t     before = columns.begin * channels;
    const int32_t     inside = (columns.end - columns.begin) * channels;
    const int32_t     width = layer->kernel_width * channels;
    int32_t           acc = 0;
    for (int32_t i = 0; i < layer->kernel_height; i++, w += width) {
        if (i < rows.begin || i >= rows.end || inside == 0) {
            acc = constant(acc, zero, w, width);
            continue;
        }
        const int8_t *x = call->in + ((top + i) * in->width + left + columns.begin) * channels;
        acc = constant(acc, zero, w, before);
        acc = dot(acc, x, w + before, inside);
        acc = constant(acc, zero, w + before + inside, width - before - inside);
    }
    return acc;
}

static void run(const kws_call *call)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *out = call->output;
    const int32_t     taps = layer->kernel_height * layer->kernel_width * call->input->channels;
    int8_t           *y = call->out;
    for (int32_t r = 0; r < out->height; r++) {
        const int32_t top = r * layer->stride_height - layer->pad_top;
        for (int32_t q = 0; q < out->width; q++) {
            const int32_t left = q * layer->stride_width - layer->pad_left;
            const int8_t *w = call->weights;
            for (int32_t o = 0; o < out->channels; o++, w += taps) {
                *y++ = kws_requant(window(call, top, left, w), call->multipliers[o],
                                   call->biases[o], layer->shift);
            }
        }
        kws_row_done(call, (uint32_t)r);
    }
}

/* see inner.h */
const kws_kernel kws_conv_s8s8 = {
    .id = KWS_KERNEL_CONV_S8S8, .pack = KWS_PACK_PORTABLE, .fits = fits, .run = run};
