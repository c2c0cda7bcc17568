/* SPDX-License-Identifier: Apache-2.0
 *
 * 3x3 depthwise convolution, weights of 3 and 2 bits (SPEC.md draws them): a word for the nine
 * weights of a channel. Two's complement, so that a field at the top of a halfword is 2^13 times
 * the weight; m << 3 and SMMLA take that out. 93 instructions a channel.
 */
#include "columns_asm_dsp.h"
#include "columns_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

#define PAIRS                                                                                      \
    KWS_LINE("ldr    r12, [lr]")                                                                   \
    KWS_LINE("lsl    r12, r12, #3")                                                                \
    KWS_LINE("and    r7, r12, #0xe000e000")                                                        \
    KWS_LINE("lsl    r12, r12, #3")                                                                \
    KWS_LINE("and    r6, r12, #0xe000e000")                                                        \
    KWS_LINE("lsl    r12, r12, #3")                                                                \
    KWS_LINE("and    r5, r12, #0xe000e000")

/* Columns 0 and 1 of row 2 in the halves of r5, column 2 in the lower one of r7. */
#define ROW                                                                                        \
    KWS_LINE("ldr    r5, [lr], #4")                                                                \
    KWS_LINE("lsl    r7, r5, #12")                                                                 \
    KWS_LINE("and    r5, r5, #0xe000e000")                                                         \
    KWS_LINE("str    lr, [sp, #" KWS_WEIGHTS "]")
#define W0(sum) KWS_LINE("smlabb " sum ", r12, r5, " sum)
#define W1(sum) KWS_LINE("smlabt " sum ", r12, r5, " sum)
#define W2(sum) KWS_LINE("smlabb " sum ", r12, r7, " sum)

#define UNSCALE KWS_LINE("lsl    r7, r7, #3")

#define LOOP(left2, right2, left1, right1)                                                         \
    KWS_CHANNEL(PAIRS, ROW, W0, W1, W2, "smmla", UNSCALE, left2, right2, left1, right1)

/* clang-format on */

KWS_CONVOLVES(LOOP, W0, W2)

/* see columns_dsp.h */
const kws_convolves kws_convolves3 = {{alone, on_right, on_left, inside}};

#endif
