/* SPDX-License-Identifier: Apache-2.0
 *
 * Matrix product, weights of 3 bits: three vectors hold the 16 weights of a block of eight outputs.
 * Bytes, from the highest bit on (a digit is a bit's output, its place beside it):
 *   0: 7.2 7.1 1.2 1.1 1.0 0.2 0.1 0.0
 *   1: 3.2 3.1 3.0 2.2 2.1 2.0 6.1 6.0
 *   2: 7.0 6.2 5.2 5.1 5.0 4.2 4.1 4.0
 * so that two instructions extract any pair but the last, which takes four.
 */
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include "matrix_code_mve.h"

#define MASK "vmov.i8 q6, #0x3f\n"

/* clang-format off */

/* The weights of a pair's outputs, from q5 to q4, the odd one's above the even one's, and q5. */
#define LOW                                                                                        \
    "vand q4, q5, q6\n"                                                                            \
    "vshr.u8 q5, q4, #3\n"
#define HIGH                                                                                       \
    "vshr.u8 q4, q5, #2\n"                                                                         \
    "vshr.u8 q5, q5, #5\n"

/* Outputs 6 and 7, from vectors 0, 1 and 2 in a, b and c: bits 7.2 7.1 7.0 6.2 above, then those
 * below 6.1 6.0. */
#define SIX_SEVEN(a, b, c)                                                                         \
    "vsri.8 " #a ", " #c ", #2\n"                                                                  \
    "vshr.u8 " #c ", " #a ", #4\n"                                                                 \
    "vsli.8 " #b ", " #c ", #2\n"                                                                  \
    "vshr.u8 " #a ", " #a ", #5\n"

/* 15, 15, 15 and 19 instructions for 128 products. Where a pair needs vector 1 or 2 alone, r3 is 48
 * bytes before it. */
#define BLOCK01 "vldrb.u8 q5, [r3], #48\n" LOW KWS_MVE_FOUR_PRODUCTS("")
#define BLOCK23 "vldrb.u8 q5, [r3, #48]!\n" HIGH KWS_MVE_FOUR_PRODUCTS("")
#define BLOCK45 "vldrb.u8 q5, [r3, #48]!\n" LOW KWS_MVE_FOUR_PRODUCTS("")
#define BLOCK67                                                                                    \
    "vldrb.u8 q3, [r3, #32]\n"                                                                     \
    "vldrb.u8 q4, [r3, #16]\n"                                                                     \
    "vldrb.u8 q5, [r3], #48\n"                                                                     \
    SIX_SEVEN(q5, q4, q3)                                                                          \
    KWS_MVE_FOUR_PRODUCTS("")

#define HEAD01                                                                                     \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q5, [r3]\n"                                                                         \
    "add r3, r7\n"                                                                                 \
    "add r3, r7\n"                                                                                 \
    "add r3, r7\n"                                                                                 \
    LOW                                                                                            \
    KWS_MVE_FOUR_PRODUCTS("")
