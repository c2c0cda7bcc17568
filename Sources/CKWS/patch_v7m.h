/* SPDX-License-Identifier: Apache-2.0
 *
 * patch_v7m.h - what an output sees of the input, laid out for the matrix core: its taps one behind
 * the other, widened. Convolutions, pointwise and dense layers differ in nothing else.
 */
#ifndef KWS_PATCH_V7M_H
#define KWS_PATCH_V7M_H

#include "matrix_v7m.h"
#include "widen_v7m.h"

/* Where the taps of a row of outputs come from. */
typedef struct kws_v7m_source {
    const kws_call *call;
    const uint8_t  *row; /* without a window: the taps of one output behind those of the other */
    int32_t         top; /* with one: input row of kernel row 0 */
    uint32_t        run; /* taps of a kernel row */
    uint32_t        taps;
} kws_v7m_source;

/* What lies at the beginning of the scratch: there it takes no stack. */
typedef struct kws_v7m_work {
    kws_v7m_source source;
    union {
        kws_v7m_runs runs; /* while the patch is laid out */
        kws_v7m_tile tile; /* while it is used */
    } now;
} kws_v7m_work;

/* Lays out taps first .. end-1 of outputs q .. q+pixels-1: of one lane 32 bits a tap; of two lanes
 * 32 bits each, side by side; of four 16 bits each. Lanes without an output repeat another. Gives
 * the sum of each lane. */
void kws_v7m_patch(kws_v7m_work *work, uint32_t q, uint32_t pixels, uint32_t lanes, uint32_t first,
                   uint32_t end, uint32_t *to, uint32_t sums[4]);

/* kws_row(), for rings of one row without its loop. */
static inline uint32_t kws_v7m_row_offset(const kws_tensor *t, uint32_t r)
{
    return t->rows == 1 ? 0 : kws_row(t, r);
}

#endif
