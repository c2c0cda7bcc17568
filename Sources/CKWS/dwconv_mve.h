/* SPDX-License-Identifier: Apache-2.0
 *
 * dwconv_mve.h - what the parts of the depthwise convolution on MVE share: a row of it, its groups
 * of channels, and what lies where in scratch.
 */
#ifndef KWS_DWCONV_MVE_H
#define KWS_DWCONV_MVE_H

#include "depthwise.h"
#include "depthwise_mve.h"
#include "packed.h"

#if KWS_VARIANT == KWS_PACK_MVE

#define KWS_MVE_VECTOR_BYTES (4u * KWS_MVE_WORD_BYTES) /* of four words of 16 channels */
#define KWS_MVE_SUMS_BYTES (8u * KWS_MVE_SUMS * 4u + 16u)
#define KWS_MVE_SIGN 0x80u
#define KWS_MVE_RUN_BYTES 16u
#define KWS_MVE_LINE_OUTPUTS 8u
#define KWS_MVE_LINE_PITCH 17u /* columns that 8 outputs can need; lane 15's place fits a byte */

/* Words of a window, and what lies where in scratch: sums, words of the input, words of the
 * weights, their places, rows of the input (at, step, bytes of 16 channels), 16 bytes of padding
 * and 16 that stand for weights 0. */
typedef struct kws_mve_plan {
    uint32_t chunks;  /* of 4 rows of the window */
    uint32_t vectors; /* of 4 words: all columns of chunk 0, of chunk 1, .. */
    uint32_t phase;   /* columns of the input with the same remainder by the stride */
    uint32_t slots;   /* words of a chunk */
    uint32_t x, weights, places, rows, padding, zero, work, bytes;
} kws_mve_plan;

/* Rows of one run(), and what all its groups of channels share. */
typedef struct kws_mve_dw_row {
    const kws_call *call;
    kws_mve_plan    p;
    uint32_t        bits;
    uint32_t        multiple; /* outputs of a channel of the input */
    int32_t         top;
    uint8_t        *y;
    uint8_t        *scratch;
} kws_mve_dw_row;

/* A group of channels, 16 at most, that are computed together. */
typedef struct kws_mve_dw_group {
    uint32_t       first, count;
    uint32_t       lanes;   /* of its block of weights */
    uint32_t       field;   /* in a byte */
    const uint8_t *weights; /* of its block */
} kws_mve_dw_group;

/* Weights of a byte: channels l, l + lanes, .. share byte l of a tap; 3 bits are kept in 4. */
static inline uint32_t kws_mve_fields(uint32_t bits)
{
    return bits == 8 ? 1 : bits == 2 ? 4 : 2;
}

/* Bits from field to field. */
static inline uint32_t kws_mve_field_bits(uint32_t bits)
{
    return bits == 8 ? 8 : bits == 2 ? 2 : 4;
}

/* Lanes of the block of weights of so many channels. */
static inline uint32_t kws_mve_field_lanes(uint32_t channels, uint32_t fields)
{
    return channels >= KWS_MVE_LANES * fields ? KWS_MVE_LANES
                                              : (channels + fields - 1u) >> (fields >> 1);
}

/* Is this a layer of whole blocks of weights, stride 1 and activations of 8 bits? */
static inline bool kws_mve_is_plain(const kws_call *call, uint32_t bits)
{
    const kws_tensor *in = call->input, *out = call->output;
    return in->channels == out->channels &&
           (out->channels & (KWS_MVE_LANES * kws_mve_fields(bits) - 1u)) == 0 && in->bits == 8 &&
           out->bits == 8 && call->layer->stride_width == 1;
}

/* Is this a layer of windows of one row that reach no further than PITCH, stride 1 and activations
 * of 8 bits, an output for a channel of the input, and eight of them or more in a row? */
static inline bool kws_mve_is_line(const kws_layer *layer, const kws_tensor *in,
                                   const kws_tensor *out)
{
    return layer->kernel_height == 1 && layer->pad_top == 0 && layer->stride_width == 1 &&
           layer->kernel_width <= KWS_MVE_LINE_PITCH + 1u - KWS_MVE_LINE_OUTPUTS &&
           out->width >= KWS_MVE_LINE_OUTPUTS && in->channels == out->channels &&
           out->channels < 8192 && in->bits == 8 && out->bits == 8;
}

/* Tables, turned weights and columns, and what is loaded behind them. */
#define KWS_MVE_LINE_BYTES (2u * KWS_MVE_LANES * (4u + KWS_MVE_LINE_PITCH + 1u))

/* Writes the words of the weights of a group: [vector][4 words][16 channels][4 taps], zeros where
 * there is no tap. */
void kws_mve_dw_weights(const kws_mve_dw_row *r, const kws_mve_dw_group *g, kws_mve_rows *rows);

/* Writes the rows of the input into their table. */
void kws_mve_dw_rows(const kws_mve_dw_row *r);

/* Writes the places of the words. */
void kws_mve_dw_places(const kws_mve_dw_row *r);

/* A row of the output: of a line (kws_mve_is_line), .. */
void kws_mve_dw_line(const kws_call *call, uint32_t index, uint32_t bits);
/* .. of a plain layer with windows of three rows, .. */
void kws_mve_dw_three(const kws_call *call, uint32_t index, uint32_t bits);
/* .. of activations of 8 bits and an output for a channel of the input, which may be in place if
 * the windows have one column; runs: KWS_MVE_RUN_BYTES for each of up to three of a row of the
 * window, four if they have one column, .. */
void kws_mve_dw_runs(const kws_call *call, uint32_t index, uint32_t bits, void *runs);
/* .. of any plain layer, .. */
void kws_mve_dw_plain(const kws_mve_dw_row *r);
/* .. of any layer, .. */
void kws_mve_dw_groups(const kws_mve_dw_row *r);
/* .. of windows whose words would take too much scratch. */
void kws_mve_dw_large(const kws_call *call, uint32_t r);

#endif
#endif
