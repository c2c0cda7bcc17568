/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: posteriors become the events of SPEC.md, section 6: gates, smoothing, phrases, thresholds,
 * ties, lock-outs, sample numbers. Method: random streams; the oracle keeps all posteriors that the
 * observer saw and evaluates the section's sentences over the whole past.
 */
#include <math.h>

#include "support.h"

#include "fixtures.h"
#include "kws_fixed.h"

#define ROUNDS 60
#define STEPS 120

typedef struct seen {
    int32_t low, high;        /* sums of the rows of this decision's features */
    int32_t contrast;         /* below it posteriors count 0 */
    bool    loud;             /* was a hop of the window? */
    int32_t values[STEPS][8]; /* posteriors, gated */
    int     count, gated;
} seen;

static void observe(void *context, uint32_t layer, uint32_t row, const uint8_t *values,
                    uint32_t count)
{
    seen   *s = context;
    int32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += values[i];
    }
    if (layer == KWS_OBSERVE_FEATURES) {
        s->low = row == 0 || sum < s->low ? sum : s->low;
        s->high = row == 0 || sum > s->high ? sum : s->high;
    } else if (layer == 2) { /* the softmax of the fixture */
        const bool open = s->loud && s->high - s->low >= s->contrast;
        s->gated += !open;
        for (uint32_t i = 0; i < count / 2; i++) {
            s->values[s->count][i] = open ? 256 * values[i] + values[count / 2 + i] : 0;
        }
        s->count++;
    }
}

/* Score of a class at the decision before count. */
static uint32_t score_at(const seen *s, int count, uint32_t class_index, uint32_t smoothing)
{
    uint32_t sum = 0;
    for (int i = count - 1; i >= 0 && i >= count - (int)smoothing; i--) {
        sum += (uint32_t)s->values[i][class_index];
    }
    return sum / smoothing;
}

/* An event as it may be, but for its end. */
typedef struct candidate {
    uint32_t score, age;
} candidate;

static candidate keyword(const seen *s, const builder *b, uint32_t n, uint32_t threshold)
{
    const uint32_t c = b->keywords[n].class_index, smoothing = b->detector.smoothing;
    candidate      found = {score_at(s, s->count, c, smoothing), 0};
    for (int i = s->count - 2; i >= 0 && found.age + 1 < smoothing; i--, found.age++) {
        if (2 * s->values[i][c] <= (int32_t)threshold) {
            break;
        }
    }
    return found;
}

/* The best choice of decisions before `end` for words 0 .. i of an ordered phrase, or for word i
 * alone: the sum of logarithms, and the first decision that counts in first (or `end`). */
static uint32_t choose(const seen *s, const builder *b, const kws_phrase *phrase, int i, int end,
                       int *first)
{
    const kws_detector *d = &b->detector;
    uint32_t            best = 0;
    *first = end;
    for (int t = s->count - d->phrase_decisions; i >= 0 && t < end; t++) {
        int            before = t;
        const uint32_t c = b->keywords[phrase->words[i]].class_index;
        const uint32_t v = t < 0 ? 0 : score_at(s, t + 1, c, d->smoothing);
        const uint32_t log = v == 0 ? 0 : (uint32_t)kws_log2_q10(v);
        const uint32_t sum =
            log + (phrase->ordered != 0 ? choose(s, b, phrase, i - 1, t, &before) : 0);
        if (sum > best) {
            best = sum;
            *first = before;
        }
    }
    return best;
}

static candidate phrase(const seen *s, const builder *b, const kws_phrase *p)
{
    const int words = p->word_count;
    int       first = s->count - 1, from;
    uint32_t  sum = 0;
    for (int i = p->ordered != 0 ? words - 1 : 0; i < words; i++) {
        sum += choose(s, b, p, i, s->count, &from);
        first = from < first ? from : first;
    }
    const uint32_t score = 2 * kws_exp2(16384 - sum / (uint32_t)words, 0);
    /* SPEC.md's bound, the logarithm before it is rounded down to 1/1024 */
    const double exact = exp2(sum / 1024.0 / words);
    assert_true(fabs(score - exact) <= 3 + 0.002 * exact);
    return (candidate){score < 65535 ? score : 65535, (uint32_t)(s->count - 1 - first)};
}

