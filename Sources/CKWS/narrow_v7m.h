/* SPDX-License-Identifier: Apache-2.0
 *
 * narrow_v7m.h - the matrix cores for weights of less than 8 bits, but for how a word holds them.
 *
 * Two sums share a register, 16 bits each: v < 2^bits, so that 16 products are at most
 * 16 * 15 * 255 < 2^16, and one MLA does two of them. Every 16 taps the registers are emptied
 * into 32-bit sums: A += a, B += a >> 16; what A holds of the upper one is 2^16 B.
 *
 * Four pixels: a word of the patch holds two of them, a tap two words; UBFX takes out a weight, and
 * two MLA use it four times: 13 instructions for 16 products. One pixel: AND takes out the
 * weights of two outputs, and one MLA uses both.
 *
 * Weights are v = w + 2^(bits-1), and the 32-bit sums begin with -2^(bits-1) times the pixel's sum.
 */
#ifndef KWS_NARROW_V7M_H
#define KWS_NARROW_V7M_H

#include "cores_v7m.h"
#include "matrix_v7m.h"

/* clang-format off */

/* Four pixels: r0 weights, r1 patch, r2 word, r3 weight, r4-r11 sums of outputs 0 to 3, pixels 0
 * and 1 in the even one, r12 and lr x. The weight of output i is at bit 8i + at. */
#define KWS_V7M_MUL(a, x) "mul " a ", r3, " x "\n"
#define KWS_V7M_MLA(a, x) "mla " a ", r3, " x ", " a "\n"

#define KWS_V7M_TAP_FOUR(mac, at, bits)                                                            \
    "ldrd r12, lr, [r1], #8\n"                                                                     \
    "ubfx r3, r2, #" at ", #" bits "\n" mac("r4", "r12") mac("r5", "lr")                           \
    "ubfx r3, r2, #8+" at ", #" bits "\n" mac("r6", "r12") mac("r7", "lr")                         \
    "ubfx r3, r2, #16+" at ", #" bits "\n" mac("r8", "r12") mac("r9", "lr")                        \
    "ubfx r3, r2, #24+" at ", #" bits "\n" mac("r10", "r12") mac("r11", "lr")

/* A tap that adds to the sums, and one that begins them. */
#define KWS_V7M_FOUR(at, bits) KWS_V7M_TAP_FOUR(KWS_V7M_MLA, at, bits)
#define KWS_V7M_FOUR_FIRST(at, bits) KWS_V7M_TAP_FOUR(KWS_V7M_MUL, at, bits)

/* Empties two registers into sums on the stack, at r1. */
#define KWS_V7M_EMPTY_TWO(a, b)                                                                    \
    "ldmia.w r1, {r2, r3, r12, lr}\n"                                                              \
    "add r2, r2, " a "\n"                                                                          \
    "add r3, r3, " a ", lsr #16\n"                                                                 \
    "add r12, r12, " b "\n"                                                                        \
    "add lr, lr, " b ", lsr #16\n"                                                                 \
    "stmia.w r1!, {r2, r3, r12, lr}\n"

/* One output of four pixels, 8 bits. */
#define KWS_V7M_OUTPUT_OF_FOUR                                                                     \
    "ldmia.w r0!, {r4-r7}\n"                                                                       \
    "ldrsh r12, [r2], #2\n"                                                                        \
    "sub r4, r4, r5, lsl #16\n"                                                                    \
    "sub r6, r6, r7, lsl #16\n"                                                                    \
    "lsl r12, r12, #16\n"                                                                          \
    "smull lr, r4, r4, r12\n"                                                                      \
    "smull lr, r5, r5, r12\n"                                                                      \
    "smull lr, r6, r6, r12\n"                                                                      \
    "smull lr, r7, r7, r12\n"                                                                      \
    "ldr lr, [r3], #4\n"                                                                           \
    "add r4, r4, lr\n"                                                                             \
    "add r5, r5, lr\n"                                                                             \
    "add r6, r6, lr\n"                                                                             \
    "add r7, r7, lr\n"                                                                             \
    "asr r4, r4, r1\n"                                                                             \
    "asr r5, r5, r1\n"                                                                             \
    "asr r6, r6, r1\n"                                                                             \
    "asr r7, r7, r1\n"                                                                             \
    "usat r4, #8, r4\n"                                                                            \
    "usat r5, #8, r5\n"                                                                            \
    "usat r6, #8, r6\n"                                                                            \
    "usat r7, #8, r7\n"                                                                            \
    "strb r7, [r11], #1\n"                                                                         \
    "strb r6, [r10], #1\n"                                                                         \
    "strb r5, [r9], #1\n"                                                                          \
    "strb r4, [r8], #1\n"

