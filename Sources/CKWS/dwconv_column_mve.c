/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: windows of one column, where words of four columns would be a quarter
 * full. 16 channels at a time, each product widened to 32 bits: 6 instructions for 8 taps.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* Rows of the window that lie evenly spaced. */
typedef struct run {
    const uint8_t *at;
    uint32_t       pitch;
    uint32_t       mask; /* of offsets: 0 in the padding */
    uint32_t       count;
} run;

/* The window of a row: padding, rows up to the last slot, rows from slot 0 on, padding. Without
 * padding that is 0. */
typedef struct column {
    const kws_call *call;
    const run      *end;
    uint32_t        before, count; /* rows before the first run, and of all runs */
    run             run[4];
    uint8_t         padding[KWS_MVE_LANES];
} column;

/* Sums of 8 channels: the even ones and the odd ones. */
typedef struct sums {
    int32x4_t even, odd;
} sums;

static inline sums add(sums s, uint16x8_t x, int16x8_t w)
{
    s.even = vaddq_s32(s.even, vmullbq_int_s16(vreinterpretq_s16_u16(x), w));
    s.odd = vaddq_s32(s.odd, vmulltq_int_s16(vreinterpretq_s16_u16(x), w));
    return s;
}

/* Requantises 8 channels, as matrix_code_mve.h does; a byte in each half word. */
static inline uint16x8_t finish(sums s, int16x8_t m, int32x4_t b_even, int32x4_t b_odd,
                                int32_t shift)
{
    const int32x4_t even = vaddq_s32(vmulhq_s32(s.even, vshllbq_n_s16(m, 16)), b_even);
    const int32x4_t odd = vaddq_s32(vmulhq_s32(s.odd, vshlltq_n_s16(m, 16)), b_odd);
    int16x8_t       v = vreinterpretq_s16_s32(even);
    v = vqmovnbq_s32(v, vshlq_r_s32(even, shift));
    v = vqmovntq_s32(v, vshlq_r_s32(odd, shift));
    return vreinterpretq_u16_u8(vqmovunbq_s16(vreinterpretq_u8_s16(v), v));
}

/* The outputs of groups of 16 channels of a pixel, weights of 8 bits. */
KWS_APART void whole_groups(const column *c, const uint8_t *w, uint32_t groups, uint32_t offset,
                            uint8_t *y)
{
    const kws_call *call = c->call;
    const int16_t  *m = kws_multipliers(call);
    const int32_t  *b = kws_biases(call);
    const int32_t   shift = -(int32_t)call->layer->shift;
    const uint32_t  skipped = (call->layer->kernel_height - c->count) * KWS_MVE_LANES;
    for (; groups > 0; groups--, offset += KWS_MVE_LANES, w += skipped) {
        sums low = {vdupq_n_s32(0), vdupq_n_s32(0)}, high = low;
        for (const run *r = c->run; r < c->end; r++) {
            const uint8_t *x = r->at + (offset & r->mask);
            for (uint32_t k = r->count; k > 0; k--, x += r->pitch, w += KWS_MVE_LANES) {
                low = add(low, vldrbq_u16(x), vldrbq_s16((const int8_t *)w));
                high = add(high, vldrbq_u16(x + 8), vldrbq_s16((const int8_t *)w + 8));
            }
        }
        int32x4x2_t bias = vld2q_s32(b);
        vstrbq_u16(y, finish(low, vld1q_s16(m), bias.val[0], bias.val[1], shift));
        bias = vld2q_s32(b + 8);
        vstrbq_u16(y + 8, finish(high, vld1q_s16(m + 8), bias.val[0], bias.val[1], shift));
        m += KWS_MVE_LANES;
        b += KWS_MVE_LANES;
        y += KWS_MVE_LANES;
    }
}

/* count outputs of a pixel, 8 at most, from the first on. Their weights, of any width, lie lanes
 * from tap to tap. */
