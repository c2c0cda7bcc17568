/* SPDX-License-Identifier: Apache-2.0
 *
 * product_mve.h - outputs from patches: the C around the matrix product of matrix_mve.h, for CONV,
 * POINTWISE and DENSE.
 */
#ifndef KWS_PRODUCT_MVE_H
#define KWS_PRODUCT_MVE_H

#include "patch_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

/* Outputs go eight at a time; those left over have their weights one output behind the other. */
#define KWS_MVE_EIGHT 8u

/* acc and the products of an output left over, from weight k on of a plain stream, with a patch or,
 * if x is none, elements one behind the other. */
uint32_t kws_mve_dot(const uint8_t *weights, uint32_t bits, uint32_t k, const uint8_t *x,
                     bool patch, uint32_t taps, uint32_t acc);

/* The matrix product of one weight width. */
typedef struct kws_mve_product {
    void (*four)(kws_mve_four *work);
    void (*one)(kws_mve_one *work);
    uint32_t stream; /* bytes of a stream, by an output's elements */
    uint32_t even;   /* times what odd accumulators begin with, even ones do (matrix_code_mve.h) */
} kws_mve_product;

extern const kws_mve_product kws_mve_product_w8;
extern const kws_mve_product kws_mve_product_w4;
extern const kws_mve_product kws_mve_product_w3;
extern const kws_mve_product kws_mve_product_w2;

/* Places of scratch. */
typedef struct kws_mve_places {
    void    *work;
    uint8_t *patches;  /* of 4 pixels, or of 1 */
    uint8_t *unpacked; /* outputs of as many pixels, if they have less than 8 bits */
    uint8_t *line;     /* behind all that */
} kws_mve_places;

/* Pixels that are computed together. */
static inline uint32_t kws_mve_group(const kws_tensor *out)
{
    return out->width < 4 ? 1 : 4;
}

static inline uint32_t kws_mve_work_bytes(const kws_tensor *out)
{
    return kws_mve_group(out) == 4 ? sizeof(kws_mve_four) : sizeof(kws_mve_one);
}

static inline uint32_t kws_mve_unpacked_bytes(const kws_tensor *out)
{
    return out->bits == 8 ? 0 : kws_times(kws_mve_group(out), out->channels);
}

/* Of everything but line. */
static inline uint32_t kws_mve_scratch(const kws_tensor *out, uint32_t taps)
{
    const uint32_t patches = kws_times(kws_mve_group(out), kws_mve_patch_bytes(taps));
    return kws_plus(kws_mve_work_bytes(out), kws_plus(patches, kws_mve_unpacked_bytes(out)));
}

static inline kws_mve_places kws_mve_places_of(const kws_call *call, uint32_t taps)
{
    const uint32_t group = kws_mve_group(call->output);
    kws_mve_places places;
    places.work = call->scratch;
    places.patches = (uint8_t *)call->scratch + kws_mve_work_bytes(call->output);
    places.unpacked = places.patches + group * kws_mve_patch_bytes(taps);
    places.line = places.unpacked + kws_mve_unpacked_bytes(call->output);
    return places;
}

/* Bytes of the weights of count outputs. */
static inline uint32_t kws_mve_weights_bytes(uint32_t count, uint32_t taps, uint32_t bits,
                                             bool filled)
{
    const uint32_t packed = filled ? kws_mve_patch_bytes(taps) : taps;
    const uint32_t rest = kws_weights_bytes(kws_times(count % KWS_MVE_EIGHT, taps), bits);
    return kws_plus(kws_times(kws_times(count / KWS_MVE_EIGHT, packed), bits), rest);
}

/* All outputs of four pixels whose patches are in scratch and have these sums. */
void kws_mve_four_pixels(const kws_call *call, const kws_mve_product *product,
                         const kws_mve_places *places, uint32_t taps, const uint32_t sums[4],
                         uint8_t *pixel);

/* All outputs of one pixel. x is a patch; for DENSE it is the plain elements, and the weights of
 * the head are filled up to 16. */
void kws_mve_one_pixel(const kws_call *call, const kws_mve_product *product,
                       const kws_mve_places *places, const uint8_t *x, uint32_t taps, uint32_t sum,
                       uint8_t *pixel);

#define KWS_MVE_KERNEL(name, NAME, bits)                                                           \
    static void run_w##bits(const kws_call *call, uint32_t r)                                      \
    {                                                                                              \
        run_row(call, r, &kws_mve_product_w##bits);                                                \
    }                                                                                              \
    const kws_kernel kws_##name##_w##bits = {.id = KWS_KERNEL_##NAME##_W##bits,                    \
                                             .pack = KWS_PACK_MVE,                                 \
                                             .fits = fits,                                         \
                                             .run = run_w##bits};

/* The four kernels that one fits() and one run_row() serve. */
#define KWS_MVE_KERNELS(name, NAME)                                                                \
    KWS_MVE_KERNEL(name, NAME, 8)                                                                  \
    KWS_MVE_KERNEL(name, NAME, 4)                                                                  \
    KWS_MVE_KERNEL(name, NAME, 3)                                                                  \
    KWS_MVE_KERNEL(name, NAME, 2)

#endif
#endif
