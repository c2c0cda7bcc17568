/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every kernel computes SPEC.md, section 4, at every width of weights and activations, and
 * writes nothing but its output. Method: networks of one layer, between two that narrow its input
 * and copy its output if they have not 8 bits, with random shapes (1 wide, primes, strides beyond
 * the kernel, every padding), random and extreme values; network.h compares with plain 64-bit
 * arithmetic.
 */
#include "support.h"

#include "draw.h"
#include "network.h"

#define ROUNDS 400

/* Gives what was drawn a place, and the network scores of 8 bits. */
static void finish_and_check(builder *b, uint16_t out)
{
    builder_place(b, out);
    if (b->tensors[out].bits != 8) {
        draw_narrowed(b, out, 8, 0);
    }
    network_check(b);
}

/* An input of the network, of so many bits. */
static uint16_t draw_input(builder *b, uint32_t height, uint32_t width, uint32_t channels,
                           uint32_t bits)
{
    builder_begin(b);
    const uint16_t in = builder_tensor(b, height, width, channels, draw_zero(8));
    return bits == 8 ? in : draw_narrowed(b, in, bits, draw_zero(bits));
}

/* One layer of an operator on an input of random shape. */
static void check_operator(uint32_t op, uint32_t weight_bits, uint32_t most_channels)
{
    builder        b;
    const uint32_t channels = draw_extent(most_channels);
    const uint32_t height = op == OP_SOFTMAX ? 1 : draw_extent(13);
    const uint32_t width = op == OP_SOFTMAX ? 1 : draw_extent(13);
    const uint16_t in = draw_input(&b, height, width, channels, op == OP_SOFTMAX ? 8 : draw_bits());
    const uint32_t multiple = random_once_in(3) ? (uint32_t)random_between(2, 4) : 1;
    const uint16_t out = draw_layer(
        &b, in,
        (wish){.op = op,
               .weight_bits = weight_bits,
               .bits = draw_bits(),
               .channels = op == OP_DWCONV ? channels * multiple : draw_extent(most_channels)});
    finish_and_check(&b, out);
}

/* An operator with weights, at every width of them. */
static void check_widths(uint32_t op, uint32_t most_channels)
{
    static const uint32_t widths[4] = {8, 4, 3, 2};
    network_interior();
    for (int i = 0; i < rounds(ROUNDS); i++) {
        check_operator(op, widths[i % 4], most_channels);
    }
    assert_true(network_interior() >= 20); /* else hardly anything would be compared */
}

static void conv(void **state)
{
    (void)state;
    check_widths(OP_CONV, 23);
}

static void dwconv(void **state)
{
    (void)state;
    check_widths(OP_DWCONV, 23);
}

static void pointwise(void **state)
{
    (void)state;
    check_widths(OP_POINTWISE, 71);
}

static void dense(void **state)
{
    (void)state;
    check_widths(OP_DENSE, 37);
}

/* Sums over what is kept; dense ones over several windows of blocks and runs of gaps, too. */
static void sparse(void **state)
{
    (void)state;
    check_widths(OP_DENSE_GAPS, 37);
    check_widths(OP_DENSE_BLOCKS, 37);
    check_widths(OP_POINTWISE_GAPS, 300);
    check_widths(OP_POINTWISE_BLOCKS, 300);
}

static void without_weights(void **state)
{
    (void)state;
    static const uint32_t all[] = {OP_MAXPOOL, OP_AVGPOOL,   OP_MEAN,   OP_ADD,
                                   OP_PLACE,   OP_TRANSPOSE, OP_SOFTMAX};
    for (int i = 0; i < rounds(7 * ROUNDS / 2); i++) {
        const uint32_t op = all[i % 7];
        check_operator(op, 0, op == OP_SOFTMAX && random_once_in(20) ? 4096 : 37);
    }
    assert_true(network_interior() >= 20);
}

