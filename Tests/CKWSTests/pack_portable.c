/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"

uint32_t pack_portable(const matrix *m, uint8_t *bytes)
{
    bit_stream     s = {bytes, 0};
    const uint32_t offset = m->bits == 8 ? 0 : 1u << (m->bits - 1);
    for (uint32_t o = 0; o < m->outputs; o++) {
        for (uint32_t k = 0; k < m->taps; k++) {
            bit_stream_put(&s, (uint32_t)matrix_at(m, o, k) + offset, m->bits);
        }
    }
    return (s.bits + 7) / 8;
}
