/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_conv_taps(layer, in, in2, out);
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_mve_weights_bytes(out->channels, taps, kws_weight_bits(layer), false);
    need->channels = out->channels;
    need->scratch_bytes = kws_plus(kws_mve_scratch(out, taps), taps);
    return true;
}

/* How the 16 lanes of a block lie in the input, if a row of the window is 1, 2, 4, 8 or 16 bytes:
 * lane l in row l / run, byte l % run of it. */
typedef struct lanes {
    uint8x16_t column, row;
    uint8x16_t offsets; /* from lane 0 */
    uint32_t   rows;    /* of a block */
    uint32_t   step;    /* bytes from block to block */
} lanes;

/* Is it of that kind? */
static bool is_short(const kws_layer *layer, const kws_tensor *in)
{
    const uint32_t run = (uint32_t)layer->kernel_width * in->channels, pitch = kws_row_bytes(in);
    const uint32_t log2 = 31u - (uint32_t)__builtin_clz(run);
    return in->bits == 8 && run <= KWS_MVE_LANES && (run & (run - 1u)) == 0 &&
           in->rows == in->height && ((KWS_MVE_LANES >> log2) - 1u) * pitch + run <= 256u;
}

static inline lanes lanes_of(const kws_layer *layer, const kws_tensor *in)
{
    const uint32_t   run = (uint32_t)layer->kernel_width * in->channels;
    const uint32_t   pitch = kws_row_bytes(in);
    const int32_t    log2 = 31 - __builtin_clz(run);
    const uint8x16_t lane = vidupq_n_u8(0, 1);
    lanes            l;
    l.row = vshlq_r_u8(lane, -log2);
    l.column = vsubq_u8(lane, vshlq_r_u8(l.row, log2));
    l.offsets = vaddq_u8(l.column, vmulq_n_u8(l.row, (uint8_t)pitch));
    l.rows = KWS_MVE_LANES >> log2;
    l.step = l.rows * pitch;
    return l;
}

/* The patch of a window that lies inside. */
static inline uint32_t gather(const lanes *l, uint8_t *to, uint32_t pitch, const uint8_t *x,
                              uint32_t taps)
{
    const uint32_t head = taps % KWS_MVE_LANES;
    uint32_t       sum = 0;
    if (head != 0) {
        const uint8x16_t v = vldrbq_gather_offset_z_u8(x, l->offsets, vctp8q(head));
        vst1q_u8(to, v);
        sum = vaddvq_u8(v);
        to += pitch;
        x += l->step * head / KWS_MVE_LANES;
    }
    for (uint32_t block = taps / KWS_MVE_LANES; block > 0; block--) {
        const uint8x16_t v = vldrbq_gather_offset_u8(x, l->offsets);
        vst1q_u8(to, v);
        sum = vaddvaq_u8(sum, v);
        to += pitch;
        x += l->step;
    }
    return sum;
}

/* Lanes with begin <= v < end. */
static inline mve_pred16_t within(uint8x16_t v, int32_t begin, int32_t end)
{
    begin = begin < 0 ? 0 : begin;
    end = end > 255 ? 255 : end;
    if (begin >= end) {
        return 0;
    }
    return vcmpcsq_n_u8(v, (uint8_t)begin) & vcmphiq_u8(vdupq_n_u8((uint8_t)end), v);
}

/* The patch of a window that lies partly outside, (top, left) its first tap. */
__attribute__((noinline)) static uint32_t gather_some(const kws_call *call, const lanes *l,
                                                      uint8_t *to, uint32_t pitch, int32_t top,
                                                      int32_t left, uint32_t taps)
{
    const kws_tensor  *in = call->input;
    const int32_t      channels = in->channels;
    const mve_pred16_t columns = within(l->column, -left * channels, (in->width - left) * channels);
    const uint8_t     *x = call->in + (top * in->width + left) * channels;
    uint32_t           sum = 0;
    for (uint32_t count = taps % KWS_MVE_LANES, i = 0; i < taps; count = KWS_MVE_LANES) {
        if (count == 0) {
            continue;
        }
        const mve_pred16_t block = vctp8q(count);
        const mve_pred16_t inside = columns & block & within(l->row, -top, in->height - top);
        const uint8x16_t   padding = vdupq_m_n_u8(vdupq_n_u8(0), in->zero_point, block);
        const uint8x16_t   v =
            vpselq_u8(vldrbq_gather_offset_z_u8(x, l->offsets, inside), padding, inside);
        const uint32_t rows = l->rows * count / KWS_MVE_LANES;
        vst1q_u8(to, v);
        sum = vaddvaq_u8(sum, v);
        to += pitch;
        x += rows * in->width * (uint32_t)channels;
        top += (int32_t)rows;
        i += count;
    }
    return sum;
}

