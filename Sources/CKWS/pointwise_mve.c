/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_pointwise_taps(layer, in, in2, out);
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_mve_weights_bytes(out->channels, taps, kws_weight_bits(layer), false);
    need->channels = out->channels;
    need->scratch_bytes = kws_plus(kws_mve_scratch(out, taps), in->bits == 8 ? 0 : taps);
    need->in_place = true;
    return true;
}

/* The patch of one pixel; its sum. A function of its own for the stack's sake. */
__attribute__((noinline)) static uint32_t patch(const kws_call *call, const kws_mve_places *places,
                                                uint8_t *to, uint32_t pitch, const uint8_t *pixel)
{
    if (call->input->bits != 8) {
        kws_mve_unpack(places->line, call->input, pixel, 1);
        pixel = places->line;
    }
    return kws_mve_patch(to, pitch, pixel, call->input->channels);
}

/* In place, row r of the output never overtakes that of the input: its pixels are not longer, and
 * are written after their patches were taken. |acc| <= 65535 * 255 * 128 < 2^31. */
static void run_row(const kws_call *call, uint32_t r, const kws_mve_product *product)
{
    const kws_tensor    *in = call->input, *out = call->output;
    const uint32_t       taps = in->channels;
    const uint32_t       in_bytes = kws_pixel_bytes(in), out_bytes = kws_pixel_bytes(out);
    const kws_mve_places places = kws_mve_places_of(call, taps);
    const uint8_t       *x = call->in + kws_row(in, r);
    uint8_t             *y = call->out + kws_row(out, r);
    uint32_t             left = out->width;
    for (; left >= 4; left -= 4, y += 4 * out_bytes) {
        uint32_t sums[4];
        if (in->bits == 8) {
            kws_mve_patches(places.patches, x, taps, sums);
            x += 4 * in_bytes;
        }
        for (uint32_t p = 0; in->bits != 8 && p < 4; p++, x += in_bytes) {
            sums[p] =
                patch(call, &places, places.patches + p * KWS_MVE_LANES, 4 * KWS_MVE_LANES, x);
        }
        kws_mve_four_pixels(call, product, &places, taps, sums, y);
    }
    for (; left > 0; left--, x += in_bytes, y += out_bytes) {
        const uint32_t sum = patch(call, &places, places.patches, KWS_MVE_LANES, x);
        kws_mve_one_pixel(call, product, &places, places.patches, taps, sum, y);
    }
}

/* see inner.h */
KWS_MVE_KERNELS(pointwise, POINTWISE)

#endif
