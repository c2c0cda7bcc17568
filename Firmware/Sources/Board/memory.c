/* SPDX-License-Identifier: Apache-2.0
 *
 * The four functions that compilers call by themselves, so that no C library is needed. Weak: a C
 * library that is linked as well wins. */
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
