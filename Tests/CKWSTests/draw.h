/* SPDX-License-Identifier: Apache-2.0
 *
 * Random layers.
 */
#ifndef KWS_TEST_DRAW_H
#define KWS_TEST_DRAW_H

#include "block_builder.h"

/* Operators: a kernel id without the bits of its weights. */
#define OP(kernel) ((kernel) / 16u)
#define OP_CONV OP(KWS_KERNEL_CONV_W8)
#define OP_DWCONV OP(KWS_KERNEL_DWCONV_W8)
#define OP_DENSE OP(KWS_KERNEL_DENSE_W8)
#define OP_POINTWISE OP(KWS_KERNEL_POINTWISE_W8)
#define OP_DENSE_GAPS OP(KWS_KERNEL_DENSE_GAPS_W8)
#define OP_DENSE_BLOCKS OP(KWS_KERNEL_DENSE_BLOCKS_W8)
#define OP_POINTWISE_GAPS OP(KWS_KERNEL_POINTWISE_GAPS_W8)
#define OP_POINTWISE_BLOCKS OP(KWS_KERNEL_POINTWISE_BLOCKS_W8)
#define OP_MAXPOOL OP(KWS_KERNEL_MAXPOOL)
#define OP_AVGPOOL OP(KWS_KERNEL_AVGPOOL)
#define OP_MEAN OP(KWS_KERNEL_MEAN)
#define OP_ADD OP(KWS_KERNEL_ADD)
#define OP_PLACE OP(KWS_KERNEL_PLACE)
#define OP_TRANSPOSE OP(KWS_KERNEL_TRANSPOSE)
#define OP_SOFTMAX OP(KWS_KERNEL_SOFTMAX)
#define OP_VIEW OP(KWS_KERNEL_VIEW)
#define OP_LSTM OP(KWS_KERNEL_LSTM_W8)
#define OP_GRU OP(KWS_KERNEL_GRU_W8)
#define OP_LSTM_GAPS OP(KWS_KERNEL_LSTM_GAPS_W8)
#define OP_GRU_GAPS OP(KWS_KERNEL_GRU_GAPS_W8)

/* What is wished of a layer; what does not apply to its operator is ignored. */
typedef struct wish {
    uint32_t op;
    uint32_t weight_bits; /* 8, 4, 3, 2 */
    uint32_t bits;        /* of the output */
    uint32_t channels;    /* of the output; DWCONV: a multiple of the input's */
    bool     same;        /* DWCONV: strides 1, equal width */
    bool     shorter;     /* DWCONV of one row: strides 1, no padding */
    bool     valid;       /* windows along time stand on all rows, and on no padding */
} wish;

/* Extents: small ones, 1 and primes among them, now and then up to most. */
uint32_t draw_extent(uint32_t most);
/* 8, 4, 3 or 2. */
uint32_t draw_weight_bits(void);
/* 8, 4 or 2, mostly 8. */
uint32_t draw_bits(void);

/* POINTWISE, or one of its sparse twins. */
uint32_t draw_pointwise(void);

/* Adds a layer that reads this tensor, and its output, which has no place yet; returns that. */
uint16_t draw_layer(builder *b, uint16_t in, wish w);

/* OP_LSTM, OP_GRU, or one of their sparse twins. */
uint32_t draw_cell(void);

static inline bool is_lstm(uint32_t op)
{
    return op == OP_LSTM || op == OP_LSTM_GAPS;
}

/* Adds an LSTM or a GRU (op) of random flags that reads this tensor, and its output, which has no
 * place yet; returns that. */
uint16_t draw_recurrent(builder *b, uint16_t in, uint32_t op, uint32_t weight_bits);

/* Adds a tensor of so many bits with the elements of the input's highest bits (PLACE), placed;
 * returns its number. */
uint16_t draw_narrowed(builder *b, uint16_t in, uint32_t bits, int32_t zero);

/* A random zero point. */
int32_t draw_zero(uint32_t bits);

#endif
