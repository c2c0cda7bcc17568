/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: PCM becomes the features of SPEC.md, section 5, bit for bit, for every kind of front end.
 * Method: random front ends (length, hop below and above the frame, FFT 64 to 4096, both spectra,
 * preemphasis, one plane or two) over random PCM with silence and full scale; the features that the
 * observer sees are compared with a recursive 64-bit evaluation of the whole stream. The transform
 * itself is compared with a Fourier sum in double.
 */
#include "support.h"

#include <math.h>

#include "fixtures.h"
#include "front_end.h"
#include "oracle.h"

#define ROUNDS 60

typedef struct seen {
    uint8_t *features;
    uint32_t row_bytes, rows;
} seen;

static void observe(void *context, uint32_t layer, uint32_t row, const uint8_t *values,
                    uint32_t count)
{
    seen *s = context;
    if (layer == KWS_OBSERVE_FEATURES) {
        memcpy(s->features + row * count, values, count);
        s->row_bytes = count;
        s->rows++;
    }
}

/* Streams random PCM through an instance and compares the features of every decision. */
static void stream_and_compare(builder *b)
{
    const kws_front_end f = b->front_end;
    const uint32_t      inference_hops = b->detector.inference_hops;
    const uint32_t      steps = f.window_hops + 3 * inference_hops;
    const uint32_t      count = steps * f.hop_samples;
    const uint32_t      features = f.frame_count * kws_features_bytes(&f);
    int16_t            *pcm = malloc(2 * count);
    uint8_t            *expected = malloc(features);
    seen                s = {malloc(features), 0, 0};
    instance            i;
    fixture_pcm(pcm, count);
    fixture_open(&i, b);
    kws_observe(i.k, observe, &s);
    uint32_t decisions = 0;
    for (uint32_t t = 0; t < steps; t++) {
        assert_int_equal(kws_push(i.k, pcm + t * f.hop_samples, f.hop_samples), f.hop_samples);
        s.rows = 0;
        while (kws_poll(i.k, NULL) > KWS_IDLE) {
        }
        const bool due = t + 1 >= f.window_hops && (t + 1 - f.window_hops) % inference_hops == 0;
        assert_int_equal(s.rows, due ? f.frame_count : 0);
        if (due) {
            oracle_features(&f, i.block, pcm, t, expected);
            assert_memory_equal(s.features, expected, features);
            decisions++;
        }
    }
    assert_int_equal(decisions, 4);
    fixture_close(&i);
    free(pcm);
    free(expected);
    free(s.features);
}

static void features_of(uint16_t kind)
{
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder b;
        fixture_random(&b, kind);
        stream_and_compare(&b);
    }
}

static void logmel(void **state)
{
    (void)state;
    features_of(KWS_FEATURES_LOGMEL);
}

static void mfcc(void **state)
{
    (void)state;
    features_of(KWS_FEATURES_MFCC);
}

static void mfcc_peak(void **state)
{
    (void)state;
    features_of(KWS_FEATURES_MFCC_PEAK);
}

static void logsum(void **state)
{
    (void)state;
    features_of(KWS_FEATURES_LOGSUM);
}

static void pcen(void **state)
{
    (void)state;
    features_of(KWS_FEATURES_PCEN);
}

static void waveform(void **state)
{
    (void)state;
    features_of(KWS_FEATURES_WAVEFORM);
}

/* The rows before the features' rounding hides their last bits: log-mel of single frames, and its
 * quotient by the largest sample. */
