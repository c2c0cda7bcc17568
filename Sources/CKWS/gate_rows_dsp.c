/* SPDX-License-Identifier: Apache-2.0
 *
 * A vector: its elements, filled up to whole words; then a patch block for every KWS_PATCH_MAX
 * elements.
 */
#include "gate_rows.h"
#include "patch_sizes_dsp.h"
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP
#include <arm_acle.h>

struct kws_gate_width {
    const kws_core *core;
    kws_multiply   *gates;
    uint32_t        bits;
};

/* Columns filled up to whole steps; those of a block are, so this is a sum over blocks. */
static uint32_t filled(uint32_t columns)
{
    return kws_plus(columns, KWS_STEP - 1u) & ~(KWS_STEP - 1u);
}

/* Rows filled up to whole groups. */
static uint32_t grouped(const kws_gate_width *width, uint32_t rows)
{
    return (rows + width->core->group - 1u) & ~(width->core->group - 1u);
}

static uint32_t rows_bytes(const kws_gate_width *width, uint32_t rows, uint32_t columns)
{
    return kws_times(grouped(width, rows), kws_times(filled(columns), width->bits)) >> 3;
}

static uint32_t vector_bytes(const kws_gate_width *width, uint32_t columns)
{
    (void)width;
    /* columns < 2^16 */
    return kws_round4(columns) + 2 * filled(columns) +
           (columns + KWS_PATCH_MAX - 1u) / KWS_PATCH_MAX * 4u;
}

static void prepare(const kws_gate_width *width, void *vector, uint32_t columns)
{
    uint8_t  *x = vector;
    uint32_t *patch = (uint32_t *)(void *)(x + kws_round4(columns));
    memset(x + columns, 0, kws_round4(columns) - columns);
    for (uint32_t k = 0, count; k < columns; k += count) {
        count = kws_smaller(columns - k, KWS_PATCH_MAX);
        uint32_t *to = kws_widen1(patch + 1, x + k, 0, kws_whole_words(count), patch);
        for (uint32_t wide = kws_whole_words(count); wide < filled(count); wide += 2) {
            *to++ = 0;
        }
        *patch = 0u - (*patch << width->core->offset);
        patch = to;
    }
}

/* Where the patches of a vector begin. */
static const uint32_t *patches(const kws_gate_rows *rows)
{
    return (const uint32_t *)(const void *)((const uint8_t *)rows->vector +
                                            kws_round4(rows->columns));
}

/* The rows from number first on, by way of their sums. */
KWS_APART void by_sums(const kws_gate_width *width, const kws_gate_rows *rows, uint32_t first)
{
    const uint32_t count = rows->rows - first, all = grouped(width, count);
    /* of one pixel */
    kws_multiply *multiply = width->core->multiply[width->core->pixels == 1 ? 2 : 0];
    kws_product  *product = kws_gate_room(rows);
    product->weights = rows->weights + (first * filled(rows->columns) * width->bits >> 3);
    product->sums = 1;
    product->m_end = rows->sums + all;
    product->patch_end = patches(rows);
    memset(rows->sums, 0, 4 * all);
    for (uint32_t left = rows->columns, taps; left > 0; left -= taps) {
        taps = kws_smaller(left, KWS_PATCH_MAX);
        product->m = rows->sums;
        product->count = filled(taps);
        product->patch = product->patch_end;
        product->patch_end = product->patch + 1 + product->count / 2;
        multiply(product);
        product->weights =
            (const uint8_t *)product->weights + all * (product->count * width->bits >> 3);
    }
    for (uint32_t i = 0; i < count; i++) {
        const int32_t lifted = (int32_t)((uint32_t)rows->sums[i] << rows->lift);
        rows->t[first + i] = __smlawb(lifted, rows->m[first + i], rows->b[first + i]);
    }
}

static const uint8_t *multiply(const kws_gate_width *width, const kws_gate_rows *rows)
{
    const uint32_t whole =
        rows->columns <= KWS_PATCH_MAX ? rows->rows & ~(width->core->group - 1u) : 0;
    if (whole != 0) {
        kws_product *product = kws_gate_room(rows);
        product->weights = rows->weights;
        product->m = rows->m;
        product->b = rows->b;
        product->y = (uint8_t *)rows->t;
        product->n = rows->lift;
        product->m_end = rows->m + whole;
        product->patch = patches(rows);
        product->count = filled(rows->columns);
        product->patch_end = product->patch + 1 + product->count / 2;
        product->sums = 0;
        width->gates(product);
    }
    if (whole != rows->rows) {
        by_sums(width, rows, whole);
    }
    return kws_gate_next(rows,
                         grouped(width, rows->rows) * (filled(rows->columns) * width->bits) >> 3);
}

_Static_assert(sizeof(kws_product) == KWS_GATE_ROOM, "the room of a product");

KWS_GATE_CORE(8, &kws_core8, kws_gates8, 8)
KWS_GATE_CORE(4, &kws_nested_core4, kws_gates4, 4)
KWS_GATE_CORE(3, &kws_nested_core3, kws_gates3, 3)
KWS_GATE_CORE(2, &kws_nested_core2, kws_gates2, 2)

#endif
