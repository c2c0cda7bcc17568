/* SPDX-License-Identifier: Apache-2.0
 *
 * 8-bit weights, stored as v = w + 128; two words a k hold the block's 8 outputs. The sums begin
 * with -128 times that of x: signed sums of |w x| <= 128 * 255, below 2^23 for K <= 256.
 *
 * A step of one k is 17 instructions (LDRB; 2 times LSRS, REV16, 3 MULS, 3 ADD) beside half an LDM
 * for 8 products: 2.19 each, 2.25 with the loop's end. Of one output and one product at a time
 * (LDRB, LDRB, MULS, ADDS) it would be 4; 2.6 cycles (M0+: loads 2, LDM 1 + n) in place of 6.
 */
#include "matrix_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

__asm__(KWS_MATRIX_MACROS
        ".macro step8 i, a, b\n"
        "  ldrb r2, [r0, #\\i]\n"
        "  four \\a, r8, r9, r10\n  four \\b, r11, r12, lr\n"
        ".endm\n"
        ".macro steps8 i\n"
        "  ldm r1!, {r4-r7}\n  step8 \\i, r4, r5\n  step8 (\\i + 1), r6, r7\n"
        ".endm\n"
        ".section .text.kws_matrix_w8, \"ax\", %progbits\n"
        ".p2align 2\n.thumb\n.thumb_func\n.global kws_matrix_w8\n.type kws_matrix_w8, %function\n"
        "kws_matrix_w8:\n"
        "  enter\n"
        /* where a block enters the loop of 16: r4 = K / 8, rounded down */
        "  ldr r0, [sp, #X]\n  ldr r1, [sp, #X_MAIN]\n"
        "  subs r4, r1, r0\n  beq 1f\n"
        "  lsrs r4, r4, #4\n  bcs 2f\n"
        "  ldr r5, =.Lwhole8 + 1\n  b 3f\n"
        "2:  subs r0, #8\n  str r0, [sp, #X]\n  ldr r5, =.Lhalf8 + 1\n  b 3f\n"
        "1:  ldr r5, =.Lrest8 + 1\n"
        "3:  str r5, [sp, #ENTRY]\n"
        "  ldr r1, [sp, #W]\n"
        ".Lblock8:\n"
        "  ldr r0, [sp, #X]\n  ldr r2, [sp, #START]\n  ldr r3, [sp, #START + 4]\n"
        "  mov r8, r2\n  mov r9, r3\n  mov r10, r2\n  mov r11, r2\n  mov r12, r3\n  mov lr, r2\n"
        "  ldr r3, [sp, #ENTRY]\n  bx r3\n"
        "  .p2align 2\n"
        "  .ltorg\n"
        ".Lwhole8:\n  steps8 0\n  steps8 2\n  steps8 4\n  steps8 6\n"
        ".Lhalf8:\n  steps8 8\n  steps8 10\n  steps8 12\n  steps8 14\n"
        "  adds r0, #16\n  ldr r3, [sp, #X_MAIN]\n  cmp r0, r3\n  beq .Lrest8\n  b .Lwhole8\n"
        "1:  ldm r1!, {r4, r5}\n  step8 0, r4, r5\n  adds r0, #1\n"
        ".Lrest8:\n  ldr r3, [sp, #X_END]\n  cmp r0, r3\n  bne 1b\n"
        "  str r1, [sp, #W]\n"
        "  apart r8, r9, r10\n  store4 0, 8a\n  b 4f\n  aside 0, 8a\n4:\n"
        "  apart r11, r12, lr\n  store4 1, 8b\n"
        "  next .Lblock8\n"
        "  leave\n"
        "  aside 1, 8b\n"
        ".size kws_matrix_w8, . - kws_matrix_w8\n"

        ".section .text.kws_matrix_w8_half, \"ax\", %progbits\n"
        ".p2align 2\n.thumb\n.thumb_func\n.global kws_matrix_w8_half\n"
        ".type kws_matrix_w8_half, %function\n"
        "kws_matrix_w8_half:\n"
        "  enter\n"
        "  ldr r0, [sp, #X]\n  ldr r1, [sp, #W]\n"
        "  ldr r2, [sp, #START]\n  ldr r3, [sp, #START + 4]\n"
        "  mov r8, r2\n  mov r9, r3\n  mov r10, r2\n"
        "  b 2f\n"
        "1:  ldm r1!, {r4-r7}\n"
        "  ldrb r2, [r0, #0]\n  four r4, r8, r9, r10\n  ldrb r2, [r0, #1]\n  four r5, r8, r9, r10\n"
        "  ldrb r2, [r0, #2]\n  four r6, r8, r9, r10\n  ldrb r2, [r0, #3]\n  four r7, r8, r9, r10\n"
        "  adds r0, #4\n"
        "2:  ldr r3, [sp, #X_MAIN]\n  cmp r0, r3\n  bne 1b\n"
        "  b 4f\n"
        "3:  ldm r1!, {r4}\n  ldrb r2, [r0, #0]\n  four r4, r8, r9, r10\n  adds r0, #1\n"
        "4:  ldr r3, [sp, #X_END]\n  cmp r0, r3\n  bne 3b\n"
        "  apart r8, r9, r10\n  store4 0, 8h\n"
        "  leave\n"
        "  aside 0, 8h\n"
        ".size kws_matrix_w8_half, . - kws_matrix_w8_half\n"
        ".purgem step8\n.purgem steps8\n.text\n");

/* x_main: what the loop of 16 takes, and that begins in its middle. */
static void begin(kws_matrix *matrix, int32_t first, int32_t second)
{
    (void)second;
    matrix->x_main = matrix->x_end - ((uint32_t)(matrix->x_end - matrix->x) & 7u);
    matrix->start[0] = (uint32_t)first * 0x01010101u;
    matrix->start[1] = (uint32_t)first * 0x0101u;
}

/* see matrix_v6m.h */
const kws_width kws_width_w8 = {.bits = 8,
                                .chunk = 256,
                                .together = 1,
                                .centre = 256 * 255 * 255 / 2,
                                .begin = begin,
                                .blocks = kws_matrix_w8,
                                .half = kws_matrix_w8_half};

#endif
