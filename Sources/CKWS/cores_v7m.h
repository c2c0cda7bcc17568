/* SPDX-License-Identifier: Apache-2.0
 *
 * cores_v7m.h - what the matrix cores of all widths have in common: the way in, and from the sums
 * to the output. Assembly with numeric labels: 1 begins a group of outputs, 2 the unrolled loop,
 * 3 stands behind it.
 */
#ifndef KWS_CORES_V7M_H
#define KWS_CORES_V7M_H

/* clang-format off */

/* Saves the registers, makes a stack frame (tile, end of the patch, where to enter the loop, place
 * for the weights) and finds where to enter the unrolled loop of 2^log equal parts so that it ends
 * with the patch: of that a part takes 2^shift bytes. */
#define KWS_V7M_ENTER(frame, shift, log)                                                           \
    "push {r4-r11, lr}\n"                                                                          \
    "sub sp, #" frame "\n"                                                                         \
    "str r0, [sp]\n"                                                                               \
    "ldrd r2, r3, [r0, #24]\n"                                                                     \
    "str r3, [sp, #4]\n"                                                                           \
    "sub r3, r3, r2\n"                                                                             \
    "lsr r3, r3, #" shift "\n"                                                                     \
    "sub r3, r3, #1\n"                                                                             \
    "and r3, r3, #(1 << " log ") - 1\n"                                                            \
    "add r3, r3, #1\n"                                                                             \
    "adr.w r1, 2f\n"                                                                               \
    "adr.w r2, 3f\n"                                                                               \
    "sub r1, r2, r1\n"                                                                             \
    "lsr r1, r1, #" log "\n"                                                                       \
    "mls r2, r1, r3, r2\n"                                                                         \
    "orr r2, r2, #1\n"                                                                             \
    "str r2, [sp, #8]\n"                                                                           \
    "ldr r0, [r0, #64]\n"

/* Two outputs of two pixels: sums to numbers of 8 bits. Their multipliers are the halves of a
 * word; the upper word of sum * m * 2^16 is floor(sum * m / 2^16). */
#define KWS_V7M_REQUANT_TWO(a0, a1, b0, b1)                                                        \
    "ldr r8, [r2], #4\n"                                                                           \
    "lsl r9, r8, #16\n"                                                                            \
    "smull r0, " a0 ", " a0 ", r9\n"                                                               \
    "smull r9, " a1 ", " a1 ", r9\n"                                                               \
    "ldr r0, [r3], #4\n"                                                                           \
    "add " a0 ", " a0 ", r0\n"                                                                     \
    "add " a1 ", " a1 ", r0\n"                                                                     \
    "asr " a0 ", " a0 ", r1\n"                                                                     \
    "asr " a1 ", " a1 ", r1\n"                                                                     \
    "usat " a0 ", #8, " a0 "\n"                                                                    \
    "usat " a1 ", #8, " a1 "\n"                                                                    \
    "bfc r8, #0, #16\n"                                                                            \
    "smull r0, " b0 ", " b0 ", r8\n"                                                               \
    "smull r8, " b1 ", " b1 ", r8\n"                                                               \
    "ldr r0, [r3], #4\n"                                                                           \
    "add " b0 ", " b0 ", r0\n"                                                                     \
    "add " b1 ", " b1 ", r0\n"                                                                     \
    "asr " b0 ", " b0 ", r1\n"                                                                     \
    "asr " b1 ", " b1 ", r1\n"                                                                     \
    "usat " b0 ", #8, " b0 "\n"                                                                    \
    "usat " b1 ", #8, " b1 "\n"

/* Adds the chunks before, r2 being the place of a sum. */
#define KWS_V7M_ADD(s, place)                                                                      \
    "ldr r3, [r2, #" place "]\n"                                                                   \
    "add " s ", " s ", r3\n"

/* From the sums of two pixels, S0..S3 in r10, r11, r4, r12 and in r5, r6, r7, lr, to the outputs,
 * and on to the next group. */
