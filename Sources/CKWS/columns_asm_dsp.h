/* SPDX-License-Identifier: Apache-2.0
 *
 * columns_asm_dsp.h - what the assembly of all widths of weights shares.
 *
 * With weights of 8 bits a channel takes 93 instructions for its five outputs if the input is five
 * columns wide; 39 are MACs: rows 0 and 1 of the kernel go together, a pair of x in a register and
 * a pair of weights in another, 13 dual MACs; row 2 takes 13. One by one they would take 13 more.
 *
 * r0 .. r4 sums, r5 .. r7 weights, r8, r9 rows, r10, r11 stride and -stride, r12, lr temporary.
 */
#ifndef KWS_COLUMNS_ASM_DSP_H
#define KWS_COLUMNS_ASM_DSP_H

/* clang-format off */

#define KWS_WEIGHTS "0"
#define KWS_ROWS "4" /* 0 and 1 */
#define KWS_ROW_2 "12"
#define KWS_TABLES "16" /* m, b */
#define KWS_Y "24"
#define KWS_SHIFT "28" /* n, the end of m */

/* r12 = the pair of x in rows 0 and 1 at an offset from the middle column. */
#define KWS_PAIR_AT(offset)                                                                        \
    KWS_LINE("ldrb   r12, [r8" offset)                                                             \
    KWS_LINE("ldrb   lr, [r9" offset)                                                              \
    KWS_LINE("orr    r12, r12, lr, lsl #16")

/* The same one column farther than the address mode reaches; step is -stride or stride. */
#define KWS_PAIR_BEYOND(step)                                                                      \
    KWS_LINE("add    r12, r8, " step ", lsl #1")                                                   \
    KWS_LINE("add    lr, r9, " step ", lsl #1")                                                    \
    KWS_LINE("ldrb   r12, [r12, " step "]")                                                        \
    KWS_LINE("ldrb   lr, [lr, " step "]")                                                          \
    KWS_LINE("orr    r12, r12, lr, lsl #16")

#define KWS_SINGLE_BEYOND(step)                                                                    \
    KWS_LINE("add    r12, r8, " step ", lsl #1")                                                   \
    KWS_LINE("ldrb   r12, [r12, " step "]")

#define KWS_FIRST(sum, w) KWS_LINE("smuad  " sum ", r12, " w)
#define KWS_MORE(sum, w) KWS_LINE("smlad  " sum ", r12, " w ", " sum)

#define KWS_STORE(rescale, sum, place)                                                             \
    KWS_LINE(rescale " " sum ", " sum ", r7, r8")                                                  \
    KWS_LINE("asr    " sum ", " sum ", r12")                                                       \
    KWS_LINE("usat   " sum ", #8, " sum)                                                           \
    KWS_LINE("strb   " sum ", [r9" place)

/* One channel. pairs: r5, r6, r7 = the weights of columns 0, 1, 2 in rows 0 and 1; row: prepares
 * those of row 2, which W0, W1, W2 multiply by r12; left2, right2, left1, right1: what the columns
 * beside the five add. m is shifted left by unscale if rescale is SMMLA. Flags: the last one? */
