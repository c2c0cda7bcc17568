/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"

/* Extent of a tensor on axis 0, 1 or 2. */
static uint32_t extent(const kws_tensor *t, uint32_t axis)
{
    return axis == 0 ? t->height : axis == 1 ? t->width : t->channels;
}

/* Distance in elements between neighbours on an axis. */
static uint32_t pitch(const kws_tensor *t, uint32_t axis)
{
    return axis == 0 ? (uint32_t)t->width * t->channels : axis == 1 ? t->channels : 1u;
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t p0 = layer->kernel_height, p1 = layer->kernel_width, p2 = layer->stride_height;
    (void)need;
    return in2 == NULL && p0 <= 2 && p1 <= 2 && p2 <= 2 && p0 != p1 && p0 != p2 && p1 != p2 &&
           out->height == extent(in, p0) && out->width == extent(in, p1) &&
           out->channels == extent(in, p2);
}

static void run(const kws_call *call)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    s0 = pitch(in, call->layer->kernel_height);
    const uint32_t    s1 = pitch(in, call->layer->kernel_width);
    const uint32_t    s2 = pitch(in, call->layer->stride_height);
    int8_t           *y = call->out;
    for (uint32_t r = 0; r < out->height; r++) {
        for (uint32_t q = 0; q < out->width; q++) {
            for (uint32_t c = 0; c < out->channels; c++) {
                *y++ = call->in[r * s0 + q * s1 + c * s2];
            }
        }
        kws_row_done(call, r);
    }
}

/* see inner.h */
const kws_kernel kws_transpose_s8 = {
    .id = KWS_KERNEL_TRANSPOSE_S8, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
