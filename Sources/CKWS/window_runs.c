/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"

#if KWS_FRONT_END != KWS_FRONT_END_MVE

#include "kws_fixed.h"
#include "products.h"
#include "window.h"

static inline uint32_t bits_of(int32_t v)
{
    return (uint32_t)(v ^ (v >> 31));
}

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

static uint32_t keep_emphasised(const kws_run *run, kws_kept *v)
{
    const int16_t *x = run->x, *w = run->window;
    const int32_t  c = run->preemphasis;
    int32_t        before = run->sample;
    uint32_t       all = 0;
    for (uint32_t pairs = run->count >> 1; pairs != 0; pairs--, x += 2, w += 2, v += 2) {
        const int32_t a = x[0], b = x[1];
        const int32_t va = emphasised(a, before, c, w[0]), vb = emphasised(b, a, c, w[1]);
        all |= bits_of(va) | bits_of(vb);
        v[0] = va;
        v[1] = vb;
        before = b;
    }
    if ((run->count & 1) != 0) {
        v[0] = emphasised(x[0], before, c, w[0]);
        all |= bits_of(v[0]);
    }
    return all;
}

static uint32_t keep_whitened(const kws_run *run, kws_kept *v)
{
    const int16_t *x = run->x, *w = run->window;
    const uint32_t whitening = run->whitening - 1;
    int32_t        before = run->product;
    uint32_t       all = 0;
    for (uint32_t pairs = run->count >> 1; pairs != 0; pairs--, x += 2, w += 2, v += 2) {
        const kws_pair a = kws_two_products(x, w);
        const int32_t  va = whitened(a.first, before, whitening);
        const int32_t  vb = whitened(a.second, a.first, whitening);
        all |= bits_of(va) | bits_of(vb);
        v[0] = va;
        v[1] = vb;
        before = a.second;
    }
    if ((run->count & 1) != 0) {
        v[0] = whitened(kws_mac(0, x[0], w[0]), before, whitening);
        all |= bits_of(v[0]);
    }
    return all;
}

/* see window.h */
uint32_t kws_window_keep(const kws_run *run, kws_kept *v)
{
    return run->whitening == 0 ? keep_emphasised(run, v) : keep_whitened(run, v);
}

/* see window.h */
void kws_window_narrow(const kws_kept *v, uint32_t count, uint32_t shift, int16_t *out)
{
    for (; count >= 4; count -= 4, v += 4, out += 4) {
        const int32_t a = v[0], b = v[1], c = v[2], d = v[3];
        kws_put_two(out, a >> shift, b >> shift);
        kws_put_two(out + 2, c >> shift, d >> shift);
    }
    for (; count != 0; count--) {
        *out++ = (int16_t)(*v++ >> shift);
    }
}

/* see window.h */
void kws_window_shift(int16_t *out, uint32_t count, uint32_t shift)
{
    for (const int16_t *end = out + count; out < end; out += 2) {
        kws_put_two(out, out[0] >> shift, out[1] >> shift);
    }
}

#endif
