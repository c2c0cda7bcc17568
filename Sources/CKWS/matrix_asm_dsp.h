/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix_asm_dsp.h - what the assembly of all widths of weights shares: how a kws_product lies on
 * the stack. r1 is the pointer to the weights throughout, r0 that to the patch in the loops.
 */
#ifndef KWS_MATRIX_ASM_DSP_H
#define KWS_MATRIX_ASM_DSP_H

/* clang-format off */

/* Steps in one turn of a loop; those that the first turn leaves out: as many as it has too many. */
#ifdef __OPTIMIZE_SIZE__
#define KWS_TURN_4(step) step
#define KWS_TURN_8(step) step
#define KWS_SKIP(first_bit, bits) KWS_LINE("mov    r10, #0")
#else
#define KWS_TURN_4(step) step step step step
#define KWS_TURN_8(step) KWS_TURN_4(step) KWS_TURN_4(step)
#define KWS_SKIP(first_bit, bits)                                                                  \
    KWS_LINE("rsb    r10, r10, #0")                                                                \
    KWS_LINE("ubfx   r10, r10, #" first_bit ", #" bits)
#endif

/* Saves registers; takes the product apart into r1 .. r11. */
#define KWS_TAKE_APART                                                                             \
    KWS_LINE("push   {r4, r5, r6, r7, r8, r9, r10, r11, lr}")                                      \
    KWS_LINE("ldm    r0, {r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11}")

/* Puts it on the stack but for r1, the weights, with the exit (label 3, or 4 for sums) in place of
 * sums. Label 1 begins an output, or a pair. 76 bytes of stack. */
#define KWS_PUT_DOWN                                                                               \
    KWS_LINE("adr.w  r0, 3f")                                                                      \
    KWS_LINE("adr.w  r12, 4f")                                                                     \
    KWS_LINE("cmp    r11, #0")                                                                     \
    KWS_LINE("ite    eq")                                                                          \
    KWS_LINE("orreq  r11, r0, #1")                                                                 \
    KWS_LINE("orrne  r11, r12, #1")                                                                \
    KWS_LINE("push   {r2, r3, r4, r5, r6, r7, r8, r9, r10, r11}")                                  \
    "1:\n\t"

/* Both, with the entry into the loop at label 2 in place of skip. A turn has 2^bits steps of
 * 2^first_bit taps and step_bytes of code. */
#define KWS_PROLOGUE(first_bit, bits, step_bytes)                                                  \
    KWS_TAKE_APART                                                                                 \
    KWS_SKIP(first_bit, bits)                                                                      \
    KWS_LINE("adr.w  r0, 2f")                                                                      \
    KWS_LINE("mov    r12, #" step_bytes)                                                           \
    KWS_LINE("mla    r10, r10, r12, r0")                                                           \
    KWS_LINE("orr    r10, r10, #1")                                                                \
    KWS_PUT_DOWN

#define KWS_TABLES "0" /* m, b, y, stride, n, the end of m */
#define KWS_END "20"
#define KWS_PATCH "24" /* and where it ends */
#define KWS_PATCH_END "28"
#define KWS_ENTRY "32"
#define KWS_EXIT "36"

/* To the entry. */
#define KWS_ENTER                                                                                  \
    KWS_LINE("ldr    pc, [sp, #" KWS_ENTRY "]")                                                    \
    ".balign 4\n\t"                                                                                \
    "2:\n\t"

#define KWS_EPILOGUE                                                                               \
    KWS_LINE("add    sp, sp, #40")                                                                 \
    KWS_LINE("pop    {r4, r5, r6, r7, r8, r9, r10, r11, pc}")

/* The end of an output, or a group, that was added to the sums before r9. */
#define KWS_NEXT_SUMS                                                                              \
    KWS_LINE("ldr    r10, [sp, #" KWS_END "]")                                                     \
    KWS_LINE("str    r9, [sp, #" KWS_TABLES "]")                                                   \
    KWS_LINE("cmp    r9, r10")                                                                     \
    KWS_LINE("bne    1b")                                                                          \
    KWS_EPILOGUE

/* clang-format on */

#endif
