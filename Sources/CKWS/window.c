/* SPDX-License-Identifier: Apache-2.0 */
#include "front_end.h"
#include "kws_fixed.h"

/* see front_end.h */
void kws_window(const kws_frame *frame)
{
    const kws_front_end *front_end = frame->front_end;
    const int16_t       *window = kws_part(frame->block, front_end->window_offset);
    const uint32_t       pairs = front_end->fft_points >> 1;
    const uint32_t       samples = front_end->frame_samples;
    int32_t              previous = frame->previous;
    uint32_t             place = frame->first, position = 0, n = 0;
    for (uint32_t k = 0; k < pairs; k++) {
        for (uint32_t half = 0; half < 2; half++, n++) {
            int32_t windowed = 0;
            if (n < samples) {
                const int32_t sample = frame->ring[place];
                place = place + 1 < front_end->pcm_capacity ? place + 1 : 0;
                /* |e| <= 2^30 + 2^30, and +2^31 is out of reach as sample <= 32767 */
                const int32_t e = kws_mac(sample * 32768, -front_end->preemphasis, previous);
                windowed = kws_mulq(e, window[n]) >> front_end->input_shift;
                previous = sample;
            }
            frame->spectrum[2 * position + half] = windowed;
        }
        position = kws_fft_next(position, pairs);
    }
}
