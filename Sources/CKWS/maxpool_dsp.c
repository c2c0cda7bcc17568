/* SPDX-License-Identifier: Apache-2.0
 *
 * Eight channels at a time, the last ones over again what lies before them.
 */
#include "pool.h"

#if KWS_VARIANT == KWS_PACK_DSP
#include <arm_acle.h>

#include "words_dsp.h"

/* The larger one of each byte: b + max(a - b, 0). */
static inline uint32_t larger(uint32_t a, uint32_t b)
{
    return __uadd8(b, __uqsub8(a, b));
}

/* see pool.h */
uint32_t kws_maxpool_fast(const kws_call *call, const kws_view *view, uint8_t *y)
{
    const uint32_t channels = call->output->channels, step = view->pixel_bytes;
    for (uint32_t c = 0; channels >= 8 && c < channels; c += 8) {
        const uint32_t first = c + 8 <= channels ? c : channels - 8;
        const uint8_t *x = view->x + first;
        uint32_t       low = 0, high = 0;
        for (uint32_t rows = view->rows;; x = kws_next_row(view, x)) {
            const uint8_t *end = x + view->run_bytes;
            do {
                low = larger(low, *kws_four(x));
                high = larger(high, *kws_four(x + 4));
                x += step;
                KWS_KEEP_LOOP(x);
            } while (x != end);
            if (--rows == 0) {
                break;
            }
        }
        *kws_four_out(y + first) = low;
        *kws_four_out(y + first + 4) = high;
    }
    return channels >= 8 ? channels : 0;
}

#endif
