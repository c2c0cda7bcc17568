/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: groups of up to 16 channels of any layer.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* 16 channels of the output at a pixel of the input, or of padding. */
KWS_APART uint8x16_t pick(const kws_mve_dw_row *r, const kws_mve_dw_group *g, const uint8_t *pixel,
                          uint32_t step)
{
    uint8_t *x = r->scratch; /* where the sums will be */
    uint32_t c = 0, part = 0;
    if (step == 0) {
        return vld1q_u8(pixel);
    }
    if (r->multiple == 1 && r->call->input->bits == 8) {
        return vldrbq_z_u8(pixel + g->first, vctp8q(g->count));
    }
    vst1q_u8(x, vdupq_n_u8(0));
    for (uint32_t o = 0; o < g->first + g->count; o++) {
        if (o >= g->first) {
            x[o - g->first] = (uint8_t)kws_get(pixel, r->call->input->bits, c);
        }
        if (++part == r->multiple) {
            part = 0;
            c++;
        }
    }
    return vld1q_u8(x);
}

/* Writes the words of the input for the columns of the output from q on, column c of them in slot
 * c % stride * phase + c / stride, so that outputs are a slot apart. */
KWS_APART void place_input(const kws_mve_dw_row *r, const kws_mve_dw_group *g, uint32_t q)
{
    const kws_tensor *in = r->call->input;
    const uint32_t    stride = r->call->layer->stride_width;
    const int32_t     left = (int32_t)(q * stride) - r->call->layer->pad_left;
    const uint32_t    columns = (KWS_MVE_COLUMNS - 1u) * stride + r->call->layer->kernel_width;
    const kws_span    inside = kws_inside(left, (int32_t)columns, in->width);
    const bool        plain = g->count == KWS_MVE_LANES && r->multiple == 1 && in->bits == 8;
    uint8_t          *to = r->scratch + r->p.x;
    kws_mve_rows     *rows = (kws_mve_rows *)(void *)(r->scratch + r->p.work);
    const uint32_t   *table = (const uint32_t *)(const void *)(r->scratch + r->p.rows);
    const uint32_t    sixteens = plain ? g->first / KWS_MVE_LANES : 0; /* whole, if plain */
    const uint32_t    skipped = inside.begin < inside.end ? (uint32_t)(left + inside.begin) : 0;
    for (uint32_t a = 0; a < r->p.chunks; a++, to += r->p.slots * KWS_MVE_WORD_BYTES) {
        const uint32_t  *line = table + 12 * a;
        const uint32x4_t step = vld1q_u32(line + 4);
        const uint32x4_t begin =
            vaddq_u32(vld1q_u32(line), vmulq_n_u32(vld1q_u32(line + 8), sixteens));
        vst1q_u32((uint32_t *)(void *)rows->at, vaddq_u32(begin, vmulq_n_u32(step, skipped)));
        vst1q_u32(rows->step, step);
        rows->three = r->call->layer->kernel_height - 4 * a == 3;
        rows->add = KWS_MVE_SIGN;
        rows->padding = in->zero_point ^ KWS_MVE_SIGN;
        if (plain && stride == 1) {
            rows->to = to;
            rows->before = (uint32_t)inside.begin;
            rows->count = (uint32_t)(inside.end - inside.begin);
            rows->behind = columns - (uint32_t)inside.end;
            kws_mve_words(rows);
            continue;
        }
        uint32_t remainder = 0, quotient = 0;
        for (int32_t c = 0; c < (int32_t)columns; c++) {
            rows->to = to + (remainder * r->p.phase + quotient) * KWS_MVE_WORD_BYTES;
            rows->count = c >= inside.begin && c < inside.end;
            rows->before = 1 - rows->count;
            rows->behind = 0;
            if (plain || rows->count == 0) {
                kws_mve_words(rows);
            } else {
                for (uint32_t k = 0; k < 4; k++) {
                    vstrbq_scatter_offset_u8(
                        rows->to + k, vshlq_n_u8(vidupq_n_u8(0, 1), 2),
                        veorq_u8(pick(r, g, rows->at[k], rows->step[k]), vdupq_n_u8(KWS_MVE_SIGN)));
                }
            }
            for (uint32_t k = 0; rows->count != 0 && k < 4; k++) {
                rows->at[k] += rows->step[k];
            }
            if (++remainder == stride) {
                remainder = 0;
                quotient++;
            }
        }
    }
}

