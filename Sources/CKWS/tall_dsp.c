/* SPDX-License-Identifier: Apache-2.0
 *
 * Four channels at a time, two taps a turn: 22 instructions for 8 products, 2.75 each, where bytes
 * loaded one by one take 4.25. UXTB16 and SXTB16 yield channels 0 and 2 of a word, then 1 and 3.
 * Four outputs take 34 instructions more, or 43 if the number of taps is odd, the first tap's 4
 * products among them.
 */
#include "tall_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */
#define LINE(text) text "\n\t"

/* Channels 0 and 2 of words x and w, then 1 and 3; x and w are lost. */
#define PRODUCTS(x, w, multiply_b, multiply_t)                                                     \
    LINE("uxtb16 r10, " x)                                                                         \
    LINE("sxtb16 r12, " w)                                                                         \
    LINE("uxtb16 " x ", " x ", ror #8")                                                            \
    LINE("sxtb16 " w ", " w ", ror #8")                                                            \
    multiply_b("r4", "r10", "r12")                                                                 \
    multiply_t("r5", "r10", "r12")                                                                 \
    multiply_b("r6", x, w)                                                                         \
    multiply_t("r7", x, w)
#define FIRST_B(acc, x, w) LINE("smulbb " acc ", " x ", " w)
#define FIRST_T(acc, x, w) LINE("smultt " acc ", " x ", " w)
#define NEXT_B(acc, x, w) LINE("smlabb " acc ", " x ", " w ", " acc)
#define NEXT_T(acc, x, w) LINE("smlatt " acc ", " x ", " w ", " acc)

/* r2 taps, r3 weights, r4-r7 sums of channels 0, 2, 1, 3, r11 channel, lr the end of the taps.
 * Stack: y, multipliers, biases, shift, taps, their end, skip. */
__attribute__((naked)) void kws_tall_sum(const kws_tall *pixel __attribute__((unused)))
{
    __asm__ volatile(
        LINE("push   {r4, r5, r6, r7, r8, r9, r10, r11, lr}")
        LINE("ldr    r12, [r0, #32]")
        LINE("ldr    r3, [r0, #28]")
        LINE("ldm    r0, {r4, r5, r6, r7, r8, r9, r11}")
        LINE("push   {r4, r5, r6, r7, r8, r9, r12}")
        "1:\n\t"
        LINE("ldrd   r2, lr, [sp, #16]")
        LINE("sub    r0, lr, r2")
        LINE("lsls   r0, r0, #29") /* is their number odd? */
        LINE("bpl    2f")
        LINE("ldr    r0, [r2], #4")
        LINE("ldr    r8, [r3], #4")
        LINE("ldr    r0, [r0, r11]")
        PRODUCTS("r0", "r8", FIRST_B, FIRST_T)
        LINE("cmp    r2, lr")
        LINE("bne    3f")
        LINE("b      4f")
        "2:\n\t"
        LINE("mov    r4, #0")
        LINE("mov    r5, #0")
        LINE("mov    r6, #0")
        LINE("mov    r7, #0")
        "3:\n\t"
        LINE("ldrd   r0, r1, [r2], #8")
        LINE("ldrd   r8, r9, [r3], #8")
        LINE("ldr    r0, [r0, r11]")
        LINE("ldr    r1, [r1, r11]")
        PRODUCTS("r0", "r8", NEXT_B, NEXT_T)
        PRODUCTS("r1", "r9", NEXT_B, NEXT_T)
        LINE("cmp    r2, lr")
        LINE("bne    3b")
        "4:\n\t"
        LINE("ldm    sp, {r0, r1, r2, lr}")
        LINE("ldr    r8, [r1], #4")
        LINE("ldr    r9, [r1], #4")
        LINE("ldrd   r10, r12, [r2], #8")
        LINE("smlawb r4, r4, r8, r10")
        LINE("smlawt r6, r6, r8, r12")
        LINE("ldrd   r10, r12, [r2], #8")
        LINE("smlawb r5, r5, r9, r10")
        LINE("smlawt r7, r7, r9, r12")
        LINE("asr    r4, r4, lr")
        LINE("asr    r5, r5, lr")
        LINE("asr    r6, r6, lr")
        LINE("asr    r7, r7, lr")
        LINE("usat   r4, #8, r4")
        LINE("usat   r5, #8, r5")
        LINE("usat   r6, #8, r6")
        LINE("usat   r7, #8, r7")
        LINE("orr    r4, r4, r5, lsl #16")
        LINE("orr    r6, r6, r7, lsl #16")
        LINE("orr    r4, r4, r6, lsl #8")
        LINE("str    r4, [r0], #4")
        LINE("stm    sp, {r0, r1, r2}")
        LINE("ldr    r0, [sp, #24]")
        LINE("add    r3, r3, r0")
        LINE("adds   r11, r11, #4")
        LINE("bne    1b")
        LINE("add    sp, sp, #28")
        LINE("pop    {r4, r5, r6, r7, r8, r9, r10, r11, pc}"));
}

/* clang-format on */

#endif