static void rows_are_exact_too(void **state)
{
    (void)state;
    for (int n = 0; n < rounds(20 * ROUNDS); n++) {
        builder b;
        fixture_random(&b, KWS_FEATURES_MFCC_PEAK);
        const kws_front_end f = b.front_end;
        int16_t            *pcm = malloc(2u * f.pcm_capacity), bands[40];
        const uint32_t      room = kws_front_end_work(&f) + 4 * (random_word() % 100);
        int16_t            *z = malloc(room);
        int64_t             expected[40];
        uint8_t             features[26];
        const int32_t       peak = random_between(1, 32767);
        instance            i;
        fixture_pcm(pcm, f.pcm_capacity);
        fixture_open(&i, &b);
        const kws_frame frame = {.front_end = &f,
                                 .block = i.block,
                                 .ring = pcm,
                                 .spectrum = z,
                                 .room = room,
                                 .bands = bands};
        kws_logmel(&frame, -20000);
        oracle_log_mel(&f, i.block, pcm, 0, -20000, expected);
        for (uint32_t j = 0; j < f.band_count; j++) {
            assert_int_equal(bands[j], expected[j]);
        }
        int16_t row[40];
        for (uint32_t j = 0; j < f.band_count; j++) {
            row[j] = (int16_t)random_between(-32768, 32767);
            if (random_word() & 1u) { /* near the constant */
                const int64_t at = oracle_log2_q10((uint64_t)peak) + f.log_floor;
                row[j] = (int16_t)oracle_clamp(at + random_between(-11000, 11000), -32768, 32767);
            }
        }
        kws_features_mfcc_peak.features->finish(&frame, row, peak, features);
        for (uint32_t j = 0; j < f.band_count; j++) {
            assert_int_equal(bands[j], oracle_divided(&f, row[j], peak));
        }
        fixture_close(&i);
        free(pcm);
        free(z);
    }
}

/* A window without a positive sample, of zeros or of negative samples, has the peak 1. */
static void silence_is_defined(void **state)
{
    (void)state;
    for (int16_t value = -2; value <= 0; value++) {
        builder b;
        timing  t = {.frame = 50, .hop = 20, .frames = 3, .points = 64};
        fixture_begin(&b, KWS_FEATURES_MFCC_PEAK, KWS_SPECTRUM_MAGNITUDE, t, 7, 5, 3);
        b.front_end.log_floor = -20 * 1024;
        const kws_front_end f = b.front_end;
        int16_t             pcm[100];
        uint8_t             expected[15], features[15];
        seen                s = {features, 0, 0};
        instance            i;
        for (int n = 0; n < 100; n++) {
            pcm[n] = value;
        }
        fixture_open(&i, &b);
        kws_observe(i.k, observe, &s);
        for (int n = 0; n < 5; n++) {
            assert_int_equal(kws_push(i.k, pcm, 20), 20);
            while (kws_poll(i.k, NULL) > KWS_IDLE) {
            }
        }
        oracle_features(&f, i.block, pcm, f.window_hops - 1, expected);
        assert_int_equal(s.rows, 3);
        assert_memory_equal(features, expected, 15);
        fixture_close(&i);
    }
}

/* Goal: steps 1 to 3 are a Fourier transform, step 4 its squares. Errors of complex numbers, at
 * worst: a sample is cut by less than 1, so a pair by sqrt(2); the first level averages, and
 * rounds twice by 1/2 in both parts; each later one doubles it (or less), rounds four halves by
 * 1/2, and has three twiddles, each off by sqrt(2) in 2^15, on numbers of 2^14.5 halved: 2.83 +
 * 1.5; the split does the same with two numbers. */
