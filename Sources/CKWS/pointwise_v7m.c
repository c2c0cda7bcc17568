/* SPDX-License-Identifier: Apache-2.0 */
#include "rows_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_pointwise_taps(layer, in, in2, out);
    if (taps == 0) {
        return false;
    }
    kws_v7m_need(layer, taps, out, need);
    need->in_place = true; /* the patches of a tile are laid out before its outputs are written */
    return true;
}

static void run(const kws_call *call, uint32_t r, const kws_v7m_width *width)
{
    kws_v7m_work *work = call->scratch;
    work->source = (kws_v7m_source){.call = call,
                                    .row = call->in + kws_v7m_row_offset(call->input, r),
                                    .run = call->input->channels,
                                    .taps = call->input->channels};
    kws_v7m_row(work, width, call->out + kws_v7m_row_offset(call->output, r));
}

/* see inner.h */
KWS_V7M_KERNELS(pointwise, POINTWISE)

#endif
