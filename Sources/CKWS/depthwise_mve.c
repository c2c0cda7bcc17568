/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include "words_code_mve.h"

/* clang-format off */

/* Requantises 8 channels of one pixel as matrix_code_mve.h does; the accumulators lack 128 times
 * the sum of the weights, q4 (even) and at r1 (odd). 16 instructions of 4 bytes. */
#define PIXEL(even, odd)                                                                           \
    "vldrw.u32 q5, [r1]\n"                                                                         \
    "vldrw.u32 q6, [q7, #" #odd "]\n"                                                              \
    "vadd.i32 q6, q6, q5\n"                                                                        \
    "vldrw.u32 q5, [q7, #" #even "]\n"                                                             \
    "vadd.i32 q5, q5, q4\n"                                                                        \
    "vmulh.s32 q5, q5, q2\n"                                                                       \
    "vmulh.s32 q6, q6, q3\n"                                                                       \
    "vadd.i32 q5, q5, q0\n"                                                                        \
    "vadd.i32 q6, q6, q1\n"                                                                        \
    "vshl.s32 q5, r12\n"                                                                           \
    "vshl.s32 q6, r12\n"                                                                           \
    "vqmovnb.s32 q5, q5\n"                                                                         \
    "vqmovnt.s32 q5, q6\n"                                                                         \
    "vqmovunb.s16 q5, q5\n"                                                                        \
    "vstrb.16 q5, [r3]\n"                                                                          \
    "sub.w r3, r3, r5\n"

/* Where to begin, in place of the number of pixels, which is at r11 + pixels. */
#define ENTER(pixels)                                                                              \
    "ldr r2, [r11, #" #pixels "]\n"                                                                \
    "rsb r2, r2, #5\n"                                                                             \
    "adr.w r3, 6f\n"                                                                               \
    "add.w r3, r3, r2, lsl #6\n"                                                                   \
    "orr r3, r3, #1\n"                                                                             \
    "str r3, [r11, #" #pixels "]\n"

/* Sums of eight channels at r1, of a vector whose words are at q0 and q1: it goes on along the
 * channels by the addresses' write-back. Five pixels whatever their number: 10 of 14 instructions a
 * channel load or multiply for them. */
#define EIGHT_SUMS(load, a)                                                                        \
    "mov r2, #8\n"                                                                                 \
    "dls lr, r2\n"                                                                                 \
    "1:\n"                                                                                         \
    load                                                                                           \
    "vldrw.u32 q2, [q1, #4]!\n"                                                                    \
    "vldrw.u32 q3, [q0, #4]!\n"                                                                    \
    "vldrw.u32 q4, [q0, #64]\n"                                                                    \
    "vmladav" a ".s8 r0, q2, q3\n"                                                                 \
    "vldrw.u32 q3, [q0, #128]\n"                                                                   \
    "vmladav" a ".s8 r2, q2, q4\n"                                                                 \
    "vldrw.u32 q4, [q0, #192]\n"                                                                   \
    "vmladav" a ".s8 r4, q2, q3\n"                                                                 \
    "vldrw.u32 q3, [q0, #256]\n"                                                                   \
    "vmladav" a ".s8 r6, q2, q4\n"                                                                 \
    "vaddv" a ".s8 r10, q2\n"                                                                      \
    "vmladav" a ".s8 r8, q2, q3\n"                                                                 \
    "stm r1!, {r0, r2, r4, r6, r8, r10}\n"                                                         \
    "le lr, 1b\n"
#define FIRST_SUMS EIGHT_SUMS("", "")
#define MORE_SUMS EIGHT_SUMS("ldm r1, {r0, r2, r4, r6, r8, r10}\n", "a")

/* Eight outputs of up to five pixels, from the sums, whose places are in q7, those of a
 * kws_mve_outputs at r11 + outputs, whose tables are at r11 + tables. */
#define EIGHT_OUTPUTS(outputs, tables)                                                             \
    "add.w r0, r11, #" #outputs "\n"                                                               \
    "ldm r0, {r3, r5, r6, r8, r10, r12}\n"                                                         \
    "vldrh.u16 q2, [r6], #16\n"                                                                    \
    "vshllt.s16 q3, q2, #16\n"                                                                     \
    "vshllb.s16 q2, q2, #16\n"                                                                     \
    "vld20.32 {q0, q1}, [r8]\n"                                                                    \
    "vld21.32 {q0, q1}, [r8]!\n"                                                                   \
    "vldrw.u32 q4, [q7, #20]\n"                                                                    \
    "vldrw.u32 q5, [q7, #44]\n"                                                                    \
    "vshl.i32 q4, q4, #7\n"                                                                        \
    "vshl.i32 q5, q5, #7\n"                                                                        \
    "vstrw.32 q5, [r1]\n"                                                                          \
    "add.w r2, r3, #8\n"                                                                           \
    "str r2, [r11, #" #outputs "]\n"                                                               \
    "strd r6, r8, [r11, #" #tables "]\n"                                                           \
    "bx r10\n"                                                                                     \
    ".p2align 2\n"                                                                                 \
    "6:\n"                                                                                         \
    PIXEL(16, 40)                                                                                  \
    PIXEL(12, 36)                                                                                  \
    PIXEL(8, 32)                                                                                   \
    PIXEL(4, 28)                                                                                   \
    PIXEL(0, 24)

