/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: networks that keep rows (SPEC.md, 4.5) decide as they would on each window, with what came
 * before it. Method: random layers whose windows stand on all rows, and on some before the first,
 * sums of them, any layers behind; network.h feeds them row by row and compares every row and every
 * decision with what the oracle makes of the stream as one window. Slots, strides, paddings and
 * places that do not fit must be refused.
 */
#include "support.h"

#include "draw.h"
#include "fixtures.h"
#include "network.h"

#define ROUNDS 600

/* A random layer that can be streamed. */
static uint16_t draw_streamed(builder *b, uint16_t in)
{
    static const uint32_t all[] = {OP_CONV, OP_DWCONV, OP_POINTWISE, OP_MAXPOOL, OP_AVGPOOL};
    const kws_tensor      t = b->tensors[in];
    const uint32_t        op = all[random_between(0, 4)];
    return draw_layer(b, in,
                      (wish){.op = op == OP_POINTWISE ? draw_pointwise() : op,
                             .weight_bits = draw_weight_bits(),
                             .bits = draw_bits(),
                             .channels = op == OP_DWCONV ? t.channels : draw_extent(13),
                             .valid = true});
}

/* Rows of features a row of a tensor. */
static uint32_t pace(const builder *b, uint16_t tensor)
{
    uint32_t rows = 1;
    for (; tensor != 0; tensor = b->layers[tensor - 1].input) {
        rows *= b->layers[tensor - 1].stride_height;
    }
    return rows;
}

/* The sum of two tensors. */
static uint16_t draw_sum(builder *b, uint16_t in, uint16_t in2)
{
    const kws_tensor t = b->tensors[in];
    const uint32_t   bits = draw_bits();
    const uint16_t   out = builder_shape(b, t.height, t.width, t.channels, bits, draw_zero(bits));
    kws_layer       *layer = builder_layer(b, KWS_KERNEL_ADD, in, out);
    layer->input2 = in2;
    layer->kernel_height = layer->kernel_width = 1;
    layer->stride_height = layer->stride_width = 1;
    builder_requant(b, layer, 2, 1, 22, (int32_t)bits);
    return out;
}

/* The sum of a tensor and an earlier one whose rows come at the same time, or one made for that. */
static uint16_t draw_branch(builder *b, uint16_t in)
{
    const kws_tensor t = b->tensors[in];
    for (uint16_t n = random_once_in(4) ? in : 0; n < in; n++) {
        const kws_tensor *other = &b->tensors[n];
        if (other->height == t.height && other->width == t.width && other->channels == t.channels &&
            pace(b, n) == pace(b, in)) {
            return draw_sum(b, in, n);
        }
    }
    const uint16_t side = draw_layer(b, in,
                                     (wish){.op = draw_pointwise(),
                                            .weight_bits = draw_weight_bits(),
                                            .bits = draw_bits(),
                                            .channels = t.channels});
    return draw_sum(b, side, in);
}

/* As many hops of the strides' product as all tensors have rows for; 0: there are too few. */
static uint16_t draw_hop(const builder *b, uint32_t streamed)
{
    uint32_t least = 1, most = 65535;
    for (uint32_t i = 0; i < streamed; i++) {
        least *= b->layers[i].stride_height;
    }
    for (uint16_t t = 0; t <= streamed; t++) {
        const uint32_t room = b->tensors[t].height * pace(b, t) / least;
        most = room < most ? room : most;
    }
    return (uint16_t)(most == 0 ? 0 : least * (uint32_t)random_between(1, (int32_t)most));
}

static void streams(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS);) {
        builder        b;
        const uint32_t drawn = (uint32_t)random_between(1, 6);
        builder_begin(&b);
        uint16_t t = builder_shape(&b, (uint32_t)random_between(1, 40), draw_extent(7),
                                   draw_extent(9), 8, draw_zero(8));
        for (uint32_t n = 0; n < drawn; n++) {
            t = random_once_in(3) ? draw_branch(&b, t) : draw_streamed(&b, t);
        }
        const uint32_t streamed = b.layer_count, last = (uint32_t)random_between(0, 2);
        for (uint32_t n = 0; n < last; n++) {
            t = draw_layer(&b, t,
                           (wish){.op = n == 0 ? OP_CONV : OP_TRANSPOSE,
                                  .weight_bits = draw_weight_bits(),
                                  .bits = draw_bits(),
                                  .channels = draw_extent(9)});
        }
        draw_layer(&b, t,
                   (wish){.op = random_once_in(3) ? OP_MEAN : OP_DENSE,
                          .weight_bits = draw_weight_bits(),
                          .bits = 8,
                          .channels = draw_extent(9)});
        b.streamed_layers = (uint16_t)streamed;
        b.hop_rows = draw_hop(&b, streamed);
        if (b.hop_rows == 0) { /* windows shorter than what the strides leave between them */
            free(b.bytes);
            for (uint32_t n = 0; n < b.later_count; n++) {
                free(b.later[n].bytes);
            }
            builder_close(&b);
            continue;
        }
        fixture_place_rows(&b);
        network_stream(&b);
        i++;
    }
}

