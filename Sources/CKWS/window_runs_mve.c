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

/* Of the run: what stays, and what passes from step to step. */
typedef struct constants {
    int16x8_t preemphasis;
    int32x4_t whitening; /* 1 - whitening: a shift to the left */
    int32_t   two;       /* clang 21 would take a shift and a sum for a product by a known 2 */
} constants;

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
 * needs of the last. */
static inline eight emphasised(int16x8_t x, int16x8_t w, const constants *c, uint32_t *carry)
{
    const int32x4_t even = vrshrq_n_s32(vmullbq_int_s16(x, c->preemphasis), 14);
    const int32x4_t odd = vrshrq_n_s32(vmulltq_int_s16(x, c->preemphasis), 14);
    const eight     v = {
            .odd = vmulq_s32(vsubq_s32(vshlltq_n_s16(x, 1), even), vmovltq_s16(w)),
            .even = vmulq_s32(vsubq_s32(vshllbq_n_s16(x, 1), shift_in(odd, carry)), vmovlbq_s16(w))};
    return v;
}

static inline eight whitened(int16x8_t x, int16x8_t w, const constants *c, uint32_t *carry)
{
    const int32x4_t even = vmullbq_int_s16(x, w), odd = vmulltq_int_s16(x, w);
    const int32x4_t v_odd =
        vmlaq_n_s32(vshlq_s32(even, c->whitening), vsubq_s32(odd, even), c->two);
    const int32x4_t before = shift_in(odd, carry);
    const eight     v = {
            .odd = v_odd,
            .even = vmlaq_n_s32(vshlq_s32(before, c->whitening), vsubq_s32(even, before), c->two)};
    return v;
}

static inline eight windowed(int16x8_t x, int16x8_t w, bool emphasis, const constants *c,
                             uint32_t *carry)
{
    return emphasis ? emphasised(x, w, c, carry) : whitened(x, w, c, carry);
}

static inline uint32_t carry_of(const kws_tap *tap, const kws_run *run, bool emphasis)
{
    return (uint32_t)(emphasis ? kws_mac(8192, run->preemphasis, tap->sample) >> 14 : tap->product);
}

static inline constants constants_of(const kws_run *run)
{
    int32_t two = 2;
    __asm__("" : "+r"(two));
    return (constants){vdupq_n_s16((int16_t)run->preemphasis),
                       vdupq_n_s32(1 - (int32_t)run->whitening), two};
}

/* The tap behind a run. */
static inline void pass(kws_tap *tap, const kws_run *run)
{
    if (run->count != 0) {
        tap->sample = run->x[run->count - 1];
        tap->product = kws_mac(0, tap->sample, run->window[run->count - 1]);
    }
}

static inline __attribute__((always_inline)) uint32_t scan(const kws_run *run, const kws_tap *tap,
                                                           bool emphasis)
{
    const constants c = constants_of(run);
    const int16_t  *x = run->x, *w = run->window;
    uint32_t        carry = carry_of(tap, run, emphasis);
    int32x4_t       most = vdupq_n_s32(0), least = vdupq_n_s32(-1);
    for (uint32_t steps = run->count / EIGHT; steps > 0; steps--, x += EIGHT, w += EIGHT) {
        const eight v = windowed(vldrhq_s16(x), vldrhq_s16(w), emphasis, &c, &carry);
        most = vmaxq_s32(vmaxq_s32(most, v.even), v.odd);
        least = vminq_s32(vminq_s32(least, v.even), v.odd);
    }
    const uint32_t     left = run->count % EIGHT;
    const mve_pred16_t lanes = vctp16q(left);
    const mve_pred16_t even = vctp32q((left + 1) / 2), odd = vctp32q(left / 2);
    const eight v = windowed(vldrhq_z_s16(x, lanes), vldrhq_z_s16(w, lanes), emphasis, &c, &carry);
    most = vmaxq_m_s32(most, most, v.even, even);
    most = vmaxq_m_s32(most, most, v.odd, odd);
    least = vminq_m_s32(least, least, v.even, even);
    least = vminq_m_s32(least, least, v.odd, odd);
    return (uint32_t)(vmaxvq_s32(0, most) | ~vminvq_s32(-1, least));
}

static inline int16x8_t scaled(eight v, int32x4_t shift)
{
    return vmovntq_s32(vreinterpretq_s16_s32(vshlq_s32(v.even, shift)), vshlq_s32(v.odd, shift));
}

static inline __attribute__((always_inline)) void scale(const kws_run *run, const kws_tap *tap,
                                                        uint32_t right, int16_t *out, bool emphasis)
{
    const constants c = constants_of(run);
    const int16_t  *x = run->x, *w = run->window;
    const int32x4_t shift = vdupq_n_s32(-(int32_t)right);
    uint32_t        carry = carry_of(tap, run, emphasis);
    for (uint32_t steps = run->count / EIGHT; steps > 0; steps--) {
        const eight v = windowed(vldrhq_s16(x), vldrhq_s16(w), emphasis, &c, &carry);
        vstrhq_s16(out, scaled(v, shift));
        x += EIGHT;
        w += EIGHT;
        out += EIGHT;
    }
    const mve_pred16_t lanes = vctp16q(run->count % EIGHT);
    const eight v = windowed(vldrhq_z_s16(x, lanes), vldrhq_z_s16(w, lanes), emphasis, &c, &carry);
    vstrhq_p_s16(out, scaled(v, shift), lanes);
}

/* see window.h */
uint32_t kws_window_scan(const kws_run *run, kws_tap *tap)
{
    const uint32_t all = run->whitening == 0 ? scan(run, tap, true) : scan(run, tap, false);
    pass(tap, run);
    return all;
}

/* see window.h */
void kws_window_scale(const kws_run *run, kws_tap *tap, uint32_t shift, int16_t *out)
{
    if (run->whitening == 0) {
        scale(run, tap, shift, out, true);
    } else {
        scale(run, tap, shift, out, false);
    }
    pass(tap, run);
}

#endif
