/* SPDX-License-Identifier: Apache-2.0
 *
 * A vector: its elements, filled up to whole words; then their sum.
 */
#include "gate_rows_mve.h"
#include "gate_rows.h"
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

struct kws_gate_core {
    uint32_t bits, stream;
    void (*eights)(kws_mve_one *work);
};

uint32_t kws_gate_rows_bytes(const kws_gate_core *core, uint32_t rows, uint32_t columns)
{
    return kws_mve_weights_bytes(rows, columns, core->bits, true);
}

uint32_t kws_gate_vector_bytes(const kws_gate_core *core, uint32_t columns)
{
    (void)core;
    return kws_round4(columns) + 4;
}

void kws_gate_vector(const kws_gate_core *core, void *vector, uint32_t columns)
{
    const uint8_t *x = vector;
    uint32_t       sum = 0;
    (void)core;
    for (uint32_t k = 0; k < columns; k += KWS_MVE_LANES) {
        sum = vaddvaq_u8(sum, vldrbq_z_u8(x + k, vctp8q(columns - k)));
    }
    *(uint32_t *)(void *)((uint8_t *)vector + kws_round4(columns)) = sum;
}

/* The rows behind the last eight. */
KWS_APART void rest(const kws_gate_core *core, const kws_gate_rows *rows, const uint8_t *weights,
                    uint32_t first)
{
    uint32_t k = 0;
    for (uint32_t i = rows->rows & ~(KWS_MVE_EIGHT - 1u); i < rows->rows; i++) {
        const uint32_t acc =
            kws_mve_dot(weights, core->bits, k, rows->vector, false, rows->columns, first);
        rows->t[i] = kws_add(rows->b[i], kws_mulq((int32_t)(acc << rows->lift), rows->m[i]));
        k += rows->columns;
    }
}

const uint8_t *kws_gate_multiply(const kws_gate_core *core, const kws_gate_rows *rows)
{
    const uint32_t columns = rows->columns, head = columns % KWS_MVE_LANES;
    const uint8_t *x = rows->vector;
    const uint32_t sum = *(const uint32_t *)(const void *)(x + kws_round4(columns));
    const uint32_t first = 0u - (sum << (core->bits - 1));
    const uint32_t packed = kws_mve_patch_bytes(columns);
    const uint8_t *end = rows->weights + rows->rows / KWS_MVE_EIGHT * packed * core->bits;
    if (rows->rows >= KWS_MVE_EIGHT) {
        kws_mve_one *work = (void *)rows->sums; /* which need no room here */
        work->multipliers = rows->m;
        work->biases = rows->b;
        work->out = (uint8_t *)rows->t;
        work->end = end;
        work->shift = (int32_t)rows->lift;
        work->stream = core->stream * packed;
        work->weights = rows->weights;
        work->x = x + head;
        work->head = head;
        work->blocks = columns / KWS_MVE_LANES;
        work->first = (int32_t)first;
        work->filled = 1;
        core->eights(work);
    }
    if (rows->rows % KWS_MVE_EIGHT != 0) {
        rest(core, rows, end, first);
        return kws_gate_next(rows, kws_gate_rows_bytes(core, rows->rows, columns));
    }
    return end;
}

_Static_assert(sizeof(kws_mve_one) <= 4 * KWS_GATE_ROWS, "it takes the room of sums");

const kws_gate_core kws_gates_w8 = {8, 2, kws_mve_gates_w8},
                    kws_gates_w4 = {4, 1, kws_mve_gates_w4},
                    kws_gates_w3 = {3, 3, kws_mve_gates_w3},
                    kws_gates_w2 = {2, 1, kws_mve_gates_w2};

#endif
