/* SPDX-License-Identifier: Apache-2.0
 *
 * 2-bit weights. A word holds sixteen (SPEC.md draws it).
 * Loop: 49/80 = 0.61 instructions per MAC for 5 pixels, 19/16 for 1.
 */
#include "narrow_asm_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* clang-format off */

#define STEP(load, times)                                                                          \
    KWS_LINE("ldr    r12, [r1], #4")                                                               \
    load                                                                                           \
    KWS_LOWEST(times, "r6")                                                                        \
    KWS_FIELD(times, "r7", "2")                                                                    \
    KWS_FIELD(times, "r8", "4")                                                                    \
    KWS_FIELD(times, "r9", "6")                                                                    \
    load                                                                                           \
    KWS_FIELD(times, "r6", "8")                                                                    \
    KWS_FIELD(times, "r7", "10")                                                                   \
    KWS_FIELD(times, "r8", "12")                                                                   \
    KWS_FIELD(times, "r9", "14")

/* clang-format on */

#define LOOP(load, times) KWS_ENTER KWS_TURN_4(STEP(load, times)) KWS_LOOP_END

KWS_NARROW_CORE(2, "0x00030003", KWS_PROLOGUE("4", "2", "196"), LOOP(KWS_LOAD_5, KWS_TIMES_5),
                KWS_PROLOGUE("4", "2", "76"), LOOP(KWS_LOAD_1, KWS_TIMES_1));

#endif
