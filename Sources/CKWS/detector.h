/* SPDX-License-Identifier: Apache-2.0
 *
 * detector.h - from posteriors to events (SPEC.md, section 6). The gate of energy and phrases are
 * kernel objects, so that the linker drops what no model names.
 */
#ifndef KWS_DETECTOR_H
#define KWS_DETECTOR_H

#include "bounds.h"
#include "instance.h"

#define KWS_PHRASE_DECISIONS_MAX 1024u
#define KWS_ENERGY_MAX 0x80000000u

/* What the gate and phrases keep; there for models with one of them only. */
typedef struct kws_heard {
    uint16_t loud;   /* hops for which the gate stays open, this one included */
    uint16_t slot;   /* of the next decision */
    uint16_t logs[]; /* of each word of each phrase, [phrase_decisions]: logarithms of its score */
} kws_heard;

struct kws_gate {
    /* Takes the new hop, which begins at this place in the ring: for how long is the gate open? */
    void (*take)(kws *k, const int16_t *ring, uint32_t place);
};

struct kws_phrases {
    /* Are the phrases of a detector, of which there is one at least, in the block and sound? The
     * keywords are. */
    bool (*fit)(const kws_model *model);
    /* Takes the keywords' new scores; did a phrase fire, with a score above that of an event that
     * there already is? Fills in event as kws_detect() does. */
    bool (*fire)(kws *k, bool fires, kws_event *event);
};

/* Takes the posteriors of one inference, upper bytes then lower ones, as zeros if a gate is not
 * open; did a keyword fire? Fills in keyword and score, and as start_sample how many decisions ago
 * that began. */
bool kws_detect(kws *k, const uint8_t *posteriors, bool open, kws_event *event);

/* Smoothed posterior of a keyword from its last posteriors, in units of 1 / KWS_SCORE_ONE. */
uint32_t kws_score(const uint16_t *history, uint32_t smoothing);

static inline uint32_t kws_keywords_and_phrases(const kws_detector *detector)
{
    return (uint32_t)detector->keyword_count + detector->phrase_count;
}

static inline uint32_t kws_threshold_bytes(const kws_detector *detector)
{
    return kws_round4(2 * kws_keywords_and_phrases(detector));
}

/* Bytes of kws_heard. */
static inline uint32_t kws_heard_bytes(const kws_detector *detector)
{
    const uint32_t logs = 2u * detector->phrase_words * detector->phrase_decisions; /* < 2^28 */
    return detector->energy != 0 || logs != 0 ? (uint32_t)sizeof(kws_heard) + logs : 0;
}

/* It lies behind the thresholds. */
static inline kws_heard *kws_heard_of(const kws *k, const kws_detector *detector)
{
    return kws_place(k, k->parts.thresholds + kws_threshold_bytes(detector));
}

#endif
