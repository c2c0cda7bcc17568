/* SPDX-License-Identifier: Apache-2.0
 *
 * log_sums.h - logarithms of sums.
 */
#ifndef KWS_LOG_SUMS_H
#define KWS_LOG_SUMS_H

#include <stdint.h>

/* A sum's logarithm is the larger one's where the other is so much less. */
#define KWS_LOG_SUMS_END 10240

/* U[i] = round(1024 log2(1 + 2^(-i/4))), i = 0..40. */
static const int16_t kws_log_sums[41] = {
    1024, 902, 790, 689, 599, 518, 447, 385, 330, 282, 240, 205, 174, 148,
    125,  106, 90,  76,  64,  54,  45,  38,  32,  27,  23,  19,  16,  14,
    11,   10,  8,   7,   6,   5,   4,   3,   3,   2,   2,   2,   1,
};

/* log2(2^a + 2^b) in Q10. */
static inline int32_t kws_log_add(int32_t a, int32_t b)
{
    const int32_t larger = a > b ? a : b;
    const int32_t d = larger - (a > b ? b : a);
    if (d >= KWS_LOG_SUMS_END) {
        return larger;
    }
    const int32_t i = d >> 8, f = d & 255;
    const int32_t u = kws_log_sums[i];
    return larger + ((u * 256 + (kws_log_sums[i + 1] - u) * f + 128) >> 8);
}

#endif
