/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks.h"
#include "blocks_code_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

KWS_INLINED void run(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y,
                     void (*multiply)(kws_blocks_four *))
{
    kws_blocks_outputs outputs = kws_blocks_begin(call, y);
    kws_blocks_four    four = {.w = kws_weights(call), .x = x, .end = x + taps};
    do {
        multiply(&four);
    } while (kws_blocks_finish(&outputs, four.acc));
}

#define WIDTH(bits)                                                                                \
    void kws_blocks_w##bits(const kws_call *call, const uint8_t *x, uint32_t taps, uint8_t *y)     \
    {                                                                                              \
        run(call, x, taps, y, kws_blocks_four_w##bits);                                            \
    }

/* see sparse.h */
WIDTH(8)
WIDTH(4)
WIDTH(3)
WIDTH(2)

#endif
