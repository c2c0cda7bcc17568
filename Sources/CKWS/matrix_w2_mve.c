/* SPDX-License-Identifier: Apache-2.0
 *
 * Matrix product, weights of 2 bits: a vector holds the 16 weights of a block of four outputs, each
 * byte those of outputs 0 to 3 from its lowest bit on.
 */
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include "matrix_code_mve.h"

#define MASK "vmov.i8 q6, #0x0f\n"

/* clang-format off */

/* The weights of the pair's two outputs, from q5 to q4, the odd one's above the even one's, and q5.
 */
#define PAIR0                                                                                      \
    "vand q4, q5, q6\n"                                                                            \
    "vshr.u8 q5, q4, #2\n"
#define PAIR1                                                                                      \
    "vshr.u8 q4, q5, #4\n"                                                                         \
    "vshr.u8 q5, q5, #6\n"

/* 15 instructions for 128 products. */
#define BLOCK(pair) "vldrb.u8 q5, [r3], #16\n" pair KWS_MVE_FOUR_PRODUCTS("")

#define HEAD(pair)                                                                                 \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q5, [r3]\n"                                                                         \
    "add r3, r7\n"                                                                                 \
    pair                                                                                           \
    KWS_MVE_FOUR_PRODUCTS("")

KWS_MVE_FUNCTION("kws_mve_four_w2", "d8-d15",
    KWS_MVE_FOUR_BEGIN
    KWS_MVE_FOUR_ENTRIES(60, 10, 11, 12, 40, 44)
    KWS_MVE_FOUR_ENTRIES(60, 20, 21, 22, 48, 52)
    MASK
    "4:\n"
    KWS_MVE_FOUR_PAIR(10, 11, 12, 40, 44, HEAD(PAIR0), BLOCK(PAIR0))
    KWS_MVE_FOUR_BACK
    KWS_MVE_FOUR_PAIR(20, 21, 22, 48, 52, HEAD(PAIR1), BLOCK(PAIR1))
    KWS_MVE_FOUR_END_NESTED(2))

#define PRODUCTS(a, b, c, d)                                                                       \
    "vand q2, q1, q6\n"                                                                            \
    "vmladava.u8 " #a ", q2, q0\n"                                                                 \
    "vshr.u8 q2, q2, #2\n"                                                                         \
    "vmladava.u8 " #b ", q2, q0\n"                                                                 \
    "vshr.u8 q2, q1, #4\n"                                                                         \
    "vmladava.u8 " #c ", q2, q0\n"                                                                 \
    "vshr.u8 q1, q1, #6\n"                                                                         \
    "vmladava.u8 " #d ", q1, q0\n"

#define QUAD(stream, a, b, c, d) "vldrb.u8 q1, [" #stream "], #16\n" PRODUCTS(a, b, c, d)

#define HEAD_QUAD(stream, a, b, c, d)                                                              \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q1, [" #stream "]\n"                                                                \
    "add " #stream ", r11\n"                                                                       \
    PRODUCTS(a, b, c, d)

/* 19 instructions for 128 products. */
#define ONE "vldrb.u8 q0, [r1], #16\n" QUAD(r3, r0, r2, r4, r6) QUAD(r5, r8, r10, r12, lr)

#define FUNCTION(name, end)                                                                        \
    KWS_MVE_FUNCTION(name, "d8-d13",                                                               \
        KWS_MVE_ONE_BEGIN(2, 76, KWS_MVE_ONE_NESTED(2))                                            \
        MASK                                                                                       \
        "4:\n"                                                                                     \
        KWS_MVE_ONE_EIGHT                                                                          \
        "2:\n"                                                                                     \
        "vldrb.u8 q0, [r1], #16\n"                                                                 \
        HEAD_QUAD(r3, r0, r2, r4, r6)                                                              \
        HEAD_QUAD(r5, r8, r10, r12, lr)                                                            \
        KWS_MVE_ONE_HEAD_END                                                                       \
        "7:\n"                                                                                     \
        "vpst\n"                                                                                   \
        "vldrbt.u8 q0, [r1, #-16]\n"                                                               \
        QUAD(r3, r0, r2, r4, r6)                                                                   \
        QUAD(r5, r8, r10, r12, lr)                                                                 \
        "ldr pc, [sp, #44]\n"                                                                      \
        "1:\n"                                                                                     \
        KWS_MVE_FOUR_TIMES(ONE)                                                                    \
        "subs r11, #1\n"                                                                           \
        "bne 1b\n"                                                                                 \
        "3:\n"                                                                                     \
        end(                                                                                       \
            "mov r3, r5\n"                                                                         \
            "add r5, r3, r10\n"))

/* clang-format on */

#define ONE_END(next) KWS_MVE_ONE_END_NESTED(2, next)
#define GATES_END(next) KWS_MVE_GATES_END_NESTED(2, next)

FUNCTION("kws_mve_one_w2", ONE_END)
FUNCTION("kws_mve_gates_w2", GATES_END)

const kws_mve_product kws_mve_product_w2 = {kws_mve_four_w2, kws_mve_one_w2, 1, 1 + (1 << 2)};

#endif