static uint8_t *fill(uint8_t *to, uint32_t count, uint8_t value)
{
    memset(to, value, count);
    return to + count;
}

/* The elements of the window whose tap (0, 0) is at (top, left), one behind the other. */
__attribute__((noinline)) static void window(const kws_call *call, int32_t top, int32_t left,
                                             uint8_t *to)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, layer->kernel_width, in->width);
    const uint32_t    channels = in->channels, count = (uint32_t)(columns.end - columns.begin);
    const uint32_t    width = layer->kernel_width * channels;
    const uint32_t    before = (uint32_t)columns.begin * channels;
    const uint32_t    behind = width - (uint32_t)columns.end * channels;
    to = fill(to, (uint32_t)rows.begin * width, in->zero_point);
    for (int32_t i = rows.begin; i < rows.end; i++) {
        const uint8_t *x = call->in + kws_row(in, (uint32_t)(top + i));
        to = fill(to, before, in->zero_point);
        if (count > 0) {
            x += (uint32_t)(left + columns.begin) * kws_pixel_bytes(in);
            if (in->bits == 8) {
                memcpy(to, x, count * channels);
            } else {
                kws_mve_unpack(to, in, x, count);
            }
        }
        to = fill(to + count * channels, behind, in->zero_point);
    }
    fill(to, (uint32_t)(layer->kernel_height - rows.end) * width, in->zero_point);
}

/* Patches of count pixels from pixel q on, 1 or 4, and their sums. Functions of their own, so that
 * what they keep is off the stack when the products are computed. */
__attribute__((noinline)) static void gather_patches(const kws_call       *call,
                                                     const kws_mve_places *places, int32_t top,
                                                     uint32_t q, uint32_t count, uint32_t taps,
                                                     uint32_t *sums)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const lanes       l = lanes_of(layer, in);
    const bool        whole = top >= 0 && top + layer->kernel_height <= in->height;
    const uint32_t    pitch = count * KWS_MVE_LANES;
    uint8_t          *to = places->patches;
    int32_t           left = (int32_t)(q * layer->stride_width) - layer->pad_left;
    for (; count > 0; count--, left += layer->stride_width, to += KWS_MVE_LANES, sums++) {
        if (whole && left >= 0 && left + layer->kernel_width <= in->width) {
            const int32_t offset = (top * in->width + left) * in->channels;
            *sums = gather(&l, to, pitch, call->in + offset, taps);
        } else {
            *sums = gather_some(call, &l, to, pitch, top, left, taps);
        }
    }
}

__attribute__((noinline)) static void copy_patches(const kws_call       *call,
                                                   const kws_mve_places *places, int32_t top,
                                                   uint32_t q, uint32_t count, uint32_t taps,
                                                   uint32_t *sums)
{
    const uint32_t pitch = count * KWS_MVE_LANES;
    for (uint32_t p = 0; p < count; p++, q++) {
        const int32_t left = (int32_t)(q * call->layer->stride_width) - call->layer->pad_left;
        window(call, top, left, places->line);
        sums[p] = kws_mve_patch(places->patches + p * KWS_MVE_LANES, pitch, places->line, taps);
    }
}

/* |acc| <= 65535 * 255 * 128 < 2^31. */
static void run_row(const kws_call *call, uint32_t r, const kws_mve_product *product)
{
    const kws_layer     *layer = call->layer;
    const kws_tensor    *out = call->output;
    const uint32_t       area = (uint32_t)layer->kernel_height * layer->kernel_width;
    const uint32_t       taps = area * call->input->channels;
    const kws_mve_places places = kws_mve_places_of(call, taps);
    const int32_t        top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const uint32_t       bytes = kws_pixel_bytes(out);
    uint8_t *const       y = call->out + kws_row(out, r);
    uint32_t             sums[4], q = 0;
    void (*const patches)(const kws_call *, const kws_mve_places *, int32_t, uint32_t, uint32_t,
                          uint32_t, uint32_t *) =
        is_short(layer, call->input) ? gather_patches : copy_patches;
    while (q < out->width) {
        const uint32_t left = out->width - q;
        if (left == 3 && q > 0) {
            q--; /* four pixels, of which one is there, cost less than three */
        }
        uint8_t *const pixel = y + q * bytes;
        if (left >= 3 && out->width > 3) {
            patches(call, &places, top, q, 4, taps, sums);
            kws_mve_four_pixels(call, product, &places, taps, sums, pixel);
            q += 4;
        } else {
            patches(call, &places, top, q, 1, taps, sums);
            kws_mve_one_pixel(call, product, &places, places.patches, taps, sums[0], pixel);
            q++;
        }
    }
}

/* see inner.h */
KWS_MVE_KERNELS(conv, CONV)

#endif
