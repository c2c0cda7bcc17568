/* SPDX-License-Identifier: Apache-2.0 */
#include "matrix_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include "matrix_code_mve.h"

/* clang-format off */

#define HEAD(x, sum)                                                                               \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q0, [" #x "]\n"                                                                     \
    "add " #x ", r12\n"                                                                            \
    "vstrw.32 q0, [r0], #16\n"                                                                     \
    "vaddva.u8 " #sum ", q0\n"

#define BLOCK(x, sum)                                                                              \
    "vldrb.u8 q0, [" #x "], #16\n"                                                                 \
    "vstrw.32 q0, [r0], #16\n"                                                                     \
    "vaddva.u8 " #sum ", q0\n"

/* In assembly because the four sums, the pointers and the vectors together make compilers spill: 13
 * instructions for a block of four pixels. */
KWS_MVE_FUNCTION("kws_mve_patches", "d8",
    "mov r11, r3\n"
    "adds r5, r1, r2\n"
    "adds r7, r5, r2\n"
    "add r9, r7, r2\n"
    "movs r4, #0\n"
    "movs r6, #0\n"
    "mov r8, #0\n"
    "mov r10, #0\n"
    "ands r12, r2, #15\n"
    "beq 2f\n"
    "vctp.8 r12\n"
    HEAD(r1, r4)
    HEAD(r5, r6)
    HEAD(r7, r8)
    HEAD(r9, r10)
    "2:\n"
    "lsrs r2, r2, #4\n"
    "wls lr, r2, 3f\n"
    "1:\n"
    BLOCK(r1, r4)
    BLOCK(r5, r6)
    BLOCK(r7, r8)
    BLOCK(r9, r10)
    "le lr, 1b\n"
    "3:\n"
    "stm r11, {r4, r6, r8, r10}\n")

/* clang-format on */

#endif
