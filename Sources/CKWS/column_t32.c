/* SPDX-License-Identifier: Apache-2.0
 *
 * Four channels at a time: 17 instructions for the 4 products of a tap, of which no load can be
 * shared, 50 more for the outputs.
 */
#include "column_t32.h"

#if KWS_T32

/* clang-format off */

/* One channel of a tap: number c of the four, at weight place. */
#define PRODUCT(acc, c, place)                                                                     \
    "ldrb r9, [r8, #" c "]\n"                                                                      \
    "ldrsb r10, [r0" place "]\n"                                                                   \
    "mla " acc ", r9, r10, " acc "\n"

#define REQUANT(acc)                                                                               \
    "ldrsh r10, [r8], #2\n"                                                                        \
    "lsl r10, r10, #16\n"                                                                          \
    "smull r3, " acc ", " acc ", r10\n"                                                            \
    "ldr r10, [r9], #4\n"                                                                          \
    "add " acc ", " acc ", r10\n"                                                                  \
    "asr " acc ", " acc ", r12\n"                                                                  \
    "usat " acc ", #8, " acc "\n"

/* r0 weight, r1 channels apart, r2 three of them, r3 list of rows, r4-r7 sums, r8 row, r9 x, r10 w,
 * r11 channel, r12 step, lr end of the list. Stack: last, y, multipliers, biases, shift, weights,
 * step, list. */
__attribute__((naked)) void kws_t32_sum_column(const kws_t32_column *column __attribute__((unused)))
{
    __asm__(
        "push {r4-r11, lr}\n"
        "sub sp, #36\n"
        "ldr r11, [r0], #4\n"
        "ldmia.w r0!, {r1-r8}\n"
        "stmia.w sp, {r1-r8}\n"
        "ldrd lr, r1, [r0]\n"
        "str lr, [sp, #32]\n"
        "add r2, r1, r1, lsl #1\n"
        "mov r0, r6\n"
        "1:\n"
        "ldrd r12, r3, [sp, #24]\n"
        "ldr lr, [sp, #32]\n"
        "mov r4, #0\n"
        "mov r5, #0\n"
        "mov r6, #0\n"
        "mov r7, #0\n"
        "2:\n"
        "ldr r8, [r3], #4\n"
        "add r8, r8, r11\n"
        PRODUCT("r4", "0", "")
        PRODUCT("r5", "1", ", r1")
        PRODUCT("r6", "2", ", r1, lsl #1")
        PRODUCT("r7", "3", ", r2")
        "add r0, r0, r12\n"
        "cmp r3, lr\n"
        "bne 2b\n"
        "ldrd r8, r9, [sp, #8]\n"
        "add r8, r8, r11, lsl #1\n"
        "add r9, r9, r11, lsl #2\n"
        "ldr r12, [sp, #16]\n"
        REQUANT("r4")
        REQUANT("r5")
        REQUANT("r6")
        REQUANT("r7")
        "ldrd r10, r3, [sp]\n"
        "add r3, r3, r11\n"
        "strb r4, [r3]\n"
        "strb r5, [r3, #1]\n"
        "strb r6, [r3, #2]\n"
        "strb r7, [r3, #3]\n"
        "ldr r0, [sp, #20]\n"
        "add r0, r0, r1, lsl #2\n"
        "str r0, [sp, #20]\n"
        "add r11, r11, #4\n"
        "cmp r11, r10\n"
        "bne 1b\n"
        "add sp, #36\n"
        "pop {r4-r11, pc}\n");
}

/* clang-format on */

#endif
