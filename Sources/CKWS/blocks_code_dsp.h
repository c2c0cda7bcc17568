/* SPDX-License-Identifier: Apache-2.0
 *
 * blocks_code_dsp.h - four outputs of BLOCKS, all their windows, for the DSP extension. Blocks l ..
 * l+3 are taken together: their activations become the pairs (l, l+2) and (l+1, l+3), as which the
 * bytes of a word of values come out of it. Then come two blocks and one, if so many are left.
 *
 * Assembly, since the loop needs all fourteen registers: at 4 bits 32 instructions for 16 products,
 * where gcc takes 38 and clang 45.
 */
#ifndef KWS_BLOCKS_CODE_DSP_H
#define KWS_BLOCKS_CODE_DSP_H

#include "matrix_dsp.h"

/* The work of kws_blocks_four_w<bits>(). The code knows the offsets. */
typedef struct kws_blocks_four {
    const uint8_t *w; /* the four outputs' windows; behind them when it is done */
    const uint8_t *x, *end;
    int32_t        acc[4];
} kws_blocks_four;

void kws_blocks_four_w8(kws_blocks_four *work);
void kws_blocks_four_w4(kws_blocks_four *work);
void kws_blocks_four_w3(kws_blocks_four *work);
void kws_blocks_four_w2(kws_blocks_four *work);

/* r0 index, r1 x of the window, r2 .. r5 sums a .. d, r6 sum of all x in two halves, of at most
 * 128 * 255 each, r7 a width's own, r8 blocks of the window, r9 end of the loop; r10 .. r12, lr
 * free. */

/* clang-format off */

/* to = x of the index at [r0 place], and in the upper half x of that at r0 + second. */
#define KWS_BLOCKS_X(to, place, second)                                                            \
    KWS_LINE("ldrb r12, [r0, #" second "]")                                                        \
    KWS_LINE("ldrb " to ", [r0" place)                                                             \
    KWS_LINE("ldrb r12, [r1, r12]")                                                                \
    KWS_LINE("ldrb " to ", [r1, " to "]")                                                          \
    KWS_LINE("orr  " to ", " to ", r12, lsl #16")                                                  \
    KWS_LINE("add  r6, " to)

/* The same for one block alone. */
#define KWS_BLOCKS_X_ONE                                                                           \
    KWS_LINE("ldrb r11, [r0], #1")                                                                 \
    KWS_LINE("ldrb r11, [r1, r11]")                                                                \
    KWS_LINE("add  r6, r11")

/* sum += pair r11 of x times the pair of values that lies so many bits up in a word. */
#define KWS_BLOCKS_MAC(sum, values, shift)                                                         \
    KWS_LINE("and  r12, r7, " values shift)                                                        \
    KWS_LINE("smlad " sum ", r11, r12, " sum)

/* A table's beginning, then that of a window: label 1; `each` prepares r7 there. */
#define KWS_BLOCKS_BEGIN(once, each)                                                               \
    KWS_LINE("push {r0, r4-r11, lr}")                                                              \
    KWS_LINE("ldrd r0, r1, [r0]")                                                                  \
    KWS_LINE("movs r2, #0")                                                                        \
    KWS_LINE("movs r3, #0")                                                                        \
    KWS_LINE("movs r4, #0")                                                                        \
    KWS_LINE("movs r5, #0")                                                                        \
    once                                                                                           \
    "1:\n\t"                                                                                       \
    KWS_LINE("ldrb r8, [r0], #1")                                                                  \
    each                                                                                           \
    KWS_LINE("bics r9, r8, #3")                                                                    \
    KWS_LINE("mov  r6, #0")                                                                        \
    KWS_LINE("beq  3f")                                                                            \
    KWS_LINE("add  r9, r0")                                                                        \
    "2:\n\t"

/* The loop's end, and what two and one block take that are left. */
#define KWS_BLOCKS_REST(two, one)                                                                  \
    KWS_LINE("cmp  r0, r9")                                                                        \
    KWS_LINE("bne  2b")                                                                            \
    "3:\n\t"                                                                                       \
    KWS_LINE("tst  r8, #2")                                                                        \
    KWS_LINE("beq  4f")                                                                            \
    two                                                                                            \
    "4:\n\t"                                                                                       \
    KWS_LINE("tst  r8, #1")                                                                        \
    KWS_LINE("beq  5f")                                                                            \
    one                                                                                            \
    "5:\n\t"

/* A window's end: r0 skips the values; the offset's share, 2^offset times the sum of x. */
#define KWS_BLOCKS_END(skip, offset)                                                               \
    skip                                                                                           \
    KWS_LINE("uxth r12, r6")                                                                       \
    KWS_LINE("add  r6, r12, r6, lsr #16")                                                          \
    KWS_LINE("ldr  r12, [sp]")                                                                     \
    KWS_LINE("adds r1, #255")                                                                      \
    KWS_LINE("ldr  lr, [r12, #8]")                                                                 \
    KWS_LINE("sub  r2, r2, r6, lsl #" offset)                                                      \
    KWS_LINE("sub  r3, r3, r6, lsl #" offset)                                                      \
    KWS_LINE("sub  r4, r4, r6, lsl #" offset)                                                      \
    KWS_LINE("sub  r5, r5, r6, lsl #" offset)                                                      \
    KWS_LINE("cmp  r1, lr")                                                                        \
    KWS_LINE("bcc  1b")                                                                            \
    KWS_LINE("str  r0, [r12]")                                                                     \
    KWS_LINE("add  r12, #12")                                                                      \
    KWS_LINE("stm  r12, {r2-r5}")                                                                  \
    KWS_LINE("pop  {r0, r4-r11, pc}")

/* clang-format on */

#endif
