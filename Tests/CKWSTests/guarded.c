/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <sys/mman.h>
#include <unistd.h>

#define GUARD 64
#define PATTERN 0xA5

static bool place_is(const char *name)
{
    const char *place = getenv("KWS_PLACE");
    return place != NULL && strcmp(place, name) == 0;
}

/* count bytes with a closed page in front of them and one behind; at one end they touch it. */
static guarded between_pages(size_t count, bool end)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t open = (count + page - 1) / page * page;
    guarded      g = {.count = count, .all_count = open + 2 * page};
    g.all = mmap(NULL, g.all_count, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(g.all != MAP_FAILED);
    assert_int_equal(mprotect(g.all + page, open, PROT_READ | PROT_WRITE), 0);
    g.bytes = g.all + page + (end ? open - count : 0);
    memset(g.bytes, PATTERN, count);
    return g;
}

guarded guarded_make(size_t count)
{
    if (place_is("end") || place_is("begin")) {
        return between_pages(count, place_is("end"));
    }
    guarded g = {.count = count, .all = malloc(count + 2 * GUARD)};
    assert_non_null(g.all);
    memset(g.all, PATTERN, count + 2 * GUARD);
    g.bytes = g.all + GUARD;
    return g;
}

guarded guarded_instance(size_t count)
{
    return guarded_make(count);
}

guarded guarded_block(uint8_t *bytes, size_t count)
{
    guarded g = guarded_make(count);
    memcpy(g.bytes, bytes, count);
    free(bytes);
    return g;
}

void guarded_check(const guarded *g)
{
    for (size_t i = 0; g->all_count == 0 && i < GUARD; i++) {
        assert_int_equal(g->all[i], PATTERN);
        assert_int_equal(g->bytes[g->count + i], PATTERN);
    }
}

void guarded_free(guarded *g)
{
    guarded_check(g);
    if (g->all_count != 0) {
        assert_int_equal(munmap(g->all, g->all_count), 0);
    } else {
        free(g->all);
    }
    g->all = g->bytes = NULL;
}
