/* SPDX-License-Identifier: Apache-2.0
 *
 * Weights in the order that a kernel variant reads them: SPEC.md, section 4.2. Each order has a
 * file of its own, pack_<variant>.c; without it run_on_cores.sh runs the portable kernels.
 */
#ifndef KWS_TEST_PACK_H
#define KWS_TEST_PACK_H

#include <stdbool.h>

#include "kws_model.h"

/* The weights of a layer, w[o][k]. */
typedef struct matrix {
    const kws_layer  *layer; /* kernel and window; its offsets are not set */
    const kws_tensor *in, *out;
    uint32_t          outputs, taps, bits;
    const int8_t     *w;
} matrix;

static inline int32_t matrix_at(const matrix *m, uint32_t o, uint32_t k)
{
    return m->w[o * m->taps + k];
}

/* Stored weights, a bit after the other. */
typedef struct bit_stream {
    uint8_t *bytes; /* zero where nothing was written */
    uint32_t bits;  /* written so far */
} bit_stream;

void bit_stream_put(bit_stream *s, uint32_t value, uint32_t bits);

/* Writes the weights in the order of the library under test, KWS_VARIANT, into bytes, which are
 * zero and 64 + 16 times as many as there are weights; returns how many were used. */
uint32_t pack(const matrix *m, uint8_t *bytes);

uint32_t pack_portable(const matrix *m, uint8_t *bytes);
uint32_t pack_v6m(const matrix *m, uint8_t *bytes);
uint32_t pack_v7m(const matrix *m, uint8_t *bytes);
uint32_t pack_dsp(const matrix *m, uint8_t *bytes);
uint32_t pack_mve(const matrix *m, uint8_t *bytes);

/* Sparse tables, the same for every variant: section 4.3. */
uint32_t pack_gaps(const matrix *m, uint8_t *bytes);
uint32_t pack_blocks(const matrix *m, uint8_t *bytes);

#endif
