/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"
#include "variant.h"

void bit_stream_put(bit_stream *s, uint32_t value, uint32_t bits)
{
    for (uint32_t i = 0; i < bits; i++, s->bits++) {
        s->bytes[s->bits / 8] |= (uint8_t)((value >> i & 1u) << s->bits % 8);
    }
}

#if KWS_VARIANT == KWS_PACK_PORTABLE
#define PACK pack_portable
#elif KWS_VARIANT == KWS_PACK_V6M
#define PACK pack_v6m
#elif KWS_VARIANT == KWS_PACK_V7M
#define PACK pack_v7m
#elif KWS_VARIANT == KWS_PACK_DSP
#define PACK pack_dsp
#elif KWS_VARIANT == KWS_PACK_MVE
#define PACK pack_mve
#endif

uint32_t pack(const matrix *m, uint8_t *bytes)
{
    switch (m->layer->kernel >> 4) {
    case KWS_KERNEL_DENSE_GAPS_W8 >> 4:
    case KWS_KERNEL_POINTWISE_GAPS_W8 >> 4:
        return pack_gaps(m, bytes);
    case KWS_KERNEL_DENSE_BLOCKS_W8 >> 4:
    case KWS_KERNEL_POINTWISE_BLOCKS_W8 >> 4:
        return pack_blocks(m, bytes);
    case KWS_KERNEL_LSTM_W8 >> 4:
    case KWS_KERNEL_GRU_W8 >> 4:
        return pack_portable(m, bytes);
    default:
        return PACK(m, bytes);
    }
}
