/* SPDX-License-Identifier: Apache-2.0 */
#include "sparse.h"

static void row(const kws_call *call, uint32_t r, kws_sparse_pixel *pixel)
{
    (void)r; /* there is but one */
    kws_sparse_dense(call, pixel);
}

/* see inner.h */
KWS_SPARSE_KERNELS(dense, DENSE, blocks, BLOCKS)
