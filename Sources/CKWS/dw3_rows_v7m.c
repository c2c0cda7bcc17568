/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of the depthwise layers that have a core of their own.
 */
#include "depthwise_v7m.h"
#include "geometry.h"
#include "packed.h"
#include "patch_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* Channels begin .. end-1. */
static void three(const kws_call *call, kws_v7m_dw *dw, kws_v7m_dw_core *core,
                  const uint8_t *rows[3], uint8_t *y, uint32_t begin, uint32_t end)
{
    for (uint32_t i = 0; i < 3; i++) {
        dw->rows[i] = rows[i] == NULL ? NULL : rows[i] + end;
    }
    dw->y = y + end;
    dw->multipliers = kws_multipliers(call) + end;
    dw->biases = kws_biases(call) + end;
    dw->first = begin - end;
    core(dw);
}

/* see depthwise_v7m.h */
bool kws_v7m_run_dw3(const kws_call *call, uint32_t r, kws_v7m_dw_core *core)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    channels = in->channels, bits = kws_weight_bits(layer);
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    span = kws_inside(top, 3, in->height);
    const uint8_t    *rows[3] = {NULL, NULL, NULL};
    uint8_t          *y = call->out + kws_v7m_row_offset(call->output, r);
    uint8_t           tail[16]; /* 3 channels of 18 bits from any bit on, and what is read beyond */
    kws_v7m_dw        dw = {.shift = layer->shift, .pixel = channels};
    if (span.begin == span.end) {
        return false;
    }
    for (int32_t i = span.begin; i < span.end; i++) {
        rows[i - span.begin] = call->in + kws_v7m_row_offset(in, (uint32_t)(top + i));
    }
    dw.weights = kws_weights(call);
    dw.begin = 3 * (uint32_t)span.begin * bits;
    if (bits == 8) {
        dw.begin = (uint32_t)(uintptr_t)dw.weights + 3 * (uint32_t)span.begin;
        three(call, &dw, core, rows, y, 0, channels);
        return true;
    }
    /* the core reads a little beyond a channel's weights: those of the last channels from a copy */
    const uint32_t total = (9 * bits * channels + 7) >> 3;
    uint32_t       safe = channels;
    while (safe > 0 && ((9 * bits * (safe - 1) + dw.begin) >> 3) + KWS_V7M_DW3_READS > total) {
        safe--;
    }
    if (safe > 0) {
        three(call, &dw, core, rows, y, 0, safe);
    }
    if (safe < channels) {
        const uint32_t place = 9 * bits * safe;
        memset(tail, 0, sizeof tail);
        memcpy(tail, dw.weights + (place >> 3), total - (place >> 3));
        dw.begin += place & 7u;
        dw.weights = tail;
        three(call, &dw, core, rows, y, safe, channels);
    }
    return true;
}

#endif
