/* SPDX-License-Identifier: Apache-2.0
 *
 * steps_v7m.h - the depthwise core that follows a list of steps.
 */
#ifndef KWS_STEPS_V7M_H
#define KWS_STEPS_V7M_H

#include "inner.h"

/* The assembly knows the offsets. Places are those of the channel behind the tensor's last. */
typedef struct kws_v7m_plan {
    uint32_t        first; /* channel to begin with; all count from behind the last of the tensor */
    uint8_t        *y;
    const int16_t  *multipliers;
    const int32_t  *biases;
    uint32_t        shift;
    const uint32_t *list;
    const int8_t   *weights; /* of the first channel */
    uint32_t        pixel;   /* bytes from one column to the next */
    uint32_t        last;    /* channel to end before; 0: the tensor's last is the last */
} kws_v7m_plan;

void kws_v7m_steps(const kws_v7m_plan *plan);

/* The steps, by address; what follows one in the list stands in brackets. */
void kws_v7m_load1(void); /* so many columns [place of the first, behind the last channel] */
void kws_v7m_load2(void);
void kws_v7m_load3(void);
void kws_v7m_load4(void);
void kws_v7m_load5(void);
void kws_v7m_tap0(void); /* a weight; sum q takes column q + number - 4 of those loaded */
void kws_v7m_tap1(void);
void kws_v7m_tap2(void);
void kws_v7m_tap3(void);
void kws_v7m_tap4(void);
void kws_v7m_tap5(void);
void kws_v7m_tap6(void);
void kws_v7m_tap7(void);
void kws_v7m_tap8(void);
void kws_v7m_skip(void); /* weights [how many, as a signed number] */
void kws_v7m_end(void);  /* requantise; then so many columns are put */
void kws_v7m_put1(void);
void kws_v7m_put2(void);
void kws_v7m_put3(void);
void kws_v7m_put4(void);
void kws_v7m_put5(void);

#endif
