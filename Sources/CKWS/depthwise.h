/* SPDX-License-Identifier: Apache-2.0
 *
 * depthwise.h - which layers are depthwise convolutions that a kernel can run.
 */
#ifndef KWS_DEPTHWISE_H
#define KWS_DEPTHWISE_H

#include "geometry.h"

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

/* Is a row of the input done with when the row of the output is that has it as its first? One
 * channel at a time, so that pixels of less than a byte a channel never trail. */
static inline bool kws_depthwise_may_trail(const kws_layer *layer, const kws_tensor *in,
                                           const kws_tensor *out)
{
    return in->channels == out->channels && in->width == out->width && in->bits == 8 &&
           out->bits == 8 && layer->stride_height == 1 && layer->stride_width == 1;
}

#endif
