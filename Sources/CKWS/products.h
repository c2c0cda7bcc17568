/* SPDX-License-Identifier: Apache-2.0
 *
 * products.h - sums of products of int16_t, two or eight at a time where the core has them.
 */
#ifndef KWS_PRODUCTS_H
#define KWS_PRODUCTS_H

#include "front_end.h"
#include "kws_fixed.h"

#if KWS_FRONT_END == KWS_FRONT_END_MVE
/* acc + sum of a[i] b[i]; the caller knows that no part of the sum overflows. Assembly, since gcc
 * 12 makes no loop with a predicated tail: 11 instructions a step in place of 4. */
static inline int32_t kws_products(int32_t acc, const int16_t *a, const int16_t *b, uint32_t count)
{
    __asm__("dlstp.16 lr, %3\n"
            "1:\n\t"
            "vldrh.u16 q0, [%1], #16\n\t"
            "vldrh.u16 q1, [%2], #16\n\t"
            "vmlava.s16 %0, q0, q1\n\t"
            "letp lr, 1b"
            : "+Te"(acc), "+r"(a), "+r"(b)
            : "r"(count)
            : "lr", "q0", "q1", "memory");
    return acc;
}
#else

/* a[0] b[0] and a[1] b[1]. */
typedef struct kws_pair {
    int32_t first, second;
} kws_pair;

#if KWS_FRONT_END == KWS_FRONT_END_DSP
#include <arm_acle.h>

/* Two neighbours, the first one low; they need not be aligned. */
typedef uint32_t kws_two __attribute__((may_alias, aligned(2)));

static inline kws_pair kws_two_products(const int16_t *a, const int16_t *b)
{
    const int32_t x = (int32_t) * (const kws_two *)(const void *)a;
    const int32_t y = (int32_t) * (const kws_two *)(const void *)b;
    kws_pair      products = {(int16_t)x * (int16_t)y, (x >> 16) * (y >> 16)};
    __asm__("" : "+r"(products.second)); /* once, not a second time where it is used */
    return products;
}

/* The low halves of a and b into two neighbours, the first one 4-byte aligned. */
static inline void kws_put_two(int16_t *out, int32_t a, int32_t b)
{
    typedef uint32_t aligned_two __attribute__((may_alias));
    uint32_t         both;
    __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(both) : "r"(a), "r"(b));
    *(aligned_two *)(void *)out = both;
}

static inline int32_t kws_mac_two(int32_t acc, const int16_t *a, const int16_t *b)
{
    return __smlad((int16x2_t) * (const kws_two *)(const void *)a,
                   (int16x2_t) * (const kws_two *)(const void *)b, acc);
}
#else
static inline kws_pair kws_two_products(const int16_t *a, const int16_t *b)
{
    return (kws_pair){kws_mac(0, a[0], b[0]), kws_mac(0, a[1], b[1])};
}

static inline void kws_put_two(int16_t *out, int32_t a, int32_t b)
{
    out[0] = (int16_t)a;
    out[1] = (int16_t)b;
}

static inline int32_t kws_mac_two(int32_t acc, const int16_t *a, const int16_t *b)
{
    return kws_mac(kws_mac(acc, a[0], b[0]), a[1], b[1]);
}
#endif

/* acc + sum of a[i] b[i]; the caller knows that no part of the sum overflows. */
static inline int32_t kws_products(int32_t acc, const int16_t *a, const int16_t *b, uint32_t count)
{
    const int16_t *end = a + count;
    for (const int16_t *last = end - 3; a < last; a += 4, b += 4) {
        acc = kws_mac_two(kws_mac_two(acc, a, b), a + 2, b + 2);
    }
    for (; a < end; a++, b++) {
        acc = kws_mac(acc, *a, *b);
    }
    return acc;
}
#endif

#endif