#define HEAD23                                                                                     \
    "add r3, r7\n"                                                                                 \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q5, [r3, #32]\n"                                                                    \
    "add r3, r7\n"                                                                                 \
    "add r3, r7\n"                                                                                 \
    HIGH                                                                                           \
    KWS_MVE_FOUR_PRODUCTS("")
#define HEAD45                                                                                     \
    "add r3, r7\n"                                                                                 \
    "add r3, r7\n"                                                                                 \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q5, [r3, #16]\n"                                                                    \
    "add r3, r7\n"                                                                                 \
    LOW                                                                                            \
    KWS_MVE_FOUR_PRODUCTS("")
#define HEAD67                                                                                     \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q5, [r3]\n"                                                                         \
    "add r3, r7\n"                                                                                 \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q4, [r3]\n"                                                                         \
    "add r3, r7\n"                                                                                 \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q3, [r3]\n"                                                                         \
    "add r3, r7\n"                                                                                 \
    SIX_SEVEN(q5, q4, q3)                                                                          \
    KWS_MVE_FOUR_PRODUCTS("")

KWS_MVE_FUNCTION("kws_mve_four_w3", "d8-d15",
    KWS_MVE_FOUR_BEGIN
    KWS_MVE_FOUR_ENTRIES(60, 10, 11, 12, 40, 44)
    KWS_MVE_FOUR_ENTRIES(60, 20, 21, 22, 48, 52)
    KWS_MVE_FOUR_ENTRIES(60, 30, 31, 32, 56, 60)
    KWS_MVE_FOUR_ENTRIES(76, 40, 41, 42, 64, 68)
    MASK
    "4:\n"
    KWS_MVE_FOUR_PAIR(10, 11, 12, 40, 44, HEAD01, BLOCK01)
    KWS_MVE_FOUR_BACK
    "subs r3, #32\n"
    KWS_MVE_FOUR_PAIR(20, 21, 22, 48, 52, HEAD23, BLOCK23)
    KWS_MVE_FOUR_BACK
    "adds r3, #16\n"
    KWS_MVE_FOUR_PAIR(30, 31, 32, 56, 60, HEAD45, BLOCK45)
    KWS_MVE_FOUR_BACK
    "adds r3, #16\n"
    KWS_MVE_FOUR_PAIR(40, 41, 42, 64, 68, HEAD67, BLOCK67)
    KWS_MVE_FOUR_END_NESTED(3))

#define PRODUCTS                                                                                   \
    "vand q4, q1, q6\n"                                                                            \
    "vmladava.u8 r0, q4, q0\n"                                                                     \
    "vshr.u8 q4, q4, #3\n"                                                                         \
    "vmladava.u8 r2, q4, q0\n"                                                                     \
    "vshr.u8 q4, q2, #2\n"                                                                         \
    "vmladava.u8 r4, q4, q0\n"                                                                     \
    "vshr.u8 q4, q2, #5\n"                                                                         \
    "vmladava.u8 r6, q4, q0\n"                                                                     \
    "vand q4, q3, q6\n"                                                                            \
    "vmladava.u8 r8, q4, q0\n"                                                                     \
    "vshr.u8 q4, q4, #3\n"                                                                         \
    "vmladava.u8 r10, q4, q0\n"                                                                    \
    SIX_SEVEN(q1, q2, q3)                                                                          \
    "vmladava.u8 r12, q2, q0\n"                                                                    \
    "vmladava.u8 lr, q1, q0\n"

/* 22 instructions for 128 products. */
#define EIGHT                                                                                      \
    "vldrb.u8 q3, [r3, #32]\n"                                                                     \
    "vldrb.u8 q2, [r3, #16]\n"                                                                     \
    "vldrb.u8 q1, [r3], #48\n"                                                                     \
    PRODUCTS
#define ONE "vldrb.u8 q0, [r1], #16\n" EIGHT

#define HEAD_EIGHT                                                                                 \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q1, [r3]\n"                                                                         \
    "add r3, r11\n"                                                                                \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q2, [r3]\n"                                                                         \
    "add r3, r11\n"                                                                                \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q3, [r3]\n"                                                                         \
    "add r3, r11\n"                                                                                \
    PRODUCTS

#define FUNCTION(name, end)                                                                        \
    KWS_MVE_FUNCTION(name, "d8-d13",                                                               \
        KWS_MVE_ONE_BEGIN(2, 88, KWS_MVE_ONE_NESTED(3))                                            \
        MASK                                                                                       \
        "4:\n"                                                                                     \
        KWS_MVE_ONE_EIGHT                                                                          \
        "2:\n"                                                                                     \
        "vldrb.u8 q0, [r1], #16\n"                                                                 \
        HEAD_EIGHT                                                                                 \
        KWS_MVE_ONE_HEAD_END                                                                       \
        "7:\n"                                                                                     \
        "vpst\n"                                                                                   \
        "vldrbt.u8 q0, [r1, #-16]\n"                                                               \
        EIGHT                                                                                      \
        "ldr pc, [sp, #44]\n"                                                                      \
        "1:\n"                                                                                     \
        KWS_MVE_FOUR_TIMES(ONE)                                                                    \
        "subs r11, #1\n"                                                                           \
        "bne 1b\n"                                                                                 \
        "3:\n"                                                                                     \
        end(""))

/* clang-format on */

#define ONE_END(next) KWS_MVE_ONE_END_NESTED(3, next)
#define GATES_END(next) KWS_MVE_GATES_END_NESTED(3, next)

FUNCTION("kws_mve_one_w3", ONE_END)
FUNCTION("kws_mve_gates_w3", GATES_END)

const kws_mve_product kws_mve_product_w3 = {kws_mve_four_w3, kws_mve_one_w3, 3, 1 + (1 << 3)};

#endif
