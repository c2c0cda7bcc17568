/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: how audio arrives changes nothing: chunks of any size give the same features, scores and
 * events; what does not fit is refused and counted; a reset forgets; kws_infer() does not disturb.
 * Method: one stream cut in many ways, all that observer and event tell gathered in a log; logs are
 * compared byte by byte.
 */
#include "support.h"

#include "fixtures.h"

#define STEPS 40

typedef struct record {
    uint8_t *bytes;
    size_t   count, room;
} record;

static void append(record *log, const void *bytes, size_t count)
{
    if (log->count + count > log->room) {
        log->room = 2 * (log->count + count);
        log->bytes = realloc(log->bytes, log->room);
        assert_non_null(log->bytes);
    }
    memcpy(log->bytes + log->count, bytes, count);
    log->count += count;
}

static void observe(void *context, uint32_t layer, uint32_t row, const uint8_t *values,
                    uint32_t count)
{
    const uint32_t head[3] = {layer, row, count};
    append(context, head, sizeof head);
    append(context, values, count);
}

/* Polls until idle; events go into the log. */
static void drain(kws *k, record *log)
{
    kws_event  event;
    kws_status status;
    while ((status = kws_poll(k, &event)) > KWS_IDLE) {
        if (status == KWS_EVENT) {
            append(log, &event, sizeof event);
        }
    }
    assert_int_equal(status, KWS_IDLE);
}

/* Feeds a stream; every chunk has `chunk` samples, or a random number of them if 0. */
static void feed(kws *k, const int16_t *pcm, uint32_t count, uint32_t chunk, record *log)
{
    for (uint32_t done = 0; done < count;) {
        const uint32_t wanted = chunk != 0 ? chunk : (uint32_t)random_between(0, 200);
        const uint32_t rest = count - done;
        done += (uint32_t)kws_push(k, pcm + done, wanted < rest ? wanted : rest);
        drain(k, log);
    }
}

static builder model(uint16_t kind, uint32_t slack)
{
    builder b;
    timing  t = {.frame = 50, .hop = 20, .frames = 4, .points = 64, .slack = slack};
    fixture_begin(&b, kind, KWS_SPECTRUM_MAGNITUDE, t, 8, 5, 4);
    b.detector.inference_hops = 2;
    for (uint32_t n = 0; n < b.detector.keyword_count; n++) {
        b.keywords[n].threshold = 20000;
    }
    return b;
}

static void chunks_of_any_size(void **state)
{
    (void)state;
    static const uint16_t kinds[] = {KWS_FEATURES_LOGMEL, KWS_FEATURES_MFCC, KWS_FEATURES_MFCC_PEAK,
                                     KWS_FEATURES_PCEN, KWS_FEATURES_WAVEFORM};
    for (uint32_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        builder  b = model(kinds[kind], 7);
        int16_t  pcm[20 * STEPS];
        record   expected = {0};
        instance i;
        fixture_pcm(pcm, 20 * STEPS);
        fixture_open(&i, &b);
        kws_observe(i.k, observe, &expected);
        feed(i.k, pcm, 20 * STEPS, 20, &expected);
        assert_true(expected.count > 1000);
        for (uint32_t chunk = 0; chunk <= 130; chunk++) {
            record log = {0};
            kws_reset(i.k);
            kws_observe(i.k, observe, &log);
            feed(i.k, pcm, 20 * STEPS, chunk, &log);
            assert_int_equal(log.count, expected.count);
            assert_memory_equal(log.bytes, expected.bytes, log.count);
            free(log.bytes);
        }
        free(expected.bytes);
        fixture_close(&i);
    }
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    for (uint32_t slack = 0; slack < 5; slack++) {
        builder        b = model(KWS_FEATURES_LOGMEL, slack);
        const uint32_t capacity = b.front_end.pcm_capacity;
        int16_t        pcm[200];
        record         log = {0};
        instance       i;
        fixture_pcm(pcm, 200);
        fixture_open(&i, &b);
        assert_int_equal(kws_push(i.k, pcm, 200), capacity);
        assert_int_equal(kws_overruns(i.k), 200 - capacity);
        assert_int_equal(kws_push(i.k, pcm, 3), 0);
        assert_int_equal(kws_overruns(i.k), 203 - capacity);
        drain(i.k, &log);
        /* 61 samples or a little more are 3 steps; the last frame's end and one sample stay */
        assert_int_equal(kws_push(i.k, pcm, 200), 60 - 41);
        kws_reset(i.k);
        assert_int_equal(kws_overruns(i.k), 0);
        assert_int_equal(kws_push(i.k, pcm, 200), capacity);
        assert_int_equal(kws_push(i.k, NULL, 5), 0);
        assert_int_equal(kws_push(NULL, pcm, 5), 0);
        free(log.bytes);
        fixture_close(&i);
    }
}

