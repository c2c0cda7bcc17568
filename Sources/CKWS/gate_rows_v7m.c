/* SPDX-License-Identifier: Apache-2.0
 *
 * A vector: its elements, filled up to whole words; then for every CHUNK of them their sum and
 * themselves, a word each, filled up to whole blocks.
 */
#include "gate_rows.h"
#include "matrix_v7m.h"
#include "rows_v7m.h"
#include "widen_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

#define CHUNK 256u /* taps that the cores take at a time */
#define GROUP 4u

struct kws_gate_width {
    const kws_v7m_width *width;
};

static uint32_t grouped(uint32_t rows)
{
    return (rows + GROUP - 1u) & ~(GROUP - 1u);
}

static uint32_t rows_bytes(const kws_gate_width *gate, uint32_t rows, uint32_t columns)
{
    const uint32_t bits = gate->width->bits;
    return kws_times(grouped(rows), kws_times(kws_v7m_filled(columns, bits), bits)) >> 3;
}

static uint32_t vector_bytes(const kws_gate_width *gate, uint32_t columns)
{
    /* columns < 2^16 */
    return kws_round4(columns) + 4 * kws_v7m_filled(columns, gate->width->bits) +
           (columns + CHUNK - 1u) / CHUNK * 4u;
}

static uint32_t chunk_of(uint32_t left)
{
    return left < CHUNK ? left : CHUNK;
}

static void prepare(const kws_gate_width *gate, void *vector, uint32_t columns)
{
    const uint8_t *x = vector;
    uint32_t      *to = (uint32_t *)(void *)((uint8_t *)vector + kws_round4(columns));
    for (uint32_t k = 0, count; k < columns; k += count) {
        count = chunk_of(columns - k);
        kws_v7m_widen(to + 1, x + k, count, to);
        to += 1 + count;
        for (uint32_t all = kws_v7m_filled(count, gate->width->bits); all > count; all--) {
            *to++ = 0;
        }
    }
}

/* The cores keep the sums of a group in the order 2, 0, 1, 3. */
static void turn(int32_t *sums, uint32_t rows)
{
    for (int32_t *sum = sums; sum < sums + rows; sum += GROUP) {
        const int32_t third = sum[0];
        sum[0] = sum[1];
        sum[1] = sum[2];
        sum[2] = third;
    }
}

static const uint8_t *multiply(const kws_gate_width *gate, const kws_gate_rows *rows)
{
    const kws_v7m_width *width = gate->width;
    const uint32_t       bits = width->bits, all = kws_v7m_filled(rows->columns, bits);
    const uint8_t       *vector = (const uint8_t *)rows->vector + kws_round4(rows->columns);
    const uint32_t      *words = (const uint32_t *)(const void *)vector;
    kws_v7m_tile        *tile = kws_gate_room(rows);
    memset(rows->sums, 0, 4 * grouped(rows->rows));
    for (uint32_t first = 0, chunk; first < all; first += chunk) {
        const uint32_t sums[4] = {words[0]};
        chunk = chunk_of(all - first);
        kws_v7m_begin(tile, bits, 1, sums);
        tile->patch = words + 1;
        tile->patch_end = words += 1 + chunk;
        tile->y[0] = (uint8_t *)rows->sums; /* counts, and is not written to */
        tile->y_end = tile->y[0] + grouped(rows->rows);
        tile->weights = rows->weights + (GROUP * first * bits >> 3);
        tile->skip = GROUP * (all - chunk) * bits >> 3;
        tile->sums = rows->sums;
        tile->last = 0;
        width->one(tile);
    }
    turn(rows->sums, rows->rows);
    kws_gate_rescale(rows);
    return kws_gate_next(rows, grouped(rows->rows) * all * bits >> 3);
}

_Static_assert(sizeof(kws_v7m_tile) == KWS_GATE_ROOM, "the room of a tile");

KWS_GATE_CORE(8, &kws_v7m_w8)
KWS_GATE_CORE(4, &kws_v7m_w4)
KWS_GATE_CORE(3, &kws_v7m_w3)
KWS_GATE_CORE(2, &kws_v7m_w2)

#endif
