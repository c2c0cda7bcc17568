/* SPDX-License-Identifier: Apache-2.0
 *
 * patches_dsp.h - CONV, POINTWISE and DENSE for the DSP extension: lays out the patches of a few
 * pixels at a time and multiplies them with all weights.
 */
#ifndef KWS_PATCHES_DSP_H
#define KWS_PATCHES_DSP_H

#include "matrix_dsp.h"

/* What is particular to a width of weights. */
typedef struct kws_core {
    uint32_t      group;    /* outputs at a time: 1, 2 or 4 */
    uint32_t      offset;   /* an accumulator begins with -2^offset * sum x */
    uint32_t      pixels;   /* at a time: 3 (then 2 and 1 will do as well) or 5 (or 1), or 1 */
    kws_widen    *widen[3]; /* of 1, of 2 and of the most pixels */
    kws_multiply *multiply[3];
} kws_core;

kws_widen kws_widen1, kws_widen2, kws_widen3, kws_widen5;

extern const kws_core kws_core8, kws_core4, kws_core3, kws_core2;

/* Of DENSE. */
extern const kws_core kws_nested_core4, kws_nested_core3, kws_nested_core2;

/* One pixel times whole groups of rows of gates, of KWS_PATCH_MAX taps at most: y is int32_t[], n
 * the lift, and y[i] = b[i] + mulq(sum * 2^n, m[i]). m and b need not be aligned to more than a
 * number; y may be b. */
kws_multiply kws_gates8, kws_gates4, kws_gates3, kws_gates2;

/* Can a layer with so many taps run, and what does it need? A window is laid out as bytes first; so
 * are elements of fewer than 8 bits. */
bool kws_patches_fit(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out,
                     uint32_t taps, bool window, kws_need *need);

/* Row r of the output. The patch of pixel q is the elements from pixel q of x on, or, if x
 * is NULL, the layer's window. */
void kws_patches_run(const kws_call *call, uint32_t r, const uint8_t *x, const kws_core *core);

#endif
