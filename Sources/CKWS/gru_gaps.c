/* SPDX-License-Identifier: Apache-2.0 */
#include "gru.h"
#include "sparse.h"

/* see inner.h */
KWS_RECURRENT_GAPS(gru, GRU)
