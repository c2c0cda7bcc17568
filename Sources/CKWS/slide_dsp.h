/* SPDX-License-Identifier: Apache-2.0
 *
 * slide_dsp.h - slide_t32.h with the DSP extension.
 */
#ifndef KWS_SLIDE_DSP_H
#define KWS_SLIDE_DSP_H

#include "slide_t32.h"

/* As kws_t32_run_slide. */
void kws_dsp_run_slide(const kws_call *call, uint32_t r, kws_span columns);

#endif