/* conv of 3 rows, strides 2 -> depthwise of 2 -> mean. */
static builder sound(void)
{
    builder b;
    builder_begin(&b);
    builder_shape(&b, 11, 3, 2, 8, 9);
    builder_shape(&b, 5, 3, 4, 8, 3);
    builder_shape(&b, 4, 3, 4, 8, 2);
    builder_shape(&b, 1, 1, 4, 8, 1);
    fixture_slide(&b, KWS_KERNEL_CONV_W8, 0, 3, 2);
    fixture_slide(&b, KWS_KERNEL_DWCONV_W8, 1, 2, 1);
    builder_requant(&b, builder_layer(&b, KWS_KERNEL_MEAN, 2, 3), 1, 1, 12, 8);
    b.streamed_layers = 2;
    b.hop_rows = 4;
    fixture_place_rows(&b);
    return b;
}

#define WRONG_OF(make, change)                                                                     \
    do {                                                                                           \
        builder b = make;                                                                          \
        change;                                                                                    \
        assert_int_equal(network_status(&b), KWS_ERROR_MODEL);                                     \
    } while (0)
#define WRONG(change) WRONG_OF(sound(), change)
#define WRONG_FORK(change) WRONG_OF(forked(), change)

static builder forked(void)
{
    builder b;
    fixture_rows(&b);
    return b;
}

static void refused(void **state)
{
    (void)state;
    builder fine = sound();
    network_stream(&fine);
    WRONG(b.hop_rows = 0);
    WRONG(b.hop_rows = 3);  /* two rows a stride */
    WRONG(b.hop_rows = 10); /* more than the 4 rows behind the layers */
    WRONG(b.streamed_layers = 0);
    WRONG(b.streamed_layers = 1); /* the next one's slots are not all */
    WRONG(b.streamed_layers = 3);
    WRONG(b.kept_bytes = 0);
    WRONG(b.kept_bytes -= 2);
    WRONG(b.kept_bytes = b.arena_bytes + 0x10000); /* scratch is still to come */
    WRONG(b.kept_bytes = 8);                       /* the counts, and no more */
    WRONG(b.tensors[0].rows = 4);                  /* windows of 3 rows */
    WRONG(b.tensors[0].rows = 2);
    WRONG(b.tensors[0].phase = 1);
    WRONG(b.tensors[2].rows = 3);         /* all 4 are the mean's */
    WRONG(b.tensors[1].arena_offset = 4); /* counts */
    WRONG(b.layers[2].scratch_bytes = 8); /* at the counts */
    WRONG(b.tensors[0].height = 12);      /* a row is left out */
    WRONG(b.tensors[0].height = 8);       /* all rows of the first window come before */
    WRONG(b.tensors[0].height = 0x8000);  /* rows are left out */
    WRONG(b.tensors[0].rows = 65535);
    WRONG(b.layers[0].output = 2); /* not the tensor behind its own number */
    WRONG(b.layers[0].pad_top = 1);
    WRONG(b.layers[0].stride_height = 0);
    WRONG(b.layers[1].chained = 1);
    WRONG(b.layers[2].input = 1); /* what a streamed layer reads */
}

static void branches_are_refused(void **state)
{
    (void)state;
    builder fine = forked();
    network_stream(&fine);
    WRONG_FORK(b.hop_rows = 3);                 /* strides of 2 */
    WRONG_FORK(b.hop_rows = 12);                /* more than a window */
    WRONG_FORK(b.layers[0].kernel_height = 14); /* slots are for 3 */
    WRONG_FORK(b.tensors[0].rows = 2);
    WRONG_FORK(b.tensors[1].rows = 2); /* sum and pointwise read one */
    WRONG_FORK(b.tensors[3].rows = 4);
    WRONG_FORK(b.tensors[4].rows = 4);
    WRONG_FORK(b.layers[2].kernel_height = 2); /* a sum is of one row */
    WRONG_FORK(b.layers[2].stride_height = 2);
    WRONG_FORK(b.layers[2].input2 = 0); /* another shape */
    WRONG_FORK(b.layers[4].input = 3);  /* across the end */
    WRONG_FORK(b.streamed_layers = 2);  /* both inputs of the sum would cross */
    WRONG_FORK(b.layers[1].output = 3); /* of another number */
    WRONG_FORK(b.tensors[3].arena_offset = 0);
    WRONG_FORK(b.layers[3].stride_height = 3); /* a row is left out */
}

