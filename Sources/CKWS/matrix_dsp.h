/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix_dsp.h - weights times patches for the DSP extension: CONV, POINTWISE and DENSE are the
 * same product once the patches of a few pixels have been laid out in scratch.
 *
 * A patch block holds P pixels and up to KWS_PATCH_MAX taps of each: first a word a pixel, with
 * which its accumulators begin; then for every four taps k .. k+3 the pairs (x[k], x[k+2]) of all
 * pixels, then the pairs (x[k+1], x[k+3]) of all pixels, as UXTB16 yields them. Five pixels take
 * four words: word p is of x of pixel p + 64 times that of pixel p + 1.
 */
#ifndef KWS_MATRIX_DSP_H
#define KWS_MATRIX_DSP_H

#include "inner.h"

/* Taps of a block. |sum| <= 256 * 255 * 128 < 2^23, so that 256 * sum fits an accumulator. */
#define KWS_PATCH_MAX 256u

/* Taps are filled up with x = 0 to whole steps of the loops: 16 taps for 2-bit weights, else 8. */
#define KWS_STEP 8u

/* One patch block times some rows of weights. The assembly knows this layout. */
typedef struct kws_product {
    const void     *weights;
    const void     *m;
    const int32_t  *b;
    uint8_t        *y;
    uint32_t        stride; /* bytes from pixel to pixel of y */
    uint32_t        n;
    const void     *m_end; /* where m ends up */
    const uint32_t *patch;
    const uint32_t *patch_end;
    uint32_t        count; /* taps, whole steps */
    uint32_t        sums;  /* 0: requantise to y; else m is int32_t[group][P][outputs of a group],
                              sums to add to */
} kws_product;

typedef void kws_multiply(const kws_product *product);

/* Widens count taps, a multiple of four and not 0, of pixels that are stride bytes apart to the
 * place `to` of a block; sums[]: what each word of a row adds up to. Returns where the next taps
 * go. */
typedef uint32_t *kws_widen(uint32_t *to, const uint8_t *x, uint32_t stride, uint32_t count,
                            uint32_t *sums);

/* Assembly in C: the function is nothing but its text. */
#define KWS_ASSEMBLY __attribute__((naked, noinline))
#define KWS_UNUSED __attribute__((unused))
#define KWS_LINE(text) text "\n\t"

#endif
