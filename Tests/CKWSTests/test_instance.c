/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: an instance takes exactly the memory that SPEC.md, section 7, says, writes nowhere else,
 * and answers every question. Method: sizes are added up by hand; memory stands between guards, at
 * every multiple of 4; all public functions are called with good, missing and wrong arguments.
 */
#include "support.h"

#include "fixtures.h"

static uint32_t words(uint32_t bytes)
{
    return (bytes + 3) / 4 * 4;
}

static void size_is_the_sum_of_its_parts(void **state)
{
    (void)state;
    for (int n = 0; n < 300; n++) {
        static const uint16_t kinds[6] = {KWS_FEATURES_LOGMEL,    KWS_FEATURES_MFCC,
                                          KWS_FEATURES_MFCC_PEAK, KWS_FEATURES_LOGSUM,
                                          KWS_FEATURES_PCEN,      KWS_FEATURES_WAVEFORM};
        builder               b;
        instance              i;
        fixture_random(&b, kinds[n % 6]);
        const kws_front_end f = b.front_end;
        const kws_detector  d = b.detector;
        const bool          peak = f.features == KWS_FEATURES_MFCC_PEAK;
        const bool          pcen = f.features == KWS_FEATURES_PCEN;
        const bool          power = f.spectrum == KWS_SPECTRUM_POWER;
        const uint32_t      levels = power ? 4 : (f.fft_points / 2u + 1) * 2u;
        const uint32_t      bands = words(2u * f.band_count);
        const uint32_t      work = words(2u * f.fft_points + levels) + (peak ? 0 : bands);
        fixture_open(&i, &b);
        const uint32_t arena = b.arena_bytes;
        const uint32_t expected =
            KWS_INSTANCE_BYTES + words(2 * f.pcm_capacity) +
            words(f.frame_count *
                  (peak ? 2u * f.band_count : f.feature_count * (1u + f.fine_plane))) +
            words(peak   ? 2u * f.window_hops
                  : pcen ? 4u * f.band_count
                         : 0) +
            words(2u * d.keyword_count * d.smoothing) +
            words(2u * (d.keyword_count + d.phrase_count)) +
            (d.energy != 0 || d.phrase_count != 0
                 ? 4 + words(2u * b.detector.phrase_words * d.phrase_decisions)
                 : 0) +
            (peak ? bands : 0) + (arena > work ? arena : work);
        assert_int_equal(kws_required_size(&i.model), expected);
        fixture_close(&i);
    }
}

static void memory_too_small_or_misaligned(void **state)
{
    (void)state;
    builder  b;
    instance i;
    kws     *k;
    fixture_everything(&b, KWS_FEATURES_MFCC);
    fixture_open(&i, &b);
    const size_t size = kws_required_size(&i.model);
    guarded      memory = guarded_make(size + 8);
    for (size_t offset = 0; offset < 8; offset++) {
        const kws_status status = kws_init(&k, &i.model, memory.bytes + offset, size);
        assert_int_equal(status, offset % 4 == 0 ? KWS_OK : KWS_ERROR_ALIGNMENT);
        assert_true((k != NULL) == (offset % 4 == 0));
    }
    assert_int_equal(kws_init(&k, &i.model, memory.bytes, size - 1), KWS_ERROR_MEMORY);
    assert_null(k);
    assert_int_equal(kws_init(&k, &i.model, memory.bytes, 0), KWS_ERROR_MEMORY);
    assert_int_equal(kws_init(NULL, &i.model, memory.bytes, size), KWS_ERROR_NULL);
    assert_int_equal(kws_init(&k, NULL, memory.bytes, size), KWS_ERROR_NULL);
    assert_int_equal(kws_init(&k, &i.model, NULL, size), KWS_ERROR_NULL);
    guarded_free(&memory);
    fixture_close(&i);
}

/* Instances and models side by side do not know of one another. */
static void instances_side_by_side(void **state)
{
    (void)state;
    builder  b;
    instance one, two;
    int8_t   features[48], expected[4], scores[4], other[4];
    fixture_everything(&b, KWS_FEATURES_MFCC);
    fixture_open(&one, &b);
    fixture_everything(&b, KWS_FEATURES_LOGMEL);
    fixture_open(&two, &b);
    memset(features, 11, sizeof features);
    assert_int_equal(kws_infer(one.k, features, expected), KWS_OK);
    assert_int_equal(kws_set_threshold(two.k, 0, 5), KWS_OK);
    assert_int_equal(kws_infer(two.k, features, other), KWS_OK);
    assert_int_equal(kws_infer(one.k, features, scores), KWS_OK);
    assert_memory_equal(scores, expected, 4);
    uint16_t threshold;
    assert_int_equal(kws_get_threshold(one.k, 0, &threshold), KWS_OK);
    assert_int_not_equal(threshold, 5);
    fixture_close(&one);
    fixture_close(&two);
}

