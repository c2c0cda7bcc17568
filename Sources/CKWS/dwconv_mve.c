/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: 16 channels and up to 5 columns at a time. Weights and inputs are brought
 * into words (depthwise_mve.h), and one VMLADAVA adds the products of four. It multiplies signed
 * numbers: x - 128 stands for x, and 128 times the sum of the weights is added at the end.
 */
#include "depthwise.h"
#include "depthwise_mve.h"
#include "packed.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

#define LANES 16u
#define COLUMNS KWS_MVE_COLUMNS
#define WORD_BYTES KWS_MVE_WORD_BYTES
#define VECTOR_BYTES (4u * WORD_BYTES) /* of four words of 16 channels */
#define SUMS KWS_MVE_SUMS
#define SUMS_BYTES (8u * SUMS * 4u + 16u)
#define WORK_BYTES sizeof(kws_mve_three)
#define SIGN 0x80u

/* Functions that are not copied into their callers, which would take more than KWS_KERNEL_STACK. */
#define APART __attribute__((noinline)) static

/* Words of a window, and what lies where in scratch: sums, words of the input, words of the
 * weights, their places, rows of the input (at, step, bytes of 16 channels), 16 bytes of padding
 * and 16 that stand for weights 0. */
typedef struct plan {
    uint32_t chunks;  /* of 4 rows of the window */
    uint32_t vectors; /* of 4 words: all columns of chunk 0, of chunk 1, .. */
    uint32_t phase;   /* columns of the input with the same remainder by the stride */
    uint32_t slots;   /* words of a chunk */
    uint32_t x, weights, places, rows, padding, zero, work, bytes;
} plan;

/* Windows whose words would take too much scratch. */
static bool is_large(const kws_layer *layer)
{
    return layer->kernel_height > 16 || layer->kernel_width > 16 || layer->stride_width > 8;
}

APART plan plan_of(const kws_layer *layer)
{
    const uint32_t stride = layer->stride_width;
    plan           p;
    p.chunks = (layer->kernel_height + 3u) >> 2;
    p.vectors = (kws_times(p.chunks, layer->kernel_width) + 3u) >> 2;
    /* the least with stride * phase >= stride * (COLUMNS - 1) + kernel_width */
    p.phase = COLUMNS - 1u;
    for (uint32_t covered = 0; covered < layer->kernel_width; covered += stride) {
        __asm__("" : "+r"(covered)); /* compilers would divide */
        p.phase++;
    }
    p.slots = kws_times(p.phase, stride);
    p.x = SUMS_BYTES;
    p.weights = kws_plus(p.x, kws_times(kws_times(p.chunks, p.slots), WORD_BYTES));
    p.places = kws_plus(p.weights, kws_times(p.vectors, VECTOR_BYTES));
    p.rows = kws_plus(p.places, kws_times(p.vectors + 2u, 16));
    p.padding = kws_plus(p.rows, kws_times(p.chunks, 48));
    p.zero = kws_plus(p.padding, LANES);
    p.work = kws_plus(p.zero, LANES);
    p.bytes = kws_plus(p.work, WORK_BYTES);
    return p;
}

/* Weights of a byte: channels l, l + lanes, .. share byte l of a tap; 3 bits are kept in 4. */
static inline uint32_t fields_of(uint32_t bits)
{
    return bits == 8 ? 1 : bits == 2 ? 4 : 2;
}

/* Lanes of the block of weights of so many channels. */
static uint32_t lanes_of(uint32_t channels, uint32_t fields)
{
    return channels >= LANES * fields ? LANES : (channels + fields - 1u) >> (fields >> 1);
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_times(layer->kernel_height, layer->kernel_width);
    const uint32_t fields = fields_of(kws_weight_bits(layer));
    if (in2 != NULL || !kws_depthwise_fits(layer, in, out)) {
        return false;
    }
    const uint32_t rest = out->channels & (LANES * fields - 1u);
    const uint32_t whole = (out->channels - rest) >> (fields >> 1);
    need->weights_bytes = kws_times(taps, whole + (rest != 0 ? lanes_of(rest, fields) : 0));
    need->channels = out->channels;
    need->scratch_bytes = is_large(layer) ? 0 : plan_of(layer).bytes;
    need->in_place = kws_depthwise_may_trail(layer, in, out) && out->width <= COLUMNS;
    need->lag = layer->pad_top;
    return true;
}

