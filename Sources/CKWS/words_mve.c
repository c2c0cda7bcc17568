/* SPDX-License-Identifier: Apache-2.0 */
#include "depthwise_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include "words_code_mve.h"

/* clang-format off */

/* 14 instructions a column of three rows, 17 of four. */
KWS_MVE_CODE("kws_mve_words",
    "push {r4-r11, lr}\n"
    "ldm r0!, {r3-r10}\n"
    "ldm r0, {r1, r2, r11, r12}\n"
    "ldr lr, [r0, #20]\n"
    "vdup.8 q0, lr\n"
    PADDING(q0, r2)
    "ldr r2, [r0, #24]\n"
    "cbz r2, 3f\n"
    "vmov.i32 q3, #0\n"
    "wls lr, r11, 5f\n"
    "1:\n"
    ROW(q0, r3, r7)
    ROW(q1, r4, r8)
    ROW(q2, r5, r9)
    STORE_WORD
    "le lr, 1b\n"
    "b 5f\n"
    "3:\n"
    "wls lr, r11, 5f\n"
    "1:\n"
    ROW(q0, r3, r7)
    ROW(q1, r4, r8)
    ROW(q2, r5, r9)
    ROW(q3, r6, r10)
    STORE_WORD
    "le lr, 1b\n"
    "5:\n"
    "ldrd r2, lr, [r0, #16]\n"
    "vdup.8 q0, lr\n"
    PADDING(q0, r2)
    "pop {r4-r11, pc}\n")

#define NARROW_ROW(q, at, step)                                                                    \
    "vldrb.u8 " #q ", [" #at "]\n"                                                                 \
    "add " #at ", " #step "\n"                                                                     \
    "vshl.u8 " #q ", r2\n"                                                                         \
    "vand " #q ", " #q ", q4\n"                                                                    \
    "vadd.i8 " #q ", " #q ", r12\n"

KWS_MVE_FUNCTION("kws_mve_words_narrow", "d8-d9",
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
    "1:\n"
    NARROW_ROW(q0, r3, r7)
    NARROW_ROW(q1, r4, r8)
    NARROW_ROW(q2, r5, r9)
    STORE_WORD
    "le lr, 1b\n"
    "b 5f\n"
    "3:\n"
    "wls lr, r11, 5f\n"
    "1:\n"
    NARROW_ROW(q0, r3, r7)
    NARROW_ROW(q1, r4, r8)
    NARROW_ROW(q2, r5, r9)
    NARROW_ROW(q3, r6, r10)
    STORE_WORD
    "le lr, 1b\n"
    "5:\n")

/* clang-format on */

#endif
