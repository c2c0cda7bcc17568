/* SPDX-License-Identifier: Apache-2.0 */
#include "sparse.h"

static void row(const kws_call *call, uint32_t r, kws_sparse_pixel *pixel)
{
    kws_sparse_pointwise(call, r, pixel);
}

/* see inner.h */
KWS_SPARSE_KERNELS(pointwise, POINTWISE, gaps, GAPS)
