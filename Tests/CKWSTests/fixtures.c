/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <math.h>

#include "fixtures.h"

static const double pi = 3.14159265358979323846;

/* An even number in Q15. */
static int16_t twiddle(double v)
{
    const long rounded = 2 * lround(16384 * v);
    return (int16_t)(rounded > 32766 ? 32766 : rounded);
}

/* The bits of g behind the binary point, the lowest first. */
static double reversed(int32_t g)
{
    double value = 0;
    for (double bit = 0.5; g > 0; g /= 2, bit /= 2) {
        value += bit * (g % 2);
    }
    return value;
}

static int32_t lag(timing t)
{
    return (t.frame + t.hop - 1) / t.hop - 1;
}

/* see fixtures.h */
void fixture_place_rows(builder *b)
{
    const uint32_t streamed = b->streamed_layers;
    b->arena_bytes = (2 * (streamed + 1) + 3) & ~3u; /* counts */
    for (uint16_t n = 0; n <= streamed; n++) {
        kws_tensor *t = &b->tensors[n];
        t->rows = n < streamed ? 1 : t->height;
        for (uint32_t i = 0; i < streamed; i++) {
            const kws_layer *layer = &b->layers[i];
            const bool       reads = layer->input == n || layer->input2 == n;
            t->rows = reads && layer->kernel_height > t->rows ? layer->kernel_height : t->rows;
        }
        builder_place(b, n);
    }
    b->kept_bytes = (b->arena_bytes + 3u) & ~3u;
    b->arena_bytes = b->kept_bytes;
    for (uint32_t i = streamed; i < b->layer_count; i++) {
        builder_place(b, b->layers[i].output);
    }
}

/* see fixtures.h */
kws_layer *fixture_slide(builder *b, uint16_t kernel, uint16_t in, uint16_t rows, uint16_t stride)
{
    const uint16_t out = b->layer_count + 1;
    const uint32_t inputs = kernel == KWS_KERNEL_DWCONV_W8 ? 1 : b->tensors[in].channels;
    const uint32_t channels = b->tensors[out].channels;
    kws_layer     *l = builder_layer(b, kernel, in, out);
    l->kernel_height = rows;
    l->stride_height = stride;
    l->kernel_width = l->stride_width = 1;
    switch (kernel) {
    case KWS_KERNEL_MAXPOOL:
        break;
    case KWS_KERNEL_AVGPOOL:
        builder_requant(b, l, 1, 1, 14, 8);
        break;
    case KWS_KERNEL_ADD:
        builder_requant(b, l, 2, 1, 22, 8);
        break;
    default:
        builder_weights(b, l, channels, rows * inputs);
        builder_requant(b, l, channels, channels, 14, 8);
    }
    return l;
}

/* see fixtures.h */
void fixture_rows(builder *b)
{
    builder_begin(b);
    builder_shape(b, 10, 2, 2, 8, 9);
    for (uint16_t i = 0; i < 3; i++) {
        builder_shape(b, 10, 2, 4, 8, 3 + i);
    }
    builder_shape(b, 5, 2, 4, 8, 2);
    builder_shape(b, 1, 1, 4, 8, 1);
    fixture_slide(b, KWS_KERNEL_CONV_W8, 0, 3, 1);
    fixture_slide(b, KWS_KERNEL_POINTWISE_W8, 1, 1, 1);
    fixture_slide(b, KWS_KERNEL_ADD, 2, 1, 1)->input2 = 1;
    fixture_slide(b, KWS_KERNEL_CONV_W8, 3, 3, 2);
    builder_requant(b, builder_layer(b, KWS_KERNEL_MEAN, 4, 5), 1, 1, 12, 8);
    b->streamed_layers = 4;
    b->hop_rows = 4;
    fixture_place_rows(b);
}

uint32_t fixture_capacity(timing t)
{
    return (uint32_t)(t.hop * (lag(t) + 1) + 1);
}

