/* SPDX-License-Identifier: Apache-2.0
 *
 * Matrix product, weights of 8 bits: each output's 16 weights of a block are one vector.
 */
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include "matrix_code_mve.h"

/* 14 instructions for 128 products. */
#define BLOCK "vldrb.u8 q4, [r3], #16\n" KWS_MVE_FOUR_PRODUCTS("vldrb.u8 q5, [r3], #16\n")

/* clang-format off */

#define HEAD                                                                                       \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q4, [r3]\n"                                                                         \
    "add r3, r7\n"                                                                                 \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q5, [r3]\n"                                                                         \
    "add r3, r7\n"                                                                                 \
    KWS_MVE_FOUR_PRODUCTS("")

KWS_MVE_FUNCTION("kws_mve_four_w8", "d8-d15",
    KWS_MVE_FOUR_BEGIN
    KWS_MVE_FOUR_ENTRIES(56, 1, 2, 3, 40, 44)
    "4:\n"
    KWS_MVE_FOUR_PAIR(1, 2, 3, 40, 44, HEAD, BLOCK)
    KWS_MVE_FOUR_END)

#define PAIR(stream, even, odd)                                                                    \
    "vldrb.u8 q1, [" #stream "], #16\n"                                                            \
    "vmladava.u8 " #even ", q1, q0\n"                                                              \
    "vldrb.u8 q2, [" #stream "], #16\n"                                                            \
    "vmladava.u8 " #odd ", q2, q0\n"

/* 17 instructions for 128 products. */
#define ONE                                                                                        \
    "vldrb.u8 q0, [r1], #16\n"                                                                     \
    PAIR(r3, r0, r2)                                                                               \
    PAIR(r5, r4, r6)                                                                               \
    PAIR(r7, r8, r10)                                                                              \
    PAIR(r9, r12, lr)

#define HEAD_PAIR(stream, even, odd)                                                               \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q1, [" #stream "]\n"                                                                \
    "add " #stream ", r11\n"                                                                       \
    "vmladava.u8 " #even ", q1, q0\n"                                                              \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q2, [" #stream "]\n"                                                                \
    "add " #stream ", r11\n"                                                                       \
    "vmladava.u8 " #odd ", q2, q0\n"

#define FUNCTION(name, end)                                                                        \
    KWS_MVE_FUNCTION(name, "d8-d11",                                                               \
        KWS_MVE_ONE_BEGIN(4, 68, "")                                                               \
        "4:\n"                                                                                     \
        KWS_MVE_ONE_EIGHT                                                                          \
        "2:\n"                                                                                     \
        "vldrb.u8 q0, [r1], #16\n"                                                                 \
        HEAD_PAIR(r3, r0, r2)                                                                      \
        HEAD_PAIR(r5, r4, r6)                                                                      \
        HEAD_PAIR(r7, r8, r10)                                                                     \
        HEAD_PAIR(r9, r12, lr)                                                                     \
        KWS_MVE_ONE_HEAD_END                                                                       \
        "7:\n"                                                                                     \
        "vpst\n"                                                                                   \
        "vldrbt.u8 q0, [r1, #-16]\n"                                                               \
        PAIR(r3, r0, r2)                                                                           \
        PAIR(r5, r4, r6)                                                                           \
        PAIR(r7, r8, r10)                                                                          \
        PAIR(r9, r12, lr)                                                                          \
        "ldr pc, [sp, #44]\n"                                                                      \
        "1:\n"                                                                                     \
        KWS_MVE_EIGHT_TIMES(ONE)                                                                   \
        KWS_MVE_EIGHT_TIMES(ONE)                                                                   \
        "subs r11, #1\n"                                                                           \
        "bne 1b\n"                                                                                 \
        "3:\n"                                                                                     \
        end(                                                                                       \
            "mov r3, r9\n"                                                                         \
            "add r5, r3, r10\n"                                                                    \
            "add r7, r5, r10\n"                                                                    \
            "add r9, r7, r10\n"))

/* clang-format on */

FUNCTION("kws_mve_one_w8", KWS_MVE_ONE_END)
FUNCTION("kws_mve_gates_w8", KWS_MVE_GATES_END)

const kws_mve_product kws_mve_product_w8 = {kws_mve_four_w8, kws_mve_one_w8, 2, 1};

#endif
