/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: networks that keep rows (SPEC.md, 4.5) decide as they would on each window alone. Method:
 * random layers whose windows stand on all rows, any layers behind; network.h feeds them row by row
 * and compares every row and every decision with the window's by the oracle. Slots, strides,
 * paddings and places that do not fit must be refused.
 */
#include "support.h"

#include "draw.h"
#include "network.h"

#define ROUNDS 600
#define COUNTS 16 /* bytes: of 7 layers at most */

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

/* As many hops of the strides' product as all tensors have rows for; 0: there are too few. */
static uint16_t draw_hop(const builder *b, uint32_t streamed)
{
    uint32_t least = 1, most = 65535;
    for (uint32_t i = 0; i < streamed; i++) {
        least *= b->layers[i].stride_height;
    }
    uint32_t per = least; /* rows of a tensor for each hop */
    for (uint32_t i = 0; i <= streamed; i++) {
        const uint32_t room = b->tensors[b->layers[i].input].height / per;
        most = room < most ? room : most;
        per /= i < streamed ? b->layers[i].stride_height : 1u;
    }
    return (uint16_t)(most == 0 ? 0 : least * (uint32_t)random_between(1, (int32_t)most));
}

/* Gives what is kept its slots and places, the rest places behind. */
static void place_all(builder *b, uint32_t streamed)
{
    for (uint32_t i = 0; i <= streamed; i++) {
        kws_tensor *t = &b->tensors[b->layers[i].input];
        t->rows = i < streamed ? b->layers[i].kernel_height : t->height;
        builder_place(b, b->layers[i].input);
    }
    b->kept_bytes = (b->arena_bytes + 3u) & ~3u;
    b->arena_bytes = b->kept_bytes;
    for (uint32_t i = streamed; i < b->layer_count; i++) {
        builder_place(b, b->layers[i].output);
    }
}

static void streams(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS);) {
        builder        b;
        const uint32_t streamed = (uint32_t)random_between(1, 6);
        builder_begin(&b);
        b.arena_bytes = COUNTS;
        uint16_t t = builder_shape(&b, (uint32_t)random_between(2, 40), draw_extent(7),
                                   draw_extent(9), 8, draw_zero(8));
        for (uint32_t n = 0; n < streamed; n++) {
            t = draw_streamed(&b, t);
        }
        const uint32_t last = (uint32_t)random_between(0, 2);
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
        place_all(&b, streamed);
        network_stream(&b);
        i++;
    }
}

/* conv of 3 rows, strides 2 -> depthwise of 2 -> mean. */
static builder sound(void)
{
    builder b;
    builder_begin(&b);
    b.arena_bytes = COUNTS;
    builder_shape(&b, 11, 3, 2, 8, 9);
    builder_shape(&b, 5, 3, 4, 8, 3);
    builder_shape(&b, 4, 3, 4, 8, 2);
    builder_shape(&b, 1, 1, 4, 8, 1);
    static const uint16_t kernels[] = {KWS_KERNEL_CONV_W8, KWS_KERNEL_DWCONV_W8, KWS_KERNEL_MEAN};
    for (uint16_t i = 0; i < 3; i++) {
        kws_layer *l = builder_layer(&b, kernels[i], i, i + 1);
        if (i < 2) {
            l->kernel_height = (uint16_t)(3 - i);
            l->kernel_width = 1;
            l->stride_height = (uint16_t)(2 - i);
            l->stride_width = 1;
            builder_weights(&b, l, 4, i == 0 ? 6 : 2);
            builder_requant(&b, l, 4, 4, 14, 8);
        }
    }
    builder_requant(&b, &b.layers[2], 1, 1, 12, 8);
    b.streamed_layers = 2;
    b.hop_rows = 4;
    place_all(&b, 2);
    return b;
}

#define WRONG(change)                                                                              \
    do {                                                                                           \
        builder b = sound();                                                                       \
        change;                                                                                    \
        assert_int_equal(network_status(&b), KWS_ERROR_MODEL);                                     \
    } while (0)

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
    WRONG(b.kept_bytes = COUNTS);
    WRONG(b.tensors[0].rows = 4); /* windows of 3 rows */
    WRONG(b.tensors[0].rows = 2);
    WRONG(b.tensors[0].phase = 1);
    WRONG(b.tensors[2].rows = 3);         /* all 4 are the mean's */
    WRONG(b.tensors[1].arena_offset = 4); /* counts */
    WRONG(b.layers[2].scratch_bytes = 8); /* at the counts */
    WRONG(b.tensors[0].height = 12);      /* a row is left out */
    WRONG(b.layers[0].pad_top = 1);
    WRONG(b.layers[0].stride_height = 0);
    WRONG(b.layers[1].chained = 1);
    WRONG(b.layers[2].input = 1); /* what a streamed layer reads */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams),
        cmocka_unit_test(refused),
    };
    seed_random("rows");
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    printf("rows: %u networks\n", (unsigned)network_count());
    return failures;
}
