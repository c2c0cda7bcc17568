/* SPDX-License-Identifier: Apache-2.0
 *
 * window.h - the loops over the samples of a frame, which cores have each their own way to write.
 */
#ifndef KWS_WINDOW_H
#define KWS_WINDOW_H

#include <stdint.h>

/* A value of 32 bits where numbers of 16 bits will be. */
typedef int32_t kws_kept __attribute__((may_alias));

/* A stretch of samples without a wrap of the ring. */
typedef struct kws_run {
    const int16_t *x, *window;
    uint32_t       count;
    int32_t        preemphasis; /* where whitening is 0, else not looked at */
    uint32_t       whitening;
    int32_t        sample, product; /* the sample before it, and its product with the window; only
                                       for pre-emphasis the former, only for whitening the latter */
} kws_run;

/* Writes v[n] of all samples. Returns a number with as many bits as their v[n] ^ (v[n] >> 31),
 * ORed. */
uint32_t kws_window_keep(const kws_run *run, kws_kept *v);

/* Writes v[n] >> shift; out is 4-byte aligned, and is v or lies before it. */
void kws_window_narrow(const kws_kept *v, uint32_t count, uint32_t shift, int16_t *out);

/* Shifts numbers that were narrowed further to the right; count is even. */
void kws_window_shift(int16_t *out, uint32_t count, uint32_t shift);

#endif
