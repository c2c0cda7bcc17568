/* SPDX-License-Identifier: Apache-2.0
 *
 * 4-bit weights of DENSE: a word has two taps. Loop: 27/32 = 0.84 instructions per MAC.
 */
#include "nested_asm_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

#define WORD(word, x) KWS_NESTED(word, x, KWS_LINE("uxtb16 lr, " word))
#define STEP                                                                                       \
    KWS_NESTED_X                                                                                   \
    KWS_LINE("ldm    r1!, {r11, r12}")                                                             \
    WORD("r11", "r6")                                                                              \
    WORD("r12", "r7")                                                                              \
    KWS_LINE("ldm    r1!, {r11, r12}")                                                             \
    WORD("r11", "r8")                                                                              \
    WORD("r12", "r9")

/* clang-format on */

KWS_NESTED_CORE(4, "0x0f0f0f0f", "108", STEP);

#endif
