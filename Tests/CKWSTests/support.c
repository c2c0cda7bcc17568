/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#ifdef KWS_ON_TARGET
#define SHARE 6
#else
#define SHARE 1
#endif

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

bool random_once_in(int32_t times)
{
    return random_between(1, times) == 1;
}

int rounds(int count)
{
    return (count + SHARE - 1) / SHARE;
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
