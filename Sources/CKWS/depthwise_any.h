/* SPDX-License-Identifier: Apache-2.0
 *
 * depthwise_any.h - depthwise convolutions that no loop of the variant takes.
 */
#ifndef KWS_DEPTHWISE_ANY_H
#define KWS_DEPTHWISE_ANY_H

#include "inner.h"

/* Columns of the output whose sums are kept at a time. */
#define KWS_ANY_COLUMNS 16u

/* Weight k of output o. */
typedef int32_t kws_weight_of(const kws_call *call, uint32_t o, uint32_t k);

/* Columns first .. end-1 of row r, all of what a block of them sees in a channel being read before
 * any of it is written. */
void kws_depthwise_any(const kws_call *call, uint32_t r, uint32_t first, uint32_t end,
                       kws_weight_of *weight);

#endif
