/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix_code_mve.h - what the matrix products of all weight widths have in common, in assembly:
 * VMLADAVA adds into an even register, r0 .. lr, and with eight of them in use a compiler spills.
 */
#ifndef KWS_MATRIX_CODE_MVE_H
#define KWS_MATRIX_CODE_MVE_H

#include "code_mve.h"

#define KWS_MVE_FOUR_TIMES(code) code code code code

#define KWS_MVE_EIGHT_TIMES(code) KWS_MVE_FOUR_TIMES(code) KWS_MVE_FOUR_TIMES(code)

/* clang-format off */

/* Where to begin: r4 blocks are to do; code of a block, so many bytes, stands 2^log2 times at label
 * blocks, label end is behind them; label head is the head's code, r7 its length. Leaves the passes
 * over label blocks in r5, the places to jump to in r6 (first) and r8 (behind the head). */
#define KWS_MVE_ENTRIES(log2, bytes, blocks, head, end)                                            \
    "rsbs r5, r4, #0\n"                                                                            \
    "and r5, r5, #((1 << " #log2 ") - 1)\n"                                                        \
    "adr.w r8, " #blocks "f\n"                                                                     \
    "mov.w r6, #" #bytes "\n"                                                                      \
    "mla r8, r5, r6, r8\n"                                                                         \
    "cbnz r4, 5f\n"                                                                                \
    "adr.w r8, " #end "f\n"                                                                        \
    "5:\n"                                                                                         \
    "orr r8, r8, #1\n"                                                                             \
    "mov r6, r8\n"                                                                                 \
    "cbz r7, 6f\n"                                                                                 \
    "adr.w r6, " #head "f\n"                                                                       \
    "orr r6, r6, #1\n"                                                                             \
    "6:\n"                                                                                         \
    "add.w r5, r4, #((1 << " #log2 ") - 1)\n"                                                      \
    "lsrs r5, r5, #" #log2 "\n"

/* Four pixels. r9 is at work->first0, r11 in work->acc, r3 in the weights, r1 in the patches, r5
 * counts passes, r7 is the head; the accumulators of output 0 are r0 r2 r4 r6, of output 1 r8 r10
 * r12 lr. q7 holds the addresses of four pairs' accumulators. */
#define KWS_MVE_FOUR_BEGIN                                                                         \
    "add r9, r0, #128\n"                                                                           \
    "mov r11, r0\n"                                                                                \
    "lsrs r2, r0, #2\n"                                                                            \
    "vidup.u32 q7, r2, #8\n"                                                                       \
    "vshl.i32 q7, q7, #2\n"                                                                        \
    "ldrd r7, r4, [r9, #104]\n"                                                                    \
    "ldr r3, [r9, #112]\n"                                                                         \
    "vctp.8 r7\n"

/* Finds the code of a kind of pair, whose places begin at work->entry + first. */
#define KWS_MVE_FOUR_ENTRIES(bytes, blocks, head, end, first, behind)                              \
    KWS_MVE_ENTRIES(2, bytes, blocks, head, end)                                                   \
    "strd r6, r8, [r9, #" #first "]\n"                                                             \
    "str r5, [r9, #16]\n"

/* Nested weights: in a byte of an even output's vector stands the odd one's above its own, and both
 * are multiplied. The even accumulator then is 2^bits odd ones too large, all along. One
 * instruction puts four outputs right where masking takes one a block: 24 of the MLPerf DS-CNN's
 * 825 thousand with weights of 4 bits. */
#define KWS_MVE_NEST(at, bits) "mvn " #at ", #(1 << " #bits ") - 1\n"
#define KWS_MVE_UNNEST(even, odd, by) "vmla.s32 " #even ", " #odd ", " #by "\n"

