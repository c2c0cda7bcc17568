/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"

/* Weight k of output o, 0 behind the last ones. */
static uint32_t stored(const matrix *m, uint32_t o, uint32_t k)
{
    const uint32_t half = 1u << (m->bits - 1);
    return o < m->outputs && k < m->taps ? ((uint32_t)matrix_at(m, o, k) + half) & (2u * half - 1)
                                         : 0;
}

/* A word of four outputs: byte i from its lowest bit on the taps k .. k+count-1 of output o + i,
 * and the bits of spare[i] above them. */
static void put_word(bit_stream *s, const matrix *m, uint32_t o, uint32_t k, uint32_t count,
                     const uint32_t *spare)
{
    for (uint32_t i = 0; i < 4; i++) {
        for (uint32_t t = 0; t < count; t++) {
            bit_stream_put(s, stored(m, o + i, k + t), m->bits);
        }
        if (spare != NULL) {
            bit_stream_put(s, spare[i], 8 - count * m->bits);
        }
    }
}

/* Eight taps of 3 bits: the last two go where the others leave two bits a byte. */
static void put_three_words(bit_stream *s, const matrix *m, uint32_t o, uint32_t k)
{
    for (uint32_t word = 0; word < 3; word++) {
        uint32_t spare[4];
        for (uint32_t i = 0; i < 4; i++) {
            spare[i] = (stored(m, o + i, k + 6) | stored(m, o + i, k + 7) << 3) >> 2 * word & 3u;
        }
        put_word(s, m, o, k + 2 * word, 2, spare);
    }
}

uint32_t pack_v7m(const matrix *m, uint8_t *bytes)
{
    bit_stream     s = {bytes, 0};
    const uint32_t block = m->bits == 8 ? 4 : 8, each = 8 / m->bits;
    if (m->layer->kernel >> 4 == KWS_KERNEL_DWCONV_W8 >> 4) {
        for (uint32_t i = 0; i < m->outputs * m->taps; i++) {
            bit_stream_put(&s, (uint32_t)m->w[i], m->bits);
        }
        return (s.bits + 7) / 8;
    }
    for (uint32_t o = 0; o < m->outputs; o += 4) {
        for (uint32_t k = 0; k < m->taps; k += block) {
            if (m->bits == 3) {
                put_three_words(&s, m, o, k);
                continue;
            }
            for (uint32_t t = 0; t < block; t += each) {
                put_word(&s, m, o, k + t, each, NULL);
            }
        }
    }
    return (s.bits + 7) / 8;
}
