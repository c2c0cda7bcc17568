/* SPDX-License-Identifier: Apache-2.0
 *
 * A vector: its elements, filled up to whole words; then their sum.
 */
#include "gate_rows_mve.h"
#include "gate_rows.h"
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

struct kws_gate_width {
    uint32_t bits, stream;
    void (*eights)(kws_mve_one *work);
};

static uint32_t rows_bytes(const kws_gate_width *width, uint32_t rows, uint32_t columns)
{
    return kws_mve_weights_bytes(rows, columns, width->bits, true);
}

static uint32_t vector_bytes(const kws_gate_width *width, uint32_t columns)
{
    (void)width;
    return kws_round4(columns) + 4;
}

static void prepare(const kws_gate_width *width, void *vector, uint32_t columns)
{
    const uint8_t *x = vector;
    uint32_t       sum = 0;
    (void)width;
    for (uint32_t k = 0; k < columns; k += KWS_MVE_LANES) {
        sum = vaddvaq_u8(sum, vldrbq_z_u8(x + k, vctp8q(columns - k)));
    }
    *(uint32_t *)(void *)((uint8_t *)vector + kws_round4(columns)) = sum;
}

/* The rows behind the last eight. */
KWS_APART void rest(const kws_gate_width *width, const kws_gate_rows *rows, const uint8_t *weights,
                    uint32_t first)
{
    uint32_t k = 0;
    for (uint32_t i = rows->rows & ~(KWS_MVE_EIGHT - 1u); i < rows->rows; i++) {
        const uint32_t acc =
            kws_mve_dot(weights, width->bits, k, rows->vector, false, rows->columns, first);
        rows->t[i] = kws_add_mulq(rows->b[i], (int32_t)(acc << rows->lift), rows->m[i]);
        k += rows->columns;
    }
}

static const uint8_t *multiply(const kws_gate_width *width, const kws_gate_rows *rows)
{
    const uint32_t columns = rows->columns, head = columns % KWS_MVE_LANES;
    const uint8_t *x = rows->vector;
    const uint32_t sum = *(const uint32_t *)(const void *)(x + kws_round4(columns));
    const uint32_t first = 0u - (sum << (width->bits - 1));
    const uint32_t packed = kws_mve_patch_bytes(columns);
    const uint8_t *end = rows->weights + rows->rows / KWS_MVE_EIGHT * packed * width->bits;
    if (rows->rows >= KWS_MVE_EIGHT) {
        kws_mve_one *work = (void *)rows->sums; /* which need no room here */
        work->multipliers = rows->m;
        work->biases = rows->b;
        work->out = (uint8_t *)rows->t;
        work->end = end;
        work->shift = (int32_t)rows->lift;
        work->stream = width->stream * packed;
        work->weights = rows->weights;
        work->x = x + head;
        work->head = head;
        work->blocks = columns / KWS_MVE_LANES;
        work->first = (int32_t)first;
        work->filled = 1;
        width->eights(work);
    }
    if (rows->rows % KWS_MVE_EIGHT != 0) {
        rest(width, rows, end, first);
        return kws_gate_next(rows, rows_bytes(width, rows->rows, columns));
    }
    return end;
}

_Static_assert(sizeof(kws_mve_one) <= 4 * KWS_GATE_ROWS, "it takes the room of sums");

KWS_GATE_CORE(8, 8, 2, kws_mve_gates_w8)
KWS_GATE_CORE(4, 4, 1, kws_mve_gates_w4)
KWS_GATE_CORE(3, 3, 3, kws_mve_gates_w3)
KWS_GATE_CORE(2, 2, 1, kws_mve_gates_w2)

#endif
