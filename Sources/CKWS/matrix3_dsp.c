/* SPDX-License-Identifier: Apache-2.0
 *
 * 3-bit weights. Three words hold 32; what is left at the end of a block, a multiple of 8, has 4
 * bits each, as in matrix4_dsp.c. A halfword holds five, and its highest bit is one of those of a
 * sixteenth (SPEC.md draws it).
 * Loop: 105/160 = 0.66 instructions per MAC for 5 pixels, 45/32 for 1; 6 of them put two weights of
 * 32 together.
 */
#include "narrow_asm_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

/* r11 gathers the sixteenth weights, bit by bit from the highest down. */
#define FIRST KWS_LINE("and    r11, r12, #0x80008000")
#define NEXT                                                                                       \
    KWS_LINE("and    lr, r12, #0x80008000")                                                        \
    KWS_LINE("orr    r11, lr, r11, lsr #1")

#define STEP(load, times)                                                                          \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    load                                                                                           \
    FIRST                                                                                          \
    KWS_LOWEST(times, "r6")                                                                        \
    KWS_FIELD(times, "r7", "3")                                                                    \
    KWS_FIELD(times, "r8", "6")                                                                    \
    KWS_FIELD(times, "r9", "9")                                                                    \
    load                                                                                           \
    KWS_FIELD(times, "r6", "12")                                                                   \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    NEXT                                                                                           \
    KWS_LOWEST(times, "r7")                                                                        \
    KWS_FIELD(times, "r8", "3")                                                                    \
    KWS_FIELD(times, "r9", "6")                                                                    \
    load                                                                                           \
    KWS_FIELD(times, "r6", "9")                                                                    \
    KWS_FIELD(times, "r7", "12")                                                                   \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    NEXT                                                                                           \
    KWS_LOWEST(times, "r8")                                                                        \
    KWS_FIELD(times, "r9", "3")                                                                    \
    load                                                                                           \
    KWS_FIELD(times, "r6", "6")                                                                    \
    KWS_FIELD(times, "r7", "9")                                                                    \
    KWS_FIELD(times, "r8", "12")                                                                   \
    KWS_LINE("lsr    r11, r11, #13")                                                               \
    times("r11", "r9")

/* In place of the entry: where the taps that come in 32 end. */
#define LOOP(load, times)                                                                          \
    "2:\n\t"                                                                                       \
    KWS_LINE("ldr    lr, [sp, #" KWS_ENTRY "]")                                                    \
    KWS_LINE("cmp    r0, lr")                                                                      \
    KWS_LINE("beq.w  5f")                                                                          \
    STEP(load, times)                                                                              \
    KWS_LINE("b      2b")                                                                          \
    "5:\n\t"                                                                                       \
    KWS_LINE("ldr    lr, [sp, #" KWS_PATCH_END "]")                                                \
    KWS_LINE("cmp    r0, lr")                                                                      \
    KWS_LINE("beq    6f")                                                                          \
    KWS_NIBBLES(load, times)                                                                       \
    KWS_LINE("b      5b")                                                                          \
    "6:\n\t"

/* As KWS_PROLOGUE; that place is patch + 4 words + 2 words (count & ~31), words those of a row. */
#define PROLOGUE(words)                                                                            \
    KWS_TAKE_APART                                                                                 \
    KWS_LINE("bic    r10, r10, #31")                                                               \
    KWS_LINE("add    r10, r10, #2")                                                                \
    KWS_LINE("mov    r12, #2*" words)                                                              \
    KWS_LINE("mla    r10, r10, r12, r8")                                                           \
    KWS_PUT_DOWN

/* clang-format on */

KWS_NARROW_CORE(3, "0x00070007", PROLOGUE("4"), LOOP(KWS_LOAD_5, KWS_TIMES_5), PROLOGUE("1"),
                LOOP(KWS_LOAD_1, KWS_TIMES_1));

#endif
