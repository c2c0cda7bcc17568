/* SPDX-License-Identifier: Apache-2.0
 *
 * instance.h - what lies in the caller's memory: struct kws, then the parts of SPEC.md, section 7.
 */
#ifndef KWS_INSTANCE_H
#define KWS_INSTANCE_H

#include "front_end.h"
#include "inner.h"

/* Orders memory accesses before it and after it, for the compiler and for a second core. One
 * instruction everywhere, no library call. */
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define KWS_BARRIER() __asm__ volatile("dmb" ::: "memory")
#else
#define KWS_BARRIER() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif

/* Pointers in an instance need no more than KWS_ALIGNMENT, where they have 8 bytes too. */
typedef const kws_model *kws_model_pointer __attribute__((aligned(KWS_ALIGNMENT)));
typedef kws_row_observer kws_observer_pointer __attribute__((aligned(KWS_ALIGNMENT)));
typedef void            *kws_context_pointer __attribute__((aligned(KWS_ALIGNMENT)));

/* Where the parts begin: bytes from the start of the instance; those of the front end and the
 * detector are absent without them. */
typedef struct kws_layout {
    uint32_t rows, state, history, thresholds, bands, work;
} kws_layout;

struct kws {
    kws_model_pointer    model;
    kws_observer_pointer observer;
    kws_context_pointer  context;

    /* The producer, kws_push(), writes these and nothing else ... */
    volatile uint32_t pushed;   /* samples taken since reset, mod 2^32 */
    volatile uint32_t overruns; /* samples refused */
    uint32_t          write;    /* place in the ring of the next sample, 0 .. capacity - 1 */

    /* ... and the consumer these. */
    volatile uint32_t released; /* samples that may be overwritten, mod 2^32 */
    uint32_t          read;     /* place in the ring of the oldest sample that is kept */
    uint32_t          kept;     /* samples kept that were processed, at most hop * L + 1 */

    kws_layout parts;

    uint16_t until_inference; /* steps, 1 .. */
    uint16_t lockout;         /* steps during which nothing fires, from the next one on */
    uint16_t row_slot;        /* of the next frame's row, thus of the oldest one */
    uint16_t peak_slot;       /* of the next hop's largest sample */
    uint16_t history_slot;    /* of the next posteriors */
    bool     due : 1;         /* an inference stands before the next step */
    bool     locked : 1;      /* the current step lies in a lock-out */
    bool     fresh : 1;       /* there was no inference yet */
};

_Static_assert(sizeof(struct kws) == KWS_INSTANCE_BYTES, "KWS_INSTANCE_BYTES is exact");
_Static_assert(_Alignof(struct kws) == KWS_ALIGNMENT, "an instance may lie where callers put it");

/* Parts of a block and an instance. The model was checked. */
static inline const kws_block_header *kws_header(const kws_model *model)
{
    return model->block;
}

/* NULL without a front end. */
static inline const kws_front_end *kws_front_end_of(const kws_model *model)
{
    const uint32_t offset = kws_header(model)->front_end_offset;
    return offset != 0 ? kws_part(model->block, offset) : NULL;
}

/* NULL without a detector. */
static inline const kws_detector *kws_detector_of(const kws_model *model)
{
    const uint32_t offset = kws_header(model)->detector_offset;
    return offset != 0 ? kws_part(model->block, offset) : NULL;
}

static inline const kws_tensor *kws_tensors(const kws_model *model)
{
    return kws_part(model->block, kws_header(model)->tensors_offset);
}

static inline const kws_layer *kws_layers(const kws_model *model)
{
    return kws_part(model->block, kws_header(model)->layers_offset);
}

static inline void *kws_place(const kws *k, uint32_t offset)
{
    return (uint8_t *)(uintptr_t)k + offset;
}

/* The kernel with this id in the dispatch array, or NULL. */
const kws_kernel *kws_find_kernel(const kws_model *model, uint32_t id);

/* The kernel of a layer, most often found at once. */
static inline const kws_kernel *kws_kernel_of(const kws *k, const kws_layer *layer)
{
    const kws_model *model = k->model;
    if (layer->dispatch < model->kernel_count) {
        const kws_kernel *kernel = model->kernels[layer->dispatch];
        if (kernel != NULL && kernel->id == layer->kernel) {
            return kernel;
        }
    }
    return kws_find_kernel(model, layer->kernel);
}

/* Lays out an instance; returns its bytes, UINT32_MAX if they are too many. */
uint32_t kws_layout_of(const kws_model *model, kws_layout *parts);

/* A tensor has fewer rows. */
#define KWS_HEIGHT_LIMIT 65535u

/* What a chain keeps of each layer. */
#define KWS_PROGRESS_BYTES 4u

/* Runs all layers from this one on; returns the scores in the arena. */
const uint8_t *kws_run_layers(const kws *k, uint32_t first);

/* Runs the network on the whole input in tensor 0; returns the scores in the arena. */
const uint8_t *kws_run_window(const kws *k);

#endif
