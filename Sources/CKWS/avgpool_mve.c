/* SPDX-License-Identifier: Apache-2.0
 *
 * Sixteen channels at a time, even and odd ones apart in sums of 16 bits.
 */
#include "pool.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* (floor(acc m / 2^16) + b) >> n; the former is the high half of acc times m 2^16. */
static inline int32x4_t rescale(uint32x4_t acc, int32_t m, int32_t b, int32_t n)
{
    const int32x4_t factor = vdupq_n_s32((int32_t)((uint32_t)m << 16));
    const int32x4_t product = vmulhq_s32(vreinterpretq_s32_u32(acc), factor);
    return vshlq_r_s32(vaddq_n_s32(product, b), -n);
}

/* Eight averages, those above 255 not yet clipped. */
static inline uint16x8_t averages(uint16x8_t sums, int32_t m, int32_t b, int32_t n)
{
    const int32x4_t  even = rescale(vmovlbq_u16(sums), m, b, n);
    const int32x4_t  odd = rescale(vmovltq_u16(sums), m, b, n);
    const uint16x8_t y = vqmovunbq_s32(vdupq_n_u16(0), even);
    return vqmovuntq_s32(y, odd);
}

/* see pool.h */
uint32_t kws_avgpool_fast(const kws_call *call, const kws_view *view, uint8_t *y)
{
    const uint32_t channels = call->output->channels, step = view->pixel_bytes;
    const uint32_t taps = (uint32_t)call->layer->kernel_height * call->layer->kernel_width;
    const uint16_t padding = (uint16_t)kws_padding_sum(call, view);
    const int32_t  m = kws_multipliers(call)[0], b = kws_biases(call)[0], n = call->layer->shift;
    const uint8_t *first = view->x;
    if (taps > KWS_POOL_NARROW) {
        return 0;
    }
    for (uint32_t c = 0; c < channels; c += 16, first += 16) {
        const mve_pred16_t lanes = vctp8q(channels - c);
        const uint8_t     *x = first;
        uint16x8_t         even = vdupq_n_u16(padding), odd = even;
        uint8x16_t         average = vdupq_n_u8(0);
        for (uint32_t rows = view->rows;; x = kws_next_row(view, x)) {
            const uint8_t *end = x + view->run_bytes;
            do {
                const uint8x16_t pixel = vldrbq_z_u8(x, lanes);
                even = vaddq_u16(even, vmovlbq_u8(pixel));
                odd = vaddq_u16(odd, vmovltq_u8(pixel));
                x += step;
                KWS_KEEP_LOOP(x);
            } while (x != end);
            if (--rows == 0) {
                break;
            }
        }
        average = vqmovnbq_u16(average, averages(even, m, b, n));
        average = vqmovntq_u16(average, averages(odd, m, b, n));
        vstrbq_p_u8(y + c, average, lanes);
    }
    return channels;
}

#endif
