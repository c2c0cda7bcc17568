/* SPDX-License-Identifier: Apache-2.0
 *
 * The matrix core for 2-bit weights: byte i of a word is output i's, taps 4t to 4t+3.
 */
#include "narrow_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* clang-format off */

#define WORD "ldr r2, [r0], #4\n"
#define NEXT_FOUR                                                                                  \
    WORD KWS_V7M_FOUR("0", "2") KWS_V7M_FOUR("2", "2") KWS_V7M_FOUR("4", "2") KWS_V7M_FOUR("6", "2")
#define FIRST_FOUR                                                                                 \
    WORD KWS_V7M_FOUR_FIRST("0", "2") KWS_V7M_FOUR("2", "2") KWS_V7M_FOUR("4", "2")                \
    KWS_V7M_FOUR("6", "2")

__attribute__((naked)) static void four(kws_v7m_tile *tile __attribute__((unused)))
{
    __asm__(KWS_V7M_CORE_FOUR(FIRST_FOUR NEXT_FOUR, NEXT_FOUR NEXT_FOUR));
}

#define WORDS "ldmia.n r0!, {r5, r6}\n"
#define ONE_REST(word)                                                                             \
    KWS_V7M_ONE(word, "2", "r9") KWS_V7M_ONE(word, "4", "r10") KWS_V7M_ONE(word, "6", "r11")
#define X "ldmia.w r1!, {r8-r11}\n"
#define ONE_NEXT                                                                                   \
    WORDS X KWS_V7M_ONE("r5", "0", "r8") ONE_REST("r5") X KWS_V7M_ONE("r6", "0", "r8")             \
    ONE_REST("r6")
#define ONE_FIRST                                                                                  \
    WORDS X KWS_V7M_TAP_ONE(KWS_V7M_ONE_MUL, "r5", "0", "r8") ONE_REST("r5") X                     \
    KWS_V7M_ONE("r6", "0", "r8") ONE_REST("r6")

__attribute__((naked)) static void one(kws_v7m_tile *tile __attribute__((unused)))
{
    __asm__(KWS_V7M_CORE_ONE("0x00030003", ONE_FIRST, ONE_NEXT));
}

/* clang-format on */

/* see matrix_v7m.h */
const kws_v7m_width kws_v7m_w2 = {.many = four, .one = one, .bits = 2};

#endif
