/* SPDX-License-Identifier: Apache-2.0
 *
 * 3-bit weights, v = w + 4; three words are four k. Byte l of word i holds output l of k = i in
 * bits 0..2, output 4 + l in bits 3..5. The two bits left in each byte are set so that (W0 >> 6) +
 * (W1 >> 4) + (W2 >> 2) holds k = 3 in the same way (its other bits are anything): so nothing has
 * to be masked out.
 *
 * With Z four outputs of one k, one a byte, sums of Z and REV16(Z) hold four sums of 16 bits (see
 * `pairs`): up to 32 taps, |sum| <= 32 * 255 * 4 < 2^15. A chunk is two such halves.
 * Four k are 64 instructions for 32 products: 2.0 each, 2.06 with the loop's end; 8 bits: 2.25.
 */
#include "matrix_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

__asm__(
    KWS_MATRIX_MACROS
    /* r3, r4: room, r5: mask, r6: a word, r7: the fourth; r8, r9 and r10, r11: the sums; r12: end
     */
    ".macro step3 i, w\n"
    "  ldrb r2, [r0, #\\i]\n"
    "  lsrs r3, \\w, #3\n  ands r3, r5\n  two r3, r10, r11\n"
    "  ands \\w, r5\n  two \\w, r8, r9\n"
    ".endm\n"
    ".macro steps3 i\n"
    "  ldm r1!, {r6}\n  lsrs r7, r6, #6\n                     step3 \\i, r6\n"
    "  ldm r1!, {r6}\n  lsrs r3, r6, #4\n  adds r7, r7, r3\n  step3 (\\i + 1), r6\n"
    "  ldm r1!, {r6}\n  lsrs r3, r6, #2\n  adds r7, r7, r3\n  step3 (\\i + 2), r6\n"
    "  step3 (\\i + 3), r7\n"
    ".endm\n"
    /* the same as lanes, added to r4 .. r7 */
    ".macro more\n"
    "  pairs\n"
    "  sxth r2, r0\n  adds r4, r4, r2\n  subs r0, r0, r2\n  asrs r0, r0, #16\n  adds r6, r6, r0\n"
    "  sxth r2, r1\n  adds r5, r5, r2\n  subs r1, r1, r2\n  asrs r1, r1, #16\n  adds r7, r7, r1\n"
    ".endm\n"
    ".section .text.kws_matrix_w3, \"ax\", %progbits\n"
    ".p2align 2\n.thumb\n.thumb_func\n.global kws_matrix_w3\n.type kws_matrix_w3, %function\n"
    "kws_matrix_w3:\n"
    "  enter\n"
    "  ldr r1, [sp, #W]\n"
    ".Lblock3:\n"
    "  ldr r0, [sp, #X]\n  ldr r5, =0x07070707\n"
    "  ldr r2, [sp, #START]\n  ldr r3, [sp, #X_MAIN]\n"
    "  movs r4, #0\n  mov lr, r4\n"
    ".Lhalf3:\n"
    "  mov r8, r2\n  mov r9, r2\n  mov r10, r2\n  mov r11, r2\n  mov r12, r3\n"
    "  subs r3, r3, r0\n  bne 1f\n  b .Lend3\n1:\n"
    /* an odd number of fours enters the loop in its middle */
    "  lsls r3, r3, #29\n  bpl .Lwhole3\n  subs r0, #4\n  b .Lmiddle3\n"
    "  .ltorg\n"
    ".Lwhole3:\n  steps3 0\n"
    ".Lmiddle3:\n  steps3 4\n"
    "  adds r0, #8\n  cmp r0, r12\n  beq .Lend3\n  b .Lwhole3\n"
    ".Lend3:\n"
    "  mov r2, lr\n  cmp r2, #0\n  bne 1f\n"
    "  movs r2, #1\n  mov lr, r2\n"
    "  ldr r2, [sp, #START + 4]\n  ldr r3, [sp, #X_END]\n"
    "  mov r4, r8\n  mov r5, r9\n  mov r6, r10\n  mov r7, r11\n  push {r4-r7}\n"
    "  ldr r5, =0x07070707\n"
    "  b .Lhalf3\n"
    "1:  pop {r4-r7}\n  str r1, [sp, #W]\n"
    "  mov r0, r4\n  mov r1, r5\n  mov r12, r6\n  mov lr, r7\n"
    "  lanes\n  mov r0, r8\n  mov r1, r9\n  more\n"
    "  store4 0, 3a\n  b 4f\n  aside 0, 3a\n4:\n"
    "  mov r0, r12\n  mov r1, lr\n  lanes\n  mov r0, r10\n  mov r1, r11\n  more\n"
    "  store4 1, 3b\n"
    "  next .Lblock3\n"
    "  leave\n"
    "  aside 1, 3b\n"
    ".size kws_matrix_w3, . - kws_matrix_w3\n"
    ".text\n");

/* x_main: the end of the first half. */
static void begin(kws_matrix *matrix, int32_t first, int32_t second)
{
    const uint8_t *middle = matrix->x + KWS_HALF_W3;
    matrix->x_main = middle < matrix->x_end ? middle : matrix->x_end;
    matrix->start[0] = (uint32_t)first * 0x01010101u;
    matrix->start[1] = (uint32_t)second * 0x01010101u;
}

/* see matrix_v6m.h */
const kws_width kws_width_w3 = {.bits = 3,
                                .chunk = 2 * KWS_HALF_W3,
                                .together = 4,
                                .centre = 32 * 255 * 7 / 2,
                                .begin = begin,
                                .blocks = kws_matrix_w3};

#endif
