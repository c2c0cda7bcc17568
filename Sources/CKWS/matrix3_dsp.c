/* SPDX-License-Identifier: Apache-2.0
 *
 * 3-bit weights. Three words hold 32; what is left at the end of a block, a multiple of 8, has 4
 * bits each, as in matrix4_dsp.c. A byte holds two weights in bits 0 .. 2 and 3 .. 5; the upper two
 * bits of the bytes of words 0 and 1 are the lower two of eight more, whose third ones are bits 6
 * and 7 of word 2 (SPEC.md draws it). Scale 2^6.
 * Loop: 128/160 = 0.80 instructions per MAC for 5 pixels: 12 of 32 weights have to be put together.
 */
#include "narrow_asm_dsp.h"
#include "patches_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off: one instruction a line */

/* The weights in bits 0 .. 5 of the word's bytes. */
#define BYTES(load, times)                                                                         \
    load KWS_LINE("and    lr, r12, #0x00380038") times("lr", "r8")                                 \
        KWS_LINE("and    lr, r12, #0x00070007") times("lr", "r9")                                  \
            KWS_LINE("uxtb16 lr, r12, ror #8") KWS_LINE("and    lr, lr, #0x003f003f")              \
                times("lr", "r10") KWS_LINE("and    lr, lr, #0x00070007") times("lr", "r11")

/* The four that lie in bits 6, 7 of the word's bytes and in one bit of those of word 2. */
#define REST(load, times, third, shift)                                                            \
    load KWS_LINE("and    lr, r12, #0xc0c0c0c0") KWS_LINE("ldr    r12, [r1, #-4]")                 \
        KWS_LINE("lsr    lr, lr, #6") KWS_LINE("and    r12, r12, #" third)                         \
            KWS_LINE("orr    lr, lr, r12, lsr #" shift) KWS_LINE("uxtb16 r12, lr")                 \
                times("r12", "r8") KWS_LINE("uxtb16 lr, lr, ror #8") times("lr", "r9")

#define STEP(load, load_2, times)                                                                  \
    KWS_LINE("ldr    r12, [r1], #12")                                                              \
    BYTES(load, times)                                                                             \
    REST(load_2, times, "0x40404040", "4")                                                         \
    KWS_LINE("ldr    r12, [r1, #-8]")                                                              \
    BYTES(load, times)                                                                             \
    REST(load_2, times, "0x80808080", "5")                                                         \
    KWS_LINE("ldr    r12, [r1, #-4]")                                                              \
    BYTES(load, times)

#define TAIL_STEP(load, times)                                                                     \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    load KWS_LINE("and    lr, r12, #0x00f000f0") times("lr", "r8")                                 \
        KWS_LINE("and    lr, r12, #0x000f000f") times("lr", "r9")                                  \
            KWS_LINE("uxtb16 r12, r12, ror #8") times("r12", "r10")                                \
                KWS_LINE("and    r12, r12, #0x000f000f") times("r12", "r11")

/* In place of the entry: where the taps that come in 32 begin; r3 and r10, and in multiply1 r4, are
 * free before the first sum. ENTRY holds the words of x of whole 32 taps. */
#define LOAD_2 KWS_LINE("ldm    r0!, {r8, r9}")
#define LOOPS(step, tail)                                                                          \
    "2:\n\t" KWS_LINE("ldr    lr, [sp, #" KWS_ENTRY "]") KWS_LINE("cmp    r0, lr")                 \
        KWS_LINE("beq    5f")                                                                      \
            step KWS_LINE("b      2b") "5:\n\t" KWS_LINE("ldr    lr, [sp, #" KWS_PATCH_END "]")    \
                KWS_LINE("cmp    r0, lr") KWS_LINE("beq    6f")                                    \
                    tail KWS_LINE("b      5b") "6:\n\t"

