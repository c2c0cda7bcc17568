/* SPDX-License-Identifier: Apache-2.0 */
#include "dw3_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* clang-format off */

/* r0 counts bits. A channel's weights, from any bit on, to the lowest bits of a word and the next.
 * */
#define BEGIN                                                                                      \
    "ldr r9, [sp, #28]\n"                                                                          \
    "and r10, r0, #7\n"                                                                            \
    "add r9, r9, r0, lsr #3\n"                                                                     \
    "ldr r11, [r9]\n"                                                                              \
    "ldrb r12, [r9, #4]\n"                                                                         \
    "lsr r11, r11, r10\n"                                                                          \
    "rsb r9, r10, #32\n"                                                                           \
    "lsl r9, r12, r9\n"                                                                            \
    "orr r11, r11, r9\n"                                                                           \
    "lsr r12, r12, r10\n"                                                                          \
    "strd r11, r12, [sp, #32]\n"                                                                   \
    "add r0, r0, #36\n"

#define ROW0                                                                                       \
    "ldr r11, [sp, #32]\n"                                                                         \
    "sbfx r9, r11, #0, #4\n"                                                                       \
    "sbfx r10, r11, #4, #4\n"                                                                      \
    "sbfx r11, r11, #8, #4\n"
#define ROW1                                                                                       \
    "ldr r11, [sp, #32]\n"                                                                         \
    "sbfx r9, r11, #12, #4\n"                                                                      \
    "sbfx r10, r11, #16, #4\n"                                                                     \
    "sbfx r11, r11, #20, #4\n"
#define ROW2                                                                                       \
    "ldrd r9, r11, [sp, #32]\n"                                                                    \
    "sbfx r10, r9, #28, #4\n"                                                                      \
    "sbfx r9, r9, #24, #4\n"                                                                       \
    "sbfx r11, r11, #0, #4\n"
#define ROW(i) ROW##i

__attribute__((naked)) void kws_v7m_dw3_w4(const kws_v7m_dw *dw __attribute__((unused)))
{
    __asm__(CORE(BEGIN, ROW, ""));
}

/* clang-format on */

#endif
