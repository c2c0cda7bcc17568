/* SPDX-License-Identifier: Apache-2.0
 *
 * The mean over all rows and columns, one row of the input at a time, 8 channels (4, if their sums
 * take 32 bits) at a time.
 */
#include "geometry.h"
#include "packed.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* Adds the pixels of a row to the sums, which the first row begins. */
static void add_narrow(const kws_tensor *in, const uint8_t *x, uint16_t *sums, bool first)
{
    uint32_t c = 0;
    for (; c + 16 <= in->channels; c += 16, x += 16) {
        uint16x8_t     low = first ? vdupq_n_u16(0) : vld1q_u16(sums + c);
        uint16x8_t     high = first ? vdupq_n_u16(0) : vld1q_u16(sums + c + 8);
        const uint8_t *pixel = x;
        for (uint32_t q = in->width; q > 0; q--, pixel += in->channels) {
            low = vaddq_u16(low, vldrbq_u16(pixel));
            high = vaddq_u16(high, vldrbq_u16(pixel + 8));
        }
        vst1q_u16(sums + c, low);
        vst1q_u16(sums + c + 8, high);
    }
    for (; c < in->channels; c += 8, x += 8) {
        const mve_pred16_t lanes = vctp16q(in->channels - c);
        uint16x8_t         sum = first ? vdupq_n_u16(0) : vldrhq_z_u16(sums + c, lanes);
        const uint8_t     *pixel = x;
        for (uint32_t q = in->width; q > 0; q--, pixel += in->channels) {
            sum = vaddq_u16(sum, vldrbq_z_u16(pixel, lanes));
        }
        vstrhq_p_u16(sums + c, sum, lanes);
    }
}

static void add_wide(const kws_tensor *in, const uint8_t *x, uint32_t *sums, bool first)
{
    for (uint32_t c = 0; c < in->channels; c += 4) {
        const mve_pred16_t lanes = vctp32q(in->channels - c);
        uint32x4_t         sum = first ? vdupq_n_u32(0) : vldrwq_z_u32(sums + c, lanes);
        const uint8_t     *pixel = x + c;
        for (uint32_t q = in->width; q > 0; q--, pixel += in->channels) {
            sum = vaddq_u32(sum, vldrbq_z_u32(pixel, lanes));
        }
        vstrwq_p_u32(sums + c, sum, lanes);
    }
}

/* The same for inputs of 4 or 2 bits, one at a time. */
static void add_packed(const kws_tensor *in, const uint8_t *x, void *sums, bool narrow, bool first)
{
    uint16_t *sums16 = sums;
    uint32_t *sums32 = sums;
    for (uint32_t q = 0; q < in->width; q++, x += kws_pixel_bytes(in)) {
        for (uint32_t c = 0; c < in->channels; c++) {
            const uint32_t before = first && q == 0 ? 0 : narrow ? sums16[c] : sums32[c];
            const uint32_t sum = before + (uint32_t)kws_get(x, in->bits, c);
            if (narrow) {
                sums16[c] = (uint16_t)sum;
            } else {
                sums32[c] = sum;
            }
        }
    }
}

/* The means: the high half of acc * (m * 2^16) is floor(acc * m / 2^16). acc < 2^24. */
static void finish(const kws_call *call, bool narrow)
{
    const kws_tensor *out = call->output;
    const int32_t     m = (int32_t)((uint32_t)kws_multipliers(call)[0] << 16);
    const int32_t     b = kws_biases(call)[0];
    const int32x4_t   largest = vdupq_n_s32((1 << out->bits) - 1), zero = vdupq_n_s32(0);
    for (uint32_t c = 0; c < out->channels; c += 4) {
        const mve_pred16_t lanes = vctp32q(out->channels - c);
        const uint32x4_t   acc = narrow ? vldrhq_z_u32((const uint16_t *)call->scratch + c, lanes)
                                        : vldrwq_z_u32((const uint32_t *)call->scratch + c, lanes);
        int32x4_t          y = vmulhq_s32(vreinterpretq_s32_u32(acc), vdupq_n_s32(m));
        y = vshlq_r_s32(vaddq_n_s32(y, b), -(int32_t)call->layer->shift);
        y = vmaxq_s32(vminq_s32(y, largest), zero);
        if (out->bits == 8) {
            vstrbq_p_s32((int8_t *)call->out + c, y, lanes);
        } else {
            int32_t v[4];
            vst1q_s32(v, y);
            for (uint32_t i = c; i < out->channels && i < c + 4; i++) {
                kws_put(call->out, out->bits, i, v[i - c]);
            }
        }
    }
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input;
    const uint8_t    *row = call->in + kws_row(in, r);
    const bool        narrow = kws_mean_is_narrow(in);
    if (in->bits != 8) {
        add_packed(in, row, call->scratch, narrow, r == 0);
    } else if (narrow) {
        add_narrow(in, row, call->scratch, r == 0);
    } else {
        add_wide(in, row, call->scratch, r == 0);
    }
    if (r + 1u == in->height) {
        finish(call, narrow);
    }
}

/* see inner.h */
const kws_kernel kws_mean_w0 = {.id = KWS_KERNEL_MEAN,
                                .pack = KWS_PACK_ANY,
                                .by_input = true,
                                .fits = kws_mean_fits,
                                .run = run};

#endif
