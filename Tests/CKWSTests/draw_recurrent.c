/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "draw.h"

uint32_t draw_cell(void)
{
    static const uint32_t all[4] = {OP_LSTM, OP_GRU, OP_LSTM_GAPS, OP_GRU_GAPS};
    return all[random_between(0, 3)];
}

/* The most that columns may be lifted by at this width: SPEC.md, section 8. */
static uint32_t most_lift(uint32_t columns, uint32_t bits)
{
    uint32_t lift = 0;
    while (lift < 15 && columns << (bits + lift + 1) <= 65535u << 8) {
        lift++;
    }
    return lift;
}

/* The flags of a layer, and what belongs to them. */
static void draw_flags(kws_layer *l, uint32_t op)
{
    l->kernel_width = (uint16_t)random_between(0, 15);
    if ((l->kernel_width & KWS_RECURRENT_BACKWARD) == 0 && random_once_in(2)) {
        l->kernel_width |= KWS_RECURRENT_STATEFUL;
    }
    l->stride_height = (uint16_t)random_between(0, random_between(0, is_lstm(op) ? 12 : 15));
    if (is_lstm(op) && (l->kernel_width & KWS_RECURRENT_PEEPHOLES) != 0) {
        l->pad_top = (uint16_t)(random_once_in(4) ? random_between(1, 30) : random_between(12, 18));
    }
    if (!is_lstm(op) && (l->kernel_width & KWS_RECURRENT_CLIPPED) != 0) {
        l->pad_top = (uint16_t)random_between(0, 32767);
    }
    /* codes of Q15: some of them inside the byte */
    l->pad_left = (uint16_t)(random_once_in(6) ? random_between(0, 30) : random_between(18, 24));
}

uint16_t draw_recurrent(builder *b, uint16_t in, uint32_t op, uint32_t weight_bits)
{
    const kws_tensor t = b->tensors[in];
    const uint32_t   gates = is_lstm(op) ? 4 : 3, units = draw_extent(40);
    kws_layer        l = {0};
    draw_flags(&l, op);
    const bool     last = (l.kernel_width & KWS_RECURRENT_LAST) != 0;
    const bool     third = (l.kernel_width & 4) != 0, fourth = (l.kernel_width & 8) != 0;
    const bool     projects = is_lstm(op) && fourth;
    const uint32_t outputs = projects ? draw_extent(40) : units;
    const uint32_t inputs = (uint32_t)t.width * t.channels;
    const uint32_t most =
        most_lift(inputs + outputs > units ? inputs + outputs : units, weight_bits);
    const uint32_t lift = (uint32_t)random_between(0, (int32_t)most);
    const uint16_t out = builder_shape(b, last ? 1 : t.height, 1, outputs, 8, draw_zero(8));
    kws_layer     *layer = builder_layer(b, (uint16_t)(16 * op + weight_bits), in, out);
    layer->kernel_height = (uint16_t)units;
    layer->kernel_width = l.kernel_width;
    layer->stride_height = l.stride_height;
    layer->stride_width = (uint16_t)(lift + 256 * (uint32_t)random_between(0, (int32_t)lift));
    layer->pad_top = l.pad_top;
    layer->pad_left = (uint16_t)(l.pad_left + (projects ? 256 * random_between(0, 12) : 0));
    const uint32_t rows = gates * units;
    builder_weights(b, layer, 1, rows * (inputs + outputs) + (projects ? outputs * units : 0));
    builder_requant(
        b, layer, 1 + 2 * rows + (is_lstm(op) && third ? 3 * units : 0) + (projects ? outputs : 0),
        1 + rows + (projects ? outputs : 0) + (!is_lstm(op) && third ? units : 0),
        12 + (int32_t)(weight_bits + lift), 14);
    return out;
}