/* As KWS_PROLOGUE; ENTRY is the end of the 32s: patch + 4 pixels + 2 pixels (count & ~31). */
#define PROLOGUE(pixels)                                                                           \
    KWS_LINE("push   {r4, r5, r6, r7, r8, r9, r10, r11, lr}")                                      \
    KWS_LINE("ldm    r0, {r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11}")                          \
    KWS_LINE("bic    r10, r10, #31")                                                               \
    KWS_LINE("add    r10, r10, #2")                                                                \
    KWS_LINE("mov    r12, #2*" pixels)                                                             \
    KWS_LINE("mla    r10, r10, r12, r8")                                                           \
    KWS_LINE("adr.w  r0, 3f")                                                                      \
    KWS_LINE("adr.w  r12, 4f")                                                                     \
    KWS_LINE("cmp    r11, #0")                                                                     \
    KWS_LINE("ite    eq")                                                                          \
    KWS_LINE("orreq  r11, r0, #1")                                                                 \
    KWS_LINE("orrne  r11, r12, #1")                                                                \
    KWS_LINE("push   {r2, r3, r4, r5, r6, r7, r8, r9, r10, r11}")                                  \
    "1:\n\t" KWS_LINE("ldr    r0, [sp, #" KWS_PATCH "]")

KWS_ASSEMBLY static void multiply5(const kws_product *product KWS_UNUSED)
{
    __asm__ volatile(PROLOGUE("5") KWS_LINE("ldm    r0!, {r2, r3, r4, r5, r6}") LOOPS(
        STEP(, , KWS_TIMES_5), TAIL_STEP(, KWS_TIMES_5)) KWS_FINISH_5("6", "10"));
}

KWS_ASSEMBLY static void multiply1(const kws_product *product KWS_UNUSED)
{
    __asm__ volatile(PROLOGUE("1") KWS_LINE("ldr    r2, [r0], #4")
                         LOOPS(STEP(KWS_LOAD_1, LOAD_2, KWS_TIMES_1),
                               TAIL_STEP(KWS_LOAD_1, KWS_TIMES_1)) KWS_FINISH_1("6", "10"));
}

/* r3 = 64 times the even taps, r2 = 2^odd times the odd ones. r8 is 0x3fc03fc0. */
#define FOUR(mask, shift)                                                                          \
    KWS_FOUR                                                                                       \
    KWS_LINE("and    r3, r8, r10, lsl #6")                                                         \
    KWS_LINE("and    r2, " mask ", r10, " shift)
#define APART(mask, shift, next) FOUR(mask, shift) KWS_PUT("r2", next) KWS_PUT("r3", next)
#define NESTED(mask, shift, next)                                                                  \
    FOUR(mask, shift)                                                                              \
    KWS_PUT("r2", next)                                                                            \
    KWS_LINE("ssub16 r3, r3, r2")                                                                  \
    KWS_PUT("r3", next)
#define ALONE(next) FOUR("r8", "lsr #2") KWS_PUT("r3", next) KWS_PUT("r2", next)
#define EIGHT(next) APART("lr", "lsr #5", next) NESTED("lr", "lsr #5", next)

/* lr is 0x07f807f8 for the 32s, for the rest r9 is 0x03fc03fc. */
#define WIDEN_STEP(next)                                                                           \
    KWS_LINE("lsr    lr, r7, #1")                                                                  \
    KWS_LINE("sub    r5, r5, #31")                                                                 \
    "2:\n\t" KWS_LINE("cmp    r4, r5") KWS_LINE("bhs    5f") EIGHT(next) ALONE(next) EIGHT(next)   \
        ALONE(next) EIGHT(next) KWS_LINE("b      2b") "5:\n\t" KWS_LINE(                           \
            "add    r5, r5, #31") "6:\n\t" KWS_LINE("cmp    r4, r5") KWS_LINE("beq    7f")         \
            APART("r9", "lsr #6", next) NESTED("r9", "lsr #6", next)                               \
                KWS_LINE("b      6b") "7:\n\t"

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
const kws_core kws_core3 = {.group = 1,
                            .offset = 6 + 2,
                            .pixels = 5,
                            .widen = {widen1, NULL, widen5},
                            .multiply = {multiply1, NULL, multiply5}};

#endif
