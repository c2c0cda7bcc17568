/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every kernel computes SPEC.md, section 4, and writes nothing but its output. Method: models
 * of one layer with random shapes (odd, 1 wide, strides beyond the kernel, every padding), random
 * and extreme values; the oracle is plain 64-bit arithmetic; gaps between the tensors are guarded,
 * and rows come through the observer.
 */
#include "support.h"

#include "block_builder.h"
#include "oracle.h"

#define ROUNDS 400
#define GAP_BYTE 0x5A

typedef struct seen {
    int8_t  *values; /* as the observer was told */
    uint32_t rows;
} seen;

static void observe(void *context, uint32_t layer, uint32_t row, const int8_t *values,
                    uint32_t count)
{
    seen *s = context;
    if (layer != KWS_OBSERVE_FEATURES) {
        memcpy(s->values + row * count, values, count);
        s->rows++;
    }
}

static void fill(int8_t *x, uint32_t count)
{
    const int32_t kind = random_between(0, 9);
    for (uint32_t i = 0; i < count; i++) {
        x[i] = (int8_t)(kind == 0 ? -128 : kind == 1 ? 127 : random_between(-128, 127));
    }
}

/* Is every byte of the work area that is no tensor still what it was? */
static void check_gaps(const uint8_t *work, const builder *b)
{
    uint8_t *covered = calloc(b->arena_bytes, 1);
    for (uint16_t i = 0; i < b->tensor_count; i++) {
        memset(covered + b->tensors[i].arena_offset, 1, builder_elements(b, i));
    }
    for (uint32_t i = 0; i < b->arena_bytes; i++) {
        assert_true(covered[i] || work[i] == GAP_BYTE);
    }
    free(covered);
}

/* Runs the one layer of a model and compares. ADD reads its second input from the first. */
static void run_and_compare(builder *b)
{
    uint32_t         bytes;
    uint8_t         *block = builder_finish(b, &bytes);
    const kws_model  model = builder_model(block, bytes);
    const kws_layer *layer = &b->layers[0];
    const uint32_t   in_count = builder_elements(b, 0);
    const uint32_t   out_count = builder_elements(b, layer->output);
    guarded          memory = guarded_make(kws_required_size(&model));
    guarded          scores = guarded_make(out_count), features = guarded_make(in_count);
    int8_t          *expected = malloc(out_count), *rows = malloc(out_count);
    kws             *k;
    assert_int_equal(kws_model_check(&model), KWS_OK);
    assert_int_equal(kws_init(&k, &model, memory.bytes, memory.count), KWS_OK);
    seen s = {rows, 0};
    kws_observe(k, observe, &s);
    uint8_t *work = memory.bytes + KWS_INSTANCE_BYTES;
    memset(work, GAP_BYTE, b->arena_bytes);
    fill((int8_t *)features.bytes, in_count);

    oracle_layer(block, layer, &b->tensors[0], &b->tensors[layer->output], (int8_t *)features.bytes,
                 (int8_t *)features.bytes, expected);
    assert_int_equal(kws_infer(k, (int8_t *)features.bytes, (int8_t *)scores.bytes), KWS_OK);
    assert_memory_equal(scores.bytes, expected, out_count);
    assert_memory_equal(rows, expected, out_count);
    assert_int_equal(s.rows, b->tensors[layer->output].height);
    assert_memory_equal(work + b->tensors[0].arena_offset, features.bytes, in_count);
    check_gaps(work, b);

    guarded_free(&memory);
    guarded_free(&scores);
    guarded_free(&features);
    free(expected);
    free(rows);
    free(block);
}

/* A random window that the layer's kernel allows, and the output's extent for it. */
static uint16_t random_window(uint16_t in, bool pool, uint16_t *kernel, uint16_t *stride,
                              uint16_t *pad)
{
    *kernel = (uint16_t)random_between(1, random_between(1, 7));
    *stride = (uint16_t)random_between(1, random_between(1, 5));
    *pad = (uint16_t)random_between(0, pool ? *kernel - 1 : *kernel);
    const int32_t most = (in + *pad - 1) / *stride + 1;
    return (uint16_t)random_between(1, most);
}