/* One pair of outputs, four times the code of a block; then its accumulators are stored. */
#define KWS_MVE_FOUR_PAIR(blocks, head, end, first, behind, head_code, code)                       \
    "ldm r9, {r0, r1, r2, r4, r5, r6, r8, r10, r12, lr}\n"                                         \
    "ldr pc, [r9, #" #first "]\n"                                                                  \
    #head ":\n"                                                                                    \
    head_code                                                                                      \
    "ldr pc, [r9, #" #behind "]\n"                                                                 \
    #blocks ":\n"                                                                                  \
    KWS_MVE_FOUR_TIMES(code)                                                                       \
    "subs r5, #1\n"                                                                                \
    "bne " #blocks "b\n"                                                                           \
    #end ":\n"                                                                                     \
    "stm r11!, {r0, r2, r4, r6, r8, r10, r12, lr}\n"

/* The next pair's weights are in the same vectors. */
#define KWS_MVE_FOUR_BACK                                                                          \
    "ldr r0, [r9, #116]\n"                                                                         \
    "subs r3, r3, r0\n"

/* q4 and q5 are the weights of the two outputs; 12 instructions, of which 8 multiply. */
#define KWS_MVE_FOUR_PRODUCTS(between)                                                             \
    "vldrw.u32 q0, [r1], #16\n"                                                                    \
    "vmladava.u8 r0, q4, q0\n"                                                                     \
    "vldrw.u32 q1, [r1], #16\n"                                                                    \
    "vmladava.u8 r2, q4, q1\n"                                                                     \
    "vldrw.u32 q2, [r1], #16\n"                                                                    \
    "vmladava.u8 r4, q4, q2\n"                                                                     \
    "vldrw.u32 q3, [r1], #16\n"                                                                    \
    "vmladava.u8 r6, q4, q3\n"                                                                     \
    between                                                                                        \
    "vmladava.u8 r8, q5, q0\n"                                                                     \
    "vmladava.u8 r10, q5, q1\n"                                                                    \
    "vmladava.u8 r12, q5, q2\n"                                                                    \
    "vmladava.u8 lr, q5, q3\n"

/* Requantises eight outputs of pixel p: q0, q1 biases and q2, q3 multipliers * 2^16 of the even and
 * of the odd ones, so that narrowing brings them back into order. floor(acc * m / 2^16) is the high
 * half of acc * (m * 2^16); two saturating steps are the clip, for saturating to int16 keeps 0 ..
 * 255. */
#define KWS_MVE_FOUR_PIXEL(even, odd, out, unnest)                                                 \
    "vldrw.u32 q4, [q7, #" #even "]\n"                                                             \
    "vldrw.u32 q5, [q7, #" #odd "]\n"                                                              \
    unnest                                                                                         \
    "vmulh.s32 q4, q4, q2\n"                                                                       \
    "vmulh.s32 q5, q5, q3\n"                                                                       \
    "vadd.i32 q4, q4, q0\n"                                                                        \
    "vadd.i32 q5, q5, q1\n"                                                                        \
    "vshl.s32 q4, r12\n"                                                                           \
    "vshl.s32 q5, r12\n"                                                                           \
    "vqmovnb.s32 q4, q4\n"                                                                         \
    "vqmovnt.s32 q4, q5\n"                                                                         \
    "vqmovunb.s16 q4, q4\n"                                                                        \
    "vstrb.16 q4, [" #out "], #8\n"

/* clang-format on */

/* If eight outputs are there (else go on at label 4), requantise them, go on if there are more
 * weights. 59 instructions for 32 results, 5 more if weights share bytes. */
#define KWS_MVE_FOUR_END KWS_MVE_FOUR_FINISH("", "")
#define KWS_MVE_FOUR_END_NESTED(bits)                                                              \
    KWS_MVE_FOUR_FINISH(KWS_MVE_NEST(lr, bits), KWS_MVE_UNNEST(q4, q5, lr))
/* clang-format off */

