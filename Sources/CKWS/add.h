/* SPDX-License-Identifier: Apache-2.0
 *
 * add.h - sums of elements of 8 bits, the loop of each variant.
 */
#ifndef KWS_ADD_H
#define KWS_ADD_H

#include "inner.h"

/* ADD on count elements that follow each other, at least one; y may be x or x2. */
void kws_add_bytes(const kws_call *call, const uint8_t *x, const uint8_t *x2, uint8_t *y,
                   uint32_t count);

#endif
