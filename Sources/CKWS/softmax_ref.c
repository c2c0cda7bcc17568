/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"

#define ELEMENTS_MAX 4096u

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    need->multipliers = 1;
    return in2 == NULL && kws_elements(in) <= ELEMENTS_MAX && in->height == 1 && in->width == 1 &&
           out->height == 1 && out->width == 1 && in->bits == 8 && out->bits == 8 &&
           (out->channels == in->channels || out->channels == 2u * in->channels) &&
           layer->shift <= KWS_EXP2_SHIFT_MAX;
}

/* e: of an element that lies d below the largest. */
static uint32_t exponential(const kws_call *call, uint32_t d)
{
    const int32_t m = kws_multipliers(call)[0]; /* 1 .. 32767 */
    return kws_exp2(d * (uint32_t)m, call->layer->shift);
}

static void run(const kws_call *call, uint32_t row)
{
    const uint32_t count = call->input->channels;
    const bool     is_fine = call->output->channels != count;
    uint32_t       largest = 0;
    uint32_t       sum = 0; /* <= 4096 * 2^15 = 2^27 */
    (void)row;              /* there is but one */
    for (uint32_t i = 0; i < count; i++) {
        largest = call->in[i] > largest ? call->in[i] : largest;
    }
    for (uint32_t i = 0; i < count; i++) {
        sum += exponential(call, largest - call->in[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t e = exponential(call, largest - call->in[i]);
        const uint32_t q = kws_div(65536 * e + (sum >> 1), sum); /* <= 2^31 + 2^26 */
        const uint32_t y = q < 65535 ? q : 65535;
        if (is_fine) {
            call->out[i] = (uint8_t)(y >> 8);
            call->out[count + i] = (uint8_t)(y & 255);
        } else {
            call->out[i] = (uint8_t)(y < 65280 ? (y + 128) >> 8 : 255);
        }
    }
}

/* see inner.h */
const kws_kernel kws_softmax_w0 = {
    .id = KWS_KERNEL_SOFTMAX, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
