/* SPDX-License-Identifier: Apache-2.0
 *
 * dwconv_v6m.h - one row of a depthwise convolution, in assembly.
 */
#ifndef KWS_DWCONV_V6M_H
#define KWS_DWCONV_V6M_H

#include "inner.h"

/* The assembly knows the order of the fields. */
typedef struct kws_three_by_three {
    const uint8_t *x[3]; /* rows of the input; NULL: outside */
    const uint8_t *weights;
    const int16_t *multipliers;
    const int32_t *biases;
    uint32_t       shift;
    uint8_t       *y;
    uint32_t       channels;
} kws_three_by_three;

void kws_dwconv_w8_v6m(const kws_three_by_three *job);
void kws_dwconv_w4_v6m(const kws_three_by_three *job);
void kws_dwconv_w3_v6m(const kws_three_by_three *job);
void kws_dwconv_w2_v6m(const kws_three_by_three *job);

/* One weight: x of the first channel and the first of its columns (of the last, for FIRST), the
 * number of the weight, and where the code for these columns is. */
typedef struct kws_tap {
    const uint8_t *x;
    uint32_t       weight;
    uint32_t       code;
} kws_tap;

/* Up to five columns of all channels, or one of a multiple of five; 8 bits everywhere. The assembly
 * knows the order of the fields. */
typedef struct kws_taps {
    const kws_tap *taps; /* the last one's code is KWS_CODE_END */
    const uint8_t *weights;
    uint32_t       weights_step; /* from channel to channel */
    const int16_t *multipliers;
    const int32_t *biases;
    uint32_t       shift;
    uint8_t       *y;
    uint32_t       y_step; /* from column to column */
    union {
        uint32_t       x_step; /* from column to column */
        const kws_tap *end;    /* of the taps of one column, which have no codes */
    };
    uint32_t channels;
    uint32_t zero_point;
    uint32_t put; /* code; y is that of the last column that it stores */
} kws_taps;

void kws_dwconv_taps_v6m(const kws_taps *job);
void kws_dwconv_column_v6m(const kws_taps *job);

/* The codes: for all five columns; FROM + q: columns q .. 4; FIRST + n: columns 0 .. n-1. */
#define KWS_CODE_ALL 0u
#define KWS_CODE_FROM 0u
#define KWS_CODE_FIRST 4u
#define KWS_CODE_END 9u
/* Added: the other columns, or with ALL each of them, take padding. */
#define KWS_CODE_PADDED 10u
/* Added to n: stores n columns. */
#define KWS_CODE_PUT 18u
extern const uint32_t kws_dwconv_codes_v6m[24];

#endif
