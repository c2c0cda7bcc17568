/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"
#include "variant.h"

void bit_stream_put(bit_stream *s, uint32_t value, uint32_t bits)
{
    for (uint32_t i = 0; i < bits; i++, s->bits++) {
        s->bytes[s->bits / 8] |= (uint8_t)((value >> i & 1u) << s->bits % 8);
    }
}

#if KWS_VARIANT == KWS_PACK_PORTABLE
#define PACK pack_portable
#elif KWS_VARIANT == KWS_PACK_V6M
#define PACK pack_v6m
#elif KWS_VARIANT == KWS_PACK_V7M
#define PACK pack_v7m
#elif KWS_VARIANT == KWS_PACK_DSP
#define PACK pack_dsp
#elif KWS_VARIANT == KWS_PACK_MVE
#define PACK pack_mve
#endif

/* Rows of a matrix of a recurrent layer, as a dense layer has them, packed and filled up to whole
 * words, or sparse. */
static uint32_t pack_rows(const matrix *m, const int8_t *w, uint32_t rows, uint32_t columns,
                          uint8_t *bytes)
{
    kws_layer dense = *m->layer;
    dense.kernel = (uint16_t)(KWS_KERNEL_DENSE_W8 / 16 * 16 + m->bits);
    const matrix part = {.layer = &dense,
                         .in = m->in,
                         .out = m->out,
                         .outputs = rows,
                         .taps = columns,
                         .bits = m->bits,
                         .w = w};
    if (m->layer->kernel >= KWS_KERNEL_LSTM_GAPS_W2) {
        return pack_gaps(&part, bytes);
    }
    return (PACK(&part, bytes) + 3) / 4 * 4;
}

/* LSTM and GRU: section 4.4. A gate of an LSTM here is all four of them. */
typedef struct recurrent {
    const matrix *m;
    uint32_t      gates, rows, inputs, outputs; /* rows of a gate */
} recurrent;

/* 32 rows of some gates, the first ones first. */
static uint8_t *pack_gates(const recurrent *r, uint32_t first, const uint32_t *gates,
                           uint32_t count, uint8_t *to)
{
    const int8_t *v = r->m->w + r->gates * r->rows * r->inputs;
    for (uint32_t row = 0, rows; row < r->rows; row += rows) {
        rows = r->rows - row < 32 ? r->rows - row : 32;
        for (uint32_t i = first; i < first + count; i++) {
            const uint32_t at = gates[i] * r->rows + row;
            to += pack_rows(r->m, r->m->w + at * r->inputs, rows, r->inputs, to);
            to += pack_rows(r->m, v + at * r->outputs, rows, r->outputs, to);
        }
    }
    return to;
}

static uint32_t pack_lstm(const matrix *m, uint8_t *bytes)
{
    const uint32_t  units = m->layer->kernel_height, gates[] = {0};
    const recurrent r = {m, 1, 4 * units, m->in->width * m->in->channels, m->out->channels};
    const int8_t   *p = m->w + r.rows * (r.inputs + r.outputs);
    uint8_t        *to = pack_gates(&r, 0, gates, 1, bytes);
    const bool      projects = (m->layer->kernel_width & KWS_RECURRENT_PROJECTION) != 0;
    for (uint32_t row = 0, rows; projects && row < r.outputs; row += rows) {
        rows = r.outputs - row < 32 ? r.outputs - row : 32;
        to += pack_rows(m, p + row * units, rows, units, to);
    }
    return (uint32_t)(to - bytes);
}

static uint32_t pack_gru(const matrix *m, uint8_t *bytes)
{
    static const uint32_t gates[] = {1, 2, 0}; /* r, n, z */
    const bool            after = (m->layer->kernel_width & KWS_RECURRENT_RESET_AFTER) != 0;
    const recurrent       r = {m, 3, m->layer->kernel_height, m->in->width * m->in->channels,
                               m->out->channels};
    uint8_t              *to = bytes;
    if (after) {
        to = pack_gates(&r, 0, gates, 3, to);
    } else {
        to = pack_gates(&r, 0, gates, 1, to);
        to = pack_gates(&r, 1, gates, 2, to);
    }
    return (uint32_t)(to - bytes);
}

uint32_t pack(const matrix *m, uint8_t *bytes)
{
    switch (m->layer->kernel >> 4) {
    case KWS_KERNEL_DENSE_GAPS_W8 >> 4:
    case KWS_KERNEL_POINTWISE_GAPS_W8 >> 4:
        return pack_gaps(m, bytes);
    case KWS_KERNEL_DENSE_BLOCKS_W8 >> 4:
    case KWS_KERNEL_POINTWISE_BLOCKS_W8 >> 4:
        return pack_blocks(m, bytes);
    case KWS_KERNEL_LSTM_W8 >> 4:
    case KWS_KERNEL_LSTM_GAPS_W8 >> 4:
        return pack_lstm(m, bytes);
    case KWS_KERNEL_GRU_W8 >> 4:
    case KWS_KERNEL_GRU_GAPS_W8 >> 4:
        return pack_gru(m, bytes);
    default:
        return PACK(m, bytes);
    }
}