static void spectrum_tables(builder *b, timing t)
{
    const int32_t m = t.points / 2;
    int16_t      *window = malloc(2u * t.frame), *twiddles = malloc(4u * (uint32_t)m);
    uint32_t      count = 0;
    for (int32_t n = 0; n < t.frame; n++) {
        window[n] = (int16_t)lround(16384 * (0.5 - 0.5 * cos(2 * pi * n / t.frame)));
    }
    for (int32_t g = 0; g < m; g++) {
        const int32_t group = (g - m / 2) / 2;
        const double  turns = g < m / 2         ? reversed(2 * g)
                              : (g - m / 2) % 2 ? reversed(group) + reversed(2 * group)
                                                : reversed(group);
        twiddles[count++] = twiddle(cos(pi * turns));
        twiddles[count++] = twiddle(-sin(pi * turns));
    }
    b->front_end.window_offset = builder_table(b, window, 2u * t.frame);
    b->front_end.twiddles_offset = builder_table(b, twiddles, 2 * count);
    free(window);
    free(twiddles);
}

static void band_tables(builder *b, uint16_t bands)
{
    const uint32_t last = b->front_end.fft_points / 2u;
    uint16_t       table[768], *weights = malloc(2u * (last + 1) * bands);
    uint32_t       count = 0;
    for (uint32_t j = 0; j < bands; j++) {
        const uint32_t first = (uint32_t)random_between(0, (int32_t)last);
        const uint32_t most = last + 1 - first;
        const uint32_t bins =
            j == 0 ? most : (uint32_t)random_between(0, (int32_t)(most < 20 ? most : 20));
        int32_t left = 32767;
        table[3 * j] = (uint16_t)first;
        table[3 * j + 1] = (uint16_t)bins;
        table[3 * j + 2] = (uint16_t)random_between(-20000, 2000);
        for (uint32_t k = 0; k < bins; k++) {
            const int32_t share = 2 * left / (int32_t)(bins - k);
            const int32_t weight = random_between(0, share < left ? share : left);
            weights[count++] = (uint16_t)weight;
            left -= weight;
        }
    }
    b->front_end.bands_offset = builder_table(b, table, 6u * bands);
    b->front_end.band_weights_offset = builder_table(b, weights, 2 * count);
    free(weights);
}

static bool has_dct(uint16_t features)
{
    return features == KWS_FEATURES_MFCC || features == KWS_FEATURES_MFCC_PEAK;
}

static void dct_table(builder *b)
{
    kws_front_end *f = &b->front_end;
    const int32_t  most = 65535 / f->band_count < 32767 ? 65535 / f->band_count : 32767;
    int16_t       *dct = malloc(2u * f->feature_count * f->band_count);
    for (uint32_t i = 0; i < (uint32_t)f->feature_count * f->band_count; i++) {
        dct[i] = (int16_t)random_between(-most, most);
    }
    f->own_offset = builder_table(b, dct, 2u * f->feature_count * f->band_count);
    free(dct);
}

static void pcen_table(builder *b)
{
    const kws_pcen pcen = {
        .smoothing =
            (uint16_t)(random_word() & 1u ? random_between(1, 32767) : random_between(100, 3000)),
        .gain = (uint16_t)(random_word() & 1u ? 32768 : random_between(0, 32767)),
        .root = (uint16_t)(random_word() & 1u ? 16384 : random_between(1, 32768)),
        .epsilon = (int16_t)random_between(-32768, 0),
        .bias = (int16_t)random_between(-10000, 5000),
        .top = (int16_t)random_between(0, 10000),
        .offset = random_between(-20000, 20000),
    };
    b->front_end.own_offset = builder_table(b, &pcen, sizeof pcen);
}

static void output_tables(builder *b)
{
    kws_front_end *f = &b->front_end;
    kws_layer      requant = {0};
    int32_t        bits = 13; /* of what is requantised: logarithms, their transform, roots */
    if (has_dct(f->features)) {
        dct_table(b);
        bits = 27;
    } else if (f->features == KWS_FEATURES_PCEN) {
        pcen_table(b);
        bits = 22;
    }
    if (f->features == KWS_FEATURES_WAVEFORM) {
        bits = 22;
    }
    builder_requant_now(b, &requant, f->feature_count, bits - 4 * f->fine_plane, 8);
    f->multipliers_offset = requant.multipliers_offset;
    f->biases_offset = requant.biases_offset;
    f->shift = requant.shift;
}

