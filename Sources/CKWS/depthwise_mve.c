/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

#define FUNCTION(name, body)                                                                       \
    __asm__(".syntax unified\n"                                                                    \
            ".thumb\n"                                                                             \
            ".pushsection .text." name ",\"ax\",%progbits\n"                                       \
            ".p2align 2\n"                                                                         \
            ".global " name "\n"                                                                   \
            ".type " name ", %function\n"                                                          \
            ".thumb_func\n" name ":\n" body ".size " name ", . - " name "\n"                       \
            ".popsection\n");

#define STORE_WORD                                                                                 \
    "vst40.8 {q0, q1, q2, q3}, [r1]\n"                                                             \
    "vst41.8 {q0, q1, q2, q3}, [r1]\n"                                                             \
    "vst42.8 {q0, q1, q2, q3}, [r1]\n"                                                             \
    "vst43.8 {q0, q1, q2, q3}, [r1]!\n"

#define PADDING                                                                                    \
    "wls lr, r2, 2f\n"                                                                             \
    "1:\n"                                                                                         \
    "vstrw.32 q0, [r1], #16\n"                                                                     \
    "vstrw.32 q0, [r1], #16\n"                                                                     \
    "vstrw.32 q0, [r1], #16\n"                                                                     \
    "vstrw.32 q0, [r1], #16\n"                                                                     \
    "le lr, 1b\n"                                                                                  \
    "2:\n"

#define ROW(q, at, step)                                                                           \
    "vldrb.u8 " #q ", [" #at "]\n"                                                                 \
    "add " #at ", " #step "\n"                                                                     \
    "vadd.i8 " #q ", " #q ", r12\n"

/* 14 instructions a column of three rows, 17 of four. */
FUNCTION("kws_mve_words", "push {r4-r11, lr}\n"
                          "ldm r0!, {r3-r10}\n"
                          "ldm r0, {r1, r2, r11, r12}\n"
                          "ldr lr, [r0, #20]\n"
                          "vdup.8 q0, lr\n" PADDING "ldr r2, [r0, #24]\n"
                          "cbz r2, 3f\n"
                          "vmov.i32 q3, #0\n"
                          "wls lr, r11, 5f\n"
                          "1:\n" ROW(q0, r3, r7) ROW(q1, r4, r8) ROW(q2, r5, r9) STORE_WORD
         "le lr, 1b\n"
         "b 5f\n"
         "3:\n"
         "wls lr, r11, 5f\n"
         "1:\n" ROW(q0, r3, r7) ROW(q1, r4, r8) ROW(q2, r5, r9) ROW(q3, r6, r10) STORE_WORD
         "le lr, 1b\n"
         "5:\n"
         "ldrd r2, lr, [r0, #16]\n"
         "vdup.8 q0, lr\n" PADDING "pop {r4-r11, pc}\n")

#define NARROW_ROW(q, at, step)                                                                    \
    "vldrb.u8 " #q ", [" #at "]\n"                                                                 \
    "add " #at ", " #step "\n"                                                                     \
    "vshl.u8 " #q ", r2\n"                                                                         \
    "vand " #q ", " #q ", q4\n"                                                                    \
    "vadd.i8 " #q ", " #q ", r12\n"

FUNCTION("kws_mve_words_narrow",
         "push {r4-r11, lr}\n"
         "vpush {d8-d9}\n"
         "ldm r0!, {r3-r10}\n"
         "ldm r0, {r1, r2, r11, r12}\n"
         "ldr r2, [r0, #32]\n"
         "vdup.8 q4, r2\n"
         "ldr lr, [r0, #24]\n"
         "ldr r2, [r0, #28]\n"
         "cmp lr, #0\n"
         "beq 3f\n"
         "vmov.i32 q3, #0\n"
         "wls lr, r11, 5f\n"
         "1:\n" NARROW_ROW(q0, r3, r7) NARROW_ROW(q1, r4, r8) NARROW_ROW(q2, r5, r9) STORE_WORD
         "le lr, 1b\n"
         "b 5f\n"
         "3:\n"
         "wls lr, r11, 5f\n"
         "1:\n" NARROW_ROW(q0, r3, r7) NARROW_ROW(q1, r4, r8) NARROW_ROW(q2, r5, r9)
             NARROW_ROW(q3, r6, r10) STORE_WORD "le lr, 1b\n"
                                                "5:\n"
                                                "vpop {d8-d9}\n"
                                                "pop {r4-r11, pc}\n")

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

/* Five pixels whatever their number: 10 of 14 instructions a channel load or multiply for them.
 * Windows of one vector go on along the channels by the addresses' write-back; others take 22 + 16
 * * vectors. */
