/* SPDX-License-Identifier: Apache-2.0 */
#include "add.h"
#include "geometry.h"
#include "packed.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    (void)layer;
    need->channels = 1;
    need->multipliers = 2;
    need->in_place = true;
    return in2 != NULL && kws_same_shape(in, out) && kws_same_shape(in2, out);
}

/* A pixel of any bits. */
KWS_SMALL static void add_pixel(const kws_call *call, const uint8_t *x, uint32_t bits,
                                const uint8_t *x2, uint32_t bits2, uint8_t *y)
{
    const kws_tensor *out = call->output;
    const int16_t    *multipliers = kws_multipliers(call);
    const int32_t     bias = kws_biases(call)[0];
    uint32_t          held = 0;
    for (uint32_t c = 0; c < out->channels; c++) {
        /* |acc| <= 2 * 255 * 2^15 + 2^30 < 2^31 */
        const int32_t acc = kws_mac(kws_mac(bias, kws_get(x, bits, c), multipliers[0]),
                                    kws_get(x2, bits2, c), multipliers[1]);
        kws_collect(y, out->bits, c, out->channels, kws_clip(acc >> call->layer->shift, out->bits),
                    &held);
    }
}

/* In place a byte is written when all that lay in it was read: it lies no further on than the last
 * input it was made from, since a pixel of the output is not longer than one of the input. */
static void run(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *in2 = call->input2, *out = call->output;
    const uint8_t    *x = call->in + kws_row(in, r), *x2 = call->in2 + kws_row(in2, r);
    uint8_t          *y = call->out + kws_row(out, r);
    if (in->bits == 8 && in2->bits == 8 && out->bits == 8) {
        kws_add_bytes(call, x, x2, y, (uint32_t)out->width * out->channels);
        return;
    }
    for (uint32_t q = 0; q < out->width; q++) {
        add_pixel(call, x, in->bits, x2, in2->bits, y);
        x += kws_pixel_bytes(in);
        x2 += kws_pixel_bytes(in2);
        y += kws_pixel_bytes(out);
    }
}

/* see inner.h */
const kws_kernel kws_add_w0 = {
    .id = KWS_KERNEL_ADD, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
