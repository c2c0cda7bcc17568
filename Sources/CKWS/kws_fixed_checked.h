/* SPDX-License-Identifier: Apache-2.0
 *
 * kws_fixed_checked.h - the instrumented twin of kws_fixed.h, for tests: the same names and
 * results, but each operator verifies its own range in 64 bits, reports a violation to
 * kws_fixed_violation() and counts itself in kws_fixed_operations. The test defines both.
 */
#ifndef KWS_FIXED_CHECKED_H
#define KWS_FIXED_CHECKED_H

#include <stdint.h>

void            kws_fixed_violation(const char *operation, int64_t a, int64_t b);
extern uint64_t kws_fixed_operations;

static inline int32_t kws_fixed_fit(const char *operation, int64_t v, int64_t a, int64_t b)
{
    kws_fixed_operations++;
    if (v < INT32_MIN || v > INT32_MAX) {
        kws_fixed_violation(operation, a, b);
    }
    return (int32_t)(uint32_t)(uint64_t)v;
}

static inline int32_t kws_add(int32_t a, int32_t b)
{
    return kws_fixed_fit("kws_add", (int64_t)a + b, a, b);
}

static inline int32_t kws_sub(int32_t a, int32_t b)
{
    return kws_fixed_fit("kws_sub", (int64_t)a - b, a, b);
}

static inline int32_t kws_mac(int32_t acc, int32_t a, int32_t b)
{
    if (a < -32768 || a > 32768 || b < -32768 || b > 32768) {
        kws_fixed_violation("kws_mac: factors", a, b);
    }
    return kws_fixed_fit("kws_mac", acc + (int64_t)a * b, acc, (int64_t)a * b);
}

static inline int32_t kws_mulq(int32_t a, int32_t m)
{
    if (m < -32768 || m > 32767) {
        kws_fixed_violation("kws_mulq: multiplier", a, m);
    }
    return kws_fixed_fit("kws_mulq", ((int64_t)a * m) >> 16, a, m);
}

static inline int32_t kws_clip(int32_t v, uint32_t bits)
{
    kws_fixed_operations++;
    const int32_t largest = (1 << bits) - 1;
    return v > largest ? largest : v < 0 ? 0 : v;
}

static inline int16_t kws_sat16(int32_t v)
{
    kws_fixed_operations++;
    return (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
}

static inline int32_t kws_rescale(int32_t acc, int32_t m, int32_t b, uint32_t n)
{
    if (b <= -(1 << 30) || b >= 1 << 30 || n > 30) {
        kws_fixed_violation("kws_rescale: bias or shift", b, n);
    }
    return kws_add(kws_mulq(acc, m), b) >> n;
}

#endif