/* The core of four pixels; first and next are 8 taps each. Stack: as KWS_V7M_ENTER says, and from
 * 16 on the sums, four of an output. */
#define KWS_V7M_CORE_FOUR(first, next)                                                             \
    KWS_V7M_ENTER("84", "6", "1")                                                                  \
    "1:\n"                                                                                         \
    "ldr r2, [sp]\n"                                                                               \
    "add r1, sp, #16\n"                                                                            \
    "ldmia.w r2, {r4-r7}\n"                                                                        \
    "stmia.w r1!, {r4-r7}\n"                                                                       \
    "stmia.w r1!, {r4-r7}\n"                                                                       \
    "stmia.w r1!, {r4-r7}\n"                                                                       \
    "stmia.w r1!, {r4-r7}\n"                                                                       \
    "ldr r1, [r2, #24]\n"                                                                          \
    "mov r4, #0\n"                                                                                 \
    "mov r5, #0\n"                                                                                 \
    "mov r6, #0\n"                                                                                 \
    "mov r7, #0\n"                                                                                 \
    "mov r8, #0\n"                                                                                 \
    "mov r9, #0\n"                                                                                 \
    "mov r10, #0\n"                                                                                \
    "mov r11, #0\n"                                                                                \
    "ldr pc, [sp, #8]\n"                                                                           \
    "2:\n" first next "3:\n"                                                                       \
    "str r1, [sp, #12]\n"                                                                          \
    "add r1, sp, #16\n" KWS_V7M_EMPTY_TWO("r4", "r5") KWS_V7M_EMPTY_TWO("r6", "r7")                \
    KWS_V7M_EMPTY_TWO("r8", "r9") KWS_V7M_EMPTY_TWO("r10", "r11")                                  \
    "ldr r2, [sp, #4]\n"                                                                           \
    "ldr r1, [sp, #12]\n"                                                                          \
    "cmp r1, r2\n"                                                                                 \
    "bne.w 2b\n"                                                                                   \
    "str r0, [sp, #12]\n"                                                                          \
    "ldr r12, [sp]\n"                                                                              \
    "ldr r2, [r12, #72]\n"                                                                         \
    "cmp r2, #0\n"                                                                                 \
    "bne.w 4f\n"                                                                                   \
    "6:\n"                                                                                         \
    "ldr r1, [r12, #32]\n"                                                                         \
    "ldrd r2, r3, [r12, #36]\n"                                                                    \
    "add r12, r12, #44\n"                                                                          \
    "ldmia.w r12, {r8-r11}\n"                                                                      \
    "add r0, sp, #16\n" KWS_V7M_OUTPUT_OF_FOUR KWS_V7M_OUTPUT_OF_FOUR                              \
    KWS_V7M_OUTPUT_OF_FOUR KWS_V7M_OUTPUT_OF_FOUR                                                  \
    "ldr r12, [sp]\n"                                                                              \
    "strd r2, r3, [r12, #36]\n"                                                                    \
    "add r0, r12, #44\n"                                                                           \
    "stmia.w r0, {r8-r11}\n"                                                                       \
    "8:\n"                                                                                         \
    "ldr r1, [r12, #60]\n"                                                                         \
    "cmp r8, r1\n"                                                                                 \
    "ldr r0, [sp, #12]\n"                                                                          \
    "bne.w 1b\n"                                                                                   \
    "str r0, [r12, #64]\n"                                                                         \
    "add sp, #84\n"                                                                                \
    "pop {r4-r11, pc}\n"                                                                           \
    "4:\n"                                                                                         \
    "add r0, sp, #16\n"                                                                            \
    "add r1, sp, #80\n"                                                                            \
    "5:\n"                                                                                         \
    "ldr r3, [r2]\n"                                                                               \
    "ldr r4, [r0]\n"                                                                               \
    "add r3, r3, r4\n"                                                                             \
    "str r3, [r2], #4\n"                                                                           \
    "str r3, [r0], #4\n"                                                                           \
    "cmp r0, r1\n"                                                                                 \
    "bne 5b\n"                                                                                     \
    "str r2, [r12, #72]\n"                                                                         \
    "ldr r0, [sp, #12]\n"                                                                          \
    "ldr r3, [r12, #68]\n"                                                                         \
    "add r0, r0, r3\n"                                                                             \
    "str r0, [sp, #12]\n"                                                                          \
    "ldr r3, [r12, #76]\n"                                                                         \
    "cmp r3, #0\n"                                                                                 \
    "bne.w 6b\n"                                                                                   \
    "ldr r8, [r12, #44]\n"                                                                         \
    "add r8, r8, #4\n"                                                                             \
    "str r8, [r12, #44]\n"                                                                         \
    "b.w 8b\n"

