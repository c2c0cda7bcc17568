/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise: the columns of a row channel by channel, five at a time; all of a channel's row is
 * read before it is written, so that the output may trail the input.
 */
#include "dwconv_v6m.h"
#include "depthwise.h"
#include "depthwise_any.h"
#include "packed.h"

#if KWS_VARIANT == KWS_PACK_V6M

#define COLUMNS KWS_V6M_COLUMNS

/* 8 and 4 bits are one stream; 3 and 2 bits are filled up to whole bytes after each channel. */
static uint32_t weights_bytes(uint32_t taps, uint32_t channels, uint32_t bits)
{
    return bits < 4 ? kws_times(kws_weights_bytes(taps, bits), channels)
                    : kws_weights_bytes(kws_times(taps, channels), bits);
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_times(layer->kernel_height, layer->kernel_width);
    if (in2 != NULL || !kws_depthwise_fits(layer, in, out)) {
        return false;
    }
    need->weights_bytes = weights_bytes(taps, out->channels, kws_weight_bits(layer));
    need->channels = out->channels;
    need->scratch_bytes = kws_times(kws_plus(taps, 1), KWS_TAP_BYTES);
    need->in_place = kws_depthwise_trails(layer, in, out, COLUMNS);
    need->lag = layer->pad_top;
    return true;
}

static int32_t weight(const kws_call *call, uint32_t o, uint32_t k)
{
    const uint32_t bits = kws_weight_bits(call->layer);
    const uint32_t taps = (uint32_t)call->layer->kernel_height * call->layer->kernel_width;
    const uint8_t *weights = kws_weights(call);
    return bits < 4 ? kws_weight(weights + o * kws_weights_bytes(taps, bits), bits, k)
                    : kws_weight(weights, bits, o * taps + k);
}

/* Blocks of columns. */
__attribute__((noinline)) static void run_blocks(const kws_call *call, uint32_t r, bool fast)
{
    const kws_tensor *out = call->output;
    for (uint32_t first = 0; first < out->width; first += COLUMNS) {
        const uint32_t end = out->width - first < COLUMNS ? out->width : first + COLUMNS;
        if (fast) {
            kws_v6m_run_taps(call, r, first, end - first);
        } else {
            kws_depthwise_any(call, r, first, end, weight);
        }
    }
}

static void run_any(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const bool bytes = kws_weight_bits(call->layer) == 8 && in->bits == 8 && out->bits == 8 &&
                       in->channels == out->channels;
    if (!bytes || out->width != 1 || !kws_v6m_run_column(call, r)) {
        run_blocks(call, r, bytes);
    }
}

/* 3 x 3 over rows of five columns, one of padding on either side, in the usual case of ReLU's zero
 * point: padding adds nothing. */
static bool is_three_by_three(const kws_call *call)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    return layer->kernel_height == 3 && layer->kernel_width == 3 && layer->stride_width == 1 &&
           layer->pad_left == 1 && in->width == COLUMNS && out->width == COLUMNS &&
           in->channels == out->channels && in->bits == 8 && out->bits == 8 && in->zero_point == 0;
}

static void run_three_by_three(const kws_call *call, uint32_t r,
                               void (*rows)(const kws_three_by_three *))
{
    const kws_tensor  *in = call->input, *out = call->output;
    const int32_t      top = (int32_t)(r * call->layer->stride_height) - call->layer->pad_top;
    kws_three_by_three job = {.weights = kws_weights(call),
                              .multipliers = kws_multipliers(call),
                              .biases = kws_biases(call),
                              .shift = call->layer->shift,
                              .y = call->out + kws_row(out, r),
                              .channels = out->channels};
    for (int32_t i = 0; i < 3; i++) {
        const int32_t row = top + i;
        job.x[i] = row >= 0 && row < in->height ? call->in + kws_row(in, (uint32_t)row) : NULL;
    }
    rows(&job);
}

#define KERNEL(w)                                                                                  \
    static void run_w##w(const kws_call *call, uint32_t r)                                         \
    {                                                                                              \
        if (is_three_by_three(call)) {                                                             \
            run_three_by_three(call, r, kws_dwconv_w##w##_v6m);                                    \
        } else {                                                                                   \
            run_any(call, r);                                                                      \
        }                                                                                          \
    }                                                                                              \
    const kws_kernel kws_dwconv_w##w = {                                                           \
        .id = KWS_KERNEL_DWCONV_W##w, .pack = KWS_PACK_V6M, .fits = fits, .run = run_w##w};

/* see inner.h */
KERNEL(8)
KERNEL(4)
KERNEL(3)
KERNEL(2)

#endif
