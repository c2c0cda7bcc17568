/* SPDX-License-Identifier: Apache-2.0
 *
 * gather_dsp.h - patches as bytes, an element each.
 */
#ifndef KWS_GATHER_DSP_H
#define KWS_GATHER_DSP_H

#include "inner.h"

/* The window of row r, column q: all taps of 8-bit elements. */
void kws_gather(const kws_call *call, uint32_t r, uint32_t q, uint8_t *to);

/* Taps first .. end-1 of it, of any width of elements. */
void kws_gather_some(const kws_call *call, uint32_t r, uint32_t q, uint32_t first, uint32_t end,
                     uint8_t *to);

/* Elements first .. end-1 of pixels that follow each other, of any width. */
uint8_t *kws_unpack(uint8_t *to, const kws_tensor *in, const uint8_t *pixel, uint32_t first,
                    uint32_t end);

#endif
