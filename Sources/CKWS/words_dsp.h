/* SPDX-License-Identifier: Apache-2.0
 *
 * words_dsp.h - four bytes as a word, wherever they lie.
 */
#ifndef KWS_WORDS_DSP_H
#define KWS_WORDS_DSP_H

#include <stdint.h>

typedef uint32_t kws_word __attribute__((may_alias, aligned(1)));

static inline const kws_word *kws_four(const uint8_t *x)
{
    return (const kws_word *)(const void *)x;
}

static inline kws_word *kws_four_out(uint8_t *y)
{
    return (kws_word *)(void *)y;
}

/* Bytes 0 and 2 of x, bytes 1 and 3, a halfword each. Assembly, since compilers know UXTB16 and
 * UXTAB16 by different types, and one of them not with the rotation. */
static inline uint32_t kws_even(uint32_t x)
{
    uint32_t even;
    __asm__("uxtb16 %0, %1" : "=r"(even) : "r"(x));
    return even;
}

static inline uint32_t kws_odd(uint32_t x)
{
    uint32_t odd;
    __asm__("uxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(x));
    return odd;
}

/* acc + these. */
static inline uint32_t kws_add_even(uint32_t acc, uint32_t x)
{
    __asm__("uxtab16 %0, %0, %1" : "+r"(acc) : "r"(x));
    return acc;
}

static inline uint32_t kws_add_odd(uint32_t acc, uint32_t x)
{
    __asm__("uxtab16 %0, %0, %1, ror #8" : "+r"(acc) : "r"(x));
    return acc;
}

#endif
