/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "geometry.h"

#define SHIFT_MAX 30u
#define BIAS_LIMIT (1 << 30)

/* Do the layer's tables lie in the block, and hold what kernels rely on? */
static bool tables_fit(const kws_model *model, const kws_kernel *kernel, const kws_layer *layer,
                       const kws_tensor *out, const kws_need *need)
{
    if (layer->shift > SHIFT_MAX ||
        (kernel->weights_fit == NULL && layer->weights_bytes != need->weights_bytes)) {
        return false;
    }
    if (layer->weights_bytes != 0 &&
        !kws_in_block(model, layer->weights_offset, layer->weights_bytes, 1)) {
        return false;
    }
    if (kernel->weights_fit != NULL &&
        !kernel->weights_fit(kws_part(model->block, layer->weights_offset), layer, need->taps,
                             out->channels)) {
        return false;
    }
    const uint32_t multipliers = need->multipliers != 0 ? need->multipliers : need->channels;
    if (multipliers != 0 && !kws_in_block(model, layer->multipliers_offset, multipliers, 2)) {
        return false;
    }
    if (layer->kernel == KWS_KERNEL_SOFTMAX &&
        *(const int16_t *)kws_part(model->block, layer->multipliers_offset) < 1) {
        return false;
    }
    if (need->channels == 0) {
        return true;
    }
    if (!kws_in_block(model, layer->biases_offset, need->channels, 4)) {
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

/* May an output stand where it stands: apart from this input, or trailing it if the kernel allows
 * that? */
static bool places_fit(const kws_tensor *in, const kws_tensor *out, const kws_need *need)
{
    return need->alias || (need->in_place && kws_trails(in, out, need->lag)) || !kws_touch(in, out);
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
        if (t != NULL && !kws_apart(offset, bytes, t->arena_offset, kws_slot_bytes(t))) {
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
    if (layer->chained > 1) {
        return KWS_ERROR_MODEL;
    }
    if (layer->input >= header->tensor_count || layer->output >= header->tensor_count ||
        (has_second && layer->input2 >= header->tensor_count)) {
        return KWS_ERROR_MODEL;
    }
    const kws_tensor       *in = &tensors[layer->input], *out = &tensors[layer->output];
    const kws_tensor       *in2 = has_second ? &tensors[layer->input2] : NULL;
    const kws_tensor *const all[3] = {in, in2, out};
    kws_need                need = {0};
    if (!kernel->fits(layer, in, in2, out, &need) ||
        !tables_fit(model, kernel, layer, out, &need) || !places_fit(in, out, &need) ||
        (in2 != NULL && !places_fit(in2, out, &need)) || !scratch_fits(model, layer, &need, all)) {
        return KWS_ERROR_MODEL;
    }
    return KWS_OK;
}

/* see check.h */
bool kws_may_be_chained(uint32_t kernel)
{
    const uint32_t op = kernel >> 4;
    return op == KWS_KERNEL_CONV_W8 >> 4 || op == KWS_KERNEL_DWCONV_W8 >> 4 ||
           op == KWS_KERNEL_POINTWISE_W8 >> 4 || op == KWS_KERNEL_POINTWISE_GAPS_W8 >> 4 ||
           op == KWS_KERNEL_POINTWISE_BLOCKS_W8 >> 4 || kernel == KWS_KERNEL_MAXPOOL ||
           kernel == KWS_KERNEL_AVGPOOL || kernel == KWS_KERNEL_MEAN;
}

/* Does the layer run in a chain with the one before, and may it? It then reads what that one
 * writes, in slots that are enough for its window. A layer before that is by_input ends its chain.
 */
static bool chain_fits(const kws_model *model, uint32_t index)
{
    const kws_layer  *layer = &kws_layers(model)[index];
    const kws_tensor *tensors = kws_tensors(model);
    const kws_tensor *in = &tensors[layer->input];
    if (index < kws_header(model)->streamed_layers) {
        return layer->chained == 0;
    }
    if (layer->input2 != KWS_NONE && tensors[layer->input2].rows != tensors[layer->input2].height) {
        return false;
    }
    if (layer->chained == 0) {
        return in->rows == in->height;
    }
    return index > 0 && kws_may_be_chained(layer->kernel) && kws_may_be_chained(layer[-1].kernel) &&
           layer[-1].kernel != KWS_KERNEL_MEAN && layer[-1].output == layer->input &&
           (in->rows == in->height || in->rows >= layer->kernel_height);
}

/* see check.h */
bool kws_apart_from(const kws_model *model, const kws_layer *layer, uint32_t offset, uint32_t bytes)
{
    const kws_tensor *tensors = kws_tensors(model);
    const uint32_t    numbers[3] = {layer->input, layer->input2, layer->output};
    for (uint32_t i = 0; i < 3; i++) {
        const kws_tensor *t = numbers[i] != KWS_NONE ? &tensors[numbers[i]] : NULL;
        if (t != NULL && !kws_apart(offset, bytes, t->arena_offset, kws_slot_bytes(t))) {
            return false;
        }
    }
    return layer->scratch_bytes == 0 ||
           kws_apart(offset, bytes, layer->scratch_offset, layer->scratch_bytes);
}

/* Is there room for the counts of the longest chain? No layer may write them: they say which rows
 * there are. */
static bool progress_fits(const kws_model *model)
{
    const kws_block_header *header = kws_header(model);
    const kws_layer        *layers = kws_layers(model);
    uint32_t                longest = 1, length = 0;
    for (uint32_t i = 0; i < header->layer_count; i++) {
        length = layers[i].chained != 0 ? length + 1 : 1;
        longest = length > longest ? length : longest;
    }
    const uint32_t offset = header->progress_offset, bytes = KWS_PROGRESS_BYTES * longest;
    if ((offset & 3u) != 0 || kws_plus(offset, bytes) > header->arena_bytes) {
        return false;
    }
    for (uint32_t i = 0; i < header->layer_count; i++) {
        if (!kws_apart_from(model, &layers[i], offset, bytes)) {
            return false;
        }
    }
    return true;
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
        if (!chain_fits(model, i)) {
            return KWS_ERROR_MODEL;
        }
    }
    const kws_layer  *last = &layers[header->layer_count - 1];
    const kws_tensor *scores = &kws_tensors(model)[last->output];
    /* of a softmax each may have two bytes */
    const kws_tensor *classes =
        last->kernel == KWS_KERNEL_SOFTMAX ? &kws_tensors(model)[last->input] : scores;
    return kws_elements(classes) == header->label_count && scores->bits == 8 &&
                   scores->rows == scores->height && progress_fits(model)
               ? KWS_OK
               : KWS_ERROR_MODEL;
}

/* Elements of a tensor that layers 0 .. end-1 have written; only PLACE layers write parts. */
static uint32_t written(const kws_model *model, uint32_t tensor, uint32_t end)
{
    const kws_layer  *layers = kws_layers(model);
    const kws_tensor *tensors = kws_tensors(model);
    uint32_t          elements = tensor == 0 ? kws_elements(tensors) : 0;
    for (uint32_t i = 0; i < end; i++) {
        if (layers[i].output == tensor) {
            elements = kws_plus(elements, layers[i].kernel == KWS_KERNEL_PLACE
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
