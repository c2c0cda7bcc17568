/* SPDX-License-Identifier: Apache-2.0
 *
 * window.h - the loops over the samples of a frame, which cores have each their own way to write.
 */
#ifndef KWS_WINDOW_H
#define KWS_WINDOW_H

#include <stdint.h>

/* Of the sample before the one at hand: itself for pre-emphasis, its product with the window for
 * whitening. */
typedef struct kws_tap {
    int32_t sample, product;
} kws_tap;

/* A stretch of samples without a wrap of the ring. Both calls leave the tap behind it. */
typedef struct kws_run {
    const int16_t *x, *window;
    uint32_t       count;
    int32_t        preemphasis; /* where whitening is 0, else not looked at */
    uint32_t       whitening;
} kws_run;

/* A number with as many bits as the v[n] ^ (v[n] >> 31) of all samples, ORed. */
uint32_t kws_window_scan(const kws_run *run, kws_tap *tap);

/* v[n] >> shift into out. */
void kws_window_scale(const kws_run *run, kws_tap *tap, uint32_t shift, int16_t *out);

#endif
