/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise.h"
#include "depthwise_any.h"
#include "packed.h"
#include "plain.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    return kws_depthwise_plain_fits(layer, in, in2, out, KWS_ANY_COLUMNS, need);
}

static int32_t weight(const kws_call *call, uint32_t o, uint32_t k)
{
    const kws_layer *layer = call->layer;
    const uint32_t   first = o * layer->kernel_height * layer->kernel_width;
    return kws_weight(kws_weights(call), kws_weight_bits(layer), first + k);
}

/* Channels c .. c+3 of all columns of row r, one output a channel, all of bytes. All columns are
 * summed before one is written, as the output may trail the input. |acc| <= 65535 * 255 * 128 <
 * 2^31. */
KWS_APART void four(const kws_call *call, uint32_t r, uint32_t c)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    taps = (uint32_t)layer->kernel_height * layer->kernel_width;
    const int8_t     *w = (const int8_t *)kws_weights(call) + c * taps;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const uint8_t     zero = in->zero_point, padding[4] = {zero, zero, zero, zero};
    int32_t           acc[KWS_ANY_COLUMNS][4] = {{0}};
    for (int32_t i = top; i < top + layer->kernel_height; i++) {
        const bool     inside = i >= 0 && i < in->height;
        const uint8_t *row = call->in + (inside ? kws_row(in, (uint32_t)i) : 0) + c;
        for (int32_t j = 0; j < layer->kernel_width; j++, w++) {
            const int32_t of[4] = {w[0], w[taps], w[2 * taps], w[3 * taps]};
            int32_t       column = j - layer->pad_left;
            for (uint32_t q = 0; q < out->width; q++, column += layer->stride_width) {
                const bool     within = inside && column >= 0 && column < in->width;
                const uint8_t *x = within ? row + (uint32_t)column * in->channels : padding;
                for (uint32_t n = 0; n < 4; n++) {
                    acc[q][n] = kws_mac(acc[q][n], x[n], of[n]);
                }
            }
        }
    }
    const int16_t *m = kws_multipliers(call) + c;
    const int32_t *b = kws_biases(call) + c;
    uint8_t       *y = call->out + kws_row(out, r) + c;
    for (uint32_t q = 0; q < out->width; q++, y += out->channels) {
        for (uint32_t n = 0; n < 4; n++) {
            y[n] = (uint8_t)kws_requant(acc[q][n], m[n], b[n], layer->shift, 8);
        }
    }
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    if (kws_of_bytes(call) && in->channels == out->channels && in->channels % 4 == 0 &&
        out->width <= KWS_ANY_COLUMNS) {
        for (uint32_t c = 0; c < in->channels; c += 4) {
            four(call, r, c);
        }
        return;
    }
    kws_depthwise_any(call, r, 0, call->output->width, weight);
}

/* see inner.h */
KWS_KERNELS_OF_EVERY_WIDTH(dwconv, DWCONV)

#endif
