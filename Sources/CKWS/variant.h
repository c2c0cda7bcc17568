/* SPDX-License-Identifier: Apache-2.0
 *
 * variant.h - which kernel variant this archive is built with: the best that the core has. A file
 * <op>_<variant>.c compiles to nothing in the archives of other variants. Define KWS_PORTABLE to
 * have plain C on every core. The numbers are those of the pack orders in kws_model.h.
 */
#ifndef KWS_VARIANT_H
#define KWS_VARIANT_H

#include "kws_model.h"

#if defined KWS_PORTABLE
#define KWS_VARIANT KWS_PACK_PORTABLE
#elif defined __ARM_FEATURE_MVE
#define KWS_VARIANT KWS_PACK_MVE
#elif defined __ARM_FEATURE_DSP
#define KWS_VARIANT KWS_PACK_DSP
#elif defined __ARM_ARCH_6M__ || defined __ARM_ARCH_8M_BASE__
#define KWS_VARIANT KWS_PACK_V6M
#elif defined __ARM_ARCH_7M__ || defined __ARM_ARCH_8M_MAIN__
#define KWS_VARIANT KWS_PACK_V7M
#else
#define KWS_VARIANT KWS_PACK_PORTABLE
#endif

/* Files *_t32.c are of both variants for 32-bit instructions without vectors. */
#define KWS_T32 (KWS_VARIANT == KWS_PACK_V7M || KWS_VARIANT == KWS_PACK_DSP)

#endif
