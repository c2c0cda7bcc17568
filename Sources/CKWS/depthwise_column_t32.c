/* SPDX-License-Identifier: Apache-2.0 */
#include "column_t32.h"
#include "geometry.h"
#include "packed.h"

#if KWS_T32

static kws_span columns_inside(const kws_layer *layer, const kws_tensor *in)
{
    return kws_inside(-layer->pad_left, layer->kernel_width, in->width);
}

/* see column_t32.h */
bool kws_t32_column_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    const kws_span inside = columns_inside(layer, in);
    const int32_t  columns = inside.end - inside.begin;
    return out->width == 1 && in->bits == 8 && out->bits == 8 && in->channels == out->channels &&
           (columns == 1 || columns == layer->kernel_width);
}

/* Where the taps stand that lie inside, in these rows and columns of the kernel, for the channel
 * behind the last one; returns behind the last of them. */
static const uint8_t **list_taps(const kws_call *call, int32_t top, kws_span rows, kws_span columns)
{
    const kws_tensor *in = call->input;
    const uint8_t   **tap = call->scratch;
    for (int32_t i = rows.begin; i < rows.end; i++) {
        const uint8_t *x = call->in + kws_row(in, (uint32_t)(top + i)) + in->channels;
        for (int32_t j = columns.begin; j < columns.end; j++) {
            *tap++ = x + (uint32_t)(j - call->layer->pad_left) * in->channels;
        }
    }
    return tap;
}

/* see column_t32.h */
uint32_t kws_t32_run_column(const kws_call *call, uint32_t r, kws_t32_unpack *unpack)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    channels = in->channels, done = channels & ~3u, width = layer->kernel_width;
    const uint32_t    taps = layer->kernel_height * width;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const kws_span    columns = columns_inside(layer, in);
    const uint8_t   **list = call->scratch, **end = list_taps(call, top, rows, columns);
    int8_t           *weights = (int8_t *)call->scratch + 4 * taps;
    const uint32_t    begin = (uint32_t)rows.begin * width + (uint32_t)columns.begin;
    const bool        whole = end - list == (int32_t)taps;
    kws_t32_column    column = {.first = 0u - channels,
                                .last = done - channels,
                                .y = call->out + kws_row(call->output, r) + channels,
                                .multipliers = kws_multipliers(call) + channels,
                                .biases = kws_biases(call) + channels,
                                .shift = layer->shift,
                                .weights = (const int8_t *)kws_weights(call) + begin,
                                .step = columns.end - columns.begin == (int32_t)width ? 1 : width,
                                .taps = list,
                                .taps_end = end,
                                .apart = taps};
    if (end == list || done == 0 || (in->zero_point != 0 && !whole)) {
        return 0;
    }
    if (kws_weight_bits(layer) == 8) {
        kws_t32_sum_column(&column);
        return done;
    }
    for (uint32_t c = 0; c < done; c += 4) {
        unpack(call, c, 4, weights);
        column.first = c - channels;
        column.last = column.first + 4;
        column.weights = weights + begin;
        kws_t32_sum_column(&column);
    }
    return done;
}

#endif
