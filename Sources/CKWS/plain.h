/* SPDX-License-Identifier: Apache-2.0
 *
 * plain.h - what the portable kernels with weights share.
 */
#ifndef KWS_PLAIN_H
#define KWS_PLAIN_H

#include "packed.h"

/* acc + the sum of weights k .. k+count-1 times x: taps in the padding. */
KWS_APART int32_t kws_dot_constant(const kws_call *call, int32_t acc, uint32_t k, uint32_t count,
                                   int32_t x)
{
    const uint8_t *weights = kws_weights(call);
    const uint32_t bits = kws_weight_bits(call->layer);
    for (uint32_t i = 0; i < count; i++) {
        acc = kws_mac(acc, x, kws_weight(weights, bits, k + i));
    }
    return acc;
}

/* acc + the sum of weights k, k+1, ... times the channels of one pixel. */
KWS_APART int32_t kws_dot_pixel(const kws_call *call, int32_t acc, uint32_t k, const uint8_t *x)
{
    const uint8_t *weights = kws_weights(call);
    const uint32_t weight_bits = kws_weight_bits(call->layer), bits = call->input->bits;
    const uint32_t channels = call->input->channels;
    for (uint32_t c = 0; c < channels; c++) {
        acc = kws_mac(acc, kws_get(x, bits, c), kws_weight(weights, weight_bits, k + c));
    }
    return acc;
}

/* The same for count pixels of a row, from pixel first on. */
KWS_APART int32_t kws_dot(const kws_call *call, int32_t acc, uint32_t k, const uint8_t *row,
                          uint32_t first, uint32_t count)
{
    const kws_tensor *in = call->input;
    const uint32_t    pixel_bytes = kws_pixel_bytes(in);
    const uint8_t    *x = row + first * pixel_bytes;
    if (kws_weight_bits(call->layer) == 8 && in->bits == 8) {
        const int8_t *w = (const int8_t *)kws_weights(call) + k;
        for (uint32_t i = 0; i < count * in->channels; i++) {
            acc = kws_mac(acc, x[i], w[i]);
        }
        return acc;
    }
    for (uint32_t q = 0; q < count; q++, x += pixel_bytes, k += in->channels) {
        acc = kws_dot_pixel(call, acc, k, x);
    }
    return acc;
}

/* Requantises the accumulator of channel o and puts it into its pixel. */
static inline void kws_finish(const kws_call *call, int32_t acc, uint32_t o, uint8_t *pixel)
{
    const uint32_t bits = call->output->bits;
    kws_put(
        pixel, bits, o,
        kws_requant(acc, kws_multipliers(call)[o], kws_biases(call)[o], call->layer->shift, bits));
}

/* Are weights, inputs and outputs bytes? */
static inline bool kws_of_bytes(const kws_call *call)
{
    return kws_weight_bits(call->layer) == 8 && call->input->bits == 8 && call->output->bits == 8;
}

/* All outputs of a pixel from its taps, one behind the other, where all are bytes. Four at a time,
 * whose loop a compiler makes vectors of: most of what a host computes of a network is this. */
KWS_APART void kws_pixel_of_bytes(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y)
{
    const uint32_t channels = call->output->channels;
    const int8_t  *w = (const int8_t *)kws_weights(call);
    const int16_t *m = kws_multipliers(call);
    const int32_t *b = kws_biases(call);
    const uint32_t shift = call->layer->shift;
    uint32_t       o = 0;
    for (; o + 4 <= channels; o += 4, w += 4 * taps) {
        int32_t sums[4] = {0, 0, 0, 0};
        for (uint32_t i = 0; i < taps; i++) {
            const int16_t v = x[i]; /* 16 bits times 16 bits: one instruction a pair of them */
            sums[0] = kws_mac(sums[0], v, w[i]);
            sums[1] = kws_mac(sums[1], v, w[taps + i]);
            sums[2] = kws_mac(sums[2], v, w[2 * taps + i]);
            sums[3] = kws_mac(sums[3], v, w[3 * taps + i]);
        }
        for (uint32_t i = 0; i < 4; i++) {
            y[o + i] = (uint8_t)kws_requant(sums[i], m[o + i], b[o + i], shift, 8);
        }
    }
    for (; o < channels; o++, w += taps) {
        int32_t sum = 0;
        for (uint32_t i = 0; i < taps; i++) {
            sum = kws_mac(sum, x[i], w[i]);
        }
        y[o] = (uint8_t)kws_requant(sum, m[o], b[o], shift, 8);
    }
}

#define KWS_KERNEL_OF_WIDTH(name, NAME, bits)                                                      \
    const kws_kernel kws_##name##_w##bits = {                                                      \
        .id = KWS_KERNEL_##NAME##_W##bits, .pack = KWS_PACK_PORTABLE, .fits = fits, .run = run};

/* The four kernels that one fits() and one run() serve. */
#define KWS_KERNELS_OF_EVERY_WIDTH(name, NAME)                                                     \
    KWS_KERNEL_OF_WIDTH(name, NAME, 8)                                                             \
    KWS_KERNEL_OF_WIDTH(name, NAME, 4)                                                             \
    KWS_KERNEL_OF_WIDTH(name, NAME, 3)                                                             \
    KWS_KERNEL_OF_WIDTH(name, NAME, 2)

#endif
