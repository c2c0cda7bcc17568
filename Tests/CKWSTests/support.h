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

#include "guarded.h"

/* Starts the random numbers from the environment variable KWS_SEED, or from a fixed seed, and
 * prints which. */
void seed_random(const char *test);

uint32_t random_word(void);
int32_t  random_between(int32_t least, int32_t most);
/* True once in so many times. */
bool random_once_in(int32_t times);

/* How often to repeat what this machine repeats count times; an emulated board does less. */
int rounds(int count);

#endif
