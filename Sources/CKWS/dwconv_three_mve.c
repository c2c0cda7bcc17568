/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: plain layers with windows of three rows.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* see dwconv_mve.h */
void kws_mve_dw_three(const kws_call *call, uint32_t index, uint32_t bits)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    kernel_width = layer->kernel_width, channels = in->channels;
    const uint32_t    columns = KWS_MVE_COLUMNS - 1u + kernel_width;
    const kws_span    inside = kws_inside(-(int32_t)layer->pad_left, (int32_t)columns, in->width);
    const uint32_t    width = kws_mve_field_bits(bits);
    uint8_t *const    scratch = call->scratch;
    uint8_t *const    x = scratch + KWS_MVE_SUMS_BYTES;
    uint8_t *const    w = x + columns * KWS_MVE_WORD_BYTES;
    uint32_t *const   places = (uint32_t *)(void *)(w + KWS_MVE_VECTOR_BYTES);
    uint8_t *const    padding = (uint8_t *)(places + 12);
    kws_mve_three    *work = (kws_mve_three *)(void *)(padding + KWS_MVE_LANES);
    const uint32x4_t  lanes = vidupq_n_u32(0, 1), words = vmulq_n_u32(lanes, KWS_MVE_WORD_BYTES);
    int32_t           i = (int32_t)(index * layer->stride_height) - layer->pad_top;
    vst1q_u32(places, vaddq_n_u32(words, (uint32_t)x - 4u));
    vst1q_u32(places + 4, vaddq_n_u32(words, (uint32_t)w - 4u));
    vst1q_u32(places + 8, vaddq_n_u32(vmulq_n_u32(lanes, 2 * KWS_MVE_SUMS * 4), (uint32_t)scratch));
    vst1q_u8(padding, vdupq_n_u8(in->zero_point));
    for (uint8_t *zero = w + kernel_width * KWS_MVE_WORD_BYTES; zero < w + KWS_MVE_VECTOR_BYTES;
         zero += KWS_MVE_LANES) {
        vst1q_u8(zero, vdupq_n_u8(0));
    }
    for (uint32_t k = 0; k < 3; k++, i++) {
        const bool there = i >= 0 && i < in->height;
        work->at[k] = there ? call->in + kws_row(in, (uint32_t)i) +
                                  (uint32_t)(inside.begin - layer->pad_left) * channels
                            : padding;
        work->step[k] = there ? channels : 0;
        work->next[k] = there ? KWS_MVE_LANES : 0;
    }
    work->next[3] = 0;
    work->to = x;
    work->before = (uint32_t)inside.begin;
    work->count = (uint32_t)(inside.end - inside.begin);
    work->behind = columns - (uint32_t)inside.end;
    work->weights = kws_weights(call);
    work->weights_row = kernel_width * KWS_MVE_LANES;
    work->kernel_width = kernel_width;
    work->weights_to = w;
    work->shift = 0;
    work->field_bits = width;
    work->mask = (1u << width) - 1u;
    work->add = bits == 8 ? 0 : 0u - (1u << (bits - 1));
    work->padding = in->zero_point ^ KWS_MVE_SIGN;
    work->places = places;
    work->sums = (int32_t *)(void *)scratch;
    work->outputs.last = call->out + kws_row(out, index) + (out->width - 1u) * channels;
    work->outputs.step = channels;
    work->outputs.multipliers = kws_multipliers(call);
    work->outputs.biases = kws_biases(call);
    work->outputs.pixels = out->width;
    work->outputs.shift = -(int32_t)layer->shift;
    work->groups = channels / KWS_MVE_LANES;
    kws_mve_depthwise_three(work);
}

#endif
