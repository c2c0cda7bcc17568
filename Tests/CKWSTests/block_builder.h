/* SPDX-License-Identifier: Apache-2.0
 *
 * Builds model blocks for tests: records and tables in, a sealed block out.
 */
#ifndef KWS_TEST_BLOCK_BUILDER_H
#define KWS_TEST_BLOCK_BUILDER_H

#include "kws_model.h"

#define BUILDER_TENSORS 16
#define BUILDER_LAYERS 16

typedef struct builder {
    uint8_t *bytes;
    uint32_t end, room;

    kws_tensor    tensors[BUILDER_TENSORS];
    kws_layer     layers[BUILDER_LAYERS];
    uint16_t      tensor_count, layer_count, label_count;
    uint32_t      arena_bytes;
    bool          has_front_end;
    kws_front_end front_end;
    kws_detector  detector;
    kws_keyword   keywords[16];
} builder;

void builder_begin(builder *b);

/* Appends a table at the next multiple of 4; returns its offset. */
uint32_t builder_table(builder *b, const void *bytes, uint32_t count);

/* Adds a tensor of zero point zero at the end of the arena, 16 bytes behind the one before;
 * returns its number. */
uint16_t builder_tensor(builder *b, uint32_t height, uint32_t width, uint32_t channels,
                        int32_t zero);

/* Reserves bytes of the arena, 16 behind what lies there; returns their offset. */
uint32_t builder_arena(builder *b, uint32_t bytes);

uint32_t builder_elements(const builder *b, uint16_t tensor);

/* Adds a layer with random tables: weights, multipliers and biases of these counts. */
kws_layer *builder_layer(builder *b, uint16_t kernel, uint16_t input, uint16_t output);
void       builder_weights(builder *b, kws_layer *layer, uint32_t bytes);
void       builder_requant(builder *b, kws_layer *layer, uint32_t multipliers, uint32_t biases,
                           int32_t accumulator_bits);

/* A softmax layer's table, exp(-d * scale). */
void builder_softmax(builder *b, kws_layer *layer, double scale, uint32_t entries);

/* Writes records and texts and seals the block, which the caller frees. A front end or a detector
 * is written if has_front_end is set. */
uint8_t *builder_finish(builder *b, uint32_t *bytes);

/* Writes the CRC of a block of so many bytes into its header. */
void builder_seal(uint8_t *block, uint32_t bytes);

/* A model of all kernels over a block. */
kws_model builder_model(const uint8_t *block, uint32_t bytes);

#endif
