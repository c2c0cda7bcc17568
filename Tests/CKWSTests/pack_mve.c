/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"

/* v of a weight, 0 beyond the outputs. */
static uint32_t v_of(const matrix *m, uint32_t o, uint32_t k, bool offset)
{
    const int32_t middle = offset ? 1 << (m->bits - 1) : 0;
    return o < m->outputs ? (uint32_t)(matrix_at(m, o, k) + middle) & ((1u << m->bits) - 1u) : 0;
}

/* The bits of byte `which` of a lane in which eight outputs of 3 bits share three bytes: pairs of
 * output * 3 + bit, the highest first, as SPEC.md draws them. */
static uint32_t byte_of_three(const uint32_t v[8], uint32_t which)
{
    static const uint8_t places[3][8] = {
        {23, 22, 5, 4, 3, 2, 1, 0}, {11, 10, 9, 8, 7, 6, 19, 18}, {21, 20, 17, 16, 15, 14, 13, 12}};
    uint32_t byte = 0;
    for (uint32_t i = 0; i < 8; i++) {
        const uint32_t place = places[which][i];
        byte = byte << 1 | (v[place / 3] >> place % 3 & 1u);
    }
    return byte;
}

static uint32_t pack_product(const matrix *m, uint8_t *bytes)
{
    const bool     filled = m->layer->kernel >> 4 == KWS_KERNEL_DENSE_W8 >> 4;
    const uint32_t sharing = m->bits == 3 ? 8 : m->bits == 2 ? 4 : 2;
    const uint32_t whole = m->outputs & ~7u;
    uint8_t       *to = bytes;
    for (uint32_t o = 0; o < whole; o += sharing) {
        for (uint32_t k = 0; k < m->taps;) {
            const uint32_t head = k == 0 ? m->taps % 16 : 0;
            const uint32_t count = head != 0 ? head : 16;
            const uint32_t zeros = filled ? 16 - count : 0, lanes = zeros + count;
            const uint32_t vectors = m->bits == 8 ? 2 : m->bits == 3 ? 3 : 1;
            for (uint32_t l = zeros; l < lanes; l++) {
                uint32_t v[8] = {0};
                for (uint32_t i = 0; i < sharing; i++) {
                    v[i] = v_of(m, o + i, k + l - zeros, true);
                }
                for (uint32_t i = 0; i < vectors; i++) {
                    to[i * lanes + l] =
                        (uint8_t)(m->bits == 8   ? v[i]
                                  : m->bits == 4 ? v[0] | v[1] << 4
                                  : m->bits == 3 ? byte_of_three(v, i)
                                                 : v[0] | v[1] << 2 | v[2] << 4 | v[3] << 6);
                }
            }
            to += vectors * lanes;
            k += count;
        }
    }
    bit_stream rest = {to, 0};
    for (uint32_t o = whole; o < m->outputs; o++) {
        for (uint32_t k = 0; k < m->taps; k++) {
            bit_stream_put(&rest, v_of(m, o, k, true), m->bits);
        }
    }
    return (uint32_t)(to - bytes) + (rest.bits + 7) / 8;
}

static uint32_t pack_depthwise(const matrix *m, uint8_t *bytes)
{
    const uint32_t fields = m->bits == 8 ? 1 : m->bits == 2 ? 4 : 2;
    uint32_t       n = 0, lanes;
    for (uint32_t first = 0; first < m->outputs; first += fields * lanes) {
        lanes = (m->outputs - first + fields - 1) / fields;
        lanes = lanes < 16 ? lanes : 16;
        for (uint32_t k = 0; k < m->taps; k++) {
            for (uint32_t l = 0; l < lanes; l++, n++) {
                for (uint32_t i = 0; i < fields; i++) {
                    const uint32_t v = v_of(m, first + i * lanes + l, k, m->bits != 8);
                    bytes[n] |= (uint8_t)(v << i * (8 / fields));
                }
            }
        }
    }
    return n;
}

uint32_t pack_mve(const matrix *m, uint8_t *bytes)
{
    const bool depthwise = m->layer->kernel >> 4 == KWS_KERNEL_DWCONV_W8 >> 4;
    return depthwise ? pack_depthwise(m, bytes) : pack_product(m, bytes);
}