static builder sliding(uint16_t kernel, uint32_t multiple)
{
    builder        b;
    const uint16_t h = (uint16_t)random_between(1, 9), w = (uint16_t)random_between(1, 9);
    const uint16_t c = (uint16_t)random_between(1, 9);
    const bool     pool = kernel == KWS_KERNEL_MAXPOOL_S8 || kernel == KWS_KERNEL_AVGPOOL_S8;
    kws_layer      l = {0};
    builder_begin(&b);
    const uint16_t oh = random_window(h, pool, &l.kernel_height, &l.stride_height, &l.pad_top);
    const uint16_t ow = random_window(w, pool, &l.kernel_width, &l.stride_width, &l.pad_left);
    const uint32_t oc = multiple != 0 ? c * multiple : (uint32_t)random_between(1, 9);
    builder_tensor(&b, h, w, c, random_between(-128, 127));
    builder_tensor(&b, oh, ow, oc, 0);
    kws_layer *layer = builder_layer(&b, kernel, 0, 1);
    layer->kernel_height = l.kernel_height;
    layer->kernel_width = l.kernel_width;
    layer->stride_height = l.stride_height;
    layer->stride_width = l.stride_width;
    layer->pad_top = l.pad_top;
    layer->pad_left = l.pad_left;
    return b;
}

static uint32_t taps(const builder *b)
{
    return (uint32_t)b->layers[0].kernel_height * b->layers[0].kernel_width;
}

static void conv(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        builder        b = sliding(KWS_KERNEL_CONV_S8S8, 0);
        const uint32_t out = b.tensors[1].channels;
        builder_weights(&b, &b.layers[0], taps(&b) * b.tensors[0].channels * out);
        builder_requant(&b, &b.layers[0], out, out, 16);
        run_and_compare(&b);
    }
}

static void dwconv(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        builder        b = sliding(KWS_KERNEL_DWCONV_S8S8, (uint32_t)random_between(1, 4));
        const uint32_t out = b.tensors[1].channels;
        builder_weights(&b, &b.layers[0], taps(&b) * out);
        builder_requant(&b, &b.layers[0], out, out, 15);
        run_and_compare(&b);
    }
}

static void pools(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        builder b = sliding(KWS_KERNEL_MAXPOOL_S8, 1);
        run_and_compare(&b);
        b = sliding(KWS_KERNEL_AVGPOOL_S8, 1);
        builder_requant(&b, &b.layers[0], 1, 1, 9);
        run_and_compare(&b);
    }
}

static void pointwise(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        builder        b;
        const uint32_t h = (uint32_t)random_between(1, 6), w = (uint32_t)random_between(1, 6);
        const uint32_t in = (uint32_t)random_between(1, 20), out = (uint32_t)random_between(1, 20);
        builder_begin(&b);
        builder_tensor(&b, h, w, in, random_between(-128, 127));
        builder_tensor(&b, h, w, out, 0);
        kws_layer *layer = builder_layer(&b, KWS_KERNEL_POINTWISE_S8S8, 0, 1);
        layer->kernel_height = layer->kernel_width = 1;
        layer->stride_height = layer->stride_width = 1;
        builder_weights(&b, layer, in * out);
        builder_requant(&b, layer, out, out, 17);
        run_and_compare(&b);
    }
}

static void dense(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        builder        b;
        const uint32_t h = (uint32_t)random_between(1, 9), w = (uint32_t)random_between(1, 9);
        const uint32_t c = (uint32_t)random_between(1, 9), out = (uint32_t)random_between(1, 20);
        builder_begin(&b);
        builder_tensor(&b, h, w, c, 0);
        builder_tensor(&b, 1, 1, out, 0);
        kws_layer *layer = builder_layer(&b, KWS_KERNEL_DENSE_S8S8, 0, 1);
        builder_weights(&b, layer, h * w * c * out);
        builder_requant(&b, layer, out, out, 18);
        run_and_compare(&b);
    }
}

/* Accumulators at their largest: 2^17 - 1 taps of -128 * -128. */
static void dense_at_the_bound(void **state)
{
    (void)state;
    builder b;
    builder_begin(&b);
    builder_tensor(&b, 131071 / 7 / 11, 7, 11, 0);
    builder_tensor(&b, 1, 1, 1, 0);
    kws_layer     *layer = builder_layer(&b, KWS_KERNEL_DENSE_S8S8, 0, 1);
    const uint32_t count = builder_elements(&b, 0);
    int8_t        *weights = malloc(count);
    memset(weights, -128, count);
    layer->weights_offset = builder_table(&b, weights, count);
    layer->weights_bytes = count;
    builder_requant(&b, layer, 1, 1, 31);
    run_and_compare(&b);
    free(weights);
}