/* One pixel: r0 weights, r1 patch, r2 mask of two weights, r3 sums of outputs 0 and 2, r4 of 1 and
 * 3, r5, r6, r12 words, r7 weights, r8-r11 x, lr the end of the patch. */
#define KWS_V7M_ONE_MUL(a, x) "mul " a ", r7, " x "\n"
#define KWS_V7M_ONE_MLA(a, x) "mla " a ", r7, " x ", " a "\n"

#define KWS_V7M_TAP_ONE(mac, word, at, x)                                                          \
    "and r7, r2, " word ", lsr #" at "\n" mac("r3", x)                                             \
    "and r7, r2, " word ", lsr #8+" at "\n" mac("r4", x)

#define KWS_V7M_ONE(word, at, x) KWS_V7M_TAP_ONE(KWS_V7M_ONE_MLA, word, at, x)

/* The core of one pixel; mask is that of a weight. Stack as above, sums of outputs 0 and 2, 2, 1
 * and 3, 3 from 16 on. */
#define KWS_V7M_CORE_ONE(mask, first, next)                                                        \
    KWS_V7M_ENTER("36", "5", "1")                                                                  \
    "1:\n"                                                                                         \
    "ldr r2, [sp]\n"                                                                               \
    "ldrd r3, r4, [r2]\n"                                                                          \
    "strd r3, r4, [sp, #16]\n"                                                                     \
    "strd r3, r4, [sp, #24]\n"                                                                     \
    "ldr r1, [r2, #24]\n"                                                                          \
    "ldr lr, [sp, #4]\n"                                                                           \
    "mov r2, #" mask "\n"                                                                          \
    "mov r3, #0\n"                                                                                 \
    "mov r4, #0\n"                                                                                 \
    "ldr pc, [sp, #8]\n"                                                                           \
    "2:\n" first next "3:\n"                                                                       \
    "ldrd r8, r9, [sp, #16]\n"                                                                     \
    "ldrd r10, r11, [sp, #24]\n"                                                                   \
    "add r8, r8, r3\n"                                                                             \
    "add r9, r9, r3, lsr #16\n"                                                                    \
    "add r10, r10, r4\n"                                                                           \
    "add r11, r11, r4, lsr #16\n"                                                                  \
    "strd r8, r9, [sp, #16]\n"                                                                     \
    "strd r10, r11, [sp, #24]\n"                                                                   \
    "cmp r1, lr\n"                                                                                 \
    "bne.w 2b\n"                                                                                   \
    "mov r6, r9\n"                                                                                 \
    "sub r9, r8, r9, lsl #16\n"                                                                    \
    "sub r10, r10, r11, lsl #16\n" KWS_V7M_FINISH_ONE("36")

/* clang-format on */

#endif
