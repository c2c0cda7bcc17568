/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise rows of any kernel, five columns at a time. What has to be done is the same for every
 * channel, so it is written down once a row, as a list of the pieces of code below and their
 * operands. A piece ends by loading the next one's operand and its address: one instruction instead
 * of loops and branches. Up to five numbers of the input are loaded and stay in registers while the
 * taps pass by; a tap moves the sums against them by d columns, so that it is 1 load, 5 - |d|
 * products (5 where the others take padding) and the jump. A channel of 5 x 5 over five columns is
 * 263 instructions for its 125 products where all rows are inside; in C it was 4,500.
 */
#include "steps_t32.h"

#if KWS_T32

/* r0 weights, r1 list, r2 padding, r3 operand, r4-r8 sums, r9-r12 and lr x. Stack: the plan up to
 * its last channel. */
#define STEP(name)                                                                                 \
    ".global kws_t32_" name "\n.type kws_t32_" name ", %function\nkws_t32_" name ":\n"
#define NEXT "ldm r1!, {r3, pc}\n"

/* clang-format off */

#define LOAD                                                                                       \
    "ldrd r9, lr, [sp]\n"                                                                          \
    "add r3, r3, r9\n"                                                                             \
    "ldrb r9, [r3]\n"

#define WEIGHT "ldrsb r3, [r0, r3]\n"
#define ADD(sum, x) "mla " sum ", r3, " x ", " sum "\n"
#define PAD(sum) ADD(sum, "r2")

#define TAP0 ADD("r8", "r9")
#define TAP1 ADD("r7", "r9") ADD("r8", "r10")
#define TAP2 ADD("r6", "r9") ADD("r7", "r10") ADD("r8", "r11")
#define TAP3 ADD("r5", "r9") ADD("r6", "r10") ADD("r7", "r11") ADD("r8", "r12")
#define TAP4 ADD("r4", "r9") ADD("r5", "r10") ADD("r6", "r11") ADD("r7", "r12") ADD("r8", "lr")
#define TAP5 ADD("r4", "r10") ADD("r5", "r11") ADD("r6", "r12") ADD("r7", "lr")
#define TAP6 ADD("r4", "r11") ADD("r5", "r12") ADD("r6", "lr")
#define TAP7 ADD("r4", "r12") ADD("r5", "lr")
#define TAP8 ADD("r4", "lr")

#define PUT(sum, place)                                                                            \
    "smull r1, " sum ", " sum ", r9\n"                                                             \
    "add " sum ", " sum ", r10\n"                                                                  \
    "asr " sum ", " sum ", r11\n"                                                                  \
    "usat " sum ", #8, " sum "\n"                                                                  \
    "strb " sum ", [r12" place "]\n"

__attribute__((naked)) void kws_t32_steps(const kws_t32_plan *plan __attribute__((unused)))
{
    __asm__("push {r4-r11, lr}\n"
            "sub sp, #40\n"
            "ldmia.w r0!, {r1-r10}\n"
            "stmia.w sp, {r1-r10}\n"
            "ldr r0, [r0]\n"
            "1:\n"
            "ldrd r1, r2, [sp, #28]\n"
            "ldm r1!, {r3-r8, pc}\n"
            STEP("load1") LOAD NEXT
            STEP("load2") LOAD "ldrb r10, [r3, lr]\n" NEXT
            STEP("load3") LOAD "ldrb r10, [r3, lr]\n" "ldrb r11, [r3, lr, lsl #1]\n" NEXT
            STEP("load4") LOAD "ldrb r10, [r3, lr]\n" "add r3, r3, lr, lsl #1\n"
            "ldrb r11, [r3]\n" "ldrb r12, [r3, lr]\n" NEXT
            STEP("load5") LOAD "ldrb r10, [r3, lr]\n" "add r3, r3, lr, lsl #1\n"
            "ldrb r11, [r3]\n" "ldrb r12, [r3, lr]\n" "ldrb lr, [r3, lr, lsl #1]\n" NEXT
            STEP("fill1") "mov r10, r2\n"
            STEP("fill2") "mov r11, r2\n"
            STEP("fill3") "mov r12, r2\n"
            STEP("fill4") "mov lr, r2\n" NEXT
            STEP("tap0") WEIGHT TAP0 NEXT
            STEP("tap1") WEIGHT TAP1 NEXT
            STEP("tap2") WEIGHT TAP2 NEXT
            STEP("tap3") WEIGHT TAP3 NEXT
            STEP("tap4") WEIGHT TAP4 NEXT
            STEP("tap5") WEIGHT TAP5 NEXT
            STEP("tap6") WEIGHT TAP6 NEXT
            STEP("tap7") WEIGHT TAP7 NEXT
            STEP("tap8") WEIGHT TAP8 NEXT
            STEP("edge0") WEIGHT PAD("r4") PAD("r5") PAD("r6") PAD("r7") TAP0 NEXT
            STEP("edge1") WEIGHT PAD("r4") PAD("r5") PAD("r6") TAP1 NEXT
            STEP("edge2") WEIGHT PAD("r4") PAD("r5") TAP2 NEXT
            STEP("edge3") WEIGHT PAD("r4") TAP3 NEXT
            STEP("edge5") WEIGHT TAP5 PAD("r8") NEXT
            STEP("edge6") WEIGHT TAP6 PAD("r7") PAD("r8") NEXT
            STEP("edge7") WEIGHT TAP7 PAD("r6") PAD("r7") PAD("r8") NEXT
            STEP("edge8") WEIGHT TAP8 PAD("r5") PAD("r6") PAD("r7") PAD("r8") NEXT
            STEP("outside") WEIGHT PAD("r4") PAD("r5") PAD("r6") PAD("r7") PAD("r8") NEXT
            STEP("pad")
            "lsr r9, r3, #16\n"
            "uxth r3, r3\n"
            "add r3, r3, r0\n"
            "mov r10, #0\n"
            "2:\n"
            "ldrsb r11, [r3], #1\n"
            "subs r9, r9, #1\n"
            "add r10, r10, r11\n"
            "bne 2b\n"
            "mul r10, r10, r2\n"
            "add r4, r4, r10\n"
            "add r5, r5, r10\n"
            "add r6, r6, r10\n"
            "add r7, r7, r10\n"
            "add r8, r8, r10\n"
            NEXT
            STEP("end")
            "add r0, r0, r3\n"
            "ldr r3, [sp]\n"
            "ldrd r12, r9, [sp, #8]\n"
            "ldrd r10, r11, [sp, #16]\n"
            "ldr r2, [sp, #24]\n"
            "add r12, r12, r3\n"
            "ldrsh r9, [r9, r3, lsl #1]\n"
            "ldr r10, [r10, r3, lsl #2]\n"
            "lsl r9, r9, #16\n"
            "add r3, r3, #1\n"
            "str r3, [sp]\n"
            "add lr, r2, r2, lsl #1\n"
            NEXT
            STEP("put5") PUT("r8", ", r2, lsl #2")
            STEP("put4") PUT("r7", ", lr")
            STEP("put3") PUT("r6", ", r2, lsl #1")
            STEP("put2") PUT("r5", ", r2")
            STEP("put1") PUT("r4", "")
            "ldr r3, [sp]\n"
            "ldr r12, [sp, #36]\n"
            "cmp r3, r12\n"
            "bne.w 1b\n"
            "add sp, #40\n"
            "pop {r4-r11, pc}\n");
}

/* clang-format on */

#endif
