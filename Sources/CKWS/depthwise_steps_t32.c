/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise_steps_t32.h"
#include "column_t32.h"
#include "geometry.h"
#include "packed.h"
#include "steps_t32.h"

#if KWS_T32

#define APART __attribute__((noinline))

#define BLOCK KWS_T32_BLOCK

/* Words of the longest list that is worth its memory. */
#define LIST_WORDS 512u

typedef void step_code(void);

static step_code *const loads[BLOCK] = {kws_t32_load1, kws_t32_load2, kws_t32_load3, kws_t32_load4,
                                        kws_t32_load5};
static step_code *const fills[BLOCK - 1] = {kws_t32_fill1, kws_t32_fill2, kws_t32_fill3,
                                            kws_t32_fill4};
static step_code *const taps[2 * BLOCK - 1] = {kws_t32_tap0, kws_t32_tap1, kws_t32_tap2,
                                               kws_t32_tap3, kws_t32_tap4, kws_t32_tap5,
                                               kws_t32_tap6, kws_t32_tap7, kws_t32_tap8};
static step_code *const edges[2 * BLOCK - 1] = {kws_t32_edge0, kws_t32_edge1, kws_t32_edge2,
                                                kws_t32_edge3, kws_t32_tap4,  kws_t32_edge5,
                                                kws_t32_edge6, kws_t32_edge7, kws_t32_edge8};
static step_code *const puts[BLOCK] = {kws_t32_put1, kws_t32_put2, kws_t32_put3, kws_t32_put4,
                                       kws_t32_put5};

/* ceil(a / b), counted: a division is a long function on some cores. */
static uint32_t times_over(uint32_t a, uint32_t b)
{
    uint32_t count = 0;
    for (uint32_t covered = 0; covered < a; covered += b) {
        count++;
    }
    return count;
}

/* Words of the longest list (SPEC.md, section 4.2). Columns of the input go by their rest modulo
 * the stride; BLOCK sums see so many blocks of those of one rest. A block is loaded and filled up,
 * and all taps of its rest pass by; end and put end the list. */
static uint32_t list_words(const kws_layer *layer, const kws_tensor *in)
{
    const uint32_t stride = layer->stride_width, width = layer->kernel_width;
    const uint32_t rests = stride < width ? stride : width;
    const uint32_t seen = BLOCK - 1u + times_over(width, stride);
    const uint32_t there = times_over(in->width, stride);
    const uint32_t blocks = times_over(seen < there ? seen : there, BLOCK);
    return kws_plus(2 * kws_times(kws_times(blocks, layer->kernel_height), width + 2 * rests),
                    KWS_T32_LIST_HEAD + 2u);
}

/* see depthwise_steps_t32.h */
uint32_t kws_t32_steps_scratch(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    const uint32_t words = list_words(layer, in);
    const uint32_t narrow =
        kws_weight_bits(layer) == 8 ? 0 : (uint32_t)layer->kernel_height * layer->kernel_width;
    if (in->bits != 8 || out->bits != 8 || in->channels != out->channels || words > LIST_WORDS) {
        return 0;
    }
    return 4 * words + narrow; /* more than the lists of a column, too */
}

static uint32_t *add(uint32_t *list, step_code *code, uint32_t operand)
{
    list[0] = operand;
    list[1] = (uint32_t)(uintptr_t)code;
    return list + 2;
}

/* Rows begin .. end-1 of the kernel, which lie outside. */
static uint32_t *add_rows(uint32_t *list, const kws_call *call, int32_t begin, int32_t end)
{
    const uint32_t width = call->layer->kernel_width, k = (uint32_t)begin * width;
    return call->input->zero_point == 0 || begin == end
               ? list
               : add(list, kws_t32_pad, k | ((uint32_t)end * width - k) << 16);
}

/* The columns of the input of one rest modulo the stride, as the sums of a block see them: sum a
 * takes number a + e for the e-th of the taps that meet them. */
typedef struct lane {
    uint32_t x, apart;   /* number 0, behind its last channel, and from one to the next */
    int32_t  begin, end; /* the numbers that lie inside */
    int32_t  sums, taps; /* how many */
    uint32_t k, step;    /* weight of tap 0, and from tap to tap */
} lane;

static APART uint32_t *add_lane(uint32_t *list, const lane *l, bool padded)
{
    const int32_t seen = l->sums - 1 + l->taps, end = l->end < seen ? l->end : seen;
    uint32_t      k = l->k;
    if (l->begin >= end) {
        for (int32_t e = 0; padded && e < l->taps; e++, k += l->step) {
            list = add(list, kws_t32_outside, k);
        }
        return list;
    }
    for (int32_t t = l->begin; t < end; t += BLOCK) {
        const int32_t loaded = end - t < BLOCK ? end - t : BLOCK;
        const bool    leftmost = padded && t == l->begin, rightmost = padded && t + BLOCK >= l->end;
        list = add(list, loads[loaded - 1], l->x + (uint32_t)t * l->apart);
        if (loaded < BLOCK && end < seen) {
            list = add(list, fills[loaded - 1], 0);
        }
        k = l->k;
        for (int32_t d = -t; d < l->taps - t; d++, k += l->step) {
            const bool beside = (leftmost && d < 0) || (rightmost && d > 0);
            if (d <= -BLOCK || d >= BLOCK) {
                list = beside ? add(list, kws_t32_outside, k) : list;
            } else if (beside) {
                list = add(list, edges[d + BLOCK - 1], k);
            } else if (d > -l->sums && d < loaded) {
                list = add(list, taps[d + BLOCK - 1], k);
            }
        }
    }
    return list;
}

