/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise_any.h"
#include "depthwise.h"
#include "packed.h"

/* Channel o of the output, c of the input, at columns first .. end-1. |acc| <= 65535 * 255 * 128 <
 * 2^31. Not copied into its caller, whose stack it would take. */
__attribute__((noinline)) static void channel(const kws_call *call, uint32_t r, uint32_t first,
                                              uint32_t end, uint32_t o, uint32_t c,
                                              kws_weight_of *weight)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    bytes = kws_pixel_bytes(in);
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    int32_t           acc[KWS_ANY_COLUMNS];
    uint32_t          k = 0;
    memset(acc, 0, sizeof acc);
    for (int32_t i = 0; i < layer->kernel_height; i++) {
        const int32_t  row = top + i;
        const bool     inside = row >= 0 && row < in->height;
        const uint8_t *x = call->in + (inside ? kws_row(in, (uint32_t)row) : 0);
        for (int32_t j = 0; j < layer->kernel_width; j++, k++) {
            const int32_t w = weight(call, o, k);
            int32_t       column = (int32_t)(first * layer->stride_width) - layer->pad_left + j;
            for (uint32_t q = 0; q < end - first; q++, column += layer->stride_width) {
                const int32_t value = inside && column >= 0 && column < in->width
                                          ? kws_get(x + (uint32_t)column * bytes, in->bits, c)
                                          : in->zero_point;
                acc[q] = kws_mac(acc[q], value, w);
            }
        }
    }
    uint8_t *y = call->out + kws_row(out, r) + first * kws_pixel_bytes(out);
    for (uint32_t q = 0; q < end - first; q++, y += kws_pixel_bytes(out)) {
        kws_put(y, out->bits, o,
                kws_requant(acc[q], kws_multipliers(call)[o], kws_biases(call)[o], layer->shift,
                            out->bits));
    }
}

/* see depthwise_any.h */
void kws_depthwise_any(const kws_call *call, uint32_t r, uint32_t first, uint32_t end,
                       kws_weight_of *weight)
{
    const uint32_t channels = call->input->channels;
    const uint32_t multiple = kws_multiple(call->output->channels, channels);
    for (uint32_t next; first < end; first = next) {
        uint32_t o = 0;
        next = end - first < KWS_ANY_COLUMNS ? end : first + KWS_ANY_COLUMNS;
        for (uint32_t c = 0; c < channels; c++) {
            for (const uint32_t last = o + multiple; o < last; o++) {
                channel(call, r, first, next, o, c, weight);
            }
        }
    }
}
