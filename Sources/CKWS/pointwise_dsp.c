/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* The output may trail: the pixels of a block are laid out before one of them is written, and
 * pixels of the output are not longer than those of the input. */
static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    need->in_place = true;
    return in2 == NULL && in->height == out->height && in->width == out->width &&
           layer->kernel_height == 1 && layer->kernel_width == 1 && layer->stride_height == 1 &&
           layer->stride_width == 1 && layer->pad_top == 0 && layer->pad_left == 0 &&
           kws_patches_fit(layer, in, out, in->channels, false, need);
}

/* see inner.h */
#define KERNEL(bits)                                                                               \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        kws_patches_run(call, r, call->in + kws_row(call->input, r), &kws_core##bits);             \
    }                                                                                              \
    const kws_kernel kws_pointwise_w##bits = {.id = KWS_KERNEL_POINTWISE_W##bits,                  \
                                              .pack = KWS_PACK_DSP,                                \
                                              .fits = fits,                                        \
                                              .run = run_w##bits};

KERNEL(8)
KERNEL(4)
KERNEL(3)
KERNEL(2)

#endif
