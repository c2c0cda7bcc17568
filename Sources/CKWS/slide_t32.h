/* SPDX-License-Identifier: Apache-2.0
 *
 * slide_t32.h - depthwise along a row: kernels of one row and three to ten taps, at strides of 1.
 */
#ifndef KWS_SLIDE_T32_H
#define KWS_SLIDE_T32_H

#include "geometry.h"

/* The columns of a row that see nothing but the input, if the assembly is to sum them: weights and
 * elements have 8 bits, each channel its own output. Else none. */
kws_span kws_t32_slide_columns(const kws_call *call);

/* Computes these columns of row r. Of a channel, what a column sees is read before it is written.
 */
typedef void   kws_t32_slider(const kws_call *call, uint32_t r, kws_span columns);
kws_t32_slider kws_t32_run_slide;

/* The assembly knows the offsets. Places are of a channel's pairs of neighbours, see slide_t32.c.
 */
typedef struct kws_t32_slide {
    uint32_t       odd, even; /* from the newest pair of a step to its outputs */
    uint32_t       end;       /* the pair behind the first channel's last one */
    const int16_t *multipliers;
    const int32_t *biases;
    const int8_t  *weights;
    uint32_t       weights_code; /* where to enter the code that loads weights */
    uint32_t       x_code;       /* likewise, what the first step sees of the input */
    uint32_t       first_code;   /* what follows the first step's sum */
    uint32_t       span;         /* to end from where x_code begins */
    uint32_t       shift;        /* n */
    uint32_t       unshift;      /* 32 - n */
    const int16_t *multipliers_end;
    uint32_t       pixel; /* bytes from a column to the next */
} kws_t32_slide;

void kws_t32_sum_slide(const kws_t32_slide *slide);
/* Five pairs of weights: 12 bytes a pair, 4 more for its second. */
void kws_t32_slide_weights(void);
/* Five pairs of the input: 16 bytes a pair, 4 more for its second. */
void kws_t32_slide_x(void);
/* Behind the first sum, with steps of three or of five pairs: its second output counts, or none. */
void kws_t32_slide3_one(void);
void kws_t32_slide3_none(void);
void kws_t32_slide5_one(void);
void kws_t32_slide5_none(void);

/* Where the row begins that the first column sees. */
static inline uint32_t kws_t32_slide_x_of(const kws_call *call, uint32_t r)
{
    return (uint32_t)(uintptr_t)call->in + kws_row(call->input, r * call->layer->stride_height);
}

/* Where the first column is. */
static inline uint32_t kws_t32_slide_y_of(const kws_call *call, uint32_t r, kws_span columns)
{
    return (uint32_t)(uintptr_t)call->out + kws_row(call->output, r) +
           (uint32_t)columns.begin * call->output->channels;
}

/* So many bytes behind a label. */
static inline uint32_t kws_t32_code(void (*label)(void), uint32_t bytes)
{
    return (uint32_t)(uintptr_t)label + bytes;
}

#endif
