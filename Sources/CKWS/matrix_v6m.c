/* SPDX-License-Identifier: Apache-2.0
 *
 * One pixel: whole blocks of 8 outputs by assembly, a last block of 4 too if the width has that,
 * what is left one by one.
 */
#include "matrix_v6m.h"

#if KWS_VARIANT == KWS_PACK_V6M

#define BLOCK 8u

/* Functions of their own have their places on the stack no longer than they need them. */

/* Bytes of the weights of all whole blocks. */
static uint32_t blocks_bytes(const kws_width *width, uint32_t taps, uint32_t outputs)
{
    return kws_times(kws_times(kws_matrix_taps(width, taps), outputs / BLOCK), width->bits);
}

/* see matrix_v6m.h */
uint32_t kws_matrix_bytes(const kws_width *width, uint32_t taps, uint32_t outputs)
{
    return kws_plus(blocks_bytes(width, taps, outputs),
                    kws_times(kws_weights_bytes(taps, width->bits), outputs % BLOCK));
}

_Static_assert(sizeof(kws_pixels) <= KWS_PIXELS_BYTES || sizeof(void *) > 4,
               "SPEC.md has the size");

/* see matrix_v6m.h */
uint32_t kws_pixels_scratch(const kws_width *width, uint32_t taps, const kws_tensor *out)
{
    return kws_plus(KWS_PIXELS_BYTES + kws_round4(kws_matrix_taps(width, taps)),
                    out->bits < 8 ? out->channels : 0);
}

/* Sums of two bytes each, on top of each other: 128 words are at most 128 * 510 < 2^16 each. */
#define PAIRS 0x00FF00FFu
#define WORDS_MAX 128u

/* see matrix_v6m.h */
uint32_t kws_v6m_sum(const uint8_t *x, uint32_t count)
{
    uint32_t total = 0;
    while (count >= 16 && ((uintptr_t)x & 3u) == 0) {
        const uint32_t  words = count >> 2 < WORDS_MAX ? (count >> 2) & ~3u : WORDS_MAX;
        const uint32_t *word = (const uint32_t *)(const void *)x, *end = word + words;
        uint32_t        pairs = 0;
        do {
            const uint32_t a = word[0], b = word[1], c = word[2], d = word[3];
            pairs += (a & PAIRS) + ((a >> 8) & PAIRS) + (b & PAIRS) + ((b >> 8) & PAIRS);
            pairs += (c & PAIRS) + ((c >> 8) & PAIRS) + (d & PAIRS) + ((d >> 8) & PAIRS);
            word += 4;
        } while (word != end);
        total += (pairs & 0xFFFFu) + (pairs >> 16);
        x += 4 * words;
        count -= 4 * words;
    }
    for (; count > 0; count--) {
        total += *x++;
    }
    return total;
}

static void put(const kws_call *call, int32_t acc, uint32_t o, uint8_t *y)
{
    y[o] = (uint8_t)kws_requant(acc, kws_multipliers(call)[o], kws_biases(call)[o],
                                call->layer->shift, 8);
}

/* The outputs o .. of one block, with more taps than a chunk holds; the weights go on behind it. */
static void long_block(kws_pixels *pixels, uint32_t o, uint32_t outputs)
{
    const kws_width *width = pixels->width;
    kws_matrix      *matrix = &pixels->matrix;
    for (uint32_t i = 0; i < outputs; i++) {
        pixels->sums[i] = pixels->base;
    }
    for (uint32_t k = 0, count; k < pixels->filled; k += count) {
        const int32_t start = -width->centre;
        count = pixels->filled - k < width->chunk ? pixels->filled - k : width->chunk;
        matrix->x = pixels->x + k;
        matrix->x_end = matrix->x + count;
        matrix->y = (uint8_t *)pixels->sums;
        matrix->y_end = matrix->y + BLOCK;
        width->begin(matrix, start, start);
        (outputs == BLOCK ? width->blocks : width->half)(matrix);
        matrix->weights += (count * outputs * width->bits) >> 3;
        for (uint32_t i = 0; i < outputs; i++) {
            pixels->sums[i] = kws_sub(pixels->sums[i], width->bits == 3 ? 2 * start : start);
        }
    }
    for (uint32_t i = 0; i < outputs; i++) {
        put(pixels->call, pixels->sums[i], o + i, pixels->line);
    }
}

/* Whole blocks, and a block of 4, of one pixel with more taps than a chunk holds. */
__attribute__((noinline)) static void long_pixel(kws_pixels *pixels)
{
    uint32_t o = 0;
    pixels->matrix.multipliers = NULL;
    for (; o < pixels->whole; o += BLOCK) {
        long_block(pixels, o, BLOCK);
    }
    if (pixels->four != 0) {
        long_block(pixels, o, 4);
    }
    pixels->matrix.multipliers = kws_multipliers(pixels->call);
    pixels->matrix.weights = kws_weights(pixels->call);
}

