/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"
#include "kws_fixed.h"

/* see front_end.h */
void kws_logmel(const kws_frame *frame, int32_t least)
{
    const uint32_t points = frame->front_end->fft_points >> 1;
    const int16_t *twiddles = kws_part(frame->block, frame->front_end->twiddles_offset);
    kws_window(frame);
    kws_fft(frame->spectrum, points, twiddles);
    kws_split(frame->spectrum, points, twiddles + 2 * (points - (points >> 2)));
    kws_bands(frame, least);
}
