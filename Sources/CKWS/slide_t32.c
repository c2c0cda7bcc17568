/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise along a row: two outputs a step, two taps of both to a multiplication. Two neighbours
 * of the input are one word x0 + x1 z with z = 2^21, two weights another, w1 + w0 z, and
 *
 *     (x0 + x1 z) (w1 + w0 z) = x0 w1 + (x0 w0 + x1 w1) z + x1 w0 z^2
 *
 * has two products of the output that begins at x0, and one each of the outputs before and behind
 * it: SMLAL is four products. So a sum of 64 bits holds the output before (odd) from bit 0 on, its
 * own (even) from bit 21 on, and the beginning of the one behind from bit 42 on, with which the
 * next step starts. Fields begin with a bias that keeps them positive: 2^20 + 2^15 + 2^4 and 2^20,
 * what one immediate gives; |sum| <= 10 * 255 * 128 < 2^20 - 2^16. The biases of the requantisation
 * take them off again: y = floor(((acc + B) M + b 2^(32-n) - B M) / 2^32), M = m 2^(16-n), is one
 * SMLAL more.
 *
 * A step of three pairs (to six taps) is 23 instructions for its two outputs, of five pairs 28. One
 * product an instruction it were 23 for five taps and 33 for ten, had a core registers for as many
 * weights and sums. A kernel of fewer taps begins with zeros, which are not loaded.
 */
#include "slide_t32.h"

#if KWS_T32

/* clang-format off */

#define LABEL(name)                                                                                \
    ".global kws_t32_" name "\n.type kws_t32_" name ", %function\nkws_t32_" name ":\n"

#define WEIGHTS(w)                                                                                 \
    "ldrsb.w r8, [r7], #1\n"                                                                       \
    "ldrsb.w r9, [r7], #1\n"                                                                       \
    "add.w " w ", r9, r8, lsl #21\n"

#define PAIR(x, t)                                                                                 \
    "ldrb.w " x ", [r0]\n"                                                                         \
    "ldrb.w " t ", [r0, r1]\n"                                                                     \
    "orr.w " x ", " x ", " t ", lsl #21\n"
#define NEXT_PAIR "add.w r0, r0, r1, lsl #1\n"

#define MORE(x, w) "smlal r7, lr, " x ", " w "\n"

#define BIAS_ODD "20"
#define BIAS_EVEN "28"

/* acc to r6 */
#define REQUANT(acc, bias)                                                                         \
    "ldrd r5, r6, [sp, #" bias "]\n"                                                               \
    "smlal r5, r6, " acc ", r3\n"                                                                  \
    "usat r6, #8, r6\n"

#define ODD(t) "ubfx " t ", r7, #0, #21\n" REQUANT(t, BIAS_ODD) "strb r6, [r0, r2]\n"
#define EVEN "lsr r7, r7, #21\n" "bfi r7, lr, #11, #10\n" REQUANT("r7", BIAS_EVEN)

/* From the oldest pair to the newest, x2, which is loaded. */
#define STEP3(x0, x1, x2)                                                                          \
    PAIR(x2, "r5")                                                                                 \
    "lsr r7, lr, #10\n"                                                                            \
    "mov lr, #0x42004200\n"                                                                        \
    "ldrd r5, r6, [sp, #8]\n"                                                                      \
    MORE(x0, "r5")                                                                                 \
    MORE(x1, "r6")                                                                                 \
    MORE(x2, "r8")                                                                                 \
    ODD(x0)
#define EVEN3 EVEN "strb r6, [r0, r4]\n"
#define LEAVE3 NEXT_PAIR "cmp r0, r9\n"

#define STEP5(x0, x1, x2, x3, x4)                                                                  \
    PAIR(x4, "r2")                                                                                 \
    "lsr r7, lr, #10\n"                                                                            \
    "mov lr, #0x42004200\n"                                                                        \
    "ldm sp, {r2-r6}\n"                                                                            \
    MORE(x0, "r2")                                                                                 \
    MORE(x1, "r3")                                                                                 \
    MORE(x2, "r4")                                                                                 \
    MORE(x3, "r5")                                                                                 \
    MORE(x4, "r6")                                                                                 \
    "ldrd r3, r2, [sp, #36]\n"                                                                     \
    ODD(x0)
#define EVEN5 EVEN "add r2, r2, r1\n" "strb r6, [r0, r2]\n"
#define LEAVE5 NEXT_PAIR "ldr r4, [sp, #48]\n" "cmp r0, r4\n"

/* r0 place of the newest pair, r1 pixel, r3 M, r5 and r6 of many uses, r7 and lr the sum; with five
 * pairs r2 odd, r8-r12 x, and the weights come to r2-r6 each time; with three r2 odd, r4 even, r8
 * the last weights, r9 end, r10-r12 x. Stack: weights, the two biases, M (36), the plan. */