/* Rows of one run(), and what all its groups of channels share. */
typedef struct row {
    const kws_call *call;
    plan            p;
    uint32_t        bits;
    uint32_t        multiple; /* outputs of a channel of the input */
    int32_t         top;
    uint8_t        *y;
    uint8_t        *scratch;
} row;

/* A group of channels, 16 at most, that are computed together. */
typedef struct group {
    uint32_t       first, count;
    uint32_t       lanes;   /* of its block of weights */
    uint32_t       field;   /* in a byte */
    const uint8_t *weights; /* of its block */
} group;

/* Bits from field to field. */
static inline uint32_t field_bits(uint32_t bits)
{
    return bits == 8 ? 8 : bits == 2 ? 2 : 4;
}

/* One word of the weights, of any number of lanes: rows of column j of chunk a. */
APART void place_weight(const row *r, const group *g, uint32_t a, uint32_t j, uint8_t *to)
{
    const kws_layer   *layer = r->call->layer;
    const mve_pred16_t lanes = vctp8q(g->lanes);
    const uint32_t     width = field_bits(r->bits);
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

/* Writes the words of the weights: [vector][4 words][16 channels][4 taps], zeros where there is no
 * tap. */
APART void place_weights(const row *r, const group *g)
{
    const kws_layer *layer = r->call->layer;
    const uint32_t   step = layer->kernel_width * LANES, width = field_bits(r->bits);
    uint8_t         *to = r->scratch + r->p.weights;
    const uint8_t   *w = g->weights;
    kws_mve_rows    *rows = (kws_mve_rows *)(void *)(r->scratch + r->p.work);
    for (uint32_t a = 0; a < r->p.chunks; a++, to += layer->kernel_width * WORD_BYTES) {
        const uint32_t count = layer->kernel_height - 4 * a;
        if (g->lanes != LANES) {
            for (uint32_t j = 0; j < layer->kernel_width; j++) {
                place_weight(r, g, a, j, to + j * WORD_BYTES);
            }
            continue;
        }
        rows->to = to;
        rows->before = rows->behind = 0;
        rows->count = layer->kernel_width;
        rows->add = 0;
        rows->three = count == 3;
        rows->shift = -(int32_t)(g->field * width);
        rows->mask = (1u << width) - 1u;
        for (uint32_t k = 0; k < 4; k++, w += step) {
            rows->at[k] = k < count ? w : r->scratch + r->p.zero;
            rows->step[k] = k < count ? LANES : 0;
        }
        if (r->bits == 8) {
            kws_mve_words(rows);
        } else {
            rows->add = 0u - (1u << (r->bits - 1));
            kws_mve_words_narrow(rows);
        }
    }
}

/* Four rows of the input at a column of it. */
static void rows_of(const row *r, uint32_t a, uint32_t offset, kws_mve_rows *rows)
{
    const kws_tensor *in = r->call->input;
    const uint32_t    count = r->call->layer->kernel_height - 4 * a;
    for (uint32_t k = 0; k < 4; k++) {
        const int32_t i = r->top + (int32_t)(4 * a + k);
        const bool    inside = k < count && i >= 0 && i < in->height;
        rows->at[k] =
            inside ? r->call->in + kws_row(in, (uint32_t)i) + offset : r->scratch + r->p.padding;
        rows->step[k] = inside ? kws_pixel_bytes(in) : 0;
    }
    rows->three = count == 3;
}

/* 16 channels of the output at a pixel of the input, or of padding. */
APART uint8x16_t pick(const row *r, const group *g, const uint8_t *pixel, uint32_t step)
{
    uint8_t  x[LANES] = {0};
    uint32_t c = 0, part = 0;
    if (step == 0) {
        return vld1q_u8(pixel);
    }
    if (r->multiple == 1 && r->call->input->bits == 8) {
        return vldrbq_z_u8(pixel + g->first, vctp8q(g->count));
    }
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
APART void place_input(const row *r, const group *g, uint32_t q)
{
    const kws_tensor *in = r->call->input;
    const uint32_t    stride = r->call->layer->stride_width;
    const int32_t     left = (int32_t)(q * stride) - r->call->layer->pad_left;
    const uint32_t    columns = (COLUMNS - 1u) * stride + r->call->layer->kernel_width;
    const kws_span    inside = kws_inside(left, (int32_t)columns, in->width);
    const bool        plain = g->count == LANES && r->multiple == 1 && in->bits == 8;
    uint8_t          *to = r->scratch + r->p.x;
    kws_mve_rows     *rows = (kws_mve_rows *)(void *)(r->scratch + r->p.work);
    for (uint32_t a = 0; a < r->p.chunks; a++, to += r->p.slots * WORD_BYTES) {
        rows_of(r, a, plain ? g->first : 0, rows);
        const uint32_t skipped = inside.begin < inside.end ? (uint32_t)(left + inside.begin) : 0;
        for (uint32_t k = 0; k < 4; k++) {
            rows->at[k] += skipped * rows->step[k];
        }
        rows->add = SIGN;
        rows->padding = in->zero_point ^ SIGN;
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
            rows->to = to + (remainder * r->p.phase + quotient) * WORD_BYTES;
            rows->count = c >= inside.begin && c < inside.end;
            rows->before = 1 - rows->count;
            rows->behind = 0;
            if (plain || rows->count == 0) {
                kws_mve_words(rows);
            } else {
                for (uint32_t k = 0; k < 4; k++) {
                    vstrbq_scatter_offset_u8(
                        rows->to + k, vshlq_n_u8(vidupq_n_u8(0, 1), 2),
                        veorq_u8(pick(r, g, rows->at[k], rows->step[k]), vdupq_n_u8(SIGN)));
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

/* The places of the words, of the input and of the weights, less 4: the code goes on before it
 * loads; then those of the sums of channels 0, 2, 4, 6. Padding, and weights 0 in every field. */
APART void place_places(const row *r)
{
    const uint32_t stride = r->call->layer->stride_width;
    uint32_t      *to = (uint32_t *)(void *)(r->scratch + r->p.places);
    const uint32_t first = (uint32_t)(r->scratch + r->p.x) - 4u;
    uint32_t       word = 0, chunk = first;
    for (uint32_t a = 0; a < r->p.chunks; a++, chunk += r->p.slots * WORD_BYTES) {
        uint32_t remainder = 0, quotient = 0;
        for (uint32_t j = 0; j < r->call->layer->kernel_width; j++) {
            to[word++] = chunk + (remainder * r->p.phase + quotient) * WORD_BYTES;
            if (++remainder == stride) {
                remainder = 0;
                quotient++;
            }
        }
    }
    uint8_t *zeros = r->scratch + r->p.weights + word * WORD_BYTES;
    for (; word < 4 * r->p.vectors; word++, zeros += WORD_BYTES) {
        to[word] = first;
        for (uint32_t k = 0; k < WORD_BYTES; k += LANES) {
            vst1q_u8(zeros + k, vdupq_n_u8(0));
        }
    }
    const uint32x4_t lanes = vidupq_n_u32(0, 1);
    const uint32_t   weights = (uint32_t)(r->scratch + r->p.weights) - 4u;
    vst1q_u32(to + word, vaddq_n_u32(vmulq_n_u32(lanes, WORD_BYTES), weights));
    vst1q_u32(to + word + 4, vaddq_n_u32(vmulq_n_u32(lanes, 2 * SUMS * 4), (uint32_t)r->scratch));
    vst1q_u8(r->scratch + r->p.padding, vdupq_n_u8(r->call->input->zero_point));
    const uint32_t middle = 1u << (r->bits - 1);
    vst1q_u8(r->scratch + r->p.zero, vdupq_n_u8((uint8_t)(r->bits == 8   ? 0
                                                          : r->bits == 2 ? middle * 0x55u
                                                                         : middle * 0x11u)));
}

/* The output of channel g->first + c at a pixel, slot q of the words: for fewer than 8 channels,
 * and outputs of less than 8 bits. */
APART void finish(const row *r, const group *g, uint32_t c, uint32_t q, uint8_t *y)
{
    const kws_call *call = r->call;
    const uint32_t *places = (const uint32_t *)(const void *)(r->scratch + r->p.places);
    const uint8_t  *w = r->scratch + r->p.weights + 4 * c;
    const uint32_t  bits = call->output->bits, o = g->first + c;
    int32_t         acc = 0, sum = 0;
    for (uint32_t word = 0; word < 4 * r->p.vectors; word++, w += WORD_BYTES) {
        const int8_t *x = (const int8_t *)(places[word] + 4u + 4 * c + q * WORD_BYTES);
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
APART void run_group(const row *r, const group *g, uint32_t q, uint32_t count)
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
    work->weights = r->scratch + r->p.weights;
    work->again = places;
    work->offset = 0;
    work->last = y + (count - 1) * step + g->first;
    work->step = step;
    work->multipliers = kws_multipliers(r->call) + g->first;
    work->biases = kws_biases(r->call) + g->first;
    work->pixels = count;
    work->shift = -(int32_t)r->call->layer->shift;
    work->count = eights;
    kws_mve_depthwise(work);
}

/* Is this a layer of whole blocks of weights, stride 1 and activations of 8 bits? */
static bool is_plain(const kws_call *call, uint32_t bits)
{
    const kws_tensor *in = call->input, *out = call->output;
    return in->channels == out->channels && (out->channels & (LANES * fields_of(bits) - 1u)) == 0 &&
           in->bits == 8 && out->bits == 8 && call->layer->stride_width == 1;
}

/* Writes the rows of the input into their table. */
APART void list_rows(const row *r)
{
    uint32_t *to = (uint32_t *)(void *)(r->scratch + r->p.rows);
    for (uint32_t a = 0; a < r->p.chunks; a++, to += 12) {
        const kws_tensor *in = r->call->input;
        const uint32_t    bytes = in->channels;
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
            to[k + 8] = LANES;
            x += in->width * bytes;
            x = x == end ? r->call->in : x;
        }
    }
}

/* A plain layer's weights of a group. */
APART void place_plain_weights(const row *r, const uint8_t *w, uint32_t field, kws_mve_rows *rows)
{
    const kws_layer *layer = r->call->layer;
    const uint32_t   step = layer->kernel_width * LANES;
    uint32_t         left = layer->kernel_height;
    rows->to = r->scratch + r->p.weights;
    rows->before = 0;
    rows->count = layer->kernel_width;
    rows->add = 0;
    rows->behind = 0;
    for (uint32_t a = 0; a < r->p.chunks; a++, left -= 4, w += 4 * step) {
        const uint32x4_t lane = vidupq_n_u32(0, 1);
        vst1q_u32((uint32_t *)(void *)rows->at, vaddq_n_u32(vmulq_n_u32(lane, step), (uint32_t)w));
        vst1q_u32(rows->step, vdupq_n_u32(LANES));
        rows->three = left == 3;
        for (uint32_t k = left; k < 3; k++) {
            rows->at[k] = r->scratch + r->p.zero;
            rows->step[k] = 0;
        }
        if (left < 3) {
            rows->at[3] = r->scratch + r->p.zero;
            rows->step[3] = 0;
        }
        if (r->bits == 8) {
            kws_mve_words(rows);
        } else {
            const uint32_t width = field_bits(r->bits);
            rows->add = 0u - (1u << (r->bits - 1));
            rows->shift = -(int32_t)(field * width);
            rows->mask = (1u << width) - 1u;
            kws_mve_words_narrow(rows);
        }
        rows->to += layer->kernel_width * WORD_BYTES;
    }
}

/* The same for windows of three rows and one vector, and rows of one piece: most layers. */
static bool is_three(const kws_call *call, uint32_t bits)
{
    return call->layer->kernel_height == 3 && call->layer->kernel_width <= 4 &&
           call->output->width <= COLUMNS && is_plain(call, bits);
}

APART void run_three(const kws_call *call, uint32_t index, uint32_t bits)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    kernel_width = layer->kernel_width, channels = in->channels;
    const uint32_t    columns = COLUMNS - 1u + kernel_width;
    const kws_span    inside = kws_inside(-(int32_t)layer->pad_left, (int32_t)columns, in->width);
    const uint32_t    width = field_bits(bits);
    uint8_t *const    scratch = call->scratch;
    uint8_t *const    x = scratch + SUMS_BYTES;
    uint8_t *const    w = x + columns * WORD_BYTES;
    uint32_t *const   places = (uint32_t *)(void *)(w + VECTOR_BYTES);
    uint8_t *const    padding = (uint8_t *)(places + 12);
    kws_mve_three    *work = (kws_mve_three *)(void *)(padding + LANES);
    const uint32x4_t  lanes = vidupq_n_u32(0, 1), words = vmulq_n_u32(lanes, WORD_BYTES);
    int32_t           i = (int32_t)(index * layer->stride_height) - layer->pad_top;
    vst1q_u32(places, vaddq_n_u32(words, (uint32_t)x - 4u));
    vst1q_u32(places + 4, vaddq_n_u32(words, (uint32_t)w - 4u));
    vst1q_u32(places + 8, vaddq_n_u32(vmulq_n_u32(lanes, 2 * SUMS * 4), (uint32_t)scratch));
    vst1q_u8(padding, vdupq_n_u8(in->zero_point));
    for (uint8_t *zero = w + kernel_width * WORD_BYTES; zero < w + VECTOR_BYTES; zero += LANES) {
        vst1q_u8(zero, vdupq_n_u8(0));
    }
    for (uint32_t k = 0; k < 3; k++, i++) {
        const bool there = i >= 0 && i < in->height;
        work->at[k] = there ? call->in + kws_row(in, (uint32_t)i) +
                                  (uint32_t)(inside.begin - layer->pad_left) * channels
                            : padding;
        work->step[k] = there ? channels : 0;
        work->next[k] = there ? LANES : 0;
    }
    work->next[3] = 0;
    work->to = x;
    work->before = (uint32_t)inside.begin;
    work->count = (uint32_t)(inside.end - inside.begin);
    work->behind = columns - (uint32_t)inside.end;
    work->weights = kws_weights(call);
    work->weights_row = kernel_width * LANES;
    work->kernel_width = kernel_width;
    work->weights_to = w;
    work->shift = 0;
    work->field_bits = width;
    work->mask = (1u << width) - 1u;
    work->add = bits == 8 ? 0 : 0u - (1u << (bits - 1));
    work->padding = in->zero_point ^ SIGN;
    work->places = places;
    work->sums = (int32_t *)(void *)scratch;
    work->last = call->out + kws_row(out, index) + (out->width - 1u) * channels;
    work->pixel_bytes = channels;
    work->multipliers = kws_multipliers(call);
    work->biases = kws_biases(call);
    work->pixels = out->width;
    work->output_shift = -(int32_t)layer->shift;
    work->groups = channels / LANES;
    kws_mve_depthwise_three(work);
}

/* A row of a plain layer; see run_group(). */
APART void run_plain(const row *r)
{
    const kws_call   *call = r->call;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    columns = COLUMNS - 1u + call->layer->kernel_width;
    const uint32_t block = (uint32_t)call->layer->kernel_height * call->layer->kernel_width * LANES;
    const uint32_t fields = fields_of(r->bits), channels = out->channels;
    const uint8_t *weights = kws_weights(call);
    uint32_t      *table = (uint32_t *)(void *)(r->scratch + r->p.rows);
    kws_mve_eights *work = (kws_mve_eights *)(void *)(r->scratch + r->p.work);
    kws_mve_rows   *rows = (kws_mve_rows *)(void *)(work + 1);
    list_rows(r);
    rows->padding = in->zero_point ^ SIGN;
    work->places = (uint32_t *)(void *)(r->scratch + r->p.places);
    work->again = work->places;
    work->sums = (int32_t *)(void *)r->scratch;
    work->vectors = r->p.vectors;
    work->weights = r->scratch + r->p.weights;
    work->step = channels;
    work->shift = -(int32_t)call->layer->shift;
    for (uint32_t first = 0, field = 0; first < channels; first += LANES) {
        place_plain_weights(r, weights, field, rows);
        rows->add = SIGN;
        if (++field == fields) {
            field = 0;
            weights += block;
        }
        int32_t left = -(int32_t)call->layer->pad_left;
        for (uint32_t q = 0; q < out->width; q += COLUMNS, left += (int32_t)COLUMNS) {
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
                rows->to += r->p.slots * WORD_BYTES;
            }
            const uint32_t behind = out->width - q;
            work->pixels = behind < COLUMNS ? behind : COLUMNS;
            work->offset = 0;
            work->last = r->y + (q + work->pixels - 1u) * channels + first;
            work->multipliers = kws_multipliers(call) + first;
            work->biases = kws_biases(call) + first;
            work->count = 2;
            kws_mve_depthwise(work);
        }
        for (uint32_t a = 0; a < r->p.chunks; a++) {
            vst1q_u32(table + 12 * a,
                      vaddq_u32(vld1q_u32(table + 12 * a), vld1q_u32(table + 12 * a + 8)));
        }
    }
}

/* Weight of tap k of a channel whose bytes begin at block. */
static inline int32_t weight_of(const uint8_t *block, uint32_t lanes, uint32_t field, uint32_t k,
                                uint32_t bits)
{
    const uint32_t byte = block[k * lanes], width = field_bits(bits);
    return bits == 8
               ? (int8_t)byte
               : (int32_t)((byte >> (field * width)) & ((1u << width) - 1u)) - (1 << (bits - 1));
}

/* Sums of one channel of the output, c of the input, at up to 5 columns from q on, without scratch.
 */
APART void sum_large(const kws_call *call, const uint8_t *block, uint32_t lanes, uint32_t field,
                     uint32_t r, uint32_t q, uint32_t c, int32_t acc[COLUMNS])
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    bits = kws_weight_bits(layer);
    int32_t           from = (int32_t)(r * layer->stride_height) - layer->pad_top;
    uint32_t          k = 0;
    for (uint32_t i = 0; i < layer->kernel_height; i++, from++) {
        const bool     inside = from >= 0 && from < in->height;
        const uint8_t *x = call->in + (inside ? kws_row(in, (uint32_t)from) : 0);
        for (uint32_t j = 0; j < layer->kernel_width; j++, k++) {
            const int32_t w = weight_of(block, lanes, field, k, bits);
            int32_t       column = (int32_t)(q * layer->stride_width + j) - layer->pad_left;
            for (uint32_t p = 0; p < COLUMNS; p++, column += layer->stride_width) {
                const bool there = inside && column >= 0 && column < in->width;
                acc[p] =
                    kws_mac(acc[p],
                            there ? kws_get(x + (uint32_t)column * kws_pixel_bytes(in), in->bits, c)
                                  : in->zero_point,
                            w);
            }
        }
    }
}

APART void run_large(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    bits = kws_weight_bits(call->layer), fields = fields_of(bits);
    const uint32_t    multiple = kws_multiple(out->channels, in->channels);
    const uint32_t    taps = (uint32_t)call->layer->kernel_height * call->layer->kernel_width;
    const uint8_t    *block = kws_weights(call);
    uint32_t          lanes = lanes_of(out->channels, fields), lane = 0, field = 0;
    uint32_t          c = 0, part = 0;
    for (uint32_t o = 0; o < out->channels; o++, lane++) {
        if (lane == lanes) {
            lane = 0;
            field++;
        }
        if (field == fields) {
            field = 0;
            block += taps * lanes;
            lanes = lanes_of(out->channels - o, fields);
        }
        uint8_t *y = call->out + kws_row(out, r);
        for (uint32_t q = 0; q < out->width; q += COLUMNS) {
            int32_t acc[COLUMNS] = {0};
            sum_large(call, block + lane, lanes, field, r, q, c, acc);
            for (uint32_t p = 0; p < COLUMNS && q + p < out->width; p++) {
                kws_put(y, out->bits, o,
                        kws_requant(acc[p], kws_multipliers(call)[o], kws_biases(call)[o],
                                    call->layer->shift, out->bits));
                y += kws_pixel_bytes(out);
            }
        }
        if (++part == multiple) {
            part = 0;
            c++;
        }
    }
}

/* A row of a layer that is not large. */
APART void run_words(const kws_call *call, uint32_t index)
{
    const uint32_t    bits = kws_weight_bits(call->layer);
    const kws_layer  *layer = call->layer;
    const kws_tensor *out = call->output;
    const uint32_t    taps = (uint32_t)layer->kernel_height * layer->kernel_width;
    const uint32_t    fields = fields_of(bits);
    const row         r = {.call = call,
                           .p = plan_of(layer),
                           .bits = bits,
                           .multiple = kws_multiple(out->channels, call->input->channels),
                           .top = (int32_t)(index * layer->stride_height) - layer->pad_top,
                           .y = call->out + kws_row(out, index),
                           .scratch = call->scratch};
    const uint8_t    *weights = kws_weights(call);
    place_places(&r);
    if (is_plain(call, bits)) {
        run_plain(&r);
        return;
    }
    for (uint32_t first = 0; first < out->channels;) {
        const uint32_t lanes = lanes_of(out->channels - first, fields);
        for (uint32_t field = 0; field < fields && first < out->channels; field++) {
            const uint32_t left = out->channels - first, count = left < lanes ? left : lanes;
            const group    g = {first, count, lanes, field, weights};
            place_weights(&r, &g);
            for (uint32_t q = 0; q < out->width; q += COLUMNS) {
                const uint32_t behind = out->width - q;
                run_group(&r, &g, q, behind < COLUMNS ? behind : COLUMNS);
            }
            first += count;
        }
        weights += taps * lanes;
    }
}

static void run_row(const kws_call *call, uint32_t index, uint32_t bits)
{
    if (is_three(call, bits)) {
        run_three(call, index, bits);
    } else if (is_large(call->layer)) {
        run_large(call, index);
    } else {
        run_words(call, index);
    }
}

#define KERNEL(width)                                                                              \
    static void run_w##width(const kws_call *call, uint32_t r)                                     \
    {                                                                                              \
        run_row(call, r, width);                                                                   \
    }                                                                                              \
    const kws_kernel kws_dwconv_w##width = {.id = KWS_KERNEL_DWCONV_W##width,                      \
                                            .pack = KWS_PACK_MVE,                                  \
                                            .fits = fits,                                          \
                                            .run = run_w##width};

/* see inner.h */
KERNEL(8)
KERNEL(4)
KERNEL(3)
KERNEL(2)

#endif
