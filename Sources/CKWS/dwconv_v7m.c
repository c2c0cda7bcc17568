/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: weights [out channel][kh][kw], bits behind one another. Rows of the shapes
 * that a core takes go to it; the rest is done column by column.
 */
#include "column_v7m.h"
#include "depthwise.h"
#include "depthwise_v7m.h"
#include "packed.h"
#include "patch_v7m.h"
#include "steps_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* Not inlined, so that what is not called takes no stack. */
#define APART __attribute__((noinline))

/* Columns of the output whose sums are kept at a time. */
#define COLUMNS 8u

/* Columns of the input that a block of steps loads, and of the output that it sums. */
#define BLOCK 5

/* Words of the longest list that is worth while. */
#define LIST_WORDS 320u

static void (*const loads[BLOCK])(void) = {kws_v7m_load1, kws_v7m_load2, kws_v7m_load3,
                                           kws_v7m_load4, kws_v7m_load5};
static void (*const tap_steps[2 * BLOCK - 1])(void) = {kws_v7m_tap0, kws_v7m_tap1, kws_v7m_tap2,
                                                       kws_v7m_tap3, kws_v7m_tap4, kws_v7m_tap5,
                                                       kws_v7m_tap6, kws_v7m_tap7, kws_v7m_tap8};
static void (*const puts[BLOCK])(void) = {kws_v7m_put1, kws_v7m_put2, kws_v7m_put3, kws_v7m_put4,
                                          kws_v7m_put5};

/* Words of the longest list. The columns that BLOCK sums see are BLOCK + kw - 1 at most; a block of
 * them has a load, the taps and two skips; skip, end and put end the list. */
static uint32_t list_words(const kws_layer *layer, const kws_tensor *in)
{
    const uint32_t seen = BLOCK - 1u + layer->kernel_width;
    const uint32_t columns = seen < in->width ? seen : in->width;
    uint32_t       blocks = 0;
    for (uint32_t covered = 0; covered < columns; covered += BLOCK) {
        blocks++;
    }
    return kws_plus(kws_times(kws_times(blocks, layer->kernel_height), layer->kernel_width + 6u),
                    4);
}

/* Bytes of a channel's weights, unpacked. */
static uint32_t unpacked(const kws_layer *layer)
{
    return kws_weight_bits(layer) == 8 ? 0 : (uint32_t)layer->kernel_height * layer->kernel_width;
}

/* Is the layer one that steps can do? They have no zero point but 0, unless nothing is padding. */
static bool of_steps(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    return layer->stride_height == 1 && layer->stride_width == 1 && in->bits == 8 &&
           out->bits == 8 && in->channels == out->channels && list_words(layer, in) <= LIST_WORDS;
}

/* Is the layer one for the cores of three taps and five columns? */
static bool of_three(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    return layer->kernel_width == 3 && layer->kernel_height == 3 && layer->stride_width == 1 &&
           layer->pad_left == 1 && in->width == 5 && out->width == 5 && in->bits == 8 &&
           out->bits == 8 && in->channels == out->channels && in->zero_point == 0;
}

/* Is the tensor a column? */
static bool of_column(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    return in->width == 1 && out->width == 1 && in->bits == 8 && out->bits == 8 &&
           in->channels == out->channels && layer->pad_left < layer->kernel_width &&
           layer->kernel_height <= LIST_WORDS;
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_times(layer->kernel_height, layer->kernel_width);
    if (in2 != NULL || !kws_depthwise_fits(layer, in, out)) {
        return false;
    }
    need->weights_bytes = kws_weights_bytes(kws_times(taps, out->channels), kws_weight_bits(layer));
    need->channels = out->channels;
    need->in_place = kws_depthwise_may_trail(layer, in, out) && out->width <= BLOCK;
    need->lag = layer->pad_top;
    if (of_column(layer, in, out)) {
        need->scratch_bytes = 4u * layer->kernel_height + 4 * unpacked(layer);
    } else if (of_steps(layer, in, out) && !of_three(layer, in, out)) {
        need->scratch_bytes = 4 * list_words(layer, in) + unpacked(layer);
    }
    return true;
}

