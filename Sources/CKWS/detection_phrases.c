/* SPDX-License-Identifier: Apache-2.0
 *
 * Phrases: the geometric mean over words of the largest smoothed posterior in a window (Chen,
 * Parada, Heigold: Small-footprint keyword spotting using deep neural networks, 2014, section 2.3).
 */
#include "check.h"
#include "detector.h"
#include "kws_fixed.h"

#define NEVER 65535u
#define LOG_ONE 16384u /* log2(KWS_SCORE_ONE) in Q10, the logarithm of the largest score */

static bool fit(const kws_model *model)
{
    const kws_detector *detector = kws_detector_of(model);
    uint32_t            words = 0;
    if (detector->phrase_decisions < 1 || detector->phrase_decisions > KWS_PHRASE_DECISIONS_MAX ||
        !kws_in_block(model, detector->phrases_offset, detector->phrase_count,
                      sizeof(kws_phrase))) {
        return false;
    }
    const kws_phrase *phrases = kws_part(model->block, detector->phrases_offset);
    for (uint32_t n = 0; n < detector->phrase_count; n++) {
        const kws_phrase *phrase = &phrases[n];
        if (phrase->word_count < 1 || phrase->word_count > KWS_PHRASE_WORDS ||
            !kws_text_fits(model, phrase->name_offset)) {
            return false;
        }
        for (uint32_t i = 0; i < phrase->word_count; i++) {
            if (phrase->words[i] >= detector->keyword_count) {
                return false;
            }
        }
        words += phrase->word_count;
    }
    return words == detector->phrase_words;
}

/* The best that the first words of a phrase, or one of them, came to. */
typedef struct best {
    uint32_t log; /* sum of logarithms, <= 8 * 16384 */
    uint32_t age; /* decisions since the first of them that counts */
} best;

/* The best of all words together over a window whose newest logarithms stand in a slot. */
static best best_of(const kws_phrase *phrase, const uint16_t *logs, uint32_t window, uint32_t slot)
{
    best found[KWS_PHRASE_WORDS] = {{0, 0}};
    for (uint32_t age = window; age-- > 0;) {
        slot = slot + 1 < window ? slot + 1 : 0;
        for (uint32_t i = phrase->word_count; i-- > 0;) {
            const best     none = {0, 0};
            const best     before = phrase->ordered != 0 && i > 0 ? found[i - 1] : none;
            const uint32_t log = before.log + logs[i * window + slot];
            if (log > found[i].log) {
                found[i].log = log;
                found[i].age = before.log != 0 ? before.age : age;
            }
        }
    }
    best all = found[phrase->word_count - 1u];
    for (uint32_t i = 0; phrase->ordered == 0 && i + 1 < phrase->word_count; i++) {
        all.log += found[i].log;
        all.age = found[i].age > all.age ? found[i].age : all.age;
    }
    return all;
}

static bool fire(kws *k, bool fires, kws_event *event)
{
    const kws_detector *detector = kws_detector_of(k->model);
    const kws_phrase   *phrases = kws_part(k->model->block, detector->phrases_offset);
    const uint16_t     *thresholds = kws_place(k, k->parts.thresholds);
    const uint16_t     *history = kws_place(k, k->parts.history);
    const uint32_t      window = detector->phrase_decisions, smoothing = detector->smoothing;
    kws_heard          *heard = kws_heard_of(k, detector);
    uint16_t           *logs = heard->logs;
    for (uint32_t n = 0; n < detector->phrase_count; n++) {
        const kws_phrase *phrase = &phrases[n];
        for (uint32_t i = 0; i < phrase->word_count; i++) {
            const uint32_t score = kws_score(history + phrase->words[i] * smoothing, smoothing);
            logs[i * window + heard->slot] = (uint16_t)kws_log2_q10(score | (score == 0));
        }
        const best     all = best_of(phrase, logs, window, heard->slot);
        const uint32_t twice = 2 * kws_exp2(LOG_ONE - kws_div(all.log, phrase->word_count), 0);
        const uint32_t score = twice < NEVER ? twice : NEVER;
        const uint32_t number = detector->keyword_count + n;
        if (score >= thresholds[number] && thresholds[number] < NEVER &&
            (!fires || score > event->score)) {
            fires = true;
            event->keyword = (uint16_t)number;
            event->score = (uint16_t)score;
            event->start_sample = all.age;
        }
        logs += phrase->word_count * window;
    }
    heard->slot = heard->slot + 1u < window ? (uint16_t)(heard->slot + 1u) : 0;
    return fires;
}

static const struct kws_phrases phrases_of_all = {.fit = fit, .fire = fire};

/* see detector.h */
const kws_kernel kws_detection_phrases = {
    .id = KWS_DETECTION_PHRASES, .pack = KWS_PACK_ANY, .phrases = &phrases_of_all};
