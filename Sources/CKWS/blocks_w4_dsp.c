/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks_code_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* Of four blocks the values: r10 b a, lr d c; two of them lie `low`, `high` bits up. */
#define PAIRS(low, high)                                                                           \
    KWS_BLOCKS_MAC("r2", "r10", low)                                                               \
    KWS_BLOCKS_MAC("r3", "r10", high)                                                              \
    KWS_BLOCKS_MAC("r4", "lr", low)                                                                \
    KWS_BLOCKS_MAC("r5", "lr", high)

#define VALUES(load)                                                                               \
    KWS_LINE(load " r10, [r0, r8]")                                                                \
    KWS_LINE(load " lr, [r0, r8, lsl #1]")

/* see blocks_code_dsp.h */
KWS_ASSEMBLY void kws_blocks_four_w4(KWS_UNUSED kws_blocks_four *work)
{
    __asm__(KWS_BLOCKS_BEGIN(KWS_LINE("mov r7, #0x000F000F"), ) VALUES("ldr")
                KWS_BLOCKS_X("r11", ", #1]", "3") PAIRS(", lsr #8", ", lsr #12")
                    KWS_BLOCKS_X("r11", "], #4", "2") PAIRS("", ", lsr #4")
                        KWS_BLOCKS_REST(VALUES("ldrh") KWS_BLOCKS_X("r11", "], #2", "1")
                                            KWS_LINE("orr  r10, r10, r10, lsl #8") KWS_LINE(
                                                "orr  lr, lr, lr, lsl #8") PAIRS("", ", lsr #4"),
                                        VALUES("ldrb") KWS_BLOCKS_X_ONE PAIRS("", ", lsr #4"))
                            KWS_BLOCKS_END(KWS_LINE("add  r0, r0, r8, lsl #1"), "3"));
}

#endif
