/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: one thread may push while another polls. Method: a producer pushes a long stream in odd
 * chunks, again and again what was refused; the consumer polls at the same time; the events must be
 * those of the same stream pushed and polled in turn.
 */
#include "support.h"

#include <pthread.h>
#include <sched.h>

#include "fixtures.h"

#define SAMPLES 20000
#define EVENTS 4096

typedef struct producer {
    kws           *k;
    const int16_t *pcm;
    volatile int   done;
} producer;

static void *produce(void *context)
{
    producer *p = context;
    uint32_t  chunk = 1;
    for (uint32_t done = 0; done < SAMPLES;) {
        const uint32_t rest = SAMPLES - done;
        const size_t   taken = kws_push(p->k, p->pcm + done, chunk < rest ? chunk : rest);
        done += (uint32_t)taken;
        chunk = chunk % 97 + 1;
        if (taken == 0) {
            sched_yield();
        }
    }
    __atomic_store_n(&p->done, 1, __ATOMIC_RELEASE);
    return NULL;
}

static uint32_t gather(kws *k, kws_event *events, uint32_t count)
{
    kws_status status;
    while ((status = kws_poll(k, &events[count])) > KWS_IDLE) {
        if (status == KWS_EVENT) {
            assert_true(++count < EVENTS);
        }
    }
    return count;
}

static void push_beside_poll(void **state)
{
    (void)state;
    static int16_t   pcm[SAMPLES];
    static kws_event expected[EVENTS], events[EVENTS];
    uint32_t         expected_count = 0, count = 0;
    builder          b;
    timing           t = {.frame = 50, .hop = 20, .frames = 3, .points = 64, .slack = 33};
    instance         i;
    pthread_t        thread;
    fixture_begin(&b, KWS_FEATURES_MFCC_PEAK, KWS_SPECTRUM_MAGNITUDE, t, 8, 5, 4);
    for (uint32_t n = 0; n < b.detector.keyword_count; n++) {
        b.keywords[n].threshold = (uint16_t)(n == 0 ? 0 : 12000); /* the first always fires */
    }
    fixture_pcm(pcm, SAMPLES);
    fixture_open(&i, &b);
    for (uint32_t done = 0; done < SAMPLES; done += 20) {
        assert_int_equal(kws_push(i.k, pcm + done, 20), 20);
        expected_count = gather(i.k, expected, expected_count);
    }
    assert_true(expected_count > 10);

    kws_reset(i.k);
    producer p = {i.k, pcm, 0};
    assert_int_equal(pthread_create(&thread, NULL, produce, &p), 0);
    while (!__atomic_load_n(&p.done, __ATOMIC_ACQUIRE)) {
        count = gather(i.k, events, count);
        sched_yield();
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    count = gather(i.k, events, count);
    assert_int_equal(count, expected_count);
    for (uint32_t n = 0; n < count; n++) {
        assert_int_equal(events[n].end_sample, expected[n].end_sample);
        assert_int_equal(events[n].keyword, expected[n].keyword);
        assert_int_equal(events[n].score, expected[n].score);
    }
    fixture_close(&i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(push_beside_poll)};
    seed_random("threads");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
