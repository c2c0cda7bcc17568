/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a layer whose output overwrites its input (SPEC.md, 4.1) computes the same as one that has
 * memory of its own. Method: random layers of every kind that allows it, output tensor moved onto
 * the input, scratch of exactly the size the table asks for; the oracle works apart. One byte less
 * of scratch, and in place where the table forbids it, must be refused.
 */
#include "support.h"

#include "block_builder.h"
#include "oracle.h"

#define ROUNDS 500

static void compare(builder *b)
{
    uint32_t   bytes;
    kws_layer *layer = &b->layers[0];
    b->tensors[1].arena_offset = b->tensors[0].arena_offset;
    uint8_t        *block = builder_finish(b, &bytes);
    const kws_model model = builder_model(block, bytes);
    const uint32_t  in_count = builder_elements(b, 0), out_count = builder_elements(b, 1);
    guarded         memory = guarded_make(kws_required_size(&model));
    int8_t         *x = malloc(in_count), *scores = malloc(out_count);
    int8_t         *expected = malloc(out_count);
    kws            *k;
    for (uint32_t i = 0; i < in_count; i++) {
        x[i] = (int8_t)random_between(-128, 127);
    }
    oracle_layer(block, layer, &b->tensors[0], &b->tensors[1], x, x, expected);
    assert_int_equal(kws_init(&k, &model, memory.bytes, memory.count), KWS_OK);
    uint8_t *work = memory.bytes + KWS_INSTANCE_BYTES;
    memset(work, 0x5A, b->arena_bytes);
    assert_int_equal(kws_infer(k, x, scores), KWS_OK);
    assert_memory_equal(scores, expected, out_count);
    for (uint32_t i = 0; i < b->arena_bytes; i++) {
        const bool tensor =
            i >= b->tensors[0].arena_offset && i < b->tensors[0].arena_offset + in_count;
        const bool scratch =
            i >= layer->scratch_offset && i < layer->scratch_offset + layer->scratch_bytes;
        assert_true(tensor || scratch || work[i] == 0x5A);
    }
    if (layer->scratch_bytes != 0) {
        kws_block_header *header = (kws_block_header *)block;
        ((kws_layer *)(block + header->layers_offset))->scratch_bytes--;
        builder_seal(block, bytes);
        assert_int_equal(kws_model_check(&model), KWS_ERROR_MODEL);
    }
    guarded_free(&memory);
    free(x);
    free(scores);
    free(expected);
    free(block);
}

static builder two_tensors(uint32_t in, uint32_t out)
{
    builder        b;
    const uint32_t h = (uint32_t)random_between(1, 9), w = (uint32_t)random_between(1, 9);
    builder_begin(&b);
    builder_tensor(&b, h, w, in, random_between(-128, 127));
    builder_tensor(&b, h, w, out, 0);
    return b;
}

static void reserve_scratch(builder *b, uint32_t bytes)
{
    b->layers[0].scratch_bytes = bytes;
    b->layers[0].scratch_offset = builder_arena(b, bytes);
}

static builder pointwise_layer(uint32_t in, uint32_t out)
{
    builder    b = two_tensors(in, out);
    kws_layer *layer = builder_layer(&b, KWS_KERNEL_POINTWISE_S8S8, 0, 1);
    layer->kernel_height = layer->kernel_width = 1;
    layer->stride_height = layer->stride_width = 1;
    builder_weights(&b, layer, in * out);
    builder_requant(&b, layer, out, out, 17);
    reserve_scratch(&b, in);
    return b;
}

static void pointwise(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const uint32_t in = (uint32_t)random_between(1, 20);
        builder        b = pointwise_layer(in, (uint32_t)random_between(1, (int32_t)in));
        compare(&b);
    }
}

static void dwconv(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const uint32_t channels = (uint32_t)random_between(1, 6);
        builder        b = two_tensors(channels, channels);
        kws_layer     *layer = builder_layer(&b, KWS_KERNEL_DWCONV_S8S8, 0, 1);
        layer->kernel_height = (uint16_t)random_between(1, 6);
        layer->kernel_width = (uint16_t)random_between(1, 6);
        layer->stride_height = layer->stride_width = 1;
        layer->pad_top = (uint16_t)random_between(0, layer->kernel_height);
        layer->pad_left = (uint16_t)random_between(0, layer->kernel_width);
        builder_weights(&b, layer, (uint32_t)layer->kernel_height * layer->kernel_width * channels);
        builder_requant(&b, layer, channels, channels, 15);
        reserve_scratch(&b, (layer->pad_top + 1u) * b.tensors[0].width * channels);
        compare(&b);
    }
}

static void add_place_view(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const uint32_t channels = (uint32_t)random_between(1, 9);
        builder        b = two_tensors(channels, channels);
        kws_layer     *layer = builder_layer(&b, KWS_KERNEL_ADD_S8, 0, 1);
        layer->input2 = 0;
        builder_requant(&b, layer, 2, 1, 23);
        compare(&b);
        b = two_tensors(channels, channels);
        builder_requant(&b, builder_layer(&b, KWS_KERNEL_PLACE_S8, 0, 1), 1, 1, 22);
        compare(&b);
        b = two_tensors(channels, channels);
        builder_layer(&b, KWS_KERNEL_VIEW_S8, 0, 1);
        compare(&b);
    }
}

static kws_status check(builder *b)
{
    uint32_t         bytes;
    uint8_t         *block = builder_finish(b, &bytes);
    const kws_model  model = builder_model(block, bytes);
    const kws_status status = kws_model_check(&model);
    free(block);
    return status;
}

static void forbidden(void **state)
{
    (void)state;
    builder b = pointwise_layer(3, 4); /* more channels out than in */
    b.tensors[1].arena_offset = b.tensors[0].arena_offset;
    b.arena_bytes += 1024;
    assert_int_equal(check(&b), KWS_ERROR_MODEL);

    b = pointwise_layer(4, 4); /* half on top of each other */
    b.tensors[1].arena_offset = b.tensors[0].arena_offset + 4;
    b.arena_bytes += 1024;
    b.tensors[0].height = b.tensors[1].height = 5;
    assert_int_equal(check(&b), KWS_ERROR_MODEL);

    b = pointwise_layer(4, 4); /* scratch on the tensor */
    b.tensors[1].arena_offset = b.tensors[0].arena_offset;
    b.layers[0].scratch_offset = b.tensors[0].arena_offset;
    assert_int_equal(check(&b), KWS_ERROR_MODEL);

    b = two_tensors(4, 4);
    builder_layer(&b, KWS_KERNEL_VIEW_S8, 0, 1); /* a view elsewhere */
    assert_int_equal(check(&b), KWS_ERROR_MODEL);

    b = two_tensors(4, 4);
    builder_softmax(&b, builder_layer(&b, KWS_KERNEL_SOFTMAX_S8, 0, 1), 0.1, 9);
    b.tensors[1].arena_offset = b.tensors[0].arena_offset;
    assert_int_equal(check(&b), KWS_ERROR_MODEL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointwise),
        cmocka_unit_test(dwconv),
        cmocka_unit_test(add_place_view),
        cmocka_unit_test(forbidden),
    };
    seed_random("in place");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
