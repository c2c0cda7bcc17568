/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise rows of any kernel, five columns at a time, strides 1. What has to be done is the
 * same for every channel, so it is written down once a row, as a list of the pieces of code below
 * and their operands, each of which ends by jumping to the next: one instruction instead of loops
 * and branches. Up to five numbers of the input are loaded and stay in registers while the taps
 * pass by; a tap moves the sums against them by d columns, so that it is 1 load, 5 - |d| products
 * and the jump. Instructions a tap and column, DS-CNN's width: 5x5 1.6, 7x7 1.3, sums to output
 * not counted.
 */
#include "steps_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* r0 weights, r1 list, r2 a pixel, r3 address or weight, r4-r8 sums, r9-r12 and lr x. Stack:
 * channel, y, multipliers, biases, shift, list, last channel. */
#define STEP(name) ".global " name "\n.type " name ", %function\n" name ":\n"
#define NEXT "ldr pc, [r1], #4\n"

/* clang-format off */
__attribute__((naked)) void kws_v7m_steps(const kws_v7m_plan *plan __attribute__((unused)))
{
    __asm__("push {r4-r11, lr}\n"
            "sub sp, #28\n"
            "ldmia.w r0, {r1-r9}\n"
            "stmia.w sp, {r1-r6}\n"
            "str r9, [sp, #24]\n"
            "mov r0, r7\n"
            "mov r2, r8\n"
            "1:\n"
            "ldr r1, [sp, #20]\n"
            "mov r4, #0\n"
            "mov r5, #0\n"
            "mov r6, #0\n"
            "mov r7, #0\n"
            "mov r8, #0\n"
            NEXT
            STEP("kws_v7m_load1")
            "ldr r3, [r1], #4\n"
            "ldr r9, [sp]\n"
            "add r3, r3, r9\n"
            "ldrb r9, [r3]\n"
            "mov r10, #0\n"
            "mov r11, #0\n"
            "mov r12, #0\n"
            "mov lr, #0\n"
            NEXT
            STEP("kws_v7m_load2")
            "ldr r3, [r1], #4\n"
            "ldr r9, [sp]\n"
            "add r3, r3, r9\n"
            "ldrb r9, [r3]\n"
            "ldrb r10, [r3, r2]\n"
            "mov r11, #0\n"
            "mov r12, #0\n"
            "mov lr, #0\n"
            NEXT
            STEP("kws_v7m_load3")
            "ldr r3, [r1], #4\n"
            "ldr r9, [sp]\n"
            "add r3, r3, r9\n"
            "ldrb r9, [r3]\n"
            "ldrb r10, [r3, r2]\n"
            "ldrb r11, [r3, r2, lsl #1]\n"
            "mov r12, #0\n"
            "mov lr, #0\n"
            NEXT
            STEP("kws_v7m_load4")
            "ldr r3, [r1], #4\n"
            "ldr r9, [sp]\n"
            "add r3, r3, r9\n"
            "ldrb r9, [r3]\n"
            "ldrb r10, [r3, r2]\n"
            "ldrb r11, [r3, r2, lsl #1]\n"
            "add r3, r3, r2\n"
            "ldrb r12, [r3, r2, lsl #1]\n"
            "mov lr, #0\n"
            NEXT
            STEP("kws_v7m_load5")
            "ldr r3, [r1], #4\n"
            "ldr r9, [sp]\n"
            "add r3, r3, r9\n"
            "ldrb r9, [r3]\n"
            "ldrb r10, [r3, r2]\n"
            "ldrb r11, [r3, r2, lsl #1]\n"
            "ldrb lr, [r3, r2, lsl #2]\n"
            "add r3, r3, r2\n"
            "ldrb r12, [r3, r2, lsl #1]\n"
            NEXT
            STEP("kws_v7m_tap0")
            "ldrsb r3, [r0], #1\n"
            "mla r8, r3, r9, r8\n"
            NEXT
            STEP("kws_v7m_tap1")
            "ldrsb r3, [r0], #1\n"
            "mla r7, r3, r9, r7\n"
            "mla r8, r3, r10, r8\n"
            NEXT
            STEP("kws_v7m_tap2")
            "ldrsb r3, [r0], #1\n"
            "mla r6, r3, r9, r6\n"
            "mla r7, r3, r10, r7\n"
            "mla r8, r3, r11, r8\n"
            NEXT
            STEP("kws_v7m_tap3")
            "ldrsb r3, [r0], #1\n"
            "mla r5, r3, r9, r5\n"
            "mla r6, r3, r10, r6\n"
            "mla r7, r3, r11, r7\n"
            "mla r8, r3, r12, r8\n"
            NEXT
            STEP("kws_v7m_tap4")
            "ldrsb r3, [r0], #1\n"
            "mla r4, r3, r9, r4\n"
            "mla r5, r3, r10, r5\n"
            "mla r6, r3, r11, r6\n"
            "mla r7, r3, r12, r7\n"
            "mla r8, r3, lr, r8\n"
            NEXT
            STEP("kws_v7m_tap5")
            "ldrsb r3, [r0], #1\n"
            "mla r4, r3, r10, r4\n"
            "mla r5, r3, r11, r5\n"
            "mla r6, r3, r12, r6\n"
            "mla r7, r3, lr, r7\n"
            NEXT
            STEP("kws_v7m_tap6")
            "ldrsb r3, [r0], #1\n"
            "mla r4, r3, r11, r4\n"
            "mla r5, r3, r12, r5\n"
            "mla r6, r3, lr, r6\n"
            NEXT
            STEP("kws_v7m_tap7")
            "ldrsb r3, [r0], #1\n"
            "mla r4, r3, r12, r4\n"
            "mla r5, r3, lr, r5\n"
            NEXT
            STEP("kws_v7m_tap8")
            "ldrsb r3, [r0], #1\n"
            "mla r4, r3, lr, r4\n"
            NEXT
            STEP("kws_v7m_skip")
            "ldr r3, [r1], #4\n"
            "add r0, r0, r3\n"
            NEXT
            STEP("kws_v7m_end")
            "ldrd r3, r12, [sp]\n"
            "add r12, r12, r3\n"
            "ldrd r9, r10, [sp, #8]\n"
            "ldrsh r9, [r9, r3, lsl #1]\n"
            "ldr r10, [r10, r3, lsl #2]\n"
            "lsl r9, r9, #16\n"
            "ldr r11, [sp, #16]\n"
            "add r3, r3, #1\n"
            "str r3, [sp]\n"
            "add lr, r2, r2, lsl #1\n"
            NEXT
            STEP("kws_v7m_put5")
            "smull r3, r8, r8, r9\n"
            "add r8, r8, r10\n"
            "asr r8, r8, r11\n"
            "usat r8, #8, r8\n"
            "strb r8, [r12, r2, lsl #2]\n"
            STEP("kws_v7m_put4")
            "smull r3, r7, r7, r9\n"
            "add r7, r7, r10\n"
            "asr r7, r7, r11\n"
            "usat r7, #8, r7\n"
            "strb r7, [r12, lr]\n"
            STEP("kws_v7m_put3")
            "smull r3, r6, r6, r9\n"
            "add r6, r6, r10\n"
            "asr r6, r6, r11\n"
            "usat r6, #8, r6\n"
            "strb r6, [r12, r2, lsl #1]\n"
            STEP("kws_v7m_put2")
            "smull r3, r5, r5, r9\n"
            "add r5, r5, r10\n"
            "asr r5, r5, r11\n"
            "usat r5, #8, r5\n"
            "strb r5, [r12, r2]\n"
            STEP("kws_v7m_put1")
            "smull r3, r4, r4, r9\n"
            "add r4, r4, r10\n"
            "asr r4, r4, r11\n"
            "usat r4, #8, r4\n"
            "strb r4, [r12]\n"
            "ldr r3, [sp]\n"
            "ldr r12, [sp, #24]\n"
            "cmp r3, r12\n"
            "bne.w 1b\n"
            "add sp, #28\n"
            "pop {r4-r11, pc}\n");
}

/* clang-format on */

#endif
