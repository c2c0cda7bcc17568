/* SPDX-License-Identifier: Apache-2.0
 *
 * geometry.h - sliding windows: which layers have a sound one, and what of it lies inside.
 */
#ifndef KWS_GEOMETRY_H
#define KWS_GEOMETRY_H

#include "bounds.h"
#include "inner.h"

/* Taps of an accumulator: taps * 128 * 128 < 2^31. */
#define KWS_TAPS_MAX ((1u << 17) - 1u)

/* Does a window of the layer stand on the input, for every position of the output? One axis. The
 * last window begins inside the input; so every position fits 18 bits. */
static inline bool kws_axis_fits(uint32_t in, uint32_t out, uint32_t kernel, uint32_t stride,
                                 uint32_t pad)
{
    return kernel >= 1 && stride >= 1 && kws_times(out - 1, stride) < in + pad;
}

static inline bool kws_window_fits(const kws_layer *l, const kws_tensor *in, const kws_tensor *out)
{
    return kws_axis_fits(in->height, out->height, l->kernel_height, l->stride_height, l->pad_top) &&
           kws_axis_fits(in->width, out->width, l->kernel_width, l->stride_width, l->pad_left);
}

/* Does the output share the input's memory? */
static inline bool kws_in_place(const kws_tensor *in, const kws_tensor *out)
{
    return in->arena_offset == out->arena_offset;
}

/* The part of a window on one axis that lies inside: taps begin .. end-1 of a kernel whose tap 0
 * is at position start. */
typedef struct kws_span {
    int32_t begin, end; /* 0 <= begin <= end <= kernel */
} kws_span;

static inline kws_span kws_inside(int32_t start, int32_t kernel, int32_t extent)
{
    kws_span span;
    span.begin = start < 0 ? -start : 0;
    span.begin = span.begin < kernel ? span.begin : kernel;
    span.end = extent - start < kernel ? extent - start : kernel;
    span.end = span.end > span.begin ? span.end : span.begin;
    return span;
}

#endif
