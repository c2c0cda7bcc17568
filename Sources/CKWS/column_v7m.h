/* SPDX-License-Identifier: Apache-2.0
 *
 * column_v7m.h - the depthwise core for tensors of one column, as networks over time have them.
 */
#ifndef KWS_COLUMN_V7M_H
#define KWS_COLUMN_V7M_H

#include "inner.h"

/* The assembly knows the offsets. Channels count from behind the tensor's last one, and places are
 * of the channel there. */
typedef struct kws_v7m_column {
    uint32_t              first, last; /* channels first .. last-1, a multiple of four of them */
    uint8_t              *y;
    const int16_t        *multipliers;
    const int32_t        *biases;
    uint32_t              shift;
    const int8_t         *weights;  /* of the first channel's first tap */
    uint32_t              step;     /* from a tap to the next */
    const uint8_t *const *rows;     /* that the taps stand on */
    const uint8_t *const *rows_end; /* behind the last of them */
    uint32_t              apart;    /* from a channel's weights to the next one's */
} kws_v7m_column;

void kws_v7m_run_column(const kws_v7m_column *column);

#endif
