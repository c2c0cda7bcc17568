/* SPDX-License-Identifier: Apache-2.0
 *
 * As bins.c, four bins a vector: those of the twiddles g .. g + 3. Their numbers are the bits of g
 * reversed, plus those of 0 .. 3 reversed, at which a scatter stores magnitudes. Powers stay at the
 * places of the numbers that they come from: bands_mve.c finds them.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_MVE

#include <arm_mve.h>

#include "bit_reversed.h"
#include "kws_fixed.h"

#define FOUR 4u

/* Two int16_t. */
typedef int32_t packed __attribute__((may_alias));

/* Of one transform. */
typedef struct bins {
    packed       *z;
    const packed *w;
    uint16_t     *magnitudes;
    uint32_t      points;
    uint32x4_t    places;    /* of 0 .. 3, reversed */
    int16x8_t     conjugate; /* factor, -factor, ... */
    int16_t       factor;    /* 2 where sums are to stay, 1 where they are halved */
} bins;

/* kws_root() of four numbers. */
static inline uint32x4_t roots(uint32x4_t u)
{
    const uint16_t  *table = (const uint16_t *)((uintptr_t)kws_root_table - 2 * 64);
    const uint32x4_t odd = vorrq_n_u32(u, 1);
    const int32x4_t  even = vreinterpretq_s32_u32(vbicq_n_u32(vclzq_u32(odd), 1)); /* 2 n */
    const uint32x4_t byte = vshrq_n_u32(vshlq_u32(odd, even), 24);
    const uint32x4_t root = vldrhq_gather_shifted_offset_u32(table, byte);
    return vshlq_u32(root, vhsubq_s32(vdupq_n_s32(2), even)); /* 1 - n */
}

static inline uint32x4_t squares(int16x8_t x)
{
    return vreinterpretq_u32_s32(vaddq_s32(vmullbq_int_s16(x, x), vmulltq_int_s16(x, x)));
}

/* The magnitudes of four numbers into places from k on. */
static inline void put(const bins *b, uint32_t k, uint32x4_t places, int16x8_t x)
{
    vstrhq_scatter_shifted_offset_u32(b->magnitudes + k, places, roots(squares(x)));
}

/* The powers of four numbers to where they came from. */
static inline void put_back(packed *z, uint32x4_t places, int16x8_t x)
{
    vstrwq_scatter_shifted_offset_u32((uint32_t *)z, places, vshlq_n_u32(squares(x), 2));
}

/* The level of bin k, whose power goes to this place. */
static void put_one(const bins *b, bool power, uint32_t k, uint32_t place, int32_t re, int32_t im)
{
    const uint32_t square = (uint32_t)kws_mac(kws_mac(0, re, re), im, im);
    if (power) {
        b->z[place] = (packed)(4 * square);
    } else {
        b->magnitudes[k] = (uint16_t)kws_root(square);
    }
}

static inline int16x8_t gather(const packed *z, uint32x4_t places)
{
    return vreinterpretq_s16_s32(vldrwq_gather_shifted_offset_s32((const int32_t *)z, places));
}

/* Bins g .. g + 3 from even places of the transform, counted from even on, and their mirror images.
 */
static inline void four(const bins *b, bool power, bool all, uint32_t g, packed *even,
                        packed *mirrored, uint32x4_t down)
{
    const uint32x4_t up = {0, 2, 4, 6};
    const int16x8_t  low = vmulq_n_s16(gather(even, up), b->factor);
    const int16x8_t  high = vmulq_s16(gather(mirrored, down), b->conjugate);
    const int16x8_t  p = vhaddq_n_s16(vhaddq_s16(low, high), 1), q = vhsubq_s16(low, high);
    /* twiddles are even; see fft_mve.c */
    const int16x8_t w = vshrq_n_s16(vldrhq_s16((const int16_t *)(b->w + g)), 1);
    const int16x8_t odd = vqrdmladhxq_s16(vqrdmlsdhq_s16(vuninitializedq_s16(), q, w), q, w);
    const uint32_t  k = kws_reversed(g) >> (__builtin_clz(b->points) + 2);
    if (power) {
        put_back(even, up, vcaddq_rot270_s16(p, odd));
    } else {
        put(b, k, b->places, vcaddq_rot270_s16(p, odd));
    }
    if (all && power) {
        put_back(mirrored, down, vcaddq_rot90_s16(p, odd));
    } else if (all) {
        put(b, b->points - k, vreinterpretq_u32_s32(vnegq_s32(vreinterpretq_s32_u32(b->places))),
            vcaddq_rot90_s16(p, odd));
    }
}

static inline __attribute__((always_inline)) void run(const bins *b, bool power, bool all)
{
    const uint32x4_t down = {7, 5, 3, 1}, first = {1, 3, 7, 5};
    uint32_t         g = FOUR;
    four(b, power, all, 0, b->z, b->z, first); /* of bin 0 it makes nonsense */
    for (uint32_t block = 2 * FOUR; block < b->points; block <<= 1) {
        packed *low = b->z + block, *high = low + block - 2 * FOUR;
        for (const packed *end = low + block; low < end; low += 2 * FOUR, high -= 2 * FOUR) {
            four(b, power, all, g, low, high, down);
            g += FOUR;
        }
    }
}

/* see front_end.h */
void kws_bins(const kws_frame *frame, bool small, bool all)
{
    const uint32_t points = frame->front_end->fft_points >> 1, half = small ? 0 : 1;
    int16_t       *z = frame->spectrum;
    const int32_t  re0 = z[0], im0 = z[1], re1 = z[2], im1 = z[3];
    const bool     power = frame->front_end->spectrum == KWS_SPECTRUM_POWER;
    const int16_t  factor = small ? 2 : 1;
    const bins     b = {.z = (packed *)(void *)z,
                        .w = kws_part(frame->block, frame->front_end->twiddles_offset),
                        .magnitudes = (uint16_t *)(void *)(z + 2 * points),
                        .points = points,
                        .places = (uint32x4_t){0, points >> 2, points >> 3, 3 * (points >> 3)},
                        .conjugate = vreinterpretq_s16_u32(
                            vdupq_n_u32(((uint32_t)(uint16_t)-factor << 16) | (uint16_t)factor)),
                        .factor = factor};
    if (power) {
        if (all) {
            run(&b, true, true);
        } else {
            run(&b, true, false);
        }
    } else if (all) {
        run(&b, false, true);
    } else {
        run(&b, false, false);
    }
    put_one(&b, power, 0, 0, (re0 + im0) >> half, 0);
    put_one(&b, power, points, points, (re0 - im0) >> half, 0);
    put_one(&b, power, points >> 1, 1, re1 >> half, im1 >> half);
}

#endif
