/* SPDX-License-Identifier: Apache-2.0
 *
 * gates.h - sigmoid and tanh of gates (kws_fixed.h), faster where two products are one instruction.
 */
#ifndef KWS_GATES_H
#define KWS_GATES_H

#include "recurrent.h"

#if KWS_VARIANT == KWS_PACK_DSP
#include <arm_acle.h>

/* Two entries of the table; they need not be aligned. */
typedef uint32_t kws_entries __attribute__((may_alias, aligned(2)));

/* s[0] * (256 - f) + s[1] * f is 256 s[0] + (s[1] - s[0]) f. */
static inline int32_t kws_gate_sigmoid(int32_t x)
{
    const uint16_t   *s = kws_sigmoid_table + KWS_SIGMOID_MIDDLE + (x >> 8);
    const uint32_t    f = (uint32_t)x & 255u;
    const kws_entries two = *(const kws_entries *)(const void *)s;
    return __smlad((int16x2_t)two, (int16x2_t)(f * 65535u + 256u), 128 + (x >> 31)) >> 8;
}

static inline int32_t kws_gate_tanh(int32_t x)
{
    return 2 * kws_gate_sigmoid(kws_sat16(2 * x)) - 32768;
}
#else
static inline int32_t kws_gate_sigmoid(int32_t x)
{
    return kws_sigmoid(x);
}

static inline int32_t kws_gate_tanh(int32_t x)
{
    return kws_tanh(x);
}
#endif

#endif
