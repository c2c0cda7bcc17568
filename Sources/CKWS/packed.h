/* SPDX-License-Identifier: Apache-2.0
 *
 * packed.h - elements of activations and weights of any width, one at a time.
 */
#ifndef KWS_PACKED_H
#define KWS_PACKED_H

#include "bounds.h"
#include "inner.h"
#include "kws_fixed.h"

/* Bits of a weight of this layer; 0 if it has none. */
static inline uint32_t kws_weight_bits(const kws_layer *layer)
{
    return layer->kernel & 15u;
}

/* Bytes of count weights of so many bits, in whole bytes. */
static inline uint32_t kws_weights_bytes(uint32_t count, uint32_t bits)
{
    return bits == 8 ? count : kws_plus(kws_times(count, bits), 7) >> 3;
}

/* Weight number index of a stream: two's complement at 8 bits, narrower ones as an offset. A
 * weight of 3 bits may lie across two bytes; the byte behind the stream is never read. */
static inline int32_t kws_weight(const uint8_t *stream, uint32_t bits, uint32_t index)
{
    if (bits == 8) {
        return (int8_t)stream[index];
    }
    const uint32_t place = index * bits, byte = place >> 3, shift = place & 7u;
    uint32_t       v = (uint32_t)stream[byte] >> shift;
    if (shift + bits > 8) {
        v |= (uint32_t)stream[byte + 1] << (8 - shift);
    }
    return (int32_t)(v & ((1u << bits) - 1u)) - (1 << (bits - 1));
}

/* Channel c of a pixel: a byte, of which the upper bits are stored. */
static inline int32_t kws_get(const uint8_t *pixel, uint32_t bits, uint32_t c)
{
    const uint32_t place = c * bits;
    return bits == 8 ? pixel[c]
                     : (pixel[place >> 3] << (8 - bits - (place & 7u))) & (256 - (256 >> bits));
}

/* Writes the upper bits of channel c of a pixel, and zeros above it in its byte: channels are
 * written in order. */
static inline void kws_put(uint8_t *pixel, uint32_t bits, uint32_t c, int32_t value)
{
    if (bits == 8) {
        pixel[c] = (uint8_t)value;
        return;
    }
    const uint32_t place = c * bits, shift = place & 7u;
    uint8_t       *byte = pixel + (place >> 3);
    *byte = (uint8_t)((*byte & ((1u << shift) - 1u)) | ((uint32_t)value << shift));
}

/* The same for an output that may lie on its input: channels, count of them, are taken in order,
 * *held gathers a byte, and it is written with its last channel, when all inputs that lay there are
 * read. */
static inline void kws_collect(uint8_t *pixel, uint32_t bits, uint32_t c, uint32_t count,
                               int32_t value, uint32_t *held)
{
    const uint32_t place = c * bits, shift = place & 7u;
    *held = (shift == 0 ? 0 : *held) | (uint32_t)value << shift;
    if (shift + bits == 8 || c + 1 == count) {
        pixel[place >> 3] = (uint8_t)*held;
    }
}

#endif