FUNCTION("kws_mve_depthwise", "push {r4-r11, lr}\n"
                              "vpush {d8-d15}\n"
                              "mov r11, r0\n"
                              "ldr r2, [r11, #40]\n"
                              "rsb r2, r2, #5\n"
                              "adr.w r3, 6f\n"
                              "add.w r3, r3, r2, lsl #6\n"
                              "orr r3, r3, #1\n"
                              "str r3, [r11, #40]\n"
                              "7:\n"
                              "ldm r11, {r0, r1, r3}\n"
                              "ldr r7, [r11, #20]\n"
                              "mov r2, #8\n"
                              "cmp r3, #1\n"
                              "bne 3f\n"
                              "vldrw.u32 q0, [r0]\n"
                              "vldrw.u32 q1, [r0, #16]\n"
                              "vadd.i32 q0, q0, r7\n"
                              "vadd.i32 q1, q1, r7\n"
                              "adds r7, #32\n"
                              "add.w r3, r0, #32\n"
                              "dls lr, r2\n"
                              "1:\n"
                              "vldrw.u32 q2, [q1, #4]!\n"
                              "vldrw.u32 q3, [q0, #4]!\n"
                              "vldrw.u32 q4, [q0, #64]\n"
                              "vmladav.s8 r0, q2, q3\n"
                              "vldrw.u32 q3, [q0, #128]\n"
                              "vmladav.s8 r2, q2, q4\n"
                              "vldrw.u32 q4, [q0, #192]\n"
                              "vmladav.s8 r4, q2, q3\n"
                              "vldrw.u32 q3, [q0, #256]\n"
                              "vmladav.s8 r6, q2, q4\n"
                              "vaddv.s8 r10, q2\n"
                              "vmladav.s8 r8, q2, q3\n"
                              "stm r1!, {r0, r2, r4, r6, r8, r10}\n"
                              "le lr, 1b\n"
                              "b 5f\n"
                              "3:\n"
                              "mov r12, r3\n"
                              "mov r9, #8\n"
                              "add r3, r0, r12, lsl #4\n"
                              "vldrw.u32 q0, [r3]\n"
                              "4:\n"
                              "movs r0, #0\n"
                              "movs r2, #0\n"
                              "movs r4, #0\n"
                              "movs r6, #0\n"
                              "mov r8, #0\n"
                              "mov r10, #0\n"
                              "ldr r5, [r11, #16]\n"
                              "mov r3, r7\n"
                              "dls lr, r12\n"
                              "1:\n"
                              "vadd.i32 q4, q0, r3\n"
                              "vldrw.u32 q1, [r5], #16\n"
                              "vadd.i32 q1, q1, r7\n"
                              "vldrw.u32 q2, [q4, #4]\n"
                              "vldrw.u32 q3, [q1, #4]\n"
                              "vldrw.u32 q4, [q1, #68]\n"
                              "vmladava.s8 r0, q2, q3\n"
                              "vldrw.u32 q3, [q1, #132]\n"
                              "vmladava.s8 r2, q2, q4\n"
                              "vldrw.u32 q4, [q1, #196]\n"
                              "vmladava.s8 r4, q2, q3\n"
                              "vldrw.u32 q3, [q1, #260]\n"
                              "vmladava.s8 r6, q2, q4\n"
                              "vaddva.s8 r10, q2\n"
                              "vmladava.s8 r8, q2, q3\n"
                              "add r3, r3, #256\n"
                              "le lr, 1b\n"
                              "stm r1!, {r0, r2, r4, r6, r8, r10}\n"
                              "adds r7, #4\n"
                              "subs r9, #1\n"
                              "bne 4b\n"
                              "ldr r0, [r11]\n"
                              "add r3, r0, r12, lsl #4\n"
                              "adds r3, #16\n"
                              "5:\n"
                              "str r7, [r11, #20]\n"
                              "vldrw.u32 q7, [r3]\n"
                              "add.w r0, r11, #24\n"
                              "ldm r0, {r3, r5, r6, r8, r10, r12}\n"
                              "vldrh.u16 q2, [r6], #16\n"
                              "vshllt.s16 q3, q2, #16\n"
                              "vshllb.s16 q2, q2, #16\n"
                              "vld20.32 {q0, q1}, [r8]\n"
                              "vld21.32 {q0, q1}, [r8]!\n"
                              "vldrw.u32 q4, [q7, #20]\n"
                              "vldrw.u32 q5, [q7, #44]\n"
                              "vshl.i32 q4, q4, #7\n"
                              "vshl.i32 q5, q5, #7\n"
                              "vstrw.32 q5, [r1]\n"
                              "add.w r2, r3, #8\n"
                              "str r2, [r11, #24]\n"
                              "strd r6, r8, [r11, #32]\n"
                              "bx r10\n"
                              ".p2align 2\n"
                              "6:\n" PIXEL(16, 40) PIXEL(12, 36) PIXEL(8, 32) PIXEL(4, 28)
                                  PIXEL(0, 24) "ldr r2, [r11, #48]\n"
                                               "subs r2, #1\n"
                                               "str r2, [r11, #48]\n"
                                               "bne 7b\n"
                                               "vpop {d8-d15}\n"
                                               "pop {r4-r11, pc}\n")

