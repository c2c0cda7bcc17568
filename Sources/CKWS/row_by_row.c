/* SPDX-License-Identifier: Apache-2.0
 *
 * Networks that run row by row (SPEC.md, section 4.5): a row of features comes, each streamed layer
 * computes the one row that it makes possible, and the layers behind run once a decision.
 */
#include "row_by_row.h"
#include "kws_fixed.h"
#include "packed.h"

/* Of a count: a row has come that not all readers have had. */
#define NEW 0x8000u

/* For tensor 0 and what each streamed layer makes, rows of the next decision's window that are
 * still to come, and NEW. */
static uint16_t *counts_of(const kws *k)
{
    return kws_place(k, k->parts.work);
}

static uint32_t missing(const kws *k, uint32_t tensor)
{
    return counts_of(k)[tensor] & ~NEW;
}

static uint8_t *arena_of(const kws *k)
{
    return kws_place(k, k->parts.work);
}

/* The newest rows of a tensor, as many as a window has. */
static uint8_t *newest(const kws *k, const kws_tensor *t, uint32_t rows)
{
    return arena_of(k) + t->arena_offset + (t->rows - rows) * kws_row_bytes(t);
}

/* The rows before a stream's first one stand for 0. */
KWS_SMALL static void fill(const kws *k, const kws_tensor *t)
{
    uint8_t *pixel = arena_of(k) + t->arena_offset;
    for (uint32_t left = (t->rows - 1u) * t->width; left != 0; left--) {
        for (uint32_t c = 0; c < t->channels; c++) {
            kws_put(pixel, t->bits, c, t->zero_point >> (8u - t->bits));
        }
        pixel += kws_pixel_bytes(t);
    }
}

/* see row_by_row.h */
void kws_forget_rows(const kws *k)
{
    const kws_tensor *tensors = kws_tensors(k->model);
    const uint32_t    streamed = kws_header(k->model)->streamed_layers;
    for (uint32_t i = 0; i < streamed; i++) {
        counts_of(k)[i] = tensors[i].height;
        counts_of(k)[i + 1] = tensors[i + 1].height;
        fill(k, &tensors[i]);
    }
}

/* see row_by_row.h */
uint8_t *kws_next_row(const kws *k)
{
    return newest(k, kws_tensors(k->model), 1);
}

/* A row of a tensor has come. */
static void take(const kws *k, uint32_t tensor)
{
    const kws_tensor *t = &kws_tensors(k->model)[tensor];
    const uint32_t    left = missing(k, tensor);
    if (k->observer != NULL) {
        k->observer(k->context, tensor == 0 ? KWS_OBSERVE_FEATURES : tensor - 1, t->height - left,
                    newest(k, t, 1), kws_row_bytes(t));
    }
    counts_of(k)[tensor] = (uint16_t)((left - 1u) | NEW);
}

/* Layer i makes a row of the newest ones of its input. */
static void run_layer(const kws *k, uint32_t i)
{
    const kws_tensor *tensors = kws_tensors(k->model);
    const kws_layer  *layer = &kws_layers(k->model)[i];
    kws_tensor        input = tensors[layer->input];
    kws_call          call = {.block = k->model->block,
                              .layer = layer,
                              .input = &input,
                              .output = &tensors[layer->output],
                              .scratch = arena_of(k) + layer->scratch_offset};
    /* no row that is there lies outside; and what fits() did not see as whole is not */
    input.height = input.height < input.rows ? (uint16_t)(input.rows + 1u) : input.height;
    call.in = newest(k, &input, layer->kernel_height);
    call.out = newest(k, call.output, 1);
    if (layer->input2 != KWS_NONE) {
        call.input2 = &tensors[layer->input2];
        call.in2 = newest(k, call.input2, 1);
    }
    kws_kernel_of(k, layer)->run(&call, 0);
}

/* Has the last row come that the next one of layer i waits for? The last rows of both are made at
 * once. */
static bool is_due(const kws *k, uint32_t i)
{
    const kws_layer *layer = &kws_layers(k->model)[i];
    return missing(k, layer->input) == (missing(k, i + 1) - 1u) * layer->stride_height;
}

/* Does no streamed layer behind this one read a tensor? */
static bool is_last_reader(const kws *k, uint32_t layer, uint32_t tensor)
{
    const kws_layer *layers = kws_layers(k->model);
    for (uint32_t i = layer + 1; i < kws_header(k->model)->streamed_layers; i++) {
        if (layers[i].input == tensor || layers[i].input2 == tensor) {
            return false;
        }
    }
    return true;
}

/* All rows but the oldest move up, which leaves room for the next one. */
static void move_up(const kws *k, uint32_t tensor)
{
    const kws_tensor *t = &kws_tensors(k->model)[tensor];
    uint8_t          *slots = arena_of(k) + t->arena_offset;
    const uint32_t    bytes = kws_row_bytes(t);
    counts_of(k)[tensor] &= (uint16_t)~NEW;
    if (t->rows > 1) {
        memmove(slots, slots + bytes, (t->rows - 1u) * bytes);
    }
}

/* Layer i has looked at its inputs. */
static void leave(const kws *k, uint32_t i)
{
    const kws_layer *layer = &kws_layers(k->model)[i];
    const uint32_t   inputs[2] = {layer->input, layer->input2};
    for (uint32_t n = 0; n < 2 && inputs[n] != KWS_NONE; n++) {
        if ((counts_of(k)[inputs[n]] & NEW) != 0 && is_last_reader(k, i, inputs[n])) {
            move_up(k, inputs[n]);
        }
    }
}

/* A decision has been taken: what of the next one's window is not in its window, too? */
static void move_window(const kws *k)
{
    const kws_block_header *header = kws_header(k->model);
    uint16_t               *counts = counts_of(k);
    counts[0] = header->hop_rows;
    for (uint32_t i = 0; i < header->streamed_layers; i++) {
        const kws_layer *layer = &kws_layers(k->model)[i];
        const uint32_t   hop = counts[layer->input], stride = layer->stride_height;
        counts[i + 1] = (uint16_t)(stride > 1 ? kws_div(hop, stride) : hop);
    }
}

/* see row_by_row.h */
const uint8_t *kws_run_row(const kws *k)
{
    const uint32_t streamed = kws_header(k->model)->streamed_layers;
    const uint8_t *scores = NULL;
    take(k, 0);
    for (uint32_t i = 0; i < streamed; i++) {
        if (is_due(k, i)) {
            run_layer(k, i);
            take(k, i + 1);
        }
        leave(k, i);
    }
    if ((counts_of(k)[streamed] & NEW) == 0) {
        return NULL;
    }
    const bool is_complete = missing(k, streamed) == 0;
    if (is_complete) {
        scores = kws_run_layers(k, streamed);
    }
    move_up(k, streamed);
    if (is_complete) {
        move_window(k);
    }
    return scores;
}
