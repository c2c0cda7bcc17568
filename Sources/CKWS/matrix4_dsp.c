/* SPDX-License-Identifier: Apache-2.0
 *
 * 4-bit weights. A word holds eight: byte j the taps 2j (low) and 2j+1. Scale 2^4.
 * Loop: 29/40 = 0.73 instructions per MAC for 5 pixels, 10/8 for 1.
 */
#include "narrow_asm_dsp.h"
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off: one instruction a line */

#define STEP(load, times)                                                                          \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    load KWS_LINE("and    lr, r12, #0x00f000f0") times("lr", "r8")                                 \
        KWS_LINE("and    lr, r12, #0x000f000f") times("lr", "r9")                                  \
            KWS_LINE("uxtb16 r12, r12, ror #8") times("r12", "r10")                                \
                KWS_LINE("and    r12, r12, #0x000f000f") times("r12", "r11")

KWS_ASSEMBLY static void multiply5(const kws_product *product KWS_UNUSED)
{
    __asm__ volatile(KWS_PROLOGUE("3", "3", "116") KWS_START_5 "2:\n\t" KWS_TURN_8(
        STEP(KWS_LOAD_5, KWS_TIMES_5)) KWS_LOOP_END KWS_FINISH_5("4", "12"));
}

KWS_ASSEMBLY static void multiply1(const kws_product *product KWS_UNUSED)
{
    __asm__ volatile(KWS_PROLOGUE("3", "2", "40") KWS_START_1 "2:\n\t" KWS_TURN_4(
        STEP(KWS_LOAD_1, KWS_TIMES_1)) KWS_LOOP_END KWS_FINISH_1("4", "12"));
}

/* Four taps by two pairs: odd ones, 16 times the even ones; then those, less the odd ones. */
#define WIDEN_STEP(next)                                                                           \
    "2:\n\t" KWS_FOUR KWS_LINE("and    lr, r7, r10, lsl #4") KWS_LINE("uxtb16 r10, r10, ror #8")   \
        KWS_PUT("r10", next) KWS_PUT("lr", next) KWS_FOUR KWS_LINE("and    lr, r7, r10, lsl #4")   \
            KWS_LINE("uxtb16 r10, r10, ror #8") KWS_PUT("r10", next)                               \
                KWS_LINE("ssub16 lr, lr, r10") KWS_PUT("lr", next) KWS_LINE("cmp    r4, r5")       \
                    KWS_LINE("bne    2b")

KWS_ASSEMBLY static uint32_t *widen5(uint32_t *to KWS_UNUSED, const uint8_t *x KWS_UNUSED,
                                     uint32_t stride KWS_UNUSED, uint32_t count KWS_UNUSED,
                                     uint32_t *sums KWS_UNUSED)
{
    KWS_WIDEN("5", "20", WIDEN_STEP("20"));
}

KWS_ASSEMBLY static uint32_t *widen1(uint32_t *to KWS_UNUSED, const uint8_t *x KWS_UNUSED,
                                     uint32_t stride KWS_UNUSED, uint32_t count KWS_UNUSED,
                                     uint32_t *sums KWS_UNUSED)
{
    KWS_WIDEN("1", "4", WIDEN_STEP("4"));
}

/* clang-format on */

/* see patches_dsp.h */
const kws_core kws_core4 = {.group = 1,
                            .offset = 4 + 3,
                            .pixels = 5,
                            .widen = {widen1, NULL, widen5},
                            .multiply = {multiply1, NULL, multiply5}};

#endif
