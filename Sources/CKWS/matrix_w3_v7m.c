/* SPDX-License-Identifier: Apache-2.0
 *
 * The matrix core for 3-bit weights: eight taps of four outputs in three words, nothing between
 * them. Byte i of word t is output i's: from the lowest bit on taps 2t and 2t+1, and two bits of
 * the six that taps 6 and 7 take, in order. Five instructions bring these six together for all
 * four outputs.
 */
#include "narrow_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* clang-format off */

#define REST                                                                                       \
    "ldr r2, [r0, #4]\n" KWS_V7M_FOUR("0", "3") KWS_V7M_FOUR("3", "3")                             \
    "ldr r2, [r0, #8]\n" KWS_V7M_FOUR("0", "3") KWS_V7M_FOUR("3", "3")                             \
    "ldr r2, [r0], #4\n"                                                                           \
    "and r2, r2, #0xC0C0C0C0\n"                                                                    \
    "ldr r3, [r0], #4\n"                                                                           \
    "and r3, r3, #0xC0C0C0C0\n"                                                                    \
    "orr r2, r3, r2, lsr #2\n"                                                                     \
    "ldr r3, [r0], #4\n"                                                                           \
    "and r3, r3, #0xC0C0C0C0\n"                                                                    \
    "orr r2, r3, r2, lsr #2\n" KWS_V7M_FOUR("2", "3") KWS_V7M_FOUR("5", "3")

#define FIRST_EIGHT                                                                                \
    "ldr.w r2, [r0]\n" KWS_V7M_FOUR_FIRST("0", "3") KWS_V7M_FOUR("3", "3") REST
#define NEXT_EIGHT "ldr.w r2, [r0]\n" KWS_V7M_FOUR("0", "3") KWS_V7M_FOUR("3", "3") REST

__attribute__((naked)) static void four(kws_v7m_tile *tile __attribute__((unused)))
{
    __asm__(KWS_V7M_CORE_FOUR(FIRST_EIGHT, NEXT_EIGHT));
}

#define WORDS                                                                                      \
    "ldmia.w r0!, {r5, r6, r12}\n"                                                                 \
    "ldmia.w r1!, {r8-r11}\n"
#define ONE_REST                                                                                   \
    KWS_V7M_ONE("r5", "3", "r9") KWS_V7M_ONE("r6", "0", "r10") KWS_V7M_ONE("r6", "3", "r11")       \
    "ldmia.w r1!, {r8-r11}\n" KWS_V7M_ONE("r12", "0", "r8") KWS_V7M_ONE("r12", "3", "r9")          \
    "and r5, r5, #0xC0C0C0C0\n"                                                                    \
    "and r6, r6, #0xC0C0C0C0\n"                                                                    \
    "and r12, r12, #0xC0C0C0C0\n"                                                                  \
    "orr r5, r6, r5, lsr #2\n"                                                                     \
    "orr r5, r12, r5, lsr #2\n" KWS_V7M_ONE("r5", "2", "r10") KWS_V7M_ONE("r5", "5", "r11")
#define ONE_NEXT WORDS KWS_V7M_ONE("r5", "0", "r8") ONE_REST
#define ONE_FIRST WORDS KWS_V7M_TAP_ONE(KWS_V7M_ONE_MUL, "r5", "0", "r8") ONE_REST

__attribute__((naked)) static void one(kws_v7m_tile *tile __attribute__((unused)))
{
    __asm__(KWS_V7M_CORE_ONE("0x00070007", ONE_FIRST, ONE_NEXT));
}

/* clang-format on */

/* see matrix_v7m.h */
const kws_v7m_width kws_v7m_w3 = {.many = four, .one = one, .bits = 3};

#endif
