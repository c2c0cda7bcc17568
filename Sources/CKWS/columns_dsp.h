/* SPDX-License-Identifier: Apache-2.0
 *
 * columns_dsp.h - 3x3 depthwise convolution of five columns, in assembly.
 */
#ifndef KWS_COLUMNS_DSP_H
#define KWS_COLUMNS_DSP_H

#include "matrix_dsp.h"

/* Five columns of a row of the output, stride 1, in as many channels as there are multipliers. The
 * assembly knows this layout. Pointers are to the first channel of the middle one of the five. */
typedef struct kws_columns {
    const void    *weights; /* see SPEC.md, section 4.2 */
    const uint8_t *x[3];    /* the three rows of the input */
    const int16_t *m;
    const int32_t *b;
    uint8_t       *y;
    uint32_t       n;
    const int16_t *m_end;
    uint32_t       stride; /* bytes from pixel to pixel, of input and output */
} kws_columns;

typedef void kws_convolve(const kws_columns *columns);

/* Where the five columns are the input's only ones, where it goes on to the right (+1), to the left
 * (+2), on both sides; beyond it is 0. */
typedef struct kws_convolves {
    kws_convolve *at[4];
} kws_convolves;

/* Weights of 8 and 4 bits; those of 3 and of 2 bits lie alike. */
extern const kws_convolves kws_convolves8, kws_convolves4, kws_convolves3;

#endif
