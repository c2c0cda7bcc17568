/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"

/* see front_end.h */
void kws_logmel(const kws_frame *frame, int32_t least)
{
    const kws_front_end *front_end = frame->front_end;
    const int16_t       *twiddles = kws_part(frame->block, front_end->twiddles_offset);
    uint32_t             shifts = kws_window(frame);
    if (shifts != KWS_SILENT) {
        bool small;
        shifts += kws_fft(frame->spectrum, (uint32_t)front_end->fft_points >> 1, twiddles, &small);
        shifts += small ? 0 : 1;
        kws_bins(frame, small, kws_bands_reach(front_end, frame->block));
    }
    kws_bands(frame, shifts, least);
}
