/* SPDX-License-Identifier: Apache-2.0
 *
 * 2-bit weights of DENSE: a word has four taps, two in the lower halves of its nibbles. Loop: 28/32
 * = 0.88 instructions per MAC.
 */
#include "nested_asm_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

#define PART(word, x) KWS_NESTED(word, x, KWS_LINE("and    lr, " word ", #0x00330033"))
#define WORD(word, x0, x1)                                                                         \
    PART(word, x0)                                                                                 \
    KWS_LINE("lsr    " word ", " word ", #2")                                                      \
    PART(word, x1)
#define STEP                                                                                       \
    KWS_NESTED_X                                                                                   \
    KWS_LINE("ldm    r1!, {r11, r12}")                                                             \
    WORD("r11", "r6", "r7")                                                                        \
    WORD("r12", "r8", "r9")

/* clang-format on */

KWS_NESTED_CORE(2, "0x03030303", "112", STEP);

#endif
