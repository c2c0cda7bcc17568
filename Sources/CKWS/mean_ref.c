/* SPDX-License-Identifier: Apache-2.0
 *
 * The mean over all rows and columns, one row of the input at a time: no row has to wait for the
 * others, and the sums are all that is kept.
 */
#include "geometry.h"
#include "packed.h"

#if KWS_VARIANT != KWS_PACK_DSP && KWS_VARIANT != KWS_PACK_MVE

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
    const bool        narrow = kws_mean_is_narrow(in);
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
const kws_kernel kws_mean_w0 = {.id = KWS_KERNEL_MEAN,
                                .pack = KWS_PACK_ANY,
                                .by_input = true,
                                .fits = kws_mean_fits,
                                .run = run};

#endif
