/* SPDX-License-Identifier: Apache-2.0
 *
 * A kernel of bytes over an output of one column: five channels at a time, whose sums lie in r8 ..
 * r12. A tap is 28 instructions for five products, 5.6 each; no x is used twice here.
 */
#include "dwconv_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

__asm__(".syntax unified\n"
        /* r0: x, r1: weight's place, r2: end of the list, r3: w, r4: a product, r5: weights of the
         * channel, r6: from channel to channel, r7: list, lr: channel */
        ".macro one i, acc\n"
        "  ldrb r4, [r0, #\\i]\n  ldrsb r3, [r5, r1]\n  adds r1, r1, r6\n"
        "  muls r4, r3, r4\n      add \\acc, r4\n"
        ".endm\n" KWS_V6M_FINISH
        /* r3: n, r5: b, r6: m, r7: y */
        ".macro put i, acc\n"
        "  movs r0, #2 * \\i\n  ldrsh r1, [r6, r0]\n  ldr r2, [r5, #4 * \\i]\n"
        "  finish \\acc, \\i\n  strb r4, [r7, #\\i]\n"
        ".endm\n"
        ".section .text.kws_dwconv_column_v6m, \"ax\", %progbits\n"
        ".p2align 2\n.thumb\n.thumb_func\n.global kws_dwconv_column_v6m\n"
        ".type kws_dwconv_column_v6m, %function\n"
        "kws_dwconv_column_v6m:\n"
        "  push {r4-r7, lr}\n"
        "  mov r4, r8\n  mov r5, r9\n  mov r6, r10\n  mov r7, r11\n"
        "  push {r4-r7}\n"
        "  movs r1, r0\n  adds r1, #20\n  ldm r1!, {r3-r7}\n  push {r3-r7}\n"
        "  ldm r0!, {r1-r5}\n  push {r1-r5}\n"
        /* the stack: list, w (4), K (8), m (12), b (16), n (20), y (24), -, end of the list (32),
         * channels, a multiple of 5 (36) */
        "  movs r4, #0\n"
        ".Lchannel:\n"
        "  mov lr, r4\n"
        "  movs r0, #0\n"
        "  mov r8, r0\n  mov r9, r0\n  mov r10, r0\n  mov r11, r0\n  mov r12, r0\n"
        "  ldr r7, [sp, #0]\n  ldr r2, [sp, #32]\n  ldr r5, [sp, #4]\n  ldr r6, [sp, #8]\n"
        "  cmp r7, r2\n  beq 2f\n"
        "1:  ldm r7!, {r0, r1, r3}\n  add r0, lr\n"
        "  one 0, r8\n  one 1, r9\n  one 2, r10\n  one 3, r11\n  one 4, r12\n"
        "  cmp r7, r2\n  bne 1b\n"
        "2:  lsls r0, r6, #2\n  adds r0, r0, r6\n  adds r5, r5, r0\n  str r5, [sp, #4]\n"
        "  mov r4, lr\n  lsls r0, r4, #1\n  ldr r6, [sp, #12]\n  adds r6, r6, r0\n"
        "  lsls r0, r4, #2\n  ldr r5, [sp, #16]\n  adds r5, r5, r0\n  ldr r3, [sp, #20]\n"
        "  ldr r7, [sp, #24]\n  adds r7, r7, r4\n"
        "  put 0, r8\n  put 1, r9\n  put 2, r10\n  put 3, r11\n  put 4, r12\n"
        "  mov r4, lr\n  adds r4, #5\n  ldr r0, [sp, #36]\n"
        "  cmp r4, r0\n  beq 1f\n  b .Lchannel\n"
        "1:  add sp, #40\n  pop {r4-r7}\n"
        "  mov r8, r4\n  mov r9, r5\n  mov r10, r6\n  mov r11, r7\n"
        "  pop {r4-r7, pc}\n"
        "  outside 0\n  outside 1\n  outside 2\n  outside 3\n  outside 4\n"
        ".size kws_dwconv_column_v6m, . - kws_dwconv_column_v6m\n"
        ".text\n");

#endif
