/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory whose surroundings are watched. On the host KWS_PLACE chooses how:
 *
 *     (unset)  in the heap, between two patterns that the release compares; a sanitizer sees more
 *     end      ends where a page that cannot be touched begins
 *     begin    begins where such a page ends
 *
 * target/guarded.c has the same for boards.
 */
#ifndef KWS_TEST_GUARDED_H
#define KWS_TEST_GUARDED_H

#include <stddef.h>
#include <stdint.h>

typedef struct guarded {
    uint8_t *bytes; /* what the test hands out; aligned to 4 if count is a multiple of 4 */
    size_t   count;
    uint8_t *all;       /* what was allocated */
    size_t   all_count; /* with closed pages; 0: between patterns */
} guarded;

guarded guarded_make(size_t count);
/* For an instance, of which there is one at a time. */
guarded guarded_instance(size_t count);
/* A model block: a copy of bytes, which are freed. One at a time. */
guarded guarded_block(uint8_t *bytes, size_t count);
/* Fails the test if a guard was touched. */
void guarded_check(const guarded *g);
void guarded_free(guarded *g);

#endif