void fixture_listen(builder *b, uint16_t phrases)
{
    /* of the levels of fixture_pcm() about half are loud */
    b->detector.energy = (uint32_t)random_between(1, 1 << random_between(1, 28));
    b->detector.phrase_count = phrases;
    b->detector.phrase_decisions = (uint16_t)(phrases != 0 ? random_between(1, 9) : 0);
    for (uint32_t n = 0; n < phrases; n++) {
        kws_phrase *phrase = &b->phrases[n];
        *phrase = (kws_phrase){
            .threshold = (uint16_t)random_between(1000, 60000),
            .word_count = (uint8_t)random_between(1, KWS_PHRASE_WORDS),
            .ordered = (uint8_t)(random_word() & 1u),
        };
        for (uint32_t i = 0; i < phrase->word_count; i++) {
            phrase->words[i] = (uint16_t)random_between(0, b->detector.keyword_count - 1);
        }
    }
}

/* Front end and detector; the caller adds tensors and layers. */
static void front_end(builder *b, uint16_t features, uint8_t spectrum, timing t, uint16_t bands,
                      uint16_t coefficients, uint16_t classes)
{
    builder_begin(b);
    const bool emphasis = (random_word() & 1u) != 0;
    const bool waveform = features == KWS_FEATURES_WAVEFORM;
    b->has_front_end = true;
    b->front_end = (kws_front_end){
        .features = features,
        .sample_rate = 16000,
        .frame_samples = t.frame,
        .hop_samples = t.hop,
        .frame_count = t.frames,
        .window_hops = (uint16_t)(t.frames + lag(t)),
        .band_count = waveform ? 0 : bands,
        .feature_count = waveform            ? t.frame
                         : has_dct(features) ? coefficients
                                             : bands,
        .fft_points = waveform ? 0 : t.points,
        .spectrum = spectrum,
        .preemphasis = (int16_t)(emphasis ? random_between(1, 32767) : 0),
        .whitening = (uint8_t)(emphasis ? 0 : random_between(0, 15)),
        .fine_plane = t.fine,
        .log_offset = random_between(-45000, -10000),
        .log_floor = random_between(-32768, 10000),
        .pcm_capacity = t.capacity != 0 ? t.capacity : fixture_capacity(t) + t.slack,
    };
    if (!waveform) {
        spectrum_tables(b, t);
        band_tables(b, bands);
    }
    output_tables(b);
    b->detector = (kws_detector){
        .inference_hops = (uint16_t)random_between(1, 4),
        .smoothing = (uint16_t)random_between(1, 5),
        .lockout_hops = (uint16_t)random_between(0, 12),
        .keyword_count = (uint16_t)(classes > 1 ? classes - 1 : 1),
    };
    for (uint16_t i = 0; i < b->detector.keyword_count; i++) {
        b->keywords[i] =
            (kws_keyword){(uint16_t)(classes - 1 - i), (uint16_t)random_between(1000, 40000)};
    }
    if (random_word() & 1u) {
        fixture_listen(b, (uint16_t)random_between(0, 3));
    }
}

void fixture_begin(builder *b, uint16_t features, uint8_t spectrum, timing t, uint16_t bands,
                   uint16_t coefficients, uint16_t classes)
{
    front_end(b, features, spectrum, t, bands, coefficients, classes);
    const uint32_t planes = 1u + t.fine;
    const uint32_t count = (uint32_t)t.frames * b->front_end.feature_count * planes;
    const uint16_t input = builder_tensor(b, t.frames, b->front_end.feature_count, planes, 0);
    const uint16_t vector = builder_tensor(b, 1, 1, count, 0);
    const uint16_t logits = builder_tensor(b, 1, 1, classes, 0);
    const uint16_t scores = builder_tensor(b, 1, 1, 2u * classes, 0);
    b->tensors[vector].arena_offset = b->tensors[input].arena_offset;
    builder_layer(b, KWS_KERNEL_VIEW, input, vector);
    kws_layer *dense = builder_layer(b, KWS_KERNEL_DENSE_W8, vector, logits);
    builder_weights(b, dense, classes, count);
    builder_requant(b, dense, classes, classes, 16, 8);
    builder_softmax(b, builder_layer(b, KWS_KERNEL_SOFTMAX, logits, scores), 0.05);
}