/* Writes down what row r needs for output columns q .. q+count-1. */
static APART void write_list(const kws_call *call, uint32_t r, int32_t q, int32_t count)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    stride = layer->stride_width, width = layer->kernel_width;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    uint32_t *const   begin = call->scratch;
    uint32_t *const   first = begin + KWS_T32_LIST_HEAD - 2;
    uint32_t         *list = add_rows(first, call, 0, rows.begin);
    for (int32_t i = rows.begin; i < rows.end; i++) {
        const uint32_t x = (uint32_t)(uintptr_t)call->in + kws_row(in, (uint32_t)(top + i));
        for (uint32_t rest = 0; rest < stride && rest < width; rest++) {
            int32_t column = q * (int32_t)stride - layer->pad_left + (int32_t)rest;
            lane    l = {.x = x + (uint32_t)(column + 1) * in->channels,
                         .sums = count,
                         .taps = (int32_t)times_over(width - rest, stride),
                         .k = (uint32_t)i * width + rest,
                         .step = stride,
                         .apart = stride * in->channels};
            for (; column < 0; column += (int32_t)stride) {
                l.begin++;
            }
            l.end = l.begin;
            for (; column < in->width && l.end < l.sums + l.taps; column += (int32_t)stride) {
                l.end++;
            }
            list = add_lane(list, &l, in->zero_point != 0);
        }
    }
    list = add_rows(list, call, rows.end, layer->kernel_height);
    list = add(list, kws_t32_end, layer->kernel_height * width);
    add(list, puts[count - 1], 0);
    begin[0] = *first;
    memset(begin + 1, 0, BLOCK * sizeof *begin);
}

/* Channels with narrow weights: each one's are unpacked first. The list's places are of the channel
 * behind the last, so only the channel's number moves. */
static APART void one_by_one(const kws_call *call, kws_t32_plan *plan, kws_t32_unpack *unpack)
{
    const uint32_t channels = call->output->channels;
    int8_t        *weights = (int8_t *)call->scratch + 4 * list_words(call->layer, call->input);
    plan->weights = weights;
    while (plan->first != 0) {
        unpack(call, plan->first + channels, 1, weights);
        plan->last = plan->first + 1;
        kws_t32_steps(plan);
        plan->first++;
    }
}

/* Columns q .. q+columns-1, channels from first on. */
static APART void run_block(const kws_call *call, uint32_t r, uint32_t q, uint32_t columns,
                            uint32_t first, kws_t32_unpack *unpack)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *out = call->output;
    const uint32_t    channels = out->channels;
    const uint32_t    count = (uint32_t)layer->kernel_height * layer->kernel_width;
    kws_t32_plan      plan = {.first = first - channels,
                              .apart = layer->stride_width * channels,
                              .y = call->out + kws_row(out, r) + (q + 1) * channels,
                              .multipliers = kws_multipliers(call) + channels,
                              .biases = kws_biases(call) + channels,
                              .shift = layer->shift,
                              .pixel = channels,
                              .list = call->scratch,
                              .padding = call->input->zero_point,
                              .weights = (const int8_t *)kws_weights(call) + first * count};
    write_list(call, r, (int32_t)q, (int32_t)columns);
    if (kws_weight_bits(layer) == 8) {
        kws_t32_steps(&plan);
    } else {
        one_by_one(call, &plan, unpack);
    }
}

/* see depthwise_steps_t32.h */
bool kws_t32_run_steps(const kws_call *call, uint32_t r, kws_t32_unpack *unpack,
                       kws_t32_slider *slide)
{
    const kws_tensor *out = call->output;
    const kws_span    sliding = kws_t32_slide_columns(call);
    uint32_t          first = 0;
    if (kws_t32_steps_scratch(call->layer, call->input, out) == 0) {
        return false;
    }
    if (kws_t32_column_fits(call->layer, call->input, out)) {
        first = kws_t32_run_column(call, r, unpack);
    }
    for (uint32_t q = 0; q < out->width && first < out->channels;) {
        const bool     inside = q == (uint32_t)sliding.begin && sliding.end != 0;
        const uint32_t end = q < (uint32_t)sliding.begin ? (uint32_t)sliding.begin : out->width;
        const uint32_t columns = end - q < BLOCK ? end - q : BLOCK;
        if (inside) {
            slide(call, r, sliding);
        } else {
            run_block(call, r, q, columns, first, unpack);
        }
        q = inside ? (uint32_t)sliding.end : q + columns;
    }
    return true;
}

/* see depthwise_steps_t32.h */
void kws_t32_unpack_stream(const kws_call *call, uint32_t first, uint32_t channels, bool offset,
                           int8_t *to)
{
    const kws_layer *layer = call->layer;
    const uint32_t   count = (uint32_t)layer->kernel_height * layer->kernel_width;
    const uint32_t   bits = kws_weight_bits(layer), top = 32 - bits, flip = offset ? 1u << 31 : 0;
    const uint32_t   place = first * count * bits;
    const uint8_t   *from = (const uint8_t *)kws_weights(call) + (place >> 3);
    uint32_t         have = 8 - (place & 7u), rest = (uint32_t)*from++ >> (place & 7u);
    for (uint32_t k = 0; k < channels * count; k++) {
        if (have < bits) {
            rest |= (uint32_t)*from++ << have;
            have += 8;
        }
        to[k] = (int8_t)((int32_t)((rest << top) ^ flip) >> top);
        rest >>= bits;
        have -= bits;
    }
}

#endif
