/* SPDX-License-Identifier: Apache-2.0
 *
 * Twice over the frame: first for the largest bits of its windowed samples, then to scale them.
 * Keeping them in between would take 32 bits a sample.
 */
#include "window.h"

#include "front_end.h"
#include "kws_fixed.h"

#define SAMPLE_BITS 14 /* of a scaled sample, without its sign */

/* The value behind the last sample: what whitening leaves of that. */
static int32_t tail(const kws_front_end *f, const kws_tap *tap)
{
    return f->whitening == 0
               ? 0
               : kws_sub(tap->product >> (f->whitening - 1u), kws_add(tap->product, tap->product));
}

/* The tap before the frame: for whitening the frame is periodic, so the sample before a frame that
 * fills the transform is its last one. */
static kws_tap tap_before(const kws_frame *frame, const int16_t *window)
{
    const kws_front_end *f = frame->front_end;
    kws_tap              tap = {frame->previous, 0};
    if (f->whitening != 0 && f->frame_samples == f->fft_points) {
        const uint32_t last = frame->first + f->frame_samples - 1u;
        const int32_t  x = frame->ring[last < f->pcm_capacity ? last : last - f->pcm_capacity];
        tap.product = kws_mac(0, x, window[f->frame_samples - 1]);
    }
    return tap;
}

/* see front_end.h */
uint32_t kws_window(const kws_frame *frame)
{
    const kws_front_end *f = frame->front_end;
    const int16_t       *window = kws_part(frame->block, f->window_offset);
    const uint32_t       samples = f->frame_samples, points = f->fft_points;
    const uint32_t       to_end = f->pcm_capacity - frame->first;
    const uint32_t       first = samples < to_end ? samples : to_end;
    const kws_run front = {frame->ring + frame->first, window, first, f->preemphasis, f->whitening};
    const kws_run back = {frame->ring, window + first, samples - first, f->preemphasis,
                          f->whitening};
    int16_t      *out = frame->spectrum;
    const kws_tap before = tap_before(frame, window);
    kws_tap       tap = before;
    uint32_t      all = kws_window_scan(&front, &tap);
    all |= kws_window_scan(&back, &tap);
    const int32_t behind = samples < points ? tail(f, &tap) : 0;
    all |= (uint32_t)(behind ^ (behind >> 31));
    if (all == 0) {
        return KWS_SILENT;
    }
    const int32_t  bits = kws_bits(all);
    const uint32_t shift = bits > SAMPLE_BITS ? (uint32_t)(bits - SAMPLE_BITS) : 0;
    tap = before;
    kws_window_scale(&front, &tap, shift, out);
    kws_window_scale(&back, &tap, shift, out + first);
    if (samples < points) {
        memset(out + samples, 0, 2 * (points - samples));
        out[samples] = (int16_t)(behind >> shift);
    }
    return shift;
}
