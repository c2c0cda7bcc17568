/* SPDX-License-Identifier: Apache-2.0
 *
 * packed_complex.h - a complex number of 16 + 16 bits in one register, for cores with the DSP
 * extension: the real part in the low half. An instruction does both parts, or half a product.
 */
#ifndef KWS_PACKED_COMPLEX_H
#define KWS_PACKED_COMPLEX_H

#include <arm_acle.h>
#include <stdint.h>

/* A number in memory, where others have two int16_t. */
typedef uint32_t packed __attribute__((may_alias));

/* The high half of high, and the high half of low below it. */
static inline uint32_t pack_high(int32_t high, int32_t low)
{
    uint32_t out;
    __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(out) : "r"(high), "r"(low));
    return out;
}

/* z * w, halved and rounded: SPEC.md, section 5, step 2. */
static inline uint32_t turn(uint32_t z, uint32_t w, int32_t rounding)
{
    return pack_high(__smladx((int16x2_t)z, (int16x2_t)w, rounding),
                     __smlsd((int16x2_t)z, (int16x2_t)w, rounding));
}

/* a + b, a - b, a - i b, a + i b; halved if asked. */
static inline uint32_t plus(uint32_t a, uint32_t b, bool half)
{
    return (uint32_t)(half ? __shadd16((int16x2_t)a, (int16x2_t)b)
                           : __sadd16((int16x2_t)a, (int16x2_t)b));
}

static inline uint32_t minus(uint32_t a, uint32_t b, bool half)
{
    return (uint32_t)(half ? __shsub16((int16x2_t)a, (int16x2_t)b)
                           : __ssub16((int16x2_t)a, (int16x2_t)b));
}

static inline uint32_t minus_i(uint32_t a, uint32_t b, bool half)
{
    return (uint32_t)(half ? __shsax((int16x2_t)a, (int16x2_t)b)
                           : __ssax((int16x2_t)a, (int16x2_t)b));
}

static inline uint32_t plus_i(uint32_t a, uint32_t b, bool half)
{
    return (uint32_t)(half ? __shasx((int16x2_t)a, (int16x2_t)b)
                           : __sasx((int16x2_t)a, (int16x2_t)b));
}

/* The sticky flag of saturation watches for parts outside -2^13 .. 2^13-1. */
static inline void watch_clear(void)
{
    __asm__ volatile("msr apsr_nzcvq, %0" : : "r"(0) : "cc");
}

static inline void watch(uint32_t z)
{
    uint32_t saturated;
    __asm__ volatile("ssat16 %0, #14, %1" : "=r"(saturated) : "r"(z));
}

/* Were all numbers that were watched small? */
static inline bool watch_small(void)
{
    uint32_t flags;
    __asm__ volatile("mrs %0, apsr" : "=r"(flags));
    return (flags & 1u << 27) == 0;
}

#endif
