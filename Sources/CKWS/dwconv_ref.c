/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise.h"
#include "packed.h"
#include "plain.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

/* Columns of the output whose sums are kept at a time. */
#define COLUMNS 16u

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_times(layer->kernel_height, layer->kernel_width);
    if (in2 != NULL || !kws_depthwise_fits(layer, in, out)) {
        return false;
    }
    need->weights_bytes = kws_weights_bytes(kws_times(taps, out->channels), kws_weight_bits(layer));
    need->channels = out->channels;
    need->in_place = kws_depthwise_may_trail(layer, in, out) && out->width <= COLUMNS;
    need->lag = layer->pad_top;
    return true;
}

/* Channel o of the output, c of the input, at columns first .. end-1 of row r. All of the row that
 * is read is read before anything is written, so that the output may trail the input. |acc| <=
 * 65535 * 255 * 128 < 2^31. */
KWS_APART void channel(const kws_call *call, uint32_t r, uint32_t first, uint32_t end, uint32_t o,
                       uint32_t c)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const uint8_t    *weights = kws_weights(call);
    int32_t           acc[COLUMNS] = {0};
    uint32_t          k = o * layer->kernel_height * layer->kernel_width;
    for (int32_t i = 0; i < layer->kernel_height; i++) {
        const int32_t  row = top + i;
        const bool     inside = row >= 0 && row < in->height;
        const uint8_t *x = call->in + (inside ? kws_row(in, (uint32_t)row) : 0);
        for (int32_t j = 0; j < layer->kernel_width; j++, k++) {
            const int32_t w = kws_weight(weights, kws_weight_bits(layer), k);
            int32_t       column = (int32_t)(first * layer->stride_width) - layer->pad_left + j;
            for (uint32_t q = first; q < end; q++, column += layer->stride_width) {
                const int32_t value =
                    inside && column >= 0 && column < in->width
                        ? kws_get(x + (uint32_t)column * kws_pixel_bytes(in), in->bits, c)
                        : in->zero_point;
                acc[q - first] = kws_mac(acc[q - first], value, w);
            }
        }
    }
    uint8_t *y = call->out + kws_row(out, r);
    for (uint32_t q = first; q < end; q++) {
        kws_finish(call, acc[q - first], o, y + q * kws_pixel_bytes(out));
    }
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    multiple = kws_multiple(out->channels, in->channels);
    for (uint32_t first = 0; first < out->width; first += COLUMNS) {
        const uint32_t end = out->width - first < COLUMNS ? out->width : first + COLUMNS;
        uint32_t       o = 0;
        for (uint32_t c = 0; c < in->channels; c++) {
            for (const uint32_t last = o + multiple; o < last; o++) {
                channel(call, r, first, end, o, c);
            }
        }
    }
}

/* see inner.h */
KWS_KERNELS_OF_EVERY_WIDTH(dwconv, DWCONV)

#endif
