/* SPDX-License-Identifier: Apache-2.0
 *
 * kws_model.h - the seam between the compiler and the library: the layout of a model block.
 *
 * A block is one run of bytes, little-endian, position-independent, aligned to 4. SPEC.md gives
 * the meaning of every field and of every rounding; this file gives the bytes. Whoever changes
 * either raises KWS_MODEL_FORMAT in the same commit.
 */
#ifndef KWS_MODEL_H
#define KWS_MODEL_H

#include "kws.h"

#ifdef __cplusplus
extern "C" {
#define KWS_STATIC_ASSERT static_assert
#elif __STDC_VERSION__ >= 201112L
#define KWS_STATIC_ASSERT _Static_assert
#else
#define KWS_STATIC_ASSERT(condition, text) struct kws_model /* C99: declares nothing new */
#endif

#define KWS_MODEL_FORMAT 18
#define KWS_MODEL_MAGIC 0x4D53574Bu /* the bytes "KWSM" */
#define KWS_NONE 0xFFFFu            /* no tensor */

/* Pack orders: how a kernel variant wants its weights laid out; SPEC.md draws them. */
#define KWS_PACK_PORTABLE 0
#define KWS_PACK_V6M 1 /* Armv6-M, Armv8-M Baseline: M0, M0+, M23 */
#define KWS_PACK_V7M 2 /* Armv7-M: M3 */
#define KWS_PACK_DSP 3 /* the DSP extension: M4, M7, M33 */
#define KWS_PACK_MVE 4 /* the M-profile vector extension: M55 */

/* All offsets are in bytes from the start of the block, multiples of 4; 0 means absent. */
typedef struct kws_block_header {
    uint32_t magic;
    uint16_t format;
    uint16_t pack;
    uint32_t block_bytes;  /* the whole block, a multiple of 4 */
    uint32_t crc32;        /* CRC-32 (IEEE, reflected) of bytes 16 .. block_bytes-1 */
    uint32_t source_hash;  /* CRC-32 of the model file this block was compiled from */
    uint32_t arena_bytes;  /* activations and scratch of the network, a multiple of 4 */
    uint16_t tensor_count; /* tensor 0 is the network's input */
    uint16_t layer_count;  /* layers run in order; the last one writes the scores */
    uint16_t label_count; /* elements of the last layer's output, of a SOFTMAX those of its input */
    uint16_t streamed_layers;  /* first layers that run once a row of features; 0: no row is kept */
    uint32_t progress_offset;  /* in the arena: 4 bytes a layer of the longest chain */
    uint32_t name_offset;      /* NUL-terminated UTF-8 */
    uint32_t tensors_offset;   /* kws_tensor[tensor_count] */
    uint32_t layers_offset;    /* kws_layer[layer_count] */
    uint32_t labels_offset;    /* uint32_t[label_count]: offsets of NUL-terminated UTF-8 */
    uint32_t front_end_offset; /* kws_front_end, or 0 */
    uint32_t detector_offset;  /* kws_detector, or 0; present exactly if front_end is */
    uint32_t kept_bytes;       /* of the arena, from its beginning on: rows and states */
    uint16_t hop_rows;         /* rows from one decision to the next; 0 if no row is kept */
    uint16_t reserved;         /* 0 */
} kws_block_header;
KWS_STATIC_ASSERT(sizeof(kws_block_header) == 68, "block header layout");

/* An activation: unsigned, [height = time][width = frequency][channels], channels innermost. A
 * pixel is its channels, packed from the lowest bit on, filled up to whole bytes; a row is its
 * pixels. Row r lies in slot (r + phase) mod rows; a tensor that is whole has rows = height. */
typedef struct kws_tensor {
    uint16_t height, width, channels;
    uint8_t  zero_point;   /* a byte whose lower 8 - bits bits are 0 */
    uint8_t  bits;         /* 8, 4 or 2 */
    uint16_t rows;         /* slots: height, or 1 .. height inside a chain, or what SPEC.md 4.5 says
                              of what streamed layers read */
    uint16_t phase;        /* < rows; 0 if rows = height */
    uint32_t arena_offset; /* of slot 0; a multiple of 4, within arena_bytes */
} kws_tensor;
KWS_STATIC_ASSERT(sizeof(kws_tensor) == 16, "tensor layout");

/* One kernel call. Tables: weights as the pack order says; multipliers int16, biases int32, one
 * of each per output channel unless SPEC.md says otherwise for the kernel. */
typedef struct kws_layer {
    uint16_t kernel;  /* a kws_kernel_id */
    uint8_t  shift;   /* n of the requantisation, 0..30 */
    uint8_t  chained; /* 1: runs row by row with the layer before, whose output is its input */
    uint16_t input, input2, output; /* tensor numbers; input2 KWS_NONE unless ADD */
    uint16_t kernel_height, kernel_width;
    uint16_t stride_height, stride_width;
    uint16_t pad_top, pad_left; /* bottom and right follow from the output's size; top is 0 in
                                   streamed layers, whose rows above follow, too */
    uint16_t dispatch;          /* where to look first for the kernel in the dispatch array */
    uint32_t weights_offset, weights_bytes;
    uint32_t multipliers_offset;
    uint32_t biases_offset;
    uint32_t scratch_offset, scratch_bytes; /* in the arena */
} kws_layer;
KWS_STATIC_ASSERT(sizeof(kws_layer) == 48, "layer layout");

/* Kernel ids; never renumbered: the operator, times 16, plus the bits of a weight. The fields in
 * brackets tell how a kernel without a window uses the geometry fields of kws_layer. */
typedef enum kws_kernel_id {
    KWS_KERNEL_CONV_W8 = 0x18, /* conv 1-D/2-D; K = [kh][kw][in] */
    KWS_KERNEL_CONV_W4 = 0x14,
    KWS_KERNEL_CONV_W3 = 0x13,
    KWS_KERNEL_CONV_W2 = 0x12,
    KWS_KERNEL_DWCONV_W8 = 0x28, /* depthwise, out = in * multiplier; K = [kh][kw] */
    KWS_KERNEL_DWCONV_W4 = 0x24,
    KWS_KERNEL_DWCONV_W3 = 0x23,
    KWS_KERNEL_DWCONV_W2 = 0x22,
    KWS_KERNEL_DENSE_W8 = 0x38, /* K = all elements of the input */
    KWS_KERNEL_DENSE_W4 = 0x34,
    KWS_KERNEL_DENSE_W3 = 0x33,
    KWS_KERNEL_DENSE_W2 = 0x32,
    KWS_KERNEL_POINTWISE_W8 = 0x48, /* conv 1x1, stride 1, no padding; K = [in] */
    KWS_KERNEL_POINTWISE_W4 = 0x44,
    KWS_KERNEL_POINTWISE_W3 = 0x43,
    KWS_KERNEL_POINTWISE_W2 = 0x42,
    KWS_KERNEL_MAXPOOL = 0x50,       /* no tables; padding never wins */
    KWS_KERNEL_AVGPOOL = 0x60,       /* one multiplier and one bias; padding counts as zero point */
    KWS_KERNEL_MEAN = 0x70,          /* over all rows and columns; one multiplier and one bias */
    KWS_KERNEL_ADD = 0x80,           /* two multipliers, one bias */
    KWS_KERNEL_PLACE = 0x90,         /* copy with requantisation into a part of the output (concat,
                                        rescale, stand-alone ReLU); one multiplier, one bias;
                                        [pad_top, pad_left, kernel_width = first channel] */
    KWS_KERNEL_TRANSPOSE = 0xA0,     /* out axis a is in axis p_a;
                                        [kernel_height, kernel_width, stride_height = p_0, p_1, p_2] */
    KWS_KERNEL_SOFTMAX = 0xB0,       /* over all elements; one multiplier */
    KWS_KERNEL_VIEW = 0xC0,          /* same bytes, another shape */
    KWS_KERNEL_DENSE_GAPS_W8 = 0xD8, /* the same from sparse tables */
    KWS_KERNEL_DENSE_GAPS_W4 = 0xD4,
    KWS_KERNEL_DENSE_GAPS_W3 = 0xD3,
    KWS_KERNEL_DENSE_GAPS_W2 = 0xD2,
    KWS_KERNEL_DENSE_BLOCKS_W8 = 0xE8,
    KWS_KERNEL_DENSE_BLOCKS_W4 = 0xE4,
    KWS_KERNEL_DENSE_BLOCKS_W3 = 0xE3,
    KWS_KERNEL_DENSE_BLOCKS_W2 = 0xE2,
    KWS_KERNEL_POINTWISE_GAPS_W8 = 0xF8,
    KWS_KERNEL_POINTWISE_GAPS_W4 = 0xF4,
    KWS_KERNEL_POINTWISE_GAPS_W3 = 0xF3,
    KWS_KERNEL_POINTWISE_GAPS_W2 = 0xF2,
    KWS_KERNEL_POINTWISE_BLOCKS_W8 = 0x108,
    KWS_KERNEL_POINTWISE_BLOCKS_W4 = 0x104,
    KWS_KERNEL_POINTWISE_BLOCKS_W3 = 0x103,
    KWS_KERNEL_POINTWISE_BLOCKS_W2 = 0x102,
    /* Recurrent layers; [kernel_height = units, kernel_width =
     * KWS_RECURRENT_*, stride_height = range of the state, stride_width = lifts, pad_top = shift of
     * the peep-holes or limit of the candidate, pad_left = shifts of codes and projection] */
    KWS_KERNEL_LSTM_W8 = 0x118,
    KWS_KERNEL_LSTM_W4 = 0x114,
    KWS_KERNEL_LSTM_W3 = 0x113,
    KWS_KERNEL_LSTM_W2 = 0x112,
    KWS_KERNEL_GRU_W8 = 0x128,
    KWS_KERNEL_GRU_W4 = 0x124,
    KWS_KERNEL_GRU_W3 = 0x123,
    KWS_KERNEL_GRU_W2 = 0x122,
    KWS_KERNEL_LSTM_GAPS_W8 = 0x138, /* the same from sparse tables */
    KWS_KERNEL_LSTM_GAPS_W4 = 0x134,
    KWS_KERNEL_LSTM_GAPS_W3 = 0x133,
    KWS_KERNEL_LSTM_GAPS_W2 = 0x132,
    KWS_KERNEL_GRU_GAPS_W8 = 0x148,
    KWS_KERNEL_GRU_GAPS_W4 = 0x144,
    KWS_KERNEL_GRU_GAPS_W3 = 0x143,
    KWS_KERNEL_GRU_GAPS_W2 = 0x142
} kws_kernel_id;

/* Flags of recurrent layers. */
#define KWS_RECURRENT_BACKWARD 1u    /* from the last row to the first */
#define KWS_RECURRENT_LAST 2u        /* the output is that of the last step */
#define KWS_RECURRENT_PEEPHOLES 4u   /* LSTM */
#define KWS_RECURRENT_PROJECTION 8u  /* LSTM */
#define KWS_RECURRENT_RESET_AFTER 4u /* GRU: the reset gate multiplies the product */
#define KWS_RECURRENT_CLIPPED 8u     /* GRU: the candidate is a clipped ReLU */
#define KWS_RECURRENT_STATEFUL 16u   /* goes on from the state that the last inference left */

/* Front ends. */
typedef enum kws_features_id {
    KWS_FEATURES_LOGMEL = 0x201,    /* a feature per band, straight from the log-mel */
    KWS_FEATURES_MFCC = 0x202,      /* DCT of each frame's log-mel */
    KWS_FEATURES_MFCC_PEAK = 0x203, /* the same, samples divided by the window's largest one */
    KWS_FEATURES_LOGSUM = 0x204,    /* as LOGMEL, the floor added to a band, not its least value */
    KWS_FEATURES_PCEN = 0x205,      /* per-channel energy normalisation of the bands */
    KWS_FEATURES_WAVEFORM = 0x206   /* a feature per sample of the frame; no transform */
} kws_features_id;

#define KWS_SPECTRUM_MAGNITUDE 0
#define KWS_SPECTRUM_POWER 1

/* PCM to features; see SPEC.md, "Front end", for the arithmetic. */
typedef struct kws_front_end {
    uint16_t features;      /* a kws_features_id */
    uint16_t sample_rate;   /* Hz */
    uint16_t frame_samples; /* analysis window */
    uint16_t hop_samples;
    uint16_t frame_count; /* rows of the network's input */
    uint16_t window_hops; /* hops whose samples one decision looks at */
    uint16_t band_count;
    uint16_t feature_count;       /* per frame: bands, DCT coefficients, or samples */
    uint16_t fft_points;          /* real points, a power of two, 64 .. 4096 */
    uint8_t  spectrum;            /* KWS_SPECTRUM_* */
    uint8_t  shift;               /* n of the output requantisation */
    int16_t  preemphasis;         /* Q15; 0: none */
    uint8_t  whitening;           /* v[n] - (1 - 2^-whitening) v[n-1] before the FFT; 0: off */
    uint8_t  fine_plane;          /* 1: each feature is two input channels, coarse and fine */
    int32_t  log_offset;          /* added to log2 in Q10 */
    int32_t  log_floor;           /* least log-mel value, Q10, or the log-add constant (PEAK) */
    uint32_t pcm_capacity;        /* samples that the PCM ring holds */
    uint32_t window_offset;       /* int16_t Q14 [frame_samples] */
    uint32_t twiddles_offset;     /* int16_t Q15 pairs [fft_points / 2], see SPEC.md */
    uint32_t bands_offset;        /* uint16_t [band_count][3], see SPEC.md */
    uint32_t band_weights_offset; /* uint16_t, band after band */
    uint32_t own_offset;          /* table of the kind: MFCCs int16_t [feature_count][band_count],
                                     the DCT; PCEN kws_pcen; else 0 */
    uint32_t multipliers_offset;  /* int16_t [feature_count] */
    uint32_t biases_offset;       /* int32_t [feature_count] */
    uint32_t tables_bytes;        /* of all tables of the front end, for reports */
} kws_front_end;
KWS_STATIC_ASSERT(sizeof(kws_front_end) == 68, "front end layout");

/* What PCEN has of its own: (E / (eps + M)^alpha + delta)^r - delta^r, M the mean of E. */
typedef struct kws_pcen {
    uint16_t smoothing; /* s, the weight of a frame in M; Q15, 1 .. 32767 */
    uint16_t gain;      /* alpha; Q15, 0 .. 32768 */
    uint16_t root;      /* r; Q15, 1 .. 32768 */
    int16_t  epsilon;   /* log2(eps) as the bands' logarithms count, Q10 */
    int16_t  bias;      /* log2(delta), Q10 */
    int16_t  top;       /* log2 of what 2^15 stands for, Q10 */
    int32_t  offset;    /* added to log2 E - alpha log2(eps + M), Q10 */
} kws_pcen;
KWS_STATIC_ASSERT(sizeof(kws_pcen) == 16, "PCEN layout");

/* Posteriors to events. */
typedef struct kws_detector {
    uint16_t inference_hops; /* one decision every so many hops, 1 .. 255 */
    uint16_t smoothing;      /* posteriors averaged, 1 .. 64 */
    uint16_t lockout_hops;   /* no further event for so many hops after one */
    uint16_t keyword_count;
    uint32_t keywords_offset; /* kws_keyword[keyword_count] */
    uint32_t contrast;        /* least difference of two feature rows' sums; 0: no gate */
    uint32_t energy;          /* least sum of squares of a hop's samples, 1 .. 2^31; 0: no gate */
    uint16_t phrase_count;
    uint16_t phrase_decisions; /* that a phrase looks at, 1 .. 1024; 0 without phrases */
    uint16_t phrase_words;     /* of all phrases together */
    uint16_t reserved;         /* 0 */
    uint32_t phrases_offset;   /* kws_phrase[phrase_count], or 0 */
} kws_detector;
KWS_STATIC_ASSERT(sizeof(kws_detector) == 32, "detector layout");

/* What the gate and phrases need of the library, as kernels in the dispatch array. */
typedef enum kws_detection_id {
    KWS_DETECTION_ENERGY = 0x301, /* if energy > 0 */
    KWS_DETECTION_PHRASES = 0x302 /* if phrase_count > 0 */
} kws_detection_id;

typedef struct kws_keyword {
    uint16_t class_index; /* into the labels */
    uint16_t threshold;   /* default; units of 1 / KWS_SCORE_ONE */
} kws_keyword;
KWS_STATIC_ASSERT(sizeof(kws_keyword) == 4, "keyword layout");

#define KWS_PHRASE_WORDS 8

/* Several keywords that make one; its number is that of the last keyword, or phrase before, + 1. */
typedef struct kws_phrase {
    uint32_t name_offset;             /* NUL-terminated UTF-8 */
    uint16_t threshold;               /* default; units of 1 / KWS_SCORE_ONE */
    uint8_t  word_count;              /* 1 .. KWS_PHRASE_WORDS */
    uint8_t  ordered;                 /* 1: each word is later than the one before it */
    uint16_t words[KWS_PHRASE_WORDS]; /* numbers of keywords; behind word_count 0 */
} kws_phrase;
KWS_STATIC_ASSERT(sizeof(kws_phrase) == 24, "phrase layout");

/* What a kernel is to the engine; inner.h has the contract. Each kernel file of libkws.a defines
 * one const object of this type; the generated dispatch array names those that the model needs,
 * and the linker leaves the others out. */
typedef struct kws_kernel kws_kernel;

struct kws_model {
    const void              *block;       /* a kws_block_header */
    uint32_t                 block_bytes; /* bytes that may be read there */
    const kws_kernel *const *kernels;     /* the dispatch array */
    uint32_t                 kernel_count;
};

extern const kws_kernel kws_conv_w8;
extern const kws_kernel kws_conv_w4;
extern const kws_kernel kws_conv_w3;
extern const kws_kernel kws_conv_w2;
extern const kws_kernel kws_dwconv_w8;
extern const kws_kernel kws_dwconv_w4;
extern const kws_kernel kws_dwconv_w3;
extern const kws_kernel kws_dwconv_w2;
extern const kws_kernel kws_dense_w8;
extern const kws_kernel kws_dense_w4;
extern const kws_kernel kws_dense_w3;
extern const kws_kernel kws_dense_w2;
extern const kws_kernel kws_pointwise_w8;
extern const kws_kernel kws_pointwise_w4;
extern const kws_kernel kws_pointwise_w3;
extern const kws_kernel kws_pointwise_w2;
extern const kws_kernel kws_dense_gaps_w8;
extern const kws_kernel kws_dense_gaps_w4;
extern const kws_kernel kws_dense_gaps_w3;
extern const kws_kernel kws_dense_gaps_w2;
extern const kws_kernel kws_dense_blocks_w8;
extern const kws_kernel kws_dense_blocks_w4;
extern const kws_kernel kws_dense_blocks_w3;
extern const kws_kernel kws_dense_blocks_w2;
extern const kws_kernel kws_pointwise_gaps_w8;
extern const kws_kernel kws_pointwise_gaps_w4;
extern const kws_kernel kws_pointwise_gaps_w3;
extern const kws_kernel kws_pointwise_gaps_w2;
extern const kws_kernel kws_pointwise_blocks_w8;
extern const kws_kernel kws_pointwise_blocks_w4;
extern const kws_kernel kws_pointwise_blocks_w3;
extern const kws_kernel kws_pointwise_blocks_w2;
extern const kws_kernel kws_lstm_w8;
extern const kws_kernel kws_lstm_w4;
extern const kws_kernel kws_lstm_w3;
extern const kws_kernel kws_lstm_w2;
extern const kws_kernel kws_gru_w8;
extern const kws_kernel kws_gru_w4;
extern const kws_kernel kws_gru_w3;
extern const kws_kernel kws_gru_w2;
extern const kws_kernel kws_lstm_gaps_w8;
extern const kws_kernel kws_lstm_gaps_w4;
extern const kws_kernel kws_lstm_gaps_w3;
extern const kws_kernel kws_lstm_gaps_w2;
extern const kws_kernel kws_gru_gaps_w8;
extern const kws_kernel kws_gru_gaps_w4;
extern const kws_kernel kws_gru_gaps_w3;
extern const kws_kernel kws_gru_gaps_w2;
extern const kws_kernel kws_maxpool_w0;
extern const kws_kernel kws_avgpool_w0;
extern const kws_kernel kws_mean_w0;
extern const kws_kernel kws_add_w0;
extern const kws_kernel kws_place_w0;
extern const kws_kernel kws_transpose_w0;
extern const kws_kernel kws_softmax_w0;
extern const kws_kernel kws_view_w0;
extern const kws_kernel kws_features_logmel;
extern const kws_kernel kws_features_mfcc;
extern const kws_kernel kws_features_mfcc_peak;
extern const kws_kernel kws_features_logsum;
extern const kws_kernel kws_features_pcen;
extern const kws_kernel kws_features_waveform;
extern const kws_kernel kws_detection_energy;
extern const kws_kernel kws_detection_phrases;

/* Fills in a model for a block loaded at run time, with every kernel of the archive (so the linker
 * keeps them all). kws_model_check() has still to be asked. */
void kws_model_load(kws_model *model, const void *block, uint32_t block_bytes);

/* Bytes of an instance beside what the model asks for; SPEC.md, section 7, has the sum that the
 * generated KWS_<MODEL>_SIZE adds up. instance.h asserts that it is exact. */
#define KWS_INSTANCE_BYTES (3u * (uint32_t)sizeof(void *) + 60u)

#ifdef __cplusplus
}
#endif

#endif