/* Tensors of one channel, and one for the scores. */
static void begin(builder *b, const uint16_t *heights, uint32_t count)
{
    builder_begin(b);
    for (uint32_t i = 0; i < count; i++) {
        builder_shape(b, heights[i], 1, 1, 8, (uint8_t)i);
    }
    builder_shape(b, 1, 1, 1, 8, 1);
}

/* A mean behind all, with so many rows of features a decision. */
static builder ended(builder *b, uint16_t hop)
{
    b->streamed_layers = (uint16_t)b->layer_count;
    b->hop_rows = hop;
    const uint16_t last = b->streamed_layers;
    builder_requant(b, builder_layer(b, KWS_KERNEL_MEAN, last, last + 1), 1, 1, 12, 8);
    fixture_place_rows(b);
    return *b;
}

/* A pool of so many rows. */
static builder pool(uint16_t kernel, uint16_t in, uint16_t out, uint16_t rows, uint16_t stride)
{
    builder b;
    begin(&b, (uint16_t[]){in, out}, 2);
    fixture_slide(&b, kernel, 0, rows, stride);
    return ended(&b, stride);
}

/* Two ways to the height of 6, one of which moves by stride rows; the readers of tensor 0 need
 * unequal numbers of rows, of which the later one may need fewer. */
static builder two_ways(uint16_t rows, uint16_t stride)
{
    builder b;
    begin(&b, (uint16_t[]){12, 6, 6, 6, 6}, 5);
    fixture_slide(&b, KWS_KERNEL_CONV_W8, 0, 5, 2);
    fixture_slide(&b, KWS_KERNEL_CONV_W8, 1, 4, 1);
    fixture_slide(&b, KWS_KERNEL_CONV_W8, 0, rows, stride);
    fixture_slide(&b, KWS_KERNEL_ADD, 3, 1, 1)->input2 = 2;
    return ended(&b, (uint16_t)(2 * random_between(1, 6)));
}

static void ways_of_unequal_windows(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        builder b = two_ways((uint16_t)random_between(2, 7), 2);
        network_stream(&b);
    }
    WRONG_OF(two_ways(7, 1), (void)b); /* the sum's rows come at different times */
}

/* A sum over windows of no row, which end with the last one. */
static builder sum_of_nothing(uint16_t rows, uint16_t stride)
{
    builder b;
    begin(&b, (uint16_t[]){2, 2, 1, 1, 1}, 5);
    fixture_slide(&b, KWS_KERNEL_ADD, 0, rows, stride)->input2 = 0;
    fixture_slide(&b, KWS_KERNEL_MAXPOOL, 0, 2, 2);
    fixture_slide(&b, KWS_KERNEL_MAXPOOL, 1, 2, stride == 2 ? 1 : 2);
    fixture_slide(&b, KWS_KERNEL_ADD, 2, 1, 1)->input2 = 3;
    return ended(&b, 2);
}

static void windows_are_refused(void **state)
{
    (void)state;
    builder fine[] = {sum_of_nothing(1, 1), pool(KWS_KERNEL_AVGPOOL, 5, 3, 3, 2),
                      pool(KWS_KERNEL_AVGPOOL, 5, 3, 5, 2), pool(KWS_KERNEL_MAXPOOL, 5, 2, 3, 2)};
    for (uint32_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        network_stream(&fine[i]);
    }
    WRONG_OF(sum_of_nothing(0, 2), (void)b);
    WRONG_OF(pool(KWS_KERNEL_MAXPOOL, 5, 3, 3, 2), (void)b);  /* a maximum with rows before */
    WRONG_OF(pool(KWS_KERNEL_AVGPOOL, 5, 3, 20, 3), (void)b); /* a window of such rows only */
    WRONG_OF(pool(KWS_KERNEL_MAXPOOL, 0x8000, 0x8000, 1, 1), (void)b); /* more than is counted */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_of_unequal_windows),
        cmocka_unit_test(windows_are_refused),
        cmocka_unit_test(streams),
        cmocka_unit_test(refused),
        cmocka_unit_test(branches_are_refused),
    };
    seed_random("rows");
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    printf("rows: %u networks\n", (unsigned)network_count());
    return failures;
}
