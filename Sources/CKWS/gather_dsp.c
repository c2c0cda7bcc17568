/* SPDX-License-Identifier: Apache-2.0 */
#include "gather_dsp.h"
#include "geometry.h"
#include "matrix_dsp.h"
#include "packed.h"

#if KWS_VARIANT == KWS_PACK_DSP

/* see gather_dsp.h */
KWS_SMALL uint8_t *kws_unpack(uint8_t *to, const kws_tensor *in, const uint8_t *pixel,
                              uint32_t first, uint32_t end)
{
    const uint32_t bytes = kws_pixel_bytes(in), channels = in->channels;
    uint32_t       c = first;
    for (; c >= channels; c -= channels) {
        pixel += bytes;
    }
    for (; first < end; first++) {
        *to++ = (uint8_t)kws_get(pixel, in->bits, c++);
        if (c == channels) {
            pixel += bytes;
            c = 0;
        }
    }
    return to;
}

/* A row of a window: `before` times the zero point, `count` bytes of the input, `after` times the
 * zero point. A row of the input ends slot_bytes behind the first. */
typedef struct strip {
    uint32_t before, count, after, zero_point;
    uint32_t row_bytes, slot_bytes;
} strip;

/* Copies rows, at least one; that of the input which ends at limit is the last slot. In assembly:
 * it takes 22 instructions for a row of four bytes, compilers take 35 and unroll. */
KWS_ASSEMBLY static uint8_t *copy_rows(uint8_t *to KWS_UNUSED, const uint8_t *x KWS_UNUSED,
                                       const uint8_t *limit KWS_UNUSED, const strip *s KWS_UNUSED,
                                       uint32_t rows KWS_UNUSED)
{
    /* clang-format off */
    __asm__ volatile(
        KWS_LINE("push   {r4, r5, r6, r7, lr}")
        KWS_LINE("ldr    r7, [sp, #20]")
        "1:\n\t"
        KWS_LINE("ldrd   r4, r5, [r3]")
        KWS_LINE("ldr    r12, [r3, #12]")
        KWS_LINE("cbz    r4, 3f")
        "2:\n\t"
        KWS_LINE("strb   r12, [r0], #1")
        KWS_LINE("subs   r4, r4, #1")
        KWS_LINE("bne    2b")
        "3:\n\t"
        KWS_LINE("mov    r6, r1")
        KWS_LINE("subs   r5, r5, #4")
        KWS_LINE("bmi    5f")
        "4:\n\t"
        KWS_LINE("ldr    lr, [r6], #4")
        KWS_LINE("subs   r5, r5, #4")
        KWS_LINE("str    lr, [r0], #4")
        KWS_LINE("bpl    4b")
        "5:\n\t"
        KWS_LINE("adds   r5, r5, #4")
        KWS_LINE("beq    7f")
        "6:\n\t"
        KWS_LINE("ldrb   lr, [r6], #1")
        KWS_LINE("subs   r5, r5, #1")
        KWS_LINE("strb   lr, [r0], #1")
        KWS_LINE("bne    6b")
        "7:\n\t"
        KWS_LINE("ldrd   r4, r5, [r3, #8]") /* after, zero point */
        KWS_LINE("cbz    r4, 9f")
        "8:\n\t"
        KWS_LINE("strb   r5, [r0], #1")
        KWS_LINE("subs   r4, r4, #1")
        KWS_LINE("bne    8b")
        "9:\n\t"
        KWS_LINE("ldrd   r4, r5, [r3, #16]") /* row_bytes, slot_bytes */
        KWS_LINE("add    r1, r1, r4")
        KWS_LINE("cmp    r1, r2")
        KWS_LINE("it     eq")
        KWS_LINE("subeq  r1, r1, r5")
        KWS_LINE("subs   r7, r7, #1")
        KWS_LINE("bne    1b")
        KWS_LINE("pop    {r4, r5, r6, r7, pc}"));
    /* clang-format on */
}

static uint8_t *fill(uint8_t *to, uint32_t count, uint32_t value)
{
    for (; count > 0; count--) {
        *to++ = (uint8_t)value;
    }
    return to;
}

/* see gather_dsp.h */
KWS_SMALL void kws_gather(const kws_call *call, uint32_t r, uint32_t q, uint8_t *to)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    channels = in->channels, width = layer->kernel_width * channels;
    const int32_t     top = (int32_t)(r * layer->stride_height) - layer->pad_top;
    const int32_t     left = (int32_t)(q * layer->stride_width) - layer->pad_left;
    const kws_span    rows = kws_inside(top, layer->kernel_height, in->height);
    const kws_span    columns = kws_inside(left, layer->kernel_width, in->width);
    strip             s;
    s.before = (uint32_t)columns.begin * channels;
    s.count = (uint32_t)(columns.end - columns.begin) * channels;
    s.after = width - s.before - s.count;
    s.zero_point = in->zero_point;
    s.row_bytes = kws_row_bytes(in);
    s.slot_bytes = in->rows * s.row_bytes;
    to = fill(to, (uint32_t)rows.begin * width, s.zero_point);
    if (rows.end > rows.begin) {
        const uint8_t *x = call->in + (left + columns.begin) * (int32_t)channels;
        to = copy_rows(to, x + kws_row(in, (uint32_t)(top + rows.begin)), x + s.slot_bytes, &s,
                       (uint32_t)(rows.end - rows.begin));
    }
    fill(to, (uint32_t)(layer->kernel_height - rows.end) * width, s.zero_point);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* see gather_dsp.h */
KWS_SMALL void kws_gather_some(const kws_call *call, uint32_t r, uint32_t q, uint32_t first,
                               uint32_t end, uint8_t *to)
{
    const kws_layer  *layer = call->layer;
    const kws_tensor *in = call->input;
    const uint32_t    channels = in->channels, width = layer->kernel_width * channels;
    const int32_t     left = (int32_t)(q * layer->stride_width) - layer->pad_left;
    const kws_span    span = kws_inside(left, layer->kernel_width, in->width);
    const uint8_t    *x = call->in + left * (int32_t)kws_pixel_bytes(in);
    uint32_t          row = r * layer->stride_height - layer->pad_top; /* wraps if above */
    for (uint32_t k = 0; k < end; k += width, row++) {
        const bool     inside = row < in->height;
        const uint32_t begin = larger(first, k) - k, stop = smaller(end - k, width);
        if (begin >= stop) {
            continue;
        }
        const uint32_t begin_in = inside ? (uint32_t)span.begin * channels : stop;
        const uint32_t low = larger(begin, smaller(begin_in, stop));
        const uint32_t high = larger(low, smaller((uint32_t)span.end * channels, stop));
        const uint8_t *pixels = x + kws_row(in, inside ? row : 0);
        to = fill(to, low - begin, in->zero_point);
        if (in->bits == 8 && high > low) {
            memcpy(to, pixels + low, high - low);
            to += high - low;
        } else {
            to = kws_unpack(to, in, pixels, low, high);
        }
        to = fill(to, stop - high, in->zero_point);
    }
}

#endif
