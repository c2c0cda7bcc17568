/* SPDX-License-Identifier: Apache-2.0
 *
 * nested_asm_dsp.h - DENSE with weights of 4, 3 and 2 bits, four outputs a, b, c, d at a time.
 *
 * One pixel shares no operand of SMLAD, so an operand serves several outputs instead: its halfwords
 * hold two fields each, and three sums hold four results. A word has nibbles b c a d for one tap in
 * either halfword, c for that of the other halfword:
 *     Y = A + 256 B    from the word >> 4
 *     Z = C + 256 D    from the word rotated by 8, the halves of x swapped
 *     T = D + 16 A     from the lower bytes
 * Z >> 8 = D + (C >> 8) and 16 A = 16 (Y mod 256) + 4096 (A >> 8), hence
 *     (Z >> 8) + 16 (Y mod 256) - T = (C >> 8) - 4096 (A >> 8),
 * whose lower 12 bits are C >> 8, since |C| <= 256 * 255 * 8 < 2^19; then D, C, A, B follow. The
 * offset of the weights is in what the sums begin with. 6 instructions for 8 MACs instead of the 8
 * that an operand an output takes.
 */
#ifndef KWS_NESTED_ASM_DSP_H
#define KWS_NESTED_ASM_DSP_H

#include "matrix_asm_dsp.h"
#include "patches_dsp.h"

/* clang-format off */

/* Y, Z, T in r2, r3, r4; x r6 .. r9; r10 the mask of a weight in every byte. Multiplies a word with
 * x; `lower` puts its lower bytes into lr. */
#define KWS_NESTED(word, x, lower)                                                                 \
    lower                                                                                          \
    KWS_LINE("smlad  r4, lr, " x ", r4")                                                           \
    KWS_LINE("and    lr, r10, " word ", lsr #4")                                                   \
    KWS_LINE("smlad  r2, lr, " x ", r2")                                                           \
    KWS_LINE("and    lr, r10, " word ", ror #8")                                                   \
    KWS_LINE("smladx r3, lr, " x ", r3")

/* Eight taps of x. */
#define KWS_NESTED_X KWS_LINE("ldm    r0!, {r6, r7, r8, r9}")

#define KWS_NESTED_START(mask)                                                                     \
    KWS_LINE("ldr    r0, [sp, #" KWS_PATCH "]")                                                    \
    KWS_LINE("mov    r10, #" mask)                                                                 \
    KWS_LINE("ldr    r4, [r0], #4")                                                                \
    KWS_LINE("add    r2, r4, r4, lsl #8")                                                          \
    KWS_LINE("mov    r3, r2")                                                                      \
    KWS_LINE("add    r4, r4, r4, lsl #4")                                                          \
    KWS_ENTER

/* 16 A in r4, 256 B in r2, C in r3, D in lr. */
#define KWS_NESTED_APART                                                                           \
    KWS_LINE("uxtb   lr, r2")                                                                      \
    KWS_LINE("rsb    lr, r4, lr, lsl #4")                                                          \
    KWS_LINE("add    lr, lr, r3, asr #8")                                                          \
    KWS_LINE("sbfx   lr, lr, #0, #12")                                                             \
    KWS_LINE("rsb    lr, lr, r3, asr #8")                                                          \
    KWS_LINE("sub    r3, r3, lr, lsl #8")                                                          \
    KWS_LINE("sub    r4, r4, lr")                                                                  \
    KWS_LINE("sub    r2, r2, r4, asr #4")                                                          \
    KWS_LINE("asr    r2, r2, #8")                                                                  \
    KWS_LINE("asr    r4, r4, #4")

#define KWS_NESTED_CLIP(sum)                                                                       \
    KWS_LINE("asr    " sum ", " sum ", r8")                                                        \
    KWS_LINE("usat   " sum ", #8, " sum)

/* The end of the loop. */
#define KWS_NESTED_SUMS                                                                            \
    KWS_LINE("ldr    lr, [sp, #" KWS_PATCH_END "]")                                                \
    KWS_LINE("cmp    r0, lr")                                                                      \
    KWS_LINE("bne    2b")                                                                          \
    KWS_NESTED_APART

