/* SPDX-License-Identifier: Apache-2.0
 *
 * depthwise_steps_t32.h - depthwise layers by lists of steps: any kernel, stride and padding.
 */
#ifndef KWS_DEPTHWISE_STEPS_T32_H
#define KWS_DEPTHWISE_STEPS_T32_H

#include "slide_t32.h"

/* Scratch of a layer: a list, and a channel's weights of less than 8 bits. 0 for layers that are
 * not run: elements have 8 bits, each channel its own output, and the list is not too long. */
uint32_t kws_t32_steps_scratch(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out);

/* Writes the narrow weights of some channels, a byte each. */
typedef void kws_t32_unpack(const kws_call *call, uint32_t first, uint32_t channels, int8_t *to);

/* Row r; false if the layer is none of these. The output may trail the input if it is a block wide:
 * a channel is read before it is written. Columns for slide_t32.h go to slide. */
bool kws_t32_run_steps(const kws_call *call, uint32_t r, kws_t32_unpack *unpack,
                       kws_t32_slider *slide);

/* An unpack of weights that lie behind one another, in two's complement or with an offset. */
void kws_t32_unpack_stream(const kws_call *call, uint32_t first, uint32_t channels, bool offset,
                           int8_t *to);

#endif
