/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: LSTM and GRU of every kind and width compute what SPEC.md says, on inputs of every width,
 * at the largest sums, and are refused where a field leads outside. Method: random layers against
 * the oracle.
 */
#include "support.h"

#include "draw.h"
#include "network.h"

#define ROUNDS 320

/* An input of some bits, placed. */
static uint16_t draw_input(builder *b)
{
    const uint32_t height = draw_extent(12), width = draw_extent(5), channels = draw_extent(33);
    const uint32_t bits = draw_bits();
    builder_begin(b);
    const uint16_t in = builder_tensor(b, height, width, channels, draw_zero(8));
    return bits == 8 ? in : draw_narrowed(b, in, bits, 0);
}

static void random_layers(void **state)
{
    (void)state;
    network_interior();
    for (int i = 0; i < rounds(ROUNDS); i++) {
        builder        b;
        const uint16_t in = draw_input(&b);
        const uint16_t out = draw_recurrent(&b, in, draw_cell(), draw_weight_bits());
        builder_place(&b, out);
        network_check(&b);
    }
    assert_true(network_interior() >= 20);
}

/* One layer on the sequence of another. */
static void stacked(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(ROUNDS / 8); i++) {
        builder  b;
        uint16_t value = draw_input(&b);
        for (int layer = 0; layer < 3; layer++) {
            value = draw_recurrent(&b, value, draw_cell(), draw_weight_bits());
            builder_place(&b, value);
        }
        network_check(&b);
    }
}

/* Weights all the most negative ones, as many columns as the lifts allow, inputs of 255. */
static void sums_at_the_bound(void **state)
{
    (void)state;
    static const uint32_t widths[4] = {8, 4, 3, 2};
    static const uint32_t ops[4] = {OP_LSTM, OP_GRU, OP_LSTM_GAPS, OP_GRU_GAPS};
    for (int i = 0; i < 32; i++) {
        const uint32_t bits = widths[i / 2 % 4], op = ops[i % 2 + i / 16 * 2];
        const uint32_t lift = i % 16 < 8 ? 7 : 5, gates = is_lstm(op) ? 4 : 3;
        const uint32_t columns = (65535u << 8) >> (bits + lift);
        const uint32_t inputs = columns < 900 ? columns - 1 : 900;
        builder        b;
        builder_begin(&b);
        builder_tensor(&b, 3, 1, inputs, 0);
        const uint16_t out = builder_shape(&b, 3, 1, 1, 8, 255);
        kws_layer     *layer = builder_layer(&b, (uint16_t)(16 * op + bits), 0, out);
        layer->kernel_height = 1;
        layer->stride_width = (uint16_t)(lift + 256 * lift);
        layer->pad_left = 20;
        const uint32_t count = gates * (inputs + 1);
        int8_t        *w = malloc(count);
        assert_non_null(w);
        memset(w, -(1 << (bits - 1)), count);
        builder_weights_of(&b, layer, 1, count, w);
        free(w);
        builder_requant_of(&b, layer, 1 + 2 * gates, i % 4 < 2 ? -32768 : 32767, (1 << 30) - 1,
                           (uint8_t)(i % 16 < 4 ? 17 : 0));
        builder_place(&b, out);
        network_check(&b);
    }
}

/* A sound layer with one field changed: status of the check. */
static kws_status changed(uint32_t op, uint32_t field, uint16_t value)
{
    builder b;
    builder_begin(&b);
    builder_tensor(&b, 4, 2, 3, 0);
    const uint32_t gates = is_lstm(op) ? 4 : 3, units = 5;
    const uint16_t out = builder_tensor(&b, 4, 1, units, 128);
    kws_layer     *layer = builder_layer(&b, (uint16_t)(16 * op + 8), 0, out);
    layer->kernel_height = (uint16_t)units;
    layer->pad_left = 20;
    builder_weights(&b, layer, 1, gates * units * (6 + units));
    builder_requant(&b, layer, 1 + 2 * gates * units, 1 + gates * units, 14, 14);
    uint16_t *fields[6] = {&layer->kernel_height, &layer->kernel_width, &layer->stride_height,
                           &layer->stride_width,  &layer->pad_top,      &layer->pad_left};
    if (field < 6) {
        *fields[field] = value;
    }
    switch (field) {
    case 6:
        b.tensors[out].height = b.tensors[out].rows = value;
        break;
    case 7:
        b.tensors[out].bits = (uint8_t)value;
        break;
    case 8:
        layer->input2 = value;
        break;
    case 9:
        layer->weights_bytes = value;
        break;
    case 10:
        layer->scratch_bytes = value;
        layer->scratch_offset = builder_arena(&b, value);
        break;
    case 12: /* a state in the first bytes */
        layer->kernel_width = KWS_RECURRENT_STATEFUL;
        layer->scratch_bytes = 1024;
        layer->scratch_offset = builder_arena(&b, 1024);
        b.kept_bytes = value != 0 ? layer->scratch_offset + value : 0;
        break;
    case 13:
        b.kept_bytes = value;
        break;
    default:
        break;
    }
    return network_status(&b);
}

static void fields_that_lead_outside(void **state)
{
    (void)state;
    static const struct {
        uint32_t op, field;
        uint16_t value;
    } bad[] = {
        {OP_LSTM, 0, 0},    {OP_LSTM, 0, 6},       {OP_LSTM, 0, 65535}, {OP_GRU, 0, 4},
        {OP_LSTM, 1, 32},   {OP_LSTM, 1, 17},      {OP_LSTM, 1, 2},     {OP_GRU, 1, 2},
        {OP_LSTM, 1, 8},    {OP_LSTM, 2, 13},      {OP_GRU, 2, 16},     {OP_LSTM, 3, 16},
        {OP_LSTM, 3, 4096}, {OP_GRU, 3, 14},       {OP_LSTM, 4, 1},     {OP_GRU, 4, 1},
        {OP_LSTM, 5, 31},   {OP_LSTM, 5, 31 << 8}, {OP_GRU, 5, 276},    {OP_LSTM, 6, 1},
        {OP_GRU, 6, 5},     {OP_LSTM, 7, 4},       {OP_GRU, 8, 0},      {OP_LSTM, 9, 219},
        {OP_GRU, 9, 166},   {OP_LSTM, 10, 288},    {OP_GRU, 10, 416},   {OP_GRU, 12, 0},
        {OP_GRU, 12, 1020}, {OP_LSTM_GAPS, 9, 1},  {OP_GRU_GAPS, 9, 1}, {OP_GRU_GAPS, 12, 0},
    };
    assert_int_equal(changed(OP_LSTM, 13, 0), KWS_OK);
    assert_int_equal(changed(OP_LSTM, 13, 4), KWS_ERROR_MODEL); /* neither rows nor states */
    assert_int_equal(changed(OP_LSTM, 11, 0), KWS_OK);
    assert_int_equal(changed(OP_GRU, 11, 0), KWS_OK);
    assert_int_equal(changed(OP_GRU, 12, 1024), KWS_OK);
    assert_int_equal(changed(OP_LSTM, 10, 1024), KWS_OK); /* more than any variant needs */
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const kws_status status = changed(bad[i].op, bad[i].field, bad[i].value);
        if (status != KWS_ERROR_MODEL) {
            printf("case %u passed\n", (unsigned)i);
        }
        assert_int_equal(status, KWS_ERROR_MODEL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_layers),
        cmocka_unit_test(stacked),
        cmocka_unit_test(sums_at_the_bound),
        cmocka_unit_test(fields_that_lead_outside),
    };
    seed_random("recurrent");
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    printf("recurrent: %u networks\n", (unsigned)network_count());
    return failures;
}
