/* SPDX-License-Identifier: Apache-2.0
 *
 * Widening: USADA8 against zero adds up four bytes. Three pixels take 14 instructions for 12 taps,
 * five 39 for 20.
 */
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

#define STEP_1                                                                                     \
    KWS_LINE("ldr    r6, [r1], #4")                                                                \
    KWS_LINE("usada8 r4, r6, r12, r4")                                                             \
    KWS_LINE("uxtb16 r5, r6")                                                                      \
    KWS_LINE("uxtb16 r6, r6, ror #8")                                                              \
    KWS_LINE("stm    r0!, {r5, r6}")

#define STEP_2                                                                                     \
    KWS_LINE("ldr    r9, [r1, r2]")                                                                \
    KWS_LINE("ldr    r8, [r1], #4")                                                                \
    KWS_LINE("usada8 r4, r8, r12, r4")                                                             \
    KWS_LINE("usada8 r5, r9, r12, r5")                                                             \
    KWS_LINE("uxtb16 r6, r8")                                                                      \
    KWS_LINE("uxtb16 r7, r9")                                                                      \
    KWS_LINE("uxtb16 r8, r8, ror #8")                                                              \
    KWS_LINE("uxtb16 r9, r9, ror #8")                                                              \
    KWS_LINE("stm    r0!, {r6, r7, r8, r9}")

#define STEP_3                                                                                     \
    KWS_LINE("ldr    r11, [r1, r2]")                                                               \
    KWS_LINE("ldr    lr, [r1, r2, lsl #1]")                                                        \
    KWS_LINE("ldr    r10, [r1], #4")                                                               \
    KWS_LINE("usada8 r4, r10, r12, r4")                                                            \
    KWS_LINE("usada8 r5, r11, r12, r5")                                                            \
    KWS_LINE("usada8 r6, lr, r12, r6")                                                             \
    KWS_LINE("uxtb16 r7, r10")                                                                     \
    KWS_LINE("uxtb16 r8, r11")                                                                     \
    KWS_LINE("uxtb16 r9, lr")                                                                      \
    KWS_LINE("uxtb16 r10, r10, ror #8")                                                            \
    KWS_LINE("uxtb16 r11, r11, ror #8")                                                            \
    KWS_LINE("uxtb16 lr, lr, ror #8")                                                              \
    KWS_LINE("stm    r0!, {r7, r8, r9, r10, r11, lr}")

/* Two steps a turn, the first turn one if the taps are an odd number of steps; sums: those that are
 * not r4, but 0. */
#define WIDEN(saved, place, sums, step)                                                            \
    KWS_LINE("push   {" saved ", lr}")                                                             \
    KWS_LINE("mov    r12, #0")                                                                     \
    KWS_LINE("mov    r4, r12")                                                                     \
    sums                                                                                           \
    KWS_LINE("tst    r3, #4")                                                                      \
    KWS_LINE("add    r3, r3, r1")                                                                  \
    KWS_LINE("bne    2f")                                                                          \
    "1:\n\t"                                                                                       \
    step                                                                                           \
    "2:\n\t"                                                                                       \
    step                                                                                           \
    KWS_LINE("cmp    r1, r3")                                                                      \
    KWS_LINE("bne    1b")                                                                          \
    KWS_LINE("ldr    r12, [sp, #" place "]")

KWS_ASSEMBLY uint32_t *kws_widen1(uint32_t *to KWS_UNUSED, const uint8_t *x KWS_UNUSED,
                                  uint32_t stride KWS_UNUSED, uint32_t count KWS_UNUSED,
                                  uint32_t *sums KWS_UNUSED)
{
    __asm__ volatile(
        WIDEN("r4, r5, r6", "16", , STEP_1)
        KWS_LINE("str    r4, [r12]")
        KWS_LINE("pop    {r4, r5, r6, pc}"));
}

KWS_ASSEMBLY uint32_t *kws_widen2(uint32_t *to KWS_UNUSED, const uint8_t *x KWS_UNUSED,
                                  uint32_t stride KWS_UNUSED, uint32_t count KWS_UNUSED,
                                  uint32_t *sums KWS_UNUSED)
{
    __asm__ volatile(
        WIDEN("r4, r5, r6, r7, r8, r9, r10", "32", KWS_LINE("mov    r5, r12"), STEP_2)
        KWS_LINE("stm    r12, {r4, r5}")
        KWS_LINE("pop    {r4, r5, r6, r7, r8, r9, r10, pc}"));
}

