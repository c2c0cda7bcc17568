/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    return kws_patches_fit(layer, in, out, kws_conv_taps(layer, in, in2, out), true, need);
}

/* see inner.h */
#define KERNEL(bits)                                                                               \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        kws_patches_run(call, r, NULL, &kws_core##bits);                                           \
    }                                                                                              \
    const kws_kernel kws_conv_w##bits = {                                                          \
        .id = KWS_KERNEL_CONV_W##bits, .pack = KWS_PACK_DSP, .fits = fits, .run = run_w##bits};

KERNEL(8)
KERNEL(4)
KERNEL(3)
KERNEL(2)

#endif
