/* SPDX-License-Identifier: Apache-2.0
 *
 * depthwise.h - which layers are depthwise convolutions that a kernel can run.
 */
#ifndef KWS_DEPTHWISE_H
#define KWS_DEPTHWISE_H

#include "geometry.h"
#include "packed.h"

/* out / in if that is a whole number, else 0. */
static inline uint32_t kws_multiple(uint32_t out, uint32_t in)
{
    uint32_t multiple = 0, covered = 0;
    while (covered < out) {
        covered += in;
        __asm__("" : "+r"(covered)); /* compilers would divide: a long function on small cores */
        multiple++;
    }
    return covered == out ? multiple : 0;
}

static inline bool kws_depthwise_fits(const kws_layer *layer, const kws_tensor *in,
                                      const kws_tensor *out)
{
    return kws_window_fits(layer, in, out) &&
           kws_times(layer->kernel_height, layer->kernel_width) <= KWS_TAPS_MAX &&
           kws_multiple(out->channels, in->channels) != 0;
}

/* Does each channel make one of bytes out of bytes, at strides of 1? */
static inline bool kws_depthwise_is_even(const kws_layer *layer, const kws_tensor *in,
                                         const kws_tensor *out)
{
    return in->channels == out->channels && in->bits == 8 && out->bits == 8 &&
           layer->stride_height == 1 && layer->stride_width == 1;
}

/* Is a row of the input done with when the row of the output is that has it as its first? One
 * channel at a time, so that pixels of less than a byte a channel never trail. */
static inline bool kws_depthwise_may_trail(const kws_layer *layer, const kws_tensor *in,
                                           const kws_tensor *out)
{
    return kws_depthwise_is_even(layer, in, out) && in->width == out->width;
}

/* The same for kernels that read what so many columns see before they write them, from left to
 * right: without padding on the left no column sees those that are written. */
static inline bool kws_depthwise_trails(const kws_layer *layer, const kws_tensor *in,
                                        const kws_tensor *out, uint32_t columns)
{
    return kws_depthwise_is_even(layer, in, out) &&
           (layer->pad_left == 0 || (in->width == out->width && out->width <= columns));
}

/* fits() of kernels whose weights are [out channel][kh][kw], bits behind one another; columns as
 * above. */
static inline bool kws_depthwise_plain_fits(const kws_layer *layer, const kws_tensor *in,
                                            const kws_tensor *in2, const kws_tensor *out,
                                            uint32_t columns, kws_need *need)
{
    const uint32_t taps = kws_times(layer->kernel_height, layer->kernel_width);
    if (in2 != NULL || !kws_depthwise_fits(layer, in, out)) {
        return false;
    }
    need->weights_bytes = kws_weights_bytes(kws_times(taps, out->channels), kws_weight_bits(layer));
    need->channels = out->channels;
    need->in_place = kws_depthwise_trails(layer, in, out, columns);
    need->lag = layer->pad_top;
    return true;
}

#endif
