/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"
#include "plain.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_dense_taps(in, in2, out);
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_weights_bytes(kws_times(taps, out->channels), kws_weight_bits(layer));
    need->channels = out->channels;
    return true;
}

/* |acc| <= 65535 * 255 * 128 < 2^31. */
static void run(const kws_call *call, uint32_t row)
{
    const uint32_t pixels = (uint32_t)call->input->height * call->input->width;
    const uint32_t taps = kws_elements(call->input);
    (void)row; /* there is but one */
    for (uint32_t o = 0; o < call->output->channels; o++) {
        kws_finish(call, kws_dot(call, 0, o * taps, call->in, 0, pixels), o, call->out);
    }
}

/* see inner.h */
KWS_KERNELS_OF_EVERY_WIDTH(dense, DENSE)

#endif
