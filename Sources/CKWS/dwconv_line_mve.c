/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: windows of one row. 16 channels at a time are turned so that a channel's
 * columns, and its taps, lie one behind the other: one VMLADAV then is an output, however many taps
 * it has. It multiplies signed numbers, x - 128 for x, as in dwconv_mve.c.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

#define OUTPUTS KWS_MVE_LINE_OUTPUTS
#define PITCH KWS_MVE_LINE_PITCH

/* A group of 16 channels or fewer, bytes [channel][PITCH]. The order of the members is that of LDM
 * in the code. */
typedef struct group {
    int8_t  *x;       /* columns of the input - 128 */
    int8_t  *weights; /* behind a 0: the taps, and 0s */
    int32_t *tables;  /* multiplier * 2^15 and bias of each channel */
    uint8_t *y;
    uint32_t count;
    int32_t  shift;
    uint32_t step; /* bytes of a pixel */
} group;

_Static_assert(sizeof(group) == 28 && PITCH == 17, "the code knows the offsets");

/* Writes the tables of a group. */
KWS_APART void place_tables(const group *g, const int16_t *m, const int32_t *b)
{
    int32_t *to = g->tables;
    uint32_t left = g->count;
    for (uint32_t k = 0; k < g->count; k += 4, left -= 4, to += 8) {
        const mve_pred16_t some = vctp32q(left);
        int32x4x2_t        pairs;
        pairs.val[0] = vshlq_n_s32(vldrhq_z_s32(m + k, some), 15);
        pairs.val[1] = vldrwq_z_s32(b + k, some);
        vst2q_s32(to, pairs);
    }
}

/* Turns the taps of a group. */
KWS_APART void place_weights(const group *g, const uint8_t *w, uint32_t taps, uint32_t lanes,
                             uint32_t field, uint32_t bits)
{
    const uint8x16_t   places = vmulq_n_u8(vidupq_n_u8(0, 1), PITCH);
    const mve_pred16_t some = vctp8q(g->count);
    const uint32_t     width = kws_mve_field_bits(bits);
    const int32_t      shift = -(int32_t)(field * width);
    const uint8x16_t   mask = vdupq_n_u8((uint8_t)((1u << width) - 1u));
    const uint8_t      half = bits == 8 ? 0 : (uint8_t)(1u << (bits - 1));
    for (uint32_t i = 0; i < PITCH; i++) {
        vst1q_s8(g->weights - 1 + i * KWS_MVE_LANES, vdupq_n_s8(0));
    }
    uint8_t *to = (uint8_t *)g->weights;
    for (; taps > 0; taps--, w += lanes) {
        const uint8x16_t v = vandq_u8(vshlq_r_u8(vldrbq_z_u8(w, some), shift), mask);
        vstrbq_scatter_offset_u8(to++, places, vsubq_n_u8(v, half));
    }
}

/* Turns count columns of the input, of 16 channels or of some; where the next one goes. */
static inline uint8_t *place_columns(uint8_t *to, const uint8_t *x, uint32_t step, uint32_t count,
                                     bool sixteen, mve_pred16_t some)
{
    const uint8x16_t places = vmulq_n_u8(vidupq_n_u8(0, 1), PITCH);
    for (uint32_t k = 0; k < count; k++, x += step) {
        const uint8x16_t v = sixteen ? vld1q_u8(x) : vldrbq_z_u8(x, some);
        vstrbq_scatter_offset_u8(to, places, veorq_u8(v, vdupq_n_u8(KWS_MVE_SIGN)));
        to += 1;
    }
    return to;
}

/* Turns columns of the input from one on, of which the row has width. */
KWS_APART void place_input(const group *g, const uint8_t *row, int32_t column, uint32_t columns,
                           uint32_t width, uint32_t zero_point)
{
    const mve_pred16_t some = vctp8q(g->count);
    const kws_span     inside = kws_inside(column, (int32_t)columns, (int32_t)width);
    const uint32_t     begin = (uint32_t)inside.begin, count = (uint32_t)inside.end - begin;
    const uint8_t     *x = count == 0 ? row : row + ((uint32_t)column + begin) * g->step;
    uint8_t            padding[KWS_MVE_LANES];
    uint8_t           *to = (uint8_t *)g->x;
    vst1q_u8(padding, vdupq_n_u8((uint8_t)zero_point));
    to = place_columns(to, padding, 0, begin, true, some);
    to = g->count == KWS_MVE_LANES ? place_columns(to, x, g->step, count, true, some)
                                   : place_columns(to, x, g->step, count, false, some);
    place_columns(to, padding, 0, columns - begin - count, true, some);
}

