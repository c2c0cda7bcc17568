/* SPDX-License-Identifier: Apache-2.0
 *
 * Four channels of a pixel in six instructions.
 */
#include "inner.h"
#include "mean.h"

#if KWS_VARIANT == KWS_PACK_DSP
#include "words_dsp.h"

/* see mean.h */
void kws_mean_words(uint32_t *sums, const uint8_t *x, uint32_t channels, uint32_t pixels)
{
    const uint8_t *last = x + channels;
    const uint32_t bytes = pixels * channels;
    for (; x != last; x += 4, sums += 2) {
        uint32_t       even = sums[0], odd = sums[1];
        const uint8_t *pixel = x, *end = x + bytes;
        do {
            const uint32_t four = *kws_four(pixel);
            even = kws_add_even(even, four);
            odd = kws_add_odd(odd, four);
            pixel += channels;
            KWS_KEEP_LOOP(pixel);
        } while (pixel != end);
        sums[0] = even;
        sums[1] = odd;
    }
}

#endif
