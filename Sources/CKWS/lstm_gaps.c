/* SPDX-License-Identifier: Apache-2.0 */
#include "lstm.h"
#include "sparse.h"

/* see inner.h */
KWS_RECURRENT_GAPS(lstm, LSTM)
