/* SPDX-License-Identifier: Apache-2.0
 *
 * Builds model blocks for tests: records and tables in, a sealed block out.
 */
#ifndef KWS_TEST_BLOCK_BUILDER_H
#define KWS_TEST_BLOCK_BUILDER_H

#include "kws_model.h"

#define BUILDER_TENSORS 20
#define BUILDER_LAYERS 20

/* A table of a layer, kept until builder_finish() writes all of them in random order at the end of
 * the block: any may be the last. */
typedef struct builder_table_later {
    uint32_t layer, kind;
    uint8_t *bytes;
    uint32_t count;
} builder_table_later;

typedef struct builder {
    uint8_t *bytes;
    uint32_t end, room;

    kws_tensor    tensors[BUILDER_TENSORS];
    kws_layer     layers[BUILDER_LAYERS];
    int8_t       *weights[BUILDER_LAYERS]; /* w[o][k] of each layer, or NULL */
    uint16_t      tensor_count, layer_count, label_count;
    uint32_t      arena_bytes;
    uint32_t      progress_offset, progress_bytes; /* after builder_finish() */
    uint16_t      streamed_layers, hop_rows;
    uint32_t      kept_bytes;
    bool          has_front_end;
    kws_front_end front_end;
    kws_detector  detector;
    kws_keyword   keywords[16];
    kws_phrase    phrases[4]; /* without names and the number of all words */

    builder_table_later later[3 * BUILDER_LAYERS];
    uint32_t            later_count;
} builder;

void builder_begin(builder *b);

/* Appends a table at the next multiple of 4; returns its offset. */
uint32_t builder_table(builder *b, const void *bytes, uint32_t count);

/* Adds a tensor of 8 bits, whole, at the end of the arena, a gap behind the one before; returns its
 * number. */
uint16_t builder_tensor(builder *b, uint32_t height, uint32_t width, uint32_t channels,
                        int32_t zero);

/* Adds a tensor of any width of bits that has no place yet. */
uint16_t builder_shape(builder *b, uint32_t height, uint32_t width, uint32_t channels,
                       uint32_t bits, int32_t zero);

/* Gives a tensor a place for its rows at the end of the arena. */
void builder_place(builder *b, uint16_t tensor);

/* Reserves bytes of the arena, a gap behind what lies there; returns their offset. */
uint32_t builder_arena(builder *b, uint32_t bytes);

uint32_t builder_elements(const builder *b, uint16_t tensor);
/* Classes of the last layer. */
uint32_t builder_labels(const builder *b);
uint32_t builder_pixel_bytes(const kws_tensor *t);
uint32_t builder_row_bytes(const kws_tensor *t);

kws_layer *builder_layer(builder *b, uint16_t kernel, uint16_t input, uint16_t output);

/* Gives a layer random weights, now and then all of them extreme, or those given. The layer's
 * kernel, window and tensors are set before. */
void builder_weights(builder *b, kws_layer *layer, uint32_t outputs, uint32_t taps);
void builder_weights_of(builder *b, kws_layer *layer, uint32_t outputs, uint32_t taps,
                        const int8_t *w);

/* Random multipliers, biases and shift for accumulators of about so many bits and an output of
 * output_bits. */
void builder_requant(builder *b, kws_layer *layer, uint32_t multipliers, uint32_t biases,
                     int32_t accumulator_bits, int32_t output_bits);
/* The same at once, for a front end; layer is a stand-in that gets offsets and shift. */
void builder_requant_now(builder *b, kws_layer *layer, uint32_t count, int32_t accumulator_bits,
                         int32_t output_bits);
/* The ones given. */
void builder_requant_of(builder *b, kws_layer *layer, uint32_t count, int16_t multiplier,
                        int32_t bias, uint8_t shift);

/* A softmax layer's table: exp(-d * scale). */
void builder_softmax(builder *b, kws_layer *layer, double scale);

/* Reserves the scratch that kernels ask for where a layer has none, writes records and texts and
 * seals the block, which the caller frees. A front end or a detector is written if has_front_end is
 * set. */
uint8_t *builder_finish(builder *b, uint32_t *bytes);

/* Frees what is left behind builder_finish(): the weights. */
void builder_close(builder *b);

/* Writes the CRC of a block of so many bytes into its header. */
void builder_seal(uint8_t *block, uint32_t bytes);

/* A model of all kernels over a block. */
kws_model builder_model(const uint8_t *block, uint32_t bytes);

#endif
