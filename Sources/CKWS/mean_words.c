/* SPDX-License-Identifier: Apache-2.0
 *
 * Four channels of a pixel in eight instructions (M3: seven), where one channel took fourteen by
 * itself.
 */
#include "inner.h"
#include "mean.h"

#if KWS_VARIANT != KWS_PACK_DSP && KWS_VARIANT != KWS_PACK_MVE

typedef uint32_t word __attribute__((may_alias));

/* see mean.h. `all` is the sum of words: even + 2^8 odd, mod 2^32. */
void kws_mean_words(uint32_t *sums, const uint8_t *x, uint32_t channels, uint32_t pixels)
{
    const uint8_t *last = x + channels;
    const uint32_t bytes = pixels * channels;
    for (; x != last; x += 4, sums += 2) {
        uint32_t       odd = sums[1], all = sums[0] + (odd << 8);
        const uint8_t *pixel = x, *end = x + bytes;
        do {
            const uint32_t four = *(const word *)(const void *)pixel;
            all += four;
            odd += four >> 8 & 0xFF00FFu;
            pixel += channels;
            KWS_KEEP_LOOP(pixel);
        } while (pixel != end);
        sums[0] = all - (odd << 8);
        sums[1] = odd;
    }
}

#endif
