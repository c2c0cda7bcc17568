/* SPDX-License-Identifier: Apache-2.0
 *
 * Networks that run row by row (SPEC.md, section 4.5): a row of features comes, each streamed layer
 * computes the one row that it makes possible, and the layers behind run once a decision.
 */
#include "row_by_row.h"
#include "kws_fixed.h"

/* Rows that have come of the input of each streamed layer and of what they lead to, counted in the
 * window of the next decision. */
static uint16_t *counts_of(const kws *k)
{
    return kws_place(k, k->parts.work);
}

/* The tensor that layer i reads. */
static const kws_tensor *input_of(const kws *k, uint32_t i)
{
    return &kws_tensors(k->model)[kws_layers(k->model)[i].input];
}

static uint8_t *slots_of(const kws *k, const kws_tensor *t)
{
    return (uint8_t *)kws_place(k, k->parts.work) + t->arena_offset;
}

/* Offset of the newest row. */
static uint32_t newest(const kws_tensor *t)
{
    return (t->rows - 1u) * kws_row_bytes(t);
}

/* see row_by_row.h */
void kws_forget_rows(const kws *k)
{
    const uint32_t streamed = kws_header(k->model)->streamed_layers;
    if (streamed != 0) {
        memset(counts_of(k), 0, 2 * (streamed + 1));
    }
}

/* see row_by_row.h */
uint8_t *kws_next_row(const kws *k)
{
    const kws_tensor *t = kws_tensors(k->model);
    return slots_of(k, t) + newest(t);
}

/* Layer i makes a row of what stands in the slots of its input. */
static void run_layer(const kws *k, uint32_t i)
{
    const kws_tensor *tensors = kws_tensors(k->model);
    const kws_layer  *layer = &kws_layers(k->model)[i];
    kws_call          call = {.block = k->model->block,
                              .layer = layer,
                              .input = &tensors[layer->input],
                              .output = &tensors[layer->output],
                              .tensors = tensors,
                              .arena = kws_place(k, k->parts.work)};
    call.in = call.arena + call.input->arena_offset;
    call.out = call.arena + call.output->arena_offset + newest(call.output);
    call.scratch = call.arena + layer->scratch_offset;
    kws_kernel_of(k, layer)->run(&call, 0);
}

/* Is the row in the newest slot of its input the last one that layer i waits for? */
static bool can_run(const kws *k, uint32_t i, const kws_tensor *in)
{
    const uint16_t *counts = counts_of(k);
    if (i == kws_header(k->model)->streamed_layers) {
        return counts[i] == in->height;
    }
    const kws_layer *layer = &kws_layers(k->model)[i];
    return counts[i] == (uint32_t)counts[i + 1] * layer->stride_height + in->rows;
}

/* All but the oldest row move up, which leaves room for the next one. */
static void move_up(const kws *k, const kws_tensor *t)
{
    uint8_t       *slots = slots_of(k, t);
    const uint32_t bytes = kws_row_bytes(t);
    if (t->rows > 1) {
        memmove(slots, slots + bytes, newest(t));
    }
}

/* A decision has been taken: what of its window is in the next one's, too? */
static void move_window(const kws *k)
{
    const kws_block_header *header = kws_header(k->model);
    uint16_t               *counts = counts_of(k);
    uint32_t                hop = header->hop_rows;
    for (uint32_t i = 0; i <= header->streamed_layers; i++) {
        const uint32_t stride = i != 0 ? kws_layers(k->model)[i - 1].stride_height : 1;
        hop = stride > 1 ? kws_div(hop, stride) : hop;
        counts[i] = (uint16_t)(input_of(k, i)->height - hop);
    }
}

/* see row_by_row.h */
const uint8_t *kws_run_row(const kws *k)
{
    const uint32_t streamed = kws_header(k->model)->streamed_layers;
    const uint8_t *scores = NULL;
    for (uint32_t i = 0; i <= streamed; i++) {
        const kws_tensor *in = input_of(k, i);
        uint16_t         *count = counts_of(k) + i;
        if (k->observer != NULL) {
            k->observer(k->context, i == 0 ? KWS_OBSERVE_FEATURES : i - 1, *count,
                        slots_of(k, in) + newest(in), kws_row_bytes(in));
        }
        (*count)++;
        const bool runs = can_run(k, i, in);
        if (runs && i < streamed) {
            run_layer(k, i);
        } else if (runs) {
            scores = kws_run_layers(k, streamed);
        }
        move_up(k, in);
        if (!runs) {
            return NULL;
        }
    }
    move_window(k);
    return scores;
}
