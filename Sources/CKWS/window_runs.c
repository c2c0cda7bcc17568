/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_PLAIN

#include "kws_fixed.h"
#include "window.h"

/* |2 x - c x'| <= 2^16 + 2^16 - 4 and |weight| <= 2^14, so |v| < 2^31. */
static inline int32_t emphasised(int32_t x, int32_t before, int32_t c, int32_t weight)
{
    return (2 * x - (kws_mac(8192, c, before) >> 14)) * weight;
}

/* Of products of half the size, |a| <= 2^29: 2 a - 2 a' + (2 a' >> whitening), |v| < 2^31. */
static inline int32_t whitened(int32_t a, int32_t before, uint32_t whitening_less_1)
{
    return 2 * kws_sub(a, before) + (before >> whitening_less_1);
}

/* see window.h */
uint32_t kws_window_scan(const kws_run *run, kws_tap *tap)
{
    const int16_t *x = run->x, *w = run->window, *end = x + run->count;
    uint32_t       all = 0;
    if (run->whitening == 0) {
        const int32_t c = run->preemphasis;
        int32_t       before = tap->sample;
        while (x < end) {
            const int32_t sample = *x++, v = emphasised(sample, before, c, *w++);
            before = sample;
            all |= (uint32_t)(v ^ (v >> 31));
        }
        tap->sample = before;
        return all;
    }
    const uint32_t whitening = run->whitening - 1;
    int32_t        before = tap->product;
    for (; x + 1 < end; x += 2, w += 2) {
        const int32_t a = kws_mac(0, x[0], w[0]), v = whitened(a, before, whitening);
        all |= (uint32_t)(v ^ (v >> 31));
        before = kws_mac(0, x[1], w[1]);
        const int32_t u = whitened(before, a, whitening);
        all |= (uint32_t)(u ^ (u >> 31));
    }
    if (x < end) {
        const int32_t a = kws_mac(0, x[0], w[0]), v = whitened(a, before, whitening);
        all |= (uint32_t)(v ^ (v >> 31));
        before = a;
    }
    tap->product = before;
    return all;
}

/* see window.h */
void kws_window_scale(const kws_run *run, kws_tap *tap, uint32_t shift, int16_t *out)
{
    const int16_t *x = run->x, *w = run->window, *end = x + run->count;
    if (run->whitening == 0) {
        const int32_t c = run->preemphasis;
        int32_t       before = tap->sample;
        while (x < end) {
            const int32_t sample = *x++;
            *out++ = (int16_t)(emphasised(sample, before, c, *w++) >> shift);
            before = sample;
        }
        tap->sample = before;
        return;
    }
    const uint32_t whitening = run->whitening - 1;
    int32_t        before = tap->product;
    for (; x + 1 < end; x += 2, w += 2, out += 2) {
        const int32_t a = kws_mac(0, x[0], w[0]);
        out[0] = (int16_t)(whitened(a, before, whitening) >> shift);
        before = kws_mac(0, x[1], w[1]);
        out[1] = (int16_t)(whitened(before, a, whitening) >> shift);
    }
    if (x < end) {
        const int32_t a = kws_mac(0, x[0], w[0]);
        out[0] = (int16_t)(whitened(a, before, whitening) >> shift);
        before = a;
    }
    tap->product = before;
}

#endif
