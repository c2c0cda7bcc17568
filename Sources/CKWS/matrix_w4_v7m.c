/* SPDX-License-Identifier: Apache-2.0
 *
 * The matrix core for 4-bit weights: byte i of a word is output i's, taps 2t and 2t+1.
 */
#include "narrow_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* clang-format off */

#define WORD "ldr r2, [r0], #4\n"
#define NEXT_TWO WORD KWS_V7M_FOUR("0", "4") KWS_V7M_FOUR("4", "4")
#define NEXT_EIGHT NEXT_TWO NEXT_TWO NEXT_TWO NEXT_TWO
#define FIRST_EIGHT                                                                                \
    WORD KWS_V7M_FOUR_FIRST("0", "4") KWS_V7M_FOUR("4", "4") NEXT_TWO NEXT_TWO NEXT_TWO

__attribute__((naked)) static void four(kws_v7m_tile *tile __attribute__((unused)))
{
    __asm__(KWS_V7M_CORE_FOUR(FIRST_EIGHT, NEXT_EIGHT));
}

#define TWO_WORDS                                                                                  \
    "ldmia.n r0!, {r5, r6}\n"                                                                      \
    "ldmia.w r1!, {r8-r11}\n"
#define ONE_REST                                                                                   \
    KWS_V7M_ONE("r5", "4", "r9") KWS_V7M_ONE("r6", "0", "r10") KWS_V7M_ONE("r6", "4", "r11")
#define ONE_NEXT TWO_WORDS KWS_V7M_ONE("r5", "0", "r8") ONE_REST
#define ONE_FIRST TWO_WORDS KWS_V7M_TAP_ONE(KWS_V7M_ONE_MUL, "r5", "0", "r8") ONE_REST

__attribute__((naked)) static void one(kws_v7m_tile *tile __attribute__((unused)))
{
    __asm__(KWS_V7M_CORE_ONE("0x000F000F", ONE_FIRST ONE_NEXT, ONE_NEXT ONE_NEXT));
}

/* clang-format on */

/* see matrix_v7m.h */
const kws_v7m_width kws_v7m_w4 = {.many = four, .one = one, .bits = 4};

#endif
