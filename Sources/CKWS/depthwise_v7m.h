/* SPDX-License-Identifier: Apache-2.0
 *
 * depthwise_v7m.h - the cores of the Armv7-M depthwise kernels, for some channels of a row.
 */
#ifndef KWS_DEPTHWISE_V7M_H
#define KWS_DEPTHWISE_V7M_H

#include "inner.h"

/* The assembly knows the offsets. Places are those of the channel behind the last. */
typedef struct kws_v7m_dw {
    const uint8_t *rows[3]; /* that the kernel's rows stand on; NULL behind the last of them */
    uint8_t       *y;
    const int16_t *multipliers;
    const int32_t *biases;
    uint32_t       shift;
    const uint8_t *weights; /* of less than 8 bits */
    uint32_t       first;   /* first channel less the channel behind the last; negative */
    uint32_t       pixel;   /* bytes from one column to the next */
    uint32_t       begin;   /* address of the first weight; its bit number if of less than 8 bits */
} kws_v7m_dw;

typedef void kws_v7m_dw_core(const kws_v7m_dw *dw);

/* Those for narrow weights read five bytes from a channel's first weight on (four if of 2 bits). */
#define KWS_V7M_DW3_READS 5u

/* Is the layer one for the cores of three taps and five columns? */
static inline bool kws_v7m_dw3_fits(const kws_layer *layer, const kws_tensor *in,
                                    const kws_tensor *out)
{
    return layer->kernel_width == 3 && layer->kernel_height == 3 && layer->stride_width == 1 &&
           layer->pad_left == 1 && in->width == 5 && out->width == 5 && in->bits == 8 &&
           out->bits == 8 && in->channels == out->channels && in->zero_point == 0;
}

/* Row r of such a layer. Returns whether it sees a row of the input: without one it does nothing.
 */
bool kws_v7m_run_dw3(const kws_call *call, uint32_t r, kws_v7m_dw_core *core);

/* Five columns, rows of three taps that begin a column to the left, input as wide as the output. */
void kws_v7m_dw3_w8(const kws_v7m_dw *dw);
void kws_v7m_dw3_w4(const kws_v7m_dw *dw);
void kws_v7m_dw3_w3(const kws_v7m_dw *dw);
void kws_v7m_dw3_w2(const kws_v7m_dw *dw);

#endif
