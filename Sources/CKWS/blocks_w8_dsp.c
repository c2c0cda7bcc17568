/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks_code_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

/* An output's values of four blocks: x of two of them in lr, of the others in r11. */
#define FOUR(sum, place)                                                                           \
    KWS_LINE("ldr  r10, [r0, " place "]")                                                          \
    KWS_LINE("uxtb16 r12, r10")                                                                    \
    KWS_LINE("smlad " sum ", lr, r12, " sum)                                                       \
    KWS_LINE("uxtb16 r12, r10, ror #8")                                                            \
    KWS_LINE("smlad " sum ", r11, r12, " sum)
#define TWO(sum, place)                                                                            \
    KWS_LINE("ldrh r10, [r0, " place "]")                                                          \
    KWS_LINE("orr  r10, r10, r10, lsl #8")                                                         \
    KWS_LINE("uxtb16 r10, r10")                                                                    \
    KWS_LINE("smlad " sum ", r11, r10, " sum)
#define ONE(sum, place)                                                                            \
    KWS_LINE("ldrb r10, [r0, " place "]")                                                          \
    KWS_LINE("mla  " sum ", r11, r10, " sum)

/* clang-format on */

/* r7 is three times the blocks. */
#define ALL(of) of("r2", "r8") of("r3", "r8, lsl #1") of("r4", "r7") of("r5", "r8, lsl #2")

/* see blocks_code_dsp.h */
KWS_ASSEMBLY void kws_blocks_four_w8(KWS_UNUSED kws_blocks_four *work)
{
    /* clang-format off */

    __asm__(
        KWS_BLOCKS_BEGIN(, KWS_LINE("add  r7, r8, r8, lsl #1"))
        KWS_BLOCKS_X("r11", ", #1]", "3")
        KWS_BLOCKS_X("lr", "]", "2")
        ALL(FOUR)
        KWS_LINE("adds r0, #4")
        KWS_BLOCKS_REST(
            KWS_BLOCKS_X("r11", "]", "1")
            ALL(TWO)
            KWS_LINE("adds r0, #2"),
            KWS_LINE("ldrb r11, [r0]")
            KWS_LINE("ldrb r11, [r1, r11]")
            KWS_LINE("add  r6, r11")
            ALL(ONE)
            KWS_LINE("adds r0, #1"))
        KWS_BLOCKS_END(KWS_LINE("add  r0, r0, r8, lsl #2"), "7"));

    /* clang-format on */
}

#endif
