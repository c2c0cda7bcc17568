/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: layers that take turns (SPEC.md, 4.1) compute what they compute one after the other, in the
 * order that the section names. Method: random networks of all layers that may be chained; tensors
 * between them whole or rings of random size and phase, apart or trailing one another, now and then
 * with no row more than they need; network.h compares every row with layers that have whole tensors
 * of their own. Rings too small and layers that may not be chained must be refused.
 */
#include "support.h"

#include "draw.h"
#include "network.h"

#define ROUNDS 1500

static kws_tensor *tensor_in(builder *b, uint32_t layer)
{
    return &b->tensors[b->layers[layer].input];
}

static kws_tensor *tensor_out(builder *b, uint32_t layer)
{
    return &b->tensors[b->layers[layer].output];
}

/* Rows of its input that a layer looks at. */
static uint32_t window(const builder *b, uint32_t layer)
{
    const kws_layer *l = &b->layers[layer];
    return l->kernel == KWS_KERNEL_MEAN ? 1 : l->kernel_height;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Adds a random layer that can be chained. */
static uint16_t draw_chainable(builder *b, uint16_t in)
{
    static const uint32_t all[] = {OP_CONV,      OP_DWCONV,  OP_POINTWISE, OP_DWCONV,
                                   OP_POINTWISE, OP_MAXPOOL, OP_AVGPOOL};
    const kws_tensor      t = b->tensors[in];
    const uint32_t        op = all[random_between(0, 6)];
    const bool            same = random_once_in(2); /* so that the output may trail */
    const bool            multiplies = op == OP_DWCONV && !same && t.channels < 8;
    return draw_layer(b, in,
                      (wish){.op = op == OP_POINTWISE ? draw_pointwise() : op,
                             .weight_bits = draw_weight_bits(),
                             .bits = same ? t.bits : draw_bits(),
                             .channels = same || op == OP_DWCONV ? t.channels * (1u + multiplies)
                                                                 : draw_extent(13),
                             .same = same && op == OP_DWCONV});
}

/* May the output of a layer trail its input, by the table of SPEC.md, and how far behind? */
static bool may_trail(builder *b, uint32_t layer, uint32_t *lag)
{
    const kws_layer *l = &b->layers[layer];
    const kws_tensor in = *tensor_in(b, layer), out = *tensor_out(b, layer);
    const bool       equal = in.channels == out.channels && in.bits == out.bits;
    *lag = 0;
    if (OP(l->kernel) == OP_POINTWISE || OP(l->kernel) == OP_POINTWISE_GAPS ||
        OP(l->kernel) == OP_POINTWISE_BLOCKS) {
        return equal;
    }
    *lag = l->pad_top;
    return OP(l->kernel) == OP_DWCONV && equal && in.bits == 8 && in.width == out.width &&
           in.width <= 5 && l->stride_height == 1 && l->stride_width == 1;
}

/* The outputs of layers first .. last share one ring: each trails the one before. The rows that are
 * still needed have room: of each reader its window, and the windows overlap by one row. */
static bool share_ring(builder *b, uint32_t first, uint32_t last)
{
    uint32_t rows = 1, least = 65535;
    uint32_t lag = 0, longest = 0;
    for (uint32_t i = first; i <= last; i++) {
        rows += window(b, i + 1) - 1;
        least = smaller(least, tensor_out(b, i)->height);
        if (i > first) {
            may_trail(b, i, &lag);
            longest = lag > longest ? lag : longest;
        }
    }
    rows = longest > rows ? longest : rows; /* paddings longer than kernels */
    if (rows >= least) {
        return false;
    }
    rows += random_word() & 1u ? 0 : (uint32_t)random_between(0, (int32_t)(least - 1 - rows));
    uint32_t phase = (uint32_t)random_between(0, (int32_t)rows - 1);
    for (uint32_t i = first; i <= last; i++) {
        kws_tensor *t = tensor_out(b, i);
        if (i > first) {
            may_trail(b, i, &lag);
            phase = (phase + rows - lag % rows) % rows;
        }
        t->rows = (uint16_t)rows;
        t->phase = (uint16_t)phase;
    }
    builder_place(b, b->layers[first].output);
    for (uint32_t i = first + 1; i <= last; i++) {
        tensor_out(b, i)->arena_offset = tensor_out(b, first)->arena_offset;
    }
    return true;
}

/* The same with whole tensors, each lag rows in front of the one before. */
static bool share_whole(builder *b, uint32_t first, uint32_t last)
{
    const uint32_t row = builder_row_bytes(tensor_out(b, first));
    uint32_t       in_front = 0, rows = tensor_out(b, first)->height;
    for (uint32_t i = first + 1; i <= last; i++) {
        uint32_t lag;
        may_trail(b, i, &lag);
        if (lag * row % 4 != 0) {
            return false; /* offsets are multiples of 4 */
        }
        in_front += lag;
        rows = tensor_out(b, i)->height > rows ? tensor_out(b, i)->height : rows;
    }
    uint32_t offset = builder_arena(b, (in_front + rows) * row) + in_front * row;
    for (uint32_t i = first; i <= last; i++) {
        uint32_t lag = 0;
        if (i > first) {
            may_trail(b, i, &lag);
        }
        offset -= lag * row;
        tensor_out(b, i)->arena_offset = offset;
    }
    return true;
}

/* A tensor between two layers of a chain: as many slots as its reader needs at least. */
static void place_alone(builder *b, uint32_t layer)
{
    kws_tensor *t = tensor_out(b, layer);
    if (layer + 1 < b->layer_count && b->layers[layer + 1].chained) {
        const uint32_t least = smaller(t->height, window(b, layer + 1));
        t->rows =
            (uint16_t)(random_word() & 1u ? least
                                          : (uint32_t)random_between((int32_t)least, t->height));
        t->phase = (uint16_t)(t->rows < t->height ? (uint32_t)random_between(0, t->rows - 1) : 0);
    }
    builder_place(b, b->layers[layer].output);
}

/* Gives the outputs of all layers from this one on their places. */
static void place_outputs(builder *b, uint32_t begin)
{
    const uint32_t count = b->layer_count;
    for (uint32_t first = begin, last; first < count; first = last + 1) {
        uint32_t lag;
        bool     placed = false;
        last = first;
        while (last + 1 < count && may_trail(b, last + 1, &lag) && !random_once_in(5)) {
            last++;
        }
        if (last > first) {
            bool chained = last + 1 < count;
            for (uint32_t i = first + 1; chained && i <= last + 1; i++) {
                chained = b->layers[i].chained;
            }
            placed = chained && !random_once_in(3) && share_ring(b, first, last);
            placed = placed || share_whole(b, first, last);
            if (!placed) {
                last = first;
            }
        }
        if (!placed) {
            place_alone(b, first);
        }
    }
}

/* Layers that are chained as often as they may be. */
static void chains(void **state)
{
    (void)state;
    network_interior();
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder        b;
        const uint32_t count = (uint32_t)random_between(1, 6);
        builder_begin(&b);
        uint16_t t =
            builder_tensor(&b, draw_extent(25), draw_extent(7), draw_extent(13), draw_zero(8));
        if (random_once_in(2)) {
            t = draw_narrowed(&b, t, draw_bits(), 0);
        }
        const uint32_t before = b.layer_count;
        for (uint32_t n = 0; n < count; n++) {
            t = draw_chainable(&b, t);
        }
        if (random_once_in(3)) {
            t = draw_layer(&b, t, (wish){.op = OP_MEAN, .bits = draw_bits()});
        }
        for (uint32_t n = before + 1; n < b.layer_count; n++) {
            b.layers[n].chained = !random_once_in(9);
        }
        place_outputs(&b, before);
        if (b.tensors[t].bits != 8) {
            draw_narrowed(&b, t, 8, 0);
        }
        network_check(&b);
    }
    assert_true(network_interior() >= 15);
}

