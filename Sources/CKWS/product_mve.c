/* SPDX-License-Identifier: Apache-2.0 */
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

/* v of count weights of less than 8 bits, 16 at most, from number k on of a plain stream, and
 * zeros. A weight lies in one byte or in two. */
KWS_APART uint8x16_t plain(const uint8_t *weights, uint32_t bits, uint32_t k, uint32_t count)
{
    const uint32_t     first = k * bits;
    const uint8_t     *byte = weights + (first >> 3);
    const mve_pred16_t some = vctp8q(count);
    const uint8x16_t   place = vaddq_n_u8(vmulq_n_u8(vidupq_n_u8(0, 1), (uint8_t)bits), first & 7u);
    const uint8x16_t   at = vshrq_n_u8(place, 3), shift = vandq_u8(place, vdupq_n_u8(7));
    const mve_pred16_t two = vcmphiq_m_n_u8(shift, (uint8_t)(8u - bits), some);
    const int8x16_t    down = vnegq_s8(vreinterpretq_s8_u8(shift));
    const uint8x16_t   low = vshlq_u8(vldrbq_gather_offset_z_u8(byte, at, some), down);
    const uint8x16_t   high = vldrbq_gather_offset_z_u8(byte + 1, at, two);
    const uint8x16_t   v = vorrq_u8(low, vshlq_u8(high, vaddq_n_s8(down, 8)));
    return vandq_u8(v, vdupq_n_u8((uint8_t)((1u << bits) - 1u)));
}

/* Where the weights of the outputs left over begin. */
static const uint8_t *rest_of(const kws_call *call, uint32_t taps)
{
    return (const uint8_t *)kws_weights(call) +
           call->output->channels / KWS_MVE_EIGHT * taps * kws_weight_bits(call->layer);
}

/* Adds the products of a block of four patches: each vector of weights serves four pixels, as in
 * the matrix product. */
static inline void add_four(uint32_t acc[4], uint8x16_t w, const uint8_t *x)
{
    acc[0] = vmladavaq_u8(acc[0], w, vld1q_u8(x));
    acc[1] = vmladavaq_u8(acc[1], w, vld1q_u8(x + KWS_MVE_LANES));
    acc[2] = vmladavaq_u8(acc[2], w, vld1q_u8(x + 2 * KWS_MVE_LANES));
    acc[3] = vmladavaq_u8(acc[3], w, vld1q_u8(x + 3 * KWS_MVE_LANES));
}

/* acc[] and the products of an output left over with four patches, from weight k on. */
KWS_APART void dot_four(const uint8_t *weights, uint32_t bits, uint32_t k, const uint8_t *x,
                        uint32_t taps, uint32_t acc[4])
{
    const uint32_t head = taps % KWS_MVE_LANES, step = 4 * KWS_MVE_LANES;
    uint32_t       sums[4] = {acc[0], acc[1], acc[2], acc[3]}, blocks = taps / KWS_MVE_LANES;
    if (head != 0) {
        add_four(sums,
                 bits == 8 ? vldrbq_z_u8(weights + k, vctp8q(head)) : plain(weights, bits, k, head),
                 x);
        k += head;
        x += step;
    }
    if (bits == 8) {
        const uint8_t *w = weights + k;
        for (; blocks > 0; blocks--, w += KWS_MVE_LANES, x += step) {
            add_four(sums, vld1q_u8(w), x);
        }
    }
    for (; blocks > 0; blocks--, k += KWS_MVE_LANES, x += step) {
        add_four(sums, plain(weights, bits, k, KWS_MVE_LANES), x);
    }
    for (uint32_t p = 0; p < 4; p++) {
        acc[p] = sums[p];
    }
}