/* The shapes of keyword spotters: many channels, rows of 5 and 1. */
static void shapes_of_real_networks(void **state)
{
    (void)state;
    static const struct {
        uint16_t op, height, width, channels, kh, kw, sh, sw, pt, pl, oh, ow, oc;
    } all[] = {
        {OP_CONV, 49, 10, 1, 10, 4, 2, 2, 4, 1, 25, 5, 64},   /* DS-CNN */
        {OP_DWCONV, 9, 5, 64, 3, 3, 1, 1, 1, 1, 9, 5, 64},    /* its depthwise layer */
        {OP_POINTWISE, 5, 5, 64, 1, 1, 1, 1, 0, 0, 5, 5, 64}, /* its pointwise layer */
        {OP_DENSE, 1, 1, 64, 0, 0, 0, 0, 0, 0, 1, 1, 12},
        {OP_CONV, 20, 8, 28, 10, 4, 2, 1, 0, 0, 6, 5, 30},   /* CNN */
        {OP_DWCONV, 12, 1, 96, 5, 1, 1, 1, 2, 0, 12, 1, 96}, /* in one dimension */
        {OP_DWCONV, 8, 5, 17, 5, 5, 1, 1, 2, 2, 8, 5, 17},
        {OP_DWCONV, 8, 7, 9, 7, 7, 1, 1, 3, 3, 8, 7, 9},
        {OP_DENSE, 1, 1, 250, 0, 0, 0, 0, 0, 0, 1, 1, 144},
        {OP_DENSE, 1, 1, 256, 0, 0, 0, 0, 0, 0, 1, 1, 64},
    };
    for (int i = 0; i < rounds(72); i++) {
        const uint32_t n = (uint32_t)random_between(0, sizeof all / sizeof all[0] - 1);
        const uint32_t weight_bits = draw_weight_bits();
        builder        b;
        const uint16_t in = draw_input(&b, all[n].height, all[n].width, all[n].channels, 8);
        const uint16_t out = builder_shape(&b, all[n].oh, all[n].ow, all[n].oc, 8, 0);
        kws_layer     *l = builder_layer(&b, (uint16_t)(16 * all[n].op + weight_bits), in, out);
        l->kernel_height = all[n].kh;
        l->kernel_width = all[n].kw;
        l->stride_height = all[n].sh;
        l->stride_width = all[n].sw;
        l->pad_top = all[n].pt;
        l->pad_left = all[n].pl;
        const uint32_t area = (uint32_t)all[n].kh * all[n].kw;
        const uint32_t taps = all[n].op == OP_DENSE    ? all[n].channels
                              : all[n].op == OP_DWCONV ? area
                                                       : area * all[n].channels;
        builder_weights(&b, l, all[n].oc, taps);
        builder_requant(&b, l, all[n].oc, all[n].oc, 10 + (int32_t)weight_bits, 8);
        finish_and_check(&b, out);
    }
}

/* All weights the same, the most negative or the largest of their width. */
static void extreme_weights(builder *b, kws_layer *layer, uint32_t outputs, uint32_t taps,
                            bool negative)
{
    const int32_t least = -(1 << ((layer->kernel & 15) - 1));
    int8_t       *w = malloc(outputs * taps);
    assert_non_null(w);
    memset(w, negative ? least : -least - 1, outputs * taps);
    builder_weights_of(b, layer, outputs, taps, w);
    free(w);
}

/* Accumulators at their largest: 65535 taps of 255, each times the same extreme weight. The
 * network's input is all 255 in one of two or three inferences. */
static void at_the_bound(uint32_t op, uint32_t weight_bits, bool negative)
{
    builder    b;
    const bool dense = op == OP_DENSE || op == OP_DENSE_GAPS || op == OP_DENSE_BLOCKS,
               mean = op == OP_MEAN, five = op == OP_CONV || dense;
    builder_begin(&b);
    builder_tensor(&b, 257, five ? 51 : 255, five ? 5 : 1, 0);
    const kws_tensor in = b.tensors[0];
    const uint16_t   out = builder_shape(&b, 1, 1, 1, 8, 0);
    kws_layer       *layer = builder_layer(&b, (uint16_t)(16 * op + weight_bits), 0, out);
    if (!dense && !mean) {
        layer->kernel_height = in.height;
        layer->kernel_width = in.width;
        layer->stride_height = layer->stride_width = 1;
    }
    if (weight_bits != 0) {
        extreme_weights(&b, layer, 1, 65535, negative);
    }
    /* 255 * 65535 * 128 * m / 2^16 >> n, in the middle of the range */
    builder_requant_of(&b, layer, 1, negative ? -32768 : 32767, 3, weight_bits == 0 ? 16 : 23);
    finish_and_check(&b, out);
}

