/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks_scalar.h"

#if KWS_VARIANT == KWS_PACK_V7M

KWS_BLOCKS_SCALAR(8)
KWS_BLOCKS_SCALAR(4)
KWS_BLOCKS_SCALAR(3)
KWS_BLOCKS_SCALAR(2)

/* see sparse.h */
KWS_CHAINS_WIDTHS

#endif