/* Four rows of gates, see kws_gates8(). */
#define KWS_NESTED_GATES                                                                           \
    KWS_NESTED_SUMS                                                                                \
    ".balign 4\n\t"                                                                                \
    "3:\n\t"                                                                                       \
    "4:\n\t"                                                                                       \
    KWS_LINE("ldm    sp, {r0, r5, r6, r7, r8, r9}")                                                \
    KWS_LINE("lsl    r4, r4, r8")                                                                  \
    KWS_LINE("lsl    r2, r2, r8")                                                                  \
    KWS_LINE("lsl    r3, r3, r8")                                                                  \
    KWS_LINE("lsl    lr, lr, r8")                                                                  \
    KWS_LINE("ldr    r10, [r0], #4")                                                               \
    KWS_LINE("ldr    r11, [r0], #4")                                                               \
    KWS_LINE("ldm    r5!, {r7, r12}")                                                              \
    KWS_LINE("smlawb r4, r4, r10, r7")                                                             \
    KWS_LINE("smlawt r2, r2, r10, r12")                                                            \
    KWS_LINE("ldm    r5!, {r7, r12}")                                                              \
    KWS_LINE("smlawb r3, r3, r11, r7")                                                             \
    KWS_LINE("smlawt lr, lr, r11, r12")                                                            \
    KWS_LINE("strd   r4, r2, [r6], #8")                                                            \
    KWS_LINE("strd   r3, lr, [r6], #8")                                                            \
    KWS_LINE("cmp    r0, r9")                                                                      \
    KWS_LINE("stm    sp, {r0, r5, r6}")                                                            \
    KWS_LINE("bne    1b")                                                                          \
    KWS_EPILOGUE

#define KWS_NESTED_FINISH                                                                          \
    KWS_NESTED_SUMS                                                                                \
    KWS_LINE("ldr    pc, [sp, #" KWS_EXIT "]")                                                     \
    ".balign 4\n\t"                                                                                \
    "3:\n\t"                                                                                       \
    KWS_LINE("ldm    sp, {r0, r5, r6, r7, r8, r9}")                                                \
    KWS_LINE("ldrd   r10, r11, [r0], #8")                                                          \
    KWS_LINE("cmp    r0, r9")                                                                      \
    KWS_LINE("ldm    r5!, {r7, r9}")                                                               \
    KWS_LINE("smlawb r4, r4, r10, r7")                                                             \
    KWS_LINE("smlawt r2, r2, r10, r9")                                                             \
    KWS_LINE("ldm    r5!, {r7, r9}")                                                               \
    KWS_LINE("smlawb r3, r3, r11, r7")                                                             \
    KWS_LINE("smlawt lr, lr, r11, r9")                                                             \
    KWS_NESTED_CLIP("r4")                                                                          \
    KWS_NESTED_CLIP("r2")                                                                          \
    KWS_NESTED_CLIP("r3")                                                                          \
    KWS_NESTED_CLIP("lr")                                                                          \
    KWS_LINE("orr    r4, r4, r2, lsl #8")                                                          \
    KWS_LINE("orr    r4, r4, r3, lsl #16")                                                         \
    KWS_LINE("orr    r4, r4, lr, lsl #24")                                                         \
    KWS_LINE("str    r4, [r6], #4")                                                                \
    KWS_LINE("stm    sp, {r0, r5, r6}")                                                            \
    KWS_LINE("bne    1b")                                                                          \
    KWS_EPILOGUE                                                                                   \
    ".balign 4\n\t"                                                                                \
    "4:\n\t"                                                                                       \
    KWS_LINE("ldr    r9, [sp, #" KWS_TABLES "]")                                                   \
    KWS_LINE("ldm    r9, {r5, r6, r7, r8}")                                                        \
    KWS_LINE("add    r5, r5, r4")                                                                  \
    KWS_LINE("add    r6, r6, r2")                                                                  \
    KWS_LINE("add    r7, r7, r3")                                                                  \
    KWS_LINE("add    r8, r8, lr")                                                                  \
    KWS_LINE("stm    r9!, {r5, r6, r7, r8}")                                                       \
    KWS_NEXT_SUMS

/* clang-format on */

/* The core of a width, see patches_dsp.h; mask: that of a weight in every byte. */
#define KWS_NESTED_CORE(bits, mask, step_bytes, step)                                              \
    KWS_ASSEMBLY static void multiply(const kws_product *product KWS_UNUSED)                       \
    {                                                                                              \
        __asm__ volatile(KWS_PROLOGUE("3", "2", step_bytes) KWS_NESTED_START(mask)                 \
                             KWS_TURN_4(step) KWS_NESTED_FINISH);                                  \
    }                                                                                              \
    KWS_ASSEMBLY void kws_gates##bits(const kws_product *product KWS_UNUSED)                       \
    {                                                                                              \
        __asm__ volatile(KWS_PROLOGUE("3", "2", step_bytes) KWS_NESTED_START(mask)                 \
                             KWS_TURN_4(step) KWS_NESTED_GATES);                                   \
    }                                                                                              \
    const kws_core kws_nested_core##bits = {.group = 4,                                            \
                                            .offset = bits - 1,                                    \
                                            .pixels = 1,                                           \
                                            .widen = {NULL, NULL, kws_widen1},                     \
                                            .multiply = {NULL, NULL, multiply}}

#endif
