/* SPDX-License-Identifier: Apache-2.0
 *
 * As bands.c: the sums of a band's levels eight or four at a time, logarithms of four bands at a
 * time.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_MVE

#include <arm_mve.h>

#include "kws_fixed.h"
#include "mel_band.h"
#include "products.h"

#define FOUR 4

/* Of bins from the first on, four at a time, at their places. kws_mulq(l, w) is the high half of l
 * and w 2^16. Assembly for the predicated tail, as of kws_products(). */
static uint32_t power_sum(const kws_power *z, uint32_t points, uint32_t first, uint32_t bins,
                          const int16_t *weight)
{
    uint32_t       sum = (bins + 1) >> 1; /* + 2^31 * 32767 / 2^16 at most */
    const uint32_t bits = 31u - (uint32_t)__builtin_clz(points);
    if (first + bins > points) {
        bins--;
        sum += (uint32_t)kws_mulq((int32_t)z[points], weight[bins]);
    }
    __asm__("dlstp.32 lr, %3\n"
            "1:\n\t"
            "vidup.u32 q0, %1, #1\n\t"
            "vbrsr.32 q0, q0, %5\n\t"
            "vldrh.s32 q1, [%2], #8\n\t"
            "vldrw.u32 q2, [%4, q0, uxtw #2]\n\t"
            "vshl.i32 q1, q1, #16\n\t"
            "vmulh.s32 q2, q2, q1\n\t"
            "vaddva.u32 %0, q2\n\t"
            "letp lr, 1b"
            : "+Te"(sum), "+Te"(first), "+l"(weight)
            : "r"(bins), "r"(z), "r"(bits)
            : "lr", "q0", "q1", "q2", "memory");
    return sum;
}

/* kws_log2_q10() of four numbers. */
static inline int32x4_t logarithms(uint32x4_t u)
{
    const int32x4_t  shift = vaddq_n_s32(vreinterpretq_s32_u32(vclzq_u32(u)), 1);
    const uint32x4_t h = vshlq_u32(u, shift); /* without its first one */
    const uint32x4_t i = vshrq_n_u32(h, 27), f = vshrq_n_u32(vshlq_n_u32(h, 5), 22);
    const uint32x4_t t = vldrhq_gather_shifted_offset_u32(kws_log2_table, i);
    const uint32x4_t next = vldrhq_gather_shifted_offset_u32(kws_log2_table + 1, i);
    const uint32x4_t v = vaddq_u32(t, vshrq_n_u32(vmulq_u32(vsubq_u32(next, t), f), 10));
    const int32x4_t  fraction = vreinterpretq_s32_u32(vrshrq_n_u32(v, 5));
    return vmlaq_n_s32(vaddq_n_s32(fraction, 32 * 1024), shift, -1024);
}

/* see front_end.h */
bool kws_bands_reach(const kws_front_end *front_end, const void *block)
{
    const uint16_t  *bands = kws_part(block, front_end->bands_offset);
    const uint32_t   half = (uint32_t)front_end->fft_points >> 2;
    const uint16x8_t places = vmulq_n_u16(vidupq_n_u16(0, 1), 3);
    uint16_t         behind = 0;
    for (int32_t left = front_end->band_count; left > 0; left -= 8, bands += 3 * 8) {
        const mve_pred16_t lanes = vctp16q((uint32_t)left);
        const uint16x8_t   first = vldrhq_gather_shifted_offset_z_u16(bands, places, lanes);
        const uint16x8_t   bins = vldrhq_gather_shifted_offset_z_u16(bands + 1, places, lanes);
        behind = vmaxvq_p_u16(behind, vaddq_u16(first, bins), lanes);
    }
    return behind > half + 1;
}

/* see front_end.h */
void kws_bands(const kws_frame *frame, uint32_t shifts, int32_t least)
{
    const kws_front_end *front_end = frame->front_end;
    const kws_mel_band  *band = kws_part(frame->block, front_end->bands_offset);
    const int16_t       *weights = kws_part(frame->block, front_end->band_weights_offset);
    const bool           power = front_end->spectrum == KWS_SPECTRUM_POWER;
    const uint32_t       points = (uint32_t)front_end->fft_points >> 1;
    const int16_t       *magnitudes = frame->spectrum + front_end->fft_points;
    const kws_power     *powers = (const kws_power *)(const void *)frame->spectrum;
    const int32_t        offset = front_end->log_offset + (int32_t)(shifts << (power ? 11 : 10));
    const uint32x4_t     places = {0, 3, 6, 9};
    int16_t             *out = frame->bands;
    if (shifts == KWS_SILENT) {
        kws_silent_bands(frame, least);
        return;
    }
    for (int32_t left = front_end->band_count; left > 0; left -= FOUR, out += FOUR) {
        const mve_pred16_t lanes = vctp32q((uint32_t)left);
        const int32x4_t    offsets =
            vldrhq_gather_shifted_offset_z_s32(&band->log_offset, places, lanes);
        uint32_t sums[FOUR] = {0, 0, 0, 0};
        for (int32_t i = 0; i < FOUR && i < left; i++, band++) {
            if (band->bins != 0) {
                sums[i] = power ? power_sum(powers, points, band->first, band->bins, weights)
                                : (uint32_t)kws_products(16384, magnitudes + band->first, weights,
                                                         band->bins);
            }
            weights += band->bins;
        }
        const uint32x4_t sum = vldrwq_u32(sums);
        int32x4_t        value = vaddq_s32(vaddq_n_s32(logarithms(sum), offset), offsets);
        value = vdupq_m_n_s32(value, KWS_EMPTY_BAND, vcmpeqq_n_u32(sum, 0));
        value = vmaxq_s32(value, vdupq_n_s32(least));
        value = vminq_s32(value, vdupq_n_s32(32767));
        vstrhq_p_s32(out, value, lanes);
    }
}

#endif