#define KWS_MVE_FOUR_FINISH(nest, unnest)                                                          \
    "cmp r11, r9\n"                                                                                \
    "bne 4b\n"                                                                                     \
    "add.w r0, r9, #72\n"                                                                          \
    "ldm r0, {r1, r2, r4, r5, r6, r8, r10, r12}\n"                                                 \
    "vldrh.u16 q2, [r6], #16\n"                                                                    \
    "vshllt.s16 q3, q2, #16\n"                                                                     \
    "vshllb.s16 q2, q2, #16\n"                                                                     \
    "vld20.32 {q0, q1}, [r8]\n"                                                                    \
    "vld21.32 {q0, q1}, [r8]!\n"                                                                   \
    nest                                                                                           \
    KWS_MVE_FOUR_PIXEL(0, 16, r1, unnest)                                                          \
    KWS_MVE_FOUR_PIXEL(4, 20, r2, unnest)                                                          \
    KWS_MVE_FOUR_PIXEL(8, 24, r4, unnest)                                                          \
    KWS_MVE_FOUR_PIXEL(12, 28, r5, unnest)                                                         \
    "stm r0, {r1, r2, r4, r5, r6, r8}\n"                                                           \
    "sub.w r11, r9, #128\n"                                                                        \
    "cmp r3, r10\n"                                                                                \
    "bne 4b\n"

/* What the accumulators of even outputs begin with, from that of odd ones in r2. */
#define KWS_MVE_ONE_NESTED(bits) "add.w r0, r2, r2, lsl #" #bits "\n"

/* One pixel. r3 r5 r7 r9 are in streams of weights, r1 in x, r11 is the head (if that is not
 * filled), then counts passes; a filled head has its elements in the upper lanes, so that they end
 * where r1 is. The accumulators of outputs 0, 1, .. are r0 r2 r4 r6 r8 r10 r12 lr. On the stack lie
 * what LDM puts into r0 r1 r2 r4 r6 r8 r10 r11 r12 lr, two places to jump to, the passes, and work.
 */
#define KWS_MVE_ONE_BEGIN(log2, bytes, even)                                                       \
    "sub sp, sp, #56\n"                                                                            \
    "mov r10, r0\n"                                                                                \
    "ldrd r7, r4, [r10, #32]\n"                                                                    \
    "vctp.8 r7\n"                                                                                  \
    KWS_MVE_ENTRIES(log2, bytes, 1, 2, 3)                                                          \
    "ldrd r0, r2, [r10, #40]\n"                                                                    \
    "ldr r1, [r10, #28]\n"                                                                         \
    "cbz r7, 8f\n"                                                                                 \
    "cbz r2, 9f\n"                                                                                 \
    "rsb r3, r7, #16\n"                                                                            \
    "vctp.8 r3\n"                                                                                  \
    "vpnot\n"                                                                                      \
    "adr.w r6, 7f\n"                                                                               \
    "orr r6, r6, #1\n"                                                                             \
    "8:\n"                                                                                         \
    "mov r7, r5\n"                                                                                 \
    "9:\n"                                                                                         \
    "mov r2, r0\n"                                                                                 \
    even                                                                                           \
    "strd r0, r1, [sp]\n"                                                                          \
    "strd r2, r0, [sp, #8]\n"                                                                      \
    "strd r2, r0, [sp, #16]\n"                                                                     \
    "strd r2, r7, [sp, #24]\n"                                                                     \
    "strd r0, r2, [sp, #32]\n"                                                                     \
    "strd r6, r8, [sp, #40]\n"                                                                     \
    "strd r5, r10, [sp, #48]\n"                                                                    \
    "ldrd r2, r3, [r10, #20]\n"                                                                    \
    "adds r5, r3, r2\n"                                                                            \
    "adds r7, r5, r2\n"                                                                            \
    "add r9, r7, r2\n"

#define KWS_MVE_ONE_EIGHT                                                                          \
    "ldm sp, {r0, r1, r2, r4, r6, r8, r10, r11, r12, lr}\n"                                        \
    "ldr pc, [sp, #40]\n"

#define KWS_MVE_ONE_HEAD_END                                                                       \
    "ldr r11, [sp, #48]\n"                                                                         \
    "ldr pc, [sp, #44]\n"

/* clang-format on */

