/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "kws_fixed.h"

/* out / in if that is a whole number, else 0. */
static int32_t multiple_of(uint32_t out, uint32_t in)
{
    int32_t  multiple = 0;
    uint32_t covered = 0;
    while (covered < out) {
        covered += in;
        multiple++;
    }
    return covered == out ? multiple : 0;
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_times(layer->kernel_height, layer->kernel_width);
    if (in2 != NULL || !kws_window_fits(layer, in, out) || taps > KWS_TAPS_MAX) {
        return false;
    }
    if (multiple_of(out->channels, in->channels) == 0) {
        return false;
    }
    need->weights_bytes = kws_times(taps, out->channels);
    need->channels = out->channels;
    need->in_place = in->channels == out->channels && in->height == out->height &&
                     in->width == out->width && layer->stride_height == 1 &&
                     layer->stride_width == 1;
    if (kws_in_place(in, out)) {
        const uint32_t row = kws_times(in->width, in->channels);
        need->scratch_bytes = kws_times(layer->pad_top + 1u, row);
    }
    return true;
}

/* Where input rows are: in place, the last pad_top + 1 of them, already overwritten, are saved in
 * a ring in scratch. */
typedef struct input_rows {
    int32_t saved_end; /* rows saved_end - ring .. saved_end - 1 are in the ring */
    int32_t ring;      /* rows of the ring; 0: not in place */
    int32_t slot;      /* of row saved_end - 1 */
    int32_t row_bytes;
} input_rows;

static void save(const kws_call *call, input_rows *rows, int32_t row)
{
    rows->slot = rows->slot + 1 < rows->ring ? rows->slot + 1 : 0;
    rows->saved_end = row + 1;
    memcpy((int8_t *)call->scratch + rows->slot * rows->row_bytes, call->in + row * rows->row_bytes,
           (size_t)rows->row_bytes);
}

static const int8_t *find(const kws_call *call, const input_rows *rows, int32_t row)
{
    if (row >= rows->saved_end) {
        return call->in + row * rows->row_bytes;
    }
    const int32_t slot = rows->slot - (rows->saved_end - 1 - row);
    return (const int8_t *)call->scratch + (slot < 0 ? slot + rows->ring : slot) * rows->row_bytes;
}

/* Output channel o of input channel c, window at (top, left).
 * |acc| <= taps * 128 * 128 < 2^31, tight at 2^17 - 1 taps. */
static int32_t window(const kws_call *call, const input_rows *rows, int32_t top, int32_t left,
                      int32_t o, int32_t c)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const int32_t     channels = call->output->channels;
    const int8_t     *w = (const int8_t *)call->weights + o;
    int32_t           acc = 0;
    for (int32_t i = 0; i < layer->kernel_height; i++) {
        const int32_t row = top + i;
        const int8_t *x = row >= 0 && row < in->height ? find(call, rows, row) : NULL;
        for (int32_t j = 0; j < layer->kernel_width; j++, w += channels) {
            const int32_t column = left + j;
            const bool    inside = x != NULL && column >= 0 && column < in->width;
            acc = kws_mac(acc, inside ? x[column * in->channels + c] : in->zero_point, *w);
        }
    }
    return acc;
}

static void run(const kws_call *call)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const int32_t     multiple = multiple_of(out->channels, in->channels);
    input_rows        rows = {0, 0, -1, in->width * in->channels};
    int8_t           *y = call->out;
    if (call->in == call->out) {
        rows.ring = layer->pad_top + 1;
    }
    for (int32_t r = 0; r < out->height; r++) {
        const int32_t top = r * layer->stride_height - layer->pad_top;
        if (rows.ring != 0) {
            save(call, &rows, r);
        }
        for (int32_t q = 0; q < out->width; q++) {
            const int32_t left = q * layer->stride_width - layer->pad_left;
            for (int32_t o = 0, c = 0; o < out->channels; c++) {
                for (int32_t end = o + multiple; o < end; o++) {
                    *y++ = kws_requant(window(call, &rows, top, left, o, c), call->multipliers[o],
                                       call->biases[o], layer->shift);
                }
            }
        }
        kws_row_done(call, (uint32_t)r);
    }
}

/* see inner.h */
const kws_kernel kws_dwconv_s8s8 = {
    .id = KWS_KERNEL_DWCONV_S8S8, .pack = KWS_PACK_PORTABLE, .fits = fits, .run = run};
