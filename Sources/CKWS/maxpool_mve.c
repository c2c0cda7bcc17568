/* SPDX-License-Identifier: Apache-2.0
 *
 * Sixteen channels at a time.
 */
#include "pool.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* see pool.h */
uint32_t kws_maxpool_fast(const kws_call *call, const kws_view *view, uint8_t *y)
{
    const uint32_t channels = call->output->channels, step = view->pixel_bytes;
    const uint8_t *first = view->x;
    for (uint32_t c = 0; c < channels; c += 16, first += 16) {
        const mve_pred16_t lanes = vctp8q(channels - c);
        const uint8_t     *x = first;
        uint8x16_t         best = vdupq_n_u8(0);
        for (uint32_t rows = view->rows;; x = kws_next_row(view, x)) {
            const uint8_t *end = x + view->run_bytes;
            do {
                best = vmaxq_u8(best, vldrbq_z_u8(x, lanes));
                x += step;
                KWS_KEEP_LOOP(x);
            } while (x != end);
            if (--rows == 0) {
                break;
            }
        }
        vstrbq_p_u8(y + c, best, lanes);
    }
    return channels;
}

#endif
