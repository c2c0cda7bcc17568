/* SPDX-License-Identifier: Apache-2.0
 *
 * What every test needs: random numbers with a printed seed, guarded memory, cmocka.
 */
#ifndef KWS_TEST_SUPPORT_H
#define KWS_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Starts the random numbers from the environment variable KWS_SEED, or from a fixed seed, and
 * prints which. */
void seed_random(const char *test);

uint32_t random_word(void);
int32_t  random_between(int32_t least, int32_t most);

/* Memory between two guards. */
typedef struct guarded {
    uint8_t *bytes; /* aligned to 16, what the test hands out */
    size_t   count;
    uint8_t *all;
} guarded;

guarded guarded_make(size_t count);
/* Fails the test if a guard was touched. */
void guarded_check(const guarded *g);
void guarded_free(guarded *g);

#endif
