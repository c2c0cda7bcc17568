/* SPDX-License-Identifier: Apache-2.0
 *
 * mean.h - sums of bytes in halves of words.
 */
#ifndef KWS_MEAN_H
#define KWS_MEAN_H

#include <stdint.h>

/* Adds pixels that follow each other, at least one, of channels bytes each, a multiple of 4 that is
 * not 0; x is aligned. Words 2i and 2i + 1 of the sums are those of channels (4i, 4i + 2) and
 * (4i + 1, 4i + 3), the first one low; no half may overflow. */
void kws_mean_words(uint32_t *sums, const uint8_t *x, uint32_t channels, uint32_t pixels);

#endif
