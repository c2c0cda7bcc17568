/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "packed.h"
#include "pool.h"

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    need->channels = 1;
    return in2 == NULL && in->channels == out->channels && kws_window_fits(layer, in, out) &&
           kws_times(layer->kernel_height, layer->kernel_width) <= KWS_TAPS_MAX;
}

KWS_LEAN static int32_t average(const kws_call *call, const kws_view *view, uint32_t c)
{
    const uint8_t *pixel = view->x;
    int32_t        acc = (int32_t)kws_padding_sum(call, view); /* < 2^16 * 255 with all pixels */
    const uint32_t rows = view->columns != 0 ? view->rows : 0;
    for (uint32_t i = 0; i < rows; i++, pixel = kws_next_row(view, pixel)) {
        for (uint32_t j = 0; j < view->columns; j++, pixel += view->pixel_bytes) {
            acc = kws_add(acc, kws_get(pixel, call->input->bits, c));
        }
    }
    return kws_requant(acc, kws_multipliers(call)[0], kws_biases(call)[0], call->layer->shift,
                       call->output->bits);
}

static void run(const kws_call *call, uint32_t r)
{
    kws_pool_row(call, r, kws_avgpool_fast, average);
}

/* see inner.h */
const kws_kernel kws_avgpool_w0 = {
    .id = KWS_KERNEL_AVGPOOL, .pack = KWS_PACK_ANY, .fits = fits, .run = run};
