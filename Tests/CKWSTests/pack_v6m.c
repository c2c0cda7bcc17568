/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"

/* v of weight (o, k); of 0 for the taps that fill up. */
static uint32_t stored(const matrix *m, uint32_t o, uint32_t k)
{
    return (uint32_t)((k < m->taps ? matrix_at(m, o, k) : 0) + (1 << (m->bits - 1)));
}

/* One output by itself, in whole bytes. */
static void put_row(bit_stream *s, const matrix *m, uint32_t o)
{
    for (uint32_t k = 0; k < m->taps; k++) {
        bit_stream_put(s, stored(m, o, k), m->bits);
    }
    while (s->bits % 8 != 0) {
        bit_stream_put(s, 0, 1);
    }
}

/* Two outputs, l and l + 4 of eight, in a number. */
static uint32_t pair(const matrix *m, uint32_t o, uint32_t l, uint32_t k)
{
    return stored(m, o + l, k) | stored(m, o + 4 + l, k) << m->bits;
}

/* Four taps of eight outputs at 3 bits: three words hold a tap each in the lower six bits of their
 * bytes; their highest bits are such that (w0 >> 6) + (w1 >> 4) + (w2 >> 2) has the fourth. */
static void put_three(bit_stream *s, const matrix *m, uint32_t o, uint32_t k)
{
    uint32_t w[3] = {0}, y = 0;
    for (uint32_t l = 0; l < 4; l++) {
        for (uint32_t i = 0; i < 3; i++) {
            w[i] |= pair(m, o, l, k + i) << (8 * l);
        }
        y |= pair(m, o, l, k + 3) << (8 * l);
    }
    for (uint32_t l = 0; l < 4; l++) {
        for (uint32_t i = 0; i < 3; i++) {
            const uint32_t sum = (w[0] >> 6) + (w[1] >> 4) + (w[2] >> 2);
            const uint32_t place = 8 * l + 2 * i;
            w[i] |= (((y >> place) - (sum >> place)) & 3u) << (8 * l + 6);
        }
    }
    for (uint32_t i = 0; i < 3; i++) {
        bit_stream_put(s, w[i], 32);
    }
}

/* Eight outputs. */
static void put_eight(bit_stream *s, const matrix *m, uint32_t o)
{
    for (uint32_t k = 0; k < m->taps; k += m->bits == 3 ? 4 : m->bits == 2 ? 2 : 1) {
        if (m->bits == 3) {
            put_three(s, m, o, k);
        } else if (m->bits == 8) {
            for (uint32_t j = 0; j < 8; j++) {
                bit_stream_put(s, stored(m, o + j, k), 8);
            }
        } else {
            for (uint32_t l = 0; l < 4; l++) {
                bit_stream_put(s, pair(m, o, l, k), 2 * m->bits);
                if (m->bits == 2) {
                    bit_stream_put(s, pair(m, o, l, k + 1), 4);
                }
            }
        }
    }
}

uint32_t pack_v6m(const matrix *m, uint8_t *bytes)
{
    bit_stream s = {bytes, 0};
    uint32_t   o = 0;
    if (m->layer->kernel / 16 == KWS_KERNEL_DWCONV_W8 / 16) {
        if (m->bits >= 4) {
            return pack_portable(m, bytes);
        }
        for (; o < m->outputs; o++) {
            put_row(&s, m, o);
        }
        return s.bits / 8;
    }
    for (; o + 8 <= m->outputs; o += 8) {
        put_eight(&s, m, o);
    }
    if (m->bits == 8 && m->outputs - o >= 4) {
        for (uint32_t k = 0; k < m->taps; k++) {
            for (uint32_t j = 0; j < 4; j++) {
                bit_stream_put(&s, stored(m, o + j, k), 8);
            }
        }
        o += 4;
    }
    for (; o < m->outputs; o++) {
        put_row(&s, m, o);
    }
    return s.bits / 8;
}
