/* SPDX-License-Identifier: Apache-2.0
 *
 * The mean over all rows and columns, one row of the input at a time: no row has to wait for the
 * others, and the sums are all that is kept.
 */
#include "geometry.h"
#include "mean.h"
#include "packed.h"

#if KWS_VARIANT != KWS_PACK_MVE

/* Are the sums those of kws_mean_words(), of channels c, c+2, c+1, c+3? */
static bool is_fast(const kws_tensor *in)
{
    return kws_mean_is_narrow(in) && in->bits == 8 && (in->channels & 3u) == 0;
}

KWS_SMALL static void add_slowly(const kws_call *call, const uint8_t *pixel)
{
    const kws_tensor *in = call->input;
    const bool        narrow = kws_mean_is_narrow(in);
    uint16_t         *sums = call->scratch;
    uint32_t         *wide_sums = call->scratch;
    for (uint32_t q = 0; q < in->width; q++, pixel += kws_pixel_bytes(in)) {
        for (uint32_t c = 0; c < in->channels; c++) {
            const int32_t x = kws_get(pixel, in->bits, c);
            if (narrow) {
                sums[c] = (uint16_t)(sums[c] + x);
            } else {
                wide_sums[c] += (uint32_t)x;
            }
        }
    }
}

static uint32_t sum_of(const kws_call *call, uint32_t c)
{
    const kws_tensor *in = call->input;
    if (!kws_mean_is_narrow(in)) {
        return ((const uint32_t *)call->scratch)[c]; /* < 2^24 */
    }
    if (is_fast(in)) {
        c = (c & ~3u) | (c & 1u) << 1 | (c >> 1 & 1u);
    }
    return ((const uint16_t *)call->scratch)[c];
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint8_t    *row = call->in + kws_row(in, r);
    if (r == 0) {
        memset(call->scratch, 0, (kws_mean_is_narrow(in) ? 2u : 4u) * in->channels);
    }
    if (is_fast(in)) {
        kws_mean_words(call->scratch, row, in->channels, in->width);
    } else {
        add_slowly(call, row);
    }
    if (r + 1u < in->height) {
        return;
    }
    for (uint32_t c = 0; c < in->channels; c++) {
        kws_put(call->out, out->bits, c,
                kws_requant((int32_t)sum_of(call, c), kws_multipliers(call)[0], kws_biases(call)[0],
                            call->layer->shift, out->bits));
    }
}

/* see inner.h */
const kws_kernel kws_mean_w0 = {.id = KWS_KERNEL_MEAN,
                                .pack = KWS_PACK_ANY,
                                .by_input = true,
                                .fits = kws_mean_fits,
                                .run = run};

#endif
