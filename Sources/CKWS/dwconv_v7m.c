/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: weights [out channel][kh][kw], bits behind one another. Rows of the shapes
 * that a core takes go to it.
 */
#include "column_t32.h"
#include "depthwise.h"
#include "depthwise_any.h"
#include "depthwise_v7m.h"
#include "packed.h"
#include "steps_t32.h"

#if KWS_VARIANT == KWS_PACK_V7M

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    if (!kws_depthwise_plain_fits(layer, in, in2, out, KWS_T32_BLOCK, need)) {
        return false;
    }
    if (!kws_v7m_dw3_fits(layer, in, out)) {
        need->scratch_bytes = kws_t32_steps_scratch(layer, in, out);
    }
    return true;
}

/* Two's complement of every width. */
static int32_t weight(const kws_call *call, uint32_t o, uint32_t k)
{
    const kws_layer *layer = call->layer;
    const uint32_t   bits = kws_weight_bits(layer), half = 1u << (bits - 1);
    const uint32_t   first = o * layer->kernel_height * layer->kernel_width;
    const int32_t    w = kws_weight(kws_weights(call), bits, first + k);
    return bits == 8 ? w : (int32_t)(((uint32_t)w + half) ^ half) - (int32_t)half;
}

static void unpack(const kws_call *call, uint32_t first, uint32_t channels, int8_t *to)
{
    kws_t32_unpack_stream(call, first, channels, false, to);
}

static __attribute__((noinline)) void run_otherwise(const kws_call *call, uint32_t r)
{
    if (!kws_t32_run_steps(call, r, unpack, kws_t32_run_slide)) {
        kws_depthwise_any(call, r, 0, call->output->width, weight);
    }
}

/* A row: by a core if there is one for it. */
static void run(const kws_call *call, uint32_t r, kws_v7m_dw_core *core)
{
    if (!kws_v7m_dw3_fits(call->layer, call->input, call->output)) {
        run_otherwise(call, r);
    } else if (!kws_v7m_run_dw3(call, r, core)) {
        kws_depthwise_any(call, r, 0, call->output->width, weight);
    }
}

#define KERNEL(bits)                                                                               \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        run(call, r, kws_v7m_dw3_w##bits);                                                         \
    }                                                                                              \
    const kws_kernel kws_dwconv_w##bits = {                                                        \
        .id = KWS_KERNEL_DWCONV_W##bits, .pack = KWS_PACK_V7M, .fits = fits, .run = run_w##bits};

/* see inner.h */
KERNEL(8)
KERNEL(4)
KERNEL(3)
KERNEL(2)

#endif
