/* SPDX-License-Identifier: Apache-2.0
 *
 * kws.h - libkws: hear a word on a microcontroller.
 *
 * One model is a const block in flash; one instance is a struct in memory that the caller owns.
 * The library never allocates, never uses floating point and keeps no state outside an instance,
 * so any number of models and instances run side by side.
 *
 *     static uint32_t memory[KWS_DEMO_SIZE / 4];           // KWS_DEMO_SIZE: generated kws_model.h
 *     kws *k;
 *     if (kws_init(&k, &kws_demo, memory, sizeof memory) != KWS_OK) ...
 *     kws_push(k, pcm, 160);                               // from the audio interrupt
 *     kws_event event;
 *     while ((status = kws_poll(k, &event)) > KWS_IDLE)    // from the main loop
 *         if (status == KWS_EVENT) act(kws_label(k, event.keyword));
 *
 * Audio is mono 16-bit PCM at kws_sample_rate() Hz. Every function is safe to call from any one
 * thread at a time per instance; the only concurrent pair allowed is one kws_push() (producer,
 * an interrupt for instance) beside one caller of anything else (consumer).
 */
#ifndef KWS_H
#define KWS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Versions: of the library, of this interface (raised when a caller must change), of the model
 * block (raised with every change of kws_model.h or SPEC.md). */
#define KWS_VERSION_MAJOR 0
#define KWS_VERSION_MINOR 1
#define KWS_VERSION_PATCH 0
#define KWS_ABI_VERSION 2

/* Results. Zero and above: fine. Below: an error; the numbers never change. */
typedef enum kws_status {
    KWS_OK = 0,
    KWS_IDLE = 0,                 /* kws_poll: nothing to do until more audio arrives */
    KWS_AGAIN = 1,                /* kws_poll: one step done; call again */
    KWS_EVENT = 2,                /* kws_poll: one step done and a keyword was heard */
    KWS_ERROR_NULL = -1,          /* a required pointer is NULL */
    KWS_ERROR_ALIGNMENT = -2,     /* memory or model block is not aligned to KWS_ALIGNMENT */
    KWS_ERROR_MEMORY = -3,        /* fewer bytes than kws_required_size() */
    KWS_ERROR_MAGIC = -4,         /* not a model block */
    KWS_ERROR_FORMAT = -5,        /* a model block of another format version */
    KWS_ERROR_TRUNCATED = -6,     /* the block says it is longer than the bytes given */
    KWS_ERROR_CHECKSUM = -7,      /* CRC-32 mismatch: a bit has flipped */
    KWS_ERROR_MODEL = -8,         /* an offset, shape or count in the block is not valid */
    KWS_ERROR_KERNEL = -9,        /* the block needs a kernel that the dispatch array lacks */
    KWS_ERROR_PACK = -10,         /* weights packed for another kernel variant (core family) */
    KWS_ERROR_ARGUMENT = -11,     /* an argument is out of range */
    KWS_ERROR_NO_FRONT_END = -12, /* the model takes features only: use kws_infer() */
    KWS_ERROR_WINDOW = -13        /* the model keeps no rows: use kws_infer() */
} kws_status;

/* Alignment in bytes of the instance memory and of a model block. */
#define KWS_ALIGNMENT 4

typedef struct kws       kws;       /* an instance; opaque, lives in the caller's memory */
typedef struct kws_model kws_model; /* a compiled model; see kws_model.h */

/* A keyword heard. Sample numbers count from kws_init()/kws_reset() and wrap at 2^32. */
typedef struct kws_event {
    uint32_t start_sample; /* first sample of what the score rests on: of the windows of a run of
                              decisions in which the keyword's posterior was more than half its
                              threshold, at most as many as are averaged; of a phrase the window
                              of its earliest word */
    uint32_t end_sample;   /* one past the last sample heard: the moment of detection */
    uint16_t keyword;      /* 0 .. kws_keyword_count()-1 */
    uint16_t score;        /* smoothed posterior, of a phrase the geometric mean of its words', in
                              units of 1 / KWS_SCORE_ONE */
} kws_event;

#define KWS_SCORE_ONE 65536u

/* -- Set-up ------------------------------------------------------------------------------- */

/* Verifies a model once: CRC, versions, every offset, every shape, every kernel. After KWS_OK no
 * kernel can be led outside the block or the instance. kws_init() calls it. */
kws_status kws_model_check(const kws_model *model);

/* Bytes that kws_init() needs; 0 if the model is not valid. The same number is a compile-time
 * constant in the generated header. */