__attribute__((naked)) void kws_t32_sum_slide(const kws_t32_slide *slide __attribute__((unused)))
{
    __asm__(
        "push {r4-r11, lr}\n"
        "sub sp, #96\n"
        "add r8, sp, #40\n"
        "ldm.w r0!, {r1-r7}\n"
        "stm.w r8!, {r1-r7}\n"
        "ldm.w r0!, {r1-r7}\n"
        "stm.w r8!, {r1-r7}\n"
        "mov r1, r7\n"
        "1:\n"
        "ldrd r2, r3, [sp, #52]\n"
        "ldrsh r4, [r2], #2\n"
        "ldr r5, [r3], #4\n"
        "strd r2, r3, [sp, #52]\n"
        "ldrd r2, r3, [sp, #80]\n"
        "sub r6, r3, #16\n"
        "lsl r4, r4, r6\n"
        "str r4, [sp, #36]\n"
        "lsl r6, r5, r3\n"
        "asr r7, r5, r2\n"
        "subs r6, r6, r4, lsl #20\n"
        "sbc r7, r7, r4, asr #12\n"
        "strd r6, r7, [sp, #" BIAS_EVEN "]\n"
        "movw r2, #0x7ff0\n"
        /* -(2^15 + 2^4) */
        "movt r2, #0xffff\n"
        "smlal r6, r7, r4, r2\n"
        "strd r6, r7, [sp, #" BIAS_ODD "]\n"
        "ldr r7, [sp, #60]\n"
        "mov r2, #0\n"
        "mov r3, #0\n"
        "mov r4, #0\n"
        "mov r8, #0\n"
        "ldr pc, [sp, #64]\n"
        LABEL("slide_weights")
        WEIGHTS("r2")
        WEIGHTS("r3")
        WEIGHTS("r4")
        WEIGHTS("r5")
        WEIGHTS("r6")
        "stm sp, {r2-r6}\n"
        "str r7, [sp, #60]\n"
        "ldr r0, [sp, #48]\n"
        "ldr r7, [sp, #76]\n"
        "sub r0, r0, r7\n"
        "mov r8, #0\n"
        "mov r9, #0\n"
        "mov r10, #0\n"
        "mov r11, #0\n"
        "ldr pc, [sp, #68]\n"
        LABEL("slide_x")
        PAIR("r8", "r7")
        NEXT_PAIR
        PAIR("r9", "r7")
        NEXT_PAIR
        PAIR("r10", "r7")
        NEXT_PAIR
        PAIR("r11", "r7")
        NEXT_PAIR
        PAIR("r12", "r7")
        "mov lr, #0x42004200\n"
        "lsr r7, lr, #10\n"
        MORE("r8", "r2")
        MORE("r9", "r3")
        MORE("r10", "r4")
        MORE("r11", "r5")
        MORE("r12", "r6")
        "ldrd r3, r2, [sp, #36]\n"
        "ldr pc, [sp, #72]\n"
        LABEL("slide3_none")
        "mov r8, r6\n"
        "ldrd r4, r9, [sp, #44]\n"
        "b 4f\n"
        LABEL("slide3_one")
        "mov r8, r6\n"
        "ldrd r4, r9, [sp, #44]\n"
        "b 3f\n"
        "2:\n"
        STEP3("r11", "r12", "r10")
        EVEN3
        LEAVE3
        "beq 8f\n"
        STEP3("r12", "r10", "r11")
        EVEN3
        LEAVE3
        "beq 8f\n"
        STEP3("r10", "r11", "r12")
        "3:\n"
        EVEN3
        "4:\n"
        LEAVE3
        "bne 2b\n"
        "8:\n"
        "add r2, r0, #1\n"
        "str r2, [sp, #48]\n"
        "ldr r2, [sp, #52]\n"
        "ldr r3, [sp, #88]\n"
        "cmp r2, r3\n"
        "bne.w 1b\n"
        "add sp, #96\n"
        "pop {r4-r11, pc}\n"
        "5:\n"
        STEP5("r9", "r10", "r11", "r12", "r8")
        EVEN5
        LEAVE5
        "beq 8b\n"
        STEP5("r10", "r11", "r12", "r8", "r9")
        EVEN5
        LEAVE5
        "beq 8b\n"
        STEP5("r11", "r12", "r8", "r9", "r10")
        EVEN5
        LEAVE5
        "beq.w 8b\n"
        STEP5("r12", "r8", "r9", "r10", "r11")
        EVEN5
        LEAVE5
        "beq.w 8b\n"
        STEP5("r8", "r9", "r10", "r11", "r12")
        LABEL("slide5_one")
        EVEN5
        LABEL("slide5_none")
        LEAVE5
        "bne.w 5b\n"
        "b 8b\n");
}

/* clang-format on */

#endif
