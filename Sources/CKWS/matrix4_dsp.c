/* SPDX-License-Identifier: Apache-2.0
 *
 * 4-bit weights. A word holds eight: byte j the taps 2j (low) and 2j+1 of 0, 1, 4, 5, 2, 3, 6, 7.
 * Loop: 25/40 = 0.63 instructions per MAC for 5 pixels, 10/8 for 1.
 */
#include "narrow_asm_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

#define LOOP(turn, load, times) KWS_ENTER turn(KWS_NIBBLES(load, times)) KWS_LOOP_END

KWS_NARROW_CORE(4, "0x000f000f", KWS_PROLOGUE("3", "3", "100"),
                LOOP(KWS_TURN_8, KWS_LOAD_5, KWS_TIMES_5), KWS_PROLOGUE("3", "2", "40"),
                LOOP(KWS_TURN_4, KWS_LOAD_1, KWS_TIMES_1));

#endif
