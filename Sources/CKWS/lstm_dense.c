/* SPDX-License-Identifier: Apache-2.0 */
#include "lstm.h"

/* see inner.h */
KWS_RECURRENT_DENSE(lstm, LSTM)