/* The output of channel g->first + c at a pixel, slot q of the words: for fewer than 8 channels,
 * and outputs of less than 8 bits. */
KWS_APART void finish(const kws_mve_dw_row *r, const kws_mve_dw_group *g, uint32_t c, uint32_t q,
                      uint8_t *y)
{
    const kws_call *call = r->call;
    const uint32_t *places = (const uint32_t *)(const void *)(r->scratch + r->p.places);
    const uint8_t  *w = r->scratch + r->p.weights + 4 * c;
    const uint32_t  bits = call->output->bits, o = g->first + c;
    int32_t         acc = 0, sum = 0;
    for (uint32_t word = 0; word < 4 * r->p.vectors; word++, w += KWS_MVE_WORD_BYTES) {
        const int8_t *x = (const int8_t *)(places[word] + 4u + 4 * c + q * KWS_MVE_WORD_BYTES);
        for (uint32_t k = 0; k < 4; k++) {
            acc = kws_mac(acc, x[k], (int8_t)w[k]);
            sum += (int8_t)w[k];
        }
    }
    kws_put(y, bits, o,
            kws_requant(kws_mac(acc, 128, sum), kws_multipliers(call)[o], kws_biases(call)[o],
                        call->layer->shift, bits));
}

/* The outputs of a group at columns q .. q+count-1: all of the input is read before anything is
 * written, so that the output may trail the input if count is the width. |acc| <= 65535 * 255 * 128
 * < 2^31; partial sums may wrap. */
KWS_APART void run_group(const kws_mve_dw_row *r, const kws_mve_dw_group *g, uint32_t q,
                         uint32_t count)
{
    const kws_tensor *out = r->call->output;
    const uint32_t    step = kws_pixel_bytes(out);
    const uint32_t    eights = out->bits == 8 ? g->count >> 3 : 0;
    uint32_t         *places = (uint32_t *)(void *)(r->scratch + r->p.places);
    uint8_t          *y = r->y + q * step;
    place_input(r, g, q);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t c = 8 * eights; c < g->count; c++) {
            finish(r, g, c, i, y + i * step);
        }
    }
    if (eights == 0) {
        return;
    }
    kws_mve_eights *work = (kws_mve_eights *)(void *)(r->scratch + r->p.work);
    work->places = places;
    work->sums = (int32_t *)(void *)r->scratch;
    work->vectors = r->p.vectors;
    work->offset = 0;
    work->outputs.last = y + (count - 1) * step + g->first;
    work->outputs.step = step;
    work->outputs.multipliers = kws_multipliers(r->call) + g->first;
    work->outputs.biases = kws_biases(r->call) + g->first;
    work->outputs.pixels = count;
    work->outputs.shift = -(int32_t)r->call->layer->shift;
    work->count = eights;
    kws_mve_depthwise(work);
}

/* see dwconv_mve.h */
void kws_mve_dw_groups(const kws_mve_dw_row *r)
{
    const kws_layer  *layer = r->call->layer;
    const kws_tensor *out = r->call->output;
    const uint32_t    taps = (uint32_t)layer->kernel_height * layer->kernel_width;
    const uint32_t    fields = kws_mve_fields(r->bits);
    const uint8_t    *weights = kws_weights(r->call);
    for (uint32_t first = 0; first < out->channels;) {
        const uint32_t lanes = kws_mve_field_lanes(out->channels - first, fields);
        for (uint32_t field = 0; field < fields && first < out->channels; field++) {
            const uint32_t left = out->channels - first, count = left < lanes ? left : lanes;
            const kws_mve_dw_group g = {first, count, lanes, field, weights};
            kws_mve_dw_weights(r, &g, (kws_mve_rows *)(void *)(r->scratch + r->p.work));
            for (uint32_t q = 0; q < out->width; q += KWS_MVE_COLUMNS) {
                const uint32_t behind = out->width - q;
                run_group(r, &g, q, behind < KWS_MVE_COLUMNS ? behind : KWS_MVE_COLUMNS);
            }
            first += count;
        }
        weights += taps * lanes;
    }
}

#endif
