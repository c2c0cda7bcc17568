/* SPDX-License-Identifier: Apache-2.0
 *
 * slide_t32.h - depthwise along a row: kernels of one row and three to ten taps, at strides of 1.
 */
#ifndef KWS_SLIDE_T32_H
#define KWS_SLIDE_T32_H

#include "geometry.h"

/* The columns of a row that see the input only, for the assembly to sum; none if the layer is not
 * for it: weights and elements have 8 bits, each channel its own output. */
kws_span kws_t32_slide_columns(const kws_call *call);

/* Computes these columns of row r. Of a channel, what a column sees is read before it is written.
 */
void kws_t32_run_slide(const kws_call *call, uint32_t r, kws_span columns);

/* The assembly knows the offsets. Places are of a channel's first pair of taps, see slide_t32.c. */
typedef struct kws_t32_slide {
    uint32_t       odd, even; /* from the newest pair of a step to its outputs */
    const uint8_t *end;       /* what the pair behind the first channel's last one would be */
    const int16_t *multipliers;
    const int32_t *biases;
    const int8_t  *weights;
    uint32_t       weights_code; /* where to enter the code that loads weights */
    uint32_t       x_code;       /* likewise what the first step sees of the input */
    uint32_t       first_code;   /* what follows the first step's sum */
    uint32_t       span;         /* from where x_code begins to end */
    uint32_t       shift;        /* n */
    uint32_t       unshift;      /* 32 - n */
    const int16_t *multipliers_end;
    uint32_t       pixel; /* bytes from a column to the next */
} kws_t32_slide;

void kws_t32_sum_slide(const kws_t32_slide *slide);

/* Ten taps of weights, 6 bytes a tap but for the pairs: 12 a pair, 4 more for its second. */
void kws_t32_slide_weights(void);
/* Five pairs of the input: 16 bytes a pair, 4 more for its second. */
void kws_t32_slide_x(void);

/* Behind the first sum, with steps of three or of five pairs: its second output counts, or none. */
void kws_t32_slide3_one(void);
void kws_t32_slide3_none(void);
void kws_t32_slide5_one(void);
void kws_t32_slide5_none(void);

#endif
