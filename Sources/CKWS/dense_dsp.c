/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    return kws_patches_fit(layer, in, out, kws_dense_taps(in, in2, out), false, need);
}

/* see inner.h */
#define KERNEL(bits, core)                                                                         \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        kws_patches_run(call, r, call->in, &core);                                                 \
    }                                                                                              \
    const kws_kernel kws_dense_w##bits = {                                                         \
        .id = KWS_KERNEL_DENSE_W##bits, .pack = KWS_PACK_DSP, .fits = fits, .run = run_w##bits};

KERNEL(8, kws_core8)
KERNEL(4, kws_nested_core4)
KERNEL(3, kws_nested_core3)
KERNEL(2, kws_nested_core2)

#endif
