/* SPDX-License-Identifier: Apache-2.0
 *
 * SPEC.md, section 4.3.
 */
#include "pack.h"

/* An output beyond the last one has weights of 0. */
static int32_t at(const matrix *m, uint32_t o, uint32_t k)
{
    return o < m->outputs ? matrix_at(m, o, k) : 0;
}

/* Appends an entry to a run that has so many, in front of which *count stands; returns the end. */
static uint8_t *put_entry(uint8_t *to, uint8_t **count, uint32_t bits, uint32_t gap, int32_t w)
{
    if (**count == 255) {
        *count = to++;
        **count = 0;
    }
    ++**count;
    if (bits == 8) {
        *to++ = (uint8_t)gap;
        *to++ = (uint8_t)w;
    } else {
        *to++ = (uint8_t)(gap << bits | ((uint32_t)w & ((1u << bits) - 1u)));
    }
    return to;
}

uint32_t pack_gaps(const matrix *m, uint8_t *bytes)
{
    const uint32_t most = m->bits == 8 ? 255 : 255u >> m->bits;
    uint8_t       *to = bytes;
    for (uint32_t o = 0; o < m->outputs; o++) {
        uint8_t *count = to++;
        uint32_t gap = 0;
        *count = 0;
        for (uint32_t k = 0; k < m->taps; k++, gap++) {
            if (matrix_at(m, o, k) == 0) {
                continue;
            }
            for (; gap > most; gap -= most + 1) {
                to = put_entry(to, &count, m->bits, most, 0);
            }
            to = put_entry(to, &count, m->bits, gap, matrix_at(m, o, k));
            gap = (uint32_t)-1;
        }
        if (*count == 255) {
            *to++ = 0;
        }
    }
    return (uint32_t)(to - bytes);
}

static bool is_kept(const matrix *m, uint32_t o, uint32_t k)
{
    return at(m, o, k) != 0 || at(m, o + 1, k) != 0 || at(m, o + 2, k) != 0 || at(m, o + 3, k) != 0;
}

/* So many bits of the values of four outputs, from bit `from` on, as the parts say. */
static void put_fields(bit_stream *s, const matrix *m, uint32_t o, uint32_t outputs, uint32_t k,
                       uint32_t from, uint32_t bits)
{
    for (uint32_t i = o; i < o + outputs; i++) {
        const uint32_t v = (uint32_t)(at(m, i, k) + (1 << (m->bits - 1)));
        bit_stream_put(s, v >> from & ((1u << bits) - 1u), bits);
    }
}

uint32_t pack_blocks(const matrix *m, uint8_t *bytes)
{
    /* parts: outputs that share one, and which of their bits it has */
    const uint32_t outputs = m->bits == 8 ? 1 : m->bits == 4 ? 2 : 4;
    const uint32_t bits = m->bits == 3 ? 2 : m->bits;
    bit_stream     s = {bytes, 0};
    for (uint32_t o = 0; o < m->outputs; o += 4) {
        for (uint32_t first = 0; first < m->taps; first += 255) {
            const uint32_t end = first + 255 < m->taps ? first + 255 : m->taps;
            uint32_t       count = 0;
            for (uint32_t k = first; k < end; k++) {
                count += is_kept(m, o, k);
            }
            bit_stream_put(&s, count, 8);
            for (uint32_t k = first; k < end; k++) {
                bit_stream_put(&s, k - first, is_kept(m, o, k) ? 8 : 0);
            }
            for (uint32_t part = 0; part < 4; part += outputs) {
                for (uint32_t k = first; k < end; k++) {
                    if (is_kept(m, o, k)) {
                        put_fields(&s, m, o + part, outputs, k, 0, bits);
                    }
                }
            }
            for (uint32_t k = first; k < end && m->bits == 3; k++) {
                if (is_kept(m, o, k)) {
                    put_fields(&s, m, o, 4, k, 2, 1);
                }
            }
            s.bits = (s.bits + 7) & ~7u;
        }
    }
    return s.bits / 8;
}
