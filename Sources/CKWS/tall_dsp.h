/* SPDX-License-Identifier: Apache-2.0
 *
 * tall_dsp.h - depthwise layers whose kernels are one column: networks over time.
 */
#ifndef KWS_TALL_DSP_H
#define KWS_TALL_DSP_H

#include "inner.h"

/* A pixel of the output, whole groups of four channels. The assembly knows the offsets. Places of
 * pixels are those of the channel behind the last group's. */
typedef struct kws_tall {
    uint8_t              *y; /* of the first channel, as the tables are */
    const int16_t        *multipliers;
    const int32_t        *biases;
    uint32_t              shift;
    const uint8_t *const *taps;     /* the pixels of the input, one at least */
    const uint8_t *const *taps_end; /* behind the last of them */
    uint32_t              channels; /* less than none: how many there are, negative */
    const uint8_t        *weights;  /* of the first group's first tap: four bytes a tap */
    uint32_t              skip;     /* bytes of a group's weights that no tap here has */
} kws_tall;

void kws_tall_sum(const kws_tall *pixel);

/* Are the layer's weights those of one column, four channels together (SPEC.md, section 4.2)? */
bool kws_is_tall(const kws_layer *layer);

/* Weight k of output o of such a layer. */
int32_t kws_tall_weight(const kws_call *call, uint32_t o, uint32_t k);

/* Scratch of such a layer. */
uint32_t kws_tall_scratch(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out);

/* Row r of such a layer. */
void kws_tall_run(const kws_call *call, uint32_t r);

#endif
