/* SPDX-License-Identifier: Apache-2.0
 *
 * 4-bit weights, v = w + 8; one word a k: byte l holds output l in its low half, output 4 + l in
 * its high half. T1, T2, T3 of the bytes (matrix_v6m.h) give the four sums low + 16 high; with Z
 * the high halves alone, sums of Z and REV16(Z) give each high sum mod 2^16, which is enough: low =
 * (low + 16 high) - 16 high has 20 bits. Five sums of 32 bits for eight of 20.
 *
 * 256 taps at most: low >= -8 * 256 * 255 > -2^19, and -136 * 65280 <= low + 16 high <= 119 *
 * 65280: less than 2^24 apart, and within 24 bits once 2^19 is added, which goes into the sums'
 * beginning. A step of one k is 16.5 instructions for 8 products: 2.06 each, 2.13 with the loop's
 * end; 8 bits: 2.25.
 */
#include "matrix_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

__asm__(KWS_MATRIX_MACROS
        /* r3, r4: room, r5: mask, r6, r7: words; r8, r9, r10: T1, T2, T3; r11, r12: of Z */
        ".macro step4 i, w\n"
        "  ldrb r2, [r0, #\\i]\n"
        "  lsrs r3, \\w, #4\n  ands r3, r5\n  two r3, r11, r12\n"
        "  lsrs r3, \\w, #16\n  muls r3, r2, r3\n  add r9, r3\n"
        "  two \\w, r8, r10\n"
        ".endm\n"
        ".macro steps4 i\n"
        "  ldm r1!, {r6, r7}\n  step4 \\i, r6\n  step4 (\\i + 1), r7\n"
        ".endm\n"
        /* \both = low + 16 high and r0, high in its 16 low bits: \both = low, \high = high, and
         * r0 without it, shifted down. */
        ".macro halves both, r, high\n"
        "  lsls r3, \\r, #4\n  subs r3, \\both, r3\n  lsls r3, r3, #12\n  asrs r3, r3, #12\n"
        "  subs r2, \\both, r3\n  movs \\both, r3\n  asrs r2, r2, #4\n  mov \\high, r2\n"
        ".endm\n"
        ".section .text.kws_matrix_w4, \"ax\", %progbits\n"
        ".p2align 2\n.thumb\n.thumb_func\n.global kws_matrix_w4\n.type kws_matrix_w4, %function\n"
        "kws_matrix_w4:\n"
        "  enter\n"
        "  ldr r1, [sp, #W]\n"
        ".Lblock4:\n"
        "  ldr r0, [sp, #X]\n  ldr r5, =0x0f0f0f0f\n"
        "  ldr r2, [sp, #START]\n  ldr r3, [sp, #START + 4]\n  ldr r4, [sp, #START + 8]\n"
        "  mov r8, r2\n  mov r9, r3\n  mov r10, r2\n  mov r11, r4\n  mov r12, r4\n"
        "  ldr r3, [sp, #X_MAIN]\n  mov lr, r3\n  cmp r0, r3\n  bne .Lwhole4\n  b .Lrest4\n"
        ".Lwhole4:\n"
        "  steps4 0\n  steps4 2\n  steps4 4\n  steps4 6\n"
        "  adds r0, #8\n  cmp r0, lr\n  beq .Lrest4\n  b .Lwhole4\n"
        "  .ltorg\n"
        "1:  ldm r1!, {r6}\n  step4 0, r6\n  adds r0, #1\n"
        ".Lrest4:\n  ldr r3, [sp, #X_END]\n  cmp r0, r3\n  bne 1b\n"
        "  str r1, [sp, #W]\n"
        "  apart r8, r9, r10\n"
        "  movs r3, #1\n  lsls r3, r3, #19\n"
        "  subs r4, r4, r3\n  subs r5, r5, r3\n  subs r6, r6, r3\n  subs r7, r7, r3\n"
        "  mov r0, r11\n  mov r1, r12\n  pairs\n"
        "  halves r4, r0, r8\n  subs r0, r0, r2\n  asrs r0, r0, #16\n  halves r6, r0, r10\n"
        "  halves r5, r1, r9\n  subs r1, r1, r2\n  asrs r1, r1, #16\n  halves r7, r1, r11\n"
        "  store4 0, 4a\n  b 4f\n  aside 0, 4a\n4:\n"
        "  mov r4, r8\n  mov r5, r9\n  mov r6, r10\n  mov r7, r11\n"
        "  store4 1, 4b\n"
        "  next .Lblock4\n"
        "  leave\n"
        "  aside 1, 4b\n"
        ".size kws_matrix_w4, . - kws_matrix_w4\n"
        ".text\n");

/* low <= 256 * 255 * 15 - CENTRE < 2^19; -2^23 < 2^19 - 17 CENTRE,
 * 17 * 256 * 255 * 15 + 2^19 - 17 CENTRE < 2^23. */
#define CENTRE 520192

static void begin(kws_matrix *matrix, int32_t first, int32_t second)
{
    (void)second;
    matrix->x_main = matrix->x_end - ((uint32_t)(matrix->x_end - matrix->x) & 7u);
    matrix->start[0] = ((uint32_t)first * 17u + (1u << 19)) * 0x01010101u;
    matrix->start[1] = ((uint32_t)first * 17u + (1u << 19)) * 0x0101u;
    matrix->start[2] = (uint32_t)first * 0x01010101u;
}

/* see matrix_v6m.h */
const kws_width kws_width_w4 = {.bits = 4,
                                .chunk = 256,
                                .together = 1,
                                .centre = CENTRE,
                                .begin = begin,
                                .blocks = kws_matrix_w4};

#endif
