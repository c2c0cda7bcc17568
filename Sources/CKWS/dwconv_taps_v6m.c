/* SPDX-License-Identifier: Apache-2.0
 *
 * Any kernel of bytes over five columns: one weight after the other times the x of those of the
 * columns for which x lies inside. The sums lie in r8 .. r12. A tap of five products is 21
 * instructions, 4.2 each; of n, at a border, 4 + 4 n. Which columns those are is the same for all
 * channels: a list of taps says where x begins, which weight it is, and where the code for these
 * columns is.
 */
#include "dwconv_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

__asm__(".syntax unified\n"
        /* r0: x, r3: w, r4: a product, r5: weights of the channel, r6: from x to x, r7: list, lr:
           channel */
        ".macro next\n"
        "  ldm r7!, {r0-r2}\n  add r0, lr\n  ldrsb r3, [r5, r1]\n  bx r2\n"
        ".endm\n"
        ".macro one acc, op\n"
        "  ldrb r4, [r0]\n  \\op r0, r0, r6\n  muls r4, r3, r4\n  add \\acc, r4\n"
        ".endm\n"
        ".macro final acc\n"
        "  ldrb r4, [r0]\n  muls r3, r4, r3\n  add \\acc, r3\n  next\n"
        ".endm\n"
        /* r1: m, r2: b, r3: n */
        ".macro finish acc, i\n"
        "  mov r4, \\acc\n"
        "  uxth r0, r4\n  asrs r4, r4, #16\n  muls r0, r1, r0\n  asrs r0, r0, #16\n"
        "  muls r4, r1, r4\n  adds r4, r4, r0\n  adds r4, r4, r2\n"
        "  asrs r4, r3\n  bmi .Lbelow\\i\n  lsrs r0, r4, #8\n  bne .Labove\\i\n"
        ".Lclipped\\i:\n  strb r4, [r5]\n"
        ".endm\n"
        ".macro outside i\n"
        ".Lbelow\\i:\n  movs r4, #0\n    b .Lclipped\\i\n"
        ".Labove\\i:\n  movs r4, #255\n  b .Lclipped\\i\n"
        ".endm\n"
        ".section .rodata.kws_dwconv_codes_v6m, \"a\", %progbits\n"
        ".p2align 2\n.global kws_dwconv_codes_v6m\n.type kws_dwconv_codes_v6m, %object\n"
        "kws_dwconv_codes_v6m:\n"
        "  .word .Lall + 1, .Lfrom1 + 1, .Lfrom2 + 1, .Lfrom3 + 1, .Lfrom4 + 1\n"
        "  .word .Lfirst1 + 1, .Lfirst2 + 1, .Lfirst3 + 1, .Lfirst4 + 1, .Lend + 1\n"
        ".size kws_dwconv_codes_v6m, . - kws_dwconv_codes_v6m\n"
        ".section .text.kws_dwconv_taps_v6m, \"ax\", %progbits\n"
        ".p2align 2\n.thumb\n.thumb_func\n.global kws_dwconv_taps_v6m\n"
        ".type kws_dwconv_taps_v6m, %function\n"
        "kws_dwconv_taps_v6m:\n"
        "  push {r4-r7, lr}\n"
        "  mov r4, r8\n  mov r5, r9\n  mov r6, r10\n  mov r7, r11\n"
        "  push {r4-r7}\n"
        "  movs r1, r0\n  adds r1, #20\n  ldm r1!, {r3-r7}\n  push {r3-r7}\n"
        "  ldm r0!, {r1-r5}\n  push {r1-r5}\n"
        /* the stack: list, w (4), K (8), m (12), b (16), n (20), y (24), y's step (28), x's step
         * (32), channels (36) */
        "  movs r4, #0\n"
        ".Lchannel:\n"
        "  mov lr, r4\n"
        "  movs r0, #0\n"
        "  mov r8, r0\n  mov r9, r0\n  mov r10, r0\n  mov r11, r0\n  mov r12, r0\n"
        "  ldr r7, [sp, #0]\n  ldr r5, [sp, #4]\n  ldr r6, [sp, #32]\n"
        "  next\n"
        "  .p2align 2\n"
        ".Lall:\n"
        "  ldrb r4, [r0]\n      muls r4, r3, r4\n  add r8, r4\n"
        "  ldrb r4, [r0, r6]\n  muls r4, r3, r4\n  add r9, r4\n"
        "  lsls r2, r6, #1\n"
        "  ldrb r4, [r0, r2]\n  muls r4, r3, r4\n  add r10, r4\n"
        "  adds r0, r0, r2\n"
        "  ldrb r4, [r0, r6]\n  muls r4, r3, r4\n  add r11, r4\n"
        "  ldrb r4, [r0, r2]\n  muls r3, r4, r3\n  add r12, r3\n"
        "  next\n"
        ".Lfrom1:\n  one r9, adds\n"
        ".Lfrom2:\n  one r10, adds\n"
        ".Lfrom3:\n  one r11, adds\n"
        ".Lfrom4:\n  final r12\n"
        ".Lfirst4:\n  one r11, subs\n"
        ".Lfirst3:\n  one r10, subs\n"
        ".Lfirst2:\n  one r9, subs\n"
        ".Lfirst1:\n  final r8\n"
        ".Lend:\n"
        "  ldr r0, [sp, #8]\n  adds r5, r5, r0\n  str r5, [sp, #4]\n"
        "  mov r4, lr\n  lsls r0, r4, #1\n  ldr r5, [sp, #12]\n  ldrsh r1, [r5, r0]\n"
        "  lsls r0, r4, #2\n  ldr r5, [sp, #16]\n  ldr r2, [r5, r0]\n  ldr r3, [sp, #20]\n"
        "  ldr r5, [sp, #24]\n  adds r5, r5, r4\n  ldr r6, [sp, #28]\n"
        "  finish r8, 8\n   adds r5, r5, r6\n"
        "  finish r9, 9\n   adds r5, r5, r6\n"
        "  finish r10, 10\n adds r5, r5, r6\n"
        "  finish r11, 11\n adds r5, r5, r6\n"
        "  finish r12, 12\n"
        "  mov r4, lr\n  adds r4, #1\n  ldr r0, [sp, #36]\n"
        "  cmp r4, r0\n  beq 1f\n  b .Lchannel\n"
        "1:  add sp, #40\n  pop {r4-r7}\n"
        "  mov r8, r4\n  mov r9, r5\n  mov r10, r6\n  mov r11, r7\n"
        "  pop {r4-r7, pc}\n"
        "  outside 8\n  outside 9\n  outside 10\n  outside 11\n  outside 12\n"
        ".size kws_dwconv_taps_v6m, . - kws_dwconv_taps_v6m\n"
        ".text\n");

#endif
