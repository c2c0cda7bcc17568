/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a model that passes kws_model_check() cannot lead the library out of its memory, whatever
 * its bytes are. Method: every byte of a sound model is replaced by extreme and random values, one
 * at a time and several together; the checksum is made right; what passes the check is run on audio
 * and features, between guards and under the sanitizers. Results do not matter.
 */
#include "support.h"

#include "draw.h"
#include "fixtures.h"

#define PAIRS 20000

/* Runs whatever passes; returns whether it did. */
static bool survive(uint8_t *block, uint32_t bytes)
{
    int16_t pcm[64];
    int8_t  features[48], scores[128];
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

static void every_byte(builder *b)
{
    uint32_t bytes, passed = 0, tried = 0;
    uint8_t *block = builder_finish(b, &bytes);
    builder_close(b);
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
    static const uint16_t kinds[] = {KWS_FEATURES_LOGMEL, KWS_FEATURES_MFCC_PEAK, KWS_FEATURES_PCEN,
                                     KWS_FEATURES_WAVEFORM};
    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        builder b;
        fixture_everything(&b, kinds[i]);
        every_byte(&b);
    }
}

/* One recurrent layer, without a front end. */
static void one_byte_of_a_cell(void **state)
{
    (void)state;
    static const uint32_t ops[] = {OP_LSTM, OP_GRU, OP_LSTM_GAPS, OP_GRU_GAPS};
    for (uint32_t i = 0; i < 24; i++) {
        builder b;
        builder_begin(&b);
        const uint16_t in = builder_tensor(&b, 3, 2, (uint32_t)random_between(1, 8), draw_zero(8));
        builder_place(&b, draw_recurrent(&b, in, ops[i % 4], draw_weight_bits()));
        every_byte(&b);
    }
}

/* Rows that are kept, without a front end. */
static void one_byte_of_rows(void **state)
{
    (void)state;
    builder b;
    fixture_rows(&b);
    every_byte(&b);
}

/* Several fields of the records at once: the tables, on which checks seldom depend, stay. */
static void many_bytes(void **state)
{
    (void)state;
    builder  b;
    uint32_t bytes, passed = 0;
    fixture_everything(&b, KWS_FEATURES_MFCC);
    uint8_t *block = builder_finish(&b, &bytes);
    builder_close(&b);
    const kws_block_header *header = (const kws_block_header *)block;
    const struct {
        uint32_t start, bytes;
    } areas[] = {
        {16, sizeof *header - 16},
        {header->tensors_offset, EVERY_TENSORS * sizeof(kws_tensor)},
        {header->layers_offset, LAYER_COUNT * sizeof(kws_layer)},
        {header->front_end_offset, sizeof(kws_front_end)},
        {header->detector_offset, sizeof(kws_detector)},
        {((const kws_detector *)(block + header->detector_offset))->phrases_offset,
         2 * sizeof(kws_phrase)},
    };
    uint8_t *copy = malloc(bytes);
    for (int n = 0; n < PAIRS; n++) {
        memcpy(copy, block, bytes);
        for (int i = random_between(1, 4); i > 0; i--) {
            const int32_t  area = random_between(0, 5);
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

/* The fields that say where rows lie, several at once, with values that are likely to be
 * plausible: small ones, and those of other records. */
static void change_field(uint8_t *block)
{
    kws_block_header *header = (kws_block_header *)block;
    kws_tensor       *tensors = (kws_tensor *)(block + header->tensors_offset);
    kws_layer        *layers = (kws_layer *)(block + header->layers_offset);
    kws_tensor       *t = &tensors[random_between(0, EVERY_TENSORS - 1)];
    const kws_tensor *other = &tensors[random_between(0, EVERY_TENSORS - 1)];
    kws_layer        *l = &layers[random_between(0, LAYER_COUNT - 1)];
    const uint16_t    value = (uint16_t)random_between(0, random_once_in(8)   ? 65535
                                                          : random_once_in(3) ? 300
                                                                              : 9);
    switch (random_between(0, 15)) {
    case 0:
        t->rows = random_once_in(2) ? value : t->height;
        break;
    case 1:
        t->phase = random_once_in(2) ? value : 0;
        break;
    case 2:
        t->bits = (uint8_t)(1u << random_between(0, 4));
        break;
    case 3:
        t->zero_point = (uint8_t)value;
        break;
    case 4:
        t->arena_offset = other->arena_offset;
        break;
    case 5:
        t->arena_offset += 4u * (uint32_t)random_between(-20, 20);
        break;
    case 6:
        t->height = t->rows = value;
        break;
    case 7:
        *t = *other;
        break;
    case 8:
        l->chained = (uint8_t)random_between(0, 2);
        break;
    case 9:
        l->kernel = (uint16_t)(l->kernel / 16u * 16u + (uint16_t)(value & 15u));
        break;
    case 10:
        header->progress_offset =
            4u * (uint32_t)random_between(0, (int32_t)header->arena_bytes / 4);
        break;
    case 11:
        l->scratch_offset = 4u * (uint32_t)random_between(0, (int32_t)header->arena_bytes / 4);
        break;
    case 12:
        l->pad_top = value;
        break;
    case 13:
        l->stride_height = value;
        break;
    case 14:
        l->kernel_height = value;
        break;
    default:
        l->output = (uint16_t)random_between(0, EVERY_TENSORS - 1);
    }
}

static void places_of_rows(void **state)
{
    (void)state;
    builder  b;
    uint32_t bytes, passed = 0;
    fixture_everything(&b, KWS_FEATURES_LOGMEL);
    uint8_t *block = builder_finish(&b, &bytes), *copy = malloc(bytes);
    builder_close(&b);
    for (int n = 0; n < 2 * PAIRS; n++) {
        memcpy(copy, block, bytes);
        for (int i = random_between(1, 4); i > 0; i--) {
            change_field(copy);
        }
        passed += survive(copy, bytes);
    }
    printf("evil tables: %u of %u blocks with rows elsewhere passed\n", passed, 2 * PAIRS);
    assert_true(passed > PAIRS / 10);
    free(copy);
    free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_byte),         cmocka_unit_test(one_byte_of_a_cell),
        cmocka_unit_test(one_byte_of_rows), cmocka_unit_test(many_bytes),
        cmocka_unit_test(places_of_rows),
    };
    seed_random("evil tables");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
