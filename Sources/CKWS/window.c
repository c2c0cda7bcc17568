/* SPDX-License-Identifier: Apache-2.0
 *
 * Some v[n] in 32 bits and the largest of their bits, then v[n] >> r over them, for as many n as
 * the scratch has room for behind what has been narrowed: at least half of the rest. If a later
 * part has larger ones, all before it is shifted once more, which is the same: (v >> a) >> b is v
 * >> (a + b).
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

/* The right shift that leaves numbers of SAMPLE_BITS bits and a sign, from all of their bits. */
static uint32_t shift_of(uint32_t all)
{
    const int32_t bits = kws_bits(all);
    return bits > SAMPLE_BITS ? (uint32_t)(bits - SAMPLE_BITS) : 0;
}

/* see front_end.h */
uint32_t kws_window(const kws_frame *frame)
{
    const kws_front_end *f = frame->front_end;
    const uint32_t       samples = f->frame_samples, points = f->fft_points;
    int16_t             *out = frame->spectrum;
    const int32_t        behind = tail(frame);
    uint32_t             all = (uint32_t)(behind ^ (behind >> 31)), shift = 0;
    for (uint32_t done = 0, count; done < samples; done += count) {
        const uint32_t room = (frame->room - 2 * done) >> 2; /* > (samples - done) / 2 */
        count = samples - done <= room ? samples - done : room & ~1u;
        kws_kept *v = (kws_kept *)(void *)out + (frame->room >> 2) - count;
        all |= keep(frame, done, done + count, v);
        const uint32_t before = shift;
        shift = shift_of(all);
        if (shift != before && done != 0) {
            kws_window_shift(out, done, shift - before);
        }
        kws_window_narrow(v, count, shift, out + done);
    }
    if (all == 0) {
        return KWS_SILENT;
    }
    if (samples < points) {
        memset(out + samples, 0, 2 * (points - samples));
        out[samples] = (int16_t)(behind >> shift);
    }
    return shift;
}
