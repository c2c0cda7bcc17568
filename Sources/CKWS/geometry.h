/* SPDX-License-Identifier: Apache-2.0
 *
 * geometry.h - sliding windows: which layers have a sound one, and what of it lies inside.
 */
#ifndef KWS_GEOMETRY_H
#define KWS_GEOMETRY_H

#include "bounds.h"
#include "inner.h"

/* Taps of an accumulator: taps * 255 * 128 < 2^31. */
#define KWS_TAPS_MAX 65535u

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

static inline bool kws_same_shape(const kws_tensor *a, const kws_tensor *b)
{
    return a->height == b->height && a->width == b->width && a->channels == b->channels;
}

/* Is every pixel a number of whole bytes? */
static inline bool kws_whole_bytes(const kws_tensor *t)
{
    return (((uint32_t)t->channels * t->bits) & 7u) == 0;
}

/* Does row r of the output lie where row r - lag of the input does? (SPEC.md, section 4.1) In the
 * slots of a whole input there is nothing before row 0 but its last rows, which are still needed.
 */
static inline bool kws_trails(const kws_tensor *in, const kws_tensor *out, uint32_t lag)
{
    const uint32_t bytes = kws_row_bytes(in);
    if (out->rows == 1 && out->phase == 0 && in->rows == 1 && in->phase == 0 && lag == 0) {
        return in->arena_offset == out->arena_offset && kws_row_bytes(out) <= bytes;
    }
    if (kws_row_bytes(out) != bytes) {
        return false;
    }
    if (in->arena_offset == out->arena_offset && in->rows == out->rows && lag <= in->rows &&
        (lag == 0 || in->rows < in->height)) {
        return (uint32_t)out->phase + lag == in->phase ||
               (uint32_t)out->phase + lag == (uint32_t)in->phase + in->rows;
    }
    return in->rows == in->height && out->rows == out->height &&
           kws_plus(out->arena_offset, kws_times(lag, bytes)) == in->arena_offset;
}

/* Do the two tensors' slots share memory? */
static inline bool kws_touch(const kws_tensor *a, const kws_tensor *b)
{
    return !kws_apart(a->arena_offset, kws_slot_bytes(a), b->arena_offset, kws_slot_bytes(b));
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

/* Taps of an output of a convolution, a pointwise or a dense layer of these shapes; 0: a kernel
 * cannot run it. */
static inline uint32_t kws_conv_taps(const kws_layer *l, const kws_tensor *in,
                                     const kws_tensor *in2, const kws_tensor *out)
{
    const uint32_t taps = kws_times(kws_times(l->kernel_height, l->kernel_width), in->channels);
    return in2 == NULL && kws_window_fits(l, in, out) && taps <= KWS_TAPS_MAX ? taps : 0;
}

static inline uint32_t kws_pointwise_taps(const kws_layer *l, const kws_tensor *in,
                                          const kws_tensor *in2, const kws_tensor *out)
{
    const bool fits = in2 == NULL && in->height == out->height && in->width == out->width &&
                      l->kernel_height == 1 && l->kernel_width == 1 && l->stride_height == 1 &&
                      l->stride_width == 1 && l->pad_top == 0 && l->pad_left == 0;
    return fits ? in->channels : 0;
}

static inline uint32_t kws_dense_taps(const kws_tensor *in, const kws_tensor *in2,
                                      const kws_tensor *out)
{
    const uint32_t taps = kws_elements(in);
    const bool     fits = in2 == NULL && taps <= KWS_TAPS_MAX && in->rows == in->height &&
                      out->height == 1 && out->width == 1;
    return fits ? taps : 0;
}

/* Are 16 bits enough for the sums of MEAN? 257 * 255 = 65535. */
static inline bool kws_mean_is_narrow(const kws_tensor *in)
{
    return kws_times(in->height, in->width) <= 257u;
}

/* fits() of MEAN. */
static inline bool kws_mean_fits(const kws_layer *layer, const kws_tensor *in,
                                 const kws_tensor *in2, const kws_tensor *out, kws_need *need)
{
    (void)layer;
    need->channels = 1;
    need->scratch_bytes = kws_times(in->channels, kws_mean_is_narrow(in) ? 2 : 4);
    return in2 == NULL && in->channels == out->channels && out->height == 1 && out->width == 1 &&
           kws_times(in->height, in->width) <= KWS_TAPS_MAX;
}

#endif
