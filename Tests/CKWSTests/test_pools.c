/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: MAXPOOL, AVGPOOL, MEAN and ADD are right for every number of channels that is left behind
 * their groups of four, eight or sixteen, and at the bounds of their sums. Method: each number of
 * channels up to 40, with random windows (1 wide, primes, strides beyond the kernel, every
 * padding); windows of 256 to 258 taps; multipliers, biases and shifts at their limits; network.h
 * compares with plain 64-bit arithmetic.
 */
#include "support.h"

#include "draw.h"
#include "network.h"

#define MOST_CHANNELS 40u

static void finish_and_check(builder *b, uint16_t out)
{
    builder_place(b, out);
    if (b->tensors[out].bits != 8) {
        draw_narrowed(b, out, 8, 0);
    }
    network_check(b);
}

/* One operator at each number of channels, mostly of 8 bits. */
static void every_channel_count(uint32_t op)
{
    network_interior();
    for (int i = 0; i < rounds(3 * (int)MOST_CHANNELS); i++) {
        const uint32_t channels = 1u + (uint32_t)i % MOST_CHANNELS;
        const uint32_t bits = random_once_in(5) ? draw_bits() : 8;
        builder        b;
        builder_begin(&b);
        uint16_t in = builder_tensor(&b, (uint32_t)random_between(1, 9),
                                     (uint32_t)random_between(1, 9), channels, draw_zero(8));
        in = bits == 8 ? in : draw_narrowed(&b, in, bits, draw_zero(bits));
        finish_and_check(
            &b, draw_layer(&b, in, (wish){.op = op, .bits = random_once_in(5) ? draw_bits() : 8}));
    }
    assert_true(op == OP_MAXPOOL || network_interior() >= 20);
}

static void maxpool(void **state)
{
    (void)state;
    every_channel_count(OP_MAXPOOL);
}

static void avgpool(void **state)
{
    (void)state;
    every_channel_count(OP_AVGPOOL);
}

static void mean(void **state)
{
    (void)state;
    every_channel_count(OP_MEAN);
}

static void add(void **state)
{
    (void)state;
    every_channel_count(OP_ADD);
}

/* Sums that just fit 16 bits, and just do not: elements and padding may all be 255. */
static void averages_of_many(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(60); i++) {
        const uint32_t taps = (uint32_t)random_between(256, 258),
                       width = random_word() & 1u ? 1 : 2;
        const uint32_t channels = (uint32_t)random_between(1, 20);
        builder        b;
        builder_begin(&b);
        builder_tensor(&b, 130, 3, channels, random_once_in(2) ? 255 : draw_zero(8));
        const uint16_t out = builder_shape(&b, 3, 2, channels, 8, 0);
        kws_layer     *layer = builder_layer(&b, KWS_KERNEL_AVGPOOL, 0, out);
        layer->kernel_height = (uint16_t)(taps / width);
        layer->kernel_width = (uint16_t)width;
        layer->stride_height = layer->stride_width = 1;
        layer->pad_top = (uint16_t)random_between(0, 200);
        layer->pad_left = (uint16_t)random_between(0, 3);
        /* taps * 255 * m / 2^16 >> 7 is about 255 */
        builder_requant_of(&b, layer, 1, 32767, random_between(-999, 999), 7);
        finish_and_check(&b, out);
    }
}

/* Every shift; multipliers and bias as far out as SPEC.md, section 1, allows. */
static void limits_of_requantisation(void **state)
{
    (void)state;
    static const int16_t  multipliers[4] = {-32768, 32767, 1, -1};
    static const int32_t  biases[5] = {-(1 << 30) + 1, (1 << 30) - 1, 0, -65, 4095};
    static const uint32_t ops[3] = {OP_ADD, OP_AVGPOOL, OP_MEAN};
    for (int i = 0; i < rounds(3 * 31); i++) {
        const uint32_t op = ops[i / 31 % 3], channels = (uint32_t)random_between(1, 19);
        const uint32_t pooled = op == OP_AVGPOOL ? 2 : op == OP_MEAN ? 4 : 1;
        builder        b;
        builder_begin(&b);
        builder_tensor(&b, 4, 4, channels, draw_zero(8));
        const uint16_t out = builder_shape(&b, 4 / pooled, 4 / pooled, channels, 8, 0);
        kws_layer     *layer = builder_layer(&b, (uint16_t)(16 * op), 0, out);
        layer->input2 = op == OP_ADD ? 0 : KWS_NONE;
        layer->kernel_height = layer->kernel_width = op == OP_AVGPOOL ? 2 : 0;
        layer->stride_height = layer->stride_width = op == OP_AVGPOOL ? 2 : 0;
        builder_requant_of(&b, layer, op == OP_ADD ? 2 : 1, multipliers[random_between(0, 3)],
                           biases[random_between(0, 4)], (uint8_t)(i % 31));
        finish_and_check(&b, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maxpool),
        cmocka_unit_test(avgpool),
        cmocka_unit_test(mean),
        cmocka_unit_test(add),
        cmocka_unit_test(averages_of_many),
        cmocka_unit_test(limits_of_requantisation),
    };
    seed_random("pools");
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    printf("pools: %u networks\n", (unsigned)network_count());
    return failures;
}
