/* SPDX-License-Identifier: Apache-2.0
 *
 * Four channels at a time, the last ones over again what lies before them.
 */
#include "kws_fixed.h"
#include "pool.h"

#if KWS_VARIANT != KWS_PACK_DSP && KWS_VARIANT != KWS_PACK_MVE

/* Four sums, each < 2^16 * 255. */
static void finish(const kws_call *call, const int32_t sums[4], uint8_t *y)
{
    const int32_t m = kws_multipliers(call)[0], b = kws_biases(call)[0];
    for (uint32_t i = 0; i < 4; i++) {
        y[i] = (uint8_t)kws_requant(sums[i], m, b, call->layer->shift, 8);
    }
}

/* see pool.h */
uint32_t kws_avgpool_fast(const kws_call *call, const kws_view *view, uint8_t *y)
{
    const uint32_t channels = call->output->channels, step = view->pixel_bytes;
    const int32_t  padding = (int32_t)kws_padding_sum(call, view);
    for (uint32_t c = 0; channels >= 4 && c < channels; c += 4) {
        const uint32_t first = c + 4 <= channels ? c : channels - 4;
        const uint8_t *x = view->x + first;
        int32_t        a0 = padding, a1 = padding, a2 = padding, a3 = padding;
        for (uint32_t rows = view->rows;; x = kws_next_row(view, x)) {
            const uint8_t *end = x + view->run_bytes;
            do {
                a0 = kws_add(a0, x[0]);
                a1 = kws_add(a1, x[1]);
                a2 = kws_add(a2, x[2]);
                a3 = kws_add(a3, x[3]);
                x += step;
                KWS_KEEP_LOOP(x);
            } while (x != end);
            if (--rows == 0) {
                break;
            }
        }
        finish(call, (const int32_t[4]){a0, a1, a2, a3}, y + first);
    }
    return channels >= 4 ? channels : 0;
}

#endif
