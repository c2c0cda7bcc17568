/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: kws_model_check() accepts a sound model and names what is wrong with any other. Method: a
 * model with every kernel; one field at a time is set to what SPEC.md forbids, the checksum is
 * made right again, and the status compared.
 */
#include "support.h"

#include "fixtures.h"

/* The records of a block, writable. */
typedef struct records {
    uint8_t          *block;
    kws_block_header *header;
    kws_tensor       *tensors;
    kws_layer        *layers;
    kws_front_end    *front_end;
    kws_detector     *detector;
} records;

static records records_of(uint8_t *block)
{
    kws_block_header *h = (kws_block_header *)block;
    return (records){block,
                     h,
                     (kws_tensor *)(block + h->tensors_offset),
                     (kws_layer *)(block + h->layers_offset),
                     (kws_front_end *)(block + h->front_end_offset),
                     (kws_detector *)(block + h->detector_offset)};
}

enum {
    CONV,
    DWCONV,
    POINTWISE,
    ADD,
    MAXPOOL,
    AVGPOOL,
    PLACE,
    PLACE2,
    TRANSPOSE,
    VIEW,
    DENSE,
    SOFTMAX
};

static uint8_t *make(uint32_t *bytes, uint16_t features)
{
    builder b;
    fixture_everything(&b, features);
    return builder_finish(&b, bytes);
}

static kws_status check(uint8_t *block, uint32_t bytes)
{
    const kws_model  model = builder_model(block, bytes);
    const kws_status status = kws_model_check(&model);
    assert_int_equal(kws_required_size(&model) == 0, status != KWS_OK);
    return status;
}

/* Applies one change to a fresh model of every kind of features, where it applies. */
#define EXPECT_IN(kind, status, change)                                                            \
    do {                                                                                           \
        uint32_t      bytes_;                                                                      \
        uint8_t      *block_ = make(&bytes_, kind);                                                \
        const records m = records_of(block_);                                                      \
        (void)m;                                                                                   \
        change;                                                                                    \
        builder_seal(block_, bytes_);                                                              \
        assert_int_equal(check(block_, bytes_), status);                                           \
        free(block_);                                                                              \
    } while (0)
#define EXPECT(status, change) EXPECT_IN(KWS_FEATURES_MFCC, status, change)
#define WRONG(change) EXPECT(KWS_ERROR_MODEL, change)
#define FINE(change) EXPECT(KWS_OK, change)

static void sound_models(void **state)
{
    (void)state;
    EXPECT_IN(KWS_FEATURES_LOGMEL, KWS_OK, );
    EXPECT_IN(KWS_FEATURES_MFCC, KWS_OK, );
    EXPECT_IN(KWS_FEATURES_MFCC_PEAK, KWS_OK, );
    FINE(m.header->front_end_offset = m.header->detector_offset = 0);
}

static void envelope(void **state)
{
    (void)state;
    uint32_t        bytes;
    uint8_t        *block = make(&bytes, KWS_FEATURES_MFCC);
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
        assert_int_equal(check(copy + offset, bytes), KWS_ERROR_ALIGNMENT);
    }
    free(copy);
    for (uint32_t length = 0; length < bytes; length++) {
        uint8_t *part = malloc(length != 0 ? length : 1);
        memcpy(part, block, length);
        assert_int_equal(check(part, length), KWS_ERROR_TRUNCATED);
        free(part);
    }
    for (uint32_t bit = 0; bit < 8 * bytes; bit++) {
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
        const kws_status status = check(block, bytes);
        const uint32_t   at = bit / 8;
        const bool       length = at >= 8 && at < 12; /* block_bytes: also too long, or odd */
        assert_true(status == (at < 4   ? KWS_ERROR_MAGIC
                               : at < 6 ? KWS_ERROR_FORMAT
                                        : KWS_ERROR_CHECKSUM) ||
                    (at >= 6 && at < 8 && status == KWS_ERROR_PACK) ||
                    (length && (status == KWS_ERROR_TRUNCATED || status == KWS_ERROR_MODEL)));
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(check(block, bytes), KWS_OK);
    free(block);
    EXPECT(KWS_ERROR_FORMAT, m.header->format++);
    EXPECT(KWS_ERROR_PACK, m.header->pack = 1);
    EXPECT(KWS_ERROR_MODEL, m.header->block_bytes = 52);
    EXPECT(KWS_ERROR_MODEL, m.header->block_bytes -= 2);
}

