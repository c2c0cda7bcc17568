/* SPDX-License-Identifier: Apache-2.0 */
#include "gate_rows.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

struct kws_gate_core {
    uint32_t bits;
};

uint32_t kws_gate_rows_bytes(const kws_gate_core *core, uint32_t rows, uint32_t columns)
{
    return kws_weights_bytes(kws_times(rows, columns), core->bits);
}

uint32_t kws_gate_vector_bytes(const kws_gate_core *core, uint32_t columns)
{
    (void)core;
    return kws_round4(columns);
}

void kws_gate_vector(const kws_gate_core *core, void *vector, uint32_t columns)
{
    (void)core;
    (void)vector;
    (void)columns;
}

const uint8_t *kws_gate_multiply(const kws_gate_core *core, const kws_gate_rows *rows)
{
    const uint8_t *x = rows->vector;
    for (uint32_t i = 0, k = 0; i < rows->rows; i++) {
        int32_t acc = 0;
        for (uint32_t c = 0; c < rows->columns; c++, k++) {
            acc = kws_mac(acc, x[c], kws_weight(rows->weights, core->bits, k));
        }
        rows->sums[i] = acc;
    }
    kws_gate_rescale(rows);
    return kws_gate_next(rows, kws_gate_rows_bytes(core, rows->rows, rows->columns));
}

const kws_gate_core kws_gates_w8 = {8}, kws_gates_w4 = {4}, kws_gates_w3 = {3}, kws_gates_w2 = {2};

#endif
