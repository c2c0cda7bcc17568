/* SPDX-License-Identifier: Apache-2.0 */
#include "gru.h"

/* see inner.h */
KWS_RECURRENT_DENSE(gru, GRU)
