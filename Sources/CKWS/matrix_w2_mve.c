/* SPDX-License-Identifier: Apache-2.0
 *
 * Matrix product, weights of 2 bits: a vector holds the 16 weights of a block of four outputs, each
 * byte those of outputs 0 to 3 from its lowest bit on.
 */
#include "product_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE
#include "matrix_code_mve.h"

#define MASK "vmov.i8 q6, #3\n"

/* The weights of the pair's two outputs, from q5 to q4, then q5. */
#define EVEN0 "vand q4, q5, q6\n"
#define ODD0                                                                                       \
    "vshr.u8 q5, q5, #2\n"                                                                         \
    "vand q5, q5, q6\n"
#define EVEN1                                                                                      \
    "vshr.u8 q4, q5, #4\n"                                                                         \
    "vand q4, q4, q6\n"
#define ODD1 "vshr.u8 q5, q5, #6\n"

/* 16 instructions for 128 products. */
#define BLOCK(even, odd) "vldrb.u8 q5, [r3], #16\n" even KWS_MVE_FOUR_PRODUCTS(odd)

#define HEAD(even, odd)                                                                            \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q5, [r3]\n"                                                                         \
    "add r3, r7\n" even                                                                            \
    KWS_MVE_FOUR_PRODUCTS(odd)

KWS_MVE_FUNCTION("kws_mve_four_w2", "d8-d15",
                 KWS_MVE_FOUR_BEGIN KWS_MVE_FOUR_ENTRIES(64, 10, 11, 12, 40, 44)
                     KWS_MVE_FOUR_ENTRIES(64, 20, 21, 22, 48, 52) MASK
                 "4:\n" KWS_MVE_FOUR_PAIR(10, 11, 12, 40, 44, HEAD(EVEN0, ODD0), BLOCK(EVEN0, ODD0))
                     KWS_MVE_FOUR_BACK KWS_MVE_FOUR_PAIR(20, 21, 22, 48, 52, HEAD(EVEN1, ODD1),
                                                         BLOCK(EVEN1, ODD1)) KWS_MVE_FOUR_END)

#define PRODUCTS(a, b, c, d)                                                                       \
    "vand q2, q1, q6\n"                                                                            \
    "vmladava.u8 " #a ", q2, q0\n"                                                                 \
    "vshr.u8 q2, q1, #2\n"                                                                         \
    "vand q2, q2, q6\n"                                                                            \
    "vmladava.u8 " #b ", q2, q0\n"                                                                 \
    "vshr.u8 q2, q1, #4\n"                                                                         \
    "vand q2, q2, q6\n"                                                                            \
    "vmladava.u8 " #c ", q2, q0\n"                                                                 \
    "vshr.u8 q1, q1, #6\n"                                                                         \
    "vmladava.u8 " #d ", q1, q0\n"

#define QUAD(stream, a, b, c, d) "vldrb.u8 q1, [" #stream "], #16\n" PRODUCTS(a, b, c, d)

#define HEAD_QUAD(stream, a, b, c, d)                                                              \
    "vpst\n"                                                                                       \
    "vldrbt.u8 q1, [" #stream "]\n"                                                                \
    "add " #stream ", r11\n" PRODUCTS(a, b, c, d)

/* 23 instructions for 128 products. */
#define ONE "vldrb.u8 q0, [r1], #16\n" QUAD(r3, r0, r2, r4, r6) QUAD(r5, r8, r10, r12, lr)

KWS_MVE_FUNCTION(
    "kws_mve_one_w2", "d8-d13",
    KWS_MVE_ONE_BEGIN(2, 92) MASK "4:\n" KWS_MVE_ONE_EIGHT "2:\n"
                                  "vldrb.u8 q0, [r1], #16\n" HEAD_QUAD(r3, r0, r2, r4, r6)
                                      HEAD_QUAD(r5, r8, r10, r12, lr) KWS_MVE_ONE_HEAD_END
    "7:\n"
    "vpst\n"
    "vldrbt.u8 q0, [r1, #-16]\n" QUAD(r3, r0, r2, r4, r6)
        QUAD(r5, r8, r10, r12,
             lr) "ldr pc, [sp, #44]\n"
                 "1:\n" KWS_MVE_FOUR_TIMES(ONE) "subs r11, #1\n"
                                                "bne 1b\n"
                                                "3:\n" KWS_MVE_ONE_END("mov r3, r5\n"
                                                                       "add r5, r3, r10\n"))

const kws_mve_product kws_mve_product_w2 = {kws_mve_four_w2, kws_mve_one_w2, 1};

#endif
