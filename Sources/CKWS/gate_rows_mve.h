/* SPDX-License-Identifier: Apache-2.0
 *
 * gate_rows_mve.h - kws_mve_one_w<bits>() (matrix_mve.h) for rows of gates: 32-bit numbers b + (acc
 * << shift) m / 2^16 go to out, in place of bytes.
 */
#ifndef KWS_GATE_ROWS_MVE_H
#define KWS_GATE_ROWS_MVE_H

#include "matrix_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

void kws_mve_gates_w8(kws_mve_one *work);
void kws_mve_gates_w4(kws_mve_one *work);
void kws_mve_gates_w3(kws_mve_one *work);
void kws_mve_gates_w2(kws_mve_one *work);

#endif
#endif
