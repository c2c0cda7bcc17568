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
    return kws_patches_fit(layer, in, out, kws_pointwise_taps(layer, in, in2, out), false, need);
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
