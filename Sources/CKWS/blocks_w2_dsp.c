/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks_code_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* Of four blocks the values: r10 d c b a; of two of them those of a .. d lie so many bits up. */
#define PAIRS(a, b, c, d)                                                                          \
    KWS_BLOCKS_MAC("r2", "r10", a)                                                                 \
    KWS_BLOCKS_MAC("r3", "r10", b)                                                                 \
    KWS_BLOCKS_MAC("r4", "r10", c)                                                                 \
    KWS_BLOCKS_MAC("r5", "r10", d)

#define LOWER PAIRS("", ", lsr #2", ", lsr #4", ", lsr #6")
#define UPPER PAIRS(", lsr #8", ", lsr #10", ", lsr #12", ", lsr #14")

/* see blocks_code_dsp.h */
KWS_ASSEMBLY void kws_blocks_four_w2(KWS_UNUSED kws_blocks_four *work)
{
    __asm__(KWS_BLOCKS_BEGIN(KWS_LINE("mov r7, #0x00030003"), ) KWS_LINE("ldr  r10, [r0, r8]")
                KWS_BLOCKS_X("r11", ", #1]", "3") UPPER KWS_BLOCKS_X("r11", "], #4", "2")
                    LOWER KWS_BLOCKS_REST(KWS_LINE("ldrh r10, [r0, r8]")
                                              KWS_BLOCKS_X("r11", "], #2", "1")
                                                  KWS_LINE("orr  r10, r10, r10, lsl #8") LOWER,
                                          KWS_LINE("ldrb r10, [r0, r8]") KWS_BLOCKS_X_ONE LOWER)
                        KWS_BLOCKS_END(KWS_LINE("add  r0, r8"), "1"));
}

#endif
