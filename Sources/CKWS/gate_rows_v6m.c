/* SPDX-License-Identifier: Apache-2.0
 *
 * A vector: its elements, filled up with 0 to whole words; then their sum.
 */
#include "gate_rows.h"
#include "matrix_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

#define BLOCK 8u

struct kws_gate_core {
    const kws_width *width;
};

uint32_t kws_gate_rows_bytes(const kws_gate_core *core, uint32_t rows, uint32_t columns)
{
    return kws_matrix_bytes(core->width, columns, rows);
}

uint32_t kws_gate_vector_bytes(const kws_gate_core *core, uint32_t columns)
{
    (void)core;
    return kws_round4(columns) + 4;
}

void kws_gate_vector(const kws_gate_core *core, void *vector, uint32_t columns)
{
    uint8_t       *x = vector;
    const uint32_t all = kws_round4(columns);
    (void)core;
    memset(x + columns, 0, all - columns);
    *(uint32_t *)(void *)(x + all) = kws_v6m_sum(x, all);
}

/* Adds the products of some blocks, of as many rows each, to sums; returns where the next weights
 * are. */
KWS_APART const uint8_t *blocks(const kws_gate_core *core, const kws_gate_rows *rows, uint32_t taps,
                                const uint8_t *weights, int32_t *sums, const int32_t *end,
                                uint32_t block)
{
    const kws_width *width = core->width;
    const int32_t    start = -width->centre;
    kws_matrix       matrix;
    matrix.weights = weights;
    matrix.multipliers = NULL;
    for (; sums < end; sums += block) {
        matrix.y = (uint8_t *)sums;
        matrix.y_end = matrix.y + BLOCK;
        for (uint32_t k = 0, count; k < taps; k += count) {
            count = taps - k < width->chunk ? taps - k : width->chunk;
            matrix.x = (const uint8_t *)rows->vector + k;
            matrix.x_end = matrix.x + count;
            width->begin(&matrix, start, start);
            (block == BLOCK ? width->blocks : width->half)(&matrix);
            matrix.weights += (count * block * width->bits) >> 3;
        }
    }
    return matrix.weights;
}

const uint8_t *kws_gate_multiply(const kws_gate_core *core, const kws_gate_rows *rows)
{
    const kws_width *width = core->width;
    const uint32_t   taps = kws_matrix_taps(width, rows->columns);
    const uint8_t   *x = rows->vector, *weights = rows->weights;
    const uint32_t   sum = *(const uint32_t *)(const void *)(x + kws_round4(rows->columns));
    const int32_t    base = (int32_t)(0u - (sum << (width->bits - 1)));
    const int32_t   *end = rows->sums + rows->rows, *blocks_end = end - (rows->rows & 7u);
    int32_t         *to = rows->sums;
    /* what the sums of all chunks begin with, taken off */
    uint32_t first = (uint32_t)base;
    for (uint32_t k = 0; k < taps; k += width->chunk) {
        first += (uint32_t)width->centre << (width->bits == 3);
    }
    for (uint32_t i = 0; i < rows->rows; i++) {
        to[i] = (int32_t)first;
    }
    weights = blocks(core, rows, taps, weights, to, blocks_end, BLOCK);
    to += blocks_end - to;
    if (width->half != NULL && end - to >= 4) {
        weights = blocks(core, rows, taps, weights, to, to + 4, 4);
        to += 4;
    }
    for (; to < end; to++) {
        *to = kws_v6m_single(width, weights, x, rows->columns, base);
        weights += kws_weights_bytes(rows->columns, width->bits);
    }
    kws_gate_rescale(rows);
    return kws_gate_next(rows, (uint32_t)(weights - rows->weights));
}

const kws_gate_core kws_gates_w8 = {&kws_width_w8}, kws_gates_w4 = {&kws_width_w4},
                    kws_gates_w3 = {&kws_width_w3}, kws_gates_w2 = {&kws_width_w2};

#endif
