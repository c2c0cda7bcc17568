/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"
#include "pool.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    (void)need;
    /* every window holds an element: the first ones do if the padding is smaller than the kernel,
     * the last ones because they begin inside */
    return in2 == NULL && in->channels == out->channels && kws_window_fits(layer, in, out) &&
           layer->pad_top < layer->kernel_height && layer->pad_left < layer->kernel_width &&
           out->bits >= in->bits;
}

KWS_LEAN static int32_t largest(const kws_call *call, const kws_view *view, uint32_t c)
{
    const uint8_t *pixel = view->x;
    int32_t        best = 0;
    for (uint32_t i = 0; i < view->rows; i++, pixel = kws_next_row(view, pixel)) {
        for (uint32_t j = 0; j < view->columns; j++, pixel += view->pixel_bytes) {
            const int32_t x = kws_get(pixel, call->input->bits, c);
            best = x > best ? x : best;
        }
    }
    return best >> (8 - call->output->bits);
}

static void run(const kws_call *call, uint32_t r)
{
    kws_pool_row(call, r, kws_maxpool_fast, largest);
}

/* see inner.h */
const kws_kernel kws_maxpool_w0 = {
    .id = KWS_KERNEL_MAXPOOL, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