KWS_APART void some_outputs(const column *c, const uint8_t *w, uint32_t lanes, uint32_t field,
                            uint32_t first, uint32_t count, uint32_t offset, uint8_t *y)
{
    const kws_call    *call = c->call;
    const uint32_t     bits = kws_weight_bits(call->layer), width = kws_mve_field_bits(bits);
    const int32_t     *b = kws_biases(call) + first;
    const mve_pred16_t some = vctp16q(count);
    const uint16x8_t   flip = vdupq_n_u16(bits == 8 ? 0x80 : 0);
    const uint16x8_t   mask = vdupq_n_u16((uint16_t)((1u << width) - 1u));
    sums               s = {vdupq_n_s32(0), vdupq_n_s32(0)};
    for (const run *r = c->run; r < c->end; r++) {
        const uint8_t *x = r->at + ((first + offset) & r->mask);
        for (uint32_t k = r->count; k > 0; k--, x += r->pitch, w += lanes) {
            const uint16x8_t v = vshlq_r_u16(vldrbq_z_u16(w, some), -(int32_t)(field * width));
            const uint16x8_t u = vandq_u16(veorq_u16(v, flip), mask);
            s = add(s, vldrbq_z_u16(x, some),
                    vreinterpretq_s16_u16(vsubq_n_u16(u, (uint16_t)(1u << (bits - 1)))));
        }
    }
    const uint32x4_t places = vshlq_n_u32(vidupq_n_u32(0, 1), 3);
    const int32x4_t  even = vldrwq_gather_offset_z_s32(b, places, vctp32q((count + 1) >> 1));
    const int32x4_t  odd = vldrwq_gather_offset_z_s32(b + 1, places, vctp32q(count >> 1));
    const int16x8_t  m = vldrhq_z_s16(kws_multipliers(call) + first, some);
    vstrbq_p_u16(y + first, finish(s, m, even, odd, -(int32_t)call->layer->shift), some);
}

/* Lists the rows of the window whose first is row top of the input; all are padding if the column
 * is not inside. */
KWS_APART void list_runs(column *c, int32_t top, bool inside)
{
    const kws_tensor *in = c->call->input;
    const uint32_t    height = c->call->layer->kernel_height, bytes = kws_row_bytes(in);
    const kws_span    rows = kws_inside(top, (int32_t)height, inside ? in->height : 0);
    const uint32_t    begin = (uint32_t)rows.begin, count = (uint32_t)(rows.end - rows.begin);
    const bool        padded = in->zero_point != 0;
    run              *r = c->run;
    c->before = padded ? 0 : begin;
    c->count = padded ? height : count;
    if (padded) {
        vst1q_u8(c->padding, vdupq_n_u8(in->zero_point));
        *r++ = (run){c->padding, 0, 0, begin};
    }
    if (count != 0) {
        uint32_t slot = (uint32_t)(top + rows.begin) + in->phase;
        while (slot >= in->rows) {
            slot -= in->rows;
        }
        const uint32_t behind = in->rows - slot, left = behind < count ? behind : count;
        *r++ = (run){c->call->in + slot * bytes, bytes, ~0u, left};
        if (left < count) {
            *r++ = (run){c->call->in, bytes, ~0u, count - left};
        }
    }
    if (padded) {
        *r++ = (run){c->padding, 0, 0, height - begin - count};
    }
    c->end = r;
}

/* The outputs of a pixel, whose column of the input begins offset bytes behind a row. */
KWS_APART void run_pixel(const column *c, uint32_t bits, uint32_t offset, uint8_t *y)
{
    const uint32_t channels = c->call->output->channels, fields = kws_mve_fields(bits);
    const uint32_t height = c->call->layer->kernel_height;
    const uint8_t *w = kws_weights(c->call);
    uint32_t       first = 0;
    if (bits == 8) {
        whole_groups(c, w + c->before * KWS_MVE_LANES, channels / KWS_MVE_LANES, offset, y);
        first = channels & ~(KWS_MVE_LANES - 1u);
        w += first * height;
    }
    while (first < channels) {
        const uint32_t lanes = kws_mve_field_lanes(channels - first, fields);
        const uint8_t *block = w + c->before * lanes;
        for (uint32_t field = 0; field < fields; field++) {
            for (uint32_t k = 0; k < lanes && first < channels; k += 8) {
                uint32_t count = lanes - k < 8 ? lanes - k : 8;
                count = count < channels - first ? count : channels - first;
                some_outputs(c, block + k, lanes, field, first, count, offset, y);
                first += count;
            }
        }
        w += height * lanes;
    }
}

/* see dwconv_mve.h; the last pixel first, for a pixel's column is never behind its output, which
 * may lie in its place. */
void kws_mve_dw_column(const kws_call *call, uint32_t index, uint32_t bits)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int32_t     top = (int32_t)(index * layer->stride_height) - layer->pad_top;
    uint8_t          *y = call->out + kws_row(out, index) + out->width * out->channels;
    int32_t           q = (int32_t)((out->width - 1u) * layer->stride_width) - layer->pad_left;
    bool              listed = false;
    column            c;
    c.call = call;
    for (uint32_t left = out->width; left > 0; left--, q -= layer->stride_width) {
        const bool inside = q >= 0 && q < in->width;
        if (!listed || !inside) {
            list_runs(&c, top, inside);
            listed = inside;
        }
        y -= out->channels;
        run_pixel(&c, bits, (uint32_t)q * in->channels, y);
    }
}

#endif
