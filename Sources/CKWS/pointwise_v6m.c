/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "matrix_v6m.h"
#include "patch_v6m.h"
#include "widths_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

static bool fits(const kws_width *width, const kws_layer *layer, const kws_tensor *in,
                 const kws_tensor *in2, const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_pointwise_taps(layer, in, in2, out);
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_matrix_bytes(width, taps, out->channels);
    need->channels = out->channels;
    need->in_place = true;
    need->scratch_bytes = kws_pixels_scratch(width, taps, out);
    return true;
}

/* In place, row r of the output never overtakes that of the input: its pixels are not longer. So
 * only the pixel at hand has to be saved. */
static void run(const kws_width *width, const kws_call *call, uint32_t r)
{
    const kws_tensor *in = call->input, *out = call->output;
    const uint32_t    filled = kws_matrix_taps(width, in->channels);
    const bool        copied = in->bits < 8 || filled != in->channels || kws_touch(in, out);
    const uint8_t    *x = call->in + kws_row(in, r);
    uint8_t          *y = call->out + kws_row(out, r);
    kws_pixels       *pixels = kws_pixels_begin(call, width, in->channels);
    for (uint32_t q = 0; q < out->width; q++, x += kws_pixel_bytes(in), y += kws_pixel_bytes(out)) {
        if (copied) {
            uint8_t *end = kws_unpack(kws_taps_of(call), x, in, 1);
            kws_fill(end, filled - in->channels, 0);
        }
        kws_pixel(pixels, copied ? kws_taps_of(call) : x, y);
    }
}

/* see inner.h */
KWS_V6M_KERNELS(pointwise, POINTWISE)

#endif
