/* SPDX-License-Identifier: Apache-2.0
 *
 * lstm.h - an LSTM, by rows of any core, and its units, behind the products.
 */
#ifndef KWS_LSTM_H
#define KWS_LSTM_H

#include "recurrent.h"

enum { KWS_LSTM_INPUT, KWS_LSTM_FORGET, KWS_LSTM_CELL, KWS_LSTM_OUTPUT, KWS_LSTM_GATES };

/* Units whose gates are computed together. */
#define KWS_LSTM_GROUP (KWS_GATE_ROWS / KWS_LSTM_GATES)

/* fits() and run() of kernels. */
bool kws_lstm_fits(const kws_gate_core *core, const kws_layer *layer, const kws_tensor *in,
                   const kws_tensor *in2, const kws_tensor *out, kws_need *need);
void kws_lstm_run(const kws_gate_core *core, const kws_call *call, uint32_t step);

/* The new cells of some units whose pre-activations are at hand, those of a gate being so many
 * rows, and the codes of what they put out; peepholes are those of unit first, NULL: none. */
void kws_lstm_units(const kws_step *s, const int16_t *peepholes, uint32_t first, uint32_t count);

#endif
