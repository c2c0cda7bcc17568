/* SPDX-License-Identifier: Apache-2.0 */
#include "patches_dsp.h"
#include "gather_dsp.h"
#include "geometry.h"
#include "patch_sizes_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* see patches_dsp.h */
bool kws_patches_fit(const kws_layer *layer, const kws_tensor *in, const kws_tensor *out,
                     uint32_t taps, bool window, kws_need *need)
{
    if (taps == 0) {
        return false;
    }
    const uint32_t bits = kws_weight_bits(layer), group = kws_group(layer);
    const uint32_t outputs = (out->channels + group - 1u) & ~(group - 1u);
    const uint32_t pixels = bits == 8                      ? kws_smaller(out->width, 3)
                            : out->width >= KWS_PIXELS_MAX ? KWS_PIXELS_MAX
                                                           : 1;
    const uint32_t blocks = taps / KWS_PATCH_MAX, rest = taps - blocks * KWS_PATCH_MAX;
    const uint32_t most = kws_smaller(taps, KWS_PATCH_MAX);
    const bool     bytes = window || in->bits != 8 || taps % 4 != 0;
    need->weights_bytes = kws_times(outputs, blocks * kws_weights_of(layer, KWS_PATCH_MAX) +
                                                 kws_weights_of(layer, rest));
    need->channels = out->channels;
    need->scratch_bytes = kws_words_of(pixels) * (4u + 2u * kws_whole_steps(layer, most)) +
                          (bytes ? pixels * kws_whole_words(most) : 0u) +
                          (taps > KWS_PATCH_MAX ? 4u * pixels * outputs : 0u);
    return true;
}

/* A block of pixels of a row. */
typedef struct block {
    const kws_call *call;
    const uint8_t  *x; /* see kws_patches_run() */
    uint8_t        *bytes;
    uint32_t       *patch;
    uint32_t        r, q, pixels;
    uint32_t        size;         /* index of the functions for so many */
    uint32_t        taps, k, end; /* of a patch, those laid out at a time */
    uint32_t        step;         /* the most taps laid out at a time, whole steps */
    kws_product     product;
} block;

/* Writes the taps as bytes, filled up to whole words. */
KWS_SMALL static void write_bytes(const block *b)
{
    const kws_tensor *in = b->call->input;
    const uint32_t    taps = b->end - b->k, stride = kws_whole_words(taps);
    uint8_t          *to = b->bytes;
    for (uint32_t q = b->q; q < b->q + b->pixels; q++, to += stride) {
        if (b->x != NULL) {
            const uint8_t *x = b->x + q * kws_pixel_bytes(in);
            if (in->bits == 8) {
                memcpy(to, x + b->k, taps);
            } else {
                kws_unpack(to, in, x, b->k, b->end);
            }
        } else if (in->bits == 8 && taps == b->taps) {
            kws_gather(b->call, b->r, q, to);
        } else {
            kws_gather_some(b->call, b->r, q, b->k, b->end, to);
        }
        memset(to + taps, 0, stride - taps);
    }
}

/* Requantises sums [group of outputs][pixel][group] of outputs first .. end-1. */
KWS_SMALL static void finish(const block *b, const int32_t *sums, uint32_t group, uint32_t first,
                             uint32_t end)
{
    const kws_call   *call = b->call;
    const kws_tensor *out = call->output;
    for (uint32_t o = first; o < end; o++) {
        uint8_t       *y = call->out + kws_row(out, b->r) + b->q * kws_pixel_bytes(out);
        const uint32_t odd = (o - first) & (group - 1u);
        const int32_t *sum = sums + (o - first - odd) * b->pixels + odd;
        for (uint32_t p = 0; p < b->pixels; p++, y += kws_pixel_bytes(out), sum += group) {
            kws_put(y, out->bits, o,
                    kws_requant(*sum, kws_multipliers(call)[o], kws_biases(call)[o],
                                call->layer->shift, out->bits));
        }
    }
}

/* The product with so many outputs, added to sums. */
static inline void add_up(block *b, kws_multiply *multiply, int32_t *sums, uint32_t outputs)
{
    b->product.sums = 1;
    b->product.m = sums;
    b->product.m_end = sums + outputs * b->pixels;
    multiply(&b->product);
}

/* Outputs that the assembly does not finish: of fewer than 8 bits, and one that has no partner. */
KWS_SMALL static void finish_groups(block *b, kws_multiply *multiply, uint32_t group,
                                    uint32_t first, uint32_t bytes)
{
    const uint32_t outputs = b->call->output->channels;
    for (uint32_t o = first; o < outputs; o += group) {
        int32_t sums[6]; /* two outputs of three pixels, one of five or four of one */
        memset(sums, 0, sizeof sums);
        b->product.weights = (const uint8_t *)kws_weights(b->call) + o * bytes;
        add_up(b, multiply, sums, group);
        finish(b, sums, group, o, kws_smaller(o + group, outputs));
    }
}

