/* SPDX-License-Identifier: Apache-2.0 */
#include "instance.h"

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

/* Resolves the offsets of a layer and runs it. A function of its own, so that only the kernel's
 * call, not the loop, keeps them on the stack. */
static const int8_t *run_layer(const kws *k, uint32_t index)
{
    const kws_model  *model = k->model;
    const void       *block = model->block;
    const kws_tensor *tensors = kws_tensors(model);
    const kws_layer  *layer = &kws_layers(model)[index];
    const kws_tensor *in = &tensors[layer->input], *out = &tensors[layer->output];
    const kws_tensor *in2 = layer->input2 != KWS_NONE ? &tensors[layer->input2] : NULL;
    int8_t           *arena = kws_place(k, k->parts.work);
    const bool        seen = k->observer != NULL && completes_output(model, index);
    const kws_call    call = {
           .layer = layer,
           .input = in,
           .input2 = in2,
           .output = out,
           .in = arena + in->arena_offset,
           .in2 = in2 != NULL ? arena + in2->arena_offset : NULL,
           .out = arena + out->arena_offset,
           .scratch = arena + layer->scratch_offset,
           .weights = kws_part(block, layer->weights_offset),
           .multipliers = kws_part(block, layer->multipliers_offset),
           .biases = kws_part(block, layer->biases_offset),
           .observer = {seen ? k->observer : NULL, k->context, index},
    };
    kws_find_kernel(model, layer->kernel)->run(&call);
    return call.out;
}

/* see instance.h */
const int8_t *kws_run_layers(const kws *k)
{
    const int8_t *scores = NULL;
    for (uint32_t i = 0; i < kws_header(k->model)->layer_count; i++) {
        scores = run_layer(k, i);
    }
    return scores;
}

/* see instance.h */
void kws_features_done(const kws *k)
{
    const kws_tensor *input = kws_tensors(k->model);
    const int8_t     *row = (const int8_t *)kws_place(k, k->parts.work) + input->arena_offset;
    const uint32_t    count = (uint32_t)input->width * input->channels;
    for (uint32_t r = 0; k->observer != NULL && r < input->height; r++, row += count) {
        k->observer(k->context, KWS_OBSERVE_FEATURES, r, row, count);
    }
}

kws_status kws_infer(kws *k, const int8_t *features, int8_t *scores)
{
    if (k == NULL || features == NULL || scores == NULL) {
        return KWS_ERROR_NULL;
    }
    const kws_tensor *input = kws_tensors(k->model);
    int8_t           *arena = kws_place(k, k->parts.work);
    memcpy(arena + input->arena_offset, features, kws_elements(input));
    kws_features_done(k);
    memcpy(scores, kws_run_layers(k), kws_header(k->model)->label_count);
    return KWS_OK;
}
