/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise.h"
#include "depthwise_any.h"
#include "packed.h"
#include "plain.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    return kws_depthwise_plain_fits(layer, in, in2, out, KWS_ANY_COLUMNS, need);
}

static int32_t weight(const kws_call *call, uint32_t o, uint32_t k)
{
    const kws_layer *layer = call->layer;
    const uint32_t   first = o * layer->kernel_height * layer->kernel_width;
    return kws_weight(kws_weights(call), kws_weight_bits(layer), first + k);
}

static void run(const kws_call *call, uint32_t r)
{
    kws_depthwise_any(call, r, 0, call->output->width, weight);
}

/* see inner.h */
KWS_KERNELS_OF_EVERY_WIDTH(dwconv, DWCONV)

#endif
