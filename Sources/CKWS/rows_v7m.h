/* SPDX-License-Identifier: Apache-2.0
 *
 * rows_v7m.h - a row of a convolution, pointwise or dense layer: patches, the matrix core, and
 * what is left over.
 */
#ifndef KWS_ROWS_V7M_H
#define KWS_ROWS_V7M_H

#include "geometry.h"
#include "matrix_v7m.h"
#include "patch_v7m.h"

/* Taps with the zeros behind them: whole blocks. */
static inline uint32_t kws_v7m_filled(uint32_t taps, uint32_t bits)
{
    const uint32_t block = bits == 8 ? 4 : 8;
    return kws_plus(taps, block - 1) & ~(block - 1);
}

/* What the accumulators of a patch begin with: -2^(bits-1) times the sum of each pixel's taps,
 * since weights are stored with that offset. */
void kws_v7m_begin(kws_v7m_tile *tile, uint32_t bits, uint32_t lanes, const uint32_t sums[4]);

/* What a layer of so many taps needs: tables and scratch. */
void kws_v7m_need(const kws_layer *layer, uint32_t taps, const kws_tensor *out, kws_need *need);

/* Computes a row of outputs, whose source stands in the scratch. */
void kws_v7m_row(kws_v7m_work *work, const kws_v7m_width *width, uint8_t *y);

/* The four kernels of an operator, whose run is of_width(call, row, width). */
#define KWS_V7M_KERNEL(name, NAME, bits)                                                           \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        run(call, r, &kws_v7m_w##bits);                                                            \
    }                                                                                              \
    const kws_kernel kws_##name##_w##bits = {.id = KWS_KERNEL_##NAME##_W##bits,                    \
                                             .pack = KWS_PACK_V7M,                                 \
                                             .fits = fits,                                         \
                                             .run = run_w##bits};

#define KWS_V7M_KERNELS(name, NAME)                                                                \
    KWS_V7M_KERNEL(name, NAME, 8)                                                                  \
    KWS_V7M_KERNEL(name, NAME, 4)                                                                  \
    KWS_V7M_KERNEL(name, NAME, 3)                                                                  \
    KWS_V7M_KERNEL(name, NAME, 2)

#endif