FUNCTION("kws_mve_depthwise_three",
         "push {r4-r11, lr}\n"
         "vpush {d8-d15}\n"
         "mov r11, r0\n"
         "ldr r2, [r11, #116]\n"
         "rsb r2, r2, #5\n"
         "adr.w r3, 6f\n"
         "add.w r3, r3, r2, lsl #6\n"
         "orr r3, r3, #1\n"
         "str r3, [r11, #116]\n"
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
         "vldrb.u8 q2, [r5], #16\n" STORE_WORD "le lr, 1b\n"
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
         "vadd.i8 q2, q2, r12\n" STORE_WORD "le lr, 1b\n"
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
         "wls lr, r2, 2f\n"
         "1:\n"
         "vstrw.32 q4, [r1], #16\n"
         "vstrw.32 q4, [r1], #16\n"
         "vstrw.32 q4, [r1], #16\n"
         "vstrw.32 q4, [r1], #16\n"
         "le lr, 1b\n"
         "2:\n"
         "wls lr, r9, 2f\n"
         "1:\n" ROW(q0, r3, r6) ROW(q1, r4, r7) ROW(q2, r5, r8) STORE_WORD
         "le lr, 1b\n"
         "2:\n"
         "wls lr, r10, 2f\n"
         "1:\n"
         "vstrw.32 q4, [r1], #16\n"
         "vstrw.32 q4, [r1], #16\n"
         "vstrw.32 q4, [r1], #16\n"
         "vstrw.32 q4, [r1], #16\n"
         "le lr, 1b\n"
         "2:\n"
         "vldrw.u32 q0, [r11, #8]\n"
         "vldrw.u32 q1, [r11, #40]\n"
         "vadd.i32 q0, q0, q1\n"
         "vstrw.32 q0, [r11, #8]\n"
         "movs r7, #0\n"
         /* twice 8 channels */
         "8:\n"
         "ldrd r3, r1, [r11, #92]\n"
         "mov r2, #8\n"
         "vldrw.u32 q0, [r3]\n"
         "vldrw.u32 q1, [r3, #16]\n"
         "vadd.i32 q0, q0, r7\n"
         "vadd.i32 q1, q1, r7\n"
         "adds r7, #32\n"
         "dls lr, r2\n"
         "1:\n"
         "vldrw.u32 q2, [q1, #4]!\n"
         "vldrw.u32 q3, [q0, #4]!\n"
         "vldrw.u32 q4, [q0, #64]\n"
         "vmladav.s8 r0, q2, q3\n"
         "vldrw.u32 q3, [q0, #128]\n"
         "vmladav.s8 r2, q2, q4\n"
         "vldrw.u32 q4, [q0, #192]\n"
         "vmladav.s8 r4, q2, q3\n"
         "vldrw.u32 q3, [q0, #256]\n"
         "vmladav.s8 r6, q2, q4\n"
         "vaddv.s8 r10, q2\n"
         "vmladav.s8 r8, q2, q3\n"
         "stm r1!, {r0, r2, r4, r6, r8, r10}\n"
         "le lr, 1b\n"
         "vldrw.u32 q7, [r3, #32]\n"
         "add.w r0, r11, #100\n"
         "ldm r0, {r3, r5, r6, r8, r10, r12}\n"
         "vldrh.u16 q2, [r6], #16\n"
         "vshllt.s16 q3, q2, #16\n"
         "vshllb.s16 q2, q2, #16\n"
         "vld20.32 {q0, q1}, [r8]\n"
         "vld21.32 {q0, q1}, [r8]!\n"
         "vldrw.u32 q4, [q7, #20]\n"
         "vldrw.u32 q5, [q7, #44]\n"
         "vshl.i32 q4, q4, #7\n"
         "vshl.i32 q5, q5, #7\n"
         "vstrw.32 q5, [r1]\n"
         "add.w r2, r3, #8\n"
         "str r2, [r11, #100]\n"
         "strd r6, r8, [r11, #108]\n"
         "bx r10\n"
         ".p2align 2\n"
         "6:\n" PIXEL(16, 40) PIXEL(12, 36) PIXEL(8, 32) PIXEL(4, 28)
             PIXEL(0, 24) "cmp r7, #64\n"
                          "bne 8b\n"
                          "ldr r2, [r11, #124]\n"
                          "subs r2, #1\n"
                          "str r2, [r11, #124]\n"
                          "bne 7b\n"
                          "vpop {d8-d15}\n"
                          "pop {r4-r11, pc}\n")

#endif
