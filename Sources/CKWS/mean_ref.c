/* SPDX-License-Identifier: Apache-2.0
 *
 * The mean over all rows and columns, one row of the input at a time: no row has to wait for the
 * others, and the sums are all that is kept.
 */
#include "geometry.h"
#include "packed.h"

#if KWS_VARIANT != KWS_PACK_DSP && KWS_VARIANT != KWS_PACK_MVE

#define NARROW_MAX 257u /* 257 * 255 = 65535 */

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t area = kws_times(in->height, in->width);
    (void)layer;
    need->channels = 1;
    need->scratch_bytes = kws_times(in->channels, area <= NARROW_MAX ? 2 : 4);
    return in2 == NULL && in->channels == out->channels && out->height == 1 && out->width == 1 &&
           area <= KWS_TAPS_MAX;
}

/* Adds one row to the sums, which the first row begins. */
static void add_narrow(const kws_call *call, const uint8_t *pixel, uint16_t *sums)
{
    const kws_tensor *in = call->input;
    for (uint32_t q = 0; q < in->width; q++, pixel += kws_pixel_bytes(in)) {
        for (uint32_t c = 0; c < in->channels; c++) {
            sums[c] = (uint16_t)(sums[c] + kws_get(pixel, in->bits, c));
        }
    }
}

static void add_wide(const kws_call *call, const uint8_t *pixel, uint32_t *sums)
{
    const kws_tensor *in = call->input;
    for (uint32_t q = 0; q < in->width; q++, pixel += kws_pixel_bytes(in)) {
        for (uint32_t c = 0; c < in->channels; c++) {
            sums[c] += (uint32_t)kws_get(pixel, in->bits, c);
        }
    }
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint8_t    *row = call->in + kws_row(in, r);
    const bool        narrow = (uint32_t)in->height * in->width <= NARROW_MAX;
    uint16_t         *sums = call->scratch;
    uint32_t         *wide_sums = call->scratch;
    if (r == 0) {
        memset(call->scratch, 0, (narrow ? 2u : 4u) * in->channels);
    }
    if (narrow) {
        add_narrow(call, row, sums);
    } else {
        add_wide(call, row, wide_sums);
    }
    if (r + 1u < in->height) {
        return;
    }
    for (uint32_t c = 0; c < in->channels; c++) {
        const int32_t acc = (int32_t)(narrow ? sums[c] : wide_sums[c]); /* < 2^24 */
        kws_put(call->out, out->bits, c,
                kws_requant(acc, kws_multipliers(call)[0], kws_biases(call)[0], call->layer->shift,
                            out->bits));
    }
}

/* see inner.h */
const kws_kernel kws_mean_w0 = {
    .id = KWS_KERNEL_MEAN, .pack = KWS_PACK_ANY, .by_input = true, .fits = fits, .run = run};

#endif
