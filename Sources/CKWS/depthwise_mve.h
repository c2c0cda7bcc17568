/* SPDX-License-Identifier: Apache-2.0
 *
 * depthwise_mve.h - the inner parts of the depthwise convolution on MVE, in assembly: VST4 and an
 * accumulator in every even register are what compilers spill.
 *
 * A word is 4 taps of one column of the window, of one channel; words lie 16 channels together, 64
 * bytes.
 */
#ifndef KWS_DEPTHWISE_MVE_H
#define KWS_DEPTHWISE_MVE_H

#include "code_mve.h"
#include "inner.h"

#if KWS_VARIANT == KWS_PACK_MVE

#define KWS_MVE_WORD_BYTES 64u
#define KWS_MVE_COLUMNS 5u /* of the output at a time */
#define KWS_MVE_SUMS 6u    /* of a channel: 5 accumulators and the sum of its weights */

/* Four rows of 16 channels become words. The order of the members is that of LDM in the code. */
typedef struct kws_mve_rows {
    const uint8_t *at[4];
    uint32_t       step[4]; /* bytes from column to column; 0 repeats 16 bytes */
    uint8_t       *to;
    uint32_t       before; /* columns of padding, */
    uint32_t       count;  /* of the rows, */
    uint32_t       add;    /* to every byte, mod 256; */
    uint32_t       behind; /* columns of padding */
    uint32_t       padding;
    uint32_t       three; /* 1: the fourth row is 0 */
    int32_t        shift; /* narrow weights only: v = (byte >> -shift) & mask */
    uint32_t       mask;
} kws_mve_rows;

_Static_assert(sizeof(kws_mve_rows) == 68, "the code knows the offsets");

void kws_mve_words(const kws_mve_rows *rows);
void kws_mve_words_narrow(const kws_mve_rows *rows); /* no padding */

/* Where the outputs of 1 to 5 pixels go, and how. */
typedef struct kws_mve_outputs {
    uint8_t       *last; /* pixel */
    uint32_t       step; /* bytes of a pixel */
    const int16_t *multipliers;
    const int32_t *biases;
    uint32_t       pixels; /* becomes the place to jump to */
    int32_t        shift;
} kws_mve_outputs;

/* The outputs of count eights of channels at 1 to 5 pixels. */
typedef struct kws_mve_eights {
    uint32_t *places; /* [vectors][4] words of the input less 4, [4] of the weights less 4, [4] of
                         the sums */
    int32_t        *sums; /* [8][KWS_MVE_SUMS], and 16 bytes */
    uint32_t        vectors;
    uint32_t        offset; /* 4 bytes a channel: 0 */
    kws_mve_outputs outputs;
    uint32_t        count;
} kws_mve_eights;

_Static_assert(sizeof(kws_mve_eights) == 44, "the code knows the offsets");

void kws_mve_depthwise(kws_mve_eights *work);

/* A row of 1 to 5 pixels and groups of 16 channels, for windows of three rows and 1 to 4 columns:
 * what the functions above do, in one. */
typedef struct kws_mve_three {
    uint8_t       *to;     /* words of the input, */
    uint32_t       before; /* columns of padding, */
    const uint8_t *at[3];  /* then of these rows, */
    uint32_t       step[3];
    uint32_t       count, behind; /* so many, then padding again */
    uint32_t       next[4];       /* from group to group, of at[]; and 0 */
    const uint8_t *weights;
    uint32_t       weights_row; /* 16 * kernel_width */
    uint32_t       kernel_width;
    uint8_t       *weights_to;
    int32_t        shift;      /* of the group's weights: 0 */
    uint32_t       field_bits; /* 8, 4 or 2 */
    uint32_t       mask, add;  /* w = ((byte >> -shift) & mask) + add */
    uint32_t       padding;
    uint32_t
            *places; /* [4] words of the input less 4, [4] of the weights less 4, [4] of the sums */
    int32_t *sums;   /* [8][KWS_MVE_SUMS], and 16 bytes */
    kws_mve_outputs outputs;
    uint32_t        groups;
} kws_mve_three;

_Static_assert(sizeof(kws_mve_three) == 128, "the code knows the offsets");
_Static_assert(sizeof(kws_mve_three) >= sizeof(kws_mve_rows) + sizeof(kws_mve_eights),
               "scratch has room for this one");

void kws_mve_depthwise_three(kws_mve_three *work);

#endif
#endif
