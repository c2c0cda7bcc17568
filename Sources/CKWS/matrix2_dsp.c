/* SPDX-License-Identifier: Apache-2.0
 *
 * 2-bit weights. A word holds sixteen: bytes 0 and 2 the taps 0 .. 7, bytes 1 and 3 the taps 8 ..
 * 15 (SPEC.md draws it). Scale 2^6. Loop: 57/80 = 0.71 instructions per MAC for 5 pixels, 19/16
 * for 1.
 */
#include "narrow_asm_dsp.h"
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off: one instruction a line */

#define STEP(load, times)                                                                          \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    load KWS_LINE("and    lr, r12, #0x00c000c0") times("lr", "r8")                                 \
        KWS_LINE("and    lr, r12, #0x00300030") times("lr", "r9")                                  \
            KWS_LINE("and    lr, r12, #0x000c000c") times("lr", "r10")                             \
                KWS_LINE("and    lr, r12, #0x00030003") times("lr", "r11")                         \
                    load KWS_LINE("uxtb16 r12, r12, ror #8") times("r12", "r8")                    \
                        KWS_LINE("and    r12, r12, #0x003f003f") times("r12", "r9")                \
                            KWS_LINE("and    r12, r12, #0x000f000f") times("r12", "r10")           \
                                KWS_LINE("and    r12, r12, #0x00030003") times("r12", "r11")

KWS_ASSEMBLY static void multiply5(const kws_product *product KWS_UNUSED)
{
    __asm__ volatile(KWS_PROLOGUE("4", "2", "228") KWS_START_5 "2:\n\t" KWS_TURN_4(
        STEP(KWS_LOAD_5, KWS_TIMES_5)) KWS_LOOP_END KWS_FINISH_5("6", "10"));
}

KWS_ASSEMBLY static void multiply1(const kws_product *product KWS_UNUSED)
{
    __asm__ volatile(KWS_PROLOGUE("4", "2", "76") KWS_START_1 "2:\n\t" KWS_TURN_4(
        STEP(KWS_LOAD_1, KWS_TIMES_1)) KWS_LOOP_END KWS_FINISH_1("6", "10"));
}

/* The pairs of eight taps, scaled: r3 = 64 x0, r2 = 16 x1, lr = 4 x4, r10 = x5. r7, r8, r9 are
 * 0x0ff00ff0, 4 times that and a quarter of it. */
#define EIGHT                                                                                      \
    KWS_FOUR                                                                                       \
    KWS_LINE("and    r3, r8, r10, lsl #6")                                                         \
    KWS_LINE("and    r2, r7, r10, lsr #4")                                                         \
    KWS_FOUR                                                                                       \
    KWS_LINE("and    lr, r9, r10, lsl #2")                                                         \
    KWS_LINE("uxtb16 r10, r10, ror #8")

#define WIDEN_STEP(next)                                                                           \
    "2:\n\t" EIGHT                KWS_PUT("r10", next) KWS_PUT("lr", next) KWS_PUT("r2", next)     \
        KWS_PUT("r3", next) EIGHT KWS_PUT("r10", next) KWS_LINE("ssub16 r10, lr, r10")             \
            KWS_PUT("r10", next) KWS_LINE("ssub16 lr, r2, lr") KWS_PUT("lr", next)                 \
                KWS_LINE("ssub16 r3, r3, r2") KWS_PUT("r3", next) KWS_LINE("cmp    r4, r5")        \
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
const kws_core kws_core2 = {.group = 1,
                            .offset = 6 + 1,
                            .pixels = 5,
                            .widen = {widen1, NULL, widen5},
                            .multiply = {multiply1, NULL, multiply5}};

#endif