#define KWS_CHANNEL(pairs, row, W0, W1, W2, rescale, unscale, left2, right2, left1, right1)        \
    KWS_LINE("ldr    lr, [sp, #" KWS_WEIGHTS "]")                                                  \
    KWS_LINE("ldrd   r8, r9, [sp, #" KWS_ROWS "]")                                                 \
    pairs                                                                                          \
    KWS_PAIR_AT(", r11, lsl #1]")                                                                  \
    KWS_FIRST("r0", "r6")                                                                          \
    KWS_FIRST("r1", "r5")                                                                          \
    KWS_PAIR_AT(", r11]")                                                                          \
    KWS_MORE("r0", "r7")                                                                           \
    KWS_MORE("r1", "r6")                                                                           \
    KWS_FIRST("r2", "r5")                                                                          \
    KWS_PAIR_AT(", r10]")                                                                          \
    KWS_MORE("r2", "r7")                                                                           \
    KWS_FIRST("r3", "r6")                                                                          \
    KWS_FIRST("r4", "r5")                                                                          \
    KWS_PAIR_AT(", r10, lsl #1]")                                                                  \
    KWS_MORE("r3", "r7")                                                                           \
    KWS_MORE("r4", "r6")                                                                           \
    left2                                                                                          \
    right2                                                                                         \
    KWS_PAIR_AT("], #1")                                                                           \
    KWS_MORE("r1", "r7")                                                                           \
    KWS_MORE("r2", "r6")                                                                           \
    KWS_MORE("r3", "r5")                                                                           \
    KWS_LINE("strd   r8, r9, [sp, #" KWS_ROWS "]")                                                 \
    KWS_LINE("ldr    lr, [sp, #" KWS_WEIGHTS "]")                                                  \
    KWS_LINE("ldr    r8, [sp, #" KWS_ROW_2 "]")                                                    \
    row                                                                                            \
    KWS_LINE("ldrb   r12, [r8, r11, lsl #1]")                                                      \
    W1("r0")                                                                                       \
    W0("r1")                                                                                       \
    KWS_LINE("ldrb   r12, [r8, r11]")                                                              \
    W2("r0")                                                                                       \
    W1("r1")                                                                                       \
    W0("r2")                                                                                       \
    KWS_LINE("ldrb   r12, [r8, r10]")                                                              \
    W2("r2")                                                                                       \
    W1("r3")                                                                                       \
    W0("r4")                                                                                       \
    KWS_LINE("ldrb   r12, [r8, r10, lsl #1]")                                                      \
    W2("r3")                                                                                       \
    W1("r4")                                                                                       \
    left1                                                                                          \
    right1                                                                                         \
    KWS_LINE("ldrb   r12, [r8], #1")                                                               \
    W2("r1")                                                                                       \
    W1("r2")                                                                                       \
    W0("r3")                                                                                       \
    KWS_LINE("ldrd   r5, r6, [sp, #" KWS_TABLES "]")                                               \
    KWS_LINE("str    r8, [sp, #" KWS_ROW_2 "]")                                                    \
    KWS_LINE("ldr    r9, [sp, #" KWS_Y "]")                                                        \
    KWS_LINE("ldrd   r12, lr, [sp, #" KWS_SHIFT "]")                                               \
    KWS_LINE("ldrsh  r7, [r5], #2")                                                                \
    KWS_LINE("ldr    r8, [r6], #4")                                                                \
    KWS_LINE("strd   r5, r6, [sp, #" KWS_TABLES "]")                                               \
    unscale                                                                                        \
    KWS_LINE("cmp    r5, lr")                                                                      \
    KWS_STORE(rescale, "r0", ", r11, lsl #1]")                                                     \
    KWS_STORE(rescale, "r1", ", r11]")                                                             \
    KWS_STORE(rescale, "r3", ", r10]")                                                             \
    KWS_STORE(rescale, "r4", ", r10, lsl #1]")                                                     \
    KWS_STORE(rescale, "r2", "], #1")                                                              \
    KWS_LINE("str    r9, [sp, #" KWS_Y "]")

#define KWS_BEGIN                                                                                  \
    KWS_LINE("push   {r4, r5, r6, r7, r8, r9, r10, r11, lr}")                                      \
    KWS_LINE("ldm    r0, {r1, r2, r3, r4, r5, r6, r7, r8, r9, r10}")                               \
    KWS_LINE("push   {r1, r2, r3, r4, r5, r6, r7, r8, r9}")                                        \
    KWS_LINE("rsb    r11, r10, #0")                                                                \
    "1:\n\t"

#define KWS_END                                                                                    \
    KWS_LINE("bne    1b")                                                                          \
    "2:\n\t"                                                                                       \
    KWS_LINE("add    sp, sp, #36")                                                                 \
    KWS_LINE("pop    {r4, r5, r6, r7, r8, r9, r10, r11, pc}")

/* The four functions and their table, from LOOP(left2, right2, left1, right1). */
#define KWS_LEFT2 KWS_PAIR_BEYOND("r11") KWS_MORE("r0", "r5")
#define KWS_RIGHT2 KWS_PAIR_BEYOND("r10") KWS_MORE("r4", "r7")
#define KWS_LEFT1(W0) KWS_SINGLE_BEYOND("r11") W0("r0")
#define KWS_RIGHT1(W2) KWS_SINGLE_BEYOND("r10") W2("r4")

#define KWS_CONVOLVE(name, loop)                                                                   \
    KWS_ASSEMBLY static void name(const kws_columns *columns KWS_UNUSED)                           \
    {                                                                                              \
        __asm__ volatile(KWS_BEGIN loop KWS_END);                                                  \
    }

#define KWS_CONVOLVES(LOOP, W0, W2)                                                                \
    KWS_CONVOLVE(alone, LOOP(, , , ))                                                              \
    KWS_CONVOLVE(on_right, LOOP(, KWS_RIGHT2, , KWS_RIGHT1(W2)))                                   \
    KWS_CONVOLVE(on_left, LOOP(KWS_LEFT2, , KWS_LEFT1(W0), ))                                      \
    KWS_CONVOLVE(inside, LOOP(KWS_LEFT2, KWS_RIGHT2, KWS_LEFT1(W0), KWS_RIGHT1(W2)))

/* clang-format on */

#endif
