/* SPDX-License-Identifier: Apache-2.0 */
#include "rows_v7m.h"

#include "packed.h"

#if KWS_VARIANT == KWS_PACK_V7M

/* Not inlined, so that what is not called takes no stack. */
#define APART __attribute__((noinline))

#define GROUP 4u /* outputs that a core computes together */

/* Patches are laid out in chunks of so many words at most; of several chunks the sums are kept. */
#define PATCH_WORDS 256u

/* Tables and outputs of a group that is not whole, or not of 8 bits. */
typedef struct aside {
    int32_t biases[GROUP];
    int16_t multipliers[GROUP];
    uint8_t y[4][GROUP];
} aside;

/* Bytes of a group's weights for so many taps. */
static uint32_t group_bytes(uint32_t taps, uint32_t bits)
{
    return (GROUP * taps * bits) >> 3;
}

/* Pixels that are computed together, of so many. */
static uint32_t together(uint32_t pixels, uint32_t bits)
{
    if (bits == 8) {
        return pixels >= 2 ? 2 : 1;
    }
    return pixels >= 3 ? 4 : 1; /* three and a zero are cheaper than three single ones */
}

/* Words of a tap in the patch of so many pixels. */
static uint32_t tap_words(uint32_t pixels)
{
    return pixels == 1 ? 1 : 2;
}

/* Groups that are whole and of 8 bits. */
static uint32_t whole_groups(const kws_tensor *out)
{
    return out->bits == 8 ? out->channels / GROUP : 0;
}

/* Bytes of what such groups take. */
static uint32_t aside_bytes(const kws_tensor *out)
{
    return GROUP * whole_groups(out) == out->channels ? 0 : (uint32_t)sizeof(aside);
}

/* see rows_v7m.h */
void kws_v7m_need(const kws_layer *layer, uint32_t taps, const kws_tensor *out, kws_need *need)
{
    const uint32_t bits = kws_weight_bits(layer), all = kws_v7m_filled(taps, bits);
    const uint32_t groups = (out->channels + GROUP - 1) / GROUP;
    const uint32_t pixels = together(out->width, bits);
    const uint32_t words = all * tap_words(pixels);
    need->weights_bytes = kws_times(groups, group_bytes(all, bits));
    need->channels = out->channels;
    need->scratch_bytes = (uint32_t)sizeof(kws_v7m_work);
    need->scratch_bytes +=
        words <= PATCH_WORDS ? 4 * words : 4 * PATCH_WORDS + 16 * pixels * groups;
    need->scratch_bytes += aside_bytes(out);
}

/* Runs the core for the groups that are not whole, or not of 8 bits, one by one; the tile's weights
 * and sums stand behind the groups before. */
static APART void run_aside(kws_v7m_work *work, kws_v7m_core *core, uint32_t pixels, uint8_t *y)
{
    const kws_call   *call = work->source.call;
    const kws_tensor *out = call->output;
    kws_v7m_tile     *tile = &work->now.tile;
    aside            *a = (aside *)(void *)(work + 1);
    for (uint32_t o = whole_groups(out) * GROUP; o < out->channels; o += GROUP) {
        const uint32_t count = out->channels - o < GROUP ? out->channels - o : GROUP;
        memset(a, 0, sizeof *a);
        memcpy(a->multipliers, kws_multipliers(call) + o, 2 * count);
        memcpy(a->biases, kws_biases(call) + o, 4 * count);
        tile->multipliers = a->multipliers;
        tile->biases = a->biases;
        for (uint32_t p = 0; p < 4; p++) {
            tile->y[p] = a->y[p];
        }
        tile->y_end = a->y[1];
        core(tile);
        if (tile->last == 0) {
            continue;
        }
        for (uint32_t p = 0; p < pixels; p++) {
            for (uint32_t i = 0; i < count; i++) {
                kws_put(y + p * kws_pixel_bytes(out), out->bits, o + i,
                        kws_clip(a->y[p][i], out->bits));
            }
        }
    }
}

