/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#define GUARD 64
#define PATTERN 0xA5

static uint64_t state;

void seed_random(const char *test)
{
    const char *text = getenv("KWS_SEED");
    state = text != NULL ? strtoull(text, NULL, 0) : 20240607u;
    printf("%s: KWS_SEED=%llu\n", test, (unsigned long long)state);
}

/* splitmix64 */
uint32_t random_word(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

int32_t random_between(int32_t least, int32_t most)
{
    const uint64_t span = (uint64_t)((int64_t)most - least + 1);
    return (int32_t)(least + (int64_t)(((uint64_t)random_word() * span) >> 32));
}

guarded guarded_make(size_t count)
{
    guarded g = {.count = count, .all = malloc(count + 2 * GUARD)};
    assert_non_null(g.all);
    memset(g.all, PATTERN, count + 2 * GUARD);
    g.bytes = g.all + GUARD;
    return g;
}

void guarded_check(const guarded *g)
{
    for (size_t i = 0; i < GUARD; i++) {
        assert_int_equal(g->all[i], PATTERN);
        assert_int_equal(g->bytes[g->count + i], PATTERN);
    }
}

void guarded_free(guarded *g)
{
    guarded_check(g);
    free(g->all);
    g->all = g->bytes = NULL;
}

#ifdef KWS_FIXED_CHECKED
#include "kws_fixed.h"

uint64_t kws_fixed_operations;

void kws_fixed_violation(const char *operation, int64_t a, int64_t b)
{
    fprintf(stderr, "%s: %lld, %lld out of range\n", operation, (long long)a, (long long)b);
    abort();
}
#endif
