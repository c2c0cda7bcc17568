/* SPDX-License-Identifier: Apache-2.0 */
#include "detector.h"
#include "kws_fixed.h"

#define NEVER 65535u

/* see detector.h */
uint32_t kws_score(const uint16_t *history, uint32_t smoothing)
{
    uint32_t sum = 0; /* <= 64 * 65535 */
    for (uint32_t i = 0; i < smoothing; i++) {
        sum += history[i];
    }
    return kws_div(sum, smoothing);
}

/* Decisions before the newest one, without a gap, in which a posterior was more than half the
 * threshold, of those that are averaged. */
static uint32_t run_before(const uint16_t *history, uint32_t smoothing, uint32_t slot,
                           uint32_t threshold)
{
    uint32_t run = 0;
    for (; run + 1 < smoothing; run++) {
        slot = (slot != 0 ? slot : smoothing) - 1;
        if (2u * history[slot] <= threshold) {
            break;
        }
    }
    return run;
}

/* see detector.h */
bool kws_detect(kws *k, const uint8_t *posteriors, bool open, kws_event *event)
{
    const kws_detector *detector = kws_detector_of(k->model);
    const kws_keyword  *keywords = kws_part(k->model->block, detector->keywords_offset);
    const uint16_t     *thresholds = kws_place(k, k->parts.thresholds);
    const uint32_t      smoothing = detector->smoothing;
    const uint8_t      *fine = posteriors + kws_header(k->model)->label_count;
    uint16_t           *history = kws_place(k, k->parts.history);
    bool                fires = false;
    for (uint32_t i = 0; i < detector->keyword_count; i++, history += smoothing) {
        const uint32_t of = keywords[i].class_index;
        history[k->history_slot] = open ? (uint16_t)(256u * posteriors[of] + fine[of]) : 0;
        const uint32_t score = kws_score(history, smoothing);
        if (score >= thresholds[i] && thresholds[i] < NEVER && (!fires || score > event->score)) {
            fires = true;
            event->keyword = (uint16_t)i;
            event->score = (uint16_t)score;
            event->start_sample = run_before(history, smoothing, k->history_slot, thresholds[i]);
        }
    }
    if (detector->phrase_count != 0) {
        const kws_kernel *kernel = kws_find_kernel(k->model, KWS_DETECTION_PHRASES);
        fires = kernel->phrases->fire(k, fires, event);
    }
    k->history_slot = k->history_slot + 1u < smoothing ? (uint16_t)(k->history_slot + 1u) : 0;
    if (!fires || k->locked) {
        return false;
    }
    k->lockout = detector->lockout_hops;
    return true;
}

kws_status kws_set_threshold(kws *k, uint32_t keyword, uint16_t threshold)
{
    if (k == NULL) {
        return KWS_ERROR_NULL;
    }
    if (keyword >= kws_keyword_count(k)) {
        return KWS_ERROR_ARGUMENT;
    }
    ((uint16_t *)kws_place(k, k->parts.thresholds))[keyword] = threshold;
    return KWS_OK;
}

kws_status kws_get_threshold(const kws *k, uint32_t keyword, uint16_t *threshold)
{
    if (k == NULL || threshold == NULL) {
        return KWS_ERROR_NULL;
    }
    if (keyword >= kws_keyword_count(k)) {
        return KWS_ERROR_ARGUMENT;
    }
    *threshold = ((const uint16_t *)kws_place(k, k->parts.thresholds))[keyword];
    return KWS_OK;
}
