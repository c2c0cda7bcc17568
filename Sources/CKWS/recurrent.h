/* SPDX-License-Identifier: Apache-2.0
 *
 * recurrent.h - what LSTM and GRU share (SPEC.md, section 4.4).
 */
#ifndef KWS_RECURRENT_H
#define KWS_RECURRENT_H

#include "gate_rows.h"

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

/* A step, at the beginning of the scratch: what lies where behind it, and sizes. */
typedef struct KWS_IN_SCRATCH kws_step {
    const kws_call      *call;
    const kws_gate_core *core;
    int16_t             *gates; /* [2][KWS_GATE_ROWS], GRU */
    int16_t             *state; /* [units] */
    uint8_t             *x;     /* vector of [inputs]: this row's elements */
    uint8_t             *h;     /* vector of [outputs]: the output of the step before */
    uint8_t             *codes; /* [units], or a vector of them: what the units make of it */
    uint32_t             inputs, outputs, units;
    uint32_t             rows; /* gates * units */
    /* weights: of the next rows; t: pre-activations before their shift, [KWS_GATE_ROWS] */
    kws_gate_rows product;
} kws_step;

/* Bytes of a step and the room behind it, as SPEC.md has them. */
#define KWS_STEP_BYTES (KWS_VARIANT == KWS_PACK_PORTABLE ? 132u : 80u + KWS_GATE_ROOM)

_Static_assert(sizeof(kws_step) + KWS_GATE_ROOM <= KWS_STEP_BYTES, "a step has its room");

/* fits() of a layer of so many gates, whose rows are cut in so many parts, without its own fields;
 * products: is there one with the codes? */
bool kws_recurrent_fits(const kws_gate_core *core, const kws_layer *layer, const kws_tensor *in,
                        const kws_tensor *in2, const kws_tensor *out, uint32_t gates,
                        uint32_t parts, bool products, kws_need *need);

/* Bytes of all rows of a matrix, as they are cut; 0 if their table says it. */
uint32_t kws_gate_matrix_bytes(const kws_gate_core *core, uint32_t rows, uint32_t columns);

/* Takes in the row of a step; the first one finds a state of 0, or
 * the last inference's if the layer is STATEFUL. */
kws_step *kws_step_begin(const kws_gate_core *core, const kws_call *call, uint32_t step,
                         uint32_t gates);

/* Makes a vector of elements. */
void kws_step_vector(const kws_step *s, uint8_t *elements, uint32_t columns);

/* t of the next rows in the table, number row .. row+rows-1: their sums over x, rescaled, and their
 * biases. */
void kws_step_input(kws_step *s, uint32_t row, uint32_t rows);

/* b + the same over v, h or what takes its place. */
void kws_step_own(kws_step *s, uint32_t row, uint32_t rows, const uint8_t *v, const int32_t *b);

/* Both. */
void kws_step_rows(kws_step *s, uint32_t row, uint32_t rows, const uint8_t *v);

/* t of the next rows of a matrix by the vector: all else of the product is set. */
void kws_step_multiply(kws_step *s, uint32_t rows);

/* Writes the row of the output that belongs to a step. */
void kws_step_end(const kws_step *s, uint32_t step);

/* The pre-activation of number i of the rows at hand. */
static inline int32_t kws_step_gate(const kws_step *s, uint32_t i)
{
    return kws_sat16(s->product.t[i] >> s->call->layer->shift);
}

/* int16 as a byte of the output or of what is projected. */
static inline uint8_t kws_step_code(const kws_step *s, int32_t v)
{
    /* |sum| <= 2^15 * 2^15 + 2^30 - 1 */
    const int32_t sum = kws_mac(kws_biases(s->call)[0], v, kws_multipliers(s->call)[0]);
    return (uint8_t)kws_clip(sum >> kws_code_shift(s->call->layer), 8);
}

#define KWS_RECURRENT_OF_WIDTH(cell, kernel, KERNEL, gates, order, check, bits)                    \
    static bool fits_w##bits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,  \
                             const kws_tensor *out, kws_need *need)                                \
    {                                                                                              \
        return kws_##cell##_fits(&gates##_w##bits, layer, in, in2, out, need);                     \
    }                                                                                              \
    static void run_w##bits(const kws_call *call, uint32_t step)                                   \
    {                                                                                              \
        kws_##cell##_run(&gates##_w##bits, call, step);                                            \
    }                                                                                              \
    const kws_kernel kws_##kernel##_w##bits = {.id = KWS_KERNEL_##KERNEL##_W##bits,                \
                                               .pack = order,                                      \
                                               .by_input = true,                                   \
                                               .fits = fits_w##bits,                               \
                                               .run = run_w##bits,                                 \
                                               .weights_fit = check};

#define KWS_RECURRENT_KERNELS(cell, kernel, KERNEL, gates, order, check)                           \
    KWS_RECURRENT_OF_WIDTH(cell, kernel, KERNEL, gates, order, check, 8)                           \
    KWS_RECURRENT_OF_WIDTH(cell, kernel, KERNEL, gates, order, check, 4)                           \
    KWS_RECURRENT_OF_WIDTH(cell, kernel, KERNEL, gates, order, check, 3)                           \
    KWS_RECURRENT_OF_WIDTH(cell, kernel, KERNEL, gates, order, check, 2)

/* The four kernels of a cell with packed weights, and with those of GAPS. */
#define KWS_RECURRENT_DENSE(cell, CELL)                                                            \
    KWS_RECURRENT_KERNELS(cell, cell, CELL, kws_gates, KWS_VARIANT, NULL)
#define KWS_RECURRENT_GAPS(cell, CELL)                                                             \
    KWS_RECURRENT_KERNELS(cell, cell##_gaps, CELL##_GAPS, kws_gaps_gates, KWS_PACK_ANY,            \
                          kws_recurrent_gaps_fit)

#endif