size_t kws_required_size(const kws_model *model);

/* Makes an instance in memory (aligned to KWS_ALIGNMENT, at least kws_required_size() bytes).
 * The model must stay where it is for as long as the instance is used. */
kws_status kws_init(kws **out, const kws_model *model, void *memory, size_t size);

/* Forgets all audio, scores, states of the network and lock-outs; keeps thresholds and observer.
 * Not beside a push. */
void kws_reset(kws *k);

/* -- Audio in, events out ----------------------------------------------------------------- */

/* Copies up to count samples into the instance and returns how many were taken; never computes,
 * never blocks. What does not fit is not taken, and counted by kws_overruns(). May run in an
 * interrupt while another thread polls. Returns 0 for a model without a front end. After polls
 * until KWS_IDLE there is room for one hop (kws_hop_samples()) at least; 'kwsc compile
 * --pcm-buffer' makes it larger. */
size_t kws_push(kws *k, const int16_t *pcm, size_t count);

/* Does at most one hop of work (one frame of features, or one inference). event may be NULL. */
kws_status kws_poll(kws *k, kws_event *event);

/* One inference without front end: features[kws_feature_count()] in the model's input format
 * (q = real / scale + zero point, see the generated header), scores[kws_class_count()], the upper
 * 8 bits of a posterior. Does not disturb a stream on the same instance, unless the model keeps
 * rows: then it works row by row, begins and leaves the instance as kws_reset() does, and may not
 * run beside a push. A model that keeps states goes on from those of the last inference, and so
 * does its stream from these; with rows it begins anew. */
kws_status kws_infer(kws *k, const int8_t *features, int8_t *scores);

/* For a model that keeps rows (kws_row_count() > 0): takes the next row of features, all those of
 * one frame, kws_feature_count() / kws_row_count() numbers. Returns KWS_EVENT if it completes the
 * window of a decision, and scores are those that kws_infer() gives for the last kws_row_count()
 * rows (from the states and rows before them, of a model that goes on from such), else KWS_IDLE.
 * The window is complete after as many rows, and again every kws_hop_rows() rows. */
kws_status kws_infer_row(kws *k, const int8_t *row, int8_t *scores);

/* -- Detection ---------------------------------------------------------------------------- */

/* Threshold of one keyword or phrase, in units of 1 / KWS_SCORE_ONE; 65535 never fires. */
kws_status kws_set_threshold(kws *k, uint32_t keyword, uint16_t threshold);
kws_status kws_get_threshold(const kws *k, uint32_t keyword, uint16_t *threshold);

/* -- What is in the model and the instance --------------------------------------------------- */

const char *kws_model_name(const kws *k);
uint32_t    kws_keyword_count(const kws *k);           /* classes that can fire, then phrases */
const char *kws_label(const kws *k, uint32_t keyword); /* NULL if out of range */
uint32_t    kws_class_count(const kws *k);             /* outputs of the network */
const char *kws_class_label(const kws *k, uint32_t class_index);
uint32_t    kws_feature_count(const kws *k);  /* int8 inputs of the network */
uint32_t    kws_row_count(const kws *k);      /* rows of a window; 0: the model keeps none */
uint32_t    kws_hop_rows(const kws *k);       /* rows between two decisions; 0 likewise */
uint32_t    kws_sample_rate(const kws *k);    /* Hz; 0 without a front end */
uint32_t    kws_hop_samples(const kws *k);    /* samples between two frames */
uint32_t    kws_window_samples(const kws *k); /* samples one decision looks at */
uint32_t    kws_overruns(const kws *k);       /* samples refused since reset */

uint32_t    kws_version(void); /* major << 16 | minor << 8 | patch */
uint32_t    kws_abi_version(void);
uint32_t    kws_model_format(void);
const char *kws_strerror(kws_status status);

/* -- Observation: for parity tests, not for products ------------------------------------------ */

/* Called with every finished row of every layer's output, in whatever order the kernels produce
 * them: values[count] are the bytes of a row. Layer KWS_OBSERVE_FEATURES
 * is the network's input. NULL (the default) turns it off and costs one test a row. */
#define KWS_OBSERVE_FEATURES 0xFFFFu
typedef void (*kws_row_observer)(void *context, uint32_t layer, uint32_t row, const uint8_t *values,
                                 uint32_t count);
void kws_observe(kws *k, kws_row_observer observer, void *context);

#ifdef __cplusplus
}
#endif

#endif
