/* SPDX-License-Identifier: Apache-2.0
 *
 * SPEC.md, section 4.
 */
#include "support.h"

#include "oracle.h"

/* The operator of a layer, KWS_KERNEL_<op> / 16. */
enum {
    CONV = KWS_KERNEL_CONV_W8 / 16,
    DWCONV = KWS_KERNEL_DWCONV_W8 / 16,
    DENSE = KWS_KERNEL_DENSE_W8 / 16,
    POINTWISE = KWS_KERNEL_POINTWISE_W8 / 16,
    DENSE_GAPS = KWS_KERNEL_DENSE_GAPS_W8 / 16,
    DENSE_BLOCKS = KWS_KERNEL_DENSE_BLOCKS_W8 / 16,
    POINTWISE_GAPS = KWS_KERNEL_POINTWISE_GAPS_W8 / 16,
    POINTWISE_BLOCKS = KWS_KERNEL_POINTWISE_BLOCKS_W8 / 16,
};

/* Element (r, q, c) of the input; outside the zero point, and *inside false. */
static int64_t at(const oracle_call *call, int64_t r, int64_t q, int64_t c, bool *inside)
{
    const kws_tensor *in = call->in;
    *inside = r >= 0 && r < in->height && q >= 0 && q < in->width;
    return *inside ? call->x[(r * in->width + q) * in->channels + c] : in->zero_point;
}

/* The sum (or the maximum) over a window for output (r, q, o). */
static int64_t slide(const oracle_call *call, int64_t r, int64_t q, int64_t o)
{
    const kws_layer *l = call->layer;
    const int64_t    channels = call->in->channels, taps = l->kernel_height * l->kernel_width;
    const int64_t    multiple = call->out->channels / channels;
    int64_t          acc = 0;
    for (int64_t tap = 0; tap < taps; tap++) {
        const int64_t row = r * l->stride_height + tap / l->kernel_width - l->pad_top;
        const int64_t column = q * l->stride_width + tap % l->kernel_width - l->pad_left;
        bool          inside;
        int64_t       x;
        switch (l->kernel / 16) {
        case CONV:
        case POINTWISE:
        case POINTWISE_GAPS:
        case POINTWISE_BLOCKS:
            for (int64_t c = 0; c < channels; c++) {
                acc += at(call, row, column, c, &inside) * call->w[(o * taps + tap) * channels + c];
            }
            break;
        case DWCONV:
            acc += at(call, row, column, o / multiple, &inside) * call->w[o * taps + tap];
            break;
        case KWS_KERNEL_AVGPOOL / 16:
            acc += at(call, row, column, o, &inside);
            break;
        default: /* MAXPOOL */
            x = at(call, row, column, o, &inside);
            acc = inside && x > acc ? x : acc;
        }
    }
    return acc;
}

static void softmax(const oracle_call *call, int64_t count)
{
    const int64_t m = *(const int16_t *)(call->block + call->layer->multipliers_offset);
    int64_t       largest = 0, sum = 0;
    for (int64_t i = 0; i < count; i++) {
        largest = call->x[i] > largest ? call->x[i] : largest;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < count; i++) {
            const int64_t e = oracle_exp2((largest - call->x[i]) * m, call->layer->shift);
            if (pass == 0) {
                sum += e;
            } else {
                const int64_t y = oracle_clamp((65536 * e + sum / 2) / sum, 0, 65535);
                if (call->out->channels == count) {
                    call->y[i] = (uint8_t)oracle_clamp((y + 128) / 256, 0, 255);
                } else {
                    call->y[i] = (uint8_t)(y / 256);
                    call->y[count + i] = (uint8_t)(y % 256);
                }
            }
        }
    }
}

/* A number of fewer bits as the byte whose upper bits it is. */
static uint8_t upper(int64_t v, const kws_tensor *out)
{
    return (uint8_t)(v << (8 - out->bits));
}

