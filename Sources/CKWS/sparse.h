/* SPDX-License-Identifier: Apache-2.0
 *
 * sparse.h - layers that skip weights of 0: SPEC.md, section 4.3. The tables are the same for every
 * variant; what differs is the function that computes the outputs of one pixel, or rows of gates
 * (gate_rows.h).
 */
#ifndef KWS_SPARSE_H
#define KWS_SPARSE_H

#include "geometry.h"
#include "packed.h"

/* Columns that an index byte of BLOCKS reaches. */
#define KWS_BLOCKS_WINDOW 255u

/* A byte of so many entries; only a run that is shorter than that is an output's last one (GAPS).
 */
#define KWS_RUN_MAX 255u

/* All outputs of one pixel: x[taps] into y. */
typedef void kws_sparse_pixel(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y);

kws_sparse_pixel kws_gaps_w8, kws_gaps_w4, kws_gaps_w3, kws_gaps_w2;
kws_sparse_pixel kws_blocks_w8, kws_blocks_w4, kws_blocks_w3, kws_blocks_w2;

/* fits() and run() of the operators. */
bool kws_sparse_dense_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                           const kws_tensor *out, kws_need *need);
bool kws_sparse_pointwise_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                               const kws_tensor *out, kws_need *need);
void kws_sparse_dense(const kws_call *call, kws_sparse_pixel *pixel);
void kws_sparse_pointwise(const kws_call *call, uint32_t r, kws_sparse_pixel *pixel);

/* weights_fit() of the two kinds of tables, and of GAPS of LSTM and GRU; see inner.h. */
bool kws_gaps_fit(const uint8_t *weights, const kws_layer *layer, uint32_t taps, uint32_t outputs);
bool kws_blocks_fit(const uint8_t *weights, const kws_layer *layer, uint32_t taps,
                    uint32_t outputs);
bool kws_recurrent_gaps_fit(const uint8_t *weights, const kws_layer *layer, uint32_t taps,
                            uint32_t outputs);

/* Bytes of the values of count blocks. */
static inline uint32_t kws_blocks_values(uint32_t count, uint32_t bits)
{
    return (count * bits + 1) >> 1;
}

#define KWS_SPARSE_KERNEL(op, OP, kind, KIND, bits)                                                \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        row(call, r, kws_##kind##_w##bits);                                                        \
    }                                                                                              \
    const kws_kernel kws_##op##_##kind##_w##bits = {.id = KWS_KERNEL_##OP##_##KIND##_W##bits,      \
                                                    .pack = KWS_PACK_ANY,                          \
                                                    .fits = kws_sparse_##op##_fits,                \
                                                    .run = run_w##bits,                            \
                                                    .weights_fit = kws_##kind##_fit};

/* The four kernels of an operator and a kind of tables, by way of row(). */
#define KWS_SPARSE_KERNELS(op, OP, kind, KIND)                                                     \
    KWS_SPARSE_KERNEL(op, OP, kind, KIND, 8)                                                       \
    KWS_SPARSE_KERNEL(op, OP, kind, KIND, 4)                                                       \
    KWS_SPARSE_KERNEL(op, OP, kind, KIND, 3)                                                       \
    KWS_SPARSE_KERNEL(op, OP, kind, KIND, 2)

#endif
