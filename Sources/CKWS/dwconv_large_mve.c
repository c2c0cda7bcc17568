/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: windows whose words would take too much scratch, without any.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

/* Weight of tap k of a channel whose bytes begin at block. */
static inline int32_t weight_of(const uint8_t *block, uint32_t lanes, uint32_t field, uint32_t k,
                                uint32_t bits)
{
    const uint32_t byte = block[k * lanes], width = kws_mve_field_bits(bits);
    return bits == 8
               ? (int8_t)byte
               : (int32_t)((byte >> (field * width)) & ((1u << width) - 1u)) - (1 << (bits - 1));
}

/* Sums of one channel of the output, c of the input, at up to 5 columns from q on, without scratch.
 */
KWS_APART void sum_large(const kws_call *call, const uint8_t *block, uint32_t lanes, uint32_t field,
                         uint32_t r, uint32_t q, uint32_t c, int32_t acc[KWS_MVE_COLUMNS])
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    bits = kws_weight_bits(layer);
    int32_t           from = (int32_t)(r * layer->stride_height) - layer->pad_top;
    uint32_t          k = 0;
    for (uint32_t i = 0; i < layer->kernel_height; i++, from++) {
        const bool     inside = from >= 0 && from < in->height;
        const uint8_t *x = call->in + (inside ? kws_row(in, (uint32_t)from) : 0);
        for (uint32_t j = 0; j < layer->kernel_width; j++, k++) {
            const int32_t w = weight_of(block, lanes, field, k, bits);
            int32_t       column = (int32_t)(q * layer->stride_width + j) - layer->pad_left;
            for (uint32_t p = 0; p < KWS_MVE_COLUMNS; p++, column += layer->stride_width) {
                const bool there = inside && column >= 0 && column < in->width;
                acc[p] =
                    kws_mac(acc[p],
                            there ? kws_get(x + (uint32_t)column * kws_pixel_bytes(in), in->bits, c)
                                  : in->zero_point,
                            w);
            }
        }
    }
}

/* see dwconv_mve.h */
void kws_mve_dw_large(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    bits = kws_weight_bits(call->layer), fields = kws_mve_fields(bits);
    const uint32_t    multiple = kws_multiple(out->channels, in->channels);
    const uint32_t    taps = (uint32_t)call->layer->kernel_height * call->layer->kernel_width;
    const uint8_t    *block = kws_weights(call);
    uint32_t          lanes = kws_mve_field_lanes(out->channels, fields), lane = 0, field = 0;
    uint32_t          c = 0, part = 0;
    for (uint32_t o = 0; o < out->channels; o++, lane++) {
        if (lane == lanes) {
            lane = 0;
            field++;
        }
        if (field == fields) {
            field = 0;
            block += taps * lanes;
            lanes = kws_mve_field_lanes(out->channels - o, fields);
        }
        uint8_t *y = call->out + kws_row(out, r);
        for (uint32_t q = 0; q < out->width; q += KWS_MVE_COLUMNS) {
            int32_t acc[KWS_MVE_COLUMNS] = {0};
            sum_large(call, block + lane, lanes, field, r, q, c, acc);
            for (uint32_t p = 0; p < KWS_MVE_COLUMNS && q + p < out->width; p++) {
                kws_put(y, out->bits, o,
                        kws_requant(acc[p], kws_multipliers(call)[o], kws_biases(call)[o],
                                    call->layer->shift, out->bits));
                y += kws_pixel_bytes(out);
            }
        }
        if (++part == multiple) {
            part = 0;
            c++;
        }
    }
}

#endif
