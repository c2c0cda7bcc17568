/* SPDX-License-Identifier: Apache-2.0 */
#include "packed.h"
#include "slide_t32.h"

#if KWS_T32

#define TAPS_MAX 10u
#define TAPS_MIN 3u

/* Of fewer columns the lists of steps_t32.c are done sooner. */
#define COLUMNS_MIN 6

/* M = m 2^(16-n) is a whole number of 32 bits. */
#define SHIFT_MAX 16u

/* see slide_t32.h */
kws_span kws_t32_slide_columns(const kws_call *call)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    taps = layer->kernel_width;
    const int32_t     left = layer->pad_left;
    const int32_t     inside = in->width + left + 1 - (int32_t)taps;
    const int32_t     end = inside < out->width ? inside : out->width;
    const bool        fits = kws_weight_bits(layer) == 8 && in->bits == 8 && out->bits == 8 &&
                      in->channels == out->channels && layer->stride_width == 1 &&
                      layer->kernel_height == 1 && layer->pad_top == 0 && taps >= TAPS_MIN &&
                      taps <= TAPS_MAX && layer->shift <= SHIFT_MAX && end - left >= COLUMNS_MIN;
    return fits ? (kws_span){left, end} : (kws_span){0, 0};
}

/* Taps are the last ones of ten, up to six of them are three pairs. Before the first column stand
 * as many that are not as there are taps before the first one, and one more if the number of
 * outputs is even: the first step has one output or none, all others have two. see slide_t32.h */
void kws_t32_run_slide(const kws_call *call, uint32_t r, kws_span columns)
{
    const kws_layer *layer = call->layer;
    const uint32_t   pixel = call->input->channels, taps = layer->kernel_width;
    const uint32_t   count = (uint32_t)(columns.end - columns.begin), odd = count & 1u;
    const bool       three = taps <= 6;
    const uint32_t   zeros = TAPS_MAX - taps, outside = zeros + 1u - odd; /* of ten */
    const uint32_t   x = kws_t32_slide_x_of(call, r), y = kws_t32_slide_y_of(call, r, columns);
    const uint32_t   span = (TAPS_MAX - (outside & ~1u) + count - odd) * pixel;
    kws_t32_slide    slide = {
           .odd = y - x + (1u - taps) * pixel,
           .even = y - x + (2u - taps) * pixel,
           .end = x - (outside & 1u) * pixel + span,
           .multipliers = kws_multipliers(call),
           .biases = kws_biases(call),
           .weights = kws_weights(call),
           .weights_code = kws_t32_code(kws_t32_slide_weights, 12 * (zeros >> 1) + 4 * (zeros & 1u)),
           .x_code = kws_t32_code(kws_t32_slide_x, 16 * (outside >> 1) + 4 * (outside & 1u)),
           .first_code = kws_t32_code(three ? (odd != 0 ? kws_t32_slide3_one : kws_t32_slide3_none)
                                            : (odd != 0 ? kws_t32_slide5_one : kws_t32_slide5_none),
                                      0),
           .span = span,
           .shift = layer->shift,
           .unshift = 32 - layer->shift,
           .multipliers_end = kws_multipliers(call) + pixel,
           .pixel = pixel};
    kws_t32_sum_slide(&slide);
}

#endif