/* Weight number index; two's complement of every width. */
static int32_t weight(const kws_call *call, uint32_t index)
{
    const uint32_t bits = kws_weight_bits(call->layer), half = 1u << (bits - 1);
    const int32_t  w = kws_weight(kws_weights(call), bits, index);
    return bits == 8 ? w : (int32_t)(((uint32_t)w + half) ^ half) - (int32_t)half;
}

/* Channel o of the output, c of the input, at columns first .. end-1 of row r. All of the row that
 * is read is read before anything is written, so that the output may trail the input. |acc| <=
 * 65535 * 255 * 128 < 2^31. */
static APART void columns(const kws_call *call, uint32_t r, uint32_t first, uint32_t end,
                          uint32_t o, uint32_t c)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    int32_t           acc[COLUMNS] = {0};
    uint32_t          k = o * layer->kernel_height * layer->kernel_width;
    for (int32_t i = 0; i < layer->kernel_height; i++) {
        const int32_t  row = top + i;
        const bool     inside = row >= 0 && row < in->height;
        const uint8_t *x = call->in + (inside ? kws_row(in, (uint32_t)row) : 0);
        for (int32_t j = 0; j < layer->kernel_width; j++, k++) {
            const int32_t w = weight(call, k);
            int32_t       column = (int32_t)(first * layer->stride_width) - layer->pad_left + j;
            for (uint32_t q = first; q < end; q++, column += layer->stride_width) {
                const int32_t value =
                    inside && column >= 0 && column < in->width
                        ? kws_get(x + (uint32_t)column * kws_pixel_bytes(in), in->bits, c)
                        : in->zero_point;
                acc[q - first] = kws_mac(acc[q - first], value, w);
            }
        }
    }
    uint8_t *y = call->out + kws_row(out, r);
    for (uint32_t q = first; q < end; q++) {
        kws_put(y + q * kws_pixel_bytes(out), out->bits, o,
                kws_requant(acc[q - first], kws_multipliers(call)[o], kws_biases(call)[o],
                            layer->shift, out->bits));
    }
}

static APART void run_general(const kws_call *call, uint32_t r, uint32_t begin)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    multiple = kws_multiple(out->channels, in->channels);
    for (uint32_t first = 0; first < out->width; first += COLUMNS) {
        const uint32_t end = out->width - first < COLUMNS ? out->width : first + COLUMNS;
        uint32_t       o = begin * multiple;
        for (uint32_t c = begin; c < in->channels; c++) {
            for (const uint32_t last = o + multiple; o < last; o++) {
                columns(call, r, first, end, o, c);
            }
        }
    }
}

/* Channels begin .. end-1. */
static void three(const kws_call *call, kws_v7m_dw *dw, kws_v7m_dw_core *core,
                  const uint8_t *rows[3], uint8_t *y, uint32_t begin, uint32_t end)
{
    for (uint32_t i = 0; i < 3; i++) {
        dw->rows[i] = rows[i] == NULL ? NULL : rows[i] + end;
    }
    dw->y = y + end;
    dw->multipliers = kws_multipliers(call) + end;
    dw->biases = kws_biases(call) + end;
    dw->first = begin - end;
    core(dw);
}

/* Row r of such a layer. Returns whether there is a row of the input. */
static APART bool run_of_three(const kws_call *call, uint32_t r, kws_v7m_dw_core *core)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    channels = in->channels, bits = kws_weight_bits(layer);
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    span = kws_inside(top, 3, in->height);
    const uint8_t    *rows[3] = {NULL, NULL, NULL};
    uint8_t          *y = call->out + kws_v7m_row_offset(call->output, r);
    uint8_t           tail[16]; /* 3 channels of 18 bits from any bit on, and what is read beyond */
    kws_v7m_dw        dw = {.shift = layer->shift, .pixel = channels};
    if (span.begin == span.end) {
        return false;
    }
    for (int32_t i = span.begin; i < span.end; i++) {
        rows[i - span.begin] = call->in + kws_v7m_row_offset(in, (uint32_t)(top + i));
    }
    dw.weights = kws_weights(call);
    dw.begin = 3 * (uint32_t)span.begin * bits;
    if (bits == 8) {
        dw.begin = (uint32_t)(uintptr_t)dw.weights + 3 * (uint32_t)span.begin;
        three(call, &dw, core, rows, y, 0, channels);
        return true;
    }
    /* the core reads a little beyond a channel's weights: those of the last channels from a copy */
    const uint32_t total = (9 * bits * channels + 7) >> 3;
    uint32_t       safe = channels;
    while (safe > 0 && ((9 * bits * (safe - 1) + dw.begin) >> 3) + KWS_V7M_DW3_READS > total) {
        safe--;
    }
    if (safe > 0) {
        three(call, &dw, core, rows, y, 0, safe);
    }
    if (safe < channels) {
        const uint32_t place = 9 * bits * safe;
        memset(tail, 0, sizeof tail);
        memcpy(tail, dw.weights + (place >> 3), total - (place >> 3));
        dw.begin += place & 7u;
        dw.weights = tail;
        three(call, &dw, core, rows, y, safe, channels);
    }
    return true;
}