#define KWS_V7M_FINISH_TWO(frame)                                                                  \
    "ldr r0, [sp]\n"                                                                               \
    "ldr r2, [r0, #72]\n"                                                                          \
    "cmp r2, #0\n"                                                                                 \
    "bne.w 4f\n"                                                                                   \
    "6:\n"                                                                                         \
    "ldr r1, [r0, #32]\n"                                                                          \
    "ldrd r2, r3, [r0, #36]\n"                                                                     \
    KWS_V7M_REQUANT_TWO("r10", "r5", "r11", "r6")                                                  \
    KWS_V7M_REQUANT_TWO("r4", "r7", "r12", "lr")                                                   \
    "ldr r0, [sp]\n"                                                                               \
    "strd r2, r3, [r0, #36]\n"                                                                     \
    "ldrd r2, r3, [r0, #44]\n"                                                                     \
    "strb r11, [r2, #1]\n"                                                                         \
    "strb r4, [r2, #2]\n"                                                                          \
    "strb r12, [r2, #3]\n"                                                                         \
    "strb r10, [r2], #4\n"                                                                         \
    "strb r6, [r3, #1]\n"                                                                          \
    "strb r7, [r3, #2]\n"                                                                          \
    "strb lr, [r3, #3]\n"                                                                          \
    "strb r5, [r3], #4\n"                                                                          \
    "strd r2, r3, [r0, #44]\n"                                                                     \
    "8:\n"                                                                                         \
    "ldr r1, [r0, #60]\n"                                                                          \
    "cmp r2, r1\n"                                                                                 \
    "ldr r0, [sp, #12]\n"                                                                          \
    "bne.w 1b\n"                                                                                   \
    "ldr r1, [sp]\n"                                                                               \
    "str r0, [r1, #64]\n"                                                                          \
    "add sp, #" frame "\n"                                                                         \
    "pop {r4-r11, pc}\n"                                                                           \
    "4:\n" KWS_V7M_ADD("r4", "0") KWS_V7M_ADD("r5", "4") KWS_V7M_ADD("r6", "8")                    \
    KWS_V7M_ADD("r7", "12") KWS_V7M_ADD("r10", "16") KWS_V7M_ADD("r11", "20")                      \
    KWS_V7M_ADD("r12", "24") KWS_V7M_ADD("lr", "28")                                               \
    "stmia.w r2!, {r4-r7, r10-r12, lr}\n"                                                          \
    "str r2, [r0, #72]\n"                                                                          \
    "ldr r1, [sp, #12]\n"                                                                          \
    "ldr r3, [r0, #68]\n"                                                                          \
    "add r1, r1, r3\n"                                                                             \
    "str r1, [sp, #12]\n"                                                                          \
    "ldr r3, [r0, #76]\n"                                                                          \
    "cmp r3, #0\n"                                                                                 \
    "bne.w 6b\n"                                                                                   \
    "ldr r2, [r0, #44]\n"                                                                          \
    "add r2, r2, #4\n"                                                                             \
    "str r2, [r0, #44]\n"                                                                          \
    "b 8b\n"

/* The same of one pixel, S0..S3 in r9, r10, r6, r11. */
#define KWS_V7M_FINISH_ONE(frame)                                                                  \
    "ldr r12, [sp]\n"                                                                              \
    "ldr r2, [r12, #72]\n"                                                                         \
    "cmp r2, #0\n"                                                                                 \
    "bne.w 4f\n"                                                                                   \
    "6:\n"                                                                                         \
    "ldr r1, [r12, #32]\n"                                                                         \
    "ldrd r2, r3, [r12, #36]\n"                                                                    \
    "ldmia.n r2!, {r4, r5}\n"                                                                      \
    "lsl r7, r4, #16\n"                                                                            \
    "bfc r4, #0, #16\n"                                                                            \
    "smull r8, r9, r9, r7\n"                                                                       \
    "smull r8, r10, r10, r4\n"                                                                     \
    "lsl r7, r5, #16\n"                                                                            \
    "bfc r5, #0, #16\n"                                                                            \
    "smull r8, r6, r6, r7\n"                                                                       \
    "smull r8, r11, r11, r5\n"                                                                     \
    "ldmia.w r3!, {r4, r5, r7, r8}\n"                                                              \
    "strd r2, r3, [r12, #36]\n"                                                                    \
    "ldr r2, [r12, #44]\n"                                                                         \
    "add r9, r9, r4\n"                                                                             \
    "add r10, r10, r5\n"                                                                           \
    "add r6, r6, r7\n"                                                                             \
    "add r11, r11, r8\n"                                                                           \
    "asr r9, r9, r1\n"                                                                             \
    "asr r10, r10, r1\n"                                                                           \
    "asr r6, r6, r1\n"                                                                             \
    "asr r11, r11, r1\n"                                                                           \
    "usat r9, #8, r9\n"                                                                            \
    "usat r10, #8, r10\n"                                                                          \
    "usat r6, #8, r6\n"                                                                            \
    "usat r11, #8, r11\n"                                                                          \
    "strb r10, [r2, #1]\n"                                                                         \
    "strb r6, [r2, #2]\n"                                                                          \
    "strb r11, [r2, #3]\n"                                                                         \
    "strb r9, [r2], #4\n"                                                                          \
    "5:\n"                                                                                         \
    "str r2, [r12, #44]\n"                                                                         \
    "ldr r3, [r12, #60]\n"                                                                         \
    "cmp r2, r3\n"                                                                                 \
    "bne.w 1b\n"                                                                                   \
    "str r0, [r12, #64]\n"                                                                         \
    "add sp, #" frame "\n"                                                                         \
    "pop {r4-r11, pc}\n"                                                                           \
    "4:\n" KWS_V7M_ADD("r6", "0") KWS_V7M_ADD("r9", "4") KWS_V7M_ADD("r10", "8")                   \
    KWS_V7M_ADD("r11", "12")                                                                       \
    "stmia.w r2!, {r6, r9-r11}\n"                                                                  \
    "str r2, [r12, #72]\n"                                                                         \
    "ldr r3, [r12, #68]\n"                                                                         \
    "add r0, r0, r3\n"                                                                             \
    "ldr r3, [r12, #76]\n"                                                                         \
    "cmp r3, #0\n"                                                                                 \
    "bne.w 6b\n"                                                                                   \
    "ldr r2, [r12, #44]\n"                                                                         \
    "add r2, r2, #4\n"                                                                             \
    "b 5b\n"

/* clang-format on */

#endif
