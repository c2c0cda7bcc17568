/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"

#if KWS_FRONT_END != KWS_FRONT_END_MVE

#include "kws_fixed.h"
#include "log_sums.h"

/* see front_end.h */
void kws_divide(const kws_frame *frame, const int16_t *log_mel, int32_t peak)
{
    const int32_t log_peak = kws_log2_q10((uint32_t)peak); /* <= 15 * 1024 */
    const int32_t constant = kws_sat16(log_peak + frame->front_end->log_floor);
    for (uint32_t j = 0; j < frame->front_end->band_count; j++) {
        frame->bands[j] = kws_sat16(kws_log_add(log_mel[j], constant) - log_peak);
    }
}

#endif
