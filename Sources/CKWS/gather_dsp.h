/* SPDX-License-Identifier: Apache-2.0
 *
 * gather_dsp.h - patches as bytes, an element each.
 */
#ifndef KWS_GATHER_DSP_H
#define KWS_GATHER_DSP_H

#include "inner.h"

/* Small rather than fast, as befits what is rare or short; and never copied into its caller, which
 * would keep both on the stack at once. */
#ifdef __clang__
#define KWS_LEAN __attribute__((minsize))
#else
#define KWS_LEAN __attribute__((optimize("Os")))
#endif
#define KWS_SMALL KWS_LEAN __attribute__((noinline))

/* The window of row r, column q: all taps of 8-bit elements. */
void kws_gather(const kws_call *call, uint32_t r, uint32_t q, uint8_t *to);

/* Taps first .. end-1 of it, of any width of elements. */
void kws_gather_some(const kws_call *call, uint32_t r, uint32_t q, uint32_t first, uint32_t end,
                     uint8_t *to);

/* Elements first .. end-1 of pixels that follow each other, of any width. */
uint8_t *kws_unpack(uint8_t *to, const kws_tensor *in, const uint8_t *pixel, uint32_t first,
                    uint32_t end);

#endif
