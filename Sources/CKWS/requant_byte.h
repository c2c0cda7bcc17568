/* SPDX-License-Identifier: Apache-2.0
 *
 * requant_byte.h - kws_requant() to 8 bits by what the core has; no compiler finds it in the plain
 * form, which takes 8 instructions and more.
 */
#ifndef KWS_REQUANT_BYTE_H
#define KWS_REQUANT_BYTE_H

#include "kws_fixed.h"
#include "variant.h"

#if KWS_VARIANT == KWS_PACK_DSP || KWS_VARIANT == KWS_PACK_MVE
#include <arm_acle.h>

static inline int32_t kws_requant_byte(int32_t acc, int32_t m, int32_t b, uint32_t n)
{
    return (int32_t)__usat(__smlawb(acc, m, b) >> n, 8);
}
#elif KWS_VARIANT == KWS_PACK_V7M
#include <arm_acle.h>

static inline int32_t kws_requant_byte(int32_t acc, int32_t m, int32_t b, uint32_t n)
{
    return (int32_t)__usat(((int32_t)((int64_t)acc * m >> 16) + b) >> n, 8); /* SMULL */
}
#else
static inline int32_t kws_requant_byte(int32_t acc, int32_t m, int32_t b, uint32_t n)
{
    return kws_requant(acc, m, b, n, 8);
}
#endif

#endif
