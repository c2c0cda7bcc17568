/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "kws_fixed.h"

static bool same_shape(const kws_tensor *a, const kws_tensor *b)
{
    return a->height == b->height && a->width == b->width && a->channels == b->channels;
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    (void)layer;
    need->channels = 1;
    need->multipliers = 2;
    need->in_place = true;
    return in2 != NULL && same_shape(in, out) && same_shape(in2, out);
}

static void run(const kws_call *call)
{
    const uint32_t count = (uint32_t)call->output->width * call->output->channels;
    const int32_t  bias = call->biases[0];
    uint32_t       i = 0;
    for (uint32_t r = 0; r < call->output->height; r++) {
        for (const uint32_t end = i + count; i < end; i++) {
            /* |acc| <= 2 * 128 * 2^15 + 2^30 < 2^31 */
            const int32_t acc = kws_mac(kws_mac(bias, call->in[i], call->multipliers[0]),
                                        call->in2[i], call->multipliers[1]);
            call->out[i] = kws_sat8(acc >> call->layer->shift);
        }
        kws_row_done(call, r);
    }
}

/* see inner.h */
const kws_kernel kws_add_s8 = {
    .id = KWS_KERNEL_ADD_S8, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
