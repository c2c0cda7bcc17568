/* SPDX-License-Identifier: Apache-2.0
 *
 * narrow_asm_dsp.h - weights of 4, 3 and 2 bits times 5 pixels or 1, one output at a time.
 *
 * An operand of SMLAD is a word of weights under a mask: one instruction for two weights, which
 * serves all pixels. Its fields lie where they lay; the pairs of x are scaled instead, when they
 * are laid out, by the inverse: field * x is 2^scale times the product. Fields of the upper byte of
 * a halfword are masked one inside the other, b = n0 + 2^f n1 + ..., so that the word has to be
 * shifted just once: with t0 = 2^scale x0 and t1 = 2^(scale - f) x1, b t1 + n0 (t0 - t1) is 2^scale
 * (n0 x0 + n1 x1). 2^scale * 255 < 2^15. SMMLA with m shifted left by 16 - scale takes the scale
 * out.
 */
#ifndef KWS_NARROW_ASM_DSP_H
#define KWS_NARROW_ASM_DSP_H

#include "matrix_asm_dsp.h"

/* clang-format off: one instruction a line */

/* The sums are r2 .. r6, or r2; the word of weights r12, an operand r12 or lr. TIMES multiplies an
 * operand with its pairs of x, number i of those that LOAD has loaded. */
#define KWS_LOAD_5
#define KWS_TIMES_5(operand, i)                                                                    \
    KWS_LINE("ldm    r0!, {r7, r8, r9, r10, r11}")                                                 \
    KWS_LINE("smlad  r2, " operand ", r7, r2")                                                     \
    KWS_LINE("smlad  r3, " operand ", r8, r3")                                                     \
    KWS_LINE("smlad  r4, " operand ", r9, r4")                                                     \
    KWS_LINE("smlad  r5, " operand ", r10, r5")                                                    \
    KWS_LINE("smlad  r6, " operand ", r11, r6")
#define KWS_LOAD_1 KWS_LINE("ldm    r0!, {r8, r9, r10, r11}")
#define KWS_TIMES_1(operand, i) KWS_LINE("smlad  r2, " operand ", " i ", r2")

#define KWS_RESULT(sum, place)                                                                     \
    KWS_LINE("smmla  " sum ", " sum ", r0, lr")                                                    \
    KWS_LINE("asr    " sum ", " sum ", r11")                                                       \
    KWS_LINE("usat   " sum ", #8, " sum)                                                           \
    KWS_LINE("strb   " sum ", [" place)

#define KWS_SUM(sum, scale)                                                                        \
    KWS_LINE("ldr    r10, [r9]")                                                                   \
    KWS_LINE("add    r10, r10, " sum ", asr #" scale)                                              \
    KWS_LINE("str    r10, [r9], #4")

/* m << 16 - scale in r0, b in lr, m, b, y, stride, n in r7 .. r11; flags: is this the last output?
 */
#define KWS_OUTPUT(unscale)                                                                        \
    KWS_LINE("ldm    sp, {r7, r8, r9, r10, r11, r12}")                                             \
    KWS_LINE("ldrsh  r0, [r7], #2")                                                                \
    KWS_LINE("cmp    r7, r12")                                                                     \
    KWS_LINE("ldr    lr, [r8], #4")                                                                \
    KWS_LINE("lsl    r0, r0, #" unscale)

#define KWS_NEXT_SUMS                                                                              \
    KWS_LINE("ldr    r10, [sp, #" KWS_END "]")                                                     \
    KWS_LINE("str    r9, [sp, #" KWS_TABLES "]")                                                   \
    KWS_LINE("cmp    r9, r10")                                                                     \
    KWS_LINE("bne    1b")                                                                          \
    KWS_EPILOGUE

#define KWS_FINISH_5(scale, unscale)                                                               \
    KWS_LINE("ldr    pc, [sp, #" KWS_EXIT "]")                                                     \
    ".balign 4\n\t"                                                                                \
    "3:\n\t" KWS_OUTPUT(unscale) KWS_RESULT("r3", "r9, r10]") KWS_RESULT("r4", "r9, r10, lsl #1]") \
        KWS_LINE("add    r12, r9, r10, lsl #1") KWS_RESULT("r5", "r12, r10]")                      \
            KWS_RESULT("r6", "r12, r10, lsl #1]") KWS_RESULT("r2", "r9], #1")                      \
                KWS_LINE("stm    sp, {r7, r8, r9}") KWS_LINE("bne    1b") KWS_EPILOGUE             \
        ".balign 4\n\t"                                                                            \
        "4:\n\t" KWS_LINE("ldr    r9, [sp, #" KWS_TABLES "]") KWS_SUM("r2", scale)                 \
            KWS_SUM("r3", scale) KWS_SUM("r4", scale) KWS_SUM("r5", scale) KWS_SUM("r6", scale)    \
                KWS_NEXT_SUMS