/* Requantises eight outputs, as KWS_MVE_FOUR_PIXEL does; then next, and label 4 if there are more
 * weights. */
#define KWS_MVE_ONE_END(next) KWS_MVE_ONE_FINISH("", next)
#define KWS_MVE_ONE_END_NESTED(bits, next)                                                         \
    KWS_MVE_ONE_FINISH(KWS_MVE_NEST(r12, bits) KWS_MVE_UNNEST(q0, q1, r12), next)
/* clang-format off */

#define KWS_MVE_ONE_FINISH(unnest, next)                                                           \
    KWS_MVE_ONE_SUMS(unnest)                                                                       \
    "vmulh.s32 q0, q0, q2\n"                                                                       \
    "vmulh.s32 q1, q1, q3\n"                                                                       \
    "vadd.i32 q0, q0, q4\n"                                                                        \
    "vadd.i32 q1, q1, q5\n"                                                                        \
    "vshl.s32 q0, r8\n"                                                                            \
    "vshl.s32 q1, r8\n"                                                                            \
    "vqmovnb.s32 q0, q0\n"                                                                         \
    "vqmovnt.s32 q0, q1\n"                                                                         \
    "vqmovunb.s16 q0, q0\n"                                                                        \
    "vstrb.16 q0, [r4], #8\n"                                                                      \
    KWS_MVE_ONE_NEXT(next)

/* The accumulators of eight outputs, even ones in q0, odd ones in q1, their biases in q4, q5 and
 * multipliers * 2^16 in q2, q3; r8 is the shift. */
#define KWS_MVE_ONE_SUMS(unnest)                                                                   \
    "vmov q0[2], q0[0], r0, r8\n"                                                                  \
    "vmov q0[3], q0[1], r4, r12\n"                                                                 \
    "vmov q1[2], q1[0], r2, r10\n"                                                                 \
    "vmov q1[3], q1[1], r6, lr\n"                                                                  \
    unnest                                                                                         \
    "ldr r0, [sp, #52]\n"                                                                          \
    "ldm r0, {r1, r2, r4, r6, r8, r10}\n"                                                          \
    "vldrh.u16 q2, [r1], #16\n"                                                                    \
    "vshllt.s16 q3, q2, #16\n"                                                                     \
    "vshllb.s16 q2, q2, #16\n"                                                                     \
    "vld20.32 {q4, q5}, [r2]\n"                                                                    \
    "vld21.32 {q4, q5}, [r2]!\n"

#define KWS_MVE_ONE_NEXT(next)                                                                     \
    "stm r0, {r1, r2, r4}\n"                                                                       \
    next                                                                                           \
    "cmp r3, r6\n"                                                                                 \
    "bne 4b\n"                                                                                     \
    "add sp, #56\n"

/* clang-format on */

/* The same for rows of gates: the shift comes first, and results are stored with 32 bits. */
#define KWS_MVE_GATES_END(next) KWS_MVE_GATES_FINISH("", next)
#define KWS_MVE_GATES_END_NESTED(bits, next)                                                       \
    KWS_MVE_GATES_FINISH(KWS_MVE_NEST(r12, bits) KWS_MVE_UNNEST(q0, q1, r12), next)
/* clang-format off */

#define KWS_MVE_GATES_FINISH(unnest, next)                                                         \
    KWS_MVE_ONE_SUMS(unnest)                                                                       \
    "vshl.s32 q0, r8\n"                                                                            \
    "vshl.s32 q1, r8\n"                                                                            \
    "vmulh.s32 q0, q0, q2\n"                                                                       \
    "vmulh.s32 q1, q1, q3\n"                                                                       \
    "vadd.i32 q0, q0, q4\n"                                                                        \
    "vadd.i32 q1, q1, q5\n"                                                                        \
    "vst20.32 {q0, q1}, [r4]\n"                                                                    \
    "vst21.32 {q0, q1}, [r4]!\n"                                                                   \
    KWS_MVE_ONE_NEXT(next)

/* clang-format on */

#endif
