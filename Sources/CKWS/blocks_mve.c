/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks_chains.h"

#if KWS_VARIANT == KWS_PACK_MVE

#include <arm_mve.h>

/* One window, 16 blocks a step: one gather of x serves 64 products. Lanes behind the last block are
 * not loaded, and count as 0.
 *
 * Assembly, since gcc 12 makes no loop with a predicated tail, and both compilers keep the sums in
 * memory: 12 instructions a step where clang takes 25. */
#define STEPS(loads, products, ...)                                                                \
    register uint32_t left __asm__("lr") = count;                                                  \
    __asm__("wlstp.8 %[left], %[left], 2f\n"                                                       \
            "1:\n\t"                                                                               \
            "vldrb.u8 q0, [%[i]], #16\n\t"                                                         \
            "vldrb.u8 q1, [%[x], q0]\n\t" loads "vaddva.u8 %[all], q1\n\t" products                \
            "letp %[left], 1b\n"                                                                   \
            "2:"                                                                                   \
            : [a] "+Te"(sums->of[0]), [b] "+Te"(sums->of[1]), [c] "+Te"(sums->of[2]),              \
              [d] "+Te"(sums->of[3]), [all] "+Te"(sums->all), [i] "+r"(i), [left] "+r"(left),      \
              __VA_ARGS__                                                                          \
            : [x] "r"(x)                                                                           \
            : "q0", "q1", "q2", "q3", "memory")

#define LOAD(vector, place) "vldrb.u8 " vector ", [%[" place "]], #16\n\t"
#define TIMES(sum, vector) "vmladava.u8 %[" sum "], q1, " vector "\n\t"
#define NEXT(vector, bits) "vshr.u8 " vector ", " vector ", #" bits "\n\t"

KWS_INLINED void window_w8(kws_chains *sums, const uint8_t *x, const uint8_t *i, uint32_t count)
{
    const uint8_t *a = i + count, *b = a + count, *c = b + count, *d = c + count;
    STEPS(LOAD("q2", "wa") LOAD("q3", "wb"),
          TIMES("a", "q2") TIMES("b", "q3") LOAD("q2", "wc") LOAD("q3", "wd") TIMES("c", "q2")
              TIMES("d", "q3"),
          [wa] "+r"(a), [wb] "+r"(b), [wc] "+r"(c), [wd] "+r"(d));
}

KWS_INLINED void window_w4(kws_chains *sums, const uint8_t *x, const uint8_t *i, uint32_t count)
{
    const uint8_t *ab = i + count, *cd = ab + count;
    STEPS(LOAD("q2", "ab") LOAD("q3", "cd"),
          TIMES("a", "q2") TIMES("c", "q3") NEXT("q2", "4") NEXT("q3", "4") TIMES("b", "q2")
              TIMES("d", "q3"),
          [ab] "+r"(ab), [cd] "+r"(cd));
}

KWS_INLINED void window_w2(kws_chains *sums, const uint8_t *x, const uint8_t *i, uint32_t count)
{
    const uint8_t *all = i + count;
    STEPS(LOAD("q2", "w"),
          TIMES("a", "q2") NEXT("q2", "2") TIMES("b", "q2") NEXT("q2", "2") TIMES("c", "q2")
              NEXT("q2", "2") TIMES("d", "q2"),
          [w] "+r"(all));
}

/* The lower two bits as blocks of 2 bits have them, then the highest ones: nibbles of two blocks a
 * byte. */
KWS_INLINED void window_w3(kws_chains *sums, const uint8_t *x, const uint8_t *i, uint32_t count)
{
    const uint8_t *high = i + 2 * count;
    window_w2(sums, x, i, count);
    for (uint32_t l = 0; l < count; l += 16, i += 16, high += 8) {
        const mve_pred16_t p = vctp8q(count - l);
        const uint8x16_t   g = vldrbq_gather_offset_z_u8(x, vldrbq_z_u8(i, p), p);
        const uint16x8_t   pairs = vldrbq_z_u16(high, vctp16q((count - l + 1) >> 1));
        uint8x16_t         n = vreinterpretq_u8_u16(vorrq_u16(pairs, vshlq_n_u16(pairs, 4)));
        n = vandq_u8(n, vdupq_n_u8(15));
        for (uint32_t o = 0; o < 4; o++) {
            sums->high[o] = vmladavaq_u8(sums->high[o], g, n);
            n = vshrq_n_u8(n, 1);
        }
    }
}

/* see sparse.h */
KWS_CHAINS_WIDTHS

#endif
