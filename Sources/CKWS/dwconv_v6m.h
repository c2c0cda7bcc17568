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

/* Columns of the output whose sums are kept at a time. */
#define KWS_V6M_COLUMNS 5u

/* Up to so many columns of row r from column first on, and row r if it is one column, which returns
 * false where there are fewer than five channels, or padding that counts: elements and weights have
 * 8 bits, each channel its own output. What they see of a channel is read before it is written. */
void kws_v6m_run_taps(const kws_call *call, uint32_t r, uint32_t first, uint32_t count);
bool kws_v6m_run_column(const kws_call *call, uint32_t r);

/* Scratch of one tap, and of the end of the list. */
#define KWS_TAP_BYTES 12u

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

/* The codes: for all five columns; FROM + q: columns q .. 4; FIRST + n: columns 0 .. n-1; MIDDLE
 * and on: columns 1, 1 .. 2, 1 .. 3, 2, 2 .. 3, 3. */
#define KWS_CODE_ALL 0u
#define KWS_CODE_FROM 0u
#define KWS_CODE_FIRST 4u
#define KWS_CODE_END 9u
/* Added: the other columns, or with ALL each of them, take padding. */
#define KWS_CODE_PADDED 10u
/* Added to n: stores n columns. */
#define KWS_CODE_PUT 18u
#define KWS_CODE_MIDDLE 24u
/* Added to MIDDLE: the other columns take padding. */
#define KWS_CODE_MIDDLE_PADDED 6u
extern const uint32_t kws_dwconv_codes_v6m[36];

/* Assembly: the requantised sum acc in r4, by m in r1, b in r2 and n in r3, with r0 lost; outside
 * stands where no code falls into it. */
#define KWS_V6M_FINISH                                                                             \
    ".macro finish acc, i\n"                                                                       \
    "  mov r4, \\acc\n"                                                                            \
    "  uxth r0, r4\n  asrs r4, r4, #16\n  muls r0, r1, r0\n  asrs r0, r0, #16\n"                   \
    "  muls r4, r1, r4\n  adds r4, r4, r0\n  adds r4, r4, r2\n"                                    \
    "  asrs r4, r3\n  bmi .Lbelow\\i\n  lsrs r0, r4, #8\n  bne .Labove\\i\n"                       \
    ".Lclipped\\i:\n"                                                                              \
    ".endm\n"                                                                                      \
    ".macro outside i\n"                                                                           \
    ".Lbelow\\i:\n  movs r4, #0\n    b .Lclipped\\i\n"                                             \
    ".Labove\\i:\n  movs r4, #255\n  b .Lclipped\\i\n"                                             \
    ".endm\n"

#endif
