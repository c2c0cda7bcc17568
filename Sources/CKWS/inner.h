/* SPDX-License-Identifier: Apache-2.0
 *
 * inner.h - the kernel contract. Not installed; kernels and engine include it.
 *
 * A kernel is a const object `kws_<op>_<types>` in a file of its own, <op>_<variant>.c. The variant
 * (ref, later dsp, mve, ...) is chosen when the archive is built; the object's name stays.
 *
 * What the engine promises to run():
 *   - the layer passed fits() on these very tensors, and every range below lies in the block or the
 *     arena: in [0, in elements), out likewise, weights [0, weights_bytes), multipliers and biases
 *     [0, channels) as SPEC.md says, scratch [0, scratch_bytes);
 *   - in, in2, out, scratch and all tables are 4-byte aligned; in and out are disjoint or equal
 *     (equal only as SPEC.md 4.1 allows); scratch and tables overlap nothing.
 * What run() promises:
 *   - it writes out and scratch only, reads nothing else, returns the numbers of SPEC.md;
 *   - it calls kws_row_done() once for each row of its output, when the row is final;
 *   - it uses no heap, no global state, no recursion and at most KWS_KERNEL_STACK bytes of stack.
 */
#ifndef KWS_INNER_H
#define KWS_INNER_H

#include <stdbool.h>

#include "kws_model.h"

#define KWS_KERNEL_STACK 256

/* Pack of a kernel that reads no packed weights, and so goes with every block. */
#define KWS_PACK_ANY 0xFFFFu

/* All of libc that the library uses; a freestanding compiler has no <string.h>. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memset(void *to, int value, size_t bytes);

/* The observer of an instance, as kernels see it. */
typedef struct kws_observer {
    kws_row_observer call; /* NULL: nobody looks */
    void            *context;
    uint32_t         layer;
} kws_observer;

/* One kernel call with every offset resolved. */
typedef struct kws_call {
    const kws_layer  *layer;
    const kws_tensor *input, *input2, *output; /* shapes; input2 NULL unless ADD */
    const int8_t     *in, *in2;
    int8_t           *out;
    void             *scratch;
    const void       *weights;
    const int16_t    *multipliers;
    const int32_t    *biases;
    kws_observer      observer;
} kws_call;

/* What a layer needs, as its kernel computes it from the shapes. */
typedef struct kws_need {
    uint32_t weights_bytes; /* exactly */
    uint32_t channels;      /* multipliers and biases; 0: none */
    uint32_t multipliers;   /* if not equal to channels (ADD: 2 to 1), else 0 */
    uint32_t scratch_bytes; /* at least */
    bool     in_place;      /* in == out is allowed for this layer */
} kws_need;

struct kws_kernel {
    uint16_t id;   /* kws_kernel_id or kws_features_id */
    uint16_t pack; /* KWS_PACK_* of the weights it reads; KWS_PACK_ANY if it reads none */
    /* Layers: are these shapes and parameters ones that run() can take? Fills need. */
    bool (*fits)(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need);
    void (*run)(const kws_call *call);
    /* Front ends (NULL in layers); see front_end.h. */
    const struct kws_features *features;
};

/* Where a block's part begins. */
static inline const void *kws_part(const void *block, uint32_t offset)
{
    return (const uint8_t *)block + offset;
}

/* Elements of a tensor; the check made sure that the product fits. */
static inline uint32_t kws_elements(const kws_tensor *t)
{
    return (uint32_t)t->height * t->width * t->channels;
}

/* Reports one finished row of the output to the observer, if there is one. */
static inline void kws_row_done(const kws_call *call, uint32_t row)
{
    if (call->observer.call != NULL) {
        const uint32_t count = (uint32_t)call->output->width * call->output->channels;
        call->observer.call(call->observer.context, call->observer.layer, row,
                            call->out + row * count, count);
    }
}

#endif
