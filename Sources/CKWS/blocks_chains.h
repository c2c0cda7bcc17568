/* SPDX-License-Identifier: Apache-2.0
 *
 * blocks_chains.h - BLOCKS without cutting values that share a byte apart: with the byte p = a + 16
 * b the sums of x p and of x (p >> 4) are A + 16 B and B. All sums are modulo 2^32, so that A is
 * exact, as is an accumulator: |acc| <= 65535 * 255 * 128 < 2^31, no column comes twice.
 */
#ifndef KWS_BLOCKS_CHAINS_H
#define KWS_BLOCKS_CHAINS_H

#include "blocks.h"

/* Sums for four outputs over all windows. */
typedef struct kws_chains {
    uint32_t
        of[4]; /* x times what is left of a byte when its fields below that output's have gone */
    uint32_t high[4]; /* the same of nibbles, at 3 bits */
    uint32_t all;     /* x */
} kws_chains;

/* Adds the blocks of a window: count indices and the values behind them; x is that of the window's
 * first column. */
typedef void kws_chains_window(kws_chains *sums, const uint8_t *x, const uint8_t *indices,
                               uint32_t count);

/* The accumulator of output i. */
KWS_INLINED int32_t kws_chains_acc(const kws_chains *sums, uint32_t i, uint32_t bits)
{
    const uint32_t fields = bits == 8 ? 1 : bits == 4 ? 2 : 4, field = bits == 3 ? 2 : bits;
    uint32_t       sum = sums->of[i];
    if ((i + 1) % fields != 0) {
        sum -= sums->of[i + 1] << field;
    }
    if (bits == 3) {
        sum += (sums->high[i] - (i < 3 ? sums->high[i + 1] << 1 : 0)) << 2;
    }
    sum -= sums->all << (bits - 1);
    KWS_KEEP_LOOP(sum); /* or clang makes vectors of four sums, and moves their lanes as floats */
    return (int32_t)sum;
}

KWS_INLINED void kws_chains_run(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y,
                                uint32_t bits, kws_chains_window *add)
{
    kws_blocks_outputs outputs = kws_blocks_begin(call, y);
    const uint8_t     *w = kws_weights(call), *end = x + taps;
    int32_t            acc[4];
    do {
        kws_chains sums = {{0}, {0}, 0};
        for (const uint8_t *first = x; first < end; first += KWS_BLOCKS_WINDOW) {
            const uint32_t count = *w++;
            add(&sums, first, w, count);
            w += count + kws_blocks_values(count, bits);
        }
        for (uint32_t i = 0; i < 4; i++) {
            acc[i] = kws_chains_acc(&sums, i, bits);
        }
    } while (kws_blocks_finish(&outputs, acc));
}

/* The functions of sparse.h by way of window_w<bits>(). */
#define KWS_CHAINS_WIDTH(bits)                                                                     \
    void kws_blocks_w##bits(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y)     \
    {                                                                                              \
        kws_chains_run(call, x, taps, y, bits, window_w##bits);                                    \
    }

#define KWS_CHAINS_WIDTHS                                                                          \
    KWS_CHAINS_WIDTH(8)                                                                            \
    KWS_CHAINS_WIDTH(4)                                                                            \
    KWS_CHAINS_WIDTH(3)                                                                            \
    KWS_CHAINS_WIDTH(2)

#endif
