/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix_mve.h - the matrix product of CONV, POINTWISE and DENSE on MVE: eight outputs of one or of
 * four pixels at a time, from unsigned activations and weights v = w + 2^(bits-1), as SPEC.md,
 * section 4.2, packs them.
 *
 * acc = sum v*x - 2^(bits-1) * sum x: the second sum is that of the pixel, so that every
 * accumulator begins with it, and VMLADAVA adds 16 products at a time. |acc| <= 65535 * 255 * 128 <
 * 2^31; partial sums may wrap.
 */
#ifndef KWS_MATRIX_MVE_H
#define KWS_MATRIX_MVE_H

#include "code_mve.h"
#include "inner.h"

#if KWS_VARIANT == KWS_PACK_MVE

/* The work of kws_mve_four_w<bits>(): outputs, a multiple of 8, of four pixels. The order of the
 * members is that of LDM in the code. */
typedef struct kws_mve_four {
    int32_t        acc[4][2][4]; /* [pair of outputs][output][pixel] */
    int32_t        first0;       /* accumulators of the four pixels begin with these, */
    const uint8_t *patches;      /* [head if any, then blocks][4 pixels][16] */
    int32_t        first1, first2;
    uint32_t       passes;           /* filled in by the code, as is entry */
    int32_t        first3, again[4]; /* and the second output's once more */
    const void    *entry[4][2];      /* of pairs 0, 1, .. of outputs that share vectors */
    uint8_t       *out[4];
    const int16_t *multipliers;
    const int32_t *biases;
    const uint8_t *end; /* of the weights of these outputs */
    int32_t        shift;
    uint32_t       head;   /* K % 16 */
    uint32_t       blocks; /* K / 16 */
    const uint8_t *weights;
    uint32_t       stream; /* bytes of the weights that two or more pairs of outputs share */
} kws_mve_four;

_Static_assert(sizeof(kws_mve_four) == 128 + 120, "the code knows the offsets");

/* The work of kws_mve_one_w<bits>(): outputs, a multiple of 8, of one pixel. */
typedef struct kws_mve_one {
    const int16_t *multipliers;
    const int32_t *biases;
    uint8_t       *out;
    const uint8_t *end;
    int32_t        shift;
    uint32_t       stream; /* bytes from one stream of weights to the next */
    const uint8_t *weights;
    const uint8_t *x; /* the head, then the blocks; if the head is filled, the blocks */
    uint32_t       head, blocks;
    int32_t        first;
    uint32_t       filled; /* 1: weights of the head begin with 0s up to 16, x is plain */
} kws_mve_one;

_Static_assert(sizeof(kws_mve_one) == 48, "the code knows the offsets");

/* Writes the patches of four pixels of taps elements that lie one behind the other; their sums. */
void kws_mve_patches(uint8_t *to, const uint8_t *x, uint32_t taps, uint32_t sums[4]);

void kws_mve_four_w8(kws_mve_four *work);
void kws_mve_four_w4(kws_mve_four *work);
void kws_mve_four_w3(kws_mve_four *work);
void kws_mve_four_w2(kws_mve_four *work);
void kws_mve_one_w8(kws_mve_one *work);
void kws_mve_one_w4(kws_mve_one *work);
void kws_mve_one_w3(kws_mve_one *work);
void kws_mve_one_w2(kws_mve_one *work);

#endif
#endif
