/* SPDX-License-Identifier: Apache-2.0
 *
 * narrow_asm_dsp.h - weights of 4, 3 and 2 bits times 5 pixels or 1, one output at a time.
 *
 * An operand of SMLAD is a word of weights, shifted and masked: one instruction for two weights,
 * which serves all pixels. The weights of any halfword field are multiplied with x as it is.
 *
 * Five pixels take four sums: F_p, the sum of pixel p, is narrower than a register, so a halfword
 * of the patch is x_p + 64 x_(p+1) (at most 65 * 255 < 2^15) and a sum
 *     A_p = F_p + 64 F_(p+1), p = 0 .. 3.
 * A_0 - 64 (A_1 - 64 (A_2 - 64 A_3)) = F_0 - 2^24 F_4, of which the lower 24 bits are F_0, since
 * |F| <= 256 * 255 * 8 < 2^23; then 64 F_1 = A_0 - F_0 and so on. 8 instructions an output, for one
 * SMLAD of five and 2 of 10 bytes of patch less.
 */
#ifndef KWS_NARROW_ASM_DSP_H
#define KWS_NARROW_ASM_DSP_H

#include "matrix_asm_dsp.h"
#include "patches_dsp.h"

/* clang-format off */

/* The sums are r2 .. r5, or r2; x r6 .. r9; r10 a mask; r12 the word of weights. TIMES multiplies
 * an operand with its pairs of x, which lie in register i if LOAD loads them for four operands. */
#define KWS_LOAD_5
#define KWS_TIMES_5(operand, i)                                                                    \
    KWS_LINE("ldm    r0!, {r6, r7, r8, r9}")                                                       \
    KWS_LINE("smlad  r2, " operand ", r6, r2")                                                     \
    KWS_LINE("smlad  r3, " operand ", r7, r3")                                                     \
    KWS_LINE("smlad  r4, " operand ", r8, r4")                                                     \
    KWS_LINE("smlad  r5, " operand ", r9, r5")
#define KWS_LOAD_1 KWS_LINE("ldm    r0!, {r6, r7, r8, r9}")
#define KWS_TIMES_1(operand, i) KWS_LINE("smlad  r2, " operand ", " i ", r2")

/* Weights in the lowest bits, or from bit `shift` on, of both halfwords. */
#define KWS_LOWEST(times, i) KWS_LINE("and    lr, r10, r12") times("lr", i)
#define KWS_FIELD(times, i, shift) KWS_LINE("and    lr, r10, r12, lsr #" shift) times("lr", i)

/* Eight taps in fields of four bits. */
#define KWS_NIBBLES(load, times)                                                                   \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    load                                                                                           \
    KWS_LOWEST(times, "r6")                                                                        \
    KWS_FIELD(times, "r7", "4")                                                                    \
    KWS_FIELD(times, "r8", "8")                                                                    \
    KWS_FIELD(times, "r9", "12")

/* Puts the first words of the patch into the sums. */
#define KWS_START_5(mask)                                                                          \
    KWS_LINE("ldr    r0, [sp, #" KWS_PATCH "]")                                                    \
    KWS_LINE("mov    r10, #" mask)                                                                 \
    KWS_LINE("ldm    r0!, {r2, r3, r4, r5}")
#define KWS_START_1(mask)                                                                          \
    KWS_LINE("ldr    r0, [sp, #" KWS_PATCH "]")                                                    \
    KWS_LINE("mov    r10, #" mask)                                                                 \
    KWS_LINE("ldr    r2, [r0], #4")

#define KWS_LOOP_END                                                                               \
    KWS_LINE("ldr    lr, [sp, #" KWS_PATCH_END "]")                                                \
    KWS_LINE("cmp    r0, lr")                                                                      \
    KWS_LINE("bne    2b")

/* F_0 in r10, 64 F_1 .. 64 F_4 in r2 .. r5. */
#define KWS_APART_5                                                                                \
    KWS_LINE("sub    r10, r4, r5, lsl #6")                                                         \
    KWS_LINE("sub    r10, r3, r10, lsl #6")                                                        \
    KWS_LINE("sub    r10, r2, r10, lsl #6")                                                        \
    KWS_LINE("sbfx   r10, r10, #0, #24")                                                           \
    KWS_LINE("sub    r2, r2, r10")                                                                 \
    KWS_LINE("sub    r3, r3, r2, asr #6")                                                          \
    KWS_LINE("sub    r4, r4, r3, asr #6")                                                          \
    KWS_LINE("sub    r5, r5, r4, asr #6")