static void accumulators_at_the_bound(void **state)
{
    (void)state;
    static const uint32_t ops[] = {OP_CONV, OP_DWCONV, OP_DENSE, OP_DENSE_GAPS, OP_DENSE_BLOCKS};
    for (uint32_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        const uint32_t op = ops[i];
        at_the_bound(op, 8, true);
        at_the_bound(op, 8, false);
        at_the_bound(op, 4, op != OP_DWCONV);
        at_the_bound(op, 3, op == OP_DWCONV);
        at_the_bound(op, 2, op != OP_DWCONV);
    }
    at_the_bound(OP_AVGPOOL, 0, false);
    at_the_bound(OP_MEAN, 0, false);
}

/* Every weight the same extreme one, for every width, operator and extreme input. */
static void extremes(void **state)
{
    (void)state;
    static const uint32_t ops[4] = {OP_CONV, OP_DWCONV, OP_DENSE, OP_POINTWISE};
    static const uint32_t widths[4] = {8, 4, 3, 2};
    for (int i = 0; i < rounds(320); i++) {
        const uint32_t op = ops[i % 4], bits = widths[i / 4 % 4];
        const uint32_t channels = draw_extent(67), outputs = op == OP_DWCONV ? channels : 9;
        builder        b;
        builder_begin(&b);
        builder_tensor(&b, 5, 5, channels, draw_zero(8));
        const bool     dense = op == OP_DENSE, point = op == OP_POINTWISE;
        const uint16_t out = builder_shape(&b, dense ? 1 : 5, dense ? 1 : 5, outputs, 8, 0);
        kws_layer     *layer = builder_layer(&b, (uint16_t)(16 * op + bits), 0, out);
        const uint16_t kernel = dense ? 0 : point ? 1 : 3;
        layer->kernel_height = layer->kernel_width = kernel;
        layer->stride_height = layer->stride_width = dense ? 0 : 1;
        layer->pad_top = layer->pad_left = kernel / 2;
        const uint32_t taps = dense             ? 25 * channels
                              : point           ? channels
                              : op == OP_DWCONV ? 9
                                                : 9 * channels;
        extreme_weights(&b, layer, outputs, taps, i / 16 % 2);
        builder_requant(&b, layer, outputs, outputs, 16, 8);
        finish_and_check(&b, out);
    }
}

/* Kernels of one row along a longer one, in every phase: alone, padded with what counts or not, and
 * with the largest sums. */
static void along_a_row(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder        b;
        const int32_t  taps = random_between(1, 17), width = random_between(1, 45);
        const int32_t  pad = i % 3 == 0 ? random_between(0, taps) : 0;
        const int32_t  inside = width - taps + 1 > 1 ? width - taps + 1 : 1;
        const int32_t  columns = pad == 0 ? inside : random_between(1, width + pad);
        const uint32_t channels = draw_extent(9);
        const uint16_t in = draw_input(&b, 1, (uint32_t)width, channels, 8);
        const uint16_t out = builder_shape(&b, 1, (uint32_t)columns, channels, 8, draw_zero(8));
        kws_layer     *l = builder_layer(&b, KWS_KERNEL_DWCONV_W8, in, out);
        l->kernel_height = l->stride_height = l->stride_width = 1;
        l->kernel_width = (uint16_t)taps;
        l->pad_left = (uint16_t)pad;
        if (i % 4 == 0) {
            extreme_weights(&b, l, channels, (uint32_t)taps, i % 8 == 0);
        } else {
            builder_weights(&b, l, channels, (uint32_t)taps);
        }
        builder_requant(&b, l, channels, channels, random_between(8, 26), 8);
        finish_and_check(&b, out);
    }
}

