/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise of bytes by lists of taps: what is the same for all channels is found out once a row.
 */
#include "dwconv_v6m.h"
#include "geometry.h"

#if KWS_VARIANT == KWS_PACK_V6M

_Static_assert(sizeof(kws_tap) == KWS_TAP_BYTES || sizeof(void *) > 4, "SPEC.md has the size");

/* Channels of a single column at a time. */
#define GROUP 5u

/* The code for a tap whose x is inside for sums begin .. end-1; for none if end <= begin. */
static uint32_t code_of(int32_t begin, int32_t end, bool padded)
{
    uint32_t code = KWS_CODE_ALL;
    if (begin < end && begin > 0 && end < (int32_t)KWS_V6M_COLUMNS) {
        const int32_t before = begin == 1 ? 0 : begin == 2 ? 2 : 3; /* 12 13 14 23 24 34 */
        return KWS_CODE_MIDDLE + (uint32_t)(end - 2 + before) +
               (padded ? KWS_CODE_MIDDLE_PADDED : 0);
    }
    if (begin < end) {
        code = end == (int32_t)KWS_V6M_COLUMNS ? KWS_CODE_FROM + (uint32_t)begin
                                               : KWS_CODE_FIRST + (uint32_t)end;
    }
    return code + (padded ? KWS_CODE_PADDED : 0);
}

/* What of row r columns first .. first+count-1 see, tap by tap. */
__attribute__((noinline)) static void list_taps(const kws_call *call, uint32_t r, uint32_t first,
                                                int32_t count)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const int32_t     stride = layer->stride_width, width = in->width;
    const int32_t     left = (int32_t)first * stride - layer->pad_left;
    const uint32_t    bytes = kws_pixel_bytes(in);
    kws_tap          *tap = call->scratch;
    uint32_t          weight = 0;
    const bool        padded = in->zero_point != 0;
    for (int32_t i = 0; i < layer->kernel_height; i++) {
        const int32_t  row = top + i;
        const bool     inside = row >= 0 && row < in->height;
        const uint8_t *x = call->in + (inside ? kws_row(in, (uint32_t)row) : 0);
        for (int32_t column = left; column < left + layer->kernel_width; column++, weight++) {
            int32_t begin = 0, end = inside ? count : 0; /* those that are inside */
            int32_t at = column, last = column + (count - 1) * stride;
            for (; at < 0 && begin < end; at += stride) {
                begin++;
            }
            for (; last >= width && begin < end; last -= stride) {
                end--;
            }
            const bool none = begin >= end;
            if (none && !padded) {
                continue;
            }
            const bool down = !none && begin == 0 && end < (int32_t)KWS_V6M_COLUMNS;
            tap->x = none ? call->in : x + (uint32_t)(down ? last : at) * bytes;
            tap->weight = weight;
            tap->code = kws_dwconv_codes_v6m[code_of(begin, end, padded && end - begin < count)];
            tap++;
        }
    }
    *tap = (kws_tap){call->in, 0, kws_dwconv_codes_v6m[KWS_CODE_END]};
}

/* see dwconv_v6m.h */
void kws_v6m_run_taps(const kws_call *call, uint32_t r, uint32_t first, uint32_t count)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    bytes = kws_pixel_bytes(out);
    list_taps(call, r, first, (int32_t)count);
    const kws_taps job = {.taps = call->scratch,
                          .weights = kws_weights(call),
                          .weights_step = (uint32_t)layer->kernel_height * layer->kernel_width,
                          .multipliers = kws_multipliers(call),
                          .biases = kws_biases(call),
                          .shift = layer->shift,
                          .y = call->out + kws_row(out, r) + (first + count - 1) * bytes,
                          .y_step = bytes,
                          .x_step = layer->stride_width * kws_pixel_bytes(in),
                          .channels = out->channels,
                          .zero_point = in->zero_point,
                          .put = kws_dwconv_codes_v6m[KWS_CODE_PUT + count]};
    kws_dwconv_taps_v6m(&job);
}

/* The taps of the only column of row r; the end of the list, or NULL if there is padding that is
 * not 0. */
__attribute__((noinline)) static kws_tap *list_column(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(-layer->pad_left, layer->kernel_width, in->width);
    const uint32_t    bytes = kws_pixel_bytes(in);
    kws_tap          *tap = call->scratch;
    for (int32_t i = rows.begin; i < rows.end; i++) {
        const uint8_t *x = call->in + kws_row(in, (uint32_t)(top + i));
        for (int32_t j = columns.begin; j < columns.end; j++, tap++) {
            tap->x = x + (uint32_t)(j - layer->pad_left) * bytes;
            tap->weight = (uint32_t)(i * layer->kernel_width + j);
        }
    }
    const bool padded =
        tap - (kws_tap *)call->scratch != (int32_t)layer->kernel_height * layer->kernel_width;
    return padded && in->zero_point != 0 ? NULL : tap;
}

/* Channels first .. first + count - 1 of one column, whose taps lie in scratch, up to end. */
static void run_group(const kws_call *call, const kws_tap *end, uint32_t first, uint32_t count,
                      uint8_t *y)
{
    const kws_layer *layer = call->layer;
    const uint32_t   taps = (uint32_t)layer->kernel_height * layer->kernel_width;
    const kws_taps   job = {.taps = call->scratch,
                            .weights = (const uint8_t *)kws_weights(call) + first * taps,
                            .weights_step = taps,
                            .multipliers = kws_multipliers(call) + first,
                            .biases = kws_biases(call) + first,
                            .shift = layer->shift,
                            .y = y,
                            .end = end,
                            .channels = count};
    kws_dwconv_column_v6m(&job);
}

/* Moves the list of taps by some channels. */
static void move_taps(const kws_call *call, const kws_tap *end, int32_t channels)
{
    for (kws_tap *tap = call->scratch; tap != end; tap++) {
        tap->x += channels;
    }
}

/* Channels of one column in fives. What is left is computed with some of those before it, ahead of
 * them, for the output may lie on the input. see dwconv_v6m.h */
bool kws_v6m_run_column(const kws_call *call, uint32_t r)
{
    const uint32_t all = call->output->channels;
    const kws_tap *end = list_column(call, r);
    uint8_t       *y = call->out + kws_row(call->output, r);
    uint8_t        last[GROUP];
    uint32_t       fives = 0;
    while (fives + GROUP <= all) {
        fives += GROUP;
    }
    if (end == NULL || fives == 0) {
        return false;
    }
    if (fives < all) {
        move_taps(call, end, (int32_t)(all - GROUP));
        run_group(call, end, all - GROUP, GROUP, last);
        move_taps(call, end, -(int32_t)(all - GROUP));
    }
    run_group(call, end, 0, fives, y);
    for (uint32_t o = fives; o < all; o++) {
        y[o] = last[o + GROUP - all];
    }
    return true;
}

#endif
