/* SPDX-License-Identifier: Apache-2.0
 *
 * 3x3 depthwise convolution, 4-bit weights (SPEC.md draws them): a word for eight weights of each
 * of two channels, then a byte for their ninth ones. Two's complement, so that a nibble at the top
 * of a halfword is 2^12 times the weight; m << 4 and SMMLA take that out. 94.5 instructions a
 * channel.
 */
#include "columns_asm_dsp.h"
#include "columns_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

#define PAIRS(place)                                                                               \
    KWS_LINE("ldr    r12, [lr, #" place "]")                                                       \
    KWS_LINE("lsl    r12, r12, #4")                                                                \
    KWS_LINE("and    r7, r12, #0xf000f000")                                                        \
    KWS_LINE("lsl    r12, r12, #4")                                                                \
    KWS_LINE("and    r6, r12, #0xf000f000")                                                        \
    KWS_LINE("lsl    r12, r12, #4")                                                                \
    KWS_LINE("and    r5, r12, #0xf000f000")

/* Columns 0 and 1 of row 2 in the halves of r5, column 2 in the lower one of r7. */
#define ROW_EVEN                                                                                   \
    KWS_LINE("ldr    r5, [lr]")                                                                    \
    KWS_LINE("ldrb   r7, [lr, #8]")                                                                \
    KWS_LINE("and    r5, r5, #0xf000f000")                                                         \
    KWS_LINE("lsl    r7, r7, #12")
#define ROW_ODD                                                                                    \
    KWS_LINE("ldr    r5, [lr, #4]")                                                                \
    KWS_LINE("ldrh   r7, [lr, #7]")                                                                \
    KWS_LINE("and    r5, r5, #0xf000f000")                                                         \
    KWS_LINE("and    r7, r7, #0xf000")                                                             \
    KWS_LINE("add    lr, lr, #9")                                                                  \
    KWS_LINE("str    lr, [sp, #" KWS_WEIGHTS "]")
#define W0(sum) KWS_LINE("smlabb " sum ", r12, r5, " sum)
#define W1(sum) KWS_LINE("smlabt " sum ", r12, r5, " sum)
#define W2(sum) KWS_LINE("smlabb " sum ", r12, r7, " sum)

#define UNSCALE KWS_LINE("lsl    r7, r7, #4")

#define LOOP(left2, right2, left1, right1)                                                         \
    KWS_CHANNEL(PAIRS("0"), ROW_EVEN, W0, W1, W2, "smmla", UNSCALE, left2, right2, left1, right1)  \
    KWS_LINE("beq.w  2f")                                                                          \
    KWS_CHANNEL(PAIRS("4"), ROW_ODD, W0, W1, W2, "smmla", UNSCALE, left2, right2, left1, right1)

/* clang-format on */

KWS_CONVOLVES(LOOP, W0, W2)

/* see columns_dsp.h */
const kws_convolves kws_convolves4 = {{alone, on_right, on_left, inside}};

#endif
