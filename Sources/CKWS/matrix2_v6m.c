/* SPDX-License-Identifier: Apache-2.0
 *
 * 2-bit weights, v = w + 2; one word two k: byte l holds output l in bits 0..1 and output 4 + l in
 * bits 2..3 for the first k, in bits 4..5 and 6..7 for the second.
 *
 * With Z four outputs of one k, one a byte, sums of Z and REV16(Z) hold four sums of 16 bits (see
 * `pairs`): up to 64 taps, |sum| <= 64 * 255 * 2 < 2^15.
 * Two k are 30.5 instructions for 16 products: 1.91 each, 1.95 with the loop's end; 8 bits: 2.25.
 */
#include "matrix_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

__asm__(KWS_MATRIX_MACROS
        /* r3, r4: room, r5: mask, r6, r7: words; r8, r9 and r10, r11: the sums; r12: end */
        ".macro step2 i, w\n"
        "  ldrb r2, [r0, #\\i]\n"
        "  movs r3, \\w\n       ands r3, r5\n    two r3, r8, r9\n"
        "  lsrs r3, \\w, #2\n   ands r3, r5\n    two r3, r10, r11\n"
        "  ldrb r2, [r0, #\\i + 1]\n"
        "  lsrs r3, \\w, #6\n   ands r3, r5\n    two r3, r10, r11\n"
        "  lsrs \\w, \\w, #4\n  ands \\w, r5\n   two \\w, r8, r9\n"
        ".endm\n"
        ".section .text.kws_matrix_w2, \"ax\", %progbits\n"
        ".p2align 2\n.thumb\n.thumb_func\n.global kws_matrix_w2\n.type kws_matrix_w2, %function\n"
        "kws_matrix_w2:\n"
        "  enter\n"
        "  ldr r1, [sp, #W]\n"
        ".Lblock2:\n"
        "  ldr r0, [sp, #X]\n  ldr r5, =0x03030303\n"
        "  ldr r2, [sp, #START]\n"
        "  mov r8, r2\n  mov r9, r2\n  mov r10, r2\n  mov r11, r2\n"
        "  ldr r3, [sp, #X_MAIN]\n  mov r12, r3\n  cmp r0, r12\n  bne .Lwhole2\n  b .Lrest2\n"
        ".Lwhole2:\n"
        "  ldm r1!, {r6, r7}\n  step2 0, r6\n  step2 2, r7\n"
        "  ldm r1!, {r6, r7}\n  step2 4, r6\n  step2 6, r7\n"
        "  adds r0, #8\n  cmp r0, r12\n  bne .Lwhole2\n"
        "  b .Lrest2\n"
        "  .ltorg\n"
        "1:  ldm r1!, {r6}\n  step2 0, r6\n  adds r0, #2\n"
        ".Lrest2:\n  ldr r3, [sp, #X_END]\n  cmp r0, r3\n  bne 1b\n"
        "  str r1, [sp, #W]\n"
        "  mov r0, r8\n  mov r1, r9\n  lanes\n"
        "  store4 0, 2a\n  b 4f\n  aside 0, 2a\n4:\n"
        "  mov r0, r10\n  mov r1, r11\n  lanes\n"
        "  store4 1, 2b\n"
        "  next .Lblock2\n"
        "  leave\n"
        "  aside 1, 2b\n"
        ".size kws_matrix_w2, . - kws_matrix_w2\n"
        ".text\n");

static void begin(kws_matrix *matrix, int32_t first, int32_t second)
{
    (void)second;
    matrix->x_main = matrix->x_end - ((uint32_t)(matrix->x_end - matrix->x) & 7u);
    matrix->start[0] = (uint32_t)first * 0x01010101u;
}

/* see matrix_v6m.h */
const kws_width kws_width_w2 = {.bits = 2,
                                .chunk = 64,
                                .together = 2,
                                .centre = 64 * 255 * 3 / 2,
                                .begin = begin,
                                .blocks = kws_matrix_w2};

#endif