void kws_mve_line_outputs(const group *g);

/* OUTPUTS pixels of a group: 34 instructions for those of a channel (clang: 46), however many taps.
 * A vector of columns serves two, the second one with weights a byte further on. floor(acc * m /
 * 2^16) is the high half of 2 * acc * (m * 2^15). |acc| <= 10 * 255 * 128. */
KWS_MVE_FUNCTION("kws_mve_line_outputs", "d8-d15",
                 "ldm r0, {r1, r3, r5, r9, r10, r11, r12}\n"
                 "movs r0, #0\n"
                 "vidup.u16 q7, r0, #1\n"
                 "vmul.i16 q7, q7, r12\n"
                 "vmov.i8 q6, #0x80\n"
                 "dls lr, r10\n"
                 "1:\n"
                 "vldrb.u8 q0, [r3], #17\n"
                 "vldrb.u8 q2, [r1], #17\n"
                 "vmladav.s8 r8, q0, q6\n" /* -128 * sum of the weights */
                 "vldrb.u8 q3, [r1, #-15]\n"
                 "vmladav.s8 r0, q0, q2\n"
                 "vldrb.u8 q4, [r1, #-13]\n"
                 "vmladav.s8 r2, q0, q3\n"
                 "vldrb.u8 q5, [r1, #-11]\n"
                 "vmladav.s8 r4, q0, q4\n"
                 "vldrb.u8 q1, [r3, #-18]\n"
                 "vmladav.s8 r6, q0, q5\n"
                 "vmov q0[2], q0[0], r0, r4\n"
                 "vmladav.s8 r0, q1, q2\n"
                 "vmov q0[3], q0[1], r2, r6\n"
                 "vmladav.s8 r2, q1, q3\n"
                 "vsub.i32 q0, q0, r8\n"
                 "vmladav.s8 r4, q1, q4\n"
                 "ldrd r10, r12, [r5], #8\n"
                 "vmladav.s8 r6, q1, q5\n"
                 "vmov q1[2], q1[0], r0, r4\n"
                 "vqdmulh.s32 q0, q0, r10\n"
                 "vmov q1[3], q1[1], r2, r6\n"
                 "vsub.i32 q1, q1, r8\n"
                 "vadd.i32 q0, q0, r12\n"
                 "vqdmulh.s32 q1, q1, r10\n"
                 "vshl.s32 q0, r11\n"
                 "vadd.i32 q1, q1, r12\n"
                 "vqmovnb.s32 q0, q0\n"
                 "vshl.s32 q1, r11\n"
                 "vqmovnt.s32 q0, q1\n"
                 "vqmovunb.s16 q0, q0\n"
                 "vstrb.16 q0, [r9, q7]\n"
                 "adds r9, #1\n"
                 "le lr, 1b\n")

/* see dwconv_mve.h; the last pixels are computed together with some before them once more. */
void kws_mve_dw_line(const kws_call *call, uint32_t index, uint32_t bits)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    fields = kws_mve_fields(bits), taps = layer->kernel_width;
    const uint8_t    *row = call->in + kws_row(in, index * layer->stride_height);
    const uint8_t    *weights = kws_weights(call);
    uint8_t          *y = call->out + kws_row(out, index);
    const int16_t    *m = kws_multipliers(call);
    const int32_t    *b = kws_biases(call);
    const uint32_t    last = out->width - OUTPUTS;
    group             g;
    g.tables = call->scratch;
    g.weights = (int8_t *)(g.tables + 2 * KWS_MVE_LANES) + 1;
    g.x = g.weights - 1 + KWS_MVE_LANES * PITCH;
    g.shift = -(int32_t)layer->shift;
    g.step = out->channels;
    for (uint32_t left = out->channels; left > 0;) {
        const uint32_t lanes = kws_mve_field_lanes(left, fields);
        for (uint32_t field = 0; field < fields && left > 0; field++) {
            g.count = left < lanes ? left : lanes;
            place_tables(&g, m, b);
            place_weights(&g, weights, taps, lanes, field, bits);
            for (uint32_t q = 0; q < out->width; q += OUTPUTS) {
                q = q < last ? q : last;
                place_input(&g, row, (int32_t)q - layer->pad_left, OUTPUTS - 1u + taps, in->width,
                            in->zero_point);
                g.y = y + q * out->channels;
                kws_mve_line_outputs(&g);
            }
            m += g.count;
            b += g.count;
            row += g.count;
            y += g.count;
            left -= g.count;
        }
        weights += taps * lanes;
    }
}

#endif