/* see product_mve.h */
uint32_t kws_mve_dot(const uint8_t *weights, uint32_t bits, uint32_t k, const uint8_t *x,
                     bool patch, uint32_t taps, uint32_t acc)
{
    uint32_t count = taps % KWS_MVE_LANES;
    count = count != 0 ? count : KWS_MVE_LANES;
    for (uint32_t i = 0; i < taps; i += count, k += count, count = KWS_MVE_LANES) {
        const uint8x16_t w =
            bits == 8 ? vldrbq_z_u8(weights + k, vctp8q(count)) : plain(weights, bits, k, count);
        acc = vmladavaq_u8(acc, w, vldrbq_z_u8(x, vctp8q(count)));
        x += patch ? KWS_MVE_LANES : count;
    }
    return acc;
}

/* Requantises output o of count pixels, 4 at most, as the matrix product does. */
KWS_APART void finish(const kws_call *call, const uint32_t *acc, uint32_t o, uint32_t count,
                      uint8_t *pixel)
{
    const uint32_t     bits = call->output->bits, bytes = kws_pixel_bytes(call->output);
    const mve_pred16_t lanes = vctp32q(count);
    const int32_t      m = (int32_t)((uint32_t)kws_multipliers(call)[o] << 16);
    int32x4_t          y = vmulhq_s32(vldrwq_z_s32((const int32_t *)acc, lanes), vdupq_n_s32(m));
    y = vshlq_r_s32(vaddq_n_s32(y, kws_biases(call)[o]), -(int32_t)call->layer->shift);
    y = vmaxq_s32(vminq_s32(y, vdupq_n_s32((1 << bits) - 1)), vdupq_n_s32(0));
    const uint32x4_t offsets = vmulq_n_u32(vidupq_n_u32(0, 1), bytes);
    if (bits == 8) {
        vstrbq_scatter_offset_p_s32((int8_t *)pixel + o, offsets, y, lanes);
        return;
    }
    int32_t v[4];
    vst1q_s32(v, y);
    for (uint32_t p = 0; p < count; p++, pixel += bytes) {
        kws_put(pixel, bits, o, v[p]);
    }
}

/* The outputs left over, of four pixels and of one. Functions of their own for the stack's sake. */
KWS_APART void rest_of_four(const kws_call *call, const uint8_t *weights, const uint8_t *patches,
                            uint32_t taps, const uint32_t sums[4], uint8_t *pixel)
{
    const uint32_t bits = kws_weight_bits(call->layer), channels = call->output->channels;
    uint32_t       k = 0;
    for (uint32_t o = channels & ~(KWS_MVE_EIGHT - 1u); o < channels; o++, k += taps) {
        uint32_t acc[4];
        for (uint32_t p = 0; p < 4; p++) {
            acc[p] = 0u - (sums[p] << (bits - 1));
        }
        dot_four(weights, bits, k, patches, taps, acc);
        finish(call, acc, o, 4, pixel);
    }
}

KWS_APART void rest_of_one(const kws_call *call, const uint8_t *weights, const uint8_t *x,
                           bool patch, uint32_t taps, uint32_t sum, uint8_t *pixel)
{
    const uint32_t bits = kws_weight_bits(call->layer), channels = call->output->channels;
    uint32_t       k = 0;
    for (uint32_t o = channels & ~(KWS_MVE_EIGHT - 1u); o < channels; o++, k += taps) {
        const uint32_t acc =
            kws_mve_dot(weights, bits, k, x, patch, taps, 0u - (sum << (bits - 1)));
        finish(call, &acc, o, 1, pixel);
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
        const uint32_t odd = 0u - (1u << (bits - 1)), even = product->even * odd;
        work->first0 = (int32_t)(sums[0] * even);
        work->first1 = (int32_t)(sums[1] * even);
        work->first2 = (int32_t)(sums[2] * even);
        work->first3 = (int32_t)(sums[3] * even);
        vst1q_s32(work->again, vreinterpretq_s32_u32(vmulq_n_u32(vld1q_u32(sums), odd)));
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
    for (uint32_t p = 0; !direct && p < 4; p++) {
        pack(out, to + p * step, pixel + p * bytes);
    }
    if (out->channels % KWS_MVE_EIGHT != 0) {
        rest_of_four(call, rest, places->patches, taps, sums, pixel);
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
        rest_of_one(call, rest, x, !filled, taps, sum, pixel);
    }
}

#endif
