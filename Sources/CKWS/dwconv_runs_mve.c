/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution straight from the rows of the input: where words would not be full, or not
 * be brought in many at a time. 16 channels at a time, each product widened to 32 bits: 6
 * instructions for 8 taps.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* Taps whose inputs are evenly spaced. */
typedef struct run {
    const uint8_t *at;
    uint32_t       pitch; /* 0: the padding, the same for all channels */
    uint32_t       skip;  /* taps from the run before to this one: padding that is 0 */
    uint32_t       count;
} run;

_Static_assert(sizeof(run) == KWS_MVE_RUN_BYTES, "callers have room for it");

/* The window of a pixel, or of more. */
typedef struct window {
    const kws_call *call;
    run            *runs, *end;
    uint32_t        next;   /* tap behind the last run */
    bool            padded; /* is padding not 0? */
    uint8_t         padding[KWS_MVE_LANES];
} window;

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

/* Weights of a field of bytes, from -half on; of 8 bits they are the bytes. */
static inline int16x8_t weights_of(const uint8_t *w, uint32_t bits, int32_t shift, uint16x8_t mask)
{
    if (bits == 8) {
        return vldrbq_s16((const int8_t *)w);
    }
    const uint16x8_t u = vandq_u16(vshlq_r_u16(vldrbq_u16(w), shift), mask);
    return vreinterpretq_s16_u16(vsubq_n_u16(u, (uint16_t)(1u << (bits - 1))));
}

/* The outputs of groups of 16 channels of a pixel; inlined for weights of 8 bits and for others. */
#define INLINED static inline __attribute__((always_inline))
INLINED void groups_of(const window *v, const uint8_t *block, uint32_t groups, uint32_t bits,
                       int32_t offset, uint8_t *y)
{
    const kws_layer *layer = v->call->layer;
    const int16_t   *m = kws_multipliers(v->call);
    const int32_t   *b = kws_biases(v->call);
    const uint32_t   width = kws_mve_field_bits(bits);
    const uint16x8_t mask = vdupq_n_u16((uint16_t)((1u << width) - 1u));
    int32_t          shift = 0;
    for (; groups > 0; groups--, offset += (int32_t)KWS_MVE_LANES) {
        sums           low = {vdupq_n_s32(0), vdupq_n_s32(0)}, high = low;
        const uint8_t *w = block;
        for (const run *r = v->runs; r < v->end; r++) {
            const uint8_t *x = r->at + (r->pitch != 0 ? offset : 0);
            w += r->skip * KWS_MVE_LANES;
            for (uint32_t k = r->count; k > 0; k--, x += r->pitch, w += KWS_MVE_LANES) {
                low = add(low, vldrbq_u16(x), weights_of(w, bits, shift, mask));
                high = add(high, vldrbq_u16(x + 8), weights_of(w + 8, bits, shift, mask));
            }
        }
        const int32_t out = -(int32_t)layer->shift;
        int32x4x2_t   bias = vld2q_s32(b);
        vstrbq_u16(y, finish(low, vld1q_s16(m), bias.val[0], bias.val[1], out));
        bias = vld2q_s32(b + 8);
        vstrbq_u16(y + 8, finish(high, vld1q_s16(m + 8), bias.val[0], bias.val[1], out));
        m += KWS_MVE_LANES;
        b += KWS_MVE_LANES;
        y += KWS_MVE_LANES;
        shift -= (int32_t)width;
        if (shift == -8) {
            shift = 0;
            block += (uint32_t)layer->kernel_height * layer->kernel_width * KWS_MVE_LANES;
        }
    }
}

KWS_APART void groups_of_bytes(const window *v, const uint8_t *block, uint32_t groups,
                               int32_t offset, uint8_t *y)
{
    groups_of(v, block, groups, 8, offset, y);
}

KWS_APART void groups_of_fields(const window *v, const uint8_t *block, uint32_t groups,
                                int32_t offset, uint8_t *y)
{
    groups_of(v, block, groups, kws_weight_bits(v->call->layer), offset, y);
}

/* count outputs of a pixel, 8 at most, from the first on. Their weights, of any width, lie lanes
 * from tap to tap. */
KWS_APART void some_outputs(const window *v, const uint8_t *w, uint32_t lanes, uint32_t field,
                            uint32_t first, uint32_t count, int32_t offset, uint8_t *y)
{
    const kws_call    *call = v->call;
    const uint32_t     bits = kws_weight_bits(call->layer), width = kws_mve_field_bits(bits);
    const int32_t     *b = kws_biases(call) + first;
    const mve_pred16_t some = vctp16q(count);
    const uint16x8_t   flip = vdupq_n_u16(bits == 8 ? 0x80 : 0);
    const uint16x8_t   mask = vdupq_n_u16((uint16_t)((1u << width) - 1u));
    sums               s = {vdupq_n_s32(0), vdupq_n_s32(0)};
    offset += (int32_t)first;
    for (const run *r = v->runs; r < v->end; r++) {
        const uint8_t *x = r->at + (r->pitch != 0 ? offset : 0);
        w += r->skip * lanes;
        for (uint32_t k = r->count; k > 0; k--, x += r->pitch, w += lanes) {
            uint16x8_t u = vshlq_r_u16(vldrbq_z_u16(w, some), -(int32_t)(field * width));
            u = vandq_u16(veorq_u16(u, flip), mask);
            u = vsubq_n_u16(u, (uint16_t)(1u << (bits - 1)));
            s = add(s, vldrbq_z_u16(x, some), vreinterpretq_s16_u16(u));
        }
    }
    const uint32x4_t places = vshlq_n_u32(vidupq_n_u32(0, 1), 3);
    const int32x4_t  even = vldrwq_gather_offset_z_s32(b, places, vctp32q((count + 1) >> 1));
    const int32x4_t  odd = vldrwq_gather_offset_z_s32(b + 1, places, vctp32q(count >> 1));
    const int16x8_t  m = vldrhq_z_s16(kws_multipliers(call) + first, some);
    vstrbq_p_u16(y + first, finish(s, m, even, odd, -(int32_t)call->layer->shift), some);
}

