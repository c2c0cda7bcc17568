/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: kws_model_check() accepts a sound model and names what is wrong with any other. Method: a
 * model with every kernel; one field at a time is set to what SPEC.md forbids, the checksum is
 * made right again, and the status compared.
 */
#include "changed_model.h"

static void sound_models(void **state)
{
    (void)state;
    EXPECT_IN(KWS_FEATURES_LOGMEL, KWS_OK, );
    EXPECT_IN(KWS_FEATURES_MFCC, KWS_OK, );
    EXPECT_IN(KWS_FEATURES_MFCC_PEAK, KWS_OK, );
    EXPECT_IN(KWS_FEATURES_LOGSUM, KWS_OK, );
    EXPECT_IN(KWS_FEATURES_PCEN, KWS_OK, );
    EXPECT_IN(KWS_FEATURES_WAVEFORM, KWS_OK, );
    FINE(m.header->front_end_offset = m.header->detector_offset = 0);
}

static void envelope(void **state)
{
    (void)state;
    uint32_t        bytes;
    uint8_t        *block = changed_make(&bytes, KWS_FEATURES_MFCC);
    const kws_model good = builder_model(block, bytes);
    kws_model       model = good;
    assert_int_equal(kws_model_check(NULL), KWS_ERROR_NULL);
    model.block = NULL;
    assert_int_equal(kws_model_check(&model), KWS_ERROR_NULL);
    model = good;
    model.kernels = NULL;
    assert_int_equal(kws_model_check(&model), KWS_ERROR_NULL);

    uint8_t *copy = malloc(bytes + 4);
    for (uint32_t offset = 1; offset < 4; offset++) {
        memcpy(copy + offset, block, bytes);
        assert_int_equal(changed_check(copy + offset, bytes), KWS_ERROR_ALIGNMENT);
    }
    free(copy);
    for (uint32_t length = 0; length < bytes; length++) {
        uint8_t *part = malloc(length != 0 ? length : 1);
        memcpy(part, block, length);
        assert_int_equal(changed_check(part, length), KWS_ERROR_TRUNCATED);
        free(part);
    }
    for (uint32_t bit = 0; bit < 8 * bytes; bit++) {
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
        const kws_status status = changed_check(block, bytes);
        const uint32_t   at = bit / 8;
        const bool       length = at >= 8 && at < 12; /* block_bytes: also too long, or odd */
        assert_true(status == (at < 4   ? KWS_ERROR_MAGIC
                               : at < 6 ? KWS_ERROR_FORMAT
                                        : KWS_ERROR_CHECKSUM) ||
                    (at >= 6 && at < 8 && status == KWS_ERROR_PACK) ||
                    (length && (status == KWS_ERROR_TRUNCATED || status == KWS_ERROR_MODEL)));
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(changed_check(block, bytes), KWS_OK);
    free(block);
    EXPECT(KWS_ERROR_FORMAT, m.header->format++);
    EXPECT(KWS_ERROR_PACK, m.header->pack = KWS_VARIANT + 1);
    EXPECT(KWS_ERROR_PACK, m.header->pack = KWS_PACK_ANY);
    EXPECT(KWS_ERROR_MODEL, m.header->block_bytes = sizeof(kws_block_header) - 4);
    EXPECT(KWS_ERROR_MODEL, m.header->block_bytes -= 2);
}

static void kernels(void **state)
{
    (void)state;
    EXPECT(KWS_ERROR_KERNEL, m.layers[0].kernel = 99);
    EXPECT(KWS_ERROR_KERNEL, m.layers[0].kernel = KWS_FEATURES_MFCC);
    EXPECT(KWS_ERROR_KERNEL, m.front_end->features = 99);
    EXPECT(KWS_ERROR_KERNEL, m.front_end->features = KWS_KERNEL_CONV_W8);
    EXPECT(KWS_ERROR_KERNEL, m.front_end->features = KWS_DETECTION_ENERGY);
    /* a dispatch array without one of them, or with holes */
    uint32_t          bytes;
    uint8_t          *block = changed_make(&bytes, KWS_FEATURES_MFCC);
    kws_model         model = builder_model(block, bytes);
    const records     m = changed_records(block);
    const kws_kernel *some[64];
    assert_true(model.kernel_count <= 64);
    for (uint32_t gap = 0; gap < model.kernel_count; gap++) {
        memcpy(some, model.kernels, model.kernel_count * sizeof some[0]);
        some[gap] = NULL;
        const kws_model holed = {block, bytes, some, model.kernel_count};
        const uint32_t  id = model.kernels[gap]->id;
        bool            used = id == m.front_end->features || id >= KWS_DETECTION_ENERGY;
        for (uint32_t i = 0; i < LAYER_COUNT; i++) {
            used = used || id == m.layers[i].kernel;
        }
        assert_int_equal(kws_model_check(&holed), used ? KWS_ERROR_KERNEL : KWS_OK);
    }
    model.kernel_count = 0;
    assert_int_equal(kws_model_check(&model), KWS_ERROR_KERNEL);
    free(block);
}

static void texts_and_records(void **state)
{
    (void)state;
    WRONG(m.header->name_offset = m.header->block_bytes);
    WRONG(m.header->name_offset += 2);
    WRONG(m.header->name_offset = 0);
    WRONG(m.header->labels_offset = m.header->block_bytes - 4);
    WRONG(((uint32_t *)(m.block + m.header->labels_offset))[1] = UINT32_MAX - 3);
    WRONG(((uint32_t *)(m.block + m.header->labels_offset))[1] = 2);
    WRONG(m.header->label_count = 0);
    WRONG(m.header->label_count++);
    WRONG(m.header->label_count--);
    WRONG(m.header->tensor_count = 0);
    WRONG(m.header->tensor_count--);
    WRONG(m.header->tensors_offset++);
    WRONG(m.header->tensors_offset = UINT32_MAX - 3);
    WRONG(m.header->layer_count = 0);
    WRONG(m.header->layer_count--);
    WRONG(m.header->layer_count = 2000);
    WRONG(m.header->layers_offset = m.header->block_bytes - 8);
    /* a name that runs to the end of the block without a NUL */
    WRONG({
        m.header->name_offset = m.header->block_bytes - 4;
        memset(m.block + m.header->block_bytes - 4, 'x', 4);
        m.header->detector_offset = m.header->front_end_offset = 0;
    });
}

static void tensors(void **state)
{
    (void)state;
    for (int i = 0; i < EVERY_TENSORS; i++) {
        WRONG(m.tensors[i].height = 0);
        WRONG(m.tensors[i].width = 0);
        WRONG(m.tensors[i].channels = 0);
        WRONG(m.tensors[i].bits = 0);
        WRONG(m.tensors[i].bits = 1);
        WRONG(m.tensors[i].bits = 3);
        WRONG(m.tensors[i].bits = 16);
        WRONG(m.tensors[i].rows = 0);
        WRONG(m.tensors[i].rows = m.tensors[i].height + 1u);
        WRONG(m.tensors[i].phase = m.tensors[i].rows);
        WRONG(m.tensors[i].phase = 65535);
        WRONG(m.tensors[i].arena_offset += 2);
        WRONG(m.tensors[i].arena_offset = m.header->arena_bytes);
        WRONG(m.tensors[i].arena_offset = UINT32_MAX - 3);
        WRONG(m.tensors[i].height = 65535);
    }
    WRONG(m.tensors[EVERY_INPUT].bits = 4);
    WRONG(m.tensors[EVERY_SCORES].bits = 4);
    WRONG(m.tensors[EVERY_TOTAL].bits = 4); /* what SOFTMAX reads */
    WRONG(m.tensors[EVERY_BOTH].zero_point = 8);
    FINE(m.tensors[EVERY_BOTH].zero_point = 240);
    WRONG(m.tensors[EVERY_NARROW].zero_point = 4);
    FINE(m.tensors[EVERY_CONV].zero_point = 255);
    WRONG(m.tensors[EVERY_SUM].height = m.tensors[EVERY_SUM].width = m.tensors[EVERY_SUM].channels =
              65535);
    WRONG(m.tensors[EVERY_SUM].height = 0xFFFE; m.tensors[EVERY_SUM].width = 0x8001;
          m.tensors[EVERY_SUM].channels = 2);
    WRONG(m.header->arena_bytes--);
    WRONG(m.header->arena_bytes = 1u << 24);
    WRONG(m.header->arena_bytes = 64);
    WRONG(m.header->progress_offset += 2);
    WRONG(m.header->progress_offset = m.header->arena_bytes - 8); /* 12 for 3 layers */
    WRONG(m.header->progress_offset = UINT32_MAX - 3);
    WRONG(m.header->progress_offset = m.tensors[EVERY_SUM].arena_offset);
    WRONG(m.header->progress_offset = m.layers[LAYER_MEAN].scratch_offset);
}

/* The ring between the layers of a chain; its reader has a window of 3 rows. */
static void rings(void **state)
{
    (void)state;
    FINE(m.tensors[EVERY_CONV].rows = m.tensors[EVERY_DWCONV].rows = 3);
    FINE(m.tensors[EVERY_CONV].phase = 0; m.tensors[EVERY_DWCONV].phase = 3);
    WRONG(m.tensors[EVERY_CONV].phase = 3); /* the output trails by one row of padding */
    WRONG(m.tensors[EVERY_CONV].rows = m.tensors[EVERY_DWCONV].rows = 2;
          m.tensors[EVERY_CONV].phase = 1; m.tensors[EVERY_DWCONV].phase = 0);
    WRONG(m.tensors[EVERY_DWCONV].rows = 5);
    WRONG(m.tensors[EVERY_POINTWISE].rows = 4); /* the chain's end is whole */
    WRONG(m.tensors[EVERY_NARROW].rows = 3; m.layers[LAYER_MEAN].chained = 0);
    FINE(m.tensors[EVERY_NARROW].rows = 1; m.tensors[EVERY_NARROW].phase = 0);
    WRONG(m.layers[LAYER_CONV].chained = 1); /* reads what LAYER_WIDE reads */
    WRONG(m.layers[LAYER_DWCONV].chained = 0);
    WRONG(m.layers[LAYER_POINTWISE].chained = 0);
    WRONG(m.layers[LAYER_POINTWISE].chained = 2);
    WRONG(m.layers[LAYER_ADD].chained = 1);
    WRONG(m.layers[LAYER_MAXPOOL].chained = 1); /* behind a sum */
    WRONG(m.layers[LAYER_TRANSPOSE].chained = 1);
    WRONG(m.layers[LAYER_VIEW].chained = 1);
    WRONG(m.layers[LAYER_DENSE].chained = 1);
    WRONG(m.layers[LAYER_SOFTMAX].chained = 1);
    WRONG(m.layers[LAYER_WIDE].chained = 1);
}

static bool has_weights(int layer)
{
    return layer <= LAYER_POINTWISE || layer == LAYER_DENSE || layer == LAYER_NARROW;
}

static bool has_biases(int layer)
{
    return layer != LAYER_MAXPOOL && layer != LAYER_TRANSPOSE && layer != LAYER_VIEW &&
           layer != LAYER_SOFTMAX;
}

static void layers(void **state)
{
    (void)state;
    for (int i = 0; i < LAYER_COUNT; i++) {
        WRONG(m.layers[i].input = m.header->tensor_count);
        WRONG(m.layers[i].output = m.header->tensor_count);
        WRONG(m.layers[i].input2 = m.header->tensor_count);
        WRONG(m.layers[i].output = 0);
        WRONG(m.layers[i].shift = 31);
        WRONG(m.layers[i].weights_bytes++);
        if (i != LAYER_ADD && i != LAYER_ADD2) {
            WRONG(m.layers[i].input2 = 0);
        }
        if (has_weights(i)) {
            WRONG(m.layers[i].weights_bytes--);
            WRONG(m.layers[i].weights_offset = m.header->block_bytes);
            WRONG(m.layers[i].weights_offset++);
            WRONG(m.layers[i].weights_offset = 0);
            /* weights of another width would have another length, but sparse ones may be none, or
             * end at the same byte by chance */
            if (i != LAYER_POINTWISE && i != LAYER_DENSE) {
                WRONG(m.layers[i].kernel = m.layers[i].kernel % 16 == 8
                                               ? m.layers[i].kernel - 4u
                                               : m.layers[i].kernel / 16 * 16 + 8u);
            }
        }
        if (has_biases(i)) {
            WRONG(m.layers[i].biases_offset = 56);
            WRONG(m.layers[i].biases_offset = UINT32_MAX - 3);
            WRONG(m.layers[i].multipliers_offset = m.header->block_bytes);
            WRONG(m.layers[i].multipliers_offset += 2);
            WRONG(*(int32_t *)(m.block + m.layers[i].biases_offset) = 1 << 30);
            WRONG(*(int32_t *)(m.block + m.layers[i].biases_offset) = -(1 << 30));
            FINE(*(int32_t *)(m.block + m.layers[i].biases_offset) = (1 << 30) - 1);
        }
    }
    WRONG(m.layers[LAYER_ADD].input2 = KWS_NONE);
    WRONG(m.layers[LAYER_VIEW].output = EVERY_DWCONV);
    /* the sum on one of its inputs */
    FINE(m.tensors[EVERY_SUM].arena_offset = m.tensors[EVERY_POINTWISE].arena_offset);
    WRONG(m.tensors[EVERY_SUM].arena_offset = m.tensors[EVERY_POINTWISE].arena_offset + 4);
    /* read before it is written; written twice */
    WRONG(m.layers[LAYER_WIDE].input = EVERY_SUM);
    WRONG(m.layers[LAYER_POINTWISE].input = EVERY_SUM);
    WRONG(m.layers[LAYER_ADD].input2 = EVERY_AVGPOOL);
    WRONG(m.layers[LAYER_AVGPOOL].output = EVERY_MAXPOOL);
    WRONG(m.layers[LAYER_PLACE2].input = EVERY_BOTH);
    WRONG(m.layers[LAYER_PLACE] = m.layers[LAYER_PLACE2];
          m.layers[LAYER_PLACE2] = m.layers[LAYER_MAXPOOL]);
    /* only half of a tensor placed */
    WRONG(m.layers[LAYER_PLACE] = m.layers[LAYER_MAXPOOL];
          m.layers[LAYER_PLACE].output = EVERY_AVGPOOL;
          m.layers[LAYER_AVGPOOL] = m.layers[LAYER_MAXPOOL]);
}

static void windows(void **state)
{
    (void)state;
    static const int sliding[] = {LAYER_WIDE,    LAYER_CONV,    LAYER_DWCONV,
                                  LAYER_MAXPOOL, LAYER_AVGPOOL, LAYER_NARROW};
    for (uint32_t n = 0; n < sizeof sliding / sizeof sliding[0]; n++) {
        const int i = sliding[n];
        WRONG(m.layers[i].kernel_height = 0);
        WRONG(m.layers[i].kernel_width = 0);
        WRONG(m.layers[i].stride_height = 0);
        WRONG(m.layers[i].stride_width = 0);
        WRONG(m.layers[i].stride_height = 200);
        WRONG(m.layers[i].stride_width = 65535);
    }
    WRONG(m.layers[LAYER_MAXPOOL].pad_top = 3);
    WRONG(m.layers[LAYER_MAXPOOL].pad_left = 3);
    WRONG(m.layers[LAYER_AVGPOOL].kernel_height = m.layers[LAYER_AVGPOOL].kernel_width = 256);
    FINE(m.layers[LAYER_AVGPOOL].kernel_height = 255; m.layers[LAYER_AVGPOOL].kernel_width = 257);
    WRONG(m.layers[LAYER_POINTWISE].kernel_width = 2);
    WRONG(m.layers[LAYER_POINTWISE].stride_width = 2);
    WRONG(m.layers[LAYER_POINTWISE].pad_left = 1);
    WRONG(m.layers[LAYER_PLACE2].kernel_width = 5);
    WRONG(m.layers[LAYER_PLACE2].kernel_width = 3); /* 4 bits: not whole bytes */
    WRONG(m.layers[LAYER_PLACE2].pad_top = 1);
    WRONG(m.layers[LAYER_PLACE2].pad_left = 65535);
    WRONG(m.layers[LAYER_TRANSPOSE].kernel_height = 3);
    WRONG(m.layers[LAYER_TRANSPOSE].kernel_height = 0);
    WRONG(m.layers[LAYER_SOFTMAX].shift = 14);
    WRONG(m.layers[LAYER_SOFTMAX].multipliers_offset += 2);
    WRONG(m.layers[LAYER_SOFTMAX].multipliers_offset = m.header->block_bytes);
    WRONG(*(int16_t *)(m.block + m.layers[LAYER_SOFTMAX].multipliers_offset) = 0);
    WRONG(*(int16_t *)(m.block + m.layers[LAYER_SOFTMAX].multipliers_offset) = -1);
    FINE(*(int16_t *)(m.block + m.layers[LAYER_SOFTMAX].multipliers_offset) = 32767);
    WRONG(m.layers[LAYER_MEAN].scratch_bytes--);
    WRONG(m.layers[LAYER_MEAN].scratch_offset = m.header->arena_bytes);
    WRONG(m.layers[LAYER_MEAN].scratch_offset += 2);
    WRONG(m.layers[LAYER_MEAN].scratch_offset = m.tensors[EVERY_NARROW].arena_offset);
    WRONG(m.layers[LAYER_DWCONV].pad_top = 2); /* trails by one row */
    WRONG(m.tensors[EVERY_TURNED].bits = 2);   /* fewer than the input's */
    WRONG(m.tensors[EVERY_MAXPOOL].bits = 4);
}

/* 65535 taps are the most: one model a case. */
static kws_status taps(uint16_t kernel, uint32_t height, uint32_t width, uint32_t channels)
{
    builder b;
    builder_begin(&b);
    builder_tensor(&b, height, width, channels, 0);
    builder_tensor(&b, 1, 1, kernel == KWS_KERNEL_DENSE_W8 ? 1 : channels, 0);
    kws_layer *l = builder_layer(&b, kernel, 0, 1);
    if (kernel != KWS_KERNEL_DENSE_W8 && kernel != KWS_KERNEL_MEAN) {
        l->kernel_height = (uint16_t)height;
        l->kernel_width = (uint16_t)width;
        l->stride_height = l->stride_width = 1;
    }
    if (kernel == KWS_KERNEL_CONV_W8 || kernel == KWS_KERNEL_DENSE_W8) {
        builder_weights(&b, l, b.tensors[1].channels, height * width * channels);
    } else if (kernel == KWS_KERNEL_DWCONV_W8) {
        builder_weights(&b, l, channels, height * width);
    }
    builder_requant(&b, l, channels, channels, 20, 8);
    uint32_t         bytes;
    uint8_t         *block = builder_finish(&b, &bytes);
    const kws_status status = changed_check(block, bytes);
    builder_close(&b);
    free(block);
    return status;
}

static void taps_are_limited(void **state)
{
    (void)state;
    static const uint16_t all[] = {KWS_KERNEL_CONV_W8, KWS_KERNEL_DENSE_W8, KWS_KERNEL_DWCONV_W8,
                                   KWS_KERNEL_AVGPOOL, KWS_KERNEL_MEAN};
    for (int i = 0; i < 5; i++) {
        const bool all_channels = i < 2;
        assert_int_equal(taps(all[i], 257, 255, 1), KWS_OK);
        assert_int_equal(taps(all[i], 256, 256, 1), KWS_ERROR_MODEL);
        assert_int_equal(taps(all[i], 257, 51, 5), KWS_OK);
        assert_int_equal(taps(all[i], 257, 51, 6), all_channels ? KWS_ERROR_MODEL : KWS_OK);
        assert_int_equal(taps(all[i], 65534, 1, 1), KWS_OK);
        assert_int_equal(taps(all[i], 65535, 1, 1), KWS_ERROR_MODEL); /* too many rows */
    }
}

/* A sparse layer of 300 inputs and 5 outputs with weights of 1 in columns 2, 3 and 258 of output 1
 * and 299 of output 4; byte `at` of its table is `value`, and the table has `more` bytes. */
static kws_status sparse_table(uint16_t kernel, uint32_t at, uint8_t value, int32_t more)
{
    builder b;
    int8_t  w[5 * 300] = {0};
    w[300 + 2] = w[300 + 3] = w[300 + 258] = w[4 * 300 + 299] = 1;
    builder_begin(&b);
    builder_tensor(&b, 1, 1, 300, 0);
    builder_tensor(&b, 1, 1, 5, 0);
    kws_layer *l = builder_layer(&b, kernel, 0, 1);
    builder_weights_of(&b, l, 5, 300, w);
    builder_requant(&b, l, 5, 5, 10, 8);
    uint32_t      bytes;
    uint8_t      *block = builder_finish(&b, &bytes);
    const records m = changed_records(block);
    assert_true(at < m.layers->weights_bytes);
    block[m.layers->weights_offset + at] = value;
    m.layers->weights_bytes += (uint32_t)more;
    builder_seal(block, bytes);
    const kws_status status = changed_check(block, bytes);
    builder_close(&b);
    free(block);
    return status;
}

/* What a table's own bytes say is believed only if it leads nowhere else. */
static void sparse_tables(void **state)
{
    (void)state;
    /* 0 | 18 gaps: 2, 0, 15 of 15 and a gap of 14 | 0 | 0 | 19: 18 of 15, a gap of 11 */
    const uint16_t gaps = KWS_KERNEL_DENSE_GAPS_W4;
    assert_int_equal(sparse_table(gaps, 0, 0, 0), KWS_OK);
    assert_int_equal(sparse_table(gaps, 2, 0x11, 0), KWS_OK);  /* earlier */
    assert_int_equal(sparse_table(gaps, 2, 0xF1, 0), KWS_OK);  /* later, but inside */
    assert_int_equal(sparse_table(gaps, 41, 0xB1, 0), KWS_OK); /* the last one is there already */
    assert_int_equal(sparse_table(gaps, 41, 0xC1, 0), KWS_ERROR_MODEL); /* a column too far */
    assert_int_equal(sparse_table(gaps, 22, 20, 0), KWS_ERROR_MODEL);   /* one more entry */
    assert_int_equal(sparse_table(gaps, 22, 18, 0), KWS_ERROR_MODEL);   /* one fewer */
    assert_int_equal(sparse_table(gaps, 22, 255, 0), KWS_ERROR_MODEL);
    assert_int_equal(sparse_table(gaps, 0, 0, 1), KWS_ERROR_MODEL);
    assert_int_equal(sparse_table(gaps, 0, 0, -1), KWS_ERROR_MODEL);
    assert_int_equal(sparse_table(gaps, 0, 0, -42), KWS_ERROR_MODEL); /* no byte at all */

    /* 2 | columns 2, 3 | values | 1 | column 258 - 255 | values | 0 | 1 | column 299 - 255 | values
     */
    const uint16_t blocks = KWS_KERNEL_DENSE_BLOCKS_W4;
    assert_int_equal(sparse_table(blocks, 1, 0, 0), KWS_OK);
    assert_int_equal(sparse_table(blocks, 2, 254, 0), KWS_OK);
    assert_int_equal(sparse_table(blocks, 2, 255, 0), KWS_ERROR_MODEL); /* of the next window */
    assert_int_equal(sparse_table(blocks, 2, 2, 0), KWS_ERROR_MODEL);   /* twice the same */
    assert_int_equal(sparse_table(blocks, 1, 4, 0), KWS_ERROR_MODEL);   /* a larger one before */
    assert_int_equal(sparse_table(blocks, 13, 44, 0), KWS_OK);          /* the last of all */
    assert_int_equal(sparse_table(blocks, 13, 45, 0), KWS_ERROR_MODEL); /* beyond it */
    assert_int_equal(sparse_table(blocks, 0, 3, 0), KWS_ERROR_MODEL);
    assert_int_equal(sparse_table(blocks, 12, 0, 0), KWS_ERROR_MODEL);
    assert_int_equal(sparse_table(blocks, 12, 255, 0), KWS_ERROR_MODEL);
    assert_int_equal(sparse_table(blocks, 1, 2, 1), KWS_ERROR_MODEL);
    assert_int_equal(sparse_table(blocks, 1, 2, -1), KWS_ERROR_MODEL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_models),     cmocka_unit_test(envelope),
        cmocka_unit_test(kernels),          cmocka_unit_test(texts_and_records),
        cmocka_unit_test(tensors),          cmocka_unit_test(rings),
        cmocka_unit_test(layers),           cmocka_unit_test(windows),
        cmocka_unit_test(taps_are_limited), cmocka_unit_test(sparse_tables),
    };
    seed_random("model check");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