static uint32_t *step(uint32_t *list, void (*code)(void))
{
    *list = (uint32_t)(uintptr_t)code;
    return list + 1;
}

/* Writes down what row r needs for output columns q .. q+count-1. */
static APART void write_list(const kws_call *call, uint32_t r, int32_t q, int32_t count)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const int32_t     top = (int32_t)r - layer->pad_top, width = layer->kernel_width;
    const int32_t     left = q - layer->pad_left, right = left + count - 1 + width;
    uint32_t         *list = call->scratch;
    int32_t           skip = 0;
    for (int32_t i = 0; i < layer->kernel_height; i++, skip += width) {
        if (top + i < 0 || top + i >= in->height) {
            continue;
        }
        const uint8_t *row = call->in + kws_v7m_row_offset(in, (uint32_t)(top + i)) + in->channels;
        const int32_t  end = right < in->width ? right : in->width;
        for (int32_t t = left > 0 ? left : 0; t < end; t += BLOCK) {
            const int32_t loaded = end - t < BLOCK ? end - t : BLOCK;
            list = step(list, loads[loaded - 1]);
            *list++ = (uint32_t)(uintptr_t)(row + (uint32_t)t * in->channels);
            for (int32_t j = 0; j < width; j++) {
                const int32_t d = left + j - t; /* sum a takes loaded column a + d */
                if (d <= -count || d >= loaded) {
                    skip++;
                    continue;
                }
                if (skip != 0) {
                    list = step(list, kws_v7m_skip);
                    *list++ = (uint32_t)skip;
                    skip = 0;
                }
                list = step(list, tap_steps[d + BLOCK - 1]);
            }
            skip -= width;
        }
    }
    if (skip != 0) {
        list = step(list, kws_v7m_skip);
        *list++ = (uint32_t)skip;
    }
    list = step(list, kws_v7m_end);
    step(list, puts[count - 1]);
}

/* Is all that row r sees inside the input? */
static bool nothing_padded(const kws_call *call, uint32_t r)
{
    const kws_layer *layer = call->layer;
    const int32_t    top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const uint32_t   last = (call->output->width - 1u) * layer->stride_width;
    return layer->pad_left == 0 && top >= 0 && top + layer->kernel_height <= call->input->height &&
           last + layer->kernel_width <= call->input->width;
}

/* The weights of count channels from c on, a byte each. */
static APART void unpack(const kws_call *call, uint32_t c, uint32_t count, int8_t *to)
{
    const uint32_t taps = unpacked(call->layer), bits = kws_weight_bits(call->layer);
    const uint8_t *from = kws_weights(call);
    uint32_t       place = c * taps * bits, rest = 0, have = 0;
    from += place >> 3;
    place &= 7u;
    for (uint32_t k = 0; k < count * taps; k++) {
        if (have < bits) {
            rest |= (uint32_t)*from++ << have;
            have += 8;
            if (k == 0) {
                rest >>= place;
                have -= place;
                if (have < bits) {
                    rest |= (uint32_t)*from++ << have;
                    have += 8;
                }
            }
        }
        const int32_t top = (int32_t)(rest << (32 - bits));
        to[k] = (int8_t)(top >> (32 - bits));
        rest >>= bits;
        have -= bits;
    }
}

/* Channels with narrow weights: each one's are unpacked first. The list's places are of the channel
 * behind the last, so only the channel's number moves. */
