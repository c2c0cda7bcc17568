/* SPDX-License-Identifier: Apache-2.0
 *
 * bounds.h - sizes that cannot overflow: sums and products of unsigned numbers that stick at
 * UINT32_MAX, which no limit allows. For the check of a model.
 */
#ifndef KWS_BOUNDS_H
#define KWS_BOUNDS_H

#include <stdbool.h>
#include <stdint.h>

static inline uint32_t kws_plus(uint32_t a, uint32_t b)
{
    return b > UINT32_MAX - a ? UINT32_MAX : a + b;
}

static inline uint32_t kws_times(uint32_t a, uint32_t b)
{
    const uint32_t ah = a >> 16, al = a & 0xFFFFu, bh = b >> 16, bl = b & 0xFFFFu;
    const uint32_t low = al * bl;
    /* one of ah and bh is 0, or the product has more than 32 bits */
    const uint32_t middle = ah != 0 ? ah * bl : al * bh;
    if ((ah != 0 && bh != 0) || kws_plus(middle, low >> 16) > 0xFFFFu) {
        return UINT32_MAX;
    }
    return (middle << 16) + low;
}

/* Rounds up to a multiple of 4. */
static inline uint32_t kws_round4(uint32_t bytes)
{
    return kws_plus(bytes, 3) & ~3u;
}

/* Are [a, a + a_bytes) and [b, b + b_bytes) apart? Neither end may overflow. */
static inline bool kws_apart(uint32_t a, uint32_t a_bytes, uint32_t b, uint32_t b_bytes)
{
    return a + a_bytes <= b || b + b_bytes <= a;
}

#endif
