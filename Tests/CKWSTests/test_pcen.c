/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the running means of PCEN neither drift nor overflow, whatever is heard and for how long.
 * Method: the front end's frame function over thousands of frames of full scale, silence, tones and
 * noise; its state is held against the recursion in double and against the bounds of SPEC.md,
 * section 5.
 */
#include "support.h"

#include <math.h>

#include "fixtures.h"
#include "front_end.h"
#include "oracle.h"

#define BANDS 5
#define POINTS 64
#define LEADING (1u << 23)

/* A front end of its own, with the sound of one frame. */
typedef struct bench {
    instance      i;
    kws_front_end f;
    kws_pcen      p;
    int16_t       pcm[POINTS + 1], bands[BANDS];
    int16_t       z[2 * POINTS + 4] __attribute__((aligned(8)));
    uint32_t      means[BANDS];
    double        exact[BANDS];
    uint8_t       row[2 * BANDS];
} bench;

static void open_bench(bench *t, uint16_t smoothing)
{
    builder b;
    timing  time = {.frame = POINTS, .hop = POINTS, .frames = 2, .points = POINTS};
    memset(t, 0, sizeof *t);
    fixture_begin(&b, KWS_FEATURES_PCEN, KWS_SPECTRUM_POWER, time, BANDS, BANDS, 2);
    kws_pcen *p = (kws_pcen *)(b.bytes + b.front_end.own_offset);
    p->smoothing = smoothing;
    b.front_end.log_floor = -30 * 1024;
    b.front_end.log_offset = -45 * 1024;
    t->f = b.front_end;
    t->p = *p;
    assert_true(kws_front_end_work(&t->f) <= sizeof t->z);
    fixture_open(&t->i, &b);
}

static double value(uint32_t word)
{
    return ldexp(word % (1u << 24), (int)(word >> 24) - 32 - 23);
}

/* The word of a band's energy, 0 for none. */
static uint32_t energy(const bench *t, int j)
{
    const int64_t l = t->bands[j], octave = oracle_floor(l, 1024);
    if (l <= t->f.log_floor) {
        return 0;
    }
    return (uint32_t)((octave + 32) << 24 | 512 * oracle_exp2(1024 - (l - 1024 * octave), 0));
}

/* One frame of sound, its state checked on the way.
 *
 * An energy's word is off by the table's rounding, 2^-15, and its chord and floor, (ln 2 / 32)^2 /
 * 8
 * + 2^-14: between -3.1e-5 and 1.6e-4 of it. A step of the recursion loses two units of 2^-23 of
 * the larger number at most and gains nothing, which adds up to 47 2^-22 / (s (1 - s)) of the mean.
 */
static void hear(bench *t)
{
    const double    s = t->p.smoothing / 32768.0;
    const kws_frame frame = {.front_end = &t->f,
                             .block = t->i.block,
                             .ring = t->pcm,
                             .spectrum = t->z,
                             .room = kws_front_end_work(&t->f),
                             .bands = t->bands,
                             .state = t->means};
    uint32_t        before[BANDS];
    memcpy(before, t->means, sizeof before);
    kws_features_pcen.features->frame(&frame, t->row);
    for (int j = 0; j < BANDS; j++) {
        const uint32_t heard = energy(t, j), mean = t->means[j];
        const double   e = heard == 0 ? 0 : exp2(t->bands[j] / 1024.0);
        t->exact[j] =
            t->exact[j] == 0 ? e : fmax(ldexp(1, -32), t->exact[j] + s * (e - t->exact[j]));
        /* never above what was heard, never below the least number, once there was sound */
        assert_true(mean <= (heard > before[j] ? heard : before[j]));
        assert_true(mean == 0 ? before[j] == 0 && heard == 0
                              : mean >= LEADING && (mean & LEADING) != 0);
        assert_true(value(mean) <= t->exact[j] * (1 + 1.6e-4));
        assert_true(value(mean) >= t->exact[j] * (1 - 3.1e-5 - ldexp(47, -22) / (s * (1 - s))));
    }
}

static void fill(bench *t, int32_t amplitude, int period)
{
    for (int n = 0; n <= POINTS; n++) {
        t->pcm[n] = (int16_t)(period > 0      ? (n / period % 2 ? amplitude : -amplitude - 1)
                              : amplitude > 0 ? random_between(-amplitude - 1, amplitude)
                                              : 0);
    }
}

/* Frames for energies to fall through all octaves, and as many again. */
static int long_enough(const bench *t)
{
    return (int)(2 * 64 * log(2) * 32768 / t->p.smoothing) + 50;
}

static const uint16_t smoothings[4] = {819, 33, 8192, 32767};

static void means_follow_the_recursion(void **state)
{
    (void)state;
    for (int n = 0; n < rounds(4); n++) {
        bench t;
        open_bench(&t, smoothings[n]);
        for (int round = 0; round < rounds(40); round++) {
            const int frames = random_between(1, 200);
            for (int k = 0; k < frames; k++) {
                const int32_t kind = round % 4;
                if (kind == 0) {
                    fill(&t, 32767, random_between(1, 9));
                } else if (kind == 1) { /* extremes in turns */
                    fill(&t, random_between(0, 1) ? 32767 : 0, 0);
                } else {
                    fill(&t, 1 << random_between(0, 15), 0);
                    t.pcm[0] = kind == 2 ? 1 : 0;
                }
                hear(&t);
            }
        }
        fixture_close(&t.i);
    }
}

/* Silence after the loudest sound ends at the least number, and stays; a constant sound ends within
 * 1/s units of its energy, from below, and from above at it; and stays, too. */
static void means_settle(void **state)
{
    (void)state;
    for (int n = 0; n < rounds(3); n++) {
        bench t;
        open_bench(&t, smoothings[n]);
        const uint32_t units = 32768u / t.p.smoothing + 2;
        for (int from_above = 0; from_above < 2; from_above++) {
            fill(&t, from_above ? 32767 : 3, from_above ? 3 : 0);
            hear(&t);
            fill(&t, 900, 4);
            for (int k = long_enough(&t); k > 0; k--) {
                hear(&t);
            }
            uint32_t settled[BANDS];
            memcpy(settled, t.means, sizeof settled);
            for (int j = 0; j < BANDS; j++) {
                assert_true(settled[j] <= energy(&t, j) && settled[j] + units >= energy(&t, j));
            }
            hear(&t);
            assert_memory_equal(t.means, settled, sizeof settled);
        }
        fill(&t, 32767, 3);
        hear(&t);
        fill(&t, 0, 0);
        for (int k = long_enough(&t); k > 0; k--) {
            hear(&t);
        }
        for (int j = 0; j < BANDS; j++) {
            assert_true(t.means[j] == LEADING || t.means[j] == 0);
        }
        fixture_close(&t.i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_follow_the_recursion),
        cmocka_unit_test(means_settle),
    };
    seed_random("PCEN");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
