/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "kws_fixed.h"

#define ELEMENTS_MAX 4096u

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t elements = kws_elements(in);
    need->weights_bytes = layer->weights_bytes;
    return in2 == NULL && elements <= ELEMENTS_MAX && in->height == out->height &&
           in->width == out->width && in->channels == out->channels && layer->weights_bytes >= 2 &&
           layer->weights_bytes <= 512 && (layer->weights_bytes & 1u) == 0;
}

/* e_i: the table's entry for an element that lies d below the largest. */
static uint32_t exponential(const kws_call *call, int32_t d)
{
    return d < (int32_t)(call->layer->weights_bytes >> 1) ? ((const uint16_t *)call->weights)[d]
                                                          : 0;
}

static void run(const kws_call *call)
{
    const uint32_t count = kws_elements(call->input);
    int32_t        largest = -128;
    uint32_t       sum = 0; /* <= 4096 * 2^15 = 2^27 */
    for (uint32_t i = 0; i < count; i++) {
        largest = call->in[i] > largest ? call->in[i] : largest;
    }
    for (uint32_t i = 0; i < count; i++) {
        sum += exponential(call, largest - call->in[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t e = exponential(call, largest - call->in[i]);
        const uint32_t y = kws_div(256 * e + (sum >> 1), sum); /* <= 2^23 + 2^26 */
        call->out[i] = (int8_t)((int32_t)(y < 255 ? y : 255) - 128);
    }
    for (uint32_t r = 0; r < call->output->height; r++) {
        kws_row_done(call, r);
    }
}

/* see inner.h */
const kws_kernel kws_softmax_s8 = {
    .id = KWS_KERNEL_SOFTMAX_S8, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
