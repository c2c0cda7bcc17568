/* SPDX-License-Identifier: Apache-2.0
 *
 * A vector: its elements, filled up with 0 to whole words; then their sum.
 */
#include "gate_rows.h"
#include "matrix_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

#define BLOCK 8u

struct kws_gate_width {
    const kws_width *width;
};

static uint32_t rows_bytes(const kws_gate_width *gate, uint32_t rows, uint32_t columns)
{
    return kws_matrix_bytes(gate->width, columns, rows);
}

static uint32_t vector_bytes(const kws_gate_width *gate, uint32_t columns)
{
    (void)gate;
    return kws_round4(columns) + 4;
}

static void prepare(const kws_gate_width *gate, void *vector, uint32_t columns)
{
    uint8_t       *x = vector;
    const uint32_t all = kws_round4(columns);
    (void)gate;
    memset(x + columns, 0, all - columns);
    *(uint32_t *)(void *)(x + all) = kws_v6m_sum(x, all);
}

/* The matrix that multiplies some rows; its weights are those of the next ones. */
static inline kws_matrix *matrix_of(const kws_gate_rows *rows)
{
    return kws_gate_room(rows);
}

/* -2^(bits-1) times the sum of the vector, since weights are stored with that offset. */
static inline int32_t base_of(const kws_width *width, const kws_gate_rows *rows)
{
    const uint8_t *x = rows->vector;
    const uint32_t sum = *(const uint32_t *)(const void *)(x + kws_round4(rows->columns));
    return (int32_t)(0u - (sum << (width->bits - 1)));
}

/* Sums as they begin: what those of all chunks begin with, taken off. */
KWS_APART void begin_sums(const kws_width *width, const kws_gate_rows *rows)
{
    const uint32_t taps = kws_matrix_taps(width, rows->columns);
    uint32_t       first = (uint32_t)base_of(width, rows);
    for (uint32_t k = 0; k < taps; k += width->chunk) {
        first += (uint32_t)width->centre << (width->bits == 3);
    }
    for (uint32_t i = 0; i < rows->rows; i++) {
        rows->sums[i] = (int32_t)first;
    }
}

/* Adds the products of count rows to their sums: of whole blocks, or of a block of 4. */
KWS_APART void blocks(const kws_width *width, const kws_gate_rows *rows, uint32_t first,
                      uint32_t count)
{
    const int32_t  start = -width->centre;
    const uint32_t taps = kws_matrix_taps(width, rows->columns), block = count == 4 ? 4 : BLOCK;
    kws_matrix    *matrix = matrix_of(rows);
    matrix->multipliers = NULL;
    for (uint32_t end = first + count; first < end; first += block) {
        matrix->y = (uint8_t *)(rows->sums + first);
        matrix->y_end = matrix->y + BLOCK;
        for (uint32_t k = 0, chunk; k < taps; k += chunk) {
            chunk = taps - k < width->chunk ? taps - k : width->chunk;
            matrix->x = (const uint8_t *)rows->vector + k;
            matrix->x_end = matrix->x + chunk;
            width->begin(matrix, start, start);
            (block == BLOCK ? width->blocks : width->half)(matrix);
            matrix->weights += (chunk * block * width->bits) >> 3;
        }
    }
}

/* The rows that are in no block. */
KWS_APART void singles(const kws_width *width, const kws_gate_rows *rows, uint32_t first)
{
    const int32_t base = base_of(width, rows);
    kws_matrix   *matrix = matrix_of(rows);
    for (; first < rows->rows; first++) {
        rows->sums[first] =
            kws_v6m_single(width, matrix->weights, rows->vector, rows->columns, base);
        matrix->weights += kws_weights_bytes(rows->columns, width->bits);
    }
}

static const uint8_t *multiply(const kws_gate_width *gate, const kws_gate_rows *rows)
{
    const kws_width *width = gate->width;
    uint32_t         done = rows->rows & ~(BLOCK - 1u);
    matrix_of(rows)->weights = rows->weights;
    begin_sums(width, rows);
    blocks(width, rows, 0, done);
    if (width->half != NULL && rows->rows - done >= 4) {
        blocks(width, rows, done, 4);
        done += 4;
    }
    singles(width, rows, done);
    kws_gate_rescale(rows);
    return kws_gate_next(rows, (uint32_t)(matrix_of(rows)->weights - rows->weights));
}

_Static_assert(sizeof(kws_matrix) == KWS_GATE_ROOM, "the room of a matrix");

KWS_GATE_CORE(8, &kws_width_w8)
KWS_GATE_CORE(4, &kws_width_w4)
KWS_GATE_CORE(3, &kws_width_w3)
KWS_GATE_CORE(2, &kws_width_w2)

#endif