/* see rows_v7m.h */
void kws_v7m_begin(kws_v7m_tile *tile, uint32_t bits, uint32_t lanes, const uint32_t sums[4])
{
    const uint32_t a = 0u - (sums[0] << (bits - 1)), b = 0u - (sums[1] << (bits - 1));
    if (bits == 8) { /* see matrix_w8_v7m.c */
        tile->init[0] = tile->init[1] = a * 0x01010101u;
        tile->init[2] = a * 0x0101u;
        tile->init[3] = tile->init[4] = b * 0x01010101u;
        tile->init[5] = b * 0x0101u;
    } else if (lanes == 1) { /* see narrow_v7m.h */
        tile->init[0] = a * 0x10001u;
        tile->init[1] = a;
    } else {
        const uint32_t c = 0u - (sums[2] << (bits - 1)), d = 0u - (sums[3] << (bits - 1));
        tile->init[0] = a + (b << 16);
        tile->init[1] = b;
        tile->init[2] = c + (d << 16);
        tile->init[3] = d;
    }
}

/* What a chunk of taps adds to the outputs of a tile, from y on. */
static APART void run_core(kws_v7m_work *work, const kws_v7m_width *width, uint32_t pixels,
                           uint32_t first, uint32_t chunk, uint8_t *y)
{
    const kws_call     *call = work->source.call;
    kws_v7m_tile       *tile = &work->now.tile;
    const uint32_t      bits = width->bits, all = kws_v7m_filled(work->source.taps, bits);
    const uint32_t      whole = whole_groups(call->output), bytes = kws_pixel_bytes(call->output);
    kws_v7m_core *const core = pixels == 1 ? width->one : width->many;
    tile->shift = call->layer->shift;
    tile->multipliers = kws_multipliers(call);
    tile->biases = kws_biases(call);
    tile->y[0] = y;
    tile->y[1] = y + bytes;
    tile->y[2] = y + 2 * bytes;
    tile->y[3] = y + (pixels - 1) * bytes;
    tile->y_end = y + GROUP * whole;
    tile->weights = (const uint8_t *)kws_weights(call) + group_bytes(first, bits);
    tile->skip = group_bytes(all - chunk, bits);
    tile->last = first + chunk == all;
    if (GROUP * whole == call->output->channels) {
        core(tile);
        return;
    }
    if (whole != 0) {
        core(tile);
    }
    run_aside(work, core, pixels, y);
}

/* see rows_v7m.h */
void kws_v7m_row(kws_v7m_work *work, const kws_v7m_width *width, uint8_t *y)
{
    const kws_tensor *out = work->source.call->output;
    const uint32_t bits = width->bits, taps = work->source.taps, all = kws_v7m_filled(taps, bits);
    uint32_t      *patch = (uint32_t *)(void *)((uint8_t *)(work + 1) + aside_bytes(out));
    uint32_t       pixels, sums[4];
    for (uint32_t q = 0; q < out->width; q += pixels, y += pixels * kws_pixel_bytes(out)) {
        const uint32_t left = out->width - q, lanes = together(left, bits);
        const uint32_t words = tap_words(lanes), room = words == 1 ? PATCH_WORDS : PATCH_WORDS / 2;
        uint32_t       chunk = all < room ? all : room;
        pixels = left < lanes ? left : lanes;
        if (all > room) {
            memset(patch + PATCH_WORDS, 0,
                   4 * lanes * ((out->channels + GROUP - 1u) & ~(GROUP - 1u)));
        }
        for (uint32_t first = 0; first < all; first += chunk) {
            chunk = chunk < all - first ? chunk : all - first;
            const uint32_t inside = taps - first < chunk ? taps - first : chunk;
            if (inside != chunk) {
                memset(patch + words * inside, 0, 4 * words * (chunk - inside));
            }
            kws_v7m_patch(work, q, pixels, lanes, first, first + inside, patch, sums);
            kws_v7m_begin(&work->now.tile, bits, lanes, sums);
            work->now.tile.patch = patch;
            work->now.tile.patch_end = patch + words * chunk;
            work->now.tile.sums = all > room ? (int32_t *)(void *)(patch + PATCH_WORDS) : NULL;
            run_core(work, width, pixels, first, chunk, y);
        }
    }
}

#endif
