/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "matrix_v6m.h"
#include "patch_v6m.h"
#include "widths_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

static bool fits(const kws_width *width, const kws_layer *layer, const kws_tensor *in,
                 const kws_tensor *in2, const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_dense_taps(in, in2, out);
    (void)layer;
    if (taps == 0) {
        return false;
    }
    need->weights_bytes = kws_matrix_bytes(width, taps, out->channels);
    need->channels = out->channels;
    need->scratch_bytes = kws_pixels_scratch(width, taps, out);
    return true;
}

static void run(const kws_width *width, const kws_call *call, uint32_t row)
{
    const kws_tensor *in = call->input;
    const uint32_t    taps = kws_elements(in), filled = kws_matrix_taps(width, taps);
    const bool        copied = in->bits < 8 || filled != taps;
    (void)row; /* there is but one */
    if (copied) {
        uint8_t *end =
            kws_unpack(kws_taps_of(call), call->in, in, (uint32_t)in->height * in->width);
        kws_fill(end, filled - taps, 0);
    }
    kws_pixels *pixels = kws_pixels_begin(call, width, taps);
    kws_pixel(pixels, copied ? kws_taps_of(call) : call->in, call->out);
}

/* see inner.h */
KWS_V6M_KERNELS(dense, DENSE)

#endif
