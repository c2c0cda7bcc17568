/* SPDX-License-Identifier: Apache-2.0
 *
 * As fft.c, four complex numbers a vector. All twiddles are even, so a product by half of one,
 * doubled, rounded and cut to its high half by VQRDMLSDH and VQRDMLADHX, is the product of SPEC.md.
 */
#include "front_end.h"

#if KWS_FRONT_END == KWS_FRONT_END_MVE

#include <arm_mve.h>

#define FOUR 4u

/* Into its caller, for size as well: four vectors would go through memory. */
#define INLINE static inline __attribute__((always_inline))

/* Two int16_t. */
typedef int32_t packed __attribute__((may_alias));

typedef struct quarters {
    int16x8_t a, b, c, d;
} quarters;

typedef struct turns {
    int16x8_t b, c, d;
} turns;

/* The sticky flag of saturation watches for parts outside -2^13 .. 2^13-1. Assembly, since the
 * compiler would drop a shift whose result nobody needs; one instruction instead of four. */
static inline void watch(int16x8_t z)
{
    __asm__ volatile("vqshl.s16 %q0, %q0, #2" : "+w"(z));
}

static inline void watch_clear(void)
{
    __asm__ volatile("vmsr fpscr_nzcvqc, %0" : : "r"(0));
}

/* Were all numbers that were watched small? */
static inline bool watch_small(void)
{
    uint32_t flags;
    __asm__ volatile("vmrs %0, fpscr_nzcvqc" : "=r"(flags));
    return (flags & 1u << 27) == 0;
}

static inline int16x8_t load(const packed *z)
{
    return vldrhq_s16((const int16_t *)z);
}

static inline void store(packed *z, int16x8_t v)
{
    vstrhq_s16((int16_t *)z, v);
}

/* z * w, halved and rounded; half is w / 2. Assembly, since gcc 12 first fills the result, in whose
 * even and odd lanes the two write. */
static inline int16x8_t turn(int16x8_t z, int16x8_t half)
{
    int16x8_t product;
    __asm__("vqrdmlsdh.s16 %q0, %q1, %q2\n\t"
            "vqrdmladhx.s16 %q0, %q1, %q2"
            : "=&w"(product)
            : "w"(z), "w"(half));
    return product;
}

static inline int16x8_t halve(int16x8_t w)
{
    return vshrq_n_s16(w, 1);
}

/* One twiddle in all lanes. */
static inline int16x8_t spread(packed w)
{
    return halve(vreinterpretq_s16_s32(vdupq_n_s32(w)));
}

/* The four outputs of e, o, p, q. */
INLINE quarters join(int16x8_t even, int16x8_t odd, int16x8_t sum, int16x8_t difference, bool half)
{
    return half
               ? (quarters){vhaddq_s16(even, sum), vhsubq_s16(even, sum),
                            vhcaddq_rot270_s16(odd, difference), vhcaddq_rot90_s16(odd, difference)}
               : (quarters){vaddq_s16(even, sum), vsubq_s16(even, sum),
                            vcaddq_rot270_s16(odd, difference), vcaddq_rot90_s16(odd, difference)};
}

/* Of numbers of which b, c and d are halved (and turned). */
INLINE quarters butterfly(quarters z, bool half)
{
    const int16x8_t a = vhaddq_n_s16(z.a, half ? 3 : 1);
    return join(vaddq_s16(a, z.c), vsubq_s16(a, z.c), vaddq_s16(z.b, z.d), vsubq_s16(z.b, z.d),
                half);
}

INLINE quarters halved(quarters z)
{
    return (quarters){z.a, vhaddq_n_s16(z.b, 1), vhaddq_n_s16(z.c, 1), vhaddq_n_s16(z.d, 1)};
}

INLINE quarters turned(quarters z, const turns *w)
{
    return (quarters){z.a, turn(z.b, w->b), turn(z.c, w->c), turn(z.d, w->d)};
}

INLINE quarters load_four(const packed *z, uint32_t pitch)
{
    return (quarters){load(z), load(z + pitch), load(z + 2 * pitch), load(z + 3 * pitch)};
}

INLINE void store_four(packed *z, uint32_t pitch, quarters v)
{
    store(z, v.a);
    watch(v.a);
    store(z + pitch, v.b);
    watch(v.b);
    store(z + 2 * pitch, v.c);
    watch(v.c);
    store(z + 3 * pitch, v.d);
    watch(v.d);
}

