/* SPDX-License-Identifier: Apache-2.0
 *
 * Audio in, events out. kws_push() and kws_poll() are the two ends of a queue: the producer owns
 * `pushed`, the consumer `released`; either reads the other's counter, and a barrier keeps the
 * samples on the right side of it.
 */
#include "detector.h"
#include "row_by_row.h"

static int16_t *ring_of(const kws *k)
{
    return kws_place(k, KWS_INSTANCE_BYTES);
}

/* A place in the PCM ring, count samples on; count <= capacity. */
static uint32_t advance(const kws_front_end *front_end, uint32_t place, uint32_t count)
{
    place += count;
    return place < front_end->pcm_capacity ? place : place - front_end->pcm_capacity;
}

/* The slot behind this one in a ring of count slots. */
static uint16_t next_slot(uint16_t slot, uint32_t count)
{
    return slot + 1u < count ? (uint16_t)(slot + 1u) : 0;
}

size_t kws_push(kws *k, const int16_t *pcm, size_t count)
{
    const kws_front_end *front_end = k != NULL ? kws_front_end_of(k->model) : NULL;
    if (front_end == NULL || pcm == NULL) {
        return 0;
    }
    const uint32_t pushed = k->pushed;
    const uint32_t room = front_end->pcm_capacity - (pushed - k->released);
    const uint32_t taken = count < room ? (uint32_t)count : room;
    const uint32_t to_end = front_end->pcm_capacity - k->write;
    const uint32_t first = taken < to_end ? taken : to_end;
    KWS_BARRIER(); /* the room is there: the consumer has read what lay in it */
    memcpy(ring_of(k) + k->write, pcm, 2 * first);
    memcpy(ring_of(k), pcm + first, 2 * (taken - first));
    k->write = advance(front_end, k->write, taken);
    KWS_BARRIER(); /* the samples are there before they are counted */
    k->pushed = pushed + taken;
    k->overruns += (uint32_t)(count - taken);
    return taken;
}

/* The largest of hop samples from a place in the ring on. */
static int16_t largest(const kws *k, const kws_front_end *front_end, uint32_t place)
{
    const int16_t *ring = ring_of(k);
    int16_t        best = ring[place];
    for (uint32_t i = 1; i < front_end->hop_samples; i++) {
        place = advance(front_end, place, 1);
        best = ring[place] > best ? ring[place] : best;
    }
    return best;
}

static kws_frame frame_of(const kws *k, const kws_front_end *front_end)
{
    const uint32_t kept = kws_header(k->model)->kept_bytes, start = k->parts.work + kept;
    const uint32_t arena = kws_header(k->model)->arena_bytes - kept;
    const uint32_t work = k->parts.bands > start /* no part of its own */
                              ? k->parts.bands - start + 2u * front_end->band_count
                              : kws_front_end_work(front_end);
    return (kws_frame){
        .front_end = front_end,
        .block = k->model->block,
        .ring = ring_of(k),
        .spectrum = kws_place(k, start),
        .room = (arena > work ? arena : work) & ~3u,
        .bands = kws_place(k, k->parts.bands),
        .state = kws_place(k, k->parts.state),
    };
}

static const struct kws_features *features_of(const kws *k, const kws_front_end *front_end)
{
    return kws_find_kernel(k->model, front_end->features)->features;
}

/* One hop: its largest sample, the frame that it completes, and the samples it frees. */
static void step(kws *k, const kws_front_end *front_end)
{
    const struct kws_features *features = features_of(k, front_end);
    const uint32_t             hop = front_end->hop_samples;
    const uint32_t overlap = hop * ((uint32_t)front_end->window_hops - front_end->frame_count);
    k->locked = k->lockout != 0;
    if (k->locked) {
        k->lockout--;
    }
    const uint32_t fresh = advance(front_end, k->read, k->kept);
    if (kws_detector_of(k->model)->energy != 0) {
        kws_find_kernel(k->model, KWS_DETECTION_ENERGY)->gate->take(k, ring_of(k), fresh);
    }
    if (features->keeps_peaks) {
        int16_t *peaks = kws_place(k, k->parts.state);
        peaks[k->peak_slot] = largest(k, front_end, fresh);
        k->peak_slot = next_slot(k->peak_slot, front_end->window_hops);
    }
    if (k->kept >= overlap) {
        /* overlap samples are kept, and one more behind the first frame */
        kws_frame      frame = frame_of(k, front_end);
        const uint32_t row = features->row_bytes(front_end) * k->row_slot;
        k->due = kws_is_streamed(k);
        frame.first = advance(front_end, k->read, k->kept - overlap);
        frame.previous = k->kept > overlap ? frame.ring[k->read] : 0;
        features->frame(&frame, k->due ? frame.spectrum : kws_place(k, k->parts.rows + row));
        k->row_slot = next_slot(k->row_slot, front_end->frame_count);
    }
    const uint32_t processed = k->kept + hop;
    const uint32_t keep = processed < overlap + 1 ? processed : overlap + 1;
    k->read = advance(front_end, k->read, processed - keep);
    k->kept = keep;
    KWS_BARRIER(); /* the samples were read before they may be overwritten */
    k->released += processed - keep;
    if (!kws_is_streamed(k) && --k->until_inference == 0) {
        k->until_inference = kws_detector_of(k->model)->inference_hops;
        k->due = true;
    }
}

