/* SPDX-License-Identifier: Apache-2.0
 *
 * The cores for weights of 4, 3 and 2 bits: a channel's nine, from any bit on, are brought to the
 * lowest bits of a word (at 4 bits the ninth to those of a second one).
 */
#include "dw3_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* clang-format off */

/* r0 counts bits. r11: the word that holds the first one, r10: which of its bits that is. */
#define WORD                                                                                       \
    "ldr r9, [sp, #28]\n"                                                                          \
    "and r10, r0, #7\n"                                                                            \
    "add r9, r9, r0, lsr #3\n"                                                                     \
    "ldr r11, [r9]\n"

/* r11: 32 bits from there on; some are of the next byte, r12. */
#define AND_BYTE                                                                                   \
    "ldrb r12, [r9, #4]\n"                                                                         \
    "lsr r11, r11, r10\n"                                                                          \
    "rsb r9, r10, #32\n"                                                                           \
    "lsl r9, r12, r9\n"                                                                            \
    "orr r11, r11, r9\n"

/* Three fields from a bit on. */
#define FIELDS(first, bits)                                                                        \
    "ldr r11, [sp, #32]\n"                                                                         \
    "sbfx r9, r11, #(" #first "), #" #bits "\n"                                                    \
    "sbfx r10, r11, #(" #first " + " #bits "), #" #bits "\n"                                       \
    "sbfx r11, r11, #(" #first " + 2 * " #bits "), #" #bits "\n"

#define BEGIN2 WORD "lsr r11, r11, r10\nstr r11, [sp, #32]\nadd r0, r0, #18\n"
#define BEGIN3 WORD AND_BYTE "str r11, [sp, #32]\nadd r0, r0, #27\n"
#define BEGIN4 WORD AND_BYTE "lsr r12, r12, r10\nstrd r11, r12, [sp, #32]\nadd r0, r0, #36\n"

#define ROW2(i) FIELDS(6 * i, 2)
#define ROW3(i) FIELDS(9 * i, 3)
#define ROW4(i) ROW4_##i
#define ROW4_0 FIELDS(0, 4)
#define ROW4_1 FIELDS(12, 4)
#define ROW4_2                                                                                     \
    "ldrd r9, r11, [sp, #32]\n"                                                                    \
    "sbfx r10, r9, #28, #4\n"                                                                      \
    "sbfx r9, r9, #24, #4\n"                                                                       \
    "sbfx r11, r11, #0, #4\n"

__attribute__((naked)) void kws_v7m_dw3_w4(const kws_v7m_dw *dw __attribute__((unused)))
{
    __asm__(CORE(BEGIN4, ROW4, ""));
}

__attribute__((naked)) void kws_v7m_dw3_w3(const kws_v7m_dw *dw __attribute__((unused)))
{
    __asm__(CORE(BEGIN3, ROW3, ""));
}

__attribute__((naked)) void kws_v7m_dw3_w2(const kws_v7m_dw *dw __attribute__((unused)))
{
    __asm__(CORE(BEGIN2, ROW2, ""));
}

/* clang-format on */

#endif
