/* SPDX-License-Identifier: Apache-2.0 */
#include "sparse.h"

#include "recurrent.h"

/* A table that is read from its beginning. */
typedef struct reader {
    const uint8_t *next;
    uint32_t       left;
    bool           is_bad; /* something lay behind its end, or not where it should */
} reader;

static uint32_t take(reader *r, uint32_t bytes)
{
    if (bytes > r->left) {
        r->is_bad = true;
        return 0;
    }
    const uint8_t *first = r->next;
    r->next += bytes;
    r->left -= bytes;
    return bytes == 0 ? 0 : *first;
}

/* One output: no entry lies behind its taps. */
static void read_output(reader *r, uint32_t bits, uint32_t taps)
{
    uint32_t end = 0, count;
    do {
        count = take(r, 1);
        for (uint32_t i = 0; i < count && !r->is_bad; i++) {
            const uint32_t first = take(r, 1);
            end += (bits == 8 ? first : first >> bits) + 1;
            take(r, bits == 8 ? 1 : 0);
            r->is_bad = r->is_bad || end > taps;
        }
    } while (count == KWS_RUN_MAX && !r->is_bad);
}

static void read_outputs(reader *r, uint32_t bits, uint32_t taps, uint32_t outputs)
{
    for (uint32_t o = 0; o < outputs && !r->is_bad; o++) {
        read_output(r, bits, taps);
    }
}

/* see sparse.h */
bool kws_gaps_fit(const uint8_t *weights, const kws_layer *layer, uint32_t taps, uint32_t outputs)
{
    reader r = {weights, layer->weights_bytes, false};
    read_outputs(&r, kws_weight_bits(layer), taps, outputs);
    return !r.is_bad && r.left == 0;
}

/* Rows of gates: so many of W and as many of V, of so many gates, before the next ones. */
static void read_gates(reader *r, const kws_layer *layer, uint32_t rows, uint32_t gates,
                       uint32_t inputs, uint32_t outputs)
{
    const uint32_t bits = kws_weight_bits(layer);
    for (uint32_t left = rows, count; left > 0 && !r->is_bad; left -= count) {
        count = left < KWS_GATE_ROWS ? left : KWS_GATE_ROWS;
        for (uint32_t gate = 0; gate < gates; gate++) {
            read_outputs(r, bits, inputs, count);
            read_outputs(r, bits, outputs, count);
        }
    }
}

/* see sparse.h */
bool kws_recurrent_gaps_fit(const uint8_t *weights, const kws_layer *layer, uint32_t taps,
                            uint32_t outputs)
{
    const uint32_t units = kws_units(layer);
    reader         r = {weights, layer->weights_bytes, false};
    if (layer->kernel >> 4 == KWS_KERNEL_LSTM_GAPS_W8 >> 4) {
        read_gates(&r, layer, 4 * units, 1, taps, outputs);
        if (kws_has(layer, KWS_RECURRENT_PROJECTION)) {
            read_outputs(&r, kws_weight_bits(layer), units, outputs);
        }
    } else if (kws_has(layer, KWS_RECURRENT_RESET_AFTER)) {
        read_gates(&r, layer, units, 3, taps, outputs);
    } else {
        read_gates(&r, layer, units, 1, taps, outputs);
        read_gates(&r, layer, units, 2, taps, outputs);
    }
    return !r.is_bad && r.left == 0;
}

/* One window of so many taps: indices ascend. */
static void read_window(reader *r, uint32_t bits, uint32_t taps)
{
    const uint32_t count = take(r, 1);
    uint32_t       least = 0;
    for (uint32_t i = 0; i < count && !r->is_bad; i++) {
        const uint32_t k = take(r, 1);
        r->is_bad = r->is_bad || k < least || k >= taps;
        least = k + 1;
    }
    take(r, kws_blocks_values(count, bits));
}

/* see sparse.h */
bool kws_blocks_fit(const uint8_t *weights, const kws_layer *layer, uint32_t taps, uint32_t outputs)
{
    reader r = {weights, layer->weights_bytes, false};
    for (uint32_t o = 0; o < outputs && !r.is_bad; o += 4) {
        for (uint32_t k = 0; k < taps && !r.is_bad; k += KWS_BLOCKS_WINDOW) {
            const uint32_t left = taps - k;
            read_window(&r, kws_weight_bits(layer),
                        left < KWS_BLOCKS_WINDOW ? left : KWS_BLOCKS_WINDOW);
        }
    }
    return !r.is_bad && r.left == 0;
}
