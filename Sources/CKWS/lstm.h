/* SPDX-License-Identifier: Apache-2.0
 *
 * lstm.h - the units of an LSTM, behind the products.
 */
#ifndef KWS_LSTM_H
#define KWS_LSTM_H

#include "recurrent.h"

enum { KWS_LSTM_INPUT, KWS_LSTM_FORGET, KWS_LSTM_CELL, KWS_LSTM_OUTPUT, KWS_LSTM_GATES };

/* Units whose gates are computed together. */
#define KWS_LSTM_GROUP (KWS_GATE_ROWS / KWS_LSTM_GATES)

/* Some units whose pre-activations are at hand: those of a gate are so many rows. */
typedef struct kws_lstm_group {
    const kws_step *step;
    const int16_t  *peepholes; /* of unit first, NULL: none */
    uint32_t        first, count;
} kws_lstm_group;

/* Their new cells, and the codes of what they put out. */
void kws_lstm_units(const kws_lstm_group *g);

#endif
