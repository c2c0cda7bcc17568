/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"

/* Extent of a tensor on axis 0, 1 or 2. */
static uint32_t extent(const kws_tensor *t, uint32_t axis)
{
    return axis == 0 ? t->height : axis == 1 ? t->width : t->channels;
}

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t p0 = layer->kernel_height, p1 = layer->kernel_width, p2 = layer->stride_height;
    (void)need;
    return in2 == NULL && p0 <= 2 && p1 <= 2 && p2 <= 2 && p0 != p1 && p0 != p2 && p1 != p2 &&
           in->rows == in->height && out->bits >= in->bits && out->height == extent(in, p0) &&
           out->width == extent(in, p1) && out->channels == extent(in, p2);
}

static void run(const kws_call *call, uint32_t r)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input, *out = call->output;
    uint8_t          *y = call->out + kws_row(out, r);
    uint32_t          index[3] = {0}; /* of the input */
    index[layer->kernel_height] = r;
    for (uint32_t q = 0; q < out->width; q++, y += kws_pixel_bytes(out)) {
        index[layer->kernel_width] = q;
        for (uint32_t c = 0; c < out->channels; c++) {
            index[layer->stride_height] = c;
            const uint8_t *x = call->in + kws_row(in, index[0]) + index[1] * kws_pixel_bytes(in);
            kws_put(y, out->bits, c, kws_get(x, in->bits, index[2]) >> (8 - out->bits));
        }
    }
}

/* see inner.h */
const kws_kernel kws_transpose_w0 = {
    .id = KWS_KERNEL_TRANSPOSE, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