KWS_ASSEMBLY uint32_t *kws_widen3(uint32_t *to KWS_UNUSED, const uint8_t *x KWS_UNUSED,
                                  uint32_t stride KWS_UNUSED, uint32_t count KWS_UNUSED,
                                  uint32_t *sums KWS_UNUSED)
{
    __asm__ volatile(
        WIDEN("r4, r5, r6, r7, r8, r9, r10, r11", "36",
              KWS_LINE("mov    r5, r12") KWS_LINE("mov    r6, r12"), STEP_3)
        KWS_LINE("stm    r12, {r4, r5, r6}")
        KWS_LINE("pop    {r4, r5, r6, r7, r8, r9, r10, r11, pc}"));
}

/* r1 points at the pixel in the middle, r3 is -stride. Sums of pixels 0 and 1 in the halves of r5,
 * 2 and 3 in r6, 4 in the lower half of r4: at most 255 * 256; in the upper one steps to come. */
KWS_ASSEMBLY uint32_t *kws_widen5(uint32_t *to KWS_UNUSED, const uint8_t *x KWS_UNUSED,
                                  uint32_t stride KWS_UNUSED, uint32_t count KWS_UNUSED,
                                  uint32_t *sums KWS_UNUSED)
{
    __asm__ volatile(
        KWS_LINE("push   {r4, r5, r6, r7, r8, r9, r10, r11, lr}")
        KWS_LINE("lsl    r4, r3, #14")
        KWS_LINE("sub    r4, r4, #0x10000")
        KWS_LINE("add    r1, r1, r2, lsl #1")
        KWS_LINE("rsb    r3, r2, #0")
        KWS_LINE("mov    r5, #0")
        KWS_LINE("mov    r6, #0")
        "1:\n\t"
        KWS_LINE("ldr    r8, [r1, r3, lsl #1]")
        KWS_LINE("ldr    r9, [r1, r3]")
        KWS_LINE("ldr    r11, [r1, r2]")
        KWS_LINE("ldr    r12, [r1, r2, lsl #1]")
        KWS_LINE("ldr    r10, [r1], #4")
        KWS_LINE("mov    r7, #0")
        KWS_LINE("usada8 r5, r8, r7, r5")
        KWS_LINE("usad8  lr, r9, r7")
        KWS_LINE("add    r5, r5, lr, lsl #16")
        KWS_LINE("usada8 r6, r10, r7, r6")
        KWS_LINE("usad8  lr, r11, r7")
        KWS_LINE("add    r6, r6, lr, lsl #16")
        KWS_LINE("usada8 r4, r12, r7, r4")
        KWS_LINE("uxtb16 r7, r8")
        KWS_LINE("uxtb16 lr, r9")
        KWS_LINE("add    r7, r7, lr, lsl #6")
        KWS_LINE("str    r7, [r0], #4")
        KWS_LINE("uxtb16 r7, r10")
        KWS_LINE("add    lr, lr, r7, lsl #6")
        KWS_LINE("str    lr, [r0], #4")
        KWS_LINE("uxtb16 lr, r11")
        KWS_LINE("add    r7, r7, lr, lsl #6")
        KWS_LINE("str    r7, [r0], #4")
        KWS_LINE("uxtb16 r7, r12")
        KWS_LINE("add    lr, lr, r7, lsl #6")
        KWS_LINE("str    lr, [r0], #4")
        KWS_LINE("uxtb16 r8, r8, ror #8")
        KWS_LINE("uxtb16 r9, r9, ror #8")
        KWS_LINE("uxtb16 r10, r10, ror #8")
        KWS_LINE("uxtb16 r11, r11, ror #8")
        KWS_LINE("uxtb16 r12, r12, ror #8")
        KWS_LINE("add    r8, r8, r9, lsl #6")
        KWS_LINE("add    r9, r9, r10, lsl #6")
        KWS_LINE("add    r10, r10, r11, lsl #6")
        KWS_LINE("add    r11, r11, r12, lsl #6")
        KWS_LINE("stm    r0!, {r8, r9, r10, r11}")
        KWS_LINE("subs   r4, r4, #0x10000")
        KWS_LINE("bpl    1b")
        KWS_LINE("uxth   r8, r5")
        KWS_LINE("lsr    r9, r5, #16")
        KWS_LINE("uxth   r10, r6")
        KWS_LINE("lsr    r11, r6, #16")
        KWS_LINE("uxth   r12, r4")
        KWS_LINE("add    r8, r8, r9, lsl #6")
        KWS_LINE("add    r9, r9, r10, lsl #6")
        KWS_LINE("add    r10, r10, r11, lsl #6")
        KWS_LINE("add    r11, r11, r12, lsl #6")
        KWS_LINE("ldr    r12, [sp, #36]")
        KWS_LINE("stm    r12, {r8, r9, r10, r11}")
        KWS_LINE("pop    {r4, r5, r6, r7, r8, r9, r10, r11, pc}"));
}

/* clang-format on */

#endif
