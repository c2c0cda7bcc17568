/* SPDX-License-Identifier: Apache-2.0 */
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

/* v of count weights, 16 at most, from number k on of a plain stream, and zeros. */
__attribute__((noinline)) static uint8x16_t plain(const uint8_t *weights, uint32_t bits, uint32_t k,
                                                  uint32_t count)
{
    if (bits == 8) {
        return vldrbq_z_u8(weights + k, vctp8q(count));
    }
    uint8_t v[KWS_MVE_LANES] = {0};
    for (uint32_t i = 0; i < count; i++) {
        v[i] = (uint8_t)(kws_weight(weights, bits, k + i) + (1 << (bits - 1)));
    }
    return vld1q_u8(v);
}

/* Where the weights of the outputs left over begin. */
static const uint8_t *rest_of(const kws_call *call, uint32_t taps)
{
    return (const uint8_t *)kws_weights(call) +
           call->output->channels / KWS_MVE_EIGHT * taps * kws_weight_bits(call->layer);
}

/* The outputs left over, of one pixel. pitch: from block to block of a patch, 0 if x is plain. */
static void left_over(const kws_call *call, const uint8_t *weights, const uint8_t *x,
                      uint32_t pitch, uint32_t taps, uint32_t sum, uint8_t *pixel)
{
    const uint32_t bits = kws_weight_bits(call->layer), out_bits = call->output->bits;
    uint32_t       k = 0;
    for (uint32_t o = call->output->channels & ~(KWS_MVE_EIGHT - 1u); o < call->output->channels;
         o++) {
        uint32_t       acc = 0u - (sum << (bits - 1));
        const uint8_t *block = x;
        for (uint32_t i = 0, count = taps % KWS_MVE_LANES; i < taps;
             i += count, k += count, count = KWS_MVE_LANES) {
            if (count != 0) {
                acc = vmladavaq_u8(acc, plain(weights, bits, k, count),
                                   vldrbq_z_u8(block, vctp8q(count)));
                block += pitch != 0 ? pitch : count;
            }
        }
        kws_put(pixel, out_bits, o,
                kws_requant((int32_t)acc, kws_multipliers(call)[o], kws_biases(call)[o],
                            call->layer->shift, out_bits));
    }
}

/* Packs unpacked outputs, 0 .. 255, clipped to the output's bits. */
static void pack(const kws_tensor *out, const uint8_t *x, uint8_t *pixel)
{
    const uint32_t count = out->channels & ~(KWS_MVE_EIGHT - 1u);
    for (uint32_t c = 0; c < count; c++) {
        kws_put(pixel, out->bits, c, kws_clip(x[c], out->bits));
    }
}

/* see product_mve.h */
void kws_mve_four_pixels(const kws_call *call, const kws_mve_product *product,
                         const kws_mve_places *places, uint32_t taps, const uint32_t sums[4],
                         uint8_t *pixel)
{
    const kws_tensor *out = call->output;
    const uint32_t    bits = kws_weight_bits(call->layer), bytes = kws_pixel_bytes(out);
    const uint8_t    *rest = rest_of(call, taps);
    kws_mve_four     *work = places->work;
    const bool        direct = out->bits == 8;
    uint8_t          *to = direct ? pixel : places->unpacked;
    const uint32_t    step = direct ? bytes : out->channels;
    if (out->channels >= KWS_MVE_EIGHT) {
        work->patches = places->patches;
        work->first0 = work->again[0] = (int32_t)(0u - (sums[0] << (bits - 1)));
        work->first1 = work->again[1] = (int32_t)(0u - (sums[1] << (bits - 1)));
        work->first2 = work->again[2] = (int32_t)(0u - (sums[2] << (bits - 1)));
        work->first3 = work->again[3] = (int32_t)(0u - (sums[3] << (bits - 1)));
        work->out[0] = to;
        work->out[1] = to + step;
        work->out[2] = to + 2 * step;
        work->out[3] = to + 3 * step;
        work->multipliers = kws_multipliers(call);
        work->biases = kws_biases(call);
        work->end = rest;
        work->shift = -(int32_t)call->layer->shift;
        work->head = taps % KWS_MVE_LANES;
        work->blocks = taps / KWS_MVE_LANES;
        work->weights = kws_weights(call);
        work->stream = product->stream * taps;
        product->four(work);
    }
    if (direct && out->channels % KWS_MVE_EIGHT == 0) {
        return;
    }
    for (uint32_t p = 0; p < 4; p++) {
        if (!direct) {
            pack(out, to + p * step, pixel + p * bytes);
        }
        left_over(call, rest, places->patches + p * KWS_MVE_LANES, 4 * KWS_MVE_LANES, taps, sums[p],
                  pixel + p * bytes);
    }
}

/* see product_mve.h */
void kws_mve_one_pixel(const kws_call *call, const kws_mve_product *product,
                       const kws_mve_places *places, const uint8_t *x, uint32_t taps, uint32_t sum,
                       uint8_t *pixel)
{
    const bool        filled = call->layer->kernel >> 4 == KWS_KERNEL_DENSE_W8 >> 4;
    const kws_tensor *out = call->output;
    const uint32_t    packed = filled ? kws_mve_patch_bytes(taps) : taps;
    const uint8_t    *rest = rest_of(call, packed);
    kws_mve_one      *work = places->work;
    const bool        direct = out->bits == 8;
    if (out->channels >= KWS_MVE_EIGHT) {
        work->multipliers = kws_multipliers(call);
        work->biases = kws_biases(call);
        work->out = direct ? pixel : places->unpacked;
        work->end = rest;
        work->shift = -(int32_t)call->layer->shift;
        work->stream = product->stream * packed;
        work->weights = kws_weights(call);
        work->x = filled ? x + taps % KWS_MVE_LANES : x;
        work->head = taps % KWS_MVE_LANES;
        work->blocks = taps / KWS_MVE_LANES;
        work->first = (int32_t)(0u - (sum << (kws_weight_bits(call->layer) - 1)));
        work->filled = filled;
        product->one(work);
        if (!direct) {
            pack(out, places->unpacked, pixel);
        }
    }
    if (out->channels % KWS_MVE_EIGHT != 0) {
        left_over(call, rest, x, filled ? 0 : KWS_MVE_LANES, taps, sum, pixel);
    }
}

#endif
