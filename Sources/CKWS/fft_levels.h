/* SPDX-License-Identifier: Apache-2.0
 *
 * fft_levels.h - kws_fft() by levels that watch their outputs: included once, behind the functions
 * that it calls, by the file that has them for its core.
 */
#ifndef KWS_FFT_LEVELS_H
#define KWS_FFT_LEVELS_H

/* see front_end.h */
uint32_t kws_fft(int16_t *numbers, uint32_t points, const int16_t *twiddles, bool *small)
{
    packed       *z = (packed *)(void *)numbers;
    const packed *w = (const packed *)(const void *)twiddles;
    const bool    odd = (points & 0x55555555u) == 0;
    uint32_t      shifts = odd ? 1 : 2;
    watch_clear();
    if (odd) {
        first_of_two(z, points >> 1);
    } else {
        first_of_four(z, points >> 2);
    }
    for (uint32_t quarter = odd ? points >> 3 : points >> 4; quarter != 0; quarter >>= 2) {
        if (watch_small()) {
            shifts += 1;
            level_of_halves(z, points, quarter, w);
        } else {
            shifts += 2;
            watch_clear();
            level_of_quarters(z, points, quarter, w);
        }
    }
    *small = watch_small();
    return shifts;
}

#endif
