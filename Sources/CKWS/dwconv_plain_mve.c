/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: plain layers.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* see dwconv_mve.h; all of the input of a piece is read before anything is written. */
void kws_mve_dw_plain(const kws_mve_dw_row *r)
{
    const kws_call   *call = r->call;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    columns = KWS_MVE_COLUMNS - 1u + call->layer->kernel_width;
    const uint32_t    block =
        (uint32_t)call->layer->kernel_height * call->layer->kernel_width * KWS_MVE_LANES;
    const uint32_t  fields = kws_mve_fields(r->bits), channels = out->channels;
    const uint8_t  *weights = kws_weights(call);
    uint32_t       *table = (uint32_t *)(void *)(r->scratch + r->p.rows);
    kws_mve_eights *work = (kws_mve_eights *)(void *)(r->scratch + r->p.work);
    kws_mve_rows   *rows = (kws_mve_rows *)(void *)(work + 1);
    rows->padding = in->zero_point ^ KWS_MVE_SIGN;
    work->places = (uint32_t *)(void *)(r->scratch + r->p.places);
    work->sums = (int32_t *)(void *)r->scratch;
    work->vectors = r->p.vectors;
    work->outputs.step = channels;
    work->outputs.shift = -(int32_t)call->layer->shift;
    for (uint32_t first = 0, field = 0; first < channels; first += KWS_MVE_LANES) {
        const kws_mve_dw_group g = {first, KWS_MVE_LANES, KWS_MVE_LANES, field, weights};
        kws_mve_dw_weights(r, &g, rows);
        rows->add = KWS_MVE_SIGN;
        if (++field == fields) {
            field = 0;
            weights += block;
        }
        int32_t left = -(int32_t)call->layer->pad_left;
        for (uint32_t q = 0; q < out->width;
             q += KWS_MVE_COLUMNS, left += (int32_t)KWS_MVE_COLUMNS) {
            const kws_span inside = kws_inside(left, (int32_t)columns, in->width);
            const uint32_t skipped =
                inside.begin < inside.end ? (uint32_t)(left + inside.begin) : 0;
            uint32_t *line = table;
            rows->to = r->scratch + r->p.x;
            rows->before = (uint32_t)inside.begin;
            rows->count = (uint32_t)(inside.end - inside.begin);
            rows->behind = columns - (uint32_t)inside.end;
            uint32_t height = call->layer->kernel_height;
            for (uint32_t a = r->p.chunks; a > 0; a--, line += 12, height -= 4) {
                const uint32x4_t step = vld1q_u32(line + 4);
                vst1q_u32((uint32_t *)(void *)rows->at,
                          vaddq_u32(vld1q_u32(line), vmulq_n_u32(step, skipped)));
                vst1q_u32(rows->step, step);
                rows->three = height == 3;
                kws_mve_words(rows);
                rows->to += r->p.slots * KWS_MVE_WORD_BYTES;
            }
            const uint32_t behind = out->width - q;
            work->outputs.pixels = behind < KWS_MVE_COLUMNS ? behind : KWS_MVE_COLUMNS;
            work->offset = 0;
            work->outputs.last = r->y + (q + work->outputs.pixels - 1u) * channels + first;
            work->outputs.multipliers = kws_multipliers(call) + first;
            work->outputs.biases = kws_biases(call) + first;
            work->count = 2;
            kws_mve_depthwise(work);
        }
        for (uint32_t a = 0; a < r->p.chunks; a++) {
            vst1q_u32(table + 12 * a,
                      vaddq_u32(vld1q_u32(table + 12 * a), vld1q_u32(table + 12 * a + 8)));
        }
    }
}

#endif
