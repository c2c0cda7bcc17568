/* SPDX-License-Identifier: Apache-2.0 */
#include "column_t32.h"
#include "geometry.h"
#include "packed.h"

#if KWS_T32

/* see column_t32.h */
bool kws_t32_column_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out)
{
    return in->width == 1 && out->width == 1 && in->bits == 8 && out->bits == 8 &&
           in->channels == out->channels && layer->pad_left < layer->kernel_width;
}

/* see column_t32.h */
uint32_t kws_t32_run_column(const kws_call *call, uint32_t r, kws_t32_unpack *unpack)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    channels = in->channels, done = channels & ~3u, height = layer->kernel_height;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    span = kws_inside(top, (int32_t)height, in->height);
    const uint8_t   **rows = call->scratch;
    int8_t           *weights = (int8_t *)call->scratch + 4 * height;
    uint32_t          begin = (uint32_t)span.begin * layer->kernel_width + layer->pad_left;
    kws_t32_column    column = {.first = 0u - channels,
                                .last = done - channels,
                                .y = call->out + kws_row(call->output, r) + channels,
                                .multipliers = kws_multipliers(call) + channels,
                                .biases = kws_biases(call) + channels,
                                .shift = layer->shift,
                                .weights = (const int8_t *)kws_weights(call) + begin,
                                .step = layer->kernel_width,
                                .rows = rows,
                                .rows_end = rows + (span.end - span.begin),
                                .apart = height * layer->kernel_width};
    const bool        whole = layer->kernel_width == 1 && span.end - span.begin == (int32_t)height;
    if (span.begin == span.end || done == 0 || (in->zero_point != 0 && !whole)) {
        return 0;
    }
    for (int32_t i = span.begin; i < span.end; i++) {
        rows[i - span.begin] = call->in + kws_row(in, (uint32_t)(top + i)) + channels;
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
