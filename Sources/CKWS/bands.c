/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"

#if KWS_FRONT_END != KWS_FRONT_END_MVE

#include "kws_fixed.h"
#include "mel_band.h"
#include "products.h"

static inline int32_t add(int32_t sum, kws_power power, int32_t weight)
{
#if KWS_FRONT_END == KWS_FRONT_END_DSP
    return __smlawb((int32_t)power, weight, sum);
#elif KWS_VARIANT == KWS_PACK_V7M
    return kws_add(sum, (int32_t)(((int64_t)(int32_t)power * (weight * 65536)) >> 32));
#else
    return kws_add(sum, kws_mulq((int32_t)power, weight));
#endif
}

static uint32_t power_sum(const kws_power *power, const int16_t *weight, uint32_t bins)
{
    int32_t sum = (int32_t)((bins + 1) >> 1); /* + 2^31 * 32767 / 2^16 at most */
    for (const kws_power *end = power + bins; power < end; power++) {
        sum = add(sum, *power, *weight++);
    }
    return (uint32_t)sum;
}

/* see front_end.h */
bool kws_bands_reach(const kws_front_end *front_end, const void *block)
{
    const kws_mel_band *bands = kws_part(block, front_end->bands_offset);
    const uint32_t      half = (uint32_t)front_end->fft_points >> 2;
    for (uint32_t j = 0; j < front_end->band_count; j++) {
        if ((uint32_t)bands[j].first + bands[j].bins > half + 1) {
            return true;
        }
    }
    return false;
}

/* see front_end.h */
void kws_bands(const kws_frame *frame, uint32_t shifts, int32_t least)
{
    const kws_front_end *front_end = frame->front_end;
    const kws_mel_band  *band = kws_part(frame->block, front_end->bands_offset);
    const int16_t       *weights = kws_part(frame->block, front_end->band_weights_offset);
    const bool           power = front_end->spectrum == KWS_SPECTRUM_POWER;
    const int16_t       *magnitudes = frame->spectrum + front_end->fft_points;
    const kws_power     *powers = (const kws_power *)(const void *)frame->spectrum;
    const int32_t        offset = front_end->log_offset + (int32_t)(shifts << (power ? 11 : 10));
    if (shifts == KWS_SILENT) {
        kws_silent_bands(frame, least);
        return;
    }
    for (uint32_t j = 0; j < front_end->band_count; j++, band++) {
        int32_t value = KWS_EMPTY_BAND;
        if (band->bins != 0) {
            const uint32_t sum =
                power ? power_sum(powers + band->first, weights, band->bins)
                      : (uint32_t)kws_products(16384, magnitudes + band->first, weights,
                                               band->bins); /* <= 2^14 + 32767 * 32767 */
            value = kws_log2_q10(sum) + offset + band->log_offset;
        }
        frame->bands[j] = kws_sat16(value > least ? value : least);
        weights += band->bins;
    }
}

#endif
