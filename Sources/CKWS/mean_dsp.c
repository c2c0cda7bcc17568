/* SPDX-License-Identifier: Apache-2.0
 *
 * The mean over all rows and columns, one row of the input at a time, for the DSP extension: four
 * channels in three instructions a pixel, where they have 8 bits and fit 16-bit sums.
 */
#include "gather_dsp.h"
#include "geometry.h"
#include "matrix_dsp.h"
#include "packed.h"

#if KWS_VARIANT == KWS_PACK_DSP

#define NARROW_MAX 257u /* 257 * 255 = 65535 */

static bool is_narrow(const kws_tensor *in)
{
    return kws_times(in->height, in->width) <= NARROW_MAX;
}

/* Are the sums of four channels c .. c+3 in the order c, c+2, c+1, c+3? */
static bool is_fast(const kws_tensor *in)
{
    return is_narrow(in) && in->bits == 8 && (in->channels & 3u) == 0;
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    (void)layer;
    need->channels = 1;
    need->scratch_bytes = kws_times(in->channels, is_narrow(in) ? 2 : 4);
    return in2 == NULL && in->channels == out->channels && out->height == 1 && out->width == 1 &&
           kws_times(in->height, in->width) <= KWS_TAPS_MAX;
}

/* Adds `pixels` pixels, stride bytes apart, to the sums. */
KWS_ASSEMBLY static void add_fast(uint32_t *sums KWS_UNUSED, const uint8_t *x KWS_UNUSED,
                                  uint32_t stride KWS_UNUSED, uint32_t pixels KWS_UNUSED)
{
    /* clang-format off: one instruction a line */
    __asm__ volatile(
        KWS_LINE("push   {r4, r5, r6, r7, lr}") KWS_LINE("mov    r7, r2") "1:\n\t" KWS_LINE(
            "ldrd   r4, r5, [r0]") KWS_LINE("mov    r12, r1")
            KWS_LINE("mov    lr, r3") "2:\n\t" KWS_LINE("ldr    r6, [r12]")
                KWS_LINE("add    r12, r12, r2") KWS_LINE("uxtab16 r4, r4, r6")
                    KWS_LINE("uxtab16 r5, r5, r6, ror #8") KWS_LINE("subs   lr, lr, #1")
                        KWS_LINE("bne    2b") KWS_LINE("strd   r4, r5, [r0], #8")
                            KWS_LINE("add    r1, r1, #4") KWS_LINE("subs   r7, r7, #4")
                                KWS_LINE("bne    1b") KWS_LINE("pop    {r4, r5, r6, r7, pc}"));
    /* clang-format on */
}

KWS_SMALL static void add_slowly(const kws_call *call, const uint8_t *pixel)
{
    const kws_tensor *in = call->input;
    uint16_t         *narrow = call->scratch;
    uint32_t         *wide = call->scratch;
    for (uint32_t q = 0; q < in->width; q++, pixel += kws_pixel_bytes(in)) {
        for (uint32_t c = 0; c < in->channels; c++) {
            const int32_t x = kws_get(pixel, in->bits, c);
            if (is_narrow(in)) {
                narrow[c] = (uint16_t)(narrow[c] + x);
            } else {
                wide[c] += (uint32_t)x;
            }
        }
    }
}

static uint32_t sum_of(const kws_call *call, uint32_t c)
{
    const kws_tensor *in = call->input;
    if (!is_narrow(in)) {
        return ((const uint32_t *)call->scratch)[c];
    }
    if (is_fast(in)) {
        c = (c & ~3u) | (c & 1u) << 1 | (c >> 1 & 1u);
    }
    return ((const uint16_t *)call->scratch)[c];
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint8_t    *row = call->in + kws_row(in, r);
    if (r == 0) {
        memset(call->scratch, 0, (is_narrow(in) ? 2u : 4u) * in->channels);
    }
    if (is_fast(in)) {
        add_fast(call->scratch, row, in->channels, in->width);
    } else {
        add_slowly(call, row);
    }
    if (r + 1u < in->height) {
        return;
    }
    for (uint32_t c = 0; c < in->channels; c++) {
        kws_put(call->out, out->bits, c,
                kws_requant((int32_t)sum_of(call, c), kws_multipliers(call)[0], kws_biases(call)[0],
                            call->layer->shift, out->bits));
    }
}

/* see inner.h */
const kws_kernel kws_mean_w0 = {
    .id = KWS_KERNEL_MEAN, .pack = KWS_PACK_ANY, .by_input = true, .fits = fits, .run = run};

#endif
