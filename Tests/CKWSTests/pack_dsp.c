/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"

/* The weight as it is stored with an offset; 0 outside the matrix. */
static uint32_t stored(const matrix *m, uint32_t o, uint32_t k)
{
    return o < m->outputs && k < m->taps ? (uint32_t)(matrix_at(m, o, k) + (1 << (m->bits - 1)))
                                         : 0;
}

/* Two outputs, from tap k on, four taps: a + 128 and b of taps 0, 2, 1, 3. */
static void pair_of_rows(const matrix *m, bit_stream *s, uint32_t o, uint32_t k, uint32_t end)
{
    static const uint32_t order[4] = {0, 2, 1, 3};
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t tap = k + order[i];
        bit_stream_put(s, tap < end ? stored(m, o, tap) : 0, 8);
        bit_stream_put(s, tap < end && o + 1 < m->outputs ? stored(m, o + 1, tap) ^ 128u : 0, 8);
    }
}

/* Eight taps in the bytes of a word, two a byte. */
static void eight(const matrix *m, bit_stream *s, uint32_t o, uint32_t k, uint32_t end)
{
    static const uint32_t first[4] = {0, 4, 2, 6};
    for (uint32_t i = 0; i < 4; i++) {
        for (uint32_t j = k + first[i]; j < k + first[i] + 2; j++) {
            bit_stream_put(s, j < end ? stored(m, o, j) : 0, 4);
        }
    }
}

/* Number i of the 16 taps in the lower halfwords (half 0) or in the upper ones of 32. */
static uint32_t of_32(const matrix *m, uint32_t o, uint32_t k, uint32_t end, uint32_t i,
                      uint32_t half)
{
    const uint32_t tap = k + i / 2 * 4 + i % 2 + 2 * half;
    return tap < end ? stored(m, o, tap) : 0;
}

static void row_of_3_bits(const matrix *m, bit_stream *s, uint32_t o, uint32_t k, uint32_t end)
{
    for (; k + 32 <= end + 7; k += 32) {
        for (uint32_t word = 0; word < 3; word++) {
            for (uint32_t half = 0; half < 2; half++) {
                for (uint32_t i = 5 * word; i < 5 * word + 5; i++) {
                    bit_stream_put(s, of_32(m, o, k, end, i, half), 3);
                }
                bit_stream_put(s, of_32(m, o, k, end, 15, half) >> word & 1u, 1);
            }
        }
    }
    for (; k < end; k += 8) {
        eight(m, s, o, k, end);
    }
}

static void row_of_2_bits(const matrix *m, bit_stream *s, uint32_t o, uint32_t k, uint32_t end)
{
    static const uint32_t first[4] = {0, 8, 2, 10}, next[4] = {0, 1, 4, 5};
    for (; k < end; k += 16) {
        for (uint32_t i = 0; i < 16; i++) {
            const uint32_t tap = k + first[i / 4] + next[i % 4];
            bit_stream_put(s, tap < end ? stored(m, o, tap) : 0, 2);
        }
    }
}

/* The nibbles of four outputs, d a c b from the lowest one on, for taps k (lower halfword) and k +
 * 2; c is that of the other tap. */
static uint32_t nested(const matrix *m, uint32_t o, uint32_t k, uint32_t end)
{
    static const uint32_t output[4] = {3, 0, 2, 1};
    uint32_t              word = 0;
    for (uint32_t i = 0; i < 8; i++) {
        const uint32_t other = output[i % 4] == 2 ? 1 : 0;
        const uint32_t tap = k + 2 * ((i / 4) ^ other);
        word |= (tap < end ? stored(m, o + output[i % 4], tap) : 0) << (4 * i);
    }
    return word;
}

