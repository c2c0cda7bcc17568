/* SPDX-License-Identifier: Apache-2.0
 *
 * patch_v6m.h - the values that one pixel of the output is made of, as bytes one behind the other.
 */
#ifndef KWS_PATCH_V6M_H
#define KWS_PATCH_V6M_H

#include "packed.h"

/* count channels of pixels, one pixel behind the other; returns the end of what it wrote. */
static inline uint8_t *kws_unpack(uint8_t *to, const uint8_t *pixel, const kws_tensor *t,
                                  uint32_t pixels)
{
    if (t->bits == 8) {
        const uint32_t bytes = pixels * t->channels;
        uint32_t       i = 0;
        if ((((uintptr_t)to | (uintptr_t)pixel) & 3u) == 0) {
            for (; i + 4 <= bytes; i += 4) {
                *(uint32_t *)(void *)(to + i) = *(const uint32_t *)(const void *)(pixel + i);
            }
        }
        for (; i + 4 <= bytes; i += 4) {
            to[i] = pixel[i];
            to[i + 1] = pixel[i + 1];
            to[i + 2] = pixel[i + 2];
            to[i + 3] = pixel[i + 3];
        }
        for (; i < bytes; i++) {
            to[i] = pixel[i];
        }
        return to + bytes;
    }
    for (uint32_t q = 0; q < pixels; q++, pixel += kws_pixel_bytes(t)) {
        for (uint32_t c = 0; c < t->channels; c++) {
            *to++ = (uint8_t)kws_get(pixel, t->bits, c);
        }
    }
    return to;
}

/* count bytes of one value. */
static inline uint8_t *kws_fill(uint8_t *to, uint32_t count, uint8_t value)
{
    while (count-- > 0) {
        *to++ = value;
    }
    return to;
}

#endif
