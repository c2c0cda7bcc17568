/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"
#include "plain.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_pointwise_taps(layer, in, in2, out);
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_weights_bytes(kws_times(taps, out->channels), kws_weight_bits(layer));
    need->channels = out->channels;
    need->in_place = true;
    need->scratch_bytes = kws_touch(in, out) ? kws_pixel_bytes(in) : 0;
    return true;
}

/* In place, row r of the output never overtakes that of the input: its pixels are not longer. So
 * only the pixel at hand has to be saved. |acc| <= 65535 * 255 * 128 < 2^31. */
static void run(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    bytes = kws_pixel_bytes(in);
    const bool        in_place = call->layer->scratch_bytes != 0;
    const uint8_t    *x = call->in + kws_row(in, r);
    uint8_t          *y = call->out + kws_row(out, r);
    for (uint32_t q = 0; q < out->width; q++, x += bytes, y += kws_pixel_bytes(out)) {
        const uint8_t *pixel = x;
        if (in_place) {
            memcpy(call->scratch, x, bytes);
            pixel = call->scratch;
        }
        if (kws_of_bytes(call)) {
            kws_pixel_of_bytes(call, pixel, in->channels, y);
            continue;
        }
        for (uint32_t o = 0; o < out->channels; o++) {
            kws_finish(call, kws_dot(call, 0, o * in->channels, pixel, 0, 1), o, y);
        }
    }
}

/* see inner.h */
KWS_KERNELS_OF_EVERY_WIDTH(pointwise, POINTWISE)

#endif
