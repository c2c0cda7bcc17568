/* SPDX-License-Identifier: Apache-2.0 */
#include "gate_rows.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE

struct kws_gate_width {
    uint32_t bits;
};

static uint32_t rows_bytes(const kws_gate_width *width, uint32_t rows, uint32_t columns)
{
    return kws_weights_bytes(kws_times(rows, columns), width->bits);
}

static uint32_t vector_bytes(const kws_gate_width *width, uint32_t columns)
{
    (void)width;
    return kws_round4(columns);
}

static const uint8_t *multiply(const kws_gate_width *width, const kws_gate_rows *rows)
{
    const uint8_t *x = rows->vector;
    for (uint32_t i = 0, k = 0; i < rows->rows; i++) {
        int32_t acc = 0;
        for (uint32_t c = 0; c < rows->columns; c++, k++) {
            acc = kws_mac(acc, x[c], kws_weight(rows->weights, width->bits, k));
        }
        rows->sums[i] = acc;
    }
    kws_gate_rescale(rows);
    return kws_gate_next(rows, rows_bytes(width, rows->rows, rows->columns));
}

#define prepare NULL /* a vector is its elements */
KWS_GATE_CORE(8, 8)
KWS_GATE_CORE(4, 4)
KWS_GATE_CORE(3, 3)
KWS_GATE_CORE(2, 2)

#endif
