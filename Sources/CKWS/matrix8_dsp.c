/* SPDX-License-Identifier: Apache-2.0
 *
 * 8-bit weights times 1, 2 or 3 pixels, two outputs at a time.
 *
 * A halfword of weights is h = (a + 128) + 256 b, a and b the weights of two outputs for one tap;
 * so one SMLAD of a word as it was loaded and one of its low bytes, widened by UXTB16, serve
 * both outputs and two taps: D = sum h x, E = sum (a + 128) x. They begin with -128 sum x; then
 * E = sum a x and D - E = 256 sum b x, exactly: |256 sum b x| < 2^31 for 256 taps.
 * To take 256 out again costs nothing: SMMLA has m shifted left by 8 and drops 2^32, not 2^16.
 *
 * Instructions per MAC of the loop, and cycles of a Cortex-M4 (LDM: 1 + words):
 *   3 pixels  17/24 = 0.71  25/24 = 1.04
 *   2 pixels  23/32 = 0.72  35/32 = 1.09
 *   1 pixel   14/16 = 0.88  22/16 = 1.38
 * Widening both weights by SXTB16 would take 18/24 and 4 registers more for the same block.
 * A pair of results takes 9 instructions: SUB, SMMLA, SMLAWB, two ASR, two USAT, ORR, STRH. Of one
 * pixel ASR and SMLAWT take the place of SMMLA and of the two that make m << 8.
 */
#include "matrix_asm_dsp.h"
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

/* Requantises D, E of a pixel to the halfword of two outputs, in E. */
#define PAIR(d, e, m, m_high, b_a, b_b, n)                                                         \
    KWS_LINE("sub    " d ", " d ", " e)                                                            \
    KWS_LINE("smlawb " e ", " e ", " m ", " b_a)                                                   \
    KWS_LINE("smmla  " d ", " d ", " m_high ", " b_b)                                              \
    KWS_LINE("asr    " e ", " e ", " n)                                                            \
    KWS_LINE("asr    " d ", " d ", " n)                                                            \
    KWS_LINE("usat   " e ", #8, " e)                                                               \
    KWS_LINE("usat   " d ", #8, " d)                                                               \
    KWS_LINE("orr    " e ", " e ", " d ", lsl #8")

/* Adds D, E of a pixel to the sums at r9. */
#define SUM(d, e)                                                                                  \
    KWS_LINE("sub    " d ", " d ", " e)                                                            \
    KWS_LINE("ldrd   r10, r11, [r9]")                                                              \
    KWS_LINE("add    r10, r10, " e)                                                                \
    KWS_LINE("add    r11, r11, " d ", asr #8")                                                     \
    KWS_LINE("strd   r10, r11, [r9], #8")

/* D in r2, r3, r4, E in r5, r6, r7. */
KWS_ASSEMBLY static void multiply3(const kws_product *product KWS_UNUSED)
{
#define PIXELS(w, d0, d1, d2)                                                                      \
    KWS_LINE("smlad  " d0 ", " w ", r8, " d0)                                                      \
    KWS_LINE("smlad  " d1 ", " w ", r9, " d1)                                                      \
    KWS_LINE("smlad  " d2 ", " w ", r10, " d2)
#define HALF_STEP                                                                                  \
    KWS_LINE("ldm    r1!, {r11, r12}")                                                             \
    KWS_LINE("ldm    r0!, {r8, r9, r10}")                                                          \
    PIXELS("r11", "r2", "r3", "r4")                                                                \
    KWS_LINE("uxtb16 r11, r11")                                                                    \
    PIXELS("r11", "r5", "r6", "r7")                                                                \
    KWS_LINE("ldm    r0!, {r8, r9, r10}")                                                          \
    PIXELS("r12", "r2", "r3", "r4")                                                                \
    KWS_LINE("uxtb16 r12, r12")                                                                    \
    PIXELS("r12", "r5", "r6", "r7")
    __asm__ volatile(
        KWS_PROLOGUE("3", "2", "136") /* 34 instructions of 4 bytes */
        KWS_LINE("ldrd   r0, lr, [sp, #" KWS_PATCH "]")
        KWS_LINE("ldm    r0!, {r2, r3, r4}")
        KWS_LINE("mov    r5, r2")
        KWS_LINE("mov    r6, r3")
        KWS_LINE("mov    r7, r4")
        KWS_LINE("ldr    pc, [sp, #" KWS_ENTRY "]")
        ".balign 4\n\t"
        "2:\n\t"
        KWS_TURN_4(HALF_STEP HALF_STEP)
        KWS_LINE("cmp    r0, lr")
        KWS_LINE("bne    2b")
        KWS_LINE("ldr    pc, [sp, #" KWS_EXIT "]")
        ".balign 4\n\t"
        "3:\n\t"
        KWS_LINE("ldm    sp, {r8, r9, r10, r11, r12, lr}")
        KWS_LINE("ldr    r0, [r8], #4")
        KWS_LINE("cmp    r8, lr")
        KWS_LINE("ldr    lr, [r9], #8")
        KWS_LINE("stm    sp, {r8, r9}")
        KWS_LINE("ldr    r8, [r9, #-4]")
        KWS_LINE("asr    r9, r0, #16")
        KWS_LINE("lsl    r9, r9, #8")
        PAIR("r4", "r7", "r0", "r9", "lr", "r8", "r12")
        KWS_LINE("strh   r7, [r10, r11, lsl #1]")
        PAIR("r3", "r6", "r0", "r9", "lr", "r8", "r12")
        KWS_LINE("strh   r6, [r10, r11]")
        PAIR("r2", "r5", "r0", "r9", "lr", "r8", "r12")
        KWS_LINE("strh   r5, [r10], #2")
        KWS_LINE("str    r10, [sp, #8]")
        KWS_LINE("bne    1b")
        KWS_EPILOGUE
        ".balign 4\n\t"
        "4:\n\t"
        KWS_LINE("ldr    r9, [sp, #" KWS_TABLES "]")
        SUM("r2", "r5")
        SUM("r3", "r6")
        SUM("r4", "r7")
        KWS_NEXT_SUMS);
#undef PIXELS
#undef HALF_STEP
}

