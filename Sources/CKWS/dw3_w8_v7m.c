/* SPDX-License-Identifier: Apache-2.0 */
#include "dw3_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* clang-format off */

#define ROW(i)                                                                                     \
    "ldrsb r9, [r0], #1\n"                                                                         \
    "ldrsb r10, [r0], #1\n"                                                                        \
    "ldrsb r11, [r0], #1\n"

/* r0 stands on the next weight. */
__attribute__((naked)) void kws_v7m_dw3_w8(const kws_v7m_dw *dw __attribute__((unused)))
{
    __asm__(CORE("", ROW, "adds r0, #3\n"));
}

/* clang-format on */

#endif