__attribute__((noinline)) static void short_pixel(kws_pixels *pixels)
{
    const kws_width *width = pixels->width;
    kws_matrix      *matrix = &pixels->matrix;
    matrix->x = pixels->x;
    matrix->x_end = pixels->x + pixels->filled;
    matrix->y = pixels->line;
    matrix->y_end = pixels->line + pixels->whole;
    width->begin(matrix, pixels->first, pixels->second);
    if (pixels->whole != 0) {
        width->blocks(matrix);
    }
    if (pixels->four != 0) {
        matrix->y += pixels->whole;
        matrix->multipliers += pixels->whole;
        matrix->biases += pixels->whole;
        matrix->weights = pixels->tail - 4 * pixels->taps;
        width->half(matrix);
        matrix->multipliers -= pixels->whole;
        matrix->biases -= pixels->whole;
        matrix->weights = kws_weights(pixels->call);
    }
}

/* see matrix_v6m.h */
int32_t kws_v6m_single(const kws_width *width, const uint8_t *stream, const uint8_t *x,
                       uint32_t taps, int32_t base)
{
    const uint32_t bits = width->bits, mask = (1u << bits) - 1u;
    int32_t        acc = base;
    while (taps > 0) {
        const uint32_t count = taps < BLOCK ? taps : BLOCK;
        if (bits == 8) {
            for (uint32_t i = 0; i < count; i++) {
                acc = kws_mac(acc, stream[i], x[i]);
            }
            stream += count;
        } else {
            uint32_t v = 0;
            for (uint32_t i = 0; i < (count * bits + 7) >> 3; i++) {
                v |= (uint32_t)*stream++ << (8 * i);
            }
            for (uint32_t i = 0; i < count; i++, v >>= bits) {
                acc = kws_mac(acc, (int32_t)(v & mask), x[i]);
            }
        }
        x += count;
        taps -= count;
    }
    return acc;
}

/* The outputs behind the blocks, and what has less than 8 bits into its place. */
__attribute__((noinline)) static void rest(const kws_pixels *pixels, uint8_t *y)
{
    const kws_tensor *out = pixels->call->output;
    const uint8_t    *stream = pixels->tail;
    for (uint32_t o = pixels->whole + pixels->four; o < out->channels; o++) {
        put(pixels->call,
            kws_v6m_single(pixels->width, stream, pixels->x, pixels->taps, pixels->base), o,
            pixels->line);
        stream += kws_weights_bytes(pixels->taps, pixels->width->bits);
    }
    for (uint32_t o = 0; o < out->channels && out->bits < 8; o++) {
        kws_put(y, out->bits, o, kws_clip(pixels->line[o], out->bits));
    }
}

/* Sums up the pixel at hand. */
__attribute__((noinline)) static void look(kws_pixels *pixels, const uint8_t *x, uint8_t *y)
{
    const kws_width *width = pixels->width;
    const kws_call  *call = pixels->call;
    const uint32_t   taps = pixels->taps;
    const uint32_t   half = width->bits == 3 && taps > KWS_HALF_W3 ? KWS_HALF_W3 : taps;
    const int32_t    scale = -(1 << (width->bits - 1));
    pixels->x = x;
    pixels->line = call->output->bits == 8 ? y : kws_taps_of(call) + kws_round4(pixels->filled);
    pixels->first = scale * (int32_t)kws_v6m_sum(x, half);
    pixels->second = half < taps ? scale * (int32_t)kws_v6m_sum(x + half, taps - half) : 0;
    pixels->base = pixels->first + pixels->second; /* >= -128 * 65535 * 255 > -2^31 */
}

/* see matrix_v6m.h */
kws_pixels *kws_pixels_begin(const kws_call *call, const kws_width *width, uint32_t taps)
{
    const uint32_t outputs = call->output->channels;
    kws_pixels    *pixels = call->scratch;
    pixels->call = call;
    pixels->width = width;
    pixels->taps = taps;
    pixels->filled = kws_matrix_taps(width, taps);
    pixels->whole = outputs & ~(BLOCK - 1u);
    pixels->four = width->half != NULL ? outputs & 4u : 0;
    pixels->has_rest = (outputs & 7u) != pixels->four || call->output->bits < 8;
    pixels->tail = (const uint8_t *)kws_weights(call) +
                   pixels->filled * (pixels->whole >> 3) * width->bits + pixels->four * taps;
    pixels->matrix.weights = kws_weights(call);
    pixels->matrix.multipliers = kws_multipliers(call);
    pixels->matrix.biases = kws_biases(call);
    pixels->matrix.shift = call->layer->shift;
    return pixels;
}

/* see matrix_v6m.h */
void kws_pixel(kws_pixels *pixels, const uint8_t *x, uint8_t *y)
{
    look(pixels, x, y);
    if (pixels->taps <= pixels->width->chunk) {
        short_pixel(pixels);
    } else {
        long_pixel(pixels);
    }
    if (pixels->has_rest) {
        rest(pixels, y);
    }
}

#endif
