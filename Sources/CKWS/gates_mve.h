/* SPDX-License-Identifier: Apache-2.0
 *
 * gates_mve.h - eight gates at a time: the operators of SPEC.md, sections 1 and 4.4, on vectors of
 * int16.
 */
#ifndef KWS_GATES_MVE_H
#define KWS_GATES_MVE_H

#include "recurrent.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* sat16(t >> n) of eight numbers in memory. */
static inline int16x8_t kws_pre8(const int32_t *t, int32_t n)
{
    __asm__("" : "+r"(t)); /* gcc 12 would step on by a register, which no load of pairs can */
    const int32x4x2_t v = vld2q_s32(t);
    int16x8_t         sat = vqmovnbq_s32(vdupq_n_s16(0), vshlq_r_s32(v.val[0], -n));
    return vqmovntq_s32(sat, vshlq_r_s32(v.val[1], -n));
}

/* (d f + 128) >> 8 is the rounded high half of d * 256 f. */
static inline int16x8_t kws_sigmoid8(int16x8_t x)
{
    const uint16_t  *table = kws_sigmoid_table + KWS_SIGMOID_MIDDLE;
    const uint16x8_t a = vreinterpretq_u16_s16(vqabsq_s16(x)), i = vshrq_n_u16(a, 8);
    const uint16x8_t s = vldrhq_gather_shifted_offset_u16(table, i);
    const uint16x8_t next = vldrhq_gather_shifted_offset_u16(table + 1, i);
    const uint16x8_t v = vaddq_u16(s, vrmulhq_u16(vsubq_u16(next, s), vshlq_n_u16(a, 8)));
    return vreinterpretq_s16_u16(vsubq_m_u16(v, vdupq_n_u16(32768), v, vcmpltq_n_s16(x, 0)));
}

static inline int16x8_t kws_tanh8(int16x8_t x)
{
    const int16x8_t s = kws_sigmoid8(vqshlq_n_s16(x, 1));
    return veorq_s16(vshlq_n_s16(s, 1), vdupq_n_s16(INT16_MIN));
}

/* (a * b + 2^14) >> 15; a is a gate. */
static inline int16x8_t kws_share8(int16x8_t a, int16x8_t b)
{
    return vqrdmulhq_s16(a, b);
}

/* Writes the codes of eight numbers, those of some lanes. */
static inline void kws_code8(const kws_step *s, uint8_t *codes, int16x8_t v, mve_pred16_t some)
{
    const int16x8_t m = vdupq_n_s16(kws_multipliers(s->call)[0]);
    const int32_t   b = kws_biases(s->call)[0], n = (int32_t)kws_code_shift(s->call->layer);
    const int32x4_t even = vshlq_r_s32(vaddq_n_s32(vmullbq_int_s16(v, m), b), -n);
    const int32x4_t odd = vshlq_r_s32(vaddq_n_s32(vmulltq_int_s16(v, m), b), -n);
    const int16x8_t wide = vqmovntq_s32(vqmovnbq_s32(vdupq_n_s16(0), even), odd);
    vstrbq_p_u16(codes, vreinterpretq_u16_u8(vqmovunbq_s16(vdupq_n_u8(0), wide)), some);
}

#endif
#endif
