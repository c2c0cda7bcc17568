/* SPDX-License-Identifier: Apache-2.0
 *
 * 3-bit weights of DENSE: three words have eight taps, two each, and the upper bits of their
 * nibbles are those of a fourth word. Loop: 34/32 = 1.06 instructions per MAC.
 */
#include "nested_asm_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

#define WORD(word, x) KWS_NESTED(word, x, KWS_LINE("and    lr, " word ", #0x00770077"))
#define NEXT                                                                                       \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    KWS_LINE("and    lr, r12, #0x88888888")                                                        \
    KWS_LINE("orr    r11, lr, r11, lsr #1")
#define STEP                                                                                       \
    KWS_NESTED_X                                                                                   \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    KWS_LINE("and    r11, r12, #0x88888888")                                                       \
    WORD("r12", "r6")                                                                              \
    NEXT                                                                                           \
    WORD("r12", "r7")                                                                              \
    NEXT                                                                                           \
    WORD("r12", "r8")                                                                              \
    KWS_LINE("lsr    r11, r11, #1")                                                                \
    WORD("r11", "r9")

/* clang-format on */

KWS_NESTED_CORE(3, "0x07070707", "136", STEP);

#endif