static void getters(void **state)
{
    (void)state;
    builder  b;
    instance i;
    fixture_everything(&b, KWS_FEATURES_MFCC);
    fixture_open(&i, &b);
    assert_string_equal(kws_model_name(i.k), "test model");
    assert_int_equal(kws_class_count(i.k), 4);
    assert_string_equal(kws_class_label(i.k, 3), "class3");
    assert_null(kws_class_label(i.k, 4));
    assert_int_equal(kws_keyword_count(i.k), 3 + 2);
    assert_string_equal(kws_label(i.k, 0), "class3");
    assert_string_equal(kws_label(i.k, 2), "class1");
    assert_string_equal(kws_label(i.k, 3), "phrase0");
    assert_string_equal(kws_label(i.k, 4), "phrase1");
    assert_null(kws_label(i.k, 5));
    assert_int_equal(kws_feature_count(i.k), 48);
    assert_int_equal(kws_sample_rate(i.k), 16000);
    assert_int_equal(kws_hop_samples(i.k), 20);
    assert_int_equal(kws_window_samples(i.k), 20 * (8 + 2));
    assert_int_equal(kws_overruns(i.k), 0);
    fixture_close(&i);

    assert_null(kws_model_name(NULL));
    assert_int_equal(kws_class_count(NULL), 0);
    assert_null(kws_class_label(NULL, 0));
    assert_int_equal(kws_keyword_count(NULL), 0);
    assert_null(kws_label(NULL, 0));
    assert_int_equal(kws_feature_count(NULL), 0);
    assert_int_equal(kws_sample_rate(NULL), 0);
    assert_int_equal(kws_hop_samples(NULL), 0);
    assert_int_equal(kws_window_samples(NULL), 0);
    assert_int_equal(kws_overruns(NULL), 0);
    kws_reset(NULL);
    kws_observe(NULL, NULL, NULL);
    kws_model_load(NULL, NULL, 0);

    assert_int_equal(kws_version(),
                     KWS_VERSION_MAJOR << 16 | KWS_VERSION_MINOR << 8 | KWS_VERSION_PATCH);
    assert_int_equal(kws_abi_version(), KWS_ABI_VERSION);
    assert_int_equal(kws_model_format(), KWS_MODEL_FORMAT);
}

static void without_a_front_end(void **state)
{
    (void)state;
    builder  b;
    instance i;
    int16_t  pcm[4] = {0};
    int8_t   features[48] = {0}, scores[4];
    uint16_t threshold;
    fixture_everything(&b, KWS_FEATURES_MFCC);
    b.has_front_end = false;
    fixture_open(&i, &b);
    const uint32_t arena = b.arena_bytes;
    assert_int_equal(kws_required_size(&i.model), KWS_INSTANCE_BYTES + arena);
    assert_int_equal(kws_poll(i.k, NULL), KWS_ERROR_NO_FRONT_END);
    assert_int_equal(kws_push(i.k, pcm, 4), 0);
    assert_int_equal(kws_overruns(i.k), 0);
    assert_int_equal(kws_sample_rate(i.k), 0);
    assert_int_equal(kws_hop_samples(i.k), 0);
    assert_int_equal(kws_window_samples(i.k), 0);
    assert_int_equal(kws_keyword_count(i.k), 0);
    assert_null(kws_label(i.k, 0));
    assert_int_equal(kws_set_threshold(i.k, 0, 1), KWS_ERROR_ARGUMENT);
    assert_int_equal(kws_get_threshold(i.k, 0, &threshold), KWS_ERROR_ARGUMENT);
    kws_reset(i.k);
    assert_int_equal(kws_infer(i.k, features, scores), KWS_OK);
    fixture_close(&i);
}

static void wrong_arguments(void **state)
{
    (void)state;
    builder  b;
    instance i;
    int8_t   features[48] = {0}, scores[4];
    uint16_t threshold = 0;
    fixture_everything(&b, KWS_FEATURES_MFCC);
    fixture_open(&i, &b);
    assert_int_equal(kws_poll(NULL, NULL), KWS_ERROR_NULL);
    assert_int_equal(kws_infer(NULL, features, scores), KWS_ERROR_NULL);
    assert_int_equal(kws_infer(i.k, NULL, scores), KWS_ERROR_NULL);
    assert_int_equal(kws_infer(i.k, features, NULL), KWS_ERROR_NULL);
    assert_int_equal(kws_set_threshold(NULL, 0, 1), KWS_ERROR_NULL);
    assert_int_equal(kws_get_threshold(NULL, 0, &threshold), KWS_ERROR_NULL);
    assert_int_equal(kws_get_threshold(i.k, 0, NULL), KWS_ERROR_NULL);
    assert_int_equal(kws_set_threshold(i.k, 5, 1), KWS_ERROR_ARGUMENT);
    assert_int_equal(kws_get_threshold(i.k, 5, &threshold), KWS_ERROR_ARGUMENT);
    assert_int_equal(kws_set_threshold(i.k, 2, 777), KWS_OK);
    kws_reset(i.k); /* keeps thresholds */
    assert_int_equal(kws_get_threshold(i.k, 2, &threshold), KWS_OK);
    assert_int_equal(threshold, 777);
    fixture_close(&i);
}

static void every_status_has_a_text(void **state)
{
    (void)state;
    const char *unknown = kws_strerror((kws_status)-99);
    for (int s = -13; s <= 2; s++) {
        assert_non_null(kws_strerror((kws_status)s));
        assert_string_not_equal(kws_strerror((kws_status)s), unknown);
        for (int t = -13; t < s; t++) {
            assert_string_not_equal(kws_strerror((kws_status)s), kws_strerror((kws_status)t));
        }
    }
    assert_string_equal(kws_strerror((kws_status)-14), unknown);
    assert_string_equal(kws_strerror((kws_status)3), unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_is_the_sum_of_its_parts),
        cmocka_unit_test(memory_too_small_or_misaligned),
        cmocka_unit_test(instances_side_by_side),
        cmocka_unit_test(getters),
        cmocka_unit_test(without_a_front_end),
        cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(every_status_has_a_text),
    };
    seed_random("instance");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
