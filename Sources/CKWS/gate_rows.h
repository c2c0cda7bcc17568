/* SPDX-License-Identifier: Apache-2.0
 *
 * gate_rows.h - a vector times up to 32 rows of a packed matrix: the products of LSTM and GRU. Each
 * variant has them in a file of its own, gate_rows_<variant>.c, by the cores of its dense layers.
 */
#ifndef KWS_GATE_ROWS_H
#define KWS_GATE_ROWS_H

#include "packed.h"

/* Rows are packed and multiplied so many at a time. */
#define KWS_GATE_ROWS 32u

/* How weights of one width are multiplied. */
typedef struct kws_gate_core kws_gate_core;

extern const kws_gate_core kws_gates_w8, kws_gates_w4, kws_gates_w3, kws_gates_w2;

/* What lies in scratch, for the stack is short; pointers of 8 bytes, on a desk, at multiples of 4.
 */
#define KWS_IN_SCRATCH __attribute__((packed, aligned(4)))

/* Rows of a matrix and what becomes of their sums:
 * t[i] = b[i] + mulq(sum of row i * 2^lift, m[i]). Behind it lie KWS_GATE_ROOM bytes. */
typedef struct KWS_IN_SCRATCH kws_gate_rows {
    const uint8_t *weights;
    uint32_t       rows, columns;
    const void    *vector; /* as kws_gate_vector() left it */
    const int16_t *m;
    const int32_t *b; /* may be t */
    uint32_t       lift;
    int32_t       *t;
    int32_t       *sums; /* room for KWS_GATE_ROWS sums */
} kws_gate_rows;

/* Bytes that the variant works with. */
#if KWS_VARIANT == KWS_PACK_DSP
#define KWS_GATE_ROOM 44u
#elif KWS_VARIANT == KWS_PACK_V6M
#define KWS_GATE_ROOM 52u
#elif KWS_VARIANT == KWS_PACK_V7M
#define KWS_GATE_ROOM 80u
#else
#define KWS_GATE_ROOM 0u
#endif

static inline void *kws_gate_room(const kws_gate_rows *rows)
{
    return (void *)(uintptr_t)(rows + 1);
}

/* Bytes of the weights of some rows, KWS_GATE_ROWS at most. */
uint32_t kws_gate_rows_bytes(const kws_gate_core *core, uint32_t rows, uint32_t columns);

/* Bytes of a vector: its elements, a byte each, and what the variant makes of them. */
uint32_t kws_gate_vector_bytes(const kws_gate_core *core, uint32_t columns);

/* Makes that of the elements, which stand at its beginning. */
void kws_gate_vector(const kws_gate_core *core, void *vector, uint32_t columns);

/* Returns where the next matrix begins. */
const uint8_t *kws_gate_multiply(const kws_gate_core *core, const kws_gate_rows *rows);

/* Where a matrix begins behind so many bytes of another. */
static inline const uint8_t *kws_gate_next(const kws_gate_rows *rows, uint32_t bytes)
{
    return rows->weights + ((bytes + 3u) & ~3u);
}

/* From sums to t. */
static inline void kws_gate_rescale(const kws_gate_rows *rows)
{
    const int32_t *sums = rows->sums, *b = rows->b;
    const int16_t *m = rows->m;
    int32_t       *t = rows->t;
    for (uint32_t i = 0; i < rows->rows; i++) {
        t[i] = kws_add(b[i], kws_mulq((int32_t)((uint32_t)sums[i] << rows->lift), m[i]));
    }
}

#endif
