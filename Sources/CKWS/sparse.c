/* SPDX-License-Identifier: Apache-2.0 */
#include "sparse.h"

static void needs(const kws_tensor *in, const kws_tensor *out, uint32_t taps, kws_need *need)
{
    need->taps = taps;
    need->channels = out->channels;
    need->scratch_bytes = in->bits != 8 || kws_touch(in, out) ? taps : 0;
}

/* see sparse.h */
bool kws_sparse_dense_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                           const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_dense_taps(in, in2, out);
    (void)layer;
    needs(in, out, taps, need);
    return taps != 0;
}

/* see sparse.h */
bool kws_sparse_pointwise_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                               const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_pointwise_taps(layer, in, in2, out);
    needs(in, out, taps, need);
    need->in_place = true;
    return taps != 0;
}

/* Elements of pixels, a byte each, in scratch. */
static const uint8_t *unpack(const kws_call *call, const uint8_t *x, uint32_t pixels)
{
    const kws_tensor *in = call->input;
    uint8_t          *to = call->scratch;
    for (; pixels > 0; pixels--, x += kws_pixel_bytes(in)) {
        for (uint32_t c = 0; c < in->channels; c++) {
            *to++ = (uint8_t)kws_get(x, in->bits, c);
        }
    }
    return call->scratch;
}

/* see sparse.h */
void kws_sparse_dense(const kws_call *call, kws_sparse_pixel *pixel)
{
    const kws_tensor *in = call->input;
    const uint8_t    *x = call->in;
    if (in->bits != 8) {
        x = unpack(call, x, (uint32_t)in->height * in->width);
    }
    pixel(call, x, kws_elements(in), call->out);
}

/* In place, row r of the output never overtakes that of the input: its pixels are not longer. So
 * only the pixel at hand has to be saved. */
void kws_sparse_pointwise(const kws_call *call, uint32_t r, kws_sparse_pixel *pixel)
{
    const kws_tensor *in = call->input, *out = call->output;
    const bool        copied = in->bits != 8 || kws_touch(in, out);
    const uint8_t    *x = call->in + kws_row(in, r);
    uint8_t          *y = call->out + kws_row(out, r);
    for (uint32_t q = 0; q < out->width; q++, x += kws_pixel_bytes(in), y += kws_pixel_bytes(out)) {
        pixel(call, copied ? unpack(call, x, 1) : x, in->channels, y);
    }
}
