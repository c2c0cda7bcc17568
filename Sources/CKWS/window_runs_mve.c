/* SPDX-License-Identifier: Apache-2.0
 *
 * As window_runs.c, eight samples a step: those at even places in one vector of 32 bits, those at
 * odd places in another. What an odd sample needs of the one before it is in the first; what an
 * even sample needs is in the second, one lane further, with the last sample of the step before.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_MVE

#include <arm_mve.h>

#include "kws_fixed.h"
#include "window.h"

#define EIGHT 8u

typedef struct eight {
    int32x4_t even, odd;
} eight;

/* The lanes move one up; carry goes into the first, and the last one into it. Assembly, since gcc
 * 12 loses the carry of vshlcq_s32(). */
static inline int32x4_t shift_in(int32x4_t v, uint32_t *carry)
{
    __asm__("vshlc %q0, %1, #32" : "+w"(v), "+r"(*carry));
    return v;
}

/* v of eight samples; see window_runs.c for the formulas and bounds. carry is what the next sample
 * needs of the last: of pre-emphasis the rounded product, */
static inline eight emphasised(int16x8_t x, int16x8_t w, int16x8_t preemphasis, uint32_t *carry)
{
    const int32x4_t even = vrshrq_n_s32(vmullbq_int_s16(x, preemphasis), 14);
    const int32x4_t odd = vrshrq_n_s32(vmulltq_int_s16(x, preemphasis), 14);
    const int32x4_t after = vsubq_s32(vshlltq_n_s16(x, 1), even);
    const int32x4_t before = vsubq_s32(vshllbq_n_s16(x, 1), shift_in(odd, carry));
    return (eight){vmulq_s32(before, vmovlbq_s16(w)), vmulq_s32(after, vmovltq_s16(w))};
}

/* and of whitening twice the product, so that a shift is by all of -whitening. */
static inline eight whitened(int16x8_t x, int16x8_t w, int32x4_t shift, uint32_t *carry)
{
    const int32x4_t even = vqdmullbq_s16(x, w), odd = vqdmulltq_s16(x, w);
    const int32x4_t after = vaddq_s32(vsubq_s32(odd, even), vshlq_s32(even, shift));
    const int32x4_t last = shift_in(odd, carry);
    return (eight){vaddq_s32(vsubq_s32(even, last), vshlq_s32(last, shift)), after};
}

static inline __attribute__((always_inline)) uint32_t keep(const kws_run *run, int32_t *v,
                                                           bool emphasis)
{
    const int16x8_t preemphasis = vdupq_n_s16((int16_t)run->preemphasis);
    const int32x4_t shift = vdupq_n_s32(-(int32_t)run->whitening);
    const int16_t  *x = run->x, *w = run->window;
    uint32_t        carry = (uint32_t)(emphasis ? kws_mac(8192, run->preemphasis, run->sample) >> 14
                                                : 2 * run->product);
    int32x4_t       most = vdupq_n_s32(0), least = vdupq_n_s32(-1);
    for (uint32_t steps = run->count / EIGHT; steps > 0; steps--, x += EIGHT, w += EIGHT) {
        const int16x8_t samples = vldrhq_s16(x), weights = vldrhq_s16(w);
        const eight     e = emphasis ? emphasised(samples, weights, preemphasis, &carry)
                                     : whitened(samples, weights, shift, &carry);
        most = vmaxq_s32(vmaxq_s32(most, e.even), e.odd);
        least = vminq_s32(vminq_s32(least, e.even), e.odd);
        vst2q_s32(v, ((int32x4x2_t){{e.even, e.odd}}));
        v += EIGHT;
    }
    const uint32_t left = run->count % EIGHT;
    if (left != 0) {
        const uint32x4_t   places = vidupq_n_u32(0, 2);
        const mve_pred16_t lanes = vctp16q(left);
        const mve_pred16_t even = vctp32q((left + 1) / 2), odd = vctp32q(left / 2);
        const int16x8_t    samples = vldrhq_z_s16(x, lanes), weights = vldrhq_z_s16(w, lanes);
        const eight        e = emphasis ? emphasised(samples, weights, preemphasis, &carry)
                                        : whitened(samples, weights, shift, &carry);
        most = vmaxq_m_s32(most, most, e.even, even);
        most = vmaxq_m_s32(most, most, e.odd, odd);
        least = vminq_m_s32(least, least, e.even, even);
        least = vminq_m_s32(least, least, e.odd, odd);
        vstrwq_scatter_shifted_offset_p_s32(v, places, e.even, even);
        vstrwq_scatter_shifted_offset_p_s32(v + 1, places, e.odd, odd);
    }
    return (uint32_t)(vmaxvq_s32(0, most) | ~vminvq_s32(-1, least));
}

/* see window.h */
uint32_t kws_window_keep(const kws_run *run, kws_kept *v)
{
    return run->whitening == 0 ? keep(run, (int32_t *)v, true) : keep(run, (int32_t *)v, false);
}

/* see window.h */
void kws_window_narrow(const kws_kept *v, uint32_t count, uint32_t shift, int16_t *out)
{
    const int32x4_t right = vdupq_n_s32(-(int32_t)shift);
    for (; count >= 4; count -= 4, v += 4, out += 4) {
        vstrhq_s32(out, vshlq_s32(vldrwq_s32((const int32_t *)v), right));
    }
    const mve_pred16_t lanes = vctp32q(count);
    const int32x4_t    four = vldrwq_z_s32((const int32_t *)v, lanes);
    vstrhq_p_s32(out, vshlq_s32(four, right), lanes);
}

/* see window.h */
void kws_window_shift(int16_t *out, uint32_t count, uint32_t shift)
{
    for (int32_t left = (int32_t)count; left > 0; left -= (int32_t)EIGHT, out += EIGHT) {
        const mve_pred16_t lanes = vctp16q((uint32_t)left);
        vstrhq_p_s16(out, vshlq_r_s16(vldrhq_z_s16(out, lanes), -(int32_t)shift), lanes);
    }
}

#endif