/* Sums of 16 bits in MEAN: at most 257 elements have room in them. */
static void mean_changes_its_scratch(void **state)
{
    (void)state;
    static const struct {
        uint32_t height, width, scratch;
    } all[] = {{257, 1, 2 * 3}, {1, 257, 2 * 3}, {256, 1, 2 * 3}, {258, 1, 4 * 3}, {2, 129, 4 * 3}};
    for (uint32_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (int n = 0; n < 4; n++) { /* an input of all 255 among them */
            builder b;
            builder_begin(&b);
            builder_tensor(&b, all[i].height, all[i].width, 3, 0);
            const uint16_t out = draw_layer(&b, 0, (wish){.op = OP_MEAN, .bits = 8});
            finish_and_check(&b, out);
            assert_int_equal(b.layers[0].scratch_bytes, all[i].scratch);
        }
    }
}

/* Two inputs side by side along every axis: a copy of the input and its rescaled twin. */
static void place(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder        b;
        const uint32_t bits = draw_bits(), axis = (uint32_t)i % 3;
        /* channels that fill bytes may lie side by side at any width */
        uint32_t e[3] = {draw_extent(7), draw_extent(7),
                         draw_extent(7) * (axis == 2 ? 8 / bits : 1)};
        uint16_t at[3] = {0, 0, 0};
        /* only along the channels need a pixel of the input be whole bytes */
        e[2] = axis == 2 || bits == 8 ? e[2] : (e[2] * bits + 7) / 8 * (8 / bits);
        const uint16_t in = draw_input(&b, e[0], e[1], e[2], draw_bits());
        at[axis] = (uint16_t)e[axis];
        e[axis] *= 2;
        const uint16_t out = builder_shape(&b, e[0], e[1], e[2], bits, 0);
        for (int part = 0; part < 2; part++) {
            kws_layer *layer = builder_layer(&b, KWS_KERNEL_PLACE, in, out);
            layer->pad_top = part ? at[0] : 0;
            layer->pad_left = part ? at[1] : 0;
            layer->kernel_width = part ? at[2] : 0;
            builder_requant(&b, layer, 1, 1, b.tensors[in].bits + 14, (int32_t)bits);
        }
        finish_and_check(&b, out);
    }
}

/* Strides and kernels of layers without a window mean nothing, however large. */
static void windows_of_no_meaning(void **state)
{
    (void)state;
    builder b;
    builder_begin(&b);
    builder_tensor(&b, 40000, 1, 1, 0);
    const uint16_t out = draw_layer(&b, 0, (wish){.op = OP_ADD, .bits = 8});
    kws_layer     *layer = &b.layers[0];
    layer->kernel_height = layer->stride_height = layer->pad_top = 65535;
    finish_and_check(&b, out);
}

static void view(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS / 4); i++) {
        builder        b;
        const uint32_t bits = draw_bits(), h = draw_extent(7), w = draw_extent(7);
        const uint32_t c = draw_extent(7) * (8 / bits);
        const uint16_t in = draw_input(&b, h, w, c, bits);
        const uint16_t out = random_word() & 1u ? builder_shape(&b, w, 1, h * c, bits, 0)
                                                : builder_shape(&b, 1, 1, h * w * c, bits, 0);
        builder_layer(&b, KWS_KERNEL_VIEW, in, out);
        b.tensors[out].arena_offset = b.tensors[in].arena_offset;
        if (bits != 8) {
            draw_narrowed(&b, out, 8, 0);
        }
        network_check(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv),
        cmocka_unit_test(dwconv),
        cmocka_unit_test(pointwise),
        cmocka_unit_test(dense),
        cmocka_unit_test(sparse),
        cmocka_unit_test(without_weights),
        cmocka_unit_test(shapes_of_real_networks),
        cmocka_unit_test(extremes),
        cmocka_unit_test(along_a_row),
        cmocka_unit_test(accumulators_at_the_bound),
        cmocka_unit_test(mean_changes_its_scratch),
        cmocka_unit_test(place),
        cmocka_unit_test(windows_of_no_meaning),
        cmocka_unit_test(view),
    };
    seed_random("kernels");
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    printf("kernels: %u networks\n", (unsigned)network_count());
    return failures;
}