static void spectrum_is_a_fourier_sum(void **state)
{
    (void)state;
    for (uint16_t points = 64; points <= 4096; points *= 2) {
        builder b;
        timing  t = {.frame = (uint16_t)(points - (points & 64 ? 0 : 3)),
                     .hop = points,
                     .frames = 1,
                     .points = points};
        fixture_begin(&b, KWS_FEATURES_LOGMEL, KWS_SPECTRUM_POWER, t, 3, 3, 2);
        b.front_end.preemphasis = 0;
        b.front_end.whitening = (uint8_t)random_between(0, 4);
        const kws_front_end f = b.front_end;
        int16_t            *pcm = calloc(b.front_end.pcm_capacity, 2);
        const uint32_t      room = kws_front_end_work(&f);
        int16_t            *z = malloc(room);
        const int32_t       m = points / 2;
        instance            i;
        for (int n = 0; n < points; n++) { /* a loud tone in noise */
            pcm[n] =
                (int16_t)(12000 * sin(2 * M_PI * 15 * n / points) + random_between(-2000, 2000));
        }
        fixture_open(&i, &b);
        const kws_frame frame = {
            .front_end = &f, .block = i.block, .ring = pcm, .spectrum = z, .room = room};
        const int16_t *window = kws_part(i.block, f.window_offset);
        bool           small;
        uint32_t       shifts = kws_window(&frame);
        shifts += kws_fft(z, (uint32_t)m, kws_part(i.block, f.twiddles_offset), &small);
        kws_bins(&frame, small, true);
        shifts += small ? 0 : 1;
        double bound = sqrt(2) + sqrt(0.5);
        for (int rest = m; rest > 4; rest /= 4) {
            bound = 2 * bound + 4.4;
        }
        bound = 2 * bound + 2.5;
        const double     kept = f.whitening == 0 ? 0 : 1 - ldexp(1, -f.whitening);
        const double     scale = ldexp(1, 15 - (int)shifts);
        const kws_power *powers = (const kws_power *)(const void *)z;
        double           loudest = 0;
        for (int k = 0; k <= m; k += k < 8 || k > m - 8 ? 1 : 7) {
            double re = 0, im = 0;
            for (int n = 0; n < f.frame_samples; n++) {
                const double v = scale * (double)pcm[n] * window[n] / 16384;
                re += v * cos(2 * M_PI * k * n / points);
                im -= v * sin(2 * M_PI * k * n / points);
            }
            const double exact = hypot(re, im) * hypot(1 - kept * cos(2 * M_PI * k / points),
                                                       kept * sin(2 * M_PI * k / points));
            uint32_t     place = (uint32_t)k;
            if (KWS_FRONT_END == KWS_FRONT_END_MVE && k < m) { /* k's bits, reversed */
                place = 0;
                for (int bit = 1; bit < m; bit *= 2) {
                    place = 2 * place + ((k & bit) != 0);
                }
            }
            const double found = sqrt((double)powers[place]) / 2;
            assert_true(fabs(found - exact) <= bound);
            loudest = fmax(loudest, exact);
        }
        assert_true(loudest > 10 * bound); /* the bound is small beside what was measured */
        fixture_close(&i);
        free(pcm);
        free(z);
    }
}

/* The loudest inputs of all overflow nowhere (the checked build stops), stay within the contract,
 * and come out as SPEC.md has it: a square wave through a rectangle, emphasised; alternating
 * samples, whitened. */
static void full_scale_fits(void **state)
{
    (void)state;
    for (uint16_t points = 64; points <= 4096; points *= 2) {
        for (int alternating = 0; alternating < 2; alternating++) {
            builder b;
            timing  t = {.frame = points, .hop = points, .frames = 1, .points = points};
            fixture_begin(&b, KWS_FEATURES_LOGMEL, KWS_SPECTRUM_MAGNITUDE, t, 5, 5, 2);
            b.front_end.preemphasis = alternating ? 0 : 32767;
            b.front_end.whitening = alternating ? 15 : 0;
            b.detector.inference_hops = 1;
            int16_t *window = (int16_t *)(b.bytes + b.front_end.window_offset);
            for (int n = 0; n < points; n++) {
                window[n] = alternating ? 16384 : -16384;
            }
            const kws_front_end f = b.front_end;
            int16_t            *pcm = malloc(2u * points);
            uint8_t             expected[5], features[5];
            seen                s = {features, 0, 0};
            instance            i;
            for (int n = 0; n < points; n++) {
                pcm[n] = (alternating ? n : n * 5 / points) % 2 ? 32767 : -32768;
            }
            fixture_open(&i, &b);
            kws_observe(i.k, observe, &s);
            assert_int_equal(kws_push(i.k, pcm, points), points);
            assert_int_equal(kws_poll(i.k, NULL), KWS_AGAIN);
            assert_true(kws_poll(i.k, NULL) > KWS_IDLE);
            oracle_features(&f, i.block, pcm, 0, expected);
            assert_memory_equal(features, expected, 5);
            fixture_close(&i);
            free(pcm);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logmel),
        cmocka_unit_test(mfcc),
        cmocka_unit_test(mfcc_peak),
        cmocka_unit_test(logsum),
        cmocka_unit_test(pcen),
        cmocka_unit_test(waveform),
        cmocka_unit_test(rows_are_exact_too),
        cmocka_unit_test(silence_is_defined),
        cmocka_unit_test(spectrum_is_a_fourier_sum),
        cmocka_unit_test(full_scale_fits),
    };
    seed_random("front end");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