/* D in r2, r3, E in r4, r5. */
KWS_ASSEMBLY static void multiply2(const kws_product *product KWS_UNUSED)
{
#define TAPS(w, x0, x1)                                                                            \
    KWS_LINE("smlad  r2, " w ", " x0 ", r2")                                                       \
    KWS_LINE("smlad  r3, " w ", " x1 ", r3")                                                       \
    KWS_LINE("uxtb16 " w ", " w)                                                                   \
    KWS_LINE("smlad  r4, " w ", " x0 ", r4")                                                       \
    KWS_LINE("smlad  r5, " w ", " x1 ", r5")
#define STEP                                                                                       \
    KWS_LINE("ldm    r1!, {r6, r7, r8, r9}")                                                       \
    KWS_LINE("ldm    r0!, {r10, r11, r12, lr}")                                                    \
    TAPS("r6", "r10", "r11")                                                                       \
    TAPS("r7", "r12", "lr")                                                                        \
    KWS_LINE("ldm    r0!, {r10, r11, r12, lr}")                                                    \
    TAPS("r8", "r10", "r11")                                                                       \
    TAPS("r9", "r12", "lr")
    __asm__ volatile(
        KWS_PROLOGUE("3", "2", "92")
        KWS_LINE("ldr    r0, [sp, #" KWS_PATCH "]")
        KWS_LINE("ldm    r0!, {r2, r3}")
        KWS_LINE("mov    r4, r2")
        KWS_LINE("mov    r5, r3")
        KWS_LINE("ldr    pc, [sp, #" KWS_ENTRY "]")
        ".balign 4\n\t"
        "2:\n\t"
        KWS_TURN_4(STEP)
        KWS_LINE("ldr    lr, [sp, #" KWS_PATCH_END "]")
        KWS_LINE("cmp    r0, lr")
        KWS_LINE("bne    2b")
        KWS_LINE("ldr    pc, [sp, #" KWS_EXIT "]")
        ".balign 4\n\t"
        "3:\n\t"
        KWS_LINE("ldm    sp, {r6, r7, r8, r9, r10, r11}")
        KWS_LINE("ldr    r0, [r6], #4")
        KWS_LINE("cmp    r6, r11")
        KWS_LINE("ldrd   r11, r12, [r7], #8")
        KWS_LINE("asr    lr, r0, #16")
        KWS_LINE("lsl    lr, lr, #8")
        PAIR("r3", "r5", "r0", "lr", "r11", "r12", "r10")
        KWS_LINE("strh   r5, [r8, r9]")
        PAIR("r2", "r4", "r0", "lr", "r11", "r12", "r10")
        KWS_LINE("strh   r4, [r8], #2")
        KWS_LINE("stm    sp, {r6, r7, r8}")
        KWS_LINE("bne    1b")
        KWS_EPILOGUE
        ".balign 4\n\t"
        "4:\n\t"
        KWS_LINE("ldr    r9, [sp, #" KWS_TABLES "]")
        SUM("r2", "r4")
        SUM("r3", "r5")
        KWS_NEXT_SUMS);
#undef TAPS
#undef STEP
}

