/* SPDX-License-Identifier: Apache-2.0
 *
 * dw3_v7m.h - depthwise rows of three taps, five columns wide, as the DS-CNN for 10 features has
 * them, but for how a channel's nine weights are had. Its five sums stay in registers; each
 * number of the input is loaded once a row and used in up to three of them: 20 instructions a row
 * for its 13 products and the weights' loads, of the 105 of a channel with 8-bit weights; 32 of
 * them requantise and store.
 */
#ifndef KWS_DW3_V7M_H
#define KWS_DW3_V7M_H

#include "depthwise_v7m.h"

/* clang-format off */

/* r0 weights, r1 channel, r2 three pixels, r3 row, r4-r8 sums, r9-r11 weights, r12 x, lr a pixel.
 * */
/* The first row begins the sums; the others add to them. */
#define FIRST                                                                                      \
    "ldrb r12, [r3]\n"                                                                             \
    "mul r4, r12, r10\n"                                                                           \
    "mul r5, r12, r9\n"                                                                            \
    "ldrb r12, [r3, lr]\n"                                                                         \
    "mla r4, r12, r11, r4\n"                                                                       \
    "mla r5, r12, r10, r5\n"                                                                       \
    "mul r6, r12, r9\n"                                                                            \
    "ldrb r12, [r3, lr, lsl #1]\n"                                                                 \
    "mla r5, r12, r11, r5\n"                                                                       \
    "mla r6, r12, r10, r6\n"                                                                       \
    "mul r7, r12, r9\n"                                                                            \
    "ldrb r12, [r3, r2]\n"                                                                         \
    "mla r6, r12, r11, r6\n"                                                                       \
    "mla r7, r12, r10, r7\n"                                                                       \
    "mul r8, r12, r9\n"                                                                            \
    "ldrb r12, [r3, lr, lsl #2]\n"                                                                 \
    "mla r7, r12, r11, r7\n"                                                                       \
    "mla r8, r12, r10, r8\n"

#define NEXT                                                                                       \
    "ldrb r12, [r3]\n"                                                                             \
    "mla r4, r12, r10, r4\n"                                                                       \
    "mla r5, r12, r9, r5\n"                                                                        \
    "ldrb r12, [r3, lr]\n"                                                                         \
    "mla r4, r12, r11, r4\n"                                                                       \
    "mla r5, r12, r10, r5\n"                                                                       \
    "mla r6, r12, r9, r6\n"                                                                        \
    "ldrb r12, [r3, lr, lsl #1]\n"                                                                 \
    "mla r5, r12, r11, r5\n"                                                                       \
    "mla r6, r12, r10, r6\n"                                                                       \
    "mla r7, r12, r9, r7\n"                                                                        \
    "ldrb r12, [r3, r2]\n"                                                                         \
    "mla r6, r12, r11, r6\n"                                                                       \
    "mla r7, r12, r10, r7\n"                                                                       \
    "mla r8, r12, r9, r8\n"                                                                        \
    "ldrb r12, [r3, lr, lsl #2]\n"                                                                 \
    "mla r7, r12, r11, r7\n"                                                                       \
    "mla r8, r12, r10, r8\n"

#define REQUANT(a, place)                                                                          \
    "smull r12, " a ", " a ", r9\n"                                                                \
    "add " a ", " a ", r10\n"                                                                      \
    "asr " a ", " a ", r11\n"                                                                      \
    "usat " a ", #8, " a "\n"                                                                      \
    "strb " a ", [r3" place "]\n"

/* The core. Stack: rows, y, multipliers, biases, shift, weights, and two words for it. begin comes
 * before a channel, row(i) loads the weights of its row i to r9-r11, skip goes over those of a row
 * that is not there. */
#define CORE(begin, row, skip)                                                                     \
    "push {r4-r11, lr}\n"                                                                          \
    "sub sp, #44\n"                                                                                \
    "ldmia.w r0!, {r1-r8}\n"                                                                       \
    "stmia.w sp, {r1-r8}\n"                                                                        \
    "ldrd r1, lr, [r0]\n"                                                                          \
    "ldr r0, [r0, #8]\n"                                                                           \
    "add r2, lr, lr, lsl #1\n"                                                                     \
    "1:\n"                                                                                         \
    begin                                                                                          \
    "ldr r3, [sp]\n"                                                                               \
    row(0)                                                                                         \
    "add r3, r3, r1\n"                                                                             \
    FIRST                                                                                          \
    "ldr r3, [sp, #4]\n"                                                                           \
    "cbnz r3, 2f\n"                                                                                \
    skip                                                                                           \
    "b 3f\n"                                                                                       \
    "2:\n"                                                                                         \
    row(1)                                                                                         \
    "add r3, r3, r1\n"                                                                             \
    NEXT                                                                                           \
    "3:\n"                                                                                         \
    "ldr r3, [sp, #8]\n"                                                                           \
    "cbnz r3, 4f\n"                                                                                \
    skip                                                                                           \
    "b 5f\n"                                                                                       \
    "4:\n"                                                                                         \
    row(2)                                                                                         \
    "add r3, r3, r1\n"                                                                             \
    NEXT                                                                                           \
    "5:\n"                                                                                         \
    "ldrd r9, r10, [sp, #16]\n"                                                                    \
    "ldrsh r9, [r9, r1, lsl #1]\n"                                                                 \
    "ldr r10, [r10, r1, lsl #2]\n"                                                                 \
    "ldr r11, [sp, #24]\n"                                                                         \
    "lsl r9, r9, #16\n"                                                                            \
    "ldr r3, [sp, #12]\n"                                                                          \
    "add r3, r3, r1\n"                                                                             \
    REQUANT("r4", "")                                                                              \
    REQUANT("r5", ", lr")                                                                          \
    REQUANT("r6", ", lr, lsl #1")                                                                  \
    REQUANT("r7", ", r2")                                                                          \
    REQUANT("r8", ", lr, lsl #2")                                                                  \
    "adds r1, #1\n"                                                                                \
    "bne.w 1b\n"                                                                                   \
    "add sp, #44\n"                                                                                \
    "pop {r4-r11, pc}\n"

/* clang-format on */

#endif
