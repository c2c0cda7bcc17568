/* SPDX-License-Identifier: Apache-2.0
 *
 * words_code_mve.h - rows become words (depthwise_mve.h), in assembly.
 */
#ifndef KWS_WORDS_CODE_MVE_H
#define KWS_WORDS_CODE_MVE_H

/* clang-format off */

#define STORE_WORD                                                                                 \
    "vst40.8 {q0, q1, q2, q3}, [r1]\n"                                                             \
    "vst41.8 {q0, q1, q2, q3}, [r1]\n"                                                             \
    "vst42.8 {q0, q1, q2, q3}, [r1]\n"                                                             \
    "vst43.8 {q0, q1, q2, q3}, [r1]!\n"

/* Words of q, as many as count says. */
#define PADDING(q, count)                                                                          \
    "wls lr, " #count ", 2f\n"                                                                     \
    "1:\n"                                                                                         \
    "vstrw.32 " #q ", [r1], #16\n"                                                                 \
    "vstrw.32 " #q ", [r1], #16\n"                                                                 \
    "vstrw.32 " #q ", [r1], #16\n"                                                                 \
    "vstrw.32 " #q ", [r1], #16\n"                                                                 \
    "le lr, 1b\n"                                                                                  \
    "2:\n"

#define ROW(q, at, step)                                                                           \
    "vldrb.u8 " #q ", [" #at "]\n"                                                                 \
    "add " #at ", " #step "\n"                                                                     \
    "vadd.i8 " #q ", " #q ", r12\n"

/* clang-format on */

#endif
