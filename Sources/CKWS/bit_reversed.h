/* SPDX-License-Identifier: Apache-2.0
 *
 * bit_reversed.h - the order in which a transform leaves its numbers: number k of M stands at the
 * place with the bits of k reversed.
 */
#ifndef KWS_BIT_REVERSED_H
#define KWS_BIT_REVERSED_H

#include "front_end.h"

/* rbit is in all of Thumb-2, and Armv8-M Baseline has but a part of it. */
#if defined            __ARM_ARCH_PROFILE && __ARM_ARCH_PROFILE == 'M' && __ARM_ARCH >= 7 &&       \
    !defined           __ARM_ARCH_8M_BASE__
static inline uint32_t kws_reversed(uint32_t v)
{
    uint32_t out;
    __asm__("rbit %0, %1" : "=r"(out) : "r"(v));
    return out;
}

/* The place of the next number, where top is that of number 1. */
static inline uint32_t kws_next_place(uint32_t place, uint32_t top)
{
    return kws_reversed(kws_reversed(place) + kws_reversed(top));
}
#else
static inline uint32_t kws_next_place(uint32_t place, uint32_t top)
{
    for (; (place & top) != 0; top >>= 1) {
        place ^= top;
    }
    return place | top;
}
#endif

static inline void kws_swap(kws_power *a, kws_power *b)
{
    const kws_power v = *a;
    *a = *b;
    *b = v;
}

/* Powers from their places into their order. An even number k < M/2 stands at an even place < M/2,
 * and with it change k + 1, k + M/2 and k + M/2 + 1. */
static inline void kws_into_order(kws_power *z, uint32_t points)
{
    const uint32_t half = points >> 1;
    uint32_t       place = 0;
    for (uint32_t k = 0; k < half; k += 2) {
        kws_swap(z + k + 1, z + place + half);
        if (k < place) {
            kws_swap(z + k, z + place);
            kws_swap(z + k + half + 1, z + place + half + 1);
        }
        place = kws_next_place(place, points >> 2);
    }
}

#endif
