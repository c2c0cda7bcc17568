/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_dense_taps(in, in2, out);
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_mve_weights_bytes(out->channels, taps, kws_weight_bits(layer), true);
    need->channels = out->channels;
    need->scratch_bytes =
        kws_plus(sizeof(kws_mve_one) + kws_mve_unpacked_bytes(out), in->bits == 8 ? 0 : taps);
    return true;
}

static uint32_t sum_of(const uint8_t *x, uint32_t count)
{
    uint32_t sum = 0;
    for (; count >= 2 * KWS_MVE_LANES; count -= 2 * KWS_MVE_LANES, x += 2 * KWS_MVE_LANES) {
        sum = vaddvaq_u8(sum, vld1q_u8(x));
        sum = vaddvaq_u8(sum, vld1q_u8(x + KWS_MVE_LANES));
    }
    if (count >= KWS_MVE_LANES) {
        sum = vaddvaq_u8(sum, vld1q_u8(x));
        count -= KWS_MVE_LANES;
        x += KWS_MVE_LANES;
    }
    return vaddvaq_u8(sum, vldrbq_z_u8(x, vctp8q(count)));
}

/* |acc| <= 65535 * 255 * 128 < 2^31. */
static void run_row(const kws_call *call, uint32_t row, const kws_mve_product *product)
{
    const kws_tensor    *in = call->input;
    const uint32_t       taps = kws_elements(in);
    const kws_mve_places places = {.work = call->scratch,
                                   .unpacked = (uint8_t *)call->scratch + sizeof(kws_mve_one),
                                   .line = (uint8_t *)call->scratch + sizeof(kws_mve_one) +
                                           kws_mve_unpacked_bytes(call->output)};
    const uint8_t       *x = call->in;
    (void)row; /* there is but one */
    if (in->bits != 8) {
        kws_mve_unpack(places.line, in, x, (uint32_t)in->height * in->width);
        x = places.line;
    }
    kws_mve_one_pixel(call, product, &places, x, taps, sum_of(x, taps), call->out);
}

/* see inner.h */
KWS_MVE_KERNELS(dense, DENSE)

#endif
