/* SPDX-License-Identifier: Apache-2.0
 *
 * widen_v7m.h - bytes to words, with their sum.
 */
#ifndef KWS_WIDEN_V7M_H
#define KWS_WIDEN_V7M_H

#include "inner.h"

/* count bytes from x on to count words. Returns the end of the words. */
uint32_t *kws_v7m_widen(uint32_t *to, const uint8_t *x, uint32_t count, uint32_t *sum);

/* The same from x0 and x1 on in turns. */
uint32_t *kws_v7m_widen_two(uint32_t *to, const uint8_t *x0, const uint8_t *x1, uint32_t count,
                            uint32_t sums[2]);

/* rows runs of count bytes each, the first at x, bytes apart, but those from end on ring bytes
 * lower; to as many runs of numbers, apart bytes apart, step bytes from one to the next. */
typedef struct kws_v7m_runs {
    uint8_t       *to;
    const uint8_t *x;
    uint32_t       count, rows;
    uint32_t       apart, bytes;
    const uint8_t *end;
    uint32_t       ring;
    uint32_t       step;
    uint32_t       sum; /* to begin with */
} kws_v7m_runs;

/* To 32 bits each, and to 16. Return the sum. */
uint32_t kws_v7m_widen_runs(const kws_v7m_runs *runs);
uint32_t kws_v7m_widen_runs16(const kws_v7m_runs *runs);

#endif
