/* SPDX-License-Identifier: Apache-2.0
 *
 * kws_fixed.h - the fixed-point operators; every sum, product and rounding of a kernel is one of
 * them. SPEC.md, section 1, defines the numbers. No 64-bit product, no division instruction.
 *
 * kws_fixed_checked.h has the same names; it traps on overflow and counts operations. Sums wrap
 * here, so that no table, however wrong, leads to undefined behaviour; with the ranges that
 * kws_model_check() verifies they never do.
 */
#ifndef KWS_FIXED_H
#define KWS_FIXED_H

#include <stdint.h>

_Static_assert((-3 >> 1) == -2, "a shift to the right must round to minus infinity");

/* round(32768 log2(1 + i/32)), i = 0..32. */
extern const uint16_t kws_log2_table[33];

/* round(32768 * 2^(-i/32)), i = 0..32. */
extern const uint16_t kws_exp2_table[33];

/* round(3968 sqrt(i + 1/2)), i = 64..255. */
extern const uint16_t kws_root_table[192];

/* round(32768 / (1 + exp(-i/16))), i = -128..128 from the first entry on. */
#define KWS_SIGMOID_MIDDLE 128
extern const uint16_t kws_sigmoid_table[2 * KWS_SIGMOID_MIDDLE + 1];

#ifdef KWS_FIXED_CHECKED
#include "kws_fixed_checked.h"
#else

/* a + b and a - b. */
static inline int32_t kws_add(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t kws_sub(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

/* acc + a * b, for |a|, |b| <= 2^15. */
static inline int32_t kws_mac(int32_t acc, int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)acc + (uint32_t)(a * b));
}

/* floor(a * m / 2^16) for an int16 m. |result| <= 2^30. */
static inline int32_t kws_mulq(int32_t a, int32_t m)
{
    /* |hi * m| <= 2^15 * 2^15, |lo * m| <= 65535 * 2^15 < 2^31 */
    return (a >> 16) * m + (((a & 0xFFFF) * m) >> 16);
}

/* v within 0 .. 2^bits - 1. */
static inline int32_t kws_clip(int32_t v, uint32_t bits)
{
    const int32_t largest = (1 << bits) - 1;
    return v > largest ? largest : v < 0 ? 0 : v;
}

static inline int16_t kws_sat16(int32_t v)
{
    return (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
}

/* (mulq(acc, m) + b) >> n, |b| < 2^30, n <= 30. */
static inline int32_t kws_rescale(int32_t acc, int32_t m, int32_t b, uint32_t n)
{
    return kws_add(kws_mulq(acc, m), b) >> n;
}

#endif

/* The requantisation of every kernel: a rescaled accumulator, clipped to the output's bits. */
static inline int32_t kws_requant(int32_t acc, int32_t m, int32_t b, uint32_t n, uint32_t bits)
{
    return kws_clip(kws_rescale(acc, m, b, n), bits);
}

/* |v| as an unsigned number. */
static inline uint32_t kws_abs(int32_t v)
{
    return v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
}

/* u << s, or u >> -s; |s| < 32. */
static inline uint32_t kws_shift(uint32_t u, int32_t s)
{
    return s < 0 ? u >> -s : u << s;
}

/* Length of u in bits; 0 for 0. By halving where there is no CLZ, as on the Cortex-M0+. */
static inline int32_t kws_bits(uint32_t u)
{
#if defined __ARM_FEATURE_CLZ || !defined __arm__
    return u == 0 ? 0 : 32 - __builtin_clz(u);
#else
    int32_t bits = 0;
    if (u >> 16 != 0) {
        bits += 16;
        u >>= 16;
    }
    if (u >> 8 != 0) {
        bits += 8;
        u >>= 8;
    }
    if (u >> 4 != 0) {
        bits += 4;
        u >>= 4;
    }
    if (u >> 2 != 0) {
        bits += 2;
        u >>= 2;
    }
    return bits + (int32_t)(u < 2 ? u : 2);
#endif
}

/* About 31/16 sqrt(u), at least 1, by a table of squares of eight bits; u < 2^29. */
static inline uint32_t kws_root(uint32_t u)
{
#if defined __ARM_FEATURE_CLZ || !defined __arm__
    const uint32_t n = (uint32_t)(32 - kws_bits(u | 1u)) >> 1; /* 1 .. 15: pairs of zeros */
    const uint32_t h = (u | 1u) << 2 * n;                      /* >= 2^30 */
#else
    uint32_t n = 0, h = u | 1u;
    if (h >> 16 == 0) {
        n += 8;
        h <<= 16;
    }
    if (h >> 24 == 0) {
        n += 4;
        h <<= 8;
    }
    if (h >> 28 == 0) {
        n += 2;
        h <<= 4;
    }
    if (h >> 30 == 0) {
        n += 1;
        h <<= 2;
    }
#endif
    return (uint32_t)kws_root_table[(h >> 24) - 64] >> (n - 1u);
}

/* floor(u / v), v > 0, one bit of the quotient a step. */
static inline uint32_t kws_div(uint32_t u, uint32_t v)
{
    uint32_t      quotient = 0;
    const int32_t steps = kws_bits(u) - kws_bits(v);
    for (int32_t s = steps; s >= 0; s--) {
        quotient <<= 1;
        /* v << s has as many bits as the first u at most, so it does not overflow */
        if (u >= v << (uint32_t)s) {
            u -= v << (uint32_t)s;
            quotient |= 1;
        }
    }
    return quotient;
}

/* log2(u) in Q10, u > 0: the table, linear between its points. */
static inline int32_t kws_log2_q10(uint32_t u)
{
    const int32_t  p = kws_bits(u) - 1;
    const uint32_t h = kws_shift(u, 15 - p);
    const uint32_t i = (h >> 10) & 31u;
    const uint32_t f = h & 1023u;
    const uint32_t t = kws_log2_table[i];
    const uint32_t v = t + (((kws_log2_table[i + 1] - t) * f) >> 10); /* <= 2^15 */
    return p * 1024 + (int32_t)((v + 16) >> 5);
}

#define KWS_EXP2_SHIFT_MAX 13u

/* 2^15 * 2^(-t / 2^(10 + n)), n <= KWS_EXP2_SHIFT_MAX: the table, linear between its points. */
static inline uint32_t kws_exp2(uint32_t t, uint32_t n)
{
    const uint32_t u = t >> n;
    const uint32_t p = u >> 10, i = (u >> 5) & 31u, f = u & 31u;
    const uint32_t e = kws_exp2_table[i];
    return p > 15 ? 0 : (e - (((e - kws_exp2_table[i + 1]) * f) >> 5)) >> p;
}

/* The logistic function in Q15 of an int16 in Q12: the table, linear between its points. Within 2.6
 * of the function; 11 .. 32757 (SPEC.md, section 1, which counts from |x|: so the halves of
 * negative ones go down). */
static inline int32_t kws_sigmoid(int32_t x)
{
    const uint16_t *s = kws_sigmoid_table + KWS_SIGMOID_MIDDLE + (x >> 8);
    return s[0] + (((s[1] - s[0]) * (x & 255) + 128 + (x >> 31)) >> 8);
}

/* tanh in Q15 of an int16 in Q12: 2 sigmoid(2x) - 1. */
static inline int32_t kws_tanh(int32_t x)
{
    return 2 * kws_sigmoid(kws_sat16(2 * x)) - 32768;
}

#endif
