/* SPDX-License-Identifier: Apache-2.0 */
#include "patch_v7m.h"

#include "geometry.h"
#include "packed.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* Not inlined, so that what is not called takes no stack. */
#define APART __attribute__((noinline))

/* Where taps go: 32 bits each, or 16; step bytes from one to the next. */
typedef struct target {
    uint8_t *to;
    uint32_t step;
    bool     narrow;
} target;

/* count times x. Returns their sum. */
static APART uint32_t fill(target *t, uint32_t count, uint32_t x)
{
    uint8_t       *to = t->to;
    const uint32_t step = t->step;
    if (t->narrow) {
        for (uint32_t i = count; i > 0; i--, to += step) {
            *(uint16_t *)(void *)to = (uint16_t)x;
        }
    } else {
        for (uint32_t i = count; i > 0; i--, to += step) {
            *(uint32_t *)(void *)to = x;
        }
    }
    t->to = to;
    return count * x;
}

static uint32_t widen(const target *t, const kws_v7m_runs *runs)
{
    return t->narrow ? kws_v7m_widen_runs16(runs) : kws_v7m_widen_runs(runs);
}

/* count elements of any width, from element first of a row of pixels on. */
static APART uint32_t unpack(target *t, const kws_tensor *in, const uint8_t *row, uint32_t first,
                             uint32_t count)
{
    const uint8_t *pixel = row;
    uint32_t       c = first, sum = 0;
    for (; c >= in->channels; c -= in->channels) {
        pixel += kws_pixel_bytes(in);
    }
    for (uint32_t i = 0; i < count; i++) {
        sum += fill(t, 1, (uint32_t)kws_get(pixel, in->bits, c));
        if (++c == in->channels) {
            c = 0;
            pixel += kws_pixel_bytes(in);
        }
    }
    return sum;
}

/* count bytes from x on. */
static uint32_t straight(kws_v7m_runs *runs, target *t, const uint8_t *x, uint32_t count)
{
    runs->to = t->to;
    runs->x = x;
    runs->count = count;
    runs->rows = 1;
    runs->step = t->step;
    runs->sum = 0;
    t->to += count * t->step;
    return widen(t, runs);
}

/* count elements from element first of a row of pixels on. */
static APART uint32_t copy(kws_v7m_work *work, target *t, const uint8_t *row, uint32_t first,
                           uint32_t count)
{
    const kws_tensor *in = work->source.call->input;
    return in->bits == 8 ? straight(&work->now.runs, t, row + first, count)
                         : unpack(t, in, row, first, count);
}

/* Taps first .. end-1 of a window. */
static APART uint32_t gather(kws_v7m_work *work, int32_t left, uint32_t first, uint32_t end,
                             target *t)
{
    const kws_v7m_source *source = &work->source;
    const kws_tensor     *in = source->call->input;
    const uint32_t        zero = in->zero_point;
    /* a run begins at element start of a row; its elements inside are before .. inside-1 */
    const int32_t start = left * in->channels, before = start < 0 ? -start : 0;
    const int32_t inside = in->width * in->channels - start;
    int32_t       r = source->top;
    uint32_t      j = first, sum = 0;
    for (; j >= source->run; j -= source->run) {
        r++;
    }
    for (uint32_t k = first; k < end; r++, j = 0) {
        const uint32_t count = source->run - j < end - k ? source->run - j : end - k;
        const int32_t  from = (int32_t)j > before ? (int32_t)j : before;
        const int32_t  to = (int32_t)(j + count) < inside ? (int32_t)(j + count) : inside;
        k += count;
        if (r < 0 || r >= in->height || from >= to) {
            sum += fill(t, count, zero);
            continue;
        }
        sum += fill(t, (uint32_t)from - j, zero);
        sum += copy(work, t, source->call->in + kws_v7m_row_offset(in, (uint32_t)r),
                    (uint32_t)(start + from), (uint32_t)(to - from));
        sum += fill(t, j + count - (uint32_t)to, zero);
    }
    return sum;
}

/* All taps of a window, bytes. */
static APART uint32_t window(kws_v7m_work *work, int32_t left, target *t)
{
    const kws_v7m_source *source = &work->source;
    kws_v7m_runs         *runs = &work->now.runs;
    const kws_call       *call = source->call;
    const kws_tensor     *in = call->input;
    const uint32_t        run = source->run;
    /* the window begins at element start of row top; columns of a run, and rows, lie inside */
    const int32_t  start = left * in->channels;
    const kws_span columns = kws_inside(start, (int32_t)run, in->width * in->channels);
    const kws_span rows = kws_inside(source->top, call->layer->kernel_height, in->height);
    runs->count = (uint32_t)(columns.end - columns.begin);
    runs->rows = (uint32_t)(rows.end - rows.begin);
    const uint32_t outside = source->taps - runs->count * runs->rows;
    runs->sum = outside * in->zero_point;
    if (outside != 0) {
        uint8_t *const to = t->to;
        fill(t, source->taps, in->zero_point);
        t->to = to;
        if (outside == source->taps) {
            return runs->sum;
        }
    }
    runs->step = t->step;
    runs->apart = run * runs->step;
    runs->bytes = kws_row_bytes(in);
    runs->ring = in->rows * runs->bytes;
    runs->to = t->to + ((uint32_t)rows.begin * run + (uint32_t)columns.begin) * runs->step;
    runs->x = call->in + (start + columns.begin);
    runs->end = runs->x + runs->ring;
    runs->x += kws_v7m_row_offset(in, (uint32_t)(source->top + rows.begin));
    return widen(t, runs);
}

/* see patch_v7m.h */
void kws_v7m_patch(kws_v7m_work *work, uint32_t q, uint32_t pixels, uint32_t lanes, uint32_t first,
                   uint32_t end, uint32_t *to, uint32_t sums[4])
{
    const kws_v7m_source *source = &work->source;
    const kws_tensor     *in = source->call->input;
    const kws_layer      *layer = source->call->layer;
    const uint8_t        *x = source->row + q * source->taps + first;
    if (in->bits == 8 && source->row != NULL && lanes == 2) {
        kws_v7m_widen_two(to, x, x + source->taps, end - first, sums);
        return;
    }
    if (in->bits == 8 && source->row != NULL && lanes == 1) {
        kws_v7m_widen(to, x, end - first, sums);
        return;
    }
    target t = {NULL, lanes == 1 ? 4 : 8, lanes == 4};
    for (uint32_t p = 0; p < lanes; p++) {
        const uint32_t at = q + (p < pixels ? p : 0);
        t.to = (uint8_t *)to + p * (t.narrow ? 2 : 4);
        if (source->row != NULL) {
            sums[p] = copy(work, &t, source->row, at * source->taps + first, end - first);
            continue;
        }
        const int32_t left = (int32_t)(at * layer->stride_width) - layer->pad_left;
        sums[p] = in->bits == 8 && end - first == source->taps ? window(work, left, &t)
                                                               : gather(work, left, first, end, &t);
    }
}

#endif
