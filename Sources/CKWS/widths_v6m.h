/* SPDX-License-Identifier: Apache-2.0
 *
 * widths_v6m.h - the four kernels that one fits() and one run() serve; the linker keeps the
 * multiplications of those widths only that a model names.
 */
#ifndef KWS_WIDTHS_V6M_H
#define KWS_WIDTHS_V6M_H

#include "matrix_v6m.h"

#define KWS_V6M_KERNEL(name, NAME, w)                                                              \
    static bool fits_w##w(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,     \
                          const kws_tensor *out, kws_need *need)                                   \
    {                                                                                              \
        return fits(&kws_width_w##w, layer, in, in2, out, need);                                   \
    }                                                                                              \
    static void run_w##w(const kws_call *call, uint32_t row)                                       \
    {                                                                                              \
        run(&kws_width_w##w, call, row);                                                           \
    }                                                                                              \
    const kws_kernel kws_##name##_w##w = {                                                         \
        .id = KWS_KERNEL_##NAME##_W##w, .pack = KWS_PACK_V6M, .fits = fits_w##w, .run = run_w##w};

#define KWS_V6M_KERNELS(name, NAME)                                                                \
    KWS_V6M_KERNEL(name, NAME, 8)                                                                  \
    KWS_V6M_KERNEL(name, NAME, 4)                                                                  \
    KWS_V6M_KERNEL(name, NAME, 3)                                                                  \
    KWS_V6M_KERNEL(name, NAME, 2)

#endif
