/* SPDX-License-Identifier: Apache-2.0
 *
 * mel_band.h - the table of bands, for the files of kws_bands().
 */
#ifndef KWS_MEL_BAND_H
#define KWS_MEL_BAND_H

#include "front_end.h"
#include "kws_fixed.h"

/* A band without bins has this value, before the clamp. */
#define KWS_EMPTY_BAND (-32768)

/* One entry of the table. */
typedef struct kws_mel_band {
    uint16_t first, bins;
    int16_t  log_offset;
} kws_mel_band;

_Static_assert(sizeof(kws_mel_band) == 6, "bands as SPEC.md has them");

/* The bands of a silent frame. */
static inline void kws_silent_bands(const kws_frame *frame, int32_t least)
{
    for (uint32_t j = 0; j < frame->front_end->band_count; j++) {
        frame->bands[j] = kws_sat16(KWS_EMPTY_BAND > least ? KWS_EMPTY_BAND : least);
    }
}

#endif
