/* SPDX-License-Identifier: Apache-2.0
 *
 * As window_runs.c, two samples a step: one load takes two of them, one multiplication either half.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_DSP

#include "kws_fixed.h"
#include "packed_complex.h"
#include "window.h"

static inline uint32_t bits_of(int32_t v)
{
    return (uint32_t)(v ^ (v >> 31));
}

/* Two neighbours, the first one low; they need not be aligned. */
typedef uint32_t two_samples __attribute__((may_alias, aligned(2)));

static inline int32_t load_two(const int16_t *x)
{
    return (int32_t) * (const two_samples *)(const void *)x;
}

/* 2 x - c x', then times the weight; see window_runs.c for the bounds. */
static inline int32_t emphasis(int32_t x, int32_t c, int32_t before)
{
    return 2 * x - (kws_mac(8192, c, before) >> 14);
}

static inline int32_t whitened(int32_t a, int32_t before, uint32_t whitening_less_1)
{
    return 2 * (a - before) + (before >> whitening_less_1);
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
            const int32_t sample = *x++;
            all |= bits_of(emphasis(sample, c, before) * *w++);
            before = sample;
        }
        tap->sample = before;
        return all;
    }
    const uint32_t whitening = run->whitening - 1;
    int32_t        before = tap->product;
    for (uint32_t pairs = run->count >> 1; pairs != 0; pairs--, x += 2, w += 2) {
        const int32_t samples = load_two(x), weights = load_two(w);
        const int32_t a = (int16_t)samples * (int16_t)weights;
        int32_t       b = (samples >> 16) * (weights >> 16);
        __asm__("" : "+r"(b)); /* one product, not a second one folded into its use */
        all |= bits_of(whitened(a, before, whitening));
        all |= bits_of(whitened(b, a, whitening));
        before = b;
    }
    if ((run->count & 1) != 0) {
        const int32_t a = *x * *w;
        all |= bits_of(whitened(a, before, whitening));
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
            *out++ = (int16_t)(emphasis(sample, c, before) * *w++ >> shift);
            before = sample;
        }
        tap->sample = before;
        return;
    }
    const uint32_t whitening = run->whitening - 1;
    int32_t        before = tap->product;
    for (uint32_t pairs = run->count >> 1; pairs != 0; pairs--, x += 2, w += 2, out += 2) {
        const int32_t samples = load_two(x), weights = load_two(w);
        const int32_t a = (int16_t)samples * (int16_t)weights;
        int32_t       b = (samples >> 16) * (weights >> 16);
        __asm__("" : "+r"(b)); /* one product, not a second one folded into its use */
        out[0] = (int16_t)(whitened(a, before, whitening) >> shift);
        out[1] = (int16_t)(whitened(b, a, whitening) >> shift);
        before = b;
    }
    if ((run->count & 1) != 0) {
        const int32_t a = *x * *w;
        *out = (int16_t)(whitened(a, before, whitening) >> shift);
        before = a;
    }
    tap->product = before;
}

#endif
