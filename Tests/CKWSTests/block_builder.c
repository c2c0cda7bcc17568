/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <math.h>

#include "block_builder.h"

#define GAP 16u

void builder_begin(builder *b)
{
    memset(b, 0, sizeof *b);
    b->room = 1u << 16;
    b->bytes = calloc(b->room, 1);
    assert_non_null(b->bytes);
    b->end = sizeof(kws_block_header);
    b->arena_bytes = GAP;
}

uint32_t builder_table(builder *b, const void *bytes, uint32_t count)
{
    const uint32_t offset = (b->end + 3u) & ~3u;
    while (offset + count + 4u > b->room) {
        b->bytes = realloc(b->bytes, 2u * b->room);
        assert_non_null(b->bytes);
        memset(b->bytes + b->room, 0, b->room);
        b->room *= 2;
    }
    memcpy(b->bytes + offset, bytes, count);
    b->end = offset + count;
    return offset;
}

uint32_t builder_arena(builder *b, uint32_t bytes)
{
    const uint32_t offset = b->arena_bytes;
    b->arena_bytes += ((bytes + 3u) & ~3u) + GAP;
    return offset;
}

uint16_t builder_tensor(builder *b, uint32_t height, uint32_t width, uint32_t channels,
                        int32_t zero)
{
    assert_true(b->tensor_count < BUILDER_TENSORS);
    kws_tensor *t = &b->tensors[b->tensor_count];
    *t = (kws_tensor){(uint16_t)height,
                      (uint16_t)width,
                      (uint16_t)channels,
                      (int8_t)zero,
                      8,
                      builder_arena(b, height * width * channels)};
    return b->tensor_count++;
}

uint32_t builder_elements(const builder *b, uint16_t tensor)
{
    const kws_tensor *t = &b->tensors[tensor];
    return (uint32_t)t->height * t->width * t->channels;
}

kws_layer *builder_layer(builder *b, uint16_t kernel, uint16_t input, uint16_t output)
{
    assert_true(b->layer_count < BUILDER_LAYERS);
    kws_layer *layer = &b->layers[b->layer_count++];
    *layer = (kws_layer){.kernel = kernel, .input = input, .input2 = KWS_NONE, .output = output};
    return layer;
}

void builder_weights(builder *b, kws_layer *layer, uint32_t bytes)
{
    int8_t *weights = malloc(bytes);
    assert_non_null(weights);
    const int32_t kind = random_between(0, 9); /* now and then all extreme */
    for (uint32_t i = 0; i < bytes; i++) {
        weights[i] = (int8_t)(kind == 0 ? -128 : kind == 1 ? 127 : random_between(-128, 127));
    }
    layer->weights_offset = builder_table(b, weights, bytes);
    layer->weights_bytes = bytes;
    free(weights);
}

void builder_requant(builder *b, kws_layer *layer, uint32_t multipliers, uint32_t biases,
                     int32_t accumulator_bits)
{
    int16_t *m = malloc(2 * multipliers);
    int32_t *bias = malloc(4 * biases);
    assert_non_null(m);
    assert_non_null(bias);
    const bool extreme = random_between(0, 9) == 0;
    for (uint32_t i = 0; i < multipliers; i++) {
        m[i] = (int16_t)(extreme ? (random_word() & 1u ? 32767 : -32768)
                                 : random_between(-32768, 32767));
    }
    /* a shift that leaves results of some bits, neither all 0 nor all saturated */
    const int32_t bits = accumulator_bits - random_between(4, 9);
    layer->shift = (uint8_t)(bits < 0 ? 0 : bits > 30 ? 30 : bits);
    const int32_t span = 1 << (layer->shift + 8 < 29 ? layer->shift + 8 : 29);
    for (uint32_t i = 0; i < biases; i++) {
        bias[i] =
            extreme ? (random_word() & 1u ? 1 : -1) * ((1 << 30) - 1) : random_between(-span, span);
    }
    layer->multipliers_offset = builder_table(b, m, 2 * multipliers);
    layer->biases_offset = builder_table(b, bias, 4 * biases);
    free(m);
    free(bias);
}

void builder_softmax(builder *b, kws_layer *layer, double scale, uint32_t entries)
{
    uint16_t table[256];
    for (uint32_t d = 0; d < entries; d++) {
        table[d] = (uint16_t)lround(32768.0 * exp(-(double)d * scale));
    }
    layer->weights_offset = builder_table(b, table, 2 * entries);
    layer->weights_bytes = 2 * entries;
}

/* CRC-32, a bit a step. */
static uint32_t checksum(const uint8_t *bytes, uint32_t count)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (uint32_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (crc & 1u ? 0xEDB88320u : 0);
        }
    }
    return ~crc;
}

void builder_seal(uint8_t *block, uint32_t bytes)
{
    kws_block_header *header = (kws_block_header *)block;
    header->crc32 = checksum(block + 16, bytes - 16);
}

uint8_t *builder_finish(builder *b, uint32_t *bytes)
{
    uint32_t         labels[64];
    const uint32_t   label_count = builder_elements(b, b->layers[b->layer_count - 1].output);
    kws_block_header header = {.magic = KWS_MODEL_MAGIC,
                               .format = KWS_MODEL_FORMAT,
                               .arena_bytes = b->arena_bytes,
                               .tensor_count = b->tensor_count,
                               .layer_count = b->layer_count,
                               .label_count = (uint16_t)label_count};
    const uint32_t   named = label_count < 64 ? label_count : 64;
    for (uint32_t i = 0; i < named; i++) {
        char      text[16];
        const int length = snprintf(text, sizeof text, "class%u", (unsigned)i);
        labels[i] = builder_table(b, text, (uint32_t)length + 1);
    }
    uint32_t *all = malloc(4 * label_count);
    assert_non_null(all);
    for (uint32_t i = 0; i < label_count; i++) {
        all[i] = labels[i < named ? i : named - 1];
    }
    header.labels_offset = builder_table(b, all, 4 * label_count);
    free(all);
    header.name_offset = builder_table(b, "test model", 11);
    header.tensors_offset = builder_table(b, b->tensors, b->tensor_count * sizeof(kws_tensor));
    header.layers_offset = builder_table(b, b->layers, b->layer_count * sizeof(kws_layer));
    if (b->has_front_end) {
        header.front_end_offset = builder_table(b, &b->front_end, sizeof b->front_end);
        b->detector.keywords_offset = builder_table(
            b, b->keywords, b->detector.keyword_count * (uint32_t)sizeof(kws_keyword));
        header.detector_offset = builder_table(b, &b->detector, sizeof b->detector);
    }
    header.block_bytes = (b->end + 3u) & ~3u;
    memcpy(b->bytes, &header, sizeof header);
    uint8_t *block = malloc(header.block_bytes); /* exactly: the sanitizer sees what is behind */
    assert_non_null(block);
    memcpy(block, b->bytes, header.block_bytes);
    free(b->bytes);
    b->bytes = NULL;
    builder_seal(block, header.block_bytes);
    *bytes = header.block_bytes;
    return block;
}

kws_model builder_model(const uint8_t *block, uint32_t bytes)
{
    kws_model model;
    kws_model_load(&model, block, bytes);
    return model;
}
