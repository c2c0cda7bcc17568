/* SPDX-License-Identifier: Apache-2.0
 *
 * Four channels at a time, the last ones over again what lies before them.
 */
#include "pool.h"

#if KWS_VARIANT != KWS_PACK_DSP && KWS_VARIANT != KWS_PACK_MVE

static inline uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* see pool.h */
uint32_t kws_maxpool_fast(const kws_call *call, const kws_view *view, uint8_t *y)
{
    const uint32_t channels = call->output->channels, step = view->pixel_bytes;
    for (uint32_t c = 0; channels >= 4 && c < channels; c += 4) {
        const uint32_t first = c + 4 <= channels ? c : channels - 4;
        const uint8_t *x = view->x + first;
        uint32_t       a0 = 0, a1 = 0, a2 = 0, a3 = 0;
        for (uint32_t rows = view->rows;; x = kws_next_row(view, x)) {
            const uint8_t *end = x + view->run_bytes;
            do {
                a0 = larger(a0, x[0]);
                a1 = larger(a1, x[1]);
                a2 = larger(a2, x[2]);
                a3 = larger(a3, x[3]);
                x += step;
                KWS_KEEP_LOOP(x);
            } while (x != end);
            if (--rows == 0) {
                break;
            }
        }
        y[first] = (uint8_t)a0;
        y[first + 1] = (uint8_t)a1;
        y[first + 2] = (uint8_t)a2;
        y[first + 3] = (uint8_t)a3;
    }
    return channels >= 4 ? channels : 0;
}

#endif