/* One pixel: D in r2, E in r3. */
#define TAPS(w, x)                                                                                 \
    KWS_LINE("smlad  r2, " w ", " x ", r2")                                                        \
    KWS_LINE("uxtb16 " w ", " w)                                                                   \
    KWS_LINE("smlad  r3, " w ", " x ", r3")
#define STEP                                                                                       \
    KWS_LINE("ldm    r1!, {r5, r6, r7, r8}")                                                       \
    KWS_LINE("ldm    r0!, {r9, r10, r11, r12}")                                                    \
    TAPS("r5", "r9")                                                                               \
    TAPS("r6", "r10")                                                                              \
    TAPS("r7", "r11")                                                                              \
    TAPS("r8", "r12")
#define LOOP1                                                                                      \
    KWS_PROLOGUE("3", "2", "56")                                                                   \
    KWS_LINE("ldrd   r0, lr, [sp, #" KWS_PATCH "]")                                                \
    KWS_LINE("ldr    r2, [r0], #4")                                                                \
    KWS_LINE("mov    r3, r2")                                                                      \
    KWS_ENTER                                                                                      \
    KWS_TURN_4(STEP)                                                                               \
    KWS_LINE("cmp    r0, lr")                                                                      \
    KWS_LINE("bne    2b")

KWS_ASSEMBLY static void multiply1(const kws_product *product KWS_UNUSED)
{
    __asm__ volatile(
        LOOP1
        KWS_LINE("ldr    pc, [sp, #" KWS_EXIT "]")
        ".balign 4\n\t"
        "3:\n\t"
        KWS_LINE("ldm    sp, {r4, r5, r6, r7, r8, r9}")
        KWS_LINE("ldr    r0, [r4], #4")
        KWS_LINE("ldrd   r10, r11, [r5], #8")
        KWS_LINE("cmp    r4, r9")
        KWS_LINE("sub    r2, r2, r3")
        KWS_LINE("asr    r2, r2, #8")
        KWS_LINE("smlawb r3, r3, r0, r10")
        KWS_LINE("smlawt r2, r2, r0, r11")
        KWS_LINE("asr    r3, r3, r8")
        KWS_LINE("asr    r2, r2, r8")
        KWS_LINE("usat   r3, #8, r3")
        KWS_LINE("usat   r2, #8, r2")
        KWS_LINE("orr    r3, r3, r2, lsl #8")
        KWS_LINE("strh   r3, [r6], #2")
        KWS_LINE("stm    sp, {r4, r5, r6}")
        KWS_LINE("bne    1b")
        KWS_EPILOGUE
        ".balign 4\n\t"
        "4:\n\t"
        KWS_LINE("ldr    r9, [sp, #" KWS_TABLES "]")
        SUM("r2", "r3")
        KWS_NEXT_SUMS);
}

/* see patches_dsp.h */
KWS_ASSEMBLY void kws_gates8(const kws_product *product KWS_UNUSED)
{
    __asm__ volatile(
        LOOP1
        ".balign 4\n\t"
        "3:\n\t"
        "4:\n\t"
        KWS_LINE("ldm    sp, {r4, r5, r6, r7, r8, r9}")
        KWS_LINE("ldr    r0, [r4], #4")
        KWS_LINE("ldrd   r10, r11, [r5], #8")
        KWS_LINE("sub    r2, r2, r3")
        KWS_LINE("asr    r2, r2, #8")
        KWS_LINE("lsl    r3, r3, r8")
        KWS_LINE("lsl    r2, r2, r8")
        KWS_LINE("smlawb r3, r3, r0, r10")
        KWS_LINE("smlawt r2, r2, r0, r11")
        KWS_LINE("strd   r3, r2, [r6], #8")
        KWS_LINE("cmp    r4, r9")
        KWS_LINE("stm    sp, {r4, r5, r6}")
        KWS_LINE("bne    1b")
        KWS_EPILOGUE);
}

/* clang-format on */

/* see patches_dsp.h */
const kws_core kws_core8 = {.group = 2,
                            .offset = 7,
                            .pixels = 3,
                            .widen = {kws_widen1, kws_widen2, kws_widen3},
                            .multiply = {multiply1, multiply2, multiply3}};

#endif
