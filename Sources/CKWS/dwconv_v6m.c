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

/* Scratch of one tap, and of the end of the list. */
#define TAP_BYTES 12u

_Static_assert(sizeof(kws_tap) == TAP_BYTES || sizeof(void *) > 4, "SPEC.md has the size");

/* Columns of the output whose sums are kept at a time. */
#define COLUMNS 5u

/* Channels of a single column at a time. */
#define GROUP 5u

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
    need->scratch_bytes = kws_times(kws_plus(taps, 1), TAP_BYTES);
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

/* Columns first .. first+4 of row r: which of them have x inside, tap by tap. False if that is
 * neither all nor none nor those of one side. */
__attribute__((noinline)) static bool list_taps(const kws_call *call, uint32_t r, uint32_t first)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const int32_t     stride = layer->stride_width, width = in->width;
    const int32_t     left = (int32_t)first * stride - layer->pad_left;
    const uint32_t    bytes = kws_pixel_bytes(in);
    kws_tap          *tap = call->scratch;
    uint32_t          weight = 0;
    const bool        padded = in->zero_point != 0;
    for (int32_t i = 0; i < layer->kernel_height; i++) {
        const int32_t  row = top + i;
        const bool     inside = row >= 0 && row < in->height;
        const uint8_t *x = call->in + (inside ? kws_row(in, (uint32_t)row) : 0);
        for (int32_t column = left; column < left + layer->kernel_width; column++, weight++) {
            int32_t begin = 0, end = inside ? (int32_t)COLUMNS : 0; /* those that are inside */
            int32_t at = column, last = column + (int32_t)(COLUMNS - 1) * stride;
            for (; at < 0 && begin < end; at += stride) {
                begin++;
            }
            for (; last >= width && begin < end; last -= stride) {
                end--;
            }
            const bool from = end == (int32_t)COLUMNS, none = begin >= end;
            if (none && !padded) {
                continue;
            }
            if (!none && begin > 0 && !from) {
                return false;
            }
            tap->x = none ? call->in : x + (uint32_t)(from ? at : last) * bytes;
            tap->weight = weight;
            uint32_t code = KWS_CODE_ALL;
            if (!none) {
                code = from ? KWS_CODE_FROM + (uint32_t)begin : KWS_CODE_FIRST + (uint32_t)end;
            }
            code += padded && end - begin < (int32_t)COLUMNS ? KWS_CODE_PADDED : 0;
            tap->code = kws_dwconv_codes_v6m[code];
            tap++;
        }
    }
    *tap = (kws_tap){call->in, 0, kws_dwconv_codes_v6m[KWS_CODE_END]};
    return true;
}

/* Columns first .. first + count - 1. */
__attribute__((noinline)) static bool run_taps(const kws_call *call, uint32_t r, uint32_t first,
                                               uint32_t count)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    bytes = kws_pixel_bytes(out);
    if (!list_taps(call, r, first)) {
        return false;
    }
    const kws_taps job = {.taps = call->scratch,
                          .weights = kws_weights(call),
                          .weights_step = (uint32_t)layer->kernel_height * layer->kernel_width,
                          .multipliers = kws_multipliers(call),
                          .biases = kws_biases(call),
                          .shift = layer->shift,
                          .y = call->out + kws_row(out, r) + (first + count - 1) * bytes,
                          .y_step = bytes,
                          .x_step = layer->stride_width * kws_pixel_bytes(in),
                          .channels = out->channels,
                          .zero_point = in->zero_point,
                          .put = kws_dwconv_codes_v6m[KWS_CODE_PUT + count]};
    kws_dwconv_taps_v6m(&job);
    return true;
}

/* The taps of the only column of row r; the end of the list, or NULL if there is padding that is
 * not 0. */
__attribute__((noinline)) static kws_tap *list_column(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(-layer->pad_left, layer->kernel_width, in->width);
    const uint32_t    bytes = kws_pixel_bytes(in);
    kws_tap          *tap = call->scratch;
    for (int32_t i = rows.begin; i < rows.end; i++) {
        const uint8_t *x = call->in + kws_row(in, (uint32_t)(top + i));
        for (int32_t j = columns.begin; j < columns.end; j++, tap++) {
            tap->x = x + (uint32_t)(j - layer->pad_left) * bytes;
            tap->weight = (uint32_t)(i * layer->kernel_width + j);
        }
    }
    const bool padded =
        tap - (kws_tap *)call->scratch != (int32_t)layer->kernel_height * layer->kernel_width;
    return padded && in->zero_point != 0 ? NULL : tap;
}

/* Channels first .. first + count - 1 of one column, whose taps lie in scratch, up to end. */
static void run_group(const kws_call *call, const kws_tap *end, uint32_t first, uint32_t count,
                      uint8_t *y)
{
    const kws_layer *layer = call->layer;
    const uint32_t   taps = (uint32_t)layer->kernel_height * layer->kernel_width;
    const kws_taps   job = {.taps = call->scratch,
                            .weights = (const uint8_t *)kws_weights(call) + first * taps,
                            .weights_step = taps,
                            .multipliers = kws_multipliers(call) + first,
                            .biases = kws_biases(call) + first,
                            .shift = layer->shift,
                            .y = y,
                            .end = end,
                            .channels = count};
    kws_dwconv_column_v6m(&job);
}

/* Moves the list of taps by some channels. */
static void move_taps(const kws_call *call, const kws_tap *end, int32_t channels)
{
    for (kws_tap *tap = call->scratch; tap != end; tap++) {
        tap->x += channels;
    }
}

/* Channels of one column in fives. What is left is computed with some of those before it, ahead of
 * them, for the output may lie on the input. False if there are too few, or padding is not 0. */
__attribute__((noinline)) static bool run_column(const kws_call *call, uint32_t r)
{
    const uint32_t all = call->output->channels;
    const kws_tap *end = list_column(call, r);
    uint8_t       *y = call->out + kws_row(call->output, r);
    uint8_t        last[GROUP];
    uint32_t       fives = 0;
    while (fives + GROUP <= all) {
        fives += GROUP;
    }
    if (end == NULL || fives == 0) {
        return false;
    }
    if (fives < all) {
        move_taps(call, end, (int32_t)(all - GROUP));
        run_group(call, end, all - GROUP, GROUP, last);
        move_taps(call, end, -(int32_t)(all - GROUP));
    }
    run_group(call, end, 0, fives, y);
    for (uint32_t o = fives; o < all; o++) {
        y[o] = last[o + GROUP - all];
    }
    return true;
}

/* Blocks of columns. */
__attribute__((noinline)) static void run_blocks(const kws_call *call, uint32_t r, bool fast)
{
    const kws_tensor *out = call->output;
    for (uint32_t first = 0; first < out->width; first += COLUMNS) {
        const uint32_t end = out->width - first < COLUMNS ? out->width : first + COLUMNS;
        if (!fast || !run_taps(call, r, first, end - first)) {
            kws_depthwise_any(call, r, first, end, weight);
        }
    }
}

static void run_any(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const bool bytes = kws_weight_bits(call->layer) == 8 && in->bits == 8 && out->bits == 8 &&
                       in->channels == out->channels;
    if (!bytes || out->width != 1 || !run_column(call, r)) {
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
