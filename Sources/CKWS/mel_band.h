/* SPDX-License-Identifier: Apache-2.0
 *
 * mel_band.h - the table of bands, for the files of kws_bands().
 */
#ifndef KWS_MEL_BAND_H
#define KWS_MEL_BAND_H

#include <stdint.h>

/* A band without bins has this value, before the clamp. */
#define KWS_EMPTY_BAND (-32768)

/* One entry of the table. */
typedef struct kws_mel_band {
    uint16_t first, bins;
    int16_t  log_offset;
} kws_mel_band;

_Static_assert(sizeof(kws_mel_band) == 6, "bands as SPEC.md has them");

#endif
