/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise_any.h"
#include "depthwise.h"
#include "packed.h"

/* One channel of a row of the input, as the columns of the output see it. */
typedef struct line {
    const uint8_t *x;     /* the channel's byte in column 0 */
    int32_t        width; /* columns that are inside; 0: none of the row */
    int32_t        stride;
    uint32_t       pixel_bytes;
    uint32_t       shift, mask; /* up to the upper bits of a byte, and those */
    int32_t        padding;     /* the zero point */
} line;

/* Adds w times what lies at columns column, column + stride, .. to count sums. What is outside is
 * told from what is inside once a tap, not once an element: 61 instructions a tap became 36. */
static inline void add_tap(const line *in, int32_t *acc, uint32_t count, int32_t column, int32_t w)
{
    const int32_t  padding = in->padding * w;
    const int32_t  behind = column + (int32_t)count * in->stride;
    const uint32_t limit = (uint32_t)(behind < in->width ? behind : in->width);
    const uint32_t step = (uint32_t)in->stride * in->pixel_bytes;
    int32_t *const end = acc + count;
    for (; acc != end && column < 0; acc++, column += in->stride) {
        *acc = kws_add(*acc, padding);
    }
    if (column < in->width) {
        const uint8_t *x = in->x + (uint32_t)column * in->pixel_bytes;
        for (const uint8_t *last = in->x + limit * in->pixel_bytes; x < last; x += step, acc++) {
            KWS_KEEP_LOOP(x);
            *acc = kws_mac(*acc, (int32_t)(((uint32_t)*x << in->shift) & in->mask), w);
        }
    }
    for (; acc != end; acc++) {
        *acc = kws_add(*acc, padding);
    }
}

/* Channel o of the output, c of the input, at columns first .. end-1. |acc| <= 65535 * 255 * 128 <
 * 2^31. Not copied into its caller, whose stack it would take. */
KWS_SMALL static void channel(const kws_call *call, uint32_t r, uint32_t first, uint32_t end,
                              uint32_t o, uint32_t c, kws_weight_of *weight)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    place = c * in->bits;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const int32_t     left = (int32_t)(first * layer->stride_width) - layer->pad_left;
    line              from = {.stride = layer->stride_width,
                              .pixel_bytes = kws_pixel_bytes(in),
                              .shift = 8u - in->bits - (place & 7u),
                              .mask = 256u - (256u >> in->bits),
                              .padding = in->zero_point};
    int32_t           acc[KWS_ANY_COLUMNS];
    uint32_t          k = 0;
    memset(acc, 0, sizeof acc);
    for (int32_t i = 0; i < layer->kernel_height; i++) {
        const int32_t row = top + i;
        const bool    inside = row >= 0 && row < in->height;
        from.width = inside ? in->width : 0;
        from.x = call->in + (inside ? kws_row(in, (uint32_t)row) : 0) + (place >> 3);
        for (int32_t j = 0; j < layer->kernel_width; j++, k++) {
            add_tap(&from, acc, end - first, left + j, weight(call, o, k));
        }
    }
    uint8_t *y = call->out + kws_row(out, r) + first * kws_pixel_bytes(out);
    for (uint32_t q = 0; q < end - first; q++, y += kws_pixel_bytes(out)) {
        kws_put(y, out->bits, o,
                kws_requant(acc[q], kws_multipliers(call)[o], kws_biases(call)[o], layer->shift,
                            out->bits));
    }
}

/* see depthwise_any.h */
void kws_depthwise_any(const kws_call *call, uint32_t r, uint32_t first, uint32_t end,
                       kws_weight_of *weight)
{
    const uint32_t channels = call->input->channels;
    const uint32_t multiple = kws_multiple(call->output->channels, channels);
    for (uint32_t next; first < end; first = next) {
        uint32_t o = 0;
        next = end - first < KWS_ANY_COLUMNS ? end : first + KWS_ANY_COLUMNS;
        for (uint32_t c = 0; c < channels; c++) {
            for (const uint32_t last = o + multiple; o < last; o++) {
                channel(call, r, first, next, o, c, weight);
            }
        }
    }
}