static APART void one_by_one(const kws_call *call, const kws_v7m_plan *plan)
{
    const uint32_t channels = call->output->channels;
    int8_t        *weights = (int8_t *)call->scratch + 4 * list_words(call->layer, call->input);
    for (uint32_t c = 0; c < channels; c++) {
        unpack(call, c, 1, weights);
        kws_v7m_plan one = *plan;
        one.first = c - channels;
        one.last = one.first + 1;
        one.weights = weights;
        kws_v7m_steps(&one);
    }
}

/* Row r of a column, four channels at a time; returns how many are done. A window sees just tap
 * pad_left of its rows. */
static APART uint32_t run_column(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    channels = in->channels, done = channels & ~3u, height = layer->kernel_height;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    span = kws_inside(top, (int32_t)height, in->height);
    const uint8_t   **rows = call->scratch;
    int8_t           *weights = (int8_t *)call->scratch + 4 * height;
    uint32_t          begin = (uint32_t)span.begin * layer->kernel_width + layer->pad_left;
    kws_v7m_column    column = {.first = 0u - channels,
                                .last = done - channels,
                                .y = call->out + kws_v7m_row_offset(call->output, r) + channels,
                                .multipliers = kws_multipliers(call) + channels,
                                .biases = kws_biases(call) + channels,
                                .shift = layer->shift,
                                .weights = (const int8_t *)kws_weights(call) + begin,
                                .step = layer->kernel_width,
                                .rows = rows,
                                .rows_end = rows + (span.end - span.begin),
                                .apart = height * layer->kernel_width};
    if (span.begin == span.end || done == 0) {
        return 0;
    }
    for (int32_t i = span.begin; i < span.end; i++) {
        rows[i - span.begin] = call->in + kws_v7m_row_offset(in, (uint32_t)(top + i)) + channels;
    }
    if (kws_weight_bits(layer) == 8) {
        kws_v7m_run_column(&column);
        return done;
    }
    for (uint32_t c = 0; c < done; c += 4) {
        unpack(call, c, 4, weights);
        column.first = c - channels;
        column.last = column.first + 4;
        column.weights = weights + begin;
        kws_v7m_run_column(&column);
    }
    return done;
}

/* Row r. The output may trail the input if all columns are one block: a channel is read before it
 * is written. */
static APART void run_steps(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *out = call->output;
    const uint32_t    channels = out->channels;
    uint8_t          *y = call->out + kws_v7m_row_offset(out, r) + channels;
    for (int32_t q = 0; q < out->width; q += BLOCK) {
        const int32_t columns = out->width - q < BLOCK ? out->width - q : BLOCK;
        kws_v7m_plan  plan = {.first = 0u - channels,
                              .y = y + (uint32_t)q * channels,
                              .multipliers = kws_multipliers(call) + channels,
                              .biases = kws_biases(call) + channels,
                              .shift = layer->shift,
                              .list = call->scratch,
                              .weights = kws_weights(call),
                              .pixel = channels};
        write_list(call, r, q, columns);
        if (kws_weight_bits(layer) == 8) {
            kws_v7m_steps(&plan);
        } else {
            one_by_one(call, &plan);
        }
    }
}

/* A row: by a core if there is one for it. */
static void run(const kws_call *call, uint32_t r, kws_v7m_dw_core *core)
{
    if (of_three(call->layer, call->input, call->output)) {
        if (!run_of_three(call, r, core)) {
            run_general(call, r, 0);
        }
        return;
    }
    const bool sound = call->input->zero_point == 0 || nothing_padded(call, r);
    if (sound && of_column(call->layer, call->input, call->output)) {
        run_general(call, r, run_column(call, r));
    } else if (sound && of_steps(call->layer, call->input, call->output)) {
        run_steps(call, r);
    } else {
        run_general(call, r, 0);
    }
}

#define KERNEL(bits)                                                                               \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        run(call, r, kws_v7m_dw3_w##bits);                                                         \
    }                                                                                              \
    const kws_kernel kws_dwconv_w##bits = {                                                        \
        .id = KWS_KERNEL_DWCONV_W##bits, .pack = KWS_PACK_V7M, .fits = fits, .run = run_w##bits};

/* see inner.h */
KERNEL(8)
KERNEL(4)
KERNEL(3)
KERNEL(2)

#endif
