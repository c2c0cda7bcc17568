/* SPDX-License-Identifier: Apache-2.0
 *
 * gru.h - a GRU, by rows of any core.
 */
#ifndef KWS_GRU_H
#define KWS_GRU_H

#include "recurrent.h"

/* fits() and run() of kernels. */
bool kws_gru_fits(const kws_gate_core *core, const kws_layer *layer, const kws_tensor *in,
                  const kws_tensor *in2, const kws_tensor *out, kws_need *need);
void kws_gru_run(const kws_gate_core *core, const kws_call *call, uint32_t step);

#endif