/* The features of the window, oldest frame first, into the network's input. */
static void assemble(const kws *k, const kws_front_end *front_end)
{
    const struct kws_features *features = features_of(k, front_end);
    const kws_frame            frame = frame_of(k, front_end);
    const uint32_t             row_bytes = features->row_bytes(front_end);
    const uint8_t             *rows = kws_place(k, k->parts.rows);
    const int16_t             *peaks = kws_place(k, k->parts.state);
    uint8_t *out = (uint8_t *)kws_place(k, k->parts.work) + kws_tensors(k->model)->arena_offset;
    int32_t  peak = 1;
    if (features->keeps_peaks) {
        for (uint32_t i = 0; i < front_end->window_hops; i++) {
            peak = peaks[i] > peak ? peaks[i] : peak;
        }
    }
    uint16_t slot = k->row_slot;
    for (uint32_t i = 0; i < front_end->frame_count; i++) {
        features->finish(&frame, rows + row_bytes * slot, peak, out);
        out += kws_features_bytes(front_end);
        slot = next_slot(slot, front_end->frame_count);
    }
}

/* The sum of a row of the network's input, <= 512 * 255. */
static uint32_t sum_of(const uint8_t *row, const kws_front_end *front_end)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < kws_features_bytes(front_end); i++) {
        sum += row[i];
    }
    return sum;
}

/* Where rows are kept, the gate of contrast finds the sums of the last frames' features. */
static void keep_sum(const kws *k, const kws_front_end *front_end, uint32_t slot, uint32_t sum)
{
    void *sums = kws_place(k, k->parts.rows);
    if (kws_sum_bytes(front_end) == 2) {
        ((uint16_t *)sums)[slot] = (uint16_t)sum;
    } else {
        ((uint32_t *)sums)[slot] = sum;
    }
}

/* The gate of contrast: do two rows of the network's input differ enough? */
static bool has_contrast(const kws *k, const kws_front_end *front_end)
{
    const uint8_t *row =
        (const uint8_t *)kws_place(k, k->parts.work) + kws_tensors(k->model)->arena_offset;
    const uint32_t *wide = kws_place(k, k->parts.rows);
    const uint16_t *narrow = kws_sum_bytes(front_end) == 2 ? (const void *)wide : NULL;
    uint32_t        low = UINT32_MAX, high = 0;
    for (uint32_t r = 0; r < front_end->frame_count; r++) {
        const uint32_t sum = !kws_is_streamed(k) ? sum_of(row, front_end)
                             : narrow != NULL    ? narrow[r]
                                                 : wide[r];
        row += kws_features_bytes(front_end);
        low = sum < low ? sum : low;
        high = sum > high ? sum : high;
    }
    return high - low >= kws_detector_of(k->model)->contrast;
}

/* The network's next row of features; returns the scores if a decision is due. */
static const uint8_t *run_row(kws *k, const kws_front_end *front_end)
{
    const kws_frame frame = frame_of(k, front_end);
    uint8_t        *row = kws_next_row(k);
    features_of(k, front_end)->finish(&frame, frame.spectrum, 1, row);
    if (kws_detector_of(k->model)->contrast != 0) {
        const uint32_t slot = k->row_slot != 0 ? k->row_slot : front_end->frame_count;
        keep_sum(k, front_end, slot - 1u, sum_of(row, front_end));
    }
    return kws_run_row(k);
}

/* The inference that is due, and what the detector makes of it. */
static kws_status decide(kws *k, const kws_front_end *front_end, kws_event *event)
{
    kws_event      heard;
    const uint8_t *scores;
    bool           open = kws_detector_of(k->model)->contrast == 0;
    k->due = false;
    if (kws_is_streamed(k)) {
        scores = run_row(k, front_end);
        open = open || (scores != NULL && has_contrast(k, front_end));
    } else {
        assemble(k, front_end);
        open = open || has_contrast(k, front_end); /* before a layer writes over the features */
        scores = kws_run_window(k);
    }
    k->fresh = k->fresh && scores == NULL;
    const kws_detector *detector = kws_detector_of(k->model);
    open = open && (detector->energy == 0 || kws_heard_of(k, detector)->loud != 0);
    if (scores == NULL || !kws_detect(k, scores, open, &heard)) {
        return KWS_AGAIN;
    }
    heard.end_sample = k->released + k->kept;
    const uint32_t hops = front_end->window_hops + heard.start_sample * detector->inference_hops;
    heard.start_sample = heard.end_sample - front_end->hop_samples * hops;
    if (event != NULL) {
        *event = heard;
    }
    return KWS_EVENT;
}

kws_status kws_poll(kws *k, kws_event *event)
{
    if (k == NULL) {
        return KWS_ERROR_NULL;
    }
    const kws_front_end *front_end = kws_front_end_of(k->model);
    if (front_end == NULL) {
        return KWS_ERROR_NO_FRONT_END;
    }
    if (k->due) {
        return decide(k, front_end, event);
    }
    if (k->pushed - k->released - k->kept < front_end->hop_samples) {
        return KWS_IDLE;
    }
    KWS_BARRIER(); /* the samples are read after their count */
    step(k, front_end);
    return KWS_AGAIN;
}
