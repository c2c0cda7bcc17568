/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise_any.h"
#include "geometry.h"
#include "packed.h"
#include "requant_byte.h"
#include "tall_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* Channels whose weights lie together. */
#define TOGETHER 4u

/* see tall_dsp.h */
bool kws_is_tall(const kws_layer *layer)
{
    return layer->kernel_width == 1 && kws_weight_bits(layer) == 8;
}

/* Where the weights of output o begin, and how far apart they are. */
static const int8_t *weights_of(const kws_call *call, uint32_t o, uint32_t *apart)
{
    const uint32_t within = o & (TOGETHER - 1u), left = call->output->channels - (o - within);
    *apart = left < TOGETHER ? left : TOGETHER;
    return (const int8_t *)kws_weights(call) + (o - within) * call->layer->kernel_height + within;
}

/* see tall_dsp.h */
int32_t kws_tall_weight(const kws_call *call, uint32_t o, uint32_t k)
{
    uint32_t      apart;
    const int8_t *w = weights_of(call, o, &apart);
    return w[k * apart];
}

/* May the assembly run it? Every column of the output sees one of the input. */
static bool is_fast(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    return in->bits == 8 && out->bits == 8 && in->channels == out->channels && layer->pad_left == 0;
}

/* A list of the taps, and a row for those that lie outside, if they count. */
uint32_t kws_tall_scratch(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    return is_fast(layer, in, out)
               ? 4u * layer->kernel_height + (in->zero_point != 0 ? kws_row_bytes(in) : 0)
               : 0;
}

/* Channels that are not four together. */
KWS_SMALL static void run_rest(const kws_call *call, const kws_tall *pixel, uint32_t first,
                               uint32_t k)
{
    const uint8_t *const *taps = pixel->taps;
    for (uint32_t o = first, i = 0; o < call->output->channels; o++, i++) {
        uint32_t      apart;
        const int8_t *w = weights_of(call, o, &apart) + k * apart;
        int32_t       sum = 0;
        for (const uint8_t *const *tap = taps; tap != pixel->taps_end; tap++, w += apart) {
            sum += *w * (*tap)[i];
        }
        pixel->y[first + i] = (uint8_t)kws_requant_byte(sum, kws_multipliers(call)[o],
                                                        kws_biases(call)[o], call->layer->shift);
    }
}

/* see tall_dsp.h */
void kws_tall_run(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    inside = kws_inside(top, layer->kernel_height, in->height);
    if (!is_fast(layer, in, out) || inside.begin == inside.end) {
        kws_depthwise_any(call, r, 0, out->width, kws_tall_weight);
        return;
    }
    const uint32_t  channels = out->channels, whole = channels & ~(TOGETHER - 1u);
    const uint32_t  kernel = layer->kernel_height;
    const bool      counts = in->zero_point != 0; /* what lies outside */
    const uint32_t  begin = counts ? 0 : (uint32_t)inside.begin;
    const uint32_t  end = counts ? kernel : (uint32_t)inside.end;
    const uint8_t **list = call->scratch;
    uint8_t        *padding = (uint8_t *)(list + kernel);
    kws_tall        pixel = {.y = call->out + kws_row(out, r),
                             .multipliers = kws_multipliers(call),
                             .biases = kws_biases(call),
                             .shift = layer->shift,
                             .taps = list,
                             .taps_end = list + (end - begin),
                             .channels = 0u - whole,
                             .weights = (const uint8_t *)kws_weights(call) + TOGETHER * begin,
                             .skip = TOGETHER * (kernel - (end - begin))};
    if (inside.end - inside.begin != (int32_t)kernel && counts) {
        memset(padding, in->zero_point, kws_row_bytes(in));
    }
    for (uint32_t k = begin; k < end; k++) {
        const bool is_inside = (int32_t)k >= inside.begin && (int32_t)k < inside.end;
        list[k - begin] =
            whole + (is_inside ? call->in + kws_row(in, (uint32_t)(top + (int32_t)k)) : padding);
    }
    for (uint32_t left = out->width;; pixel.y += channels) {
        if (whole != 0) {
            kws_tall_sum(&pixel);
        }
        if (whole != channels) {
            run_rest(call, &pixel, whole, begin);
        }
        if (--left == 0) {
            return;
        }
        for (uint32_t i = 0; i < end - begin; i++) {
            list[i] += layer->stride_width * channels;
        }
    }
}

#endif
