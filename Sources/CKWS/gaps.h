/* SPDX-License-Identifier: Apache-2.0
 *
 * gaps.h - the walk through a table of GAPS, round what a variant does with one entry.
 */
#ifndef KWS_GAPS_H
#define KWS_GAPS_H

#include "plain.h"
#include "requant_byte.h"
#include "sparse.h"

#define KWS_INLINED __attribute__((always_inline)) static inline

/* Bytes of an entry. */
#define KWS_GAPS_ENTRY(bits) ((bits) == 8 ? 2u : 1u)

/* Entry i of a step at w: moves x, which is i columns behind the one after the entry before it, by
 * the gap and adds x times the weight to acc; returns the new x. */
typedef const uint8_t *kws_gaps_add(int32_t *acc, const uint8_t *x, const uint8_t *w, uint32_t i,
                                    uint32_t bits);

/* One output; returns the end of its runs. The check has seen that x stays inside. |acc| <= 65535 *
 * 255 * 128 < 2^31. */
KWS_INLINED const uint8_t *kws_gaps_output(int32_t *acc, const uint8_t *x, const uint8_t *w,
                                           uint32_t bits, kws_gaps_add *add)
{
    const uint32_t size = KWS_GAPS_ENTRY(bits);
    uint32_t       count;
    do {
        count = *w++;
        const uint8_t *end = w + count * size;
        if (count & 1u) {
            x = add(acc, x, w, 0, bits) + 1;
            w += size;
        }
        if (count & 2u) {
            x = add(acc, x, w, 0, bits);
            x = add(acc, x, w, 1, bits) + 2;
            w += 2 * size;
        }
        for (; w != end; w += 4 * size, x += 4) {
            x = add(acc, x, w, 0, bits);
            x = add(acc, x, w, 1, bits);
            x = add(acc, x, w, 2, bits);
            x = add(acc, x, w, 3, bits);
        }
    } while (count == KWS_RUN_MAX);
    return w;
}

KWS_INLINED void kws_gaps_run(const kws_call *call, const uint8_t *x, uint8_t *y, uint32_t bits,
                              kws_gaps_add *add)
{
    const uint32_t outputs = call->output->channels, shift = call->layer->shift;
    const bool     bytes = call->output->bits == 8;
    const uint8_t *w = kws_weights(call);
    const int16_t *m = kws_multipliers(call);
    const int32_t *b = kws_biases(call);
    for (uint32_t o = 0; o < outputs; o++) {
        int32_t acc = 0;
        w = kws_gaps_output(&acc, x, w, bits, add);
        if (bytes) {
            y[o] = (uint8_t)kws_requant_byte(acc, m[o], b[o], shift);
        } else {
            kws_finish(call, acc, o, y);
        }
    }
}

#define KWS_GAPS_WIDTH(bits)                                                                       \
    void kws_gaps_w##bits(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y)       \
    {                                                                                              \
        (void)taps;                                                                                \
        kws_gaps_run(call, x, y, bits, add);                                                       \
    }

/* The functions of sparse.h by way of add(). */
#define KWS_GAPS_WIDTHS                                                                            \
    KWS_GAPS_WIDTH(8)                                                                              \
    KWS_GAPS_WIDTH(4)                                                                              \
    KWS_GAPS_WIDTH(3)                                                                              \
    KWS_GAPS_WIDTH(2)

#endif