/* May taps of the input be widened where they lie? */
static bool is_ready(const block *b)
{
    return b->x != NULL && b->call->input->bits == 8 && (b->end - b->k) % 4 == 0;
}

/* Lays out `count` taps of the block's pixels: those of the input, or what write_bytes() wrote, and
 * 0 where these end. */
KWS_SMALL static void lay(block *b, const kws_core *core, uint32_t count)
{
    kws_widen     *widen = core->widen[b->size];
    const uint32_t words = kws_words_of(b->pixels), wide = kws_whole_words(b->end - b->k);
    const uint32_t pitch = b->call->input->channels;
    uint32_t      *patch = b->patch, *to = patch + words;
    if (is_ready(b)) {
        to = widen(to, b->x + b->q * pitch + b->k, pitch, wide, patch);
    } else {
        to = widen(to, b->bytes, wide, wide, patch);
    }
    for (; wide < count; count -= 2) {
        for (uint32_t p = 0; p < words; p++) {
            *to++ = 0;
        }
    }
    for (uint32_t p = 0; p < words; p++) {
        patch[p] = 0u - (patch[p] << core->offset);
    }
    b->product.patch_end = to;
}

/* All outputs of the block's pixels. */
static void run_block(block *b, const kws_core *core)
{
    const kws_call *call = b->call;
    const uint32_t  group = core->group;
    const uint32_t  outputs = call->output->channels, all = (outputs + group - 1u) & ~(group - 1u);
    const uint32_t  sums_bytes = b->taps > KWS_PATCH_MAX ? 4u * b->pixels * all : 0;
    kws_multiply   *multiply = core->multiply[b->size];
    int32_t        *sums = (int32_t *)(b->patch + kws_words_of(b->pixels) * (1u + b->step / 2u));
    b->product.weights = kws_weights(call);
    b->bytes = (uint8_t *)sums + sums_bytes;
    memset(sums, 0, sums_bytes);
    for (b->k = 0; b->k < b->taps; b->k = b->end) {
        b->end = kws_smaller(b->k + KWS_PATCH_MAX, b->taps);
        const uint32_t count = kws_whole_steps(call->layer, b->end - b->k);
        if (!is_ready(b)) {
            write_bytes(b);
        }
        b->product.count = count;
        lay(b, core, count);
        if (sums_bytes != 0) {
            add_up(b, multiply, sums, all);
            b->product.weights = (const uint8_t *)b->product.weights +
                                 all * kws_weights_of(call->layer, b->end - b->k);
            continue;
        }
        const uint32_t whole = call->output->bits == 8 ? outputs & ~(group - 1u) : 0;
        if (whole != 0) {
            b->product.sums = 0;
            b->product.m = kws_multipliers(call);
            b->product.m_end = kws_multipliers(call) + whole;
            multiply(&b->product);
        }
        if (whole != outputs) {
            finish_groups(b, multiply, group, whole, kws_weights_of(call->layer, b->taps));
        }
    }
    if (sums_bytes != 0) {
        finish(b, sums, group, 0, outputs);
    }
}

/* Taps of a patch. */
static inline uint32_t taps_of(const kws_call *call, bool window)
{
    const kws_tensor *in = call->input;
    if (window) {
        return call->layer->kernel_height * call->layer->kernel_width * (uint32_t)in->channels;
    }
    return call->layer->kernel >> 4 == KWS_KERNEL_DENSE_W8 >> 4 ? kws_elements(in) : in->channels;
}

/* Pixels of the next block, of so many. */
static inline uint32_t next_pixels(uint32_t left, const kws_core *core)
{
    if (left >= core->pixels && left != 4) {
        return core->pixels;
    }
    return core->pixels == 5 || left == 1 ? 1 : 2; /* four are two and two, not three and one */
}

/* see patches_dsp.h */
void kws_patches_run(const kws_call *call, uint32_t r, const uint8_t *x, const kws_core *core)
{
    const kws_tensor *out = call->output;
    const uint32_t    width = out->width, pixel = kws_pixel_bytes(out);
    block             b;
    b.call = call;
    b.x = x;
    b.patch = call->scratch;
    b.r = r;
    b.taps = taps_of(call, x == NULL);
    b.step = kws_whole_steps(call->layer, kws_smaller(b.taps, KWS_PATCH_MAX));
    b.product.patch = b.patch;
    b.product.b = kws_biases(call);
    b.product.stride = pixel;
    b.product.n = call->layer->shift;
    b.product.y = call->out + kws_row(out, r);
    for (b.q = 0; b.q < width; b.q += b.pixels) {
        b.pixels = next_pixels(width - b.q, core);
        b.size = b.pixels == core->pixels ? 2u : b.pixels - 1u;
        run_block(&b, core);
        b.product.y += b.pixels * pixel;
    }
}

#endif
