/* SPDX-License-Identifier: Apache-2.0
 *
 * column_t32.h - depthwise for outputs of one column: networks over time, and what ends them.
 */
#ifndef KWS_COLUMN_T32_H
#define KWS_COLUMN_T32_H

#include "depthwise_steps_t32.h"

/* The assembly knows the offsets. Channels count from behind the tensor's last one, and places are
 * of the channel there. */
typedef struct kws_t32_column {
    uint32_t              first, last; /* channels first .. last-1, a multiple of four of them */
    uint8_t              *y;
    const int16_t        *multipliers;
    const int32_t        *biases;
    uint32_t              shift;
    const int8_t         *weights;  /* of the first channel's first tap */
    uint32_t              step;     /* from a tap to the next */
    const uint8_t *const *taps;     /* where they stand */
    const uint8_t *const *taps_end; /* behind the last of them */
    uint32_t              apart;    /* from a channel's weights to the next one's */
} kws_t32_column;

void kws_t32_sum_column(const kws_t32_column *column);

/* Is the output a column, whose taps are one column of the kernel or all of them? */
bool kws_t32_column_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out);

/* Row r of a column, four channels at a time; returns how many are done: none
 * if there is padding that counts. */
uint32_t kws_t32_run_column(const kws_call *call, uint32_t r, kws_t32_unpack *unpack);

#endif
