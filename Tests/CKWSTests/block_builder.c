/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <math.h>

#include "block_builder.h"
#include "inner.h"
#include "pack.h"

#define GAP 16u

void builder_begin(builder *b)
{
    memset(b, 0, sizeof *b);
    b->room = 1u << 13;
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

uint32_t builder_pixel_bytes(const kws_tensor *t)
{
    return (t->channels * t->bits + 7u) / 8;
}

uint32_t builder_row_bytes(const kws_tensor *t)
{
    return t->width * builder_pixel_bytes(t);
}

uint16_t builder_shape(builder *b, uint32_t height, uint32_t width, uint32_t channels,
                       uint32_t bits, int32_t zero)
{
    assert_true(b->tensor_count < BUILDER_TENSORS);
    b->tensors[b->tensor_count] = (kws_tensor){.height = (uint16_t)height,
                                               .width = (uint16_t)width,
                                               .channels = (uint16_t)channels,
                                               .zero_point = (uint8_t)zero,
                                               .bits = (uint8_t)bits,
                                               .rows = (uint16_t)height};
    return b->tensor_count++;
}

void builder_place(builder *b, uint16_t tensor)
{
    kws_tensor *t = &b->tensors[tensor];
    t->arena_offset = builder_arena(b, t->rows * builder_row_bytes(t));
}

uint16_t builder_tensor(builder *b, uint32_t height, uint32_t width, uint32_t channels,
                        int32_t zero)
{
    const uint16_t tensor = builder_shape(b, height, width, channels, 8, zero);
    builder_place(b, tensor);
    return tensor;
}

uint32_t builder_elements(const builder *b, uint16_t tensor)
{
    const kws_tensor *t = &b->tensors[tensor];
    return (uint32_t)t->height * t->width * t->channels;
}

enum { WEIGHTS, MULTIPLIERS, BIASES };

/* Keeps a table of a layer for builder_finish(). */
static void keep_table(builder *b, const kws_layer *layer, uint32_t kind, const void *bytes,
                       uint32_t count)
{
    uint8_t *copy = malloc(count);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    b->later[b->later_count++] =
        (builder_table_later){(uint32_t)(layer - b->layers), kind, copy, count};
}

/* Writes the tables kept, in random order. */
static void write_tables(builder *b)
{
    while (b->later_count > 0) {
        const uint32_t      i = (uint32_t)random_between(0, (int32_t)b->later_count - 1);
        builder_table_later t = b->later[i];
        const uint32_t      offset = builder_table(b, t.bytes, t.count);
        kws_layer          *layer = &b->layers[t.layer];
        *(t.kind == WEIGHTS       ? &layer->weights_offset
          : t.kind == MULTIPLIERS ? &layer->multipliers_offset
                                  : &layer->biases_offset) = offset;
        free(t.bytes);
        b->later[i] = b->later[--b->later_count];
    }
}

kws_layer *builder_layer(builder *b, uint16_t kernel, uint16_t input, uint16_t output)
{
    assert_true(b->layer_count < BUILDER_LAYERS);
    kws_layer *layer = &b->layers[b->layer_count++];
    *layer = (kws_layer){.kernel = kernel, .input = input, .input2 = KWS_NONE, .output = output};
    return layer;
}

void builder_weights_of(builder *b, kws_layer *layer, uint32_t outputs, uint32_t taps,
                        const int8_t *w)
{
    const uint32_t count = outputs * taps;
    int8_t        *own = malloc(count);
    uint8_t       *packed = calloc(16 * count + 64, 1);
    assert_non_null(own);
    assert_non_null(packed);
    memcpy(own, w, count);
    const matrix m = {.layer = layer,
                      .in = &b->tensors[layer->input],
                      .out = &b->tensors[layer->output],
                      .outputs = outputs,
                      .taps = taps,
                      .bits = layer->kernel & 15u,
                      .w = own};
    layer->weights_bytes = pack(&m, packed);
    keep_table(b, layer, WEIGHTS, packed, layer->weights_bytes);
    b->weights[layer - b->layers] = own;
    free(packed);
}

/* Zeros: of a layer all, all but one, or 40 to 95 of a hundred of them, here and there a whole
 * output or four; of blocks four at a time, now and then with some more of them inside. */
static void thin_out(int8_t *w, uint32_t outputs, uint32_t taps)
{
    const int32_t  kind = random_between(0, 9), kept = random_between(5, 60);
    const uint32_t one = (uint32_t)random_between(0, (int32_t)(outputs * taps) - 1);
    const bool     inside = random_once_in(2);
    for (uint32_t o = 0; o < outputs && kind != 0; o += 4) {
        const bool empty = random_once_in(8);
        for (uint32_t k = 0; k < taps; k++) {
            const bool none = empty || random_between(1, 100) > kept;
            for (uint32_t i = o * taps + k; i < (o + 4) * taps && i < outputs * taps; i += taps) {
                if (kind == 1 ? i != one : none || (inside && random_once_in(2))) {
                    w[i] = 0;
                }
            }
        }
    }
    if (kind == 2) { /* all */
        memset(w, 0, outputs * taps);
    }
}

static bool is_sparse(const kws_layer *layer)
{
    return (layer->kernel >= KWS_KERNEL_DENSE_GAPS_W2 &&
            layer->kernel <= KWS_KERNEL_POINTWISE_BLOCKS_W8) ||
           layer->kernel >= KWS_KERNEL_LSTM_GAPS_W2;
}

void builder_weights(builder *b, kws_layer *layer, uint32_t outputs, uint32_t taps)
{
    const int32_t least = -(1 << ((layer->kernel & 15) - 1)), most = -least - 1;
    const int32_t kind = random_between(0, 11);
    int8_t       *w = malloc(outputs * taps);
    assert_non_null(w);
    for (uint32_t i = 0; i < outputs * taps; i++) {
        const int32_t v = kind == 2 ? (random_word() & 1u ? least : most) : least;
        w[i] = (int8_t)(kind == 1 ? most : kind <= 2 ? v : random_between(least, most));
    }
    if (is_sparse(layer)) {
        thin_out(w, outputs, taps);
    }
    builder_weights_of(b, layer, outputs, taps, w);
    free(w);
}

/* Draws multipliers, biases and shift. */
static void draw_requant(kws_layer *layer, int16_t *m, uint32_t multipliers, int32_t *bias,
                         uint32_t biases, int32_t accumulator_bits, int32_t output_bits)
{
    const bool extreme = random_once_in(12);
    for (uint32_t i = 0; i < multipliers; i++) {
        m[i] = (int16_t)(extreme ? (random_word() & 1u ? 32767 : -32768)
                                 : random_between(-32768, 32767));
    }
    /* a shift that leaves results of some bits, neither all 0 nor all saturated; multipliers take
     * away two bits on the average */
    const int32_t bits = accumulator_bits - 1 - output_bits + random_between(-1, 1);
    layer->shift = (uint8_t)(bits < 0 ? 0 : bits > 30 ? 30 : bits);
    const int32_t span = 1 << (layer->shift + output_bits < 29 ? layer->shift + output_bits : 29);
    for (uint32_t i = 0; i < biases; i++) {
        bias[i] = extreme ? (random_word() & 1u ? 1 : -1) * ((1 << 30) - 1)
                          : random_between(-(span >> 2), span);
    }
}

void builder_requant(builder *b, kws_layer *layer, uint32_t multipliers, uint32_t biases,
                     int32_t accumulator_bits, int32_t output_bits)
{
    int16_t *m = malloc(2 * multipliers);
    int32_t *bias = malloc(4 * biases);
    assert_non_null(m);
    assert_non_null(bias);
    draw_requant(layer, m, multipliers, bias, biases, accumulator_bits, output_bits);
    keep_table(b, layer, MULTIPLIERS, m, 2 * multipliers);
    keep_table(b, layer, BIASES, bias, 4 * biases);
    free(m);
    free(bias);
}

void builder_requant_now(builder *b, kws_layer *layer, uint32_t count, int32_t accumulator_bits,
                         int32_t output_bits)
{
    int16_t m[256];
    int32_t bias[256];
    assert_true(count <= 256);
    draw_requant(layer, m, count, bias, count, accumulator_bits, output_bits);
    layer->multipliers_offset = builder_table(b, m, 2 * count);
    layer->biases_offset = builder_table(b, bias, 4 * count);
}

void builder_requant_of(builder *b, kws_layer *layer, uint32_t count, int16_t multiplier,
                        int32_t bias, uint8_t shift)
{
    int16_t *m = malloc(2 * count);
    int32_t *all = malloc(4 * count);
    assert_non_null(m);
    assert_non_null(all);
    for (uint32_t i = 0; i < count; i++) {
        m[i] = multiplier;
        all[i] = bias;
    }
    keep_table(b, layer, MULTIPLIERS, m, 2 * count);
    keep_table(b, layer, BIASES, all, 4 * count);
    layer->shift = shift;
    free(m);
    free(all);
}

void builder_softmax(builder *b, kws_layer *layer, double scale)
{
    const double exponent = scale * 1.4426950408889634; /* log2(e) */
    int          n = 13;
    while (n > 0 && ldexp(exponent, 10 + n) > 32767) {
        n--;
    }
    const int16_t m = (int16_t)lround(ldexp(exponent, 10 + n));
    layer->shift = (uint8_t)n;
    keep_table(b, layer, MULTIPLIERS, &m, 2);
}

static bool keeps_state(const kws_layer *layer)
{
    return layer->kernel >= KWS_KERNEL_LSTM_W2 &&
           (layer->kernel_width & KWS_RECURRENT_STATEFUL) != 0;
}

/* Scratch for every layer whose kernel asks for it and that has none. */
static void reserve_scratch(builder *b)
{
    const kws_model all = builder_model(NULL, 0);
    for (uint32_t i = 0; i < b->layer_count; i++) {
        kws_layer        *layer = &b->layers[i];
        const kws_tensor *in2 = layer->input2 < b->tensor_count ? &b->tensors[layer->input2] : NULL;
        kws_need          need = {0};
        for (uint32_t n = 0; layer->scratch_bytes == 0 && n < all.kernel_count; n++) {
            if (all.kernels[n]->id == layer->kernel && all.kernels[n]->fits != NULL) {
                all.kernels[n]->fits(layer, &b->tensors[layer->input], in2,
                                     &b->tensors[layer->output], &need);
            }
        }
        if (need.scratch_bytes != 0) {
            layer->scratch_bytes = need.scratch_bytes;
            layer->scratch_offset = builder_arena(b, need.scratch_bytes);
            if (keeps_state(layer)) {
                b->kept_bytes = builder_arena(b, 0);
            }
        }
    }
}

/* Room for the counts of the longest chain. */
static void reserve_progress(builder *b)
{
    uint32_t longest = 1, length = 0;
    for (uint32_t i = 0; i < b->layer_count; i++) {
        length = b->layers[i].chained != 0 ? length + 1 : 1;
        longest = length > longest ? length : longest;
    }
    b->progress_bytes = 4 * longest;
    b->progress_offset = builder_arena(b, b->progress_bytes);
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

/* Labels: the first ones have names of their own. */
static uint32_t write_labels(builder *b, uint32_t count)
{
    uint32_t *labels = malloc(4 * count);
    assert_non_null(labels);
    for (uint32_t i = 0; i < count; i++) {
        char      text[16];
        const int length = snprintf(text, sizeof text, "class%u", (unsigned)i);
        labels[i] = i < 8 ? builder_table(b, text, (uint32_t)length + 1) : labels[7];
    }
    const uint32_t offset = builder_table(b, labels, 4 * count);
    free(labels);
    return offset;
}

static void write_phrases(builder *b)
{
    b->detector.phrase_words = 0;
    for (uint32_t n = 0; n < b->detector.phrase_count; n++) {
        const char name[] = {'p', 'h', 'r', 'a', 's', 'e', (char)('0' + n), 0};
        b->phrases[n].name_offset = builder_table(b, name, sizeof name);
        b->detector.phrase_words = (uint16_t)(b->detector.phrase_words + b->phrases[n].word_count);
    }
    if (b->detector.phrase_count != 0) {
        b->detector.phrases_offset =
            builder_table(b, b->phrases, b->detector.phrase_count * (uint32_t)sizeof(kws_phrase));
    }
}

uint32_t builder_labels(const builder *b)
{
    const kws_layer *last = &b->layers[b->layer_count - 1];
    return builder_elements(b, last->kernel == KWS_KERNEL_SOFTMAX ? last->input : last->output);
}

uint8_t *builder_finish(builder *b, uint32_t *bytes)
{
    reserve_scratch(b);
    reserve_progress(b);
    const uint32_t   label_count = builder_labels(b);
    kws_block_header header = {.magic = KWS_MODEL_MAGIC,
                               .format = KWS_MODEL_FORMAT,
                               .pack = KWS_VARIANT,
                               .arena_bytes = b->arena_bytes,
                               .progress_offset = b->progress_offset,
                               .tensor_count = b->tensor_count,
                               .layer_count = b->layer_count,
                               .label_count = (uint16_t)label_count,
                               .streamed_layers = b->streamed_layers,
                               .hop_rows = b->hop_rows,
                               .kept_bytes = b->kept_bytes};
    header.labels_offset = write_labels(b, label_count);
    header.name_offset = builder_table(b, "test model", 11);
    header.tensors_offset = builder_table(b, b->tensors, b->tensor_count * sizeof(kws_tensor));
    const uint32_t layers_bytes = b->layer_count * (uint32_t)sizeof(kws_layer);
    header.layers_offset = builder_table(b, b->layers, layers_bytes);
    if (b->has_front_end) {
        header.front_end_offset = builder_table(b, &b->front_end, sizeof b->front_end);
        b->detector.keywords_offset = builder_table(
            b, b->keywords, b->detector.keyword_count * (uint32_t)sizeof(kws_keyword));
        write_phrases(b);
        header.detector_offset = builder_table(b, &b->detector, sizeof b->detector);
    }
    write_tables(b);
    memcpy(b->bytes + header.layers_offset, b->layers, layers_bytes); /* now with offsets */
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

void builder_close(builder *b)
{
    for (uint32_t i = 0; i < BUILDER_LAYERS; i++) {
        free(b->weights[i]);
        b->weights[i] = NULL;
    }
}

kws_model builder_model(const uint8_t *block, uint32_t bytes)
{
    kws_model model;
    kws_model_load(&model, block, bytes);
    return model;
}
