/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "draw.h"

uint32_t draw_extent(uint32_t most)
{
    const uint32_t small = most < 9 ? most : 9;
    return (uint32_t)random_between(1, (int32_t)(random_once_in(6) ? most : small));
}

uint32_t draw_weight_bits(void)
{
    static const uint32_t all[4] = {8, 4, 3, 2};
    return all[random_between(0, 3)];
}

uint32_t draw_bits(void)
{
    static const uint32_t all[6] = {8, 8, 8, 4, 4, 2};
    return all[random_between(0, 5)];
}

uint32_t draw_pointwise(void)
{
    static const uint32_t all[4] = {OP_POINTWISE, OP_POINTWISE, OP_POINTWISE_GAPS,
                                    OP_POINTWISE_BLOCKS};
    return all[random_between(0, 3)];
}

int32_t draw_zero(uint32_t bits)
{
    return random_between(0, 1) * random_between(0, (1 << bits) - 1) * (256 >> bits);
}

/* The largest n with 2^n <= v; 0 for v < 1. */
static int32_t log2_of(uint32_t v)
{
    int32_t n = 0;
    while (v >> n > 1) {
        n++;
    }
    return n;
}

/* About how many bits a sum over taps has: of bytes alone, or times weights whose mean is about 0.
 */
static int32_t sum_bits(uint32_t taps, uint32_t weight_bits)
{
    const int32_t x = 7;
    return weight_bits == 0 ? x + log2_of(taps) : x + (int32_t)weight_bits - 2 + log2_of(taps) / 2;
}

static bool is_pool(uint32_t op)
{
    return op == OP_MAXPOOL || op == OP_AVGPOOL;
}

/* A window on one axis that SPEC.md, section 8, allows; returns the output's extent. A padding may
 * be longer than the kernel, but for MAXPOOL. */
static uint32_t draw_window(uint32_t in, uint32_t op, uint16_t *kernel, uint16_t *stride,
                            uint16_t *pad)
{
    *kernel = (uint16_t)random_between(1, random_between(1, 7));
    *stride = (uint16_t)random_between(1, random_between(1, 5));
    *pad = (uint16_t)random_between(0, op == OP_MAXPOOL    ? *kernel - 1
                                       : random_once_in(8) ? *kernel + 3
                                                           : *kernel);
    const uint32_t most = (in + *pad - 1) / *stride + 1;
    const uint32_t usual = (in + *stride - 1) / *stride;
    return random_word() & 1u && usual <= most ? usual : (uint32_t)random_between(1, (int32_t)most);
}

/* CONV, DWCONV and the pools. */
static uint16_t draw_sliding(builder *b, uint16_t in, wish w)
{
    const kws_tensor t = b->tensors[in];
    kws_layer        l = {0};
    uint32_t height = draw_window(t.height, w.op, &l.kernel_height, &l.stride_height, &l.pad_top);
    uint32_t width = draw_window(t.width, w.op, &l.kernel_width, &l.stride_width, &l.pad_left);
    if (w.same) {
        l.stride_height = l.stride_width = 1;
        width = t.width;
        height = (uint32_t)random_between(1, t.height + l.pad_top);
        height = random_word() & 1u ? t.height : height;
    }
    if (w.shorter) {
        l.stride_height = l.stride_width = 1;
        l.pad_top = l.pad_left = 0;
        height = 1;
        width = (uint32_t)random_between(1, t.width);
    }
    if (w.valid) {
        const bool    may_pad = w.op != OP_MAXPOOL && random_once_in(2);
        const int32_t before = may_pad ? random_between(0, 5) : 0, rows = t.height + before;
        l.kernel_height = (uint16_t)random_between(before + 1, rows < 6 ? rows : 6);
        l.stride_height = (uint16_t)random_between(1, random_between(1, 3));
        l.kernel_height += (uint16_t)((rows - l.kernel_height) % l.stride_height);
        l.pad_top = 0;
        height = ((uint32_t)rows - l.kernel_height) / l.stride_height + 1u;
    }
    const uint32_t area = (uint32_t)l.kernel_height * l.kernel_width;
    const uint32_t taps = w.op == OP_CONV ? area * t.channels : area;
    const uint32_t channels = w.op == OP_CONV || w.op == OP_DWCONV ? w.channels : t.channels;
    const uint32_t bits = w.op == OP_MAXPOOL && w.bits < t.bits ? t.bits : w.bits;
    const uint32_t weight_bits = is_pool(w.op) ? 0 : w.weight_bits;
    const uint16_t out = builder_shape(b, height, width, channels, bits, draw_zero(bits));
    kws_layer     *layer = builder_layer(b, (uint16_t)(16 * w.op + weight_bits), in, out);
    layer->kernel_height = l.kernel_height;
    layer->kernel_width = l.kernel_width;
    layer->stride_height = l.stride_height;
    layer->stride_width = l.stride_width;
    layer->pad_top = l.pad_top;
    layer->pad_left = l.pad_left;
    if (weight_bits != 0) {
        builder_weights(b, layer, channels, taps);
        builder_requant(b, layer, channels, channels, sum_bits(taps, weight_bits), (int32_t)bits);
    } else if (w.op == OP_AVGPOOL) {
        builder_requant(b, layer, 1, 1, sum_bits(taps, 0), (int32_t)bits);
    }
    return out;
}

