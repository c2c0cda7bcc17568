/* SPDX-License-Identifier: Apache-2.0
 *
 * patch_sizes_dsp.h - how long patches and rows of weights are: SPEC.md, section 4.2, DSP.
 */
#ifndef KWS_PATCH_SIZES_DSP_H
#define KWS_PATCH_SIZES_DSP_H

#include "matrix_dsp.h"
#include "packed.h"

#define KWS_PIXELS_MAX 5u

static inline uint32_t kws_smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Words in which so many pixels lie. */
static inline uint32_t kws_words_of(uint32_t pixels)
{
    return pixels == KWS_PIXELS_MAX ? KWS_PIXELS_MAX - 1u : pixels;
}

/* Taps as they are widened: filled up to whole words. */
static inline uint32_t kws_whole_words(uint32_t taps)
{
    return (taps + 3u) & ~3u;
}

/* Outputs whose weights are stored together: two of 8 bits, four of DENSE below, else one. */
static inline uint32_t kws_group(const kws_layer *layer)
{
    if (kws_weight_bits(layer) == 8) {
        return 2;
    }
    return layer->kernel >> 4 == KWS_KERNEL_DENSE_W8 >> 4 ? 4 : 1;
}

/* Taps filled up to whole steps: 16 of 2-bit weights that an output has to itself, else 8. */
static inline uint32_t kws_whole_steps(const kws_layer *layer, uint32_t taps)
{
    const uint32_t step = kws_weight_bits(layer) == 2 && kws_group(layer) == 1 ? 16 : KWS_STEP;
    return kws_plus(taps, step - 1u) & ~(step - 1u);
}

/* Bytes of an output's weights for one block. Of 3 bits that it has to itself 32 take 3 words, the
 * last ones 4 bits. */
static inline uint32_t kws_weights_of(const kws_layer *layer, uint32_t taps)
{
    const uint32_t bits = kws_weight_bits(layer), count = kws_whole_steps(layer, taps);
    return bits == 3 && kws_group(layer) == 1 ? (count >> 5) * 12u + ((count & 31u) >> 1)
                                              : count * bits >> 3;
}

#endif