/* Four outputs of DENSE, eight taps from k on. */
static void four_outputs(const matrix *m, bit_stream *s, uint32_t o, uint32_t k, uint32_t end)
{
    const uint32_t w[4] = {nested(m, o, k, end), nested(m, o, k + 1, end), nested(m, o, k + 4, end),
                           nested(m, o, k + 5, end)};
    for (uint32_t i = 0; i < m->bits; i++) {
        uint32_t word = m->bits == 2 ? w[2 * i] | w[2 * i + 1] << 2 : w[i];
        if (m->bits == 3) { /* a bit of each nibble of the fourth word */
            word |= (w[3] >> i & 0x11111111u) << 3;
        }
        bit_stream_put(s, word & 0xffffu, 16);
        bit_stream_put(s, word >> 16, 16);
    }
}

/* Kernels of nine taps, three rows of three: a halfword for each of rows 0 and 1, its columns and
 * one of row 2; the ninth weight lies behind two such words at 4 bits, else below the others. */
static void kernels_of_9(const matrix *m, bit_stream *s)
{
    const uint32_t field = m->bits == 4 ? 4 : 3, mask = (1u << field) - 1;
    for (uint32_t o = 0; o < m->outputs + (m->bits == 4 ? m->outputs % 2 : 0); o++) {
        for (uint32_t i = 0; i < 2; i++) {
            uint32_t w[9];
            for (uint32_t k = 0; k < 9; k++) {
                w[k] = o < m->outputs ? (uint32_t)matrix_at(m, o, k) & mask : 0;
            }
            if (field == 3) {
                bit_stream_put(s, i == 0 ? w[8] << 1 : 0, 4);
            }
            for (uint32_t j = 0; j < 3; j++) {
                bit_stream_put(s, w[3 * i + j], field);
            }
            bit_stream_put(s, w[6 + i], field);
        }
        if (field == 4 && o % 2 == 1) {
            bit_stream_put(s, (uint32_t)matrix_at(m, o - 1, 8) & mask, 4);
            bit_stream_put(s, o < m->outputs ? (uint32_t)matrix_at(m, o, 8) & mask : 0, 4);
        }
    }
}

/* Kernels of one column: a byte of each of four channels, or of those that are left, a tap. */
static uint32_t tall_kernels(const matrix *m, uint8_t *bytes)
{
    uint8_t *to = bytes;
    for (uint32_t first = 0; first < m->outputs; first += 4) {
        for (uint32_t k = 0; k < m->taps; k++) {
            for (uint32_t o = first; o < first + 4 && o < m->outputs; o++) {
                *to++ = (uint8_t)matrix_at(m, o, k);
            }
        }
    }
    return (uint32_t)(to - bytes);
}

uint32_t pack_dsp(const matrix *m, uint8_t *bytes)
{
    bit_stream s = {bytes, 0};
    if (m->layer->kernel >> 4 == KWS_KERNEL_DWCONV_W8 >> 4) {
        if (m->bits == 8 && m->layer->kernel_width == 1 && m->layer->pad_left == 0) {
            return tall_kernels(m, bytes);
        }
        if (m->bits == 8 || m->taps != 9) {
            return pack_portable(m, bytes);
        }
        kernels_of_9(m, &s);
        return s.bits / 8;
    }
    for (uint32_t k = 0, end; k < m->taps; k = end) {
        end = k + 256 < m->taps ? k + 256 : m->taps;
        const bool     dense = m->layer->kernel >> 4 == KWS_KERNEL_DENSE_W8 >> 4;
        const uint32_t group = m->bits == 8 ? 2 : dense ? 4 : 1;
        for (uint32_t o = 0; o < m->outputs; o += group) {
            if (group == 4) {
                for (uint32_t i = k; i < end; i += 8) {
                    four_outputs(m, &s, o, i, end);
                }
            } else if (m->bits == 8) {
                for (uint32_t i = k; i < k + (end - k + 7) / 8 * 8; i += 4) {
                    pair_of_rows(m, &s, o, i, end);
                }
            } else if (m->bits == 4) {
                for (uint32_t i = k; i < end; i += 8) {
                    eight(m, &s, o, i, end);
                }
            } else if (m->bits == 3) {
                row_of_3_bits(m, &s, o, k, end);
            } else {
                row_of_2_bits(m, &s, o, k, end);
            }
        }
    }
    return s.bits / 8;
}
