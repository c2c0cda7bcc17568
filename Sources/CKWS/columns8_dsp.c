/* SPDX-License-Identifier: Apache-2.0
 *
 * 3x3 depthwise convolution, 8-bit weights [channel][row][column].
 */
#include "columns_asm_dsp.h"
#include "columns_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

#define PAIRS                                                                                      \
    KWS_LINE("ldr    r5, [lr]")                                                                    \
    KWS_LINE("ldr    r6, [lr, #3]")                                                                \
    KWS_LINE("pkhtb  r7, r6, r5, asr #16")                                                         \
    KWS_LINE("pkhbt  r5, r5, r6, lsl #16")                                                         \
    KWS_LINE("sxtb16 r7, r7")                                                                      \
    KWS_LINE("sxtb16 r6, r5, ror #8")                                                              \
    KWS_LINE("sxtb16 r5, r5")

#define ROW                                                                                        \
    KWS_LINE("ldrsb  r5, [lr, #6]")                                                                \
    KWS_LINE("ldrsb  r6, [lr, #7]")                                                                \
    KWS_LINE("ldrsb  r7, [lr, #8]")                                                                \
    KWS_LINE("add    lr, lr, #9")                                                                  \
    KWS_LINE("str    lr, [sp, #" KWS_WEIGHTS "]")
#define W0(sum) KWS_LINE("mla    " sum ", r12, r5, " sum)
#define W1(sum) KWS_LINE("mla    " sum ", r12, r6, " sum)
#define W2(sum) KWS_LINE("mla    " sum ", r12, r7, " sum)

#define LOOP(left2, right2, left1, right1)                                                         \
    KWS_CHANNEL(PAIRS, ROW, W0, W1, W2, "smlawb", , left2, right2, left1, right1)

/* clang-format on */

KWS_CONVOLVES(LOOP, W0, W2)

/* see columns_dsp.h */
const kws_convolves kws_convolves8 = {{alone, on_right, on_left, inside}};

#endif
