/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole small models: any front end, a dense layer, softmax, a detector.
 */
#ifndef KWS_TEST_FIXTURES_H
#define KWS_TEST_FIXTURES_H

#include "block_builder.h"

typedef struct timing {
    uint16_t frame, hop, frames, points;
    uint32_t capacity; /* 0: the least, and so much slack as `slack` says */
    uint32_t slack;
    uint8_t  fine; /* fine_plane */
} timing;

/* Front end with correct window, twiddle and band tables, and random ones behind the log-mel.
 * Layers: VIEW of the features as a vector, DENSE to classes, SOFTMAX. */
void fixture_begin(builder *b, uint16_t features, uint8_t spectrum, timing t, uint16_t bands,
                   uint16_t coefficients, uint16_t classes);

/* A model with a layer of every operator and every width of weights, chains, rings, a tensor that
 * trails another, and activations of 8, 4 and 2 bits. Its tensors, and its layers in order: */
enum {
    EVERY_INPUT,
    EVERY_CONV,
    EVERY_DWCONV,
    EVERY_POINTWISE,
    EVERY_WIDE,
    EVERY_SUM,
    EVERY_MAXPOOL,
    EVERY_AVGPOOL,
    EVERY_BOTH,
    EVERY_TURNED,
    EVERY_VECTOR,
    EVERY_LOGITS,
    EVERY_NARROW,
    EVERY_MEAN,
    EVERY_TOTAL,
    EVERY_SCORES,
    EVERY_TENSORS
};
enum {
    LAYER_WIDE, /* input to EVERY_WIDE */
    LAYER_CONV, /* these three are a chain */
    LAYER_DWCONV,
    LAYER_POINTWISE,
    LAYER_ADD,
    LAYER_MAXPOOL,
    LAYER_AVGPOOL,
    LAYER_PLACE,
    LAYER_PLACE2,
    LAYER_TRANSPOSE,
    LAYER_VIEW,
    LAYER_DENSE,
    LAYER_NARROW, /* these two are a chain */
    LAYER_MEAN,
    LAYER_ADD2,
    LAYER_SOFTMAX,
    LAYER_COUNT
};
void fixture_everything(builder *b, uint16_t features);

/* Rows that are kept, without a front end: conv of 3 rows -> pointwise -> sum of both -> conv of 3
 * rows, strides 2 -> mean; the convolutions look at rows before the window. */
void fixture_rows(builder *b);

/* Adds a layer of a window of rows and one column, with its tables; it writes the tensor behind its
 * own number. */
kws_layer *fixture_slide(builder *b, uint16_t kernel, uint16_t in, uint16_t rows, uint16_t stride);

/* Gives what streamed layers read its slots and all tensors their places. */
void fixture_place_rows(builder *b);

/* The least PCM capacity of a front end. */
uint32_t fixture_capacity(timing t);

/* Gives a detector the gate of energy and so many phrases. */
void fixture_listen(builder *b, uint16_t phrases);

/* A random front end of a kind: all parameters drawn. */
timing fixture_random(builder *b, uint16_t features);

/* Random speech-like PCM: noise of changing level, now and then silence or full scale. */
void fixture_pcm(int16_t *pcm, uint32_t count);

/* An instance over a block. */
typedef struct instance {
    uint8_t  *block;
    uint32_t  block_bytes;
    kws_model model;
    void     *memory; /* a `guarded` */
    kws      *k;
} instance;

/* Finishes the builder's block and makes an instance of exactly the required size. */
void fixture_open(instance *i, builder *b);
/* Checks the guards, frees all. */
void fixture_close(instance *i);

#endif