/* Taps tap .. tap+count-1 of the window. */
static inline void add_run(window *v, uint32_t tap, const uint8_t *at, uint32_t pitch,
                           uint32_t count)
{
    if (count != 0) {
        *v->end++ = (run){at, pitch, tap - v->next, count};
        v->next = tap + count;
    }
}

/* The same in the padding. */
static inline void add_padding(window *v, uint32_t tap, uint32_t count)
{
    if (v->padded && count != 0) {
        *v->end++ = (run){v->padding, 0, tap - v->next, count};
        v->next = tap + count;
    }
}

/* Lists the window whose first tap is at row top of the input and whose columns are partly inside;
 * rows of one column are even from slot to slot. */
KWS_APART void list_runs(window *v, int32_t top, kws_span columns)
{
    const kws_tensor *in = v->call->input;
    const kws_layer  *layer = v->call->layer;
    const uint32_t    width = layer->kernel_width, row_bytes = kws_row_bytes(in);
    const uint32_t    begin = (uint32_t)columns.begin, end = (uint32_t)columns.end;
    const kws_span    rows = kws_inside(top, layer->kernel_height, begin < end ? in->height : 0);
    uint32_t          tap = (uint32_t)rows.begin * width;
    const uint32_t    behind = (uint32_t)rows.end * width;
    v->end = v->runs;
    v->next = 0;
    add_padding(v, 0, tap);
    uint32_t slot = tap < behind ? (uint32_t)(top + rows.begin) + in->phase : 0;
    while (slot >= in->rows) {
        slot -= in->rows;
    }
    while (tap < behind) {
        const uint8_t *x = v->call->in + slot * row_bytes + begin * in->channels;
        const uint32_t left = in->rows - slot;
        if (width == 1) {
            const uint32_t count = left < behind - tap ? left : behind - tap;
            add_run(v, tap, x, row_bytes, count);
            tap += count;
            slot = 0;
        } else {
            add_padding(v, tap, begin);
            add_run(v, tap + begin, x, in->channels, end - begin);
            add_padding(v, tap + end, width - end);
            tap += width;
            slot = left == 1 ? 0 : slot + 1;
        }
    }
    add_padding(v, behind, layer->kernel_height * width - behind);
}

/* The outputs of a pixel, whose window begins offset bytes behind the rows. */
INLINED void run_pixel(const window *v, uint32_t bits, int32_t offset, uint8_t *y)
{
    const kws_layer *layer = v->call->layer;
    const uint32_t   channels = v->call->output->channels, fields = kws_mve_fields(bits);
    const uint32_t   taps = (uint32_t)layer->kernel_height * layer->kernel_width;
    const uint8_t   *w = kws_weights(v->call);
    const uint32_t   log2 = fields >> 1, groups = channels / KWS_MVE_LANES >> log2 << log2;
    uint32_t         first = groups * KWS_MVE_LANES;
    (bits == 8 ? groups_of_bytes : groups_of_fields)(v, w, groups, offset, y);
    w += (first >> log2) * taps;
    while (first < channels) {
        const uint32_t lanes = kws_mve_field_lanes(channels - first, fields);
        for (uint32_t field = 0; field < fields; field++) {
            for (uint32_t k = 0; k < lanes && first < channels; k += 8) {
                uint32_t count = lanes - k < 8 ? lanes - k : 8;
                count = count < channels - first ? count : channels - first;
                some_outputs(v, w + k, lanes, field, first, count, offset, y);
                first += count;
            }
        }
        w += taps * lanes;
    }
}

/* see dwconv_mve.h; the last pixel first, for a window of one column is never behind its output,
 * which may lie in its place. */
void kws_mve_dw_runs(const kws_call *call, uint32_t index, uint32_t bits, void *runs)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int32_t     top = (int32_t)(index * layer->stride_height) - layer->pad_top;
    const int32_t     width = layer->kernel_width;
    uint8_t          *y = call->out + kws_row(out, index) + out->width * out->channels;
    int32_t           q = (int32_t)((out->width - 1u) * layer->stride_width) - layer->pad_left;
    bool              listed = false;
    window            v;
    v.call = call;
    v.runs = runs;
    v.padded = in->zero_point != 0;
    vst1q_u8(v.padding, vdupq_n_u8(in->zero_point));
    for (uint32_t left = out->width; left > 0; left--, q -= layer->stride_width) {
        const bool inside = q >= 0 && q + width <= in->width;
        if (!listed || !inside) {
            list_runs(&v, top, kws_inside(q, width, in->width));
            listed = inside;
        }
        y -= out->channels;
        run_pixel(&v, bits, q * in->channels, y);
    }
}

#endif