static void infer_does_not_disturb(void **state)
{
    (void)state;
    builder  b = model(KWS_FEATURES_MFCC_PEAK, 7);
    int16_t  pcm[20 * STEPS];
    int8_t   features[20], scores[4];
    record   expected = {0}, log = {0};
    instance i;
    fixture_pcm(pcm, 20 * STEPS);
    fixture_open(&i, &b);
    kws_observe(i.k, observe, &expected);
    feed(i.k, pcm, 20 * STEPS, 20, &expected);
    kws_reset(i.k);
    for (uint32_t t = 0; t < STEPS; t++) {
        kws_observe(i.k, NULL, NULL);
        assert_int_equal(kws_push(i.k, pcm + 20 * t, 20), 20);
        memset(features, random_between(-128, 127), sizeof features);
        assert_int_equal(kws_infer(i.k, features, scores), KWS_OK);
        kws_observe(i.k, observe, &log);
        kws_event        event;
        const kws_status status = kws_poll(i.k, &event); /* the step; an inference may be due */
        assert_int_equal(status, KWS_AGAIN);
        kws_observe(i.k, NULL, NULL);
        assert_int_equal(kws_infer(i.k, features, scores), KWS_OK);
        kws_observe(i.k, observe, &log);
        drain(i.k, &log);
    }
    assert_int_equal(log.count, expected.count);
    assert_memory_equal(log.bytes, expected.bytes, log.count);
    free(log.bytes);
    free(expected.bytes);
    fixture_close(&i);
}

/* Each call of kws_poll() does one step: a frame, or one inference. */
static void poll_does_one_step(void **state)
{
    (void)state;
    builder  b = model(KWS_FEATURES_MFCC, 100);
    int16_t  pcm[160];
    instance i;
    fixture_pcm(pcm, 160);
    fixture_open(&i, &b);
    for (uint32_t n = 0; n < 4; n++) {
        kws_set_threshold(i.k, n, 65535);
    }
    assert_int_equal(kws_poll(i.k, NULL), KWS_IDLE);
    assert_int_equal(kws_push(i.k, pcm, 19), 19);
    assert_int_equal(kws_poll(i.k, NULL), KWS_IDLE);
    assert_int_equal(kws_push(i.k, pcm, 140), 140);
    /* 159 samples: 7 steps; the window has 4 + 2 hops: one decision behind step 5 */
    for (uint32_t n = 0; n < 7 + 1; n++) {
        assert_int_equal(kws_poll(i.k, NULL), KWS_AGAIN);
    }
    assert_int_equal(kws_poll(i.k, NULL), KWS_IDLE);
    fixture_close(&i);
}

/* Sample numbers wrap at 2^32 without a fault: counters are moved close to it. */
static void counters_wrap(void **state)
{
    (void)state;
    builder  b = model(KWS_FEATURES_LOGMEL, 7);
    int16_t  pcm[20 * STEPS];
    record   expected = {0}, log = {0};
    instance i;
    b.keywords[0].threshold = 0; /* fires whatever the network thinks */
    fixture_pcm(pcm, 20 * STEPS);
    fixture_open(&i, &b);
    feed(i.k, pcm, 20 * STEPS, 20, &expected);
    kws_reset(i.k);
    /* `pushed` and `released` stand behind the three pointers; see instance.h */
    uint32_t *words = (uint32_t *)(((guarded *)i.memory)->bytes + 3 * sizeof(void *));
    words[0] = words[3] = UINT32_MAX - 399;
    feed(i.k, pcm, 20 * STEPS, 20, &log);
    assert_true(expected.count > 0);
    assert_int_equal(log.count, expected.count);
    for (size_t at = 0; at < log.count; at += sizeof(kws_event)) {
        kws_event x, y;
        memcpy(&x, expected.bytes + at, sizeof x);
        memcpy(&y, log.bytes + at, sizeof y);
        assert_int_equal(y.end_sample, x.end_sample - 400);
        assert_int_equal(y.start_sample, x.start_sample - 400);
        assert_int_equal(y.keyword, x.keyword);
        assert_int_equal(y.score, x.score);
    }
    free(log.bytes);
    free(expected.bytes);
    fixture_close(&i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_of_any_size),     cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(infer_does_not_disturb), cmocka_unit_test(poll_does_one_step),
        cmocka_unit_test(counters_wrap),
    };
    seed_random("stream");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
