/* SPDX-License-Identifier: Apache-2.0
 *
 * An instance: making it, forgetting, and what can be asked of it.
 */
#include "check.h"
#include "detector.h"
#include "row_by_row.h"

/* see instance.h */
const kws_kernel *kws_find_kernel(const kws_model *model, uint32_t id)
{
    for (uint32_t i = 0; i < model->kernel_count; i++) {
        if (model->kernels[i] != NULL && model->kernels[i]->id == id) {
            return model->kernels[i];
        }
    }
    return NULL;
}

/* Appends a part of the instance; returns where it begins. */
static uint32_t append(uint32_t *end, uint32_t bytes)
{
    const uint32_t start = *end;
    *end = kws_plus(start, kws_round4(bytes));
    return start;
}

/* see instance.h */
uint32_t kws_layout_of(const kws_model *model, kws_layout *parts)
{
    const kws_front_end *front_end = kws_front_end_of(model);
    const uint32_t       kept = kws_header(model)->kept_bytes;
    const bool           is_streamed = kws_header(model)->streamed_layers != 0;
    uint32_t             work = kws_header(model)->arena_bytes;
    uint32_t             end = KWS_INSTANCE_BYTES;
    *parts = (kws_layout){0};
    if (front_end != NULL) {
        const kws_detector        *detector = kws_detector_of(model);
        const struct kws_features *features = kws_find_kernel(model, front_end->features)->features;
        const uint32_t             frames = front_end->frame_count;
        const uint32_t             row = features->row_bytes(front_end);
        const uint32_t             bands = kws_round4(2u * front_end->band_count);
        const uint32_t             sums = detector->contrast != 0 ? kws_sum_bytes(front_end) : 0;
        uint32_t                   scratch = kws_front_end_work(front_end);
        scratch = is_streamed && row > scratch ? kws_round4(row) : scratch;
        append(&end, 2 * front_end->pcm_capacity);
        parts->rows = append(&end, kws_times(frames, is_streamed ? sums : row));
        parts->state = append(&end, kws_state_bytes(features, front_end));
        parts->history = append(&end, kws_times(2u * detector->keyword_count, detector->smoothing));
        parts->thresholds = append(&end, kws_threshold_bytes(detector));
        append(&end, kws_heard_bytes(detector));
        if (features->keeps_peaks) { /* bands are needed where the arena is filled */
            parts->bands = append(&end, bands);
        } else {
            parts->bands = kws_plus(end, kept + scratch);
            scratch += bands;
        }
        work = work > kept + scratch ? work : kept + scratch;
    }
    parts->work = append(&end, work);
    return end;
}

size_t kws_required_size(const kws_model *model)
{
    kws_layout parts;
    return kws_model_check(model) == KWS_OK ? kws_layout_of(model, &parts) : 0;
}

void kws_reset(kws *k)
{
    if (k == NULL) {
        return;
    }
    k->pushed = 0;
    k->overruns = 0;
    k->write = 0;
    k->released = 0;
    k->read = 0;
    k->kept = 0;
    k->until_inference = 0;
    k->lockout = 0;
    k->row_slot = 0;
    k->peak_slot = 0;
    k->history_slot = 0;
    k->due = false;
    k->locked = false;
    k->fresh = true;
    kws_forget_rows(k);
    const kws_front_end *front_end = kws_front_end_of(k->model);
    const kws_detector  *detector = kws_detector_of(k->model);
    if (front_end != NULL && detector != NULL) {
        const struct kws_features *features =
            kws_find_kernel(k->model, front_end->features)->features;
        k->until_inference = front_end->window_hops;
        memset(kws_place(k, k->parts.state), 0, kws_state_bytes(features, front_end));
        memset(kws_place(k, k->parts.history), 0,
               2u * detector->keyword_count * detector->smoothing);
        memset(kws_heard_of(k, detector), 0, kws_heard_bytes(detector));
    }
}

kws_status kws_init(kws **out, const kws_model *model, void *memory, size_t size)
{
    if (out == NULL || memory == NULL) {
        return KWS_ERROR_NULL;
    }
    *out = NULL;
    const kws_status status = kws_model_check(model);
    if (status != KWS_OK) {
        return status;
    }
    if (((uintptr_t)memory & (KWS_ALIGNMENT - 1)) != 0) {
        return KWS_ERROR_ALIGNMENT;
    }
    kws_layout parts;
    if (size < kws_layout_of(model, &parts)) {
        return KWS_ERROR_MEMORY;
    }
    kws *k = memory;
    k->model = model;
    k->observer = NULL;
    k->context = NULL;
    k->parts = parts;
    kws_reset(k);
    const kws_detector *detector = kws_detector_of(model);
    if (detector != NULL) {
        const kws_keyword *keywords = kws_part(model->block, detector->keywords_offset);
        uint16_t          *thresholds = kws_place(k, parts.thresholds);
        for (uint32_t i = 0; i < detector->keyword_count; i++) {
            thresholds[i] = keywords[i].threshold;
        }
        const kws_phrase *phrases = kws_part(model->block, detector->phrases_offset);
        for (uint32_t i = 0; i < detector->phrase_count; i++) {
            thresholds[detector->keyword_count + i] = phrases[i].threshold;
        }
    }
    *out = k;
    return KWS_OK;
}

void kws_observe(kws *k, kws_row_observer observer, void *context)
{
    if (k != NULL) {
        k->observer = observer;
        k->context = context;
    }
}
