/* SPDX-License-Identifier: Apache-2.0
 *
 * SPEC.md once more, as plainly as can be: 64 bits everywhere, quotients instead of shifts, one
 * element at a time, recursion where the text has it. Shares no code with the library.
 */
#ifndef KWS_TEST_ORACLE_H
#define KWS_TEST_ORACLE_H

#include <stdint.h>

#include "kws_model.h"

/* floor(a / b), b > 0. */
int64_t oracle_floor(int64_t a, int64_t b);
int64_t oracle_mulq(int64_t a, int64_t m);
int64_t oracle_clamp(int64_t v, int64_t least, int64_t most);
int64_t oracle_clip(int64_t v, unsigned bits);
uint8_t oracle_requant(int64_t acc, int64_t m, int64_t b, unsigned n, unsigned bits);
int64_t oracle_bits(uint64_t u);
int64_t oracle_root(int64_t u);
int64_t oracle_log2_q10(uint64_t u);
int64_t oracle_exp2(int64_t t, unsigned n);
int64_t oracle_sigmoid(int64_t x);
int64_t oracle_tanh(int64_t x);

/* One layer: weights w[o][k] of its own, tables in the block; x, x2 inputs and y output, an element
 * a byte. */
typedef struct oracle_call {
    const uint8_t    *block;
    const kws_layer  *layer;
    const kws_tensor *in, *out;
    const int8_t     *w;
    const uint8_t    *x, *x2;
    uint8_t          *y;
    void **state; /* of a stateful layer, for the next inference; whoever calls frees it */
} oracle_call;

void oracle_layer(const oracle_call *call);

/* LSTM and GRU. */
void oracle_recurrent(const oracle_call *call);

/* Elements as they lie in memory, pixel by pixel. */
void oracle_pixels(const kws_tensor *t, const uint8_t *elements, uint8_t *bytes);

/* The spectrum X_0 .. X_M (re, im alternating) of one frame of pcm[count] from position start on.
 * Returns e, -1 for silence. */
int64_t oracle_spectrum(const kws_front_end *f, const uint8_t *block, const int16_t *pcm,
                        int64_t start, int64_t *spectrum);

/* One frame's log-mel row, clamped below at least. */
void oracle_log_mel(const kws_front_end *f, const uint8_t *block, const int16_t *pcm, int64_t start,
                    int64_t least, int64_t *row);

/* MFCC_PEAK: a log-mel value divided by the window's largest sample. */
int64_t oracle_divided(const kws_front_end *f, int64_t l, int64_t largest);

/* Features of the decision at step t from the whole stream: [frame_count][feature_count],
 * with a fine plane two bytes each. */
void oracle_features(const kws_front_end *f, const uint8_t *block, const int16_t *pcm, int64_t t,
                     uint8_t *features);

#endif
