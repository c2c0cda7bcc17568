/* SPDX-License-Identifier: Apache-2.0 */
#include "dw3_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* clang-format off */

/* r0 counts bits. A channel's weights, from any bit on, to the lowest bits of a word. */
#define BEGIN                                                                                      \
    "ldr r9, [sp, #28]\n"                                                                          \
    "and r10, r0, #7\n"                                                                            \
    "add r9, r9, r0, lsr #3\n"                                                                     \
    "ldr r11, [r9]\n"                                                                              \
    "lsr r11, r11, r10\n"                                                                          \
    "str r11, [sp, #32]\n"                                                                         \
    "add r0, r0, #18\n"

#define ROW0                                                                                       \
    "ldr r11, [sp, #32]\n"                                                                         \
    "sbfx r9, r11, #0, #2\n"                                                                       \
    "sbfx r10, r11, #2, #2\n"                                                                      \
    "sbfx r11, r11, #4, #2\n"
#define ROW1                                                                                       \
    "ldr r11, [sp, #32]\n"                                                                         \
    "sbfx r9, r11, #6, #2\n"                                                                       \
    "sbfx r10, r11, #8, #2\n"                                                                      \
    "sbfx r11, r11, #10, #2\n"
#define ROW2                                                                                       \
    "ldr r11, [sp, #32]\n"                                                                         \
    "sbfx r9, r11, #12, #2\n"                                                                      \
    "sbfx r10, r11, #14, #2\n"                                                                     \
    "sbfx r11, r11, #16, #2\n"
#define ROW(i) ROW##i

__attribute__((naked)) void kws_v7m_dw3_w2(const kws_v7m_dw *dw __attribute__((unused)))
{
    __asm__(CORE(BEGIN, ROW, ""));
}

/* clang-format on */

#endif
