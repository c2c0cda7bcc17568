/* SPDX-License-Identifier: Apache-2.0
 *
 * patch_mve.h - the inputs of one output pixel as the matrix product wants them: first the head, K
 * % 16 elements and zeros up to 16, then blocks of 16; the patches of four pixels take turns, block
 * by block.
 */
#ifndef KWS_PATCH_MVE_H
#define KWS_PATCH_MVE_H

#include "matrix_mve.h"
#include "packed.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include <arm_mve.h>

/* Bytes of a patch. */
static inline uint32_t kws_mve_patch_bytes(uint32_t taps)
{
    return kws_plus(taps, KWS_MVE_LANES - 1u) & ~(KWS_MVE_LANES - 1u);
}

/* Writes taps elements as a patch, pitch bytes from block to block; their sum. */
static inline uint32_t kws_mve_patch(uint8_t *to, uint32_t pitch, const uint8_t *x, uint32_t taps)
{
    const uint32_t head = taps % KWS_MVE_LANES;
    uint32_t       sum = 0;
    if (head != 0) {
        const uint8x16_t v = vldrbq_z_u8(x, vctp8q(head));
        vst1q_u8(to, v);
        sum = vaddvq_u8(v);
        to += pitch;
        x += head;
    }
    for (uint32_t block = taps / KWS_MVE_LANES; block > 0; block--) {
        const uint8x16_t v = vld1q_u8(x);
        vst1q_u8(to, v);
        sum = vaddvaq_u8(sum, v);
        to += pitch;
        x += KWS_MVE_LANES;
    }
    return sum;
}

/* The channels of count pixels, each in a byte. */
static inline void kws_mve_unpack(uint8_t *to, const kws_tensor *t, const uint8_t *pixel,
                                  uint32_t count)
{
    for (uint32_t q = 0; q < count; q++, pixel += kws_pixel_bytes(t)) {
        for (uint32_t c = 0; c < t->channels; c++) {
            *to++ = (uint8_t)kws_get(pixel, t->bits, c);
        }
    }
}

#endif
#endif
