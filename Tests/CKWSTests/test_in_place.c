/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a layer whose output trails its input (SPEC.md, 4.1) computes the same as one that has
 * memory of its own. Method: random layers of every kind that may, their output moved onto the
 * input, scratch of exactly the size the kernel asks for; network.h compares. Where the table
 * forbids it, and with one byte less of scratch, the model must be refused. Rings stand in
 * test_chains.c.
 */
#include "support.h"

#include "draw.h"
#include "network.h"
#include "variant.h"

#define ROUNDS 400

/* An input of the layer under test: tensor 0, or one of fewer bits behind it. */
static uint16_t draw_input(builder *b, uint32_t height, uint32_t width, uint32_t channels,
                           uint32_t bits)
{
    builder_begin(b);
    builder_tensor(b, height, width, channels, draw_zero(8));
    /* never tensor 0 itself: what trails it may begin in front of it */
    return draw_narrowed(b, 0, bits, draw_zero(bits));
}

/* The output lies lag rows in front of its input, both whole, where room is kept. */
static void trail(builder *b, uint16_t in, uint16_t out, uint32_t lag)
{
    kws_tensor    *x = &b->tensors[in], *y = &b->tensors[out];
    const uint32_t row = builder_row_bytes(y), before = lag * row;
    const uint32_t x_bytes = x->height * builder_row_bytes(x), y_bytes = y->height * row;
    y->arena_offset = builder_arena(b, before + x_bytes > y_bytes ? before + x_bytes : y_bytes);
    x->arena_offset = y->arena_offset + before;
}

/* Copies the output if it has not 8 bits, and runs. */
static void finish_and_check(builder *b, uint16_t out)
{
    if (b->tensors[out].bits != 8) {
        draw_narrowed(b, out, 8, 0);
    }
    network_check(b);
}

static void pointwise(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder        b;
        const uint32_t bits = draw_bits(), channels = draw_extent(67);
        const bool     one_row = random_once_in(3);
        const uint16_t in =
            draw_input(&b, one_row ? 1 : draw_extent(9), draw_extent(9), channels, bits);
        /* a row that stands alone may become shorter */
        const uint16_t out =
            draw_layer(&b, in,
                       (wish){.op = draw_pointwise(),
                              .weight_bits = draw_weight_bits(),
                              .bits = bits,
                              .channels = one_row ? (uint32_t)random_between(1, (int32_t)channels)
                                                  : channels});
        trail(&b, in, out, 0);
        finish_and_check(&b, out);
    }
}

/* A depthwise layer that may trail; width, kernel and padding are random. */
static builder draw_dwconv(uint32_t most_width, uint16_t *in, uint16_t *out)
{
    builder        b;
    const uint32_t channels = 4 * draw_extent(9); /* rows of whole words */
    *in = draw_input(&b, draw_extent(11), (uint32_t)random_between(1, (int32_t)most_width),
                     channels, 8);
    *out = draw_layer(&b, *in,
                      (wish){.op = OP_DWCONV,
                             .weight_bits = draw_weight_bits(),
                             .bits = 8,
                             .channels = channels,
                             .same = true});
    return b;
}

static void dwconv(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS); i++) {
        uint16_t in, out;
        builder  b = draw_dwconv(5, &in, &out); /* every variant can that */
        trail(&b, in, out, b.layers[b.layer_count - 1].pad_top);
        finish_and_check(&b, out);
    }
}

/* Wider rows are right, or refused: how wide they may be is the variant's affair. */
static void wide_dwconv(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS); i++) {
        uint16_t       in, out;
        builder        b = draw_dwconv(40, &in, &out);
        const uint32_t width = b.tensors[in].width;
        trail(&b, in, out, b.layers[b.layer_count - 1].pad_top);
        const kws_status status = network_run(&b);
        assert_true(status == KWS_OK || (status == KWS_ERROR_MODEL && width > 5));
#if KWS_VARIANT == KWS_PACK_PORTABLE
        const bool apart =
            b.layers[b.layer_count - 1].pad_top >= b.tensors[out].height; /* all of it before */
        const bool never_left = b.layers[b.layer_count - 1].pad_left == 0;
        assert_true(status == (width <= 16 || apart || never_left ? KWS_OK : KWS_ERROR_MODEL));
#endif
    }
}

