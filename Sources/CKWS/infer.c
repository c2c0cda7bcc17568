/* SPDX-License-Identifier: Apache-2.0
 *
 * Layers, row by row, and chains of them (SPEC.md, section 4.1).
 */
#include "row_by_row.h"

/* The features are int8 outside: q - 128, which is q with its highest bit turned over. */
#define SIGN 0x80u

#define NEVER KWS_HEIGHT_LIMIT

/* How far a layer of a chain is. */
typedef struct progress {
    uint16_t done;   /* steps */
    uint16_t needed; /* rows of the input for the next step; NEVER after the last */
} progress;

_Static_assert(sizeof(progress) == KWS_PROGRESS_BYTES, "kws_model_check() counts with it");

static uint8_t *arena_of(const kws *k)
{
    return kws_place(k, k->parts.work);
}

/* Steps of a layer: rows of its output, or of its input. */
static uint32_t steps_of(const kws_tensor *in, const kws_tensor *out, bool by_input)
{
    return by_input ? in->height : out->height;
}

/* Rows of the input that step r takes, NEVER behind the last step. */
static uint16_t needed(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out,
                       bool by_input, uint32_t r)
{
    if (r >= steps_of(in, out, by_input)) {
        return NEVER;
    }
    if (by_input) {
        return (uint16_t)(r + 1);
    }
    /* < 2^32, whatever these fields hold for a layer without a window; see kws_axis_fits() */
    const uint32_t end = r * layer->stride_height + layer->kernel_height;
    const uint32_t rows = end > layer->pad_top ? end - layer->pad_top : 0;
    return (uint16_t)(rows < in->height ? rows : in->height);
}

/* May the observer see this layer? Of PLACE layers with one output only the last. */
static bool completes_output(const kws_model *model, uint32_t layer)
{
    const kws_layer *layers = kws_layers(model);
    for (uint32_t i = layer + 1; i < kws_header(model)->layer_count; i++) {
        if (layers[i].output == layers[layer].output) {
            return false;
        }
    }
    return true;
}

/* Reports row r of a tensor to the observer. */
static void show_row(const kws *k, uint32_t layer, const kws_tensor *t, uint32_t r)
{
    k->observer(k->context, layer, r, arena_of(k) + t->arena_offset + kws_row(t, r),
                kws_row_bytes(t));
}

/* Reports what step r of a layer has made final. */
KWS_APART void show(const kws *k, uint32_t index, bool by_input, uint32_t r)
{
    const kws_tensor *tensors = kws_tensors(k->model);
    const kws_layer  *layer = &kws_layers(k->model)[index];
    const kws_tensor *out = &tensors[layer->output];
    if (!by_input) {
        show_row(k, index, out, r);
    } else if (r + 1 == tensors[layer->input].height && completes_output(k->model, index)) {
        for (uint32_t i = 0; i < out->height; i++) {
            show_row(k, index, out, i);
        }
    }
}

