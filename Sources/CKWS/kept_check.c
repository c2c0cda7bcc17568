/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "kws_fixed.h"

#define COUNT_LIMIT 0x8000u /* rows of a window whose rows are counted */

/* The operator of a layer, KWS_KERNEL_<op> >> 4. */
static bool is_a(const kws_layer *layer, uint32_t kernel)
{
    return layer->kernel >> 4 == kernel >> 4;
}

/* Do windows stand on all rows, the last one on the last, and if that takes rows before the first
 * one, is there one row of a window at least, of a layer to which such rows are numbers? */
static bool slides(const kws_model *model, const kws_layer *layer)
{
    const kws_tensor *in = &kws_tensors(model)[layer->input];
    const kws_tensor *out = &kws_tensors(model)[layer->output];
    const bool is_padded = is_a(layer, KWS_KERNEL_CONV_W8) || is_a(layer, KWS_KERNEL_DWCONV_W8) ||
                           is_a(layer, KWS_KERNEL_AVGPOOL);
    if (!(is_a(layer, KWS_KERNEL_ADD) || kws_may_be_chained(layer->kernel)) ||
        layer->kernel == KWS_KERNEL_MEAN || layer->pad_top != 0 || layer->stride_height == 0) {
        return false;
    }
    const uint32_t first = kws_times(out->height - 1u, layer->stride_height);
    const uint32_t end = kws_plus(first, layer->kernel_height);
    return first < in->height && (end == in->height || (is_padded && end > in->height));
}

/* Are there slots for just what the streamed layers read of a tensor, and does no other layer read
 * it? What the last streamed one makes has slots for all rows. */
static bool has_slots(const kws_model *model, uint32_t tensor)
{
    const kws_tensor *t = &kws_tensors(model)[tensor];
    const uint32_t    streamed = kws_header(model)->streamed_layers;
    uint32_t          most = 0;
    for (uint32_t i = 0; i < kws_header(model)->layer_count; i++) {
        const kws_layer *layer = &kws_layers(model)[i];
        if (layer->input != tensor && layer->input2 != tensor) {
            continue;
        }
        if ((i < streamed) != (tensor < streamed)) {
            return false;
        }
        most = layer->kernel_height > most ? layer->kernel_height : most;
    }
    return t->height < COUNT_LIMIT && t->rows == (tensor < streamed ? most : t->height);
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

/* Rows of features from a row of a tensor to the next one; each layer writes the tensor behind
 * those before it. */
static uint32_t pace(const kws_model *model, uint32_t tensor)
{
    uint32_t rows = 1;
    while (tensor != 0) {
        const kws_layer *layer = &kws_layers(model)[tensor - 1];
        rows = kws_times(rows, layer->stride_height);
        tensor = layer->input;
    }
    return rows;
}

/* Does a decision bring whole rows of a tensor, and no more than its window has? */
static bool moves(const kws_model *model, uint32_t tensor)
{
    const uint32_t hop = kws_header(model)->hop_rows, rows = pace(model, tensor);
    const uint32_t fresh = kws_div(hop, rows);
    return fresh >= 1 && fresh <= kws_tensors(model)[tensor].height && fresh * rows == hop;
}

/* Can layer i run row by row? The inputs of an ADD get their rows together. */
static bool is_streamed(const kws_model *model, uint32_t i)
{
    const kws_layer *layer = &kws_layers(model)[i];
    return layer->output == i + 1 && layer->input <= i && slides(model, layer) &&
           (layer->input2 == KWS_NONE ||
            (layer->input2 <= i && pace(model, layer->input) == pace(model, layer->input2)));
}

/* see check.h */
bool kws_check_kept(const kws_model *model)
{
    const kws_block_header *header = kws_header(model);
    const kws_layer        *layers = kws_layers(model);
    const uint32_t          streamed = header->streamed_layers;
    const uint32_t          counts = streamed != 0 ? kws_round4(2 * (streamed + 1)) : 0;
    if (streamed >= header->layer_count || counts > header->kept_bytes ||
        (header->kept_bytes & 3u) != 0 || header->kept_bytes > header->arena_bytes ||
        header->progress_offset < counts || !states_are_kept(model, counts)) {
        return false;
    }
    if (streamed == 0) {
        return header->hop_rows == 0;
    }
    for (uint32_t i = 0; i < streamed; i++) {
        if (!is_streamed(model, i)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < header->layer_count; i++) {
        if (!kws_apart_from(model, &layers[i], 0, counts)) {
            return false;
        }
    }
    for (uint32_t i = 0; i <= streamed; i++) {
        if (!moves(model, i) || !has_slots(model, i) ||
            !is_kept(model, &kws_tensors(model)[i], counts)) {
            return false;
        }
    }
    return layers[streamed].input == streamed && layers[streamed].chained == 0;
}