/* A row that stands alone, without padding: it may become shorter. */
static void lone_dwconv(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder        b;
        const uint32_t channels = draw_extent(19);
        const uint16_t in = draw_input(&b, 1, (uint32_t)random_between(1, 40), channels, 8);
        const uint16_t out = draw_layer(&b, in,
                                        (wish){.op = OP_DWCONV,
                                               .weight_bits = draw_weight_bits(),
                                               .bits = 8,
                                               .channels = channels,
                                               .shorter = true});
        trail(&b, in, out, 0);
#if KWS_VARIANT == KWS_PACK_MVE
        const kws_status status = network_run(&b);
        assert_true(status == KWS_OK || status == KWS_ERROR_MODEL);
#else
        network_check(&b);
#endif
    }
}

/* The same by 3x3 kernels, in rows that are no whole number of blocks. */
static void lone_three_by_three(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder        b;
        const uint32_t width = (uint32_t)random_between(3, 25), channels = draw_extent(9);
        const uint16_t in = draw_input(&b, 1, width, channels, 8);
        const uint16_t out = builder_shape(&b, 1, width - 2, channels, 8, 0);
        kws_layer *l = builder_layer(&b, (uint16_t)(16 * OP_DWCONV + draw_weight_bits()), in, out);
        l->kernel_height = l->kernel_width = 3;
        l->stride_height = l->stride_width = 1;
        builder_weights(&b, l, channels, 9);
        builder_requant(&b, l, channels, channels, 15, 8);
        trail(&b, in, out, 0);
#if KWS_VARIANT == KWS_PACK_MVE
        const kws_status status = network_run(&b);
        assert_true(status == KWS_OK || status == KWS_ERROR_MODEL);
#else
        network_check(&b);
#endif
    }
}

static void add_and_place(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(2 * ROUNDS); i++) {
        builder        b;
        const uint32_t bits = draw_bits();
        const bool     one_row = random_once_in(3); /* may become shorter */
        const uint16_t in =
            draw_input(&b, one_row ? 1 : draw_extent(9), draw_extent(9), draw_extent(19), bits);
        const uint16_t out = draw_layer(&b, in,
                                        (wish){.op = i % 2 ? OP_ADD : OP_PLACE,
                                               .bits = one_row && random_once_in(2) ? 2 : bits});
        trail(&b, in, out, 0);
        finish_and_check(&b, out);
    }
}

/* The second input of a sum, the first one elsewhere. */
static void add_on_the_second_input(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder        b;
        const uint32_t bits = draw_bits();
        const uint16_t in =
            draw_input(&b, draw_extent(9), draw_extent(9), draw_extent(19), draw_bits());
        const uint16_t in2 = draw_narrowed(&b, 0, bits, 0);
        const uint16_t out = draw_layer(&b, in, (wish){.op = OP_ADD, .bits = bits});
        b.layers[b.layer_count - 1].input2 = in2;
        trail(&b, in2, out, 0);
        finish_and_check(&b, out);
    }
}

static builder pointwise_layer(uint32_t in, uint32_t out, uint32_t bits)
{
    builder b;
    builder_begin(&b);
    builder_tensor(&b, 5, 5, in, 0);
    draw_layer(&b, 0, (wish){.op = OP_POINTWISE, .weight_bits = 8, .bits = bits, .channels = out});
    b.tensors[1].arena_offset = b.tensors[0].arena_offset;
    b.arena_bytes += 1024;
    return b;
}