/* A further vector takes 15 instructions a channel, and 10 for eight. r5 and r3 are at its places,
 * of the input and of the weights, r7 and r12 are its channels' offsets there. */
KWS_MVE_FUNCTION("kws_mve_depthwise", "d8-d15",
    "mov r11, r0\n"
    ENTER(32)
    "7:\n"
    "ldm r11, {r5, r6, r9}\n"
    "ldr r7, [r11, #12]\n"
    "mov r12, r7\n"
    "mov r1, r6\n"
    "add r3, r5, r9, lsl #4\n"
    "vldrw.u32 q0, [r5], #16\n"
    "vldrw.u32 q1, [r3]\n"
    "vadd.i32 q0, q0, r7\n"
    "vadd.i32 q1, q1, r7\n"
    FIRST_SUMS
    "subs r9, #1\n"
    "beq 5f\n"
    "4:\n"
    "add r12, r12, #256\n"
    "sub r1, r1, #192\n"
    "vldrw.u32 q0, [r5], #16\n"
    "vldrw.u32 q1, [r3]\n"
    "vadd.i32 q0, q0, r7\n"
    "vadd.i32 q1, q1, r12\n"
    MORE_SUMS
    "subs r9, #1\n"
    "bne 4b\n"
    "5:\n"
    "adds r7, #32\n"
    "str r7, [r11, #12]\n"
    "vldrw.u32 q7, [r3, #16]\n"
    EIGHT_OUTPUTS(16, 24)
    "ldr r2, [r11, #40]\n"
    "subs r2, #1\n"
    "str r2, [r11, #40]\n"
    "bne 7b\n")

KWS_MVE_FUNCTION("kws_mve_depthwise_three", "d8-d15",
    "mov r11, r0\n"
    ENTER(116)
    /* words of the weights */
    "7:\n"
    "ldrd r3, r6, [r11, #56]\n"
    "ldrd r2, r1, [r11, #64]\n"
    "ldrd r8, r7, [r11, #72]\n"
    "add r4, r3, r6\n"
    "add r5, r4, r6\n"
    "vmov.i32 q3, #0\n"
    "dls lr, r2\n"
    "cmp r7, #8\n"
    "bne 2f\n"
    "1:\n"
    "vldrb.u8 q0, [r3], #16\n"
    "vldrb.u8 q1, [r4], #16\n"
    "vldrb.u8 q2, [r5], #16\n"
    STORE_WORD
    "le lr, 1b\n"
    "b 4f\n"
    "2:\n"
    "ldrd r2, r12, [r11, #80]\n"
    "vdup.8 q5, r2\n"
    "1:\n"
    "vldrb.u8 q0, [r3], #16\n"
    "vshl.u8 q0, r8\n"
    "vand q0, q0, q5\n"
    "vadd.i8 q0, q0, r12\n"
    "vldrb.u8 q1, [r4], #16\n"
    "vshl.u8 q1, r8\n"
    "vand q1, q1, q5\n"
    "vadd.i8 q1, q1, r12\n"
    "vldrb.u8 q2, [r5], #16\n"
    "vshl.u8 q2, r8\n"
    "vand q2, q2, q5\n"
    "vadd.i8 q2, q2, r12\n"
    STORE_WORD
    "le lr, 1b\n"
    "subs r8, r8, r7\n"
    "cmn r8, #8\n"
    "it eq\n"
    "moveq r8, #0\n"
    "str r8, [r11, #72]\n"
    "bne 3f\n"
    "4:\n"
    "str r5, [r11, #56]\n"
    /* words of the input */
    "3:\n"
    "ldm r11, {r1-r10}\n"
    "ldr r0, [r11, #88]\n"
    "vdup.8 q4, r0\n"
    "mov r12, #128\n"
    PADDING(q4, r2)
    "wls lr, r9, 2f\n"
    "1:\n"
    ROW(q0, r3, r6)
    ROW(q1, r4, r7)
    ROW(q2, r5, r8)
    STORE_WORD
    "le lr, 1b\n"
    "2:\n"
    PADDING(q4, r10)
    "vldrw.u32 q0, [r11, #8]\n"
    "vldrw.u32 q1, [r11, #40]\n"
    "vadd.i32 q0, q0, q1\n"
    "vstrw.32 q0, [r11, #8]\n"
    "movs r7, #0\n"
    /* twice 8 channels */
    "8:\n"
    "ldrd r3, r1, [r11, #92]\n"
    "vldrw.u32 q0, [r3]\n"
    "vldrw.u32 q1, [r3, #16]\n"
    "vadd.i32 q0, q0, r7\n"
    "vadd.i32 q1, q1, r7\n"
    "adds r7, #32\n"
    FIRST_SUMS
    "vldrw.u32 q7, [r3, #32]\n"
    EIGHT_OUTPUTS(100, 108)
    "cmp r7, #64\n"
    "bne 8b\n"
    "ldr r2, [r11, #124]\n"
    "subs r2, #1\n"
    "str r2, [r11, #124]\n"
    "bne 7b\n")

/* clang-format on */

#endif