/* A convolution, depthwise and pointwise layers, a mean: all in one chain, and most outputs trail.
 */
static void separable_chains(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS / 3); i++) {
        builder        b;
        const uint32_t channels = draw_extent(35), pairs = (uint32_t)random_between(1, 3);
        builder_begin(&b);
        builder_tensor(&b, (uint32_t)random_between(8, 40), (uint32_t)random_between(1, 5),
                       draw_extent(3), draw_zero(8));
        uint16_t t = draw_layer(
            &b, 0,
            (wish){
                .op = OP_CONV, .weight_bits = draw_weight_bits(), .bits = 8, .channels = channels});
        for (uint32_t n = 0; n < 2 * pairs; n++) {
            t = draw_layer(&b, t,
                           (wish){.op = n % 2 ? draw_pointwise() : OP_DWCONV,
                                  .weight_bits = draw_weight_bits(),
                                  .bits = 8,
                                  .channels = channels,
                                  .same = true});
            b.layers[b.layer_count - 1].chained = 1;
        }
        t = draw_layer(&b, t, (wish){.op = OP_MEAN, .bits = 8});
        b.layers[b.layer_count - 1].chained = 1;
        place_outputs(&b, 0);
        network_check(&b);
    }
}

/* conv -> pointwise -> pointwise, all of one row a time: a shorter row of output in the place of
 * the input's. */
static void rows_that_stand_alone(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS / 5); i++) {
        builder  b;
        uint32_t channels = draw_extent(19);
        builder_begin(&b);
        builder_tensor(&b, draw_extent(9), draw_extent(7), draw_extent(5), draw_zero(8));
        uint16_t t = draw_layer(&b, 0,
                                (wish){.op = OP_CONV,
                                       .weight_bits = draw_weight_bits(),
                                       .bits = draw_bits(),
                                       .channels = channels});
        b.tensors[t].rows = 1;
        builder_place(&b, t);
        const uint32_t offset = b.tensors[t].arena_offset;
        for (int n = 0; n < 2; n++) {
            channels = (uint32_t)random_between(1, (int32_t)channels);
            t = draw_layer(&b, t,
                           (wish){.op = draw_pointwise(),
                                  .weight_bits = draw_weight_bits(),
                                  .bits = b.tensors[t].bits,
                                  .channels = channels});
            b.tensors[t].rows = 1;
            b.tensors[t].arena_offset = offset;
            b.layers[1 + n].chained = 1;
        }
        t = draw_layer(&b, t, (wish){.op = OP_MEAN, .bits = 8});
        b.layers[3].chained = 1;
        builder_place(&b, t);
        network_check(&b);
    }
}

