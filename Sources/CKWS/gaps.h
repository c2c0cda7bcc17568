/* SPDX-License-Identifier: Apache-2.0
 *
 * gaps.h - the walk through a table of GAPS, for pixels and for rows of gates, round what a variant
 * does with one output.
 */
#ifndef KWS_GAPS_H
#define KWS_GAPS_H

#include "gate_rows.h"
#include "plain.h"
#include "requant_byte.h"
#include "sparse.h"

#define KWS_INLINED __attribute__((always_inline)) static inline

/* Bytes of an entry. */
#define KWS_GAPS_ENTRY(bits) ((bits) == 8 ? 2u : 1u)

/* One output: adds the products of its runs at w with x to acc; returns the end of the runs. The
 * check has seen that x stays inside. |acc| <= 65535 * 255 * 128 < 2^31. */
typedef const uint8_t *kws_gaps_output(int32_t *acc, const uint8_t *x, const uint8_t *w,
                                       uint32_t bits);

KWS_INLINED void kws_gaps_run(const kws_call *call, const uint8_t *x, uint8_t *y, uint32_t bits,
                              kws_gaps_output *output)
{
    const uint32_t outputs = call->output->channels, shift = call->layer->shift;
    const bool     bytes = call->output->bits == 8;
    const uint8_t *w = kws_weights(call);
    const int16_t *m = kws_multipliers(call);
    const int32_t *b = kws_biases(call);
    for (uint32_t o = 0; o < outputs; o++) {
        int32_t acc = 0;
        w = output(&acc, x, w, bits);
        if (bytes) {
            y[o] = (uint8_t)kws_requant_byte(acc, m[o], b[o], shift);
        } else {
            kws_finish(call, acc, o, y);
        }
    }
}

/* multiply() of gate_rows.h. */
KWS_INLINED const uint8_t *kws_gaps_rows(const kws_gate_rows *rows, uint32_t bits,
                                         kws_gaps_output *output)
{
    const uint8_t *x = rows->vector, *w = rows->weights;
    const int16_t *m = rows->m;
    const int32_t *b = rows->b;
    const uint32_t lift = rows->lift;
    for (int32_t *t = rows->t, *end = t + rows->rows; t < end; t++) {
        int32_t acc = 0;
        w = output(&acc, x, w, bits);
        *t = kws_add_mulq(*b++, (int32_t)((uint32_t)acc << lift), *m++);
    }
    return w;
}

/* vector_bytes() of gate_rows.h: just the elements. */
static inline uint32_t kws_gaps_vector_bytes(const kws_gate_width *width, uint32_t columns)
{
    (void)width;
    return kws_round4(columns);
}

#define KWS_GAPS_WIDTH(bits)                                                                       \
    void kws_gaps_w##bits(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y)       \
    {                                                                                              \
        (void)taps;                                                                                \
        kws_gaps_run(call, x, y, bits, output);                                                    \
    }                                                                                              \
    static const uint8_t *rows_w##bits(const kws_gate_width *width, const kws_gate_rows *rows)     \
    {                                                                                              \
        (void)width;                                                                               \
        return kws_gaps_rows(rows, bits, output);                                                  \
    }                                                                                              \
    const kws_gate_core kws_gaps_gates_w##bits = {.vector_bytes = kws_gaps_vector_bytes,           \
                                                  .multiply = rows_w##bits};

/* The functions of sparse.h, and the cores of gate_rows.h, by way of output(). */
#define KWS_GAPS_WIDTHS                                                                            \
    KWS_GAPS_WIDTH(8)                                                                              \
    KWS_GAPS_WIDTH(4)                                                                              \
    KWS_GAPS_WIDTH(3)                                                                              \
    KWS_GAPS_WIDTH(2)

#endif
