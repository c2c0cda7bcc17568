/* SPDX-License-Identifier: Apache-2.0
 *
 * inner.h - the kernel contract. Not installed; kernels and engine include it.
 *
 * A kernel is a const object `kws_<op>_w<bits>`, <bits> those of a weight (0: none), in a file of
 * its own, <op>_<variant>.c. variant.h chooses the variant when the archive is built; the name
 * stays.
 *
 * A layer runs row by row. run(call, r) computes row r of the output, for r = 0, 1, ... in order;
 * if the kernel is by_input, it takes in row r of the input, and the output is there after the
 * last. In a chain the rows of several layers take turns, and a tensor has slots for just those
 * rows that its reader still needs (SPEC.md, section 4.1): kws_row() finds a row.
 *
 * What the engine promises to run():
 *   - the layer passed fits() on these very tensors (but that the height of what a streamed layer
 *     reads is more than its slots), and every range below lies in the block or the arena: the
 *     slots of in and out, weights [0, weights_bytes), multipliers and biases [0, channels) as
 *     SPEC.md says, scratch [0, scratch_bytes), which nobody else writes between
 *     the layer's first row and its last if the kernel is by_input (of a STATEFUL layer, from one
 *     inference to the next), during one run() otherwise;
 *   - the rows of the input that row r needs are there: r*sh - pt .. r*sh - pt + kh - 1, as far as
 *     they lie inside;
 *   - scratch, all tables and slot 0 of each tensor are 4-byte aligned (in, in2 and out of a
 *     streamed layer are slots behind it); in and out are disjoint, or out trails in (only if
 *     need.in_place): row r of the output lies where row r - need.lag of the input did; scratch and
 *     tables overlap nothing.
 *
 * What run() promises:
 *   - it writes this row of out and scratch only, reads nothing else, returns the numbers of
 * SPEC.md;
 *   - it uses no heap, no global state, no recursion and, with all that it calls, at most
 *     KWS_KERNEL_STACK bytes of stack.
 */
#ifndef KWS_INNER_H
#define KWS_INNER_H

#include <stdbool.h>

#include "kws_model.h"
#include "variant.h"

#define KWS_KERNEL_STACK 480

/* Functions that are not copied into their callers, whose stack would grow. */
#define KWS_APART __attribute__((noinline, unused)) static

/* Small rather than fast, as befits what is rare or short; and never copied into its caller, which
 * would keep both on the stack at once. */
#ifdef __clang__
#define KWS_LEAN __attribute__((minsize))
#else
#define KWS_LEAN __attribute__((optimize("Os")))
#endif
#define KWS_SMALL KWS_LEAN __attribute__((noinline))

/* In a loop that is seldom long: has clang not unroll it; v is its variable. */
#define KWS_KEEP_LOOP(v) __asm__("" : "+r"(v))

/* Pack of a kernel that reads no packed weights, and so goes with every block. */
#define KWS_PACK_ANY 0xFFFFu

/* All of libc that the library uses; a freestanding compiler has no <string.h>. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);

/* One layer with its places resolved. */
typedef struct kws_call {
    const void       *block;
    const kws_layer  *layer;
    const kws_tensor *input, *output; /* shapes */
    const uint8_t    *in;             /* slot 0; of a row that comes by itself its window's */
    uint8_t          *out;
    void             *scratch;
    const kws_tensor *input2; /* of ADD */
    const uint8_t    *in2;
    bool              fresh; /* the first inference since a reset */
} kws_call;

/* What a layer needs, as its kernel computes it from the shapes. */
typedef struct kws_need {
    uint32_t weights_bytes; /* exactly; whatever weights_fit() takes if the kernel has that */
    uint32_t taps;          /* values an output, or an input, for weights_fit() */
    uint32_t channels;      /* multipliers and biases; 0: none */
    uint32_t multipliers;   /* if not equal to channels (ADD: 2, SOFTMAX: 1), else 0 */
    uint32_t scratch_bytes; /* at least */
    bool     in_place;      /* the output may trail the input by lag rows */
    uint32_t lag;
    bool     alias; /* the output is the input, in another shape */
} kws_need;

struct kws_kernel {
    uint16_t id;       /* kws_kernel_id, kws_features_id or kws_detection_id */
    uint16_t pack;     /* KWS_PACK_* of the weights it reads; KWS_PACK_ANY if it reads none */
    bool     by_input; /* run() counts rows of the input */
    /* Layers: are these shapes and parameters ones that run() can take? Fills need, which is zero.
     */
    bool (*fits)(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need);
    void (*run)(const kws_call *call, uint32_t row);
    /* Tables whose bytes say where to read, else NULL: do they end where they should, and lead
     * nowhere but into the taps of an input? outputs: channels of the output. */
    bool (*weights_fit)(const uint8_t *weights, const kws_layer *layer, uint32_t taps,
                        uint32_t outputs);
    /* What is no layer (NULL there). The id says which: */
    union {
        const struct kws_features *features; /* kws_features_id; see front_end.h */
        const struct kws_gate     *gate;     /* KWS_DETECTION_ENERGY; see detector.h */
        const struct kws_phrases  *phrases;  /* KWS_DETECTION_PHRASES; likewise */
    };
};

/* Where a block's part begins. */
static inline const void *kws_part(const void *block, uint32_t offset)
{
    return (const uint8_t *)block + offset;
}

static inline const void *kws_weights(const kws_call *call)
{
    return kws_part(call->block, call->layer->weights_offset);
}

static inline const int16_t *kws_multipliers(const kws_call *call)
{
    return kws_part(call->block, call->layer->multipliers_offset);
}

static inline const int32_t *kws_biases(const kws_call *call)
{
    return kws_part(call->block, call->layer->biases_offset);
}

/* Elements of a tensor; the check made sure that the product fits. */
static inline uint32_t kws_elements(const kws_tensor *t)
{
    return (uint32_t)t->height * t->width * t->channels;
}

/* Bytes of one pixel, and of one row. */
static inline uint32_t kws_pixel_bytes(const kws_tensor *t)
{
    return ((uint32_t)t->channels * t->bits + 7u) >> 3;
}

static inline uint32_t kws_row_bytes(const kws_tensor *t)
{
    return t->width * kws_pixel_bytes(t);
}

/* Bytes of all slots. */
static inline uint32_t kws_slot_bytes(const kws_tensor *t)
{
    return t->rows * kws_row_bytes(t);
}

/* Offset of row r from slot 0. */
static inline uint32_t kws_row(const kws_tensor *t, uint32_t row)
{
    uint32_t slot = row + t->phase;
    while (slot >= t->rows) {
        slot -= t->rows;
    }
    return slot * kws_row_bytes(t);
}

#endif