static void first_of_four(packed *z, uint32_t pitch)
{
    for (const packed *end = z + pitch; z < end; z += FOUR) {
        const quarters  v = load_four(z, pitch);
        const int16x8_t a = vaddq_n_s16(v.a, 2);
        store_four(z, pitch,
                   join(vhaddq_s16(a, v.c), vhsubq_s16(a, v.c), vhaddq_s16(v.b, v.d),
                        vhsubq_s16(v.b, v.d), true));
    }
}

static void first_of_two(packed *z, uint32_t pitch)
{
    for (const packed *end = z + pitch; z < end; z += FOUR) {
        const int16x8_t a = vaddq_n_s16(load(z), 1), b = load(z + pitch);
        const int16x8_t sum = vhaddq_s16(a, b), difference = vhsubq_s16(a, b);
        store(z, sum);
        watch(sum);
        store(z + pitch, difference);
        watch(difference);
    }
}

/* One level of groups of 4 * quarter points, quarter >= 4. */
INLINE void level(packed *z, uint32_t points, uint32_t quarter, const packed *w, bool half)
{
    const packed *end = z + points, *w23 = w + (points >> 1);
    for (uint32_t n = quarter / FOUR; n > 0; n--, z += FOUR) {
        store_four(z, quarter, butterfly(halved(load_four(z, quarter)), half));
    }
    for (z += 3 * quarter; z < end; z += 3 * quarter) {
        w23 += 2;
        const turns turn_by = {spread(*++w), spread(w23[0]), spread(w23[1])};
        uint32_t    n = quarter / FOUR;
        do {
            store_four(z, quarter, butterfly(turned(load_four(z, quarter), &turn_by), half));
            z += FOUR;
        } while (--n > 0);
    }
}

/* Four groups of the last level, of four points each: a lane a group, each with its twiddles. */
INLINE void four_groups(packed *z, const packed *w, const packed *w23, bool is_first, bool half)
{
    const int32x4x4_t v = vld4q_s32((const int32_t *)z);
    const int32x4x2_t w2 = vld2q_s32((const int32_t *)w23);
    const quarters    in = {vreinterpretq_s16_s32(v.val[0]), vreinterpretq_s16_s32(v.val[1]),
                            vreinterpretq_s16_s32(v.val[2]), vreinterpretq_s16_s32(v.val[3])};
    const turns       turn_by = {halve(load(w)), halve(vreinterpretq_s16_s32(w2.val[0])),
                                 halve(vreinterpretq_s16_s32(w2.val[1]))};
    quarters          t = turned(in, &turn_by);
    if (is_first) { /* group 0 is not turned */
        const mve_pred16_t lane = vctp32q(1);
        t.b = vhaddq_m_n_s16(t.b, in.b, 1, lane);
        t.c = vhaddq_m_n_s16(t.c, in.c, 1, lane);
        t.d = vhaddq_m_n_s16(t.d, in.d, 1, lane);
    }
    const quarters    out = butterfly(t, half);
    const int32x4x4_t all = {{vreinterpretq_s32_s16(out.a), vreinterpretq_s32_s16(out.b),
                              vreinterpretq_s32_s16(out.c), vreinterpretq_s32_s16(out.d)}};
    vst4q_s32((int32_t *)z, all);
    watch(out.a);
    watch(out.b);
    watch(out.c);
    watch(out.d);
}

INLINE void last(packed *z, uint32_t points, const packed *w, bool half)
{
    const packed *end = z + points, *w23 = w + (points >> 1);
    four_groups(z, w, w23, true, half);
    for (z += 4 * FOUR; z < end; z += 4 * FOUR) {
        w += FOUR;
        w23 += 2 * FOUR;
        four_groups(z, w, w23, false, half);
    }
}

/* Out of line, for the registers of each. */
static __attribute__((noinline)) void level_of_halves(packed *z, uint32_t points, uint32_t quarter,
                                                      const packed *w)
{
    if (quarter > 1) {
        level(z, points, quarter, w, false);
    } else {
        last(z, points, w, false);
    }
}

static __attribute__((noinline)) void level_of_quarters(packed *z, uint32_t points,
                                                        uint32_t quarter, const packed *w)
{
    if (quarter > 1) {
        level(z, points, quarter, w, true);
    } else {
        last(z, points, w, true);
    }
}

#include "fft_levels.h"

#endif
