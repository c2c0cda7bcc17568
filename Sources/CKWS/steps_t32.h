/* SPDX-License-Identifier: Apache-2.0
 *
 * steps_t32.h - the depthwise core that follows a list of steps.
 */
#ifndef KWS_STEPS_T32_H
#define KWS_STEPS_T32_H

#include "inner.h"

/* Columns of the input that a step loads, and of the output that are summed. */
#define KWS_T32_BLOCK 5

/* The list: words 0 .. 6 are the operand of the first step, five zeros that begin the sums, and the
 * first step's code; then operand and code of each. */
#define KWS_T32_LIST_HEAD 7u

/* The assembly knows the offsets. Channels count from behind the tensor's last one, and places are
 * of the channel there. */
typedef struct kws_t32_plan {
    uint32_t        first; /* channel to begin with */
    uint32_t        apart; /* bytes from one number that is loaded to the next */
    uint8_t        *y;
    const int16_t  *multipliers;
    const int32_t  *biases;
    uint32_t        shift;
    uint32_t        pixel; /* bytes from one column of the output to the next */
    const uint32_t *list;
    uint32_t        padding; /* what the input is outside */
    uint32_t        last;    /* channel to end before; 0: the tensor's last is the last */
    const int8_t   *weights; /* of the first channel */
} kws_t32_plan;

void kws_t32_steps(const kws_t32_plan *plan);

/* The steps, by address; the operand stands in brackets. */
void kws_t32_load1(void); /* so many columns [place of the first] */
void kws_t32_load2(void);
void kws_t32_load3(void);
void kws_t32_load4(void);
void kws_t32_load5(void);
void kws_t32_fill1(void); /* the columns behind so many are padding */
void kws_t32_fill2(void);
void kws_t32_fill3(void);
void kws_t32_fill4(void);
void kws_t32_tap0(void); /* [which weight]: sum q takes column q + number - 4 of those loaded */
void kws_t32_tap1(void);
void kws_t32_tap2(void);
void kws_t32_tap3(void);
void kws_t32_tap4(void);
void kws_t32_tap5(void);
void kws_t32_tap6(void);
void kws_t32_tap7(void);
void kws_t32_tap8(void);
void kws_t32_edge0(void); /* the same, and the other sums take padding */
void kws_t32_edge1(void);
void kws_t32_edge2(void);
void kws_t32_edge3(void);
void kws_t32_edge5(void);
void kws_t32_edge6(void);
void kws_t32_edge7(void);
void kws_t32_edge8(void);
void kws_t32_outside(void); /* [which weight]: all sums take padding */
void kws_t32_pad(
    void); /* [first weight, from bit 16 on how many]: likewise; loses what is loaded */
void kws_t32_end(void);  /* [weights of a channel]: what put needs */
void kws_t32_put1(void); /* requantises and stores so many sums; then the next channel */
void kws_t32_put2(void);
void kws_t32_put3(void);
void kws_t32_put4(void);
void kws_t32_put5(void);

#endif