/* m in r0, b in lr; m, b, y, stride in r6 .. r9, n in r11. Flags: is this the last output? */
#define KWS_OUTPUT                                                                                 \
    KWS_LINE("ldm    sp, {r6, r7, r8, r9, r11, r12}")                                              \
    KWS_LINE("ldrsh  r0, [r6], #2")                                                                \
    KWS_LINE("cmp    r6, r12")                                                                     \
    KWS_LINE("ldr    lr, [r7], #4")

#define KWS_CLIP(sum, place)                                                                       \
    KWS_LINE("asr    " sum ", " sum ", r11")                                                       \
    KWS_LINE("usat   " sum ", #8, " sum)                                                           \
    KWS_LINE("strb   " sum ", [" place)

/* m, or m << 10, which takes 64 out again, times a sum. */
#define KWS_RESULT(sum, place) KWS_LINE("smlawb " sum ", " sum ", r0, lr") KWS_CLIP(sum, place)
#define KWS_RESULT_64(sum, place) KWS_LINE("smmla  " sum ", " sum ", r12, lr") KWS_CLIP(sum, place)

#define KWS_SUM(sum)                                                                               \
    KWS_LINE("ldr    r12, [r9]")                                                                   \
    KWS_LINE("add    r12, r12, " sum)                                                              \
    KWS_LINE("str    r12, [r9], #4")

#define KWS_FINISH_5                                                                               \
    KWS_APART_5                                                                                    \
    KWS_LINE("ldr    pc, [sp, #" KWS_EXIT "]")                                                     \
    ".balign 4\n\t"                                                                                \
    "3:\n\t"                                                                                       \
    KWS_OUTPUT                                                                                     \
    KWS_LINE("lsl    r12, r0, #10")                                                                \
    KWS_RESULT_64("r2", "r8, r9]")                                                                 \
    KWS_RESULT_64("r3", "r8, r9, lsl #1]")                                                         \
    KWS_LINE("add    r2, r8, r9, lsl #1")                                                          \
    KWS_RESULT_64("r4", "r2, r9]")                                                                 \
    KWS_RESULT_64("r5", "r2, r9, lsl #1]")                                                         \
    KWS_RESULT("r10", "r8], #1")                                                                   \
    KWS_LINE("stm    sp, {r6, r7, r8}")                                                            \
    KWS_LINE("bne    1b")                                                                          \
    KWS_EPILOGUE                                                                                   \
    ".balign 4\n\t"                                                                                \
    "4:\n\t"                                                                                       \
    KWS_LINE("ldr    r9, [sp, #" KWS_TABLES "]")                                                   \
    KWS_SUM("r10")                                                                                 \
    KWS_SUM("r2, asr #6")                                                                          \
    KWS_SUM("r3, asr #6")                                                                          \
    KWS_SUM("r4, asr #6")                                                                          \
    KWS_SUM("r5, asr #6")                                                                          \
    KWS_NEXT_SUMS

#define KWS_FINISH_1                                                                               \
    KWS_LINE("ldr    pc, [sp, #" KWS_EXIT "]")                                                     \
    ".balign 4\n\t"                                                                                \
    "3:\n\t"                                                                                       \
    KWS_OUTPUT                                                                                     \
    KWS_RESULT("r2", "r8], #1")                                                                    \
    KWS_LINE("stm    sp, {r6, r7, r8}")                                                            \
    KWS_LINE("bne    1b")                                                                          \
    KWS_EPILOGUE                                                                                   \
    ".balign 4\n\t"                                                                                \
    "4:\n\t"                                                                                       \
    KWS_LINE("ldr    r9, [sp, #" KWS_TABLES "]")                                                   \
    KWS_SUM("r2")                                                                                  \
    KWS_NEXT_SUMS

/* clang-format on */

/* The core of a width, see patches_dsp.h. mask: that of a weight in both halfwords; prologue5,
 * loop5, ...: up to label 1 and from KWS_START to the end of the loop. */
#define KWS_NARROW_CORE(bits, mask, prologue5, loop5, prologue1, loop1)                            \
    KWS_ASSEMBLY static void multiply5(const kws_product *product KWS_UNUSED)                      \
    {                                                                                              \
        __asm__ volatile(prologue5 KWS_START_5(mask) loop5 KWS_FINISH_5);                          \
    }                                                                                              \
    KWS_ASSEMBLY static void multiply1(const kws_product *product KWS_UNUSED)                      \
    {                                                                                              \
        __asm__ volatile(prologue1 KWS_START_1(mask) loop1 KWS_FINISH_1);                          \
    }                                                                                              \
    const kws_core kws_core##bits = {.group = 1,                                                   \
                                     .offset = bits - 1,                                           \
                                     .pixels = 5,                                                  \
                                     .widen = {kws_widen1, NULL, kws_widen5},                      \
                                     .multiply = {multiply1, NULL, multiply5}}

#endif
