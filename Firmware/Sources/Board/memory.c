/* SPDX-License-Identifier: Apache-2.0
 *
 * The functions that compilers call by themselves, with the names that the Arm run-time ABI gives
 * them, so that no C library is needed. Weak: a C library that is linked as well wins. */
#include <stddef.h>
#include <stdint.h>

#define WEAK __attribute__((weak, used))

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
int   memcmp(const void *a, const void *b, size_t count);

WEAK void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    uint8_t       *t = to;
    const uint8_t *f = from;
    if ((((uintptr_t)t | (uintptr_t)f) & 3u) == 0)
        for (; count >= 4; count -= 4, t += 4, f += 4)
            *(volatile uint32_t *)(void *)t = *(const uint32_t *)(const void *)f;
    while (count-- > 0)
        *(volatile uint8_t *)t++ = *f++;
    return to;
}

WEAK void *memmove(void *to, const void *from, size_t count)
{
    uint8_t       *t = to;
    const uint8_t *f = from;
    if ((uintptr_t)t <= (uintptr_t)f)
        return memcpy(to, from, count); /* which goes upwards */
    while (count-- > 0)
        ((volatile uint8_t *)t)[count] = f[count];
    return to;
}

WEAK void *memset(void *to, int value, size_t count)
{
    uint8_t       *t = to;
    const uint32_t word = (uint8_t)value * 0x01010101u;
    while (count > 0 && ((uintptr_t)t & 3u) != 0) {
        *(volatile uint8_t *)t++ = (uint8_t)value;
        count--;
    }
    for (; count >= 4; count -= 4, t += 4)
        *(volatile uint32_t *)(void *)t = word;
    while (count-- > 0)
        *(volatile uint8_t *)t++ = (uint8_t)value;
    return to;
}

WEAK int memcmp(const void *a, const void *b, size_t count)
{
    const uint8_t *x = a, *y = b;
    for (; count > 0; count--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

/* The Arm run-time ABI: the same for pointers aligned to 4 and 8; memset takes count, then value.
 */
#define RUNTIME(name, arguments, call)                                                             \
    void __aeabi_##name arguments;                                                                 \
    void                __aeabi_##name##4 arguments;                                               \
    void                __aeabi_##name##8 arguments;                                               \
    WEAK void __aeabi_##name arguments                                                             \
    {                                                                                              \
        (void)call;                                                                                \
    }                                                                                              \
    WEAK void __aeabi_##name##4 arguments                                                          \
    {                                                                                              \
        (void)call;                                                                                \
    }                                                                                              \
    WEAK void __aeabi_##name##8 arguments                                                          \
    {                                                                                              \
        (void)call;                                                                                \
    }

RUNTIME(memcpy, (void *to, const void *from, size_t count), memcpy(to, from, count))
RUNTIME(memmove, (void *to, const void *from, size_t count), memmove(to, from, count))
RUNTIME(memset, (void *to, size_t count, int value), memset(to, value, count))
RUNTIME(memclr, (void *to, size_t count), memset(to, 0, count))
