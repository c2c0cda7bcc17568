/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: the words of the weights, the rows of the input, the places of all words.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* One word of the weights, of any number of lanes: rows of column j of chunk a. */
KWS_APART void place_weight(const kws_mve_dw_row *r, const kws_mve_dw_group *g, uint32_t a,
                            uint32_t j, uint8_t *to)
{
    const kws_layer   *layer = r->call->layer;
    const mve_pred16_t lanes = vctp8q(g->lanes);
    const uint32_t     width = kws_mve_field_bits(r->bits);
    for (uint32_t k = 0; k < 4; k++) {
        const uint32_t i = 4 * a + k;
        uint8x16_t     v = vdupq_n_u8(0);
        if (i < layer->kernel_height) {
            v = vldrbq_z_u8(g->weights + (i * layer->kernel_width + j) * g->lanes, lanes);
            if (r->bits != 8) {
                v = vshlq_r_u8(v, -(int32_t)(g->field * width));
                v = vandq_u8(v, vdupq_n_u8((uint8_t)((1u << width) - 1u)));
                v = vsubq_n_u8(v, (uint8_t)(1u << (r->bits - 1)));
            }
        }
        vstrbq_scatter_offset_u8(to + k, vshlq_n_u8(vidupq_n_u8(0, 1), 2), v);
    }
}

/* see dwconv_mve.h */
void kws_mve_dw_weights(const kws_mve_dw_row *r, const kws_mve_dw_group *g, kws_mve_rows *rows)
{
    const kws_layer *layer = r->call->layer;
    const uint32_t   step = layer->kernel_width * KWS_MVE_LANES;
    const uint32_t   width = kws_mve_field_bits(r->bits);
    const uint8_t   *w = g->weights;
    uint32_t         left = layer->kernel_height;
    rows->to = r->scratch + r->p.weights;
    rows->before = rows->behind = 0;
    rows->count = layer->kernel_width;
    rows->add = r->bits == 8 ? 0 : 0u - (1u << (r->bits - 1));
    rows->shift = -(int32_t)(g->field * width);
    rows->mask = (1u << width) - 1u;
    for (uint32_t a = 0; a < r->p.chunks; a++, left -= 4, w += 4 * step) {
        if (g->lanes != KWS_MVE_LANES) {
            for (uint32_t j = 0; j < layer->kernel_width; j++) {
                place_weight(r, g, a, j, rows->to + j * KWS_MVE_WORD_BYTES);
            }
            rows->to += layer->kernel_width * KWS_MVE_WORD_BYTES;
            continue;
        }
        const uint32x4_t lane = vidupq_n_u32(0, 1);
        vst1q_u32((uint32_t *)(void *)rows->at, vaddq_n_u32(vmulq_n_u32(lane, step), (uint32_t)w));
        vst1q_u32(rows->step, vdupq_n_u32(KWS_MVE_LANES));
        rows->three = left == 3;
        for (uint32_t k = left; k < 4; k++) {
            rows->at[k] = r->scratch + r->p.zero;
            rows->step[k] = 0;
        }
        if (r->bits == 8) {
            kws_mve_words(rows);
        } else {
            kws_mve_words_narrow(rows);
        }
        rows->to += layer->kernel_width * KWS_MVE_WORD_BYTES;
    }
}

/* see dwconv_mve.h */
void kws_mve_dw_rows(const kws_mve_dw_row *r)
{
    uint32_t *to = (uint32_t *)(void *)(r->scratch + r->p.rows);
    for (uint32_t a = 0; a < r->p.chunks; a++, to += 12) {
        const kws_tensor *in = r->call->input;
        const uint32_t    bytes = kws_pixel_bytes(in);
        uint32_t          count = r->call->layer->kernel_height - 4 * a;
        count = count < 4 ? count : 4;
        const int32_t  top = r->top + (int32_t)(4 * a);
        const uint8_t *x = r->call->in;
        if (top >= 0) {
            x += kws_row(in, (uint32_t)top);
        }
        const uint8_t *end = r->call->in + kws_slot_bytes(in);
        vst1q_u32(to, vdupq_n_u32((uint32_t)(r->scratch + r->p.padding)));
        vst1q_u32(to + 4, vdupq_n_u32(0));
        vst1q_u32(to + 8, vdupq_n_u32(0));
        for (uint32_t k = 0; k < count; k++) {
            const int32_t i = top + (int32_t)k;
            if (i < 0) {
                if (i == -1) {
                    x = r->call->in + kws_row(in, 0);
                }
                continue;
            }
            if (i >= in->height) {
                break;
            }
            to[k] = (uint32_t)x;
            to[k + 4] = bytes;
            to[k + 8] = KWS_MVE_LANES;
            x += in->width * bytes;
            x = x == end ? r->call->in : x;
        }
    }
}

/* see dwconv_mve.h: of the words of the input and of the weights, less 4: the code goes on before
 * it loads; then those of the sums of channels 0, 2, 4, 6. Padding, and weights 0 in every field.
 */
void kws_mve_dw_places(const kws_mve_dw_row *r)
{
    const uint32_t stride = r->call->layer->stride_width;
    uint32_t      *to = (uint32_t *)(void *)(r->scratch + r->p.places);
    const uint32_t first = (uint32_t)(r->scratch + r->p.x) - 4u;
    uint32_t       word = 0, chunk = first;
    for (uint32_t a = 0; a < r->p.chunks; a++, chunk += r->p.slots * KWS_MVE_WORD_BYTES) {
        uint32_t remainder = 0, quotient = 0;
        for (uint32_t j = 0; j < r->call->layer->kernel_width; j++) {
            to[word++] = chunk + (remainder * r->p.phase + quotient) * KWS_MVE_WORD_BYTES;
            if (++remainder == stride) {
                remainder = 0;
                quotient++;
            }
        }
    }
    uint8_t *zeros = r->scratch + r->p.weights + word * KWS_MVE_WORD_BYTES;
    for (; word < 4 * r->p.vectors; word++, zeros += KWS_MVE_WORD_BYTES) {
        to[word] = first;
        for (uint32_t k = 0; k < KWS_MVE_WORD_BYTES; k += KWS_MVE_LANES) {
            vst1q_u8(zeros + k, vdupq_n_u8(0));
        }
    }
    const uint32x4_t lanes = vidupq_n_u32(0, 1);
    const uint32_t   weights = (uint32_t)(r->scratch + r->p.weights) - 4u;
    vst1q_u32(to + word, vaddq_n_u32(vmulq_n_u32(lanes, KWS_MVE_WORD_BYTES), weights));
    vst1q_u32(to + word + 4,
              vaddq_n_u32(vmulq_n_u32(lanes, 2 * KWS_MVE_SUMS * 4), (uint32_t)r->scratch));
    vst1q_u8(r->scratch + r->p.padding, vdupq_n_u8(r->call->input->zero_point));
    const uint32_t middle = 1u << (r->bits - 1);
    vst1q_u8(r->scratch + r->p.zero, vdupq_n_u8((uint8_t)(r->bits == 8   ? 0
                                                          : r->bits == 2 ? middle * 0x55u
                                                                         : middle * 0x11u)));
}

#endif
