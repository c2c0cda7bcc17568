/* SPDX-License-Identifier: Apache-2.0
 *
 * gate_rows.h - a vector times up to 32 rows of a matrix: the products of LSTM and GRU. Each
 * variant has those of packed weights in a file of its own, gate_rows_<variant>.c, by the cores of
 * its dense layers; those of GAPS (SPEC.md, section 4.3) stand beside the walk through them,
 * gaps.h.
 */
#ifndef KWS_GATE_ROWS_H
#define KWS_GATE_ROWS_H

#include "packed.h"
#include "requant_byte.h"

/* Rows are packed and multiplied so many at a time. */
#define KWS_GATE_ROWS 32u

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

/* What a variant knows of weights of one width. */
typedef struct kws_gate_width kws_gate_width;

/* How weights of one form and width are multiplied. */
typedef struct kws_gate_core {
    /* Bytes of the weights of some rows, KWS_GATE_ROWS at most; NULL: their table says it. */
    uint32_t (*rows_bytes)(const kws_gate_width *width, uint32_t rows, uint32_t columns);
    /* Bytes of a vector: its elements, a byte each, and what is made of them. */
    uint32_t (*vector_bytes)(const kws_gate_width *width, uint32_t columns);
    /* Makes that of the elements, which stand at its beginning; NULL: nothing. */
    void (*prepare)(const kws_gate_width *width, void *vector, uint32_t columns);
    /* Returns where the next matrix begins. */
    const uint8_t *(*multiply)(const kws_gate_width *width, const kws_gate_rows *rows);
    const kws_gate_width *width;
} kws_gate_core;

extern const kws_gate_core kws_gates_w8, kws_gates_w4, kws_gates_w3, kws_gates_w2;
extern const kws_gate_core kws_gaps_gates_w8, kws_gaps_gates_w4, kws_gaps_gates_w3,
    kws_gaps_gates_w2;

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
        t[i] = kws_add_mulq(b[i], (int32_t)((uint32_t)sums[i] << rows->lift), m[i]);
    }
}

/* A variant's core of packed weights of so many bits by way of its functions; behind bits all that
 * it knows of them. */
#define KWS_GATE_CORE(bits, ...)                                                                   \
    static const kws_gate_width width_w##bits = {__VA_ARGS__};                                     \
    const kws_gate_core         kws_gates_w##bits = {rows_bytes, vector_bytes, prepare, multiply,  \
                                                     &width_w##bits};

#endif