static void kernels(void **state)
{
    (void)state;
    EXPECT(KWS_ERROR_KERNEL, m.layers[0].kernel = 99);
    EXPECT(KWS_ERROR_KERNEL, m.layers[0].kernel = KWS_FEATURES_MFCC);
    EXPECT(KWS_ERROR_KERNEL, m.front_end->features = 99);
    EXPECT(KWS_ERROR_KERNEL, m.front_end->features = KWS_KERNEL_CONV_S8S8);
    /* a dispatch array without one of them, or with holes */
    uint32_t          bytes;
    uint8_t          *block = make(&bytes, KWS_FEATURES_MFCC);
    kws_model         model = builder_model(block, bytes);
    const kws_kernel *some[14];
    for (uint32_t gap = 0; gap < model.kernel_count; gap++) {
        memcpy(some, model.kernels, sizeof some);
        some[gap] = NULL;
        const kws_model holed = {block, bytes, some, model.kernel_count};
        const bool      unused = model.kernels[gap] == &kws_features_logmel ||
                            model.kernels[gap] == &kws_features_mfcc_peak;
        assert_int_equal(kws_model_check(&holed), unused ? KWS_OK : KWS_ERROR_KERNEL);
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
    WRONG(m.tensors[2].height = 0);
    WRONG(m.tensors[2].width = 0);
    WRONG(m.tensors[2].channels = 0);
    WRONG(m.tensors[0].bits = 4);
    WRONG(m.tensors[4].arena_offset += 2);
    WRONG(m.tensors[4].arena_offset = m.header->arena_bytes);
    WRONG(m.tensors[4].arena_offset = UINT32_MAX - 3);
    WRONG(m.tensors[4].height = m.tensors[4].width = m.tensors[4].channels = 65535);
    WRONG(m.tensors[4].height = 0xFFFF; m.tensors[4].width = 0x8001; m.tensors[4].channels = 2);
    WRONG(m.header->arena_bytes--);
    WRONG(m.header->arena_bytes = 1u << 24);
    WRONG(m.header->arena_bytes = 64);
}

static bool has_weights(int layer)
{
    return layer == CONV || layer == DWCONV || layer == POINTWISE || layer == DENSE ||
           layer == SOFTMAX;
}

static bool has_biases(int layer)
{
    return layer != MAXPOOL && layer != TRANSPOSE && layer != VIEW && layer != SOFTMAX;
}

static void layers(void **state)
{
    (void)state;
    for (int i = CONV; i <= SOFTMAX; i++) {
        WRONG(m.layers[i].input = m.header->tensor_count);
        WRONG(m.layers[i].output = m.header->tensor_count);
        WRONG(m.layers[i].input2 = m.header->tensor_count);
        WRONG(m.layers[i].output = 0);
        WRONG(m.layers[i].shift = 31);
        WRONG(m.layers[i].weights_bytes++);
        if (i != ADD) {
            WRONG(m.layers[i].input2 = 0);
        }
        if (has_weights(i)) {
            WRONG(m.layers[i].weights_bytes--);
            WRONG(m.layers[i].weights_offset = m.header->block_bytes);
            WRONG(m.layers[i].weights_offset++);
            WRONG(m.layers[i].weights_offset = 0);
        }
        if (has_biases(i)) {
            WRONG(m.layers[i].biases_offset = 52);
            WRONG(m.layers[i].biases_offset = UINT32_MAX - 3);
            WRONG(m.layers[i].multipliers_offset = m.header->block_bytes);
            WRONG(m.layers[i].multipliers_offset += 2);
            WRONG(*(int32_t *)(m.block + m.layers[i].biases_offset) = 1 << 30);
            WRONG(*(int32_t *)(m.block + m.layers[i].biases_offset) = -(1 << 30));
            FINE(*(int32_t *)(m.block + m.layers[i].biases_offset) = (1 << 30) - 1);
        }
    }
    WRONG(m.layers[ADD].input2 = KWS_NONE);
    WRONG(m.layers[VIEW].output = 2);
    FINE(m.tensors[4].arena_offset = m.tensors[2].arena_offset); /* the sum on one of its inputs */
    WRONG(m.tensors[4].arena_offset = m.tensors[2].arena_offset + 4);
    /* read before it is written; written twice */
    WRONG(m.layers[CONV].input = 4);
    WRONG(m.layers[POINTWISE].input = 4);
    WRONG(m.layers[ADD].input2 = 6);
    WRONG(m.layers[AVGPOOL].output = 5);
    WRONG(m.layers[PLACE2].input = 7);
    WRONG(m.layers[PLACE] = m.layers[PLACE2]; m.layers[PLACE2] = m.layers[MAXPOOL]);
    /* only half of a tensor placed */
    WRONG(m.layers[PLACE] = m.layers[MAXPOOL]; m.layers[PLACE].output = 6;
          m.layers[AVGPOOL] = m.layers[MAXPOOL]);
}

static void windows(void **state)
{
    (void)state;
    static const int sliding[] = {CONV, DWCONV, MAXPOOL, AVGPOOL};
    for (int n = 0; n < 4; n++) {
        const int i = sliding[n];
        WRONG(m.layers[i].kernel_height = 0);
        WRONG(m.layers[i].kernel_width = 0);
        WRONG(m.layers[i].stride_height = 0);
        WRONG(m.layers[i].stride_width = 0);
        WRONG(m.layers[i].stride_height = 200);
        WRONG(m.layers[i].stride_width = 65535);
    }
    WRONG(m.layers[MAXPOOL].pad_top = 3);
    WRONG(m.layers[MAXPOOL].pad_left = 3);
    WRONG(m.layers[AVGPOOL].kernel_height = m.layers[AVGPOOL].kernel_width = 512);
    WRONG(m.layers[POINTWISE].kernel_width = 2);
    WRONG(m.layers[POINTWISE].stride_width = 2);
    WRONG(m.layers[POINTWISE].pad_left = 1);
    WRONG(m.layers[PLACE2].kernel_width = 5);
    WRONG(m.layers[PLACE2].pad_top = 1);
    WRONG(m.layers[PLACE2].pad_left = 65535);
    WRONG(m.layers[TRANSPOSE].kernel_height = 3);
    WRONG(m.layers[TRANSPOSE].kernel_height = 0);
    WRONG(m.layers[SOFTMAX].weights_bytes = 514);
    WRONG(m.layers[SOFTMAX].weights_bytes = 0);
    WRONG(*(uint16_t *)(m.block + m.layers[SOFTMAX].weights_offset) = 32767);
    WRONG(((uint16_t *)(m.block + m.layers[SOFTMAX].weights_offset))[9] = 32769);
    WRONG(m.layers[DWCONV].scratch_bytes--);
    WRONG(m.layers[DWCONV].scratch_offset = m.header->arena_bytes);
    WRONG(m.layers[DWCONV].scratch_offset += 2);
    WRONG(m.layers[DWCONV].scratch_offset = m.tensors[1].arena_offset);
    WRONG(m.layers[DWCONV].pad_top = 2);
}

static void front_end(void **state)
{
    (void)state;
    WRONG(m.header->front_end_offset = 0);
    WRONG(m.header->detector_offset = 0);
    WRONG(m.header->front_end_offset = m.header->block_bytes - 8);
    WRONG(m.front_end->frame_samples = 0);
    WRONG(m.front_end->frame_samples = 65);
    WRONG(m.front_end->frame_samples = 40); /* L would be 1 */
    WRONG(m.front_end->hop_samples = 0);
    WRONG(m.front_end->hop_samples = 65535);
    WRONG(m.front_end->sample_rate = 0);
    WRONG(m.front_end->frame_count = 0);
    WRONG(m.front_end->frame_count++);
    WRONG(m.front_end->window_hops++);
    WRONG(m.front_end->window_hops = 7);
    WRONG(m.front_end->band_count = 0);
    WRONG(m.front_end->band_count = 257);
    WRONG(m.front_end->feature_count = 0);
    WRONG(m.front_end->feature_count = 5);
    WRONG(m.front_end->fft_points = 32);
    WRONG(m.front_end->fft_points = 96);
    WRONG(m.front_end->fft_points = 8192);
    WRONG(m.front_end->spectrum = 2);
    WRONG(m.front_end->fine_plane = 1); /* the input has one channel */
    WRONG(m.front_end->fine_plane = 2);
    WRONG(m.front_end->fine_plane = 255);
    WRONG(m.front_end->shift = 31);
    WRONG(m.front_end->input_shift = 2);
    WRONG(m.front_end->input_shift = 31);
    WRONG(m.front_end->log_offset = 1 << 25);
    WRONG(m.front_end->log_offset = INT32_MIN);
    WRONG(m.front_end->log_floor = 32768);
    EXPECT_IN(KWS_FEATURES_MFCC_PEAK, KWS_OK, m.front_end->log_floor = 40000);
    EXPECT_IN(KWS_FEATURES_MFCC_PEAK, KWS_ERROR_MODEL, m.front_end->log_floor = INT32_MAX);
    FINE(m.front_end->pcm_capacity = 61);
    WRONG(m.front_end->pcm_capacity = 60);
    WRONG(m.front_end->pcm_capacity = (1u << 20) + 1);
    WRONG(m.front_end->window_offset = m.header->block_bytes - 4);
    WRONG(m.front_end->window_offset = 0);
    WRONG(m.front_end->twiddles_offset = m.header->block_bytes - 4);
    WRONG(m.front_end->bands_offset = UINT32_MAX - 3);
    WRONG(m.front_end->band_weights_offset = m.header->block_bytes);
    WRONG(m.front_end->dct_offset = 0);
    WRONG(m.front_end->multipliers_offset += 2);
    WRONG(m.front_end->biases_offset = m.header->block_bytes - 4);
    WRONG(uint16_t *band = (uint16_t *)(m.block + m.front_end->bands_offset);
          band[0] = (uint16_t)(34 - band[1])); /* one bin behind the last */
    FINE(uint16_t *band = (uint16_t *)(m.block + m.front_end->bands_offset);
         band[0] = (uint16_t)(33 - band[1]));
    WRONG(((uint16_t *)(m.block + m.front_end->bands_offset))[1] = 512);
    WRONG(*(uint16_t *)(m.block + m.front_end->band_weights_offset) = 32769);
    WRONG(*(int32_t *)(m.block + m.front_end->biases_offset) = INT32_MIN);
    WRONG(for (int j = 0; j < 3; j++)((int16_t *)(m.block + m.front_end->dct_offset))[j] = -32768);
    EXPECT_IN(KWS_FEATURES_LOGMEL, KWS_ERROR_MODEL, m.front_end->dct_offset = 56);
    EXPECT_IN(KWS_FEATURES_LOGMEL, KWS_ERROR_MODEL, m.front_end->feature_count--);
}

static void detector(void **state)
{
    (void)state;
    WRONG(m.header->detector_offset = m.header->block_bytes - 4);
    WRONG(m.detector->inference_hops = 0);
    WRONG(m.detector->inference_hops = 256);
    WRONG(m.detector->smoothing = 0);
    WRONG(m.detector->smoothing = 65);
    WRONG(m.detector->keyword_count = 0);
    WRONG(m.detector->keyword_count = 5);
    WRONG(m.detector->keywords_offset = m.header->block_bytes);
    WRONG(((kws_keyword *)(m.block + m.detector->keywords_offset))[1].class_index = 4);
    WRONG(m.tensors[11].zero_point = -127);
    /* the last layer is no softmax */
    WRONG(m.layers[SOFTMAX].kernel = KWS_KERNEL_MAXPOOL_S8; m.layers[SOFTMAX].weights_bytes = 0;
          m.layers[SOFTMAX].kernel_height = m.layers[SOFTMAX].kernel_width = 1;
          m.layers[SOFTMAX].stride_height = m.layers[SOFTMAX].stride_width = 1);
    EXPECT(KWS_OK, m.layers[SOFTMAX].kernel = KWS_KERNEL_MAXPOOL_S8;
           m.layers[SOFTMAX].weights_bytes = 0;
           m.layers[SOFTMAX].kernel_height = m.layers[SOFTMAX].kernel_width = 1;
           m.layers[SOFTMAX].stride_height = m.layers[SOFTMAX].stride_width = 1;
           m.header->front_end_offset = m.header->detector_offset = 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_models), cmocka_unit_test(envelope),
        cmocka_unit_test(kernels),      cmocka_unit_test(texts_and_records),
        cmocka_unit_test(tensors),      cmocka_unit_test(layers),
        cmocka_unit_test(windows),      cmocka_unit_test(front_end),
        cmocka_unit_test(detector),
    };
    seed_random("model check");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