static void add(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        builder        b;
        const uint32_t h = (uint32_t)random_between(1, 9), w = (uint32_t)random_between(1, 9);
        const uint32_t c = (uint32_t)random_between(1, 9);
        builder_begin(&b);
        builder_tensor(&b, h, w, c, 0);
        builder_tensor(&b, h, w, c, 0);
        kws_layer *layer = builder_layer(&b, KWS_KERNEL_ADD_S8, 0, 1);
        layer->input2 = 0;
        builder_requant(&b, layer, 2, 1, 23);
        run_and_compare(&b);
    }
}

static void transpose(void **state)
{
    (void)state;
    static const uint16_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                          {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int i = 0; i < ROUNDS; i++) {
        builder         b;
        const uint16_t *p = orders[i % 6];
        const uint32_t  e[3] = {(uint32_t)random_between(1, 9), (uint32_t)random_between(1, 9),
                                (uint32_t)random_between(1, 9)};
        builder_begin(&b);
        builder_tensor(&b, e[0], e[1], e[2], 0);
        builder_tensor(&b, e[p[0]], e[p[1]], e[p[2]], 0);
        kws_layer *layer = builder_layer(&b, KWS_KERNEL_TRANSPOSE_S8, 0, 1);
        layer->kernel_height = p[0];
        layer->kernel_width = p[1];
        layer->stride_height = p[2];
        run_and_compare(&b);
    }
}

static void softmax(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        builder        b;
        const uint32_t count = (uint32_t)random_between(1, i % 50 == 0 ? 4096 : 30);
        builder_begin(&b);
        builder_tensor(&b, 1, 1, count, 0);
        builder_tensor(&b, 1, 1, count, -128);
        builder_softmax(&b, builder_layer(&b, KWS_KERNEL_SOFTMAX_S8, 0, 1),
                        random_between(1, 300) / 1000.0, (uint32_t)random_between(1, 256));
        run_and_compare(&b);
    }
}

/* Two inputs side by side along every axis: a copy of the input and its rescaled twin. */
static void place(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        builder   b;
        uint32_t  e[3] = {(uint32_t)random_between(1, 7), (uint32_t)random_between(1, 7),
                          (uint32_t)random_between(1, 7)};
        uint16_t  at[3] = {0, 0, 0};
        const int axis = i % 3;
        builder_begin(&b);
        builder_tensor(&b, e[0], e[1], e[2], 0);
        at[axis] = (uint16_t)e[axis];
        e[axis] *= 2;
        builder_tensor(&b, e[0], e[1], e[2], 0);
        for (int part = 0; part < 2; part++) {
            kws_layer *layer = builder_layer(&b, KWS_KERNEL_PLACE_S8, 0, 1);
            layer->pad_top = part ? at[0] : 0;
            layer->pad_left = part ? at[1] : 0;
            layer->kernel_width = part ? at[2] : 0;
            builder_requant(&b, layer, 1, 1, 22);
        }
        uint32_t        bytes;
        uint8_t        *block = builder_finish(&b, &bytes);
        const kws_model model = builder_model(block, bytes);
        const uint32_t  out = builder_elements(&b, 1);
        int8_t          x[343], expected[686], scores[686], rows[686];
        guarded         memory = guarded_make(kws_required_size(&model));
        kws            *k;
        fill(x, builder_elements(&b, 0));
        for (int part = 0; part < 2; part++) {
            oracle_layer(block, &b.layers[part], &b.tensors[0], &b.tensors[1], x, NULL, expected);
        }
        assert_int_equal(kws_init(&k, &model, memory.bytes, memory.count), KWS_OK);
        seen s = {rows, 0};
        kws_observe(k, observe, &s);
        assert_int_equal(kws_infer(k, x, scores), KWS_OK);
        assert_memory_equal(scores, expected, out);
        assert_memory_equal(rows, expected, out);
        assert_int_equal(s.rows, b.tensors[1].height); /* the first of the two is not seen */
        guarded_free(&memory);
        free(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv),    cmocka_unit_test(dwconv),
        cmocka_unit_test(pools),   cmocka_unit_test(pointwise),
        cmocka_unit_test(dense),   cmocka_unit_test(dense_at_the_bound),
        cmocka_unit_test(add),     cmocka_unit_test(transpose),
        cmocka_unit_test(softmax), cmocka_unit_test(place),
    };
    seed_random("kernels");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