#define KWS_FINISH_1(scale, unscale)                                                               \
    KWS_LINE("ldr    pc, [sp, #" KWS_EXIT "]")                                                     \
    ".balign 4\n\t"                                                                                \
    "3:\n\t" KWS_OUTPUT(unscale) KWS_RESULT("r2", "r9], #1") KWS_LINE("stm    sp, {r7, r8, r9}")   \
        KWS_LINE("bne    1b") KWS_EPILOGUE ".balign 4\n\t"                                         \
                                           "4:\n\t" KWS_LINE("ldr    r9, [sp, #" KWS_TABLES "]")   \
                                               KWS_SUM("r2", scale) KWS_NEXT_SUMS

/* Puts the first words of the patch into the sums and goes to the entry of the loop. */
#define KWS_START_5                                                                                \
    KWS_LINE("ldr    r0, [sp, #" KWS_PATCH "]")                                                    \
    KWS_LINE("ldm    r0!, {r2, r3, r4, r5, r6}")                                                   \
    KWS_LINE("ldr    pc, [sp, #" KWS_ENTRY "]")                                                    \
    ".balign 4\n\t"
#define KWS_START_1                                                                                \
    KWS_LINE("ldr    r0, [sp, #" KWS_PATCH "]")                                                    \
    KWS_LINE("ldr    r2, [r0], #4")                                                                \
    KWS_LINE("ldr    pc, [sp, #" KWS_ENTRY "]")                                                    \
    ".balign 4\n\t"

#define KWS_LOOP_END                                                                               \
    KWS_LINE("ldr    lr, [sp, #" KWS_PATCH_END "]")                                                \
    KWS_LINE("cmp    r0, lr")                                                                      \
    KWS_LINE("bne    2b")

/* Lays out the taps of one pixel after the other; next is 4 times the pixels. r4 points at x, r5
 * behind it, r6 counts pixels, r7 .. r9 are masks, r10 .. r12, lr and r3 free, r11 0 for USADA8. */
#define KWS_WIDEN(pixels, next, step)                                                              \
    __asm__ volatile(                                                                              \
        KWS_LINE("push   {r3, r4, r5, r6, r7, r8, r9, r10, r11, lr}") KWS_LINE(                    \
            "ldr    r6, [sp, #40]") KWS_LINE("sub    r6, r6, #4") KWS_LINE("str    r6, [sp, #40]") \
            KWS_LINE("mov    r6, #" pixels) KWS_LINE("mov    r7, #0xff0") KWS_LINE(                \
                "orr    r7, r7, r7, lsl #16") KWS_LINE("lsl    r8, r7, #2")                        \
                KWS_LINE("lsr    r9, r7, #2") KWS_LINE("mov    r11, #0") "1:\n\t" KWS_LINE(        \
                    "ldr    r5, [sp]") KWS_LINE("mov    r4, r1")                                   \
                    KWS_LINE("push   {r0, r1, r2, r6}") KWS_LINE("add    r5, r5, r1")              \
                        KWS_LINE("mov    r12, #0") step KWS_LINE("mov    r5, r0") KWS_LINE(        \
                            "pop    {r0, r1, r2, r6}") KWS_LINE("add    r0, r0, #4")               \
                            KWS_LINE("ldr    r4, [sp, #40]") KWS_LINE("add    r1, r1, r2")         \
                                KWS_LINE("str    r12, [r4, #4]!") KWS_LINE("subs   r6, r6, #1")    \
                                    KWS_LINE("str    r4, [sp, #40]") KWS_LINE("bne    1b")         \
                                        KWS_LINE("sub    r0, r5, #" next "-4") KWS_LINE(           \
                                            "pop    {r3, r4, r5, r6, r7, r8, r9, r10, r11, pc}"))

/* r10 = the next four taps; r12 adds them up. */
#define KWS_FOUR                                                                                   \
    KWS_LINE("ldr    r10, [r4], #4")                                                               \
    KWS_LINE("usada8 r12, r10, r11, r12")
#define KWS_PUT(word, next) KWS_LINE("str    " word ", [r0], #" next)

/* clang-format on */

#endif