static void place(const oracle_call *call, int64_t count)
{
    const kws_layer  *l = call->layer;
    const kws_tensor *in = call->in, *out = call->out;
    const int64_t     m = *(const int16_t *)(call->block + l->multipliers_offset);
    const int64_t     b = *(const int32_t *)(call->block + l->biases_offset);
    for (int64_t i = 0; i < count; i++) {
        const int64_t c = i % in->channels, q = i / in->channels % in->width;
        const int64_t r = i / in->channels / in->width;
        const int64_t v = oracle_floor(call->x[i] * m + b, (int64_t)1 << l->shift);
        call->y[((r + l->pad_top) * out->width + q + l->pad_left) * out->channels + c +
                l->kernel_width] = upper(oracle_clip(v, out->bits), out);
    }
}

/* Output (r, q, o) of every other layer. */
static uint8_t element(const oracle_call *call, int64_t r, int64_t q, int64_t o)
{
    const kws_layer  *l = call->layer;
    const kws_tensor *in = call->in, *out = call->out;
    const int16_t    *m = (const int16_t *)(call->block + l->multipliers_offset);
    const int32_t    *b = (const int32_t *)(call->block + l->biases_offset);
    const int64_t     count = (int64_t)in->height * in->width * in->channels;
    const int64_t     i = (r * out->width + q) * out->channels + o;
    int64_t           acc = 0, index[3];
    switch (l->kernel / 16) {
    case DENSE:
    case DENSE_GAPS:
    case DENSE_BLOCKS:
        for (int64_t k = 0; k < count; k++) {
            acc += (int64_t)call->x[k] * call->w[o * count + k];
        }
        return upper(oracle_requant(acc, m[o], b[o], l->shift, out->bits), out);
    case KWS_KERNEL_MEAN / 16:
        for (int64_t k = o; k < count; k += in->channels) {
            acc += call->x[k];
        }
        return upper(oracle_requant(acc, m[0], b[0], l->shift, out->bits), out);
    case KWS_KERNEL_ADD / 16:
        acc = (int64_t)call->x[i] * m[0] + (int64_t)call->x2[i] * m[1] + b[0];
        return upper(oracle_clip(oracle_floor(acc, (int64_t)1 << l->shift), out->bits), out);
    case KWS_KERNEL_TRANSPOSE / 16:
        index[l->kernel_height] = r;
        index[l->kernel_width] = q;
        index[l->stride_height] = o;
        return call->x[(index[0] * in->width + index[1]) * in->channels + index[2]];
    case KWS_KERNEL_VIEW / 16:
        return call->x[i];
    case KWS_KERNEL_MAXPOOL / 16:
        return (uint8_t)slide(call, r, q, o);
    case KWS_KERNEL_AVGPOOL / 16:
        return upper(oracle_requant(slide(call, r, q, o), m[0], b[0], l->shift, out->bits), out);
    default: /* CONV, POINTWISE, DWCONV */
        return upper(oracle_requant(slide(call, r, q, o), m[o], b[o], l->shift, out->bits), out);
    }
}

void oracle_layer(const oracle_call *call)
{
    const kws_tensor *in = call->in, *out = call->out;
    const int64_t     count = (int64_t)in->height * in->width * in->channels;
    if (call->layer->kernel == KWS_KERNEL_SOFTMAX) {
        softmax(call, count);
        return;
    }
    if (call->layer->kernel / 16 >= KWS_KERNEL_LSTM_W8 / 16) {
        oracle_recurrent(call);
        return;
    }
    if (call->layer->kernel == KWS_KERNEL_PLACE) {
        place(call, count);
        return;
    }
    for (int64_t r = 0; r < out->height; r++) {
        for (int64_t q = 0; q < out->width; q++) {
            for (int64_t o = 0; o < out->channels; o++) {
                call->y[(r * out->width + q) * out->channels + o] = element(call, r, q, o);
            }
        }
    }
}

void oracle_pixels(const kws_tensor *t, const uint8_t *elements, uint8_t *bytes)
{
    for (int64_t pixel = 0; pixel < (int64_t)t->height * t->width; pixel++) {
        unsigned value = 0, held = 0;
        for (int64_t c = 0; c < t->channels; c++) {
            value += (unsigned)(*elements++ >> (8 - t->bits)) << held;
            held += t->bits;
            if (held == 8 || c + 1 == t->channels) {
                *bytes++ = (uint8_t)value;
                value = held = 0;
            }
        }
    }
}