static uint16_t draw_matrix(builder *b, uint16_t in, wish w)
{
    const kws_tensor t = b->tensors[in];
    const bool       dense = w.op == OP_DENSE || w.op == OP_DENSE_GAPS || w.op == OP_DENSE_BLOCKS;
    const uint32_t   taps = dense ? builder_elements(b, in) : t.channels;
    const uint16_t   out = builder_shape(b, dense ? 1 : t.height, dense ? 1 : t.width, w.channels,
                                         w.bits, draw_zero(w.bits));
    kws_layer       *layer = builder_layer(b, (uint16_t)(16 * w.op + w.weight_bits), in, out);
    if (!dense) {
        layer->kernel_height = layer->kernel_width = 1;
        layer->stride_height = layer->stride_width = 1;
    }
    builder_weights(b, layer, w.channels, taps);
    builder_requant(b, layer, w.channels, w.channels, sum_bits(taps, w.weight_bits),
                    (int32_t)w.bits);
    return out;
}

/* The output's axes are the input's in another order. */
static uint16_t draw_transpose(builder *b, uint16_t in, wish w)
{
    static const uint16_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                          {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const kws_tensor      t = b->tensors[in];
    const uint32_t        extents[3] = {t.height, t.width, t.channels};
    const uint16_t       *p = orders[random_between(0, 5)];
    const uint32_t        bits = w.bits < t.bits ? t.bits : w.bits;
    const uint16_t out = builder_shape(b, extents[p[0]], extents[p[1]], extents[p[2]], bits, 0);
    kws_layer     *layer = builder_layer(b, KWS_KERNEL_TRANSPOSE, in, out);
    layer->kernel_height = p[0];
    layer->kernel_width = p[1];
    layer->stride_height = p[2];
    return out;
}

uint16_t draw_layer(builder *b, uint16_t in, wish w)
{
    const kws_tensor t = b->tensors[in];
    uint16_t         out;
    kws_layer       *layer;
    switch (w.op) {
    case OP_DENSE:
    case OP_DENSE_GAPS:
    case OP_DENSE_BLOCKS:
    case OP_POINTWISE:
    case OP_POINTWISE_GAPS:
    case OP_POINTWISE_BLOCKS:
        return draw_matrix(b, in, w);
    case OP_MEAN:
        out = builder_shape(b, 1, 1, t.channels, w.bits, draw_zero(w.bits));
        builder_requant(b, builder_layer(b, KWS_KERNEL_MEAN, in, out), 1, 1,
                        sum_bits((uint32_t)t.height * t.width, 0), (int32_t)w.bits);
        return out;
    case OP_ADD:
    case OP_PLACE:
        out = builder_shape(b, t.height, t.width, t.channels, w.bits, draw_zero(w.bits));
        layer = builder_layer(b, (uint16_t)(16 * w.op), in, out);
        layer->input2 = w.op == OP_ADD ? in : KWS_NONE;
        builder_requant(b, layer, w.op == OP_ADD ? 2 : 1, 1, 22, (int32_t)w.bits);
        return out;
    case OP_TRANSPOSE:
        return draw_transpose(b, in, w);
    case OP_SOFTMAX:
        out = builder_shape(b, 1, 1, random_once_in(2) ? t.channels : 2 * t.channels, 8, 0);
        builder_softmax(b, builder_layer(b, KWS_KERNEL_SOFTMAX, in, out),
                        random_between(1, 600) / 1000.0);
        return out;
    default:
        return draw_sliding(b, in, w);
    }
}

uint16_t draw_narrowed(builder *b, uint16_t in, uint32_t bits, int32_t zero)
{
    const kws_tensor t = b->tensors[in];
    const uint16_t   out = builder_shape(b, t.height, t.width, t.channels, bits, zero);
    kws_layer       *layer = builder_layer(b, KWS_KERNEL_PLACE, in, out);
    builder_requant_of(b, layer, 1, 1, 0, (uint8_t)(8 - bits));
    builder_place(b, out);
    return out;
}
