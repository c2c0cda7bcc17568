/* SPDX-License-Identifier: Apache-2.0
 *
 * recurrent.h - what LSTM and GRU share (SPEC.md, section 4.4).
 */
#ifndef KWS_RECURRENT_H
#define KWS_RECURRENT_H

#include "packed.h"

/* The geometry fields of a recurrent layer. */
static inline uint32_t kws_units(const kws_layer *layer)
{
    return layer->kernel_height;
}

static inline bool kws_has(const kws_layer *layer, uint32_t flag)
{
    return (layer->kernel_width & flag) != 0;
}

/* k: the state counts 2^(k-15). */
static inline uint32_t kws_state_range(const kws_layer *layer)
{
    return layer->stride_height;
}

/* By how many bits sums over the input, and over the layer's own output, are lifted. */
static inline uint32_t kws_lift_in(const kws_layer *layer)
{
    return layer->stride_width & 255u;
}

static inline uint32_t kws_lift_own(const kws_layer *layer)
{
    return (uint32_t)layer->stride_width >> 8;
}

static inline uint32_t kws_code_shift(const kws_layer *layer)
{
    return layer->pad_left & 255u;
}

static inline uint32_t kws_projection_shift(const kws_layer *layer)
{
    return (uint32_t)layer->pad_left >> 8;
}

/* A step: what of it lies where in the scratch, and sizes. */
typedef struct kws_step {
    const kws_call *call;
    int16_t        *state; /* [units] */
    uint8_t        *x;     /* [inputs]: this row's elements, a byte each */
    uint8_t        *h;     /* [outputs]: the output of the step before */
    uint8_t        *codes; /* [units]: what the units make of it */
    uint32_t        inputs, outputs, units;
    uint32_t        rows; /* gates * units */
} kws_step;

/* fits() of a layer of so many gates, without its own fields. */
bool kws_recurrent_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                        const kws_tensor *out, uint32_t gates, kws_need *need);

/* Takes in the row of a step; the first one finds a state of 0. */
void kws_step_begin(kws_step *s, const kws_call *call, uint32_t step, uint32_t gates);

/* Writes the row of the output that belongs to a step. */
void kws_step_end(const kws_step *s, uint32_t step);

/* Sum of count weights from number k on times v. */
int32_t kws_step_dot(const kws_step *s, uint32_t k, const uint8_t *v, uint32_t count);

/* The rescaled sums of a row of the gates over x, and over h or what takes its place. */
int32_t kws_step_input(const kws_step *s, uint32_t row);
int32_t kws_step_own(const kws_step *s, uint32_t row, const uint8_t *h);

/* A row's pre-activation. */
int32_t kws_step_gate(const kws_step *s, uint32_t row, const uint8_t *h);

/* int16 as a byte of the output or of what is projected. */
uint8_t kws_step_code(const kws_step *s, int32_t v);

#define KWS_RECURRENT_OF_WIDTH(name, NAME, bits)                                                   \
    const kws_kernel kws_##name##_w##bits = {.id = KWS_KERNEL_##NAME##_W##bits,                    \
                                             .pack = KWS_PACK_ANY,                                 \
                                             .by_input = true,                                     \
                                             .fits = fits,                                         \
                                             .run = run};

/* The four kernels that one fits() and one run() serve. */
#define KWS_RECURRENT_OF_EVERY_WIDTH(name, NAME)                                                   \
    KWS_RECURRENT_OF_WIDTH(name, NAME, 8)                                                          \
    KWS_RECURRENT_OF_WIDTH(name, NAME, 4)                                                          \
    KWS_RECURRENT_OF_WIDTH(name, NAME, 3)                                                          \
    KWS_RECURRENT_OF_WIDTH(name, NAME, 2)

#endif