static builder dwconv_layer(uint32_t multiple, uint16_t stride)
{
    builder    b;
    kws_layer *layer;
    builder_begin(&b);
    builder_tensor(&b, 5, 5, 4, 0);
    builder_shape(&b, 5, 5, 4 * multiple, 8, 0);
    layer = builder_layer(&b, KWS_KERNEL_DWCONV_W8, 0, 1);
    layer->kernel_height = layer->kernel_width = 7;
    layer->stride_height = layer->stride_width = stride;
    layer->pad_top = layer->pad_left = 5;
    builder_weights(&b, layer, 4 * multiple, 49);
    builder_requant(&b, layer, 4 * multiple, 4 * multiple, 15, 8);
    b.tensors[1].arena_offset = b.tensors[0].arena_offset;
    b.arena_bytes += 1024;
    return b;
}

static void forbidden(void **state)
{
    (void)state;
    builder b = pointwise_layer(3, 4, 8); /* more channels out than in */
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);

    b = pointwise_layer(4, 3, 8); /* fewer, in more than one row */
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);

    b = pointwise_layer(4, 4, 4); /* narrower ones */
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);

    b = pointwise_layer(4, 4, 8); /* half on top of each other */
    b.tensors[1].arena_offset += 4;
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);

    b = dwconv_layer(1, 1); /* not a padding's rows behind: in a whole input row 0 has none */
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);

    b = dwconv_layer(1, 1);
    b.tensors[0].arena_offset += 5 * 20; /* this is */
    assert_int_equal(network_status(&b), KWS_OK);

    b = dwconv_layer(2, 1); /* two channels for each */
    b.tensors[0].arena_offset += 5 * 20;
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);

    b = dwconv_layer(1, 2); /* strides */
    b.tensors[0].arena_offset += 4 * 20;
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);

    builder_begin(&b); /* a view elsewhere */
    builder_tensor(&b, 3, 3, 3, 0);
    builder_tensor(&b, 3, 3, 3, 0);
    builder_layer(&b, KWS_KERNEL_VIEW, 0, 1);
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);

    builder_begin(&b);
    builder_tensor(&b, 1, 1, 9, 0);
    draw_layer(&b, 0, (wish){.op = OP_SOFTMAX});
    b.tensors[1].arena_offset = b.tensors[0].arena_offset;
    assert_int_equal(network_status(&b), KWS_ERROR_MODEL);
}

/* What a kernel asks for of scratch it must get, apart from the tensors. */
static void scratch(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 6; n++) {
        builder b;
        builder_begin(&b);
        builder_tensor(&b, 5, 3, 12, 0);
        const uint16_t out = draw_layer(&b, 0, (wish){.op = OP_MEAN, .bits = 8});
        builder_place(&b, out);
        b.layers[0].scratch_bytes = n == 0 ? 23 : 24;
        b.layers[0].scratch_offset = builder_arena(&b, 24);
        b.layers[0].scratch_offset += n == 1 ? 2 : 0;
        b.layers[0].scratch_offset =
            n == 2 ? b.tensors[0].arena_offset : b.layers[0].scratch_offset;
        b.layers[0].scratch_offset =
            n == 3 ? b.tensors[1].arena_offset : b.layers[0].scratch_offset;
        b.layers[0].scratch_offset = n == 4 ? 1u << 20 : b.layers[0].scratch_offset;
        assert_int_equal(network_status(&b), n == 5 ? KWS_OK : KWS_ERROR_MODEL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointwise),
        cmocka_unit_test(dwconv),
        cmocka_unit_test(wide_dwconv),
        cmocka_unit_test(lone_dwconv),
        cmocka_unit_test(lone_three_by_three),
        cmocka_unit_test(add_and_place),
        cmocka_unit_test(add_on_the_second_input),
        cmocka_unit_test(forbidden),
        cmocka_unit_test(scratch),
    };
    seed_random("in place");
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    printf("in place: %u networks\n", (unsigned)network_count());
    return failures;
}
