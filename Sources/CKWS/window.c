/* SPDX-License-Identifier: Apache-2.0
 *
 * First v[n] in 32 bits and the largest of their bits, then v[n] >> r over them. The scratch of the
 * transform and its levels has room for all of a frame's v[n] where levels are powers, and for
 * three quarters of the transform's where they are magnitudes; what is left over is computed once
 * more when the others are narrow.
 */
#include "window.h"

#include "front_end.h"
#include "kws_fixed.h"

#define SAMPLE_BITS 14 /* of a scaled sample, without its sign */

/* Sample n of the frame. */
static int32_t sample(const kws_frame *frame, uint32_t n)
{
    const uint32_t place = frame->first + n, capacity = frame->front_end->pcm_capacity;
    return frame->ring[place < capacity ? place : place - capacity];
}

static int32_t product(const kws_frame *frame, const int16_t *window, uint32_t n)
{
    return kws_mac(0, sample(frame, n), window[n]);
}

/* Samples from .. to - 1, in one run or two. */
static uint32_t keep(const kws_frame *frame, uint32_t from, uint32_t to, kws_kept *v)
{
    const kws_front_end *f = frame->front_end;
    const int16_t       *window = kws_part(frame->block, f->window_offset);
    uint32_t             all = 0;
    while (from < to) {
        const uint32_t place = frame->first + from;
        const bool     wrapped = place >= f->pcm_capacity;
        const uint32_t to_end = wrapped ? to - from : f->pcm_capacity - place;
        kws_run        run = {.x = frame->ring + (wrapped ? place - f->pcm_capacity : place),
                              .window = window + from,
                              .count = to - from < to_end ? to - from : to_end,
                              .preemphasis = f->preemphasis,
                              .whitening = f->whitening};
        if (from != 0) {
            run.sample = sample(frame, from - 1);
            run.product = product(frame, window, from - 1);
        } else {
            /* For whitening the frame is periodic, so the sample before a frame that fills the
             * transform is its last one. */
            const bool fills = f->frame_samples == f->fft_points;
            run.sample = frame->previous;
            run.product = fills ? product(frame, window, f->frame_samples - 1u) : 0;
        }
        all |= kws_window_keep(&run, v);
        from += run.count;
        v += run.count;
    }
    return all;
}

/* The value behind the last sample: what whitening leaves of that. */
static int32_t tail(const kws_frame *frame)
{
    const kws_front_end *f = frame->front_end;
    if (f->whitening == 0 || f->frame_samples == f->fft_points) {
        return 0;
    }
    const int32_t last =
        product(frame, kws_part(frame->block, f->window_offset), f->frame_samples - 1u);
    return kws_sub(last >> (f->whitening - 1u), kws_add(last, last));
}

/* see front_end.h */
uint32_t kws_window(const kws_frame *frame)
{
    const kws_front_end *f = frame->front_end;
    const uint32_t       samples = f->frame_samples, points = f->fft_points;
    const uint32_t       room = kws_front_end_work(f) >> 2; /* >= 3/4 points */
    const uint32_t       first = samples < room ? samples : room, left = samples - first;
    int16_t             *out = frame->spectrum;
    kws_kept            *v = (kws_kept *)(void *)out;
    const int32_t        behind = tail(frame);
    uint32_t             all = (uint32_t)(behind ^ (behind >> 31));
    all |= keep(frame, first, samples, v); /* only for its bits */
    all |= keep(frame, 0, first, v);
    if (all == 0) {
        return KWS_SILENT;
    }
    const int32_t  bits = kws_bits(all);
    const uint32_t shift = bits > SAMPLE_BITS ? (uint32_t)(bits - SAMPLE_BITS) : 0;
    kws_window_narrow(v, first, shift, out);
    if (left != 0) { /* behind all samples: left <= points / 4, first <= 3/4 points */
        keep(frame, first, samples, v + (room - left));
        kws_window_narrow(v + (room - left), left, shift, out + first);
    }
    if (samples < points) {
        memset(out + samples, 0, 2 * (points - samples));
        out[samples] = (int16_t)(behind >> shift);
    }
    return shift;
}
