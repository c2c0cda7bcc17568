/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix_v7m.h - the matrix core of the Armv7-M kernels: packed weights times the patches of a few
 * neighbouring outputs. rows_v7m.c calls it; matrix_w<bits>_v7m.c are the cores.
 */
#ifndef KWS_MATRIX_V7M_H
#define KWS_MATRIX_V7M_H

#include "inner.h"

/* Groups of four outputs, of a tile of pixels. The assembly knows the offsets. */
typedef struct kws_v7m_tile {
    uint32_t        init[6];     /* what the accumulators begin with */
    const uint32_t *patch;       /* of this chunk of taps */
    const uint32_t *patch_end;   /* behind it */
    uint32_t        shift;       /* of the requantisation */
    const int16_t  *multipliers; /* of the next group */
    const int32_t  *biases;
    uint8_t        *y[4];    /* of the next group, a place a pixel; written from the last one on */
    uint8_t        *y_end;   /* y[0] behind the last group */
    const uint8_t  *weights; /* of the next group, from this chunk on */
    uint32_t        skip;    /* bytes of a group's weights outside this chunk */
    int32_t        *sums;    /* of the chunks so far if there are several, else NULL */
    uint32_t        last;    /* is this the last chunk? */
} kws_v7m_tile;

typedef void kws_v7m_core(kws_v7m_tile *tile);

/* How the cores of a weight width want their operands. */
typedef struct kws_v7m_width {
    kws_v7m_core *many, *one; /* two pixels at a time (8 bits) or four; one */
    uint8_t       bits;       /* of a weight */
} kws_v7m_width;

extern const kws_v7m_width kws_v7m_w8, kws_v7m_w4, kws_v7m_w3, kws_v7m_w2;

#endif
