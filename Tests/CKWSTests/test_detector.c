/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: posteriors become the events of SPEC.md, section 6: contrast gate, smoothing, thresholds,
 * ties, lock-outs, sample numbers. Method: random streams; the oracle keeps all posteriors that the
 * observer saw and evaluates the section's sentences over the whole past.
 */
#include "support.h"

#include "fixtures.h"

#define ROUNDS 60
#define STEPS 120

typedef struct seen {
    int32_t low, high;        /* sums of the rows of this decision's features */
    int32_t contrast;         /* below it posteriors count 0 */
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
        const bool open = s->high - s->low >= s->contrast;
        s->gated += !open;
        for (uint32_t i = 0; i < count; i++) {
            s->values[s->count][i] = open ? values[i] : 0;
        }
        s->count++;
    }
}

/* Score of a class over all that was seen. */
static uint32_t score(const seen *s, uint32_t class_index, uint32_t smoothing)
{
    uint32_t sum = 0;
    for (int i = s->count - 1; i >= 0 && i >= s->count - (int)smoothing; i--) {
        sum += (uint32_t)s->values[i][class_index];
    }
    const uint32_t value = 256 * sum / smoothing;
    return value > 65535 ? 65535 : value;
}

static int stream(builder *b, uint32_t *events)
{
    const kws_front_end f = b->front_end;
    const kws_detector  d = b->detector;
    seen                s = {.contrast = (int32_t)d.contrast};
    int16_t            *pcm = malloc(2u * f.hop_samples);
    int64_t             locked_until = -1; /* last step that a lock-out covers */
    uint16_t            thresholds[16];
    instance            i;
    fixture_open(&i, b);
    kws_observe(i.k, observe, &s);
    for (uint32_t n = 0; n < d.keyword_count; n++) {
        assert_int_equal(kws_get_threshold(i.k, n, &thresholds[n]), KWS_OK);
        assert_int_equal(thresholds[n], b->keywords[n].threshold);
        if (random_between(0, 3) == 0) {
            thresholds[n] = (uint16_t)(random_word() & 1u ? 65535 : random_between(0, 9000));
            assert_int_equal(kws_set_threshold(i.k, n, thresholds[n]), KWS_OK);
        }
    }
    for (int64_t t = 0; t < STEPS; t++) {
        fixture_pcm(pcm, f.hop_samples);
        assert_int_equal(kws_push(i.k, pcm, f.hop_samples), f.hop_samples);
        const int  before = s.count;
        kws_event  event = {0};
        kws_status status, last = KWS_IDLE;
        while ((status = kws_poll(i.k, &event)) > KWS_IDLE) {
            last = status;
        }
        int64_t best = -1;
        for (uint32_t n = 0; s.count > before && n < d.keyword_count; n++) {
            const uint32_t v = score(&s, b->keywords[n].class_index, d.smoothing);
            if (v >= thresholds[n] && thresholds[n] != 65535 &&
                (best < 0 || v > score(&s, b->keywords[best].class_index, d.smoothing))) {
                best = n;
            }
        }
        if (best >= 0 && t > locked_until) {
            assert_int_equal(last, KWS_EVENT);
            assert_int_equal(event.keyword, best);
            assert_int_equal(event.score, score(&s, b->keywords[best].class_index, d.smoothing));
            assert_int_equal(event.end_sample, (uint32_t)(f.hop_samples * (t + 1)));
            assert_int_equal(event.start_sample,
                             (uint32_t)(f.hop_samples * (t + 1 - f.window_hops)));
            locked_until = t + d.lockout_hops;
            (*events)++;
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
    uint32_t events = 0;
    int      gated = 0;
    for (int i = 0; i < ROUNDS; i++) {
        builder b;
        timing  t = {.frame = 40, .hop = 24, .frames = 3, .points = 64};
        fixture_begin(&b, KWS_FEATURES_LOGMEL, KWS_SPECTRUM_MAGNITUDE, t, 6, 6,
                      (uint16_t)random_between(1, 8));
        b.detector.contrast = (uint32_t)(i % 2 == 0 ? 0 : random_between(0, 400));
        gated += stream(&b, &events);
    }
    printf("detector: %u events, %d decisions gated\n", (unsigned)events, gated);
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
    uint32_t events = 0;
    stream(&b, &events);
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
