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
    return layer->kernel_width == 1 && layer->pad_left == 0 && kws_weight_bits(layer) == 8;
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

/* May the assembly run it? */
static bool is_fast(const kws_tensor *in, const kws_tensor *out)
{
    return in->bits == 8 && out->bits == 8 && in->channels == out->channels;
}

/* A list of the taps, and a row for those that lie outside, if they count. */
uint32_t kws_tall_scratch(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    return is_fast(in, out)
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

/* Lists these taps of a window whose first one is at row top of the input: the pixels behind their
 * first `place` channels, of those that lie outside a row of the zero point behind the list. */
static void list_taps(const kws_call *call, int32_t top, kws_span inside, kws_span taps,
                      uint32_t place)
{
    const kws_tensor *in = call->input;
    const uint32_t    bytes = kws_row_bytes(in), slots = in->rows * bytes;
    const uint8_t   **list = call->scratch;
    uint8_t          *padding = (uint8_t *)(list + call->layer->kernel_height);
    const uint8_t    *x = call->in + kws_row(in, (uint32_t)(top + inside.begin));
    if (taps.end - taps.begin != inside.end - inside.begin) {
        memset(padding, in->zero_point, bytes);
    }
    for (int32_t k = taps.begin; k < inside.begin; k++) {
        *list++ = padding + place;
    }
    for (int32_t k = inside.begin; k < inside.end; k++, x += bytes) {
        x -= x == call->in + slots ? slots : 0;
        *list++ = x + place;
    }
    for (int32_t k = inside.end; k < taps.end; k++) {
        *list++ = padding + place;
    }
}

/* see tall_dsp.h */
void kws_tall_run(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    inside = kws_inside(top, layer->kernel_height, in->height);
    if (!is_fast(in, out) || inside.begin == inside.end) {
        kws_depthwise_any(call, r, 0, out->width, kws_tall_weight);
        return;
    }
    const uint32_t  channels = out->channels, whole = channels & ~(TOGETHER - 1u);
    const int32_t   kernel = layer->kernel_height;
    const bool      counts = in->zero_point != 0; /* what lies outside */
    const kws_span  taps = counts ? (kws_span){0, kernel} : inside;
    const uint8_t **list = call->scratch;
    const uint32_t  begin = (uint32_t)taps.begin, count = (uint32_t)(taps.end - taps.begin);
    kws_tall        pixel = {.y = call->out + kws_row(out, r),
                             .multipliers = kws_multipliers(call),
                             .biases = kws_biases(call),
                             .shift = layer->shift,
                             .taps = list,
                             .taps_end = list + count,
                             .channels = 0u - whole,
                             .weights = (const uint8_t *)kws_weights(call) + TOGETHER * begin,
                             .skip = TOGETHER * ((uint32_t)kernel - count)};
    list_taps(call, top, inside, taps, whole);
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
        for (uint32_t i = 0; i < count; i++) {
            list[i] += layer->stride_width * channels;
        }
    }
}

#endif
