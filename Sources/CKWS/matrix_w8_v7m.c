/* SPDX-License-Identifier: Apache-2.0
 *
 * The matrix core for 8-bit weights. A word V holds the weights v0..v3 of four outputs, 0..255
 * each. Instead of taking it apart, three words that are linear in them are multiplied by x:
 *
 *   V           = v0 + 2^8 v1 + 2^16 v2 + 2^24 v3    sums to  A = S0 + 2^8 S1 + 2^16 S2 + 2^24 S3
 *   G = REV16 V = v1 + 2^8 v0 + 2^16 v3 + 2^24 v2             B = S1 + 2^8 S0 + 2^16 S3 + 2^24 S2
 *   H = G >> 16 = v3 + 2^8 v2                                 C = S3 + 2^8 S2
 *
 * all mod 2^32.
 *
 * From A, B, C the four sums follow, as long as |S| < 2^23: four 24-bit numbers in 96 bits. So
 * four products take three MLA, two instructions that make the words, and a quarter of a load:
 * two pixels at a time 18 instructions for 16 products (1.125 each; 36 cycles by the Cortex-M3's
 * manual), one pixel 22 for 16. Extracting each byte takes a MLA and an instruction more a product.
 *
 * The sums begin with -128 times the pixel's sum of x, since v = w + 128, so S = sum w * x.
 * A chunk has at most 256 taps: |S| <= 256 * 255 * 128 < 2^23.
 */
#include "matrix_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

#include "cores_v7m.h"

/* clang-format off */

/* The sums of one pixel: A, B, C in v, g, h; S0, S1, S3 go to s0, s1, s3, and S2 to v.
 *   L = B - 2^16 C = S1 + 2^8 S0;  T = A - 2^24 C - 2^8 L = S0 + 2^16 (S2 - S0)
 *   its low half is that of S0; L less it times 2^8 is S1 + 2^24 (S0's upper part), and so on. */
#define SUMS(v, g, h, s0, s1, s3)                                                                  \
    "sub " g ", " g ", " h ", lsl #16\n"                                                           \
    "sub " v ", " v ", " h ", lsl #24\n"                                                           \
    "sub " v ", " v ", " g ", lsl #8\n"                                                            \
    "sxth " s0 ", " v "\n"                                                                         \
    "sub " g ", " g ", " s0 ", lsl #8\n"                                                           \
    "sbfx " s1 ", " g ", #0, #24\n"                                                                \
    "sub " g ", " g ", " s1 "\n"                                                                   \
    "add " s0 ", " s0 ", " g ", asr #8\n"                                                          \
    "sub " v ", " v ", " s0 "\n"                                                                   \
    "add " v ", " v ", " s0 ", lsl #16\n"                                                          \
    "asr " v ", " v ", #16\n"                                                                      \
    "sub " h ", " h ", " v ", lsl #8\n"                                                            \
    "sbfx " s3 ", " h ", #0, #24\n"                                                                \
    "sub " h ", " h ", " s3 "\n"                                                                   \
    "add " v ", " v ", " h ", asr #8\n"

/* One tap of two pixels. */
#define TAP2(w, x0, x1)                                                                            \
    "mla r4, " w ", " x0 ", r4\n"                                                                  \
    "mla r7, " w ", " x1 ", r7\n"                                                                  \
    "rev16.n " w ", " w "\n"                                                                       \
    "mla r5, " w ", " x0 ", r5\n"                                                                  \
    "mla r8, " w ", " x1 ", r8\n"                                                                  \
    "lsrs.n " w ", " w ", #16\n"                                                                   \
    "mla r6, " w ", " x0 ", r6\n"                                                                  \
    "mla r9, " w ", " x1 ", r9\n"

/* One tap of one pixel. */
#define TAP1(w, x)                                                                                 \
    "mla r6, " w ", " x ", r6\n"                                                                   \
    "rev16.n " w ", " w "\n"                                                                       \
    "mla r7, " w ", " x ", r7\n"                                                                   \
    "lsrs.n " w ", " w ", #16\n"                                                                   \
    "mla r8, " w ", " x ", r8\n"

__attribute__((naked)) static void kws_v7m_w8_two(kws_v7m_tile *tile __attribute__((unused)))
{
    /* r0 weights, r1 patch, r2-r3 words, r4-r6 and r7-r9 sums, r10-r12, lr x.
     * Stack: tile, end of the patch, where to enter the unrolled loop, weights. */
    __asm__(KWS_V7M_ENTER("20", "5", "2") /* 4 taps are 32 bytes of patch */
            "1:\n"
            "ldr r2, [sp]\n"
            "ldmia.w r2!, {r4-r9}\n"
            "ldr r1, [r2]\n"
            "ldr pc, [sp, #8]\n"
            "2:\n"
            ".rept 8\n"
            "ldmia.n r0!, {r2, r3}\n"
            "ldmia.w r1!, {r10, r11, r12, lr}\n" TAP2("r2", "r10", "r11") TAP2("r3", "r12", "lr")
            ".endr\n"
            "3:\n"
            "ldr r2, [sp, #4]\n"
            "cmp r1, r2\n"
            "bne.w 2b\n"
            "str r0, [sp, #12]\n"
            SUMS("r4", "r5", "r6", "r10", "r11", "r12") SUMS("r7", "r8", "r9", "r5", "r6", "lr")
            KWS_V7M_FINISH_TWO("20"));
}

__attribute__((naked)) static void kws_v7m_w8_one(kws_v7m_tile *tile __attribute__((unused)))
{
    /* r0 weights, r1 patch, r2-r5 words, r6-r8 sums, r9-r12 x. Stack as above. */
    __asm__(KWS_V7M_ENTER("20", "4", "2") /* 4 taps are 16 bytes of patch */
            "1:\n"
            "ldr r2, [sp]\n"
            "ldmia.w r2, {r6-r8}\n"
            "ldr r1, [r2, #24]\n"
            "ldr lr, [sp, #4]\n"
            "ldr pc, [sp, #8]\n"
            "2:\n"
            ".rept 4\n"
            "ldmia.n r0!, {r2, r3, r4, r5}\n"
            "ldmia.w r1!, {r9, r10, r11, r12}\n"
            TAP1("r2", "r9") TAP1("r3", "r10") TAP1("r4", "r11") TAP1("r5", "r12")
            ".endr\n"
            "3:\n"
            "cmp r1, lr\n"
            "bne.w 2b\n"
            SUMS("r6", "r7", "r8", "r9", "r10", "r11")
            KWS_V7M_FINISH_ONE("20"));
}

/* clang-format on */

/* see matrix_v7m.h */
const kws_v7m_width kws_v7m_w8 = {.many = kws_v7m_w8_two, .one = kws_v7m_w8_one, .bits = 8};

#endif
