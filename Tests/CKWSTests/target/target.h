/* SPDX-License-Identifier: Apache-2.0
 *
 * target.h - what a test on a board has beside newlib. Linker scripts and the semihosting call are
 * those of Firmware/.
 */
#ifndef KWS_TEST_TARGET_H
#define KWS_TEST_TARGET_H

#include <stdbool.h>
#include <stdint.h>

/* Does reading the byte at this address fault? */
bool target_is_closed(uintptr_t address);

/* Memory of the pool that the heap leaves alone, at its beginning. */
#define TARGET_POOL_KEPT (1u << 20)

#endif