/* A layer with a 3x3 window, padding 1. */
static kws_layer *window_layer(builder *b, uint16_t kernel, uint16_t in, uint16_t out,
                               uint16_t stride)
{
    kws_layer *layer = builder_layer(b, kernel, in, out);
    layer->kernel_height = layer->kernel_width = 3;
    layer->stride_height = layer->stride_width = stride;
    layer->pad_top = layer->pad_left = 1;
    return layer;
}

/* A chain whose middle tensors are rings, the second trailing the first. */
static void chain_layers(builder *b)
{
    kws_layer *layer = window_layer(b, KWS_KERNEL_CONV_W8, EVERY_INPUT, EVERY_CONV, 1);
    builder_weights(b, layer, 4, 9 * 1);
    builder_requant(b, layer, 4, 4, 15, 8);

    b->tensors[EVERY_CONV].rows = b->tensors[EVERY_DWCONV].rows = 4;
    b->tensors[EVERY_CONV].phase = 2;
    b->tensors[EVERY_DWCONV].phase = 1;
    b->tensors[EVERY_DWCONV].arena_offset = b->tensors[EVERY_CONV].arena_offset;
    layer = window_layer(b, KWS_KERNEL_DWCONV_W3, EVERY_CONV, EVERY_DWCONV, 1);
    layer->chained = 1;
    builder_weights(b, layer, 4, 9);
    builder_requant(b, layer, 4, 4, 10, 8);

    layer = builder_layer(b, KWS_KERNEL_POINTWISE_BLOCKS_W3, EVERY_DWCONV, EVERY_POINTWISE);
    layer->chained = 1;
    layer->kernel_height = layer->kernel_width = 1;
    layer->stride_height = layer->stride_width = 1;
    builder_weights(b, layer, 4, 4);
    builder_requant(b, layer, 4, 4, 13, 8);
}

/* The sum of two tensors, pooled twice, side by side in 4 bits, turned, and a vector. */
static void middle_layers(builder *b)
{
    kws_layer *layer = builder_layer(b, KWS_KERNEL_ADD, EVERY_POINTWISE, EVERY_SUM);
    layer->input2 = EVERY_WIDE;
    builder_requant(b, layer, 2, 1, 22, 8);

    window_layer(b, KWS_KERNEL_MAXPOOL, EVERY_SUM, EVERY_MAXPOOL, 2);
    builder_requant(b, window_layer(b, KWS_KERNEL_AVGPOOL, EVERY_SUM, EVERY_AVGPOOL, 2), 1, 1, 10,
                    8);

    builder_requant(b, builder_layer(b, KWS_KERNEL_PLACE, EVERY_MAXPOOL, EVERY_BOTH), 1, 1, 22, 4);
    layer = builder_layer(b, KWS_KERNEL_PLACE, EVERY_AVGPOOL, EVERY_BOTH);
    layer->kernel_width = 4;
    builder_requant(b, layer, 1, 1, 22, 4);

    layer = builder_layer(b, KWS_KERNEL_TRANSPOSE, EVERY_BOTH, EVERY_TURNED);
    layer->kernel_height = 2;
    layer->kernel_width = 1;
    layer->stride_height = 0;

    b->tensors[EVERY_VECTOR].arena_offset = b->tensors[EVERY_TURNED].arena_offset;
    builder_layer(b, KWS_KERNEL_VIEW, EVERY_TURNED, EVERY_VECTOR);
    layer = builder_layer(b, KWS_KERNEL_DENSE_GAPS_W4, EVERY_VECTOR, EVERY_LOGITS);
    builder_weights(b, layer, 4, 96);
    builder_requant(b, layer, 4, 4, 13, 8);
}

