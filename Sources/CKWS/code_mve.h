/* SPDX-License-Identifier: Apache-2.0
 *
 * code_mve.h - what all functions in assembly on MVE share.
 */
#ifndef KWS_CODE_MVE_H
#define KWS_CODE_MVE_H

#define KWS_MVE_LANES 16u

/* A function whose body returns, and saves what it must. */
#define KWS_MVE_CODE(name, body)                                                                   \
    __asm__(".syntax unified\n"                                                                    \
            ".thumb\n"                                                                             \
            ".pushsection .text." name ",\"ax\",%progbits\n"                                       \
            ".p2align 2\n"                                                                         \
            ".global " name "\n"                                                                   \
            ".type " name ", %function\n"                                                          \
            ".thumb_func\n" name ":\n" body ".size " name ", . - " name "\n"                       \
            ".popsection\n");

/* One whose body may use all registers but, of q4 and above, no others than those saved. */
#define KWS_MVE_FUNCTION(name, saved, body)                                                        \
    KWS_MVE_CODE(name, "push {r4-r11, lr}\n"                                                       \
                       "vpush {" saved "}\n" body "vpop {" saved "}\n"                             \
                       "pop {r4-r11, pc}\n")

#endif
