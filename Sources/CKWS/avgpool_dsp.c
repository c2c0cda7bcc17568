/* SPDX-License-Identifier: Apache-2.0
 *
 * Eight channels at a time, the last ones over again what lies before them, in sums of 16 bits.
 */
#include "kws_fixed.h"
#include "pool.h"

#if KWS_VARIANT == KWS_PACK_DSP
#include "words_dsp.h"

typedef struct requantisation {
    int32_t  m, b;
    uint32_t n;
} requantisation;

/* The averages of four channels from their sums (c, c+2) and (c+1, c+3). */
static inline void finish(const requantisation *by, uint32_t even, uint32_t odd, uint8_t *y)
{
    const int32_t  m = by->m, b = by->b;
    const uint32_t n = by->n;
    y[0] = (uint8_t)kws_requant((int32_t)(even & 0xFFFFu), m, b, n, 8);
    y[1] = (uint8_t)kws_requant((int32_t)(odd & 0xFFFFu), m, b, n, 8);
    y[2] = (uint8_t)kws_requant((int32_t)(even >> 16), m, b, n, 8);
    y[3] = (uint8_t)kws_requant((int32_t)(odd >> 16), m, b, n, 8);
}

/* see pool.h */
uint32_t kws_avgpool_fast(const kws_call *call, const kws_view *view, uint8_t *y)
{
    const uint32_t channels = call->output->channels, step = view->pixel_bytes;
    const uint32_t taps = (uint32_t)call->layer->kernel_height * call->layer->kernel_width;
    const uint32_t padding = kws_padding_sum(call, view) * 0x10001u;
    if (channels < 8 || taps > KWS_POOL_NARROW) {
        return 0;
    }
    for (uint32_t c = 0; c < channels; c += 8) {
        const uint32_t first = c + 8 <= channels ? c : channels - 8;
        const uint8_t *x = view->x + first;
        uint32_t       even = padding, odd = padding, even4 = padding, odd4 = padding;
        for (uint32_t rows = view->rows;; x = kws_next_row(view, x)) {
            const uint8_t *end = x + view->run_bytes;
            do {
                const uint32_t low = *kws_four(x), high = *kws_four(x + 4);
                even = kws_add_even(even, low);
                odd = kws_add_odd(odd, low);
                even4 = kws_add_even(even4, high);
                odd4 = kws_add_odd(odd4, high);
                x += step;
                KWS_KEEP_LOOP(x);
            } while (x != end);
            if (--rows == 0) {
                break;
            }
        }
        const requantisation by = {kws_multipliers(call)[0], kws_biases(call)[0],
                                   call->layer->shift};
        finish(&by, even, odd, y + first);
        finish(&by, even4, odd4, y + first + 4);
    }
    return channels;
}

#endif