void fixture_everything(builder *b, uint16_t features)
{
    const timing t = {.frame = features == KWS_FEATURES_WAVEFORM ? 6 : 50,
                      .hop = 20,
                      .frames = 8,
                      .points = 64,
                      .slack = 5};
    front_end(b, features, KWS_SPECTRUM_POWER, t, 6, 6, 4);
    fixture_listen(b, 2);
    builder_tensor(b, 8, 6, 1, 3);
    builder_tensor(b, 8, 6, 4, 130);
    builder_tensor(b, 8, 6, 4, 0);
    builder_tensor(b, 8, 6, 4, 1);
    builder_tensor(b, 8, 6, 4, 7);
    builder_tensor(b, 8, 6, 4, 2);
    builder_tensor(b, 4, 3, 4, 2);
    builder_tensor(b, 4, 3, 4, 2);
    builder_place(b, builder_shape(b, 4, 3, 8, 4, 9 << 4));
    builder_place(b, builder_shape(b, 8, 3, 4, 4, 9 << 4));
    builder_place(b, builder_shape(b, 1, 1, 96, 4, 9 << 4));
    builder_tensor(b, 1, 1, 4, 0);
    builder_place(b, builder_shape(b, 8, 3, 4, 2, 1 << 6));
    builder_tensor(b, 1, 1, 4, 0);
    builder_tensor(b, 1, 1, 4, 0);
    builder_tensor(b, 1, 1, 8, 0);

    kws_layer *layer = window_layer(b, KWS_KERNEL_CONV_W4, EVERY_INPUT, EVERY_WIDE, 1);
    builder_weights(b, layer, 4, 9 * 1);
    builder_requant(b, layer, 4, 4, 11, 8);
    chain_layers(b);
    middle_layers(b);

    layer = window_layer(b, KWS_KERNEL_CONV_W3, EVERY_TURNED, EVERY_NARROW, 1);
    builder_weights(b, layer, 4, 9 * 4);
    builder_requant(b, layer, 4, 4, 11, 2);
    b->tensors[EVERY_NARROW].rows = 3;
    b->tensors[EVERY_NARROW].phase = 1;
    layer = builder_layer(b, KWS_KERNEL_MEAN, EVERY_NARROW, EVERY_MEAN);
    layer->chained = 1;
    builder_requant(b, layer, 1, 1, 12, 8);
    layer = builder_layer(b, KWS_KERNEL_ADD, EVERY_LOGITS, EVERY_TOTAL);
    layer->input2 = EVERY_MEAN;
    builder_requant(b, layer, 2, 1, 22, 8);
    builder_softmax(b, builder_layer(b, KWS_KERNEL_SOFTMAX, EVERY_TOTAL, EVERY_SCORES), 0.05);
}

timing fixture_random(builder *b, uint16_t features)
{
    const bool     waveform = features == KWS_FEATURES_WAVEFORM;
    const uint16_t points =
        (uint16_t)(waveform ? 256 : 64 << random_between(0, random_between(0, 9) ? 3 : 6));
    timing t = {.frame = (uint16_t)random_between(1, points),
                .frames = (uint16_t)random_between(1, 6),
                .points = points,
                .slack = (uint32_t)random_between(0, 40),
                .fine = (uint8_t)(random_word() & 1u)};
    t.hop = (uint16_t)random_between(t.frame / 4 + 1, t.frame + 20);
    fixture_begin(b, features, random_word() & 1u ? KWS_SPECTRUM_POWER : KWS_SPECTRUM_MAGNITUDE, t,
                  (uint16_t)random_between(1, 40), (uint16_t)random_between(1, 13),
                  (uint16_t)random_between(1, 6));
    return t;
}

void fixture_pcm(int16_t *pcm, uint32_t count)
{
    int32_t level = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i % 64 == 0) {
            const int32_t kind = random_between(0, 9);
            level = kind == 0 ? 0 : kind == 1 ? 32768 : 1 << random_between(1, 14);
        }
        const int32_t v =
            level == 32768 ? (random_word() & 1u ? 32767 : -32768) : random_between(-level, level);
        pcm[i] = (int16_t)v;
    }
}

void fixture_open(instance *i, builder *b)
{
    i->block = builder_finish(b, &i->block_bytes);
    builder_close(b);
    i->model = builder_model(i->block, i->block_bytes);
    assert_int_equal(kws_model_check(&i->model), KWS_OK);
    guarded *memory = malloc(sizeof *memory);
    *memory = guarded_make(kws_required_size(&i->model));
    i->memory = memory;
    assert_int_equal(kws_init(&i->k, &i->model, memory->bytes, memory->count), KWS_OK);
}

void fixture_close(instance *i)
{
    guarded_free(i->memory);
    free(i->memory);
    free(i->block);
}
