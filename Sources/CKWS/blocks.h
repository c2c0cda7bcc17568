/* SPDX-License-Identifier: Apache-2.0
 *
 * blocks.h - the walk through a table of BLOCKS, round what a variant does with one window.
 */
#ifndef KWS_BLOCKS_H
#define KWS_BLOCKS_H

#include "plain.h"
#include "requant_byte.h"
#include "sparse.h"

#define KWS_INLINED __attribute__((always_inline)) static inline

/* Where a pixel's outputs go, four at a time. */
typedef struct kws_blocks_outputs {
    const kws_call *call;
    const int16_t  *m;
    const int32_t  *b;
    uint8_t        *y;
    uint32_t        next, count, whole; /* fours before output `whole` are four bytes */
    uint32_t        shift;
} kws_blocks_outputs;

KWS_INLINED kws_blocks_outputs kws_blocks_begin(const kws_call *call, uint8_t *y)
{
    const kws_tensor *out = call->output;
    return (kws_blocks_outputs){.call = call,
                                .m = kws_multipliers(call),
                                .b = kws_biases(call),
                                .y = y,
                                .count = out->channels,
                                .whole = out->bits == 8 ? out->channels & ~3u : 0,
                                .shift = call->layer->shift};
}

/* Requantises the next four outputs; are there more? */
KWS_INLINED bool kws_blocks_finish(kws_blocks_outputs *to, const int32_t acc[4])
{
    if (to->next < to->whole) {
        uint8_t *y = to->y + to->next;
        for (uint32_t i = 0; i < 4; i++) {
            y[i] = (uint8_t)kws_requant_byte(acc[i], to->m[i], to->b[i], to->shift);
        }
        to->m += 4;
        to->b += 4;
    } else {
        for (uint32_t i = 0; i < 4 && to->next + i < to->count; i++) {
            kws_finish(to->call, acc[i], to->next + i, to->y);
        }
    }
    to->next += 4;
    return to->next < to->count;
}

/* Adds the blocks of a window to the accumulators of its four outputs: count indices and the values
 * behind them; x is that of the window's first column. */
typedef void kws_blocks_window(int32_t acc[4], const uint8_t *x, const uint8_t *indices,
                               uint32_t count);

/* All windows of four outputs; returns the end of their table. |acc| <= 65535 * 255 * 128 < 2^31:
 * no column comes twice. */
KWS_INLINED const uint8_t *kws_blocks_four_outputs(int32_t acc[4], const uint8_t *w,
                                                   const uint8_t *x, const uint8_t *end,
                                                   uint32_t bits, kws_blocks_window *add)
{
    int32_t zero = 0;
    KWS_KEEP_LOOP(zero); /* or gcc clears by floating-point registers, where there are some */
    for (uint32_t i = 0; i < 4; i++) {
        acc[i] = zero;
    }
    for (; x < end; x += KWS_BLOCKS_WINDOW) {
        const uint32_t count = *w++;
        add(acc, x, w, count);
        w += count + kws_blocks_values(count, bits);
    }
    return w;
}

KWS_INLINED void kws_blocks_run(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y,
                                uint32_t bits, kws_blocks_window *add)
{
    kws_blocks_outputs outputs = kws_blocks_begin(call, y);
    const uint8_t     *w = kws_weights(call);
    int32_t            acc[4];
    do {
        w = kws_blocks_four_outputs(acc, w, x, x + taps, bits, add);
    } while (kws_blocks_finish(&outputs, acc));
}

/* The functions of sparse.h by way of window_w<bits>(). */
#define KWS_BLOCKS_WIDTH(bits)                                                                     \
    void kws_blocks_w##bits(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y)     \
    {                                                                                              \
        kws_blocks_run(call, x, taps, y, bits, window_w##bits);                                    \
    }

#define KWS_BLOCKS_WIDTHS                                                                          \
    KWS_BLOCKS_WIDTH(8)                                                                            \
    KWS_BLOCKS_WIDTH(4)                                                                            \
    KWS_BLOCKS_WIDTH(3)                                                                            \
    KWS_BLOCKS_WIDTH(2)

#endif
