/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of the C library, so that the compiler can hand it out without a checkout.
 */
#ifndef KERNEL_SOURCES_H
#define KERNEL_SOURCES_H

#include <stdint.h>

typedef struct kernel_source {
    const char    *name; /* file name */
    const uint8_t *text;
    uint32_t       bytes;
} kernel_source;

/* All files of Include/ that C includes, and of Sources/CKWS/; sorted by name. */
const kernel_source *kernel_sources(uint32_t *count);

#endif
