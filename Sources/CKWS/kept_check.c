/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "kws_fixed.h"

/* Does layer i read the row that comes, or the one that the layer before makes, and nobody else
 * that tensor? */
static bool reads_alone(const kws_model *model, uint32_t i)
{
    const kws_layer *layers = kws_layers(model);
    const uint32_t   tensor = layers[i].input;
    if (tensor != (i == 0 ? 0u : layers[i - 1].output) || layers[i].input2 != KWS_NONE) {
        return false;
    }
    for (uint32_t other = i + 1; other < kws_header(model)->layer_count; other++) {
        if (layers[other].input == tensor || layers[other].input2 == tensor) {
            return false;
        }
    }
    return true;
}

/* Do windows without padding stand on all rows, the last one on the last, and are they what the
 * slots hold? */
static bool slides(const kws_model *model, const kws_layer *layer)
{
    const kws_tensor *in = &kws_tensors(model)[layer->input];
    const kws_tensor *out = &kws_tensors(model)[layer->output];
    return kws_may_be_chained(layer->kernel) && layer->kernel != KWS_KERNEL_MEAN &&
           layer->chained == 0 && layer->pad_top == 0 && in->rows == layer->kernel_height &&
           kws_plus(kws_times(out->height - 1u, layer->stride_height), layer->kernel_height) ==
               in->height;
}

/* Do the slots of a tensor, but for the newest row's, lie among what is kept, behind the counts? */
static bool is_kept(const kws_model *model, const kws_tensor *t, uint32_t counts)
{
    return t->phase == 0 && t->arena_offset >= counts &&
           (t->rows == 1 || kws_plus(t->arena_offset, kws_times(t->rows - 1u, kws_row_bytes(t))) <=
                                kws_header(model)->kept_bytes);
}

static bool keeps_state(const kws_layer *layer)
{
    const uint32_t op = layer->kernel >> 4;
    return op >= KWS_KERNEL_LSTM_W8 >> 4 && op <= KWS_KERNEL_GRU_GAPS_W8 >> 4 &&
           (layer->kernel_width & KWS_RECURRENT_STATEFUL) != 0;
}

/* Does the scratch of each layer that keeps its state lie among what is kept, does no other layer
 * touch it, and is nothing kept where there is neither a row nor a state? */
static bool states_are_kept(const kws_model *model, uint32_t counts)
{
    const kws_block_header *header = kws_header(model);
    const kws_layer        *layers = kws_layers(model);
    bool                    keeps = header->streamed_layers != 0 || header->kept_bytes == 0;
    for (uint32_t i = 0; i < header->layer_count; i++) {
        if (!keeps_state(&layers[i])) {
            continue;
        }
        const uint32_t offset = layers[i].scratch_offset, bytes = layers[i].scratch_bytes;
        keeps = true;
        if (offset < counts || kws_plus(offset, bytes) > header->kept_bytes) {
            return false;
        }
        for (uint32_t other = 0; other < header->layer_count; other++) {
            if (other != i && !kws_apart_from(model, &layers[other], offset, bytes)) {
                return false;
            }
        }
    }
    return keeps;
}

/* see check.h */
bool kws_check_kept(const kws_model *model)
{
    const kws_block_header *header = kws_header(model);
    const kws_layer        *layers = kws_layers(model);
    const uint32_t          streamed = header->streamed_layers;
    const uint32_t          counts = streamed != 0 ? kws_round4(2 * (streamed + 1)) : 0;
    uint32_t                hop = header->hop_rows;
    if (streamed >= header->layer_count || counts > header->kept_bytes ||
        (header->kept_bytes & 3u) != 0 || header->kept_bytes > header->arena_bytes ||
        header->progress_offset < counts || !states_are_kept(model, counts)) {
        return false;
    }
    if (streamed == 0) {
        return hop == 0;
    }
    for (uint32_t i = 0; i < header->layer_count; i++) {
        if (!kws_apart_from(model, &layers[i], 0, counts)) {
            return false;
        }
    }
    for (uint32_t i = 0; i <= streamed; i++) {
        const kws_tensor *in = &kws_tensors(model)[layers[i].input];
        if (hop < 1 || hop > in->height || !is_kept(model, in, counts)) {
            return false;
        }
        if (i == streamed) {
            break;
        }
        const uint32_t stride = layers[i].stride_height;
        const uint32_t next = stride > 0 ? kws_div(hop, stride) : 0;
        if (!reads_alone(model, i) || !slides(model, &layers[i]) || next * stride != hop) {
            return false;
        }
        hop = next;
    }
    const kws_tensor *last = &kws_tensors(model)[layers[streamed].input];
    return layers[streamed].input == layers[streamed - 1].output && layers[streamed].chained == 0 &&
           last->rows == last->height;
}
