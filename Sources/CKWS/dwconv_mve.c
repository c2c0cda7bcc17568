/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise convolution: 16 channels and up to 5 columns at a time. Weights and inputs are brought
 * into words (depthwise_mve.h), and one VMLADAVA adds the products of four. It multiplies signed
 * numbers: x - 128 stands for x, and 128 times the sum of the weights is added at the end.
 */
#include "dwconv_mve.h"

#if KWS_VARIANT == KWS_PACK_MVE

/* Windows whose words would take too much scratch. */
static bool is_large(const kws_layer *layer)
{
    return layer->kernel_height > 16 || layer->kernel_width > 16 || layer->stride_width > 8;
}

KWS_APART kws_mve_plan plan_of(const kws_layer *layer)
{
    const uint32_t stride = layer->stride_width;
    kws_mve_plan   p;
    p.chunks = (layer->kernel_height + 3u) >> 2;
    p.vectors = (kws_times(p.chunks, layer->kernel_width) + 3u) >> 2;
    /* the least with stride * phase >= stride * (KWS_MVE_COLUMNS - 1) + kernel_width */
    p.phase = KWS_MVE_COLUMNS - 1u;
    for (uint32_t covered = 0; covered < layer->kernel_width; covered += stride) {
        __asm__("" : "+r"(covered)); /* compilers would divide */
        p.phase++;
    }
    p.slots = kws_times(p.phase, stride);
    p.x = KWS_MVE_SUMS_BYTES;
    p.weights = kws_plus(p.x, kws_times(kws_times(p.chunks, p.slots), KWS_MVE_WORD_BYTES));
    p.places = kws_plus(p.weights, kws_times(p.vectors, KWS_MVE_VECTOR_BYTES));
    p.rows = kws_plus(p.places, kws_times(p.vectors + 2u, 16));
    p.padding = kws_plus(p.rows, kws_times(p.chunks, 48));
    p.zero = kws_plus(p.padding, KWS_MVE_LANES);
    p.work = kws_plus(p.zero, KWS_MVE_LANES);
    p.bytes = kws_plus(p.work, sizeof(kws_mve_three));
    return p;
}

/* Words take more scratch than runs: there are 64 bytes for each column of 4 rows, 6 at least. */
_Static_assert(4 * 3 * KWS_MVE_RUN_BYTES <= 6 * KWS_MVE_WORD_BYTES, "runs fit there");

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t taps = kws_times(layer->kernel_height, layer->kernel_width);
    const uint32_t fields = kws_mve_fields(kws_weight_bits(layer));
    if (in2 != NULL || !kws_depthwise_fits(layer, in, out)) {
        return false;
    }
    const uint32_t rest = out->channels & (KWS_MVE_LANES * fields - 1u);
    const uint32_t whole = (out->channels - rest) >> (fields >> 1);
    need->weights_bytes =
        kws_times(taps, whole + (rest != 0 ? kws_mve_field_lanes(rest, fields) : 0));
    need->channels = out->channels;
    need->scratch_bytes = kws_mve_is_line(layer, in, out) ? KWS_MVE_LINE_BYTES
                          : is_large(layer)               ? 0
                                                          : plan_of(layer).bytes;
    need->in_place = kws_depthwise_may_trail(layer, in, out) && out->width <= KWS_MVE_COLUMNS;
    need->lag = layer->pad_top;
    return true;
}

/* Are activations of 8 bits, and is there an output for a channel of the input? */
static bool is_simple(const kws_call *call)
{
    const kws_tensor *in = call->input, *out = call->output;
    return in->channels == out->channels && in->bits == 8 && out->bits == 8;
}

/* Windows of one column. */
KWS_APART void run_column(const kws_call *call, uint32_t index, uint32_t bits)
{
    uint32_t runs[4 * KWS_MVE_RUN_BYTES / 4];
    kws_mve_dw_runs(call, index, bits, runs);
}

/* Windows of three rows and one vector, and rows of one piece: most layers. */
static bool is_three(const kws_call *call, uint32_t bits)
{
    return call->layer->kernel_height == 3 && call->layer->kernel_width > 1 &&
           call->layer->kernel_width <= 4 && call->output->width <= KWS_MVE_COLUMNS &&
           kws_mve_is_plain(call, bits);
}

/* A row of a layer that is not large. */
KWS_APART void run_words(const kws_call *call, uint32_t index, uint32_t bits)
{
    const kws_layer     *layer = call->layer;
    const kws_mve_dw_row r = {.call = call,
                              .p = plan_of(layer),
                              .bits = bits,
                              .multiple =
                                  kws_multiple(call->output->channels, call->input->channels),
                              .top = (int32_t)(index * layer->stride_height) - layer->pad_top,
                              .y = call->out + kws_row(call->output, index),
                              .scratch = call->scratch};
    kws_mve_dw_places(&r);
    kws_mve_dw_rows(&r);
    if (kws_mve_is_plain(call, bits)) {
        kws_mve_dw_plain(&r);
    } else {
        kws_mve_dw_groups(&r);
    }
}

KWS_APART void run_row(const kws_call *call, uint32_t index, uint32_t bits)
{
    if (kws_mve_is_line(call->layer, call->input, call->output)) {
        kws_mve_dw_line(call, index, bits);
    } else if (is_three(call, bits)) {
        kws_mve_dw_three(call, index, bits);
    } else if (call->layer->kernel_width == 1 && is_simple(call)) {
        run_column(call, index, bits);
    } else if (is_large(call->layer)) {
        kws_mve_dw_large(call, index);
    } else if ((!kws_mve_is_plain(call, bits) || call->output->width == 1) && is_simple(call) &&
               !kws_touch(call->input, call->output)) {
        kws_mve_dw_runs(call, index, bits, call->scratch);
    } else {
        run_words(call, index, bits);
    }
}

#define KERNEL(width)                                                                              \
    static void run_w##width(const kws_call *call, uint32_t r)                                     \
    {                                                                                              \
        run_row(call, r, width);                                                                   \
    }                                                                                              \
    const kws_kernel kws_dwconv_w##width = {.id = KWS_KERNEL_DWCONV_W##width,                      \
                                            .pack = KWS_PACK_MVE,                                  \
                                            .fits = fits,                                          \
                                            .run = run_w##width};

/* see inner.h */
KERNEL(8)
KERNEL(4)
KERNEL(3)
KERNEL(2)

#endif
