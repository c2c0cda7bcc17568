/* SPDX-License-Identifier: Apache-2.0 */
#include "columns_dsp.h"
#include "depthwise.h"
#include "depthwise_any.h"
#include "depthwise_steps_t32.h"
#include "gather_dsp.h"
#include "packed.h"
#include "slide_dsp.h"
#include "tall_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* Columns of the output whose sums are kept at a time. */
#define COLUMNS 5u

/* Bytes of a 3x3 kernel of 3 or 2 bits, and of two of 4 bits. */
#define KWS_WORD_OF_9 4u
#define KWS_PAIR_OF_9 9u

/* Have these weights, of fewer than 8 bits, an order of their own? */
static bool is_nine(const kws_layer *layer)
{
    return kws_times(layer->kernel_height, layer->kernel_width) == 9;
}

/* May the assembly run this layer? Not if padding counts, nor with fewer than five columns. */
static bool is_fast(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    return layer->kernel_height == 3 && layer->kernel_width == 3 && in->zero_point == 0 &&
           in->bits == 8 && out->bits == 8 && layer->stride_width == 1 && layer->pad_left <= 1 &&
           in->channels == out->channels && out->width >= COLUMNS &&
           out->width + 1u - layer->pad_left <= in->width;
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t bits = kws_weight_bits(layer), channels = out->channels;
    const uint32_t taps = kws_times(layer->kernel_height, layer->kernel_width);
    if (in2 != NULL || !kws_depthwise_fits(layer, in, out)) {
        return false;
    }
    need->weights_bytes = !is_nine(layer) || bits == 8
                              ? kws_weights_bytes(kws_times(taps, channels), bits)
                          : bits == 4 ? ((channels + 1u) >> 1) * KWS_PAIR_OF_9
                                      : channels * KWS_WORD_OF_9;
    need->channels = channels;
    need->in_place = kws_depthwise_trails(layer, in, out, COLUMNS);
    need->lag = layer->pad_top;
    need->scratch_bytes = kws_is_tall(layer)        ? kws_tall_scratch(layer, in, out)
                          : is_fast(layer, in, out) ? kws_row_bytes(in)
                                                    : kws_t32_steps_scratch(layer, in, out);
    return true;
}

/* Weight k of output o. */
static int32_t weight(const kws_call *call, uint32_t o, uint32_t k)
{
    const kws_layer *layer = call->layer;
    const uint8_t   *weights = kws_weights(call);
    const uint32_t   bits = kws_weight_bits(layer);
    if (bits == 8 || !is_nine(layer)) {
        return kws_weight(weights, bits, o * layer->kernel_height * layer->kernel_width + k);
    }
    /* which halfword of two, and the field of it from the highest one down */
    const uint32_t half = k < 3 || k == 6 || k == 8 ? 0 : 1;
    const uint32_t field = k < 6 ? 3 - k + 3 * half : k < 8 ? 0 : 4;
    const uint8_t *pair = weights + (o >> 1) * KWS_PAIR_OF_9;
    const uint8_t *word = bits == 4 ? pair + (o & 1u) * 4 : weights + o * KWS_WORD_OF_9;
    if (bits == 4 && field == 4) {
        return (int32_t)((uint32_t)pair[8] << (28 - (o & 1u) * 4)) >> 28;
    }
    const uint32_t v = (uint32_t)word[2 * half] | (uint32_t)word[2 * half + 1] << 8;
    return bits == 4 ? (int32_t)(v << (16 + 4 * field)) >> 28
                     : (int32_t)(v << (16 + 3 * field)) >> 29;
}

/* Row r of the output, five columns at a time. Where a row of the kernel lies outside, it reads
 * zeros in scratch. */
KWS_SMALL static void run_fast(const kws_call *call, uint32_t r, const kws_convolves *convolves)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    channels = in->channels;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const uint8_t    *x[3];
    for (int32_t i = 0; i < 3; i++) {
        x[i] = call->scratch;
        if (top + i >= 0 && top + i < in->height) {
            x[i] = call->in + kws_row(in, (uint32_t)(top + i));
        } else {
            memset(call->scratch, 0, kws_row_bytes(in));
        }
    }
    for (uint32_t first = 0;; first += COLUMNS) {
        const bool ends = out->width - first <= COLUMNS;
        if (out->width - first < COLUMNS && kws_touch(in, out)) {
            kws_depthwise_any(call, r, first, out->width, weight);
            return;
        }
        /* the last columns may be computed twice, where they do not overwrite what they see */
        first = ends ? out->width - COLUMNS : first;
        const uint32_t left = first - layer->pad_left;
        const uint32_t middle = (first + COLUMNS / 2) * channels;
        const uint32_t shift = layer->pad_left == 1 ? 0 : channels;
        kws_columns    columns = {
               .weights = kws_weights(call),
               .x = {x[0] + middle + shift, x[1] + middle + shift, x[2] + middle + shift},
               .m = kws_multipliers(call),
               .b = kws_biases(call),
               .y = call->out + kws_row(out, r) + middle,
               .n = layer->shift,
               .m_end = kws_multipliers(call) + channels,
               .stride = channels};
        const uint32_t on_left = (int32_t)left >= 0, on_right = left + 7u <= in->width;
        convolves->at[2 * on_left + on_right](&columns);
        if (ends) {
            return;
        }
    }
}

static void unpack(const kws_call *call, uint32_t first, uint32_t channels, int8_t *to)
{
    const uint32_t taps = (uint32_t)call->layer->kernel_height * call->layer->kernel_width;
    if (!is_nine(call->layer)) {
        kws_t32_unpack_stream(call, first, channels, true, to);
        return;
    }
    for (uint32_t o = first; o < first + channels; o++) {
        for (uint32_t k = 0; k < taps; k++) {
            *to++ = (int8_t)weight(call, o, k);
        }
    }
}

KWS_SMALL static void run_otherwise(const kws_call *call, uint32_t r)
{
    if (!kws_t32_run_steps(call, r, unpack, kws_dsp_run_slide)) {
        kws_depthwise_any(call, r, 0, call->output->width, weight);
    }
}

static void run(const kws_call *call, uint32_t r, const kws_convolves *convolves)
{
    if (kws_is_tall(call->layer)) {
        kws_tall_run(call, r);
    } else if (is_fast(call->layer, call->input, call->output)) {
        run_fast(call, r, convolves);
    } else {
        run_otherwise(call, r);
    }
}

/* see inner.h */
#define KERNEL(bits, width)                                                                        \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        run(call, r, &kws_convolves##width);                                                       \
    }                                                                                              \
    const kws_kernel kws_dwconv_w##bits = {                                                        \
        .id = KWS_KERNEL_DWCONV_W##bits, .pack = KWS_PACK_DSP, .fits = fits, .run = run_w##bits};

KERNEL(8, 8)
KERNEL(4, 4)
KERNEL(3, 3)
KERNEL(2, 3)

#endif
