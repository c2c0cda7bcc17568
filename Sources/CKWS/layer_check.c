/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#define SHIFT_MAX 30u
#define BIAS_LIMIT (1 << 30)
#define SOFTMAX_ONE 32768u

/* Do the layer's tables lie in the block, and hold what kernels rely on? */
static bool tables_fit(const kws_model *model, const kws_layer *layer, const kws_need *need)
{
    if (layer->weights_bytes != need->weights_bytes || layer->shift > SHIFT_MAX) {
        return false;
    }
    if (need->weights_bytes != 0 &&
        !kws_in_block(model, layer->weights_offset, need->weights_bytes, 1)) {
        return false;
    }
    if (layer->kernel == KWS_KERNEL_SOFTMAX_S8) {
        const uint16_t *exponentials = kws_part(model->block, layer->weights_offset);
        if (exponentials[0] != SOFTMAX_ONE) {
            return false;
        }
        for (uint32_t i = 1; i < need->weights_bytes >> 1; i++) {
            if (exponentials[i] > SOFTMAX_ONE) {
                return false;
            }
        }
    }
    if (need->channels == 0) {
        return true;
    }
    const uint32_t multipliers = need->multipliers != 0 ? need->multipliers : need->channels;
    if (!kws_in_block(model, layer->multipliers_offset, multipliers, 2) ||
        !kws_in_block(model, layer->biases_offset, need->channels, 4)) {
        return false;
    }
    const int32_t *biases = kws_part(model->block, layer->biases_offset);
    for (uint32_t i = 0; i < need->channels; i++) {
        if (biases[i] <= -BIAS_LIMIT || biases[i] >= BIAS_LIMIT) {
            return false;
        }
    }
    return true;
}

/* May an output stand where this input stands: at the same place if the kernel allows it, or
 * elsewhere? */
static bool places_fit(const kws_tensor *in, const kws_tensor *out, bool in_place)
{
    return in->arena_offset == out->arena_offset ? in_place
                                                 : kws_apart(in->arena_offset, kws_elements(in),
                                                             out->arena_offset, kws_elements(out));
}

/* Does the scratch lie in the arena, apart from the tensors? */
static bool scratch_fits(const kws_model *model, const kws_layer *layer, const kws_need *need,
                         const kws_tensor *const tensors[3])
{
    const uint32_t offset = layer->scratch_offset, bytes = layer->scratch_bytes;
    if (bytes < need->scratch_bytes) {
        return false;
    }
    if (bytes == 0) {
        return true;
    }
    if ((offset & 3u) != 0 || kws_plus(offset, bytes) > kws_header(model)->arena_bytes) {
        return false;
    }
    for (uint32_t i = 0; i < 3; i++) {
        const kws_tensor *t = tensors[i];
        if (t != NULL && !kws_apart(offset, bytes, t->arena_offset, kws_elements(t))) {
            return false;
        }
    }
    return true;
}

static kws_status check_layer(const kws_model *model, const kws_layer *layer)
{
    const kws_block_header *header = kws_header(model);
    const kws_tensor       *tensors = kws_tensors(model);
    const kws_kernel       *kernel = kws_find_kernel(model, layer->kernel);
    if (kernel == NULL || kernel->fits == NULL || kernel->run == NULL) {
        return KWS_ERROR_KERNEL;
    }
    if (kernel->pack != KWS_PACK_ANY && kernel->pack != header->pack) {
        return KWS_ERROR_PACK;
    }
    const bool has_second = layer->input2 != KWS_NONE;
    if (layer->input >= header->tensor_count || layer->output >= header->tensor_count ||
        (has_second && layer->input2 >= header->tensor_count)) {
        return KWS_ERROR_MODEL;
    }
    const kws_tensor       *in = &tensors[layer->input], *out = &tensors[layer->output];
    const kws_tensor       *in2 = has_second ? &tensors[layer->input2] : NULL;
    const kws_tensor *const all[3] = {in, in2, out};
    kws_need                need = {0};
    if (!kernel->fits(layer, in, in2, out, &need) || !tables_fit(model, layer, &need) ||
        !places_fit(in, out, need.in_place) ||
        (in2 != NULL && !places_fit(in2, out, need.in_place)) ||
        !scratch_fits(model, layer, &need, all)) {
        return KWS_ERROR_MODEL;
    }
    return KWS_OK;
}

/* see check.h */
kws_status kws_check_layers(const kws_model *model)
{
    const kws_block_header *header = kws_header(model);
    if (header->layer_count < 1 || header->layer_count > KWS_LAYERS_MAX ||
        !kws_in_block(model, header->layers_offset, header->layer_count, sizeof(kws_layer))) {
        return KWS_ERROR_MODEL;
    }
    const kws_layer *layers = kws_layers(model);
    for (uint32_t i = 0; i < header->layer_count; i++) {
        const kws_status status = check_layer(model, &layers[i]);
        if (status != KWS_OK) {
            return status;
        }
    }
    const kws_tensor *scores = &kws_tensors(model)[layers[header->layer_count - 1].output];
    return kws_elements(scores) == header->label_count ? KWS_OK : KWS_ERROR_MODEL;
}

/* Elements of a tensor that layers 0 .. end-1 have written; only PLACE layers write parts. */
static uint32_t written(const kws_model *model, uint32_t tensor, uint32_t end)
{
    const kws_layer  *layers = kws_layers(model);
    const kws_tensor *tensors = kws_tensors(model);
    uint32_t          elements = tensor == 0 ? kws_elements(tensors) : 0;
    for (uint32_t i = 0; i < end; i++) {
        if (layers[i].output == tensor) {
            elements = kws_plus(elements, layers[i].kernel == KWS_KERNEL_PLACE_S8
                                              ? kws_elements(&tensors[layers[i].input])
                                              : kws_elements(&tensors[tensor]));
        }
    }
    return elements;
}

/* see check.h */
bool kws_check_flow(const kws_model *model)
{
    const uint32_t    count = kws_header(model)->layer_count;
    const kws_layer  *layers = kws_layers(model);
    const kws_tensor *tensors = kws_tensors(model);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t in = layers[i].input, in2 = layers[i].input2, out = layers[i].output;
        if (written(model, in, i) != kws_elements(&tensors[in]) ||
            (in2 != KWS_NONE && written(model, in2, i) != kws_elements(&tensors[in2])) ||
            written(model, out, i + 1) > kws_elements(&tensors[out])) {
            return false;
        }
    }
    const uint32_t scores = layers[count - 1].output;
    return written(model, scores, count) == kws_elements(&tensors[scores]);
}
