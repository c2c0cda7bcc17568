/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "kws_fixed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    if (in2 != NULL || in->height != out->height || in->width != out->width ||
        layer->kernel_height != 1 || layer->kernel_width != 1 || layer->stride_height != 1 ||
        layer->stride_width != 1 || layer->pad_top != 0 || layer->pad_left != 0) {
        return false;
    }
    need->weights_bytes = kws_times(in->channels, out->channels);
    need->channels = out->channels;
    need->in_place = out->channels <= in->channels;
    need->scratch_bytes = kws_in_place(in, out) ? in->channels : 0;
    return true;
}

/* One pixel; |acc| <= 65535 * 128 * 128 < 2^30. */
static void pixel(const kws_call *call, const int8_t *x, int8_t *y)
{
    const int8_t *w = call->weights;
    const int32_t channels = call->input->channels;
    for (int32_t o = 0; o < call->output->channels; o++, w += channels) {
        int32_t acc = 0;
        for (int32_t c = 0; c < channels; c++) {
            acc = kws_mac(acc, x[c], w[c]);
        }
        y[o] = kws_requant(acc, call->multipliers[o], call->biases[o], call->layer->shift);
    }
}

static void run(const kws_call *call)
{
    const uint32_t channels = call->input->channels;
    const bool     in_place = call->in == call->out;
    const int8_t  *x = call->in;
    int8_t        *y = call->out;
    for (uint32_t r = 0; r < call->output->height; r++) {
        for (uint32_t q = 0; q < call->output->width; q++) {
            if (in_place) {
                /* The output never overtakes the input: only this pixel has to be saved. */
                memcpy(call->scratch, x, channels);
                pixel(call, call->scratch, y);
            } else {
                pixel(call, x, y);
            }
            x += channels;
            y += call->output->channels;
        }
        kws_row_done(call, r);
    }
}

/* see inner.h */
const kws_kernel kws_pointwise_s8s8 = {
    .id = KWS_KERNEL_POINTWISE_S8S8, .pack = KWS_PACK_PORTABLE, .fits = fits, .run = run};
