/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a model that passes kws_model_check() cannot lead the library out of its memory, whatever
 * its bytes are. Method: every byte of a sound model is replaced by extreme and random values, one
 * at a time and several together; the checksum is made right; what passes the check is run on audio
 * and features, between guards and under the sanitizers. Results do not matter.
 */
#include "support.h"

#include "fixtures.h"

#define PAIRS 20000

/* Runs whatever passes; returns whether it did. */
static bool survive(uint8_t *block, uint32_t bytes)
{
    int16_t pcm[64];
    int8_t  features[48], scores[4];
    kws    *k;
    builder_seal(block, bytes);
    const kws_model model = builder_model(block, bytes);
    const size_t    size = kws_required_size(&model);
    if (size == 0 || size > 1u << 16) {
        return false;
    }
    guarded memory = guarded_make(size);
    assert_int_equal(kws_init(&k, &model, memory.bytes, size), KWS_OK);
    for (int i = 0; i < 64; i++) {
        pcm[i] = (int16_t)random_word();
    }
    for (int n = 0; n < 16; n++) {
        kws_push(k, pcm, 20);
        while (kws_poll(k, NULL) > KWS_IDLE) {
        }
    }
    memset(features, random_between(-128, 127), sizeof features);
    if (kws_feature_count(k) <= sizeof features && kws_class_count(k) <= sizeof scores) {
        assert_int_equal(kws_infer(k, features, scores), KWS_OK);
    }
    for (uint32_t n = 0; n <= kws_class_count(k); n++) {
        kws_class_label(k, n);
        kws_label(k, n);
    }
    kws_model_name(k);
    guarded_free(&memory);
    return true;
}

static void every_byte(uint16_t kind)
{
    builder  b;
    uint32_t bytes, passed = 0, tried = 0;
    fixture_everything(&b, kind);
    uint8_t *block = builder_finish(&b, &bytes);
    for (uint32_t at = 16; at < bytes; at++) {
        const uint8_t was = block[at];
        const uint8_t values[] = {0, 0x80, 0xFF, (uint8_t)(was + 1), (uint8_t)random_word()};
        for (uint32_t i = 0; i < sizeof values; i++) {
            block[at] = values[i];
            passed += survive(block, bytes);
            tried++;
        }
        block[at] = was;
    }
    printf("evil tables: %u of %u blocks with one byte changed passed\n", passed, tried);
    assert_true(passed > 0 && passed < tried);
    free(block);
}

static void one_byte(void **state)
{
    (void)state;
    every_byte(KWS_FEATURES_LOGMEL);
    every_byte(KWS_FEATURES_MFCC_PEAK);
}

/* Several fields of the records at once: the tables, on which checks seldom depend, stay. */
static void many_bytes(void **state)
{
    (void)state;
    builder  b;
    uint32_t bytes, passed = 0;
    fixture_everything(&b, KWS_FEATURES_MFCC);
    uint8_t                *block = builder_finish(&b, &bytes);
    const kws_block_header *header = (const kws_block_header *)block;
    const struct {
        uint32_t start, bytes;
    } areas[] = {
        {16, sizeof *header - 16},
        {header->tensors_offset, 12 * sizeof(kws_tensor)},
        {header->layers_offset, 12 * sizeof(kws_layer)},
        {header->front_end_offset, sizeof(kws_front_end)},
        {header->detector_offset, sizeof(kws_detector)},
    };
    uint8_t *copy = malloc(bytes);
    for (int n = 0; n < PAIRS; n++) {
        memcpy(copy, block, bytes);
        for (int i = random_between(1, 4); i > 0; i--) {
            const int32_t  area = random_between(0, 4);
            const uint32_t at =
                areas[area].start + (uint32_t)random_between(0, (int32_t)areas[area].bytes - 1);
            copy[at] =
                (uint8_t)(random_word() & 1u ? random_between(0, 8) : (int32_t)random_word());
        }
        passed += survive(copy, bytes);
    }
    printf("evil tables: %u of %u blocks with several bytes changed passed\n", passed, PAIRS);
    free(copy);
    free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_byte),
        cmocka_unit_test(many_bytes),
    };
    seed_random("evil tables");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
