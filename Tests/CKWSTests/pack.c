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

/* Rows of a matrix of a recurrent layer, as a dense layer has them, filled up to whole words. */
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
    return (PACK(&part, bytes) + 3) / 4 * 4;
}

/* LSTM and GRU: section 4.4. */
static uint32_t pack_recurrent(const matrix *m, uint8_t *bytes)
{
    const bool     lstm = m->layer->kernel >> 4 == KWS_KERNEL_LSTM_W8 >> 4;
    const uint32_t units = m->layer->kernel_height, inputs = m->in->width * m->in->channels;
    const uint32_t outputs = m->out->channels, parts = lstm ? 1 : 3;
    const uint32_t part = lstm ? 4 * units : units;
    const int8_t  *w = m->w, *v = w + parts * part * inputs;
    uint8_t       *to = bytes;
    for (uint32_t p = 0; p < parts; p++) {
        for (uint32_t row = 0, rows; row < part; row += rows) {
            rows = part - row < 32 ? part - row : 32;
            to += pack_rows(m, w, rows, inputs, to);
            to += pack_rows(m, v, rows, outputs, to);
            w += rows * inputs;
            v += rows * outputs;
        }
    }
    const bool projects = lstm && (m->layer->kernel_width & KWS_RECURRENT_PROJECTION) != 0;
    for (uint32_t row = 0, rows; projects && row < outputs; row += rows) {
        rows = outputs - row < 32 ? outputs - row : 32;
        to += pack_rows(m, v + row * units, rows, units, to);
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
    case KWS_KERNEL_GRU_W8 >> 4:
        return pack_recurrent(m, bytes);
    default:
        return PACK(m, bytes);
    }
}