/* conv -> depthwise -> mean in one chain of rings, and a dense layer. */
static builder sound_chain(void)
{
    builder b;
    builder_begin(&b);
    builder_tensor(&b, 20, 3, 2, 9);
    builder_shape(&b, 18, 3, 4, 8, 3);
    builder_shape(&b, 16, 3, 4, 8, 2);
    builder_shape(&b, 1, 1, 4, 8, 1);
    builder_shape(&b, 1, 1, 3, 8, 0);
    static const uint16_t kernels[] = {KWS_KERNEL_CONV_W8, KWS_KERNEL_DWCONV_W4, KWS_KERNEL_MEAN,
                                       KWS_KERNEL_DENSE_W8};
    for (uint16_t i = 0; i < 4; i++) {
        kws_layer *l = builder_layer(&b, kernels[i], i, i + 1);
        l->chained = i == 1 || i == 2;
        if (i < 2) {
            l->kernel_height = 3;
            l->kernel_width = 1;
            l->stride_height = l->stride_width = 1;
        }
    }
    builder_weights(&b, &b.layers[0], 4, 6);
    builder_requant(&b, &b.layers[0], 4, 4, 15, 8);
    builder_weights(&b, &b.layers[1], 4, 3);
    builder_requant(&b, &b.layers[1], 4, 4, 11, 8);
    builder_requant(&b, &b.layers[2], 1, 1, 13, 8);
    builder_weights(&b, &b.layers[3], 3, 4);
    builder_requant(&b, &b.layers[3], 3, 3, 14, 8);
    b.tensors[1].rows = 3;
    b.tensors[1].phase = 2;
    b.tensors[2].rows = 1;
    for (uint16_t i = 1; i < 5; i++) {
        builder_place(&b, i);
    }
    return b;
}

#define WRONG(change)                                                                              \
    do {                                                                                           \
        builder b = sound_chain();                                                                 \
        change;                                                                                    \
        assert_int_equal(network_status(&b), KWS_ERROR_MODEL);                                     \
    } while (0)

static void refused(void **state)
{
    (void)state;
    builder sound = sound_chain();
    network_check(&sound);
    WRONG(b.tensors[1].rows = 2; b.tensors[1].phase = 0); /* a window of 3 */
    WRONG(b.tensors[1].rows = 19);
    WRONG(b.tensors[1].rows = 0);
    WRONG(b.tensors[1].phase = 3);
    WRONG(b.tensors[2].phase = 1);
    WRONG(b.tensors[3].phase = 1);
    WRONG(b.tensors[0].rows = 3); /* what kws_infer() writes is whole */
    WRONG(b.layers[0].chained = 1);
    WRONG(b.layers[1].chained = 2);
    WRONG(b.layers[1].chained = 0); /* reads a ring */
    WRONG(b.layers[2].chained = 0);
    WRONG(b.layers[3].chained = 1); /* a dense layer; behind a mean, too */
    WRONG(b.layers[1].input = 0);   /* not what the layer before writes */
}

/* What a chain counts by belongs to nobody else: whoever could write there could have it run rows
 * that do not exist. */
static void counts_are_nobodys(void **state)
{
    (void)state;
    for (uint32_t offset = 0; offset < 700; offset += 2) {
        builder  b = sound_chain();
        uint32_t bytes;
        uint8_t *block = builder_finish(&b, &bytes);
        bool     apart = offset % 4 == 0 && offset + 12 <= b.arena_bytes;
        for (uint32_t i = 0; i < b.tensor_count; i++) {
            const uint32_t begin = b.tensors[i].arena_offset;
            const uint32_t end = begin + b.tensors[i].rows * builder_row_bytes(&b.tensors[i]);
            apart = apart && (offset + 12 <= begin || offset >= end);
        }
        for (uint32_t i = 0; i < b.layer_count; i++) {
            const uint32_t begin = b.layers[i].scratch_offset;
            const uint32_t end = begin + b.layers[i].scratch_bytes;
            apart = apart && (begin == end || offset + 12 <= begin || offset >= end);
        }
        ((kws_block_header *)block)->progress_offset = offset;
        builder_seal(block, bytes);
        const kws_model model = builder_model(block, bytes);
        assert_int_equal(kws_model_check(&model), apart ? KWS_OK : KWS_ERROR_MODEL);
        free(block);
        builder_close(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains),
        cmocka_unit_test(separable_chains),
        cmocka_unit_test(rows_that_stand_alone),
        cmocka_unit_test(refused),
        cmocka_unit_test(counts_are_nobodys),
    };
    seed_random("chains");
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    printf("chains: %u networks\n", (unsigned)network_count());
    return failures;
}
