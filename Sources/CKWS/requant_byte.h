/* SPDX-License-Identifier: Apache-2.0
 *
 * requant_byte.h - mulq() and kws_requant() to 8 bits by what the core has; no compiler finds it in
 * the plain forms, which take 8 instructions and more.
 */
#ifndef KWS_REQUANT_BYTE_H
#define KWS_REQUANT_BYTE_H

#include "kws_fixed.h"
#include "variant.h"

#if KWS_VARIANT == KWS_PACK_PORTABLE || KWS_VARIANT == KWS_PACK_V6M
/* b + mulq(acc, m) */
static inline int32_t kws_add_mulq(int32_t b, int32_t acc, int32_t m)
{
    return kws_add(b, kws_mulq(acc, m));
}

static inline int32_t kws_requant_byte(int32_t acc, int32_t m, int32_t b, uint32_t n)
{
    return kws_requant(acc, m, b, n, 8);
}
#else
#include <arm_acle.h>

static inline int32_t kws_add_mulq(int32_t b, int32_t acc, int32_t m)
{
#if KWS_VARIANT == KWS_PACK_V7M
    return (int32_t)((int64_t)acc * m >> 16) + b; /* SMULL */
#else
    return __smlawb(acc, m, b);
#endif
}

static inline int32_t kws_requant_byte(int32_t acc, int32_t m, int32_t b, uint32_t n)
{
    return (int32_t)__usat(kws_add_mulq(b, acc, m) >> n, 8);
}
#endif

#endif