/* Runs a chain of count layers: of all that can run, the last one runs one row. */
static void run_chain(const kws *k, uint32_t first, uint32_t count)
{
    const kws_tensor *tensors = kws_tensors(k->model);
    const kws_layer  *layers = kws_layers(k->model) + first;
    uint8_t          *arena = arena_of(k);
    progress         *state = (progress *)(arena + kws_header(k->model)->progress_offset);
    kws_call          call = {.block = k->model->block, .fresh = k->fresh};
    for (uint32_t i = 0; i < count; i++) {
        state[i].done = 0;
        state[i].needed = needed(&layers[i], &tensors[layers[i].input], &tensors[layers[i].output],
                                 kws_kernel_of(k, &layers[i])->by_input, 0);
    }
    for (uint32_t i = count - 1;;) { /* windows wholly in the padding wait for no row */
        const uint32_t there = i == 0 ? NEVER - 1u : state[i - 1].done;
        if (state[i].needed > there) {
            if (i-- == 0) {
                return;
            }
            continue;
        }
        const kws_kernel *kernel = kws_kernel_of(k, &layers[i]);
        const uint32_t    r = state[i].done;
        call.layer = &layers[i];
        call.input = &tensors[layers[i].input];
        call.output = &tensors[layers[i].output];
        call.in = arena + call.input->arena_offset;
        if (layers[i].input2 != KWS_NONE) {
            call.input2 = &tensors[layers[i].input2];
            call.in2 = arena + call.input2->arena_offset;
        }
        call.out = arena + call.output->arena_offset;
        call.scratch = arena + layers[i].scratch_offset;
        kernel->run(&call, r);
        state[i].done = (uint16_t)(r + 1);
        state[i].needed = needed(call.layer, call.input, call.output, kernel->by_input, r + 1);
        if (k->observer != NULL) {
            show(k, first + i, kernel->by_input, r);
        }
        i += i + 1 < count ? 1u : 0u;
    }
}

/* see instance.h */
const uint8_t *kws_run_layers(const kws *k, uint32_t first)
{
    const kws_layer *layers = kws_layers(k->model);
    const uint32_t   count = kws_header(k->model)->layer_count;
    for (uint32_t end; first < count; first = end) {
        for (end = first + 1; end < count && layers[end].chained != 0; end++) {
        }
        run_chain(k, first, end - first);
    }
    return arena_of(k) + kws_tensors(k->model)[layers[count - 1].output].arena_offset;
}

/* Reports the input. */
KWS_APART void show_input(const kws *k)
{
    const kws_tensor *input = kws_tensors(k->model);
    for (uint32_t r = 0; r < input->height; r++) {
        show_row(k, KWS_OBSERVE_FEATURES, input, r);
    }
}

/* see instance.h */
const uint8_t *kws_run_window(const kws *k)
{
    if (k->observer != NULL) {
        show_input(k);
    }
    return kws_run_layers(k, 0);
}

/* Turns int8 outside into bytes inside. */
KWS_APART void take_in(uint8_t *to, const int8_t *from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        to[i] = (uint8_t)from[i] ^ SIGN;
    }
}

/* And back: the scores. */
KWS_APART void give_out(const kws *k, int8_t *scores, const uint8_t *y)
{
    for (uint32_t i = 0; i < kws_header(k->model)->label_count; i++) {
        scores[i] = (int8_t)(uint8_t)(y[i] ^ SIGN);
    }
}

kws_status kws_infer_row(kws *k, const int8_t *row, int8_t *scores)
{
    if (k == NULL || row == NULL || scores == NULL) {
        return KWS_ERROR_NULL;
    }
    if (!kws_is_streamed(k)) {
        return KWS_ERROR_WINDOW;
    }
    const kws_tensor *input = kws_tensors(k->model);
    take_in(kws_next_row(k), row, (uint32_t)input->width * input->channels);
    const uint8_t *y = kws_run_row(k);
    if (y == NULL) {
        return KWS_IDLE;
    }
    k->fresh = false;
    give_out(k, scores, y);
    return KWS_EVENT;
}

kws_status kws_infer(kws *k, const int8_t *features, int8_t *scores)
{
    if (k == NULL || features == NULL || scores == NULL) {
        return KWS_ERROR_NULL;
    }
    const kws_tensor *input = kws_tensors(k->model);
    const uint32_t    elements = kws_elements(input);
    if (kws_is_streamed(k)) {
        const uint32_t row = (uint32_t)input->width * input->channels;
        kws_reset(k);
        for (const int8_t *end = features + elements; features != end; features += row) {
            (void)kws_infer_row(k, features, scores);
        }
        kws_reset(k);
        return KWS_OK;
    }
    take_in(arena_of(k) + input->arena_offset, features, elements);
    give_out(k, scores, kws_run_window(k));
    k->fresh = false;
    return KWS_OK;
}