static int stream(builder *b, uint32_t *events, uint32_t *phrases)
{
    const kws_front_end f = b->front_end;
    const kws_detector  d = b->detector;
    seen                s = {.contrast = (int32_t)d.contrast};
    int16_t            *pcm = malloc(2u * f.hop_samples);
    int64_t             locked_until = -1; /* last step that a lock-out covers */
    uint16_t            thresholds[20];
    const uint32_t      count = d.keyword_count + d.phrase_count;
    int64_t             last_loud = d.energy == 0 ? INT64_MAX / 2 : INT64_MIN / 2;
    instance            i;
    fixture_open(&i, b);
    kws_observe(i.k, observe, &s);
    assert_int_equal(kws_keyword_count(i.k), count);
    for (uint32_t n = 0; n < count; n++) {
        assert_int_equal(kws_get_threshold(i.k, n, &thresholds[n]), KWS_OK);
        assert_int_equal(thresholds[n], n < d.keyword_count
                                            ? b->keywords[n].threshold
                                            : b->phrases[n - d.keyword_count].threshold);
        if (random_between(0, 3) == 0) {
            thresholds[n] = (uint16_t)(random_word() & 1u ? 65535 : random_between(0, 9000));
            assert_int_equal(kws_set_threshold(i.k, n, thresholds[n]), KWS_OK);
        }
    }
    for (int64_t t = 0; t < STEPS; t++) {
        uint64_t squares = 0;
        fixture_pcm(pcm, f.hop_samples);
        for (uint32_t n = 0; n < f.hop_samples; n++) {
            squares += (uint64_t)(pcm[n] * (int64_t)pcm[n]);
        }
        last_loud = d.energy != 0 && squares >= d.energy ? t : last_loud;
        s.loud = t - last_loud < f.window_hops;
        assert_int_equal(kws_push(i.k, pcm, f.hop_samples), f.hop_samples);
        const int  before = s.count;
        kws_event  event = {0};
        kws_status status, last = KWS_IDLE;
        while ((status = kws_poll(i.k, &event)) > KWS_IDLE) {
            last = status;
        }
        int64_t   best = -1;
        candidate heard = {0, 0};
        for (uint32_t n = 0; s.count > before && n < count; n++) {
            const candidate c = n < d.keyword_count
                                    ? keyword(&s, b, n, thresholds[n])
                                    : phrase(&s, b, &b->phrases[n - d.keyword_count]);
            if (c.score >= thresholds[n] && thresholds[n] != 65535 &&
                (best < 0 || c.score > heard.score)) {
                best = n;
                heard = c;
            }
        }
        if (best >= 0 && t > locked_until) {
            assert_int_equal(last, KWS_EVENT);
            assert_int_equal(event.keyword, best);
            assert_int_equal(event.score, heard.score);
            assert_int_equal(event.end_sample, (uint32_t)(f.hop_samples * (t + 1)));
            assert_int_equal(
                event.start_sample,
                (uint32_t)(f.hop_samples * (t + 1 - f.window_hops - heard.age * d.inference_hops)));
            locked_until = t + d.lockout_hops;
            (*events)++;
            *phrases += best >= d.keyword_count;
        } else {
            assert_int_equal(last, KWS_AGAIN);
        }
    }
    fixture_close(&i);
    free(pcm);
    return s.gated;
}

static void events_follow_the_contract(void **state)
{
    (void)state;
    uint32_t events = 0, phrases = 0;
    int      gated = 0;
    for (int i = 0; i < ROUNDS; i++) {
        builder b;
        timing  t = {.frame = 40, .hop = 24, .frames = 3, .points = 64};
        fixture_begin(&b, KWS_FEATURES_LOGMEL, KWS_SPECTRUM_MAGNITUDE, t, 6, 6,
                      (uint16_t)random_between(1, 8));
        b.detector.contrast = (uint32_t)(i % 2 == 0 ? 0 : random_between(0, 400));
        gated += stream(&b, &events, &phrases);
    }
    printf("detector: %u events, %u of phrases, %d decisions gated\n", (unsigned)events,
           (unsigned)phrases, gated);
    assert_true(phrases > ROUNDS / 4);
    assert_true(events > 5 * ROUNDS);
    assert_true(gated > ROUNDS);
}

/* Two keywords of one class have one score: the lower number fires. */
static void ties_go_to_the_lowest(void **state)
{
    (void)state;
    builder b;
    timing  t = {.frame = 40, .hop = 24, .frames = 3, .points = 64};
    fixture_begin(&b, KWS_FEATURES_LOGMEL, KWS_SPECTRUM_MAGNITUDE, t, 6, 6, 3);
    b.detector.keyword_count = 3;
    for (int n = 0; n < 3; n++) {
        b.keywords[n] = (kws_keyword){1, 0};
    }
    b.detector.phrase_count = b.detector.phrase_decisions = 0;
    b.detector.energy = 0;
    uint32_t events = 0, phrases = 0;
    stream(&b, &events, &phrases);
    assert_true(events > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_follow_the_contract),
        cmocka_unit_test(ties_go_to_the_lowest),
    };
    seed_random("detector");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
