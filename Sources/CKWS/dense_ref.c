/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "kws_fixed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_elements(in);
    (void)layer;
    if (in2 != NULL || taps > KWS_TAPS_MAX || out->height != 1 || out->width != 1) {
        return false;
    }
    need->weights_bytes = kws_times(taps, out->channels);
    need->channels = out->channels;
    return true;
}

static void run(const kws_call *call)
{
    const int32_t taps = (int32_t)kws_elements(call->input);
    const int8_t *w = call->weights;
    for (int32_t o = 0; o < call->output->channels; o++, w += taps) {
        int32_t acc = 0; /* |acc| <= taps * 128 * 128 < 2^31, tight at 2^17 - 1 taps */
        for (int32_t i = 0; i < taps; i++) {
            acc = kws_mac(acc, call->in[i], w[i]);
        }
        call->out[o] = kws_requant(acc, call->multipliers[o], call->biases[o], call->layer->shift);
    }
    kws_row_done(call, 0);
}

/* see inner.h */
const kws_kernel kws_dense_s8s8 = {
    .id = KWS_KERNEL_DENSE_S8S8, .pack = KWS_PACK_PORTABLE, .fits = fits, .run = run};
