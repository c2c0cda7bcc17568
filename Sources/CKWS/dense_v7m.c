/* SPDX-License-Identifier: Apache-2.0 */
#include "rows_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_dense_taps(in, in2, out);
    if (taps == 0) {
        return false;
    }
    kws_v7m_need(layer, taps, out, need);
    return true;
}

/* The input is whole, so that all its pixels are one behind the other. */
static void run(const kws_call *call, uint32_t r, const kws_v7m_width *width)
{
    const uint32_t taps = kws_elements(call->input);
    kws_v7m_work  *work = call->scratch;
    work->source = (kws_v7m_source){.call = call, .row = call->in, .run = taps, .taps = taps};
    (void)r; /* there is but one */
    kws_v7m_row(work, width, call->out);
}

/* see inner.h */
KWS_V7M_KERNELS(dense, DENSE)

#endif
