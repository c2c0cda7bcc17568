/* SPDX-License-Identifier: Apache-2.0 */
#include "gaps.h"

#if KWS_VARIANT == KWS_PACK_V6M

/* Entry i of a step at w: moves x, which is i columns behind the one after the entry before it, by
 * the gap and adds x times the weight to acc; returns the new x.
 *
 * Assembly, since compilers keep a pointer an entry: 8 instructions for one of few bits where clang
 * takes 12. */
KWS_INLINED const uint8_t *add(int32_t *acc, const uint8_t *x, const uint8_t *w, uint32_t i,
                               uint32_t bits)
{
    uint32_t entry, value;
    if (bits == 8) {
        __asm__(".syntax unified\n\t"
                "ldrb %0, [%4, %5]\n\t"
                "adds %2, %2, %0\n\t"
                "ldrb %0, [%4, %6]\n\t"
                "sxtb %0, %0\n\t"
                "ldrb %1, [%2, %7]\n\t"
                "muls %0, %1\n\t"
                "adds %3, %3, %0"
                : "=&l"(entry), "=&l"(value), "+l"(x), "+l"(*acc)
                : "l"(w), "i"(2 * i), "i"(2 * i + 1), "i"(i)
                : "cc", "memory");
        return x;
    }
    __asm__(".syntax unified\n\t"
            "ldrb %0, [%4, %5]\n\t"
            "lsrs %1, %0, %6\n\t"
            "adds %2, %2, %1\n\t"
            "lsls %0, %0, %7\n\t"
            "asrs %0, %0, %7\n\t"
            "ldrb %1, [%2, %5]\n\t"
            "muls %0, %1\n\t"
            "adds %3, %3, %0"
            : "=&l"(entry), "=&l"(value), "+l"(x), "+l"(*acc)
            : "l"(w), "i"(i), "i"(bits), "i"(32 - bits)
            : "cc", "memory");
    return x;
}

KWS_INLINED const uint8_t *output(int32_t *acc, const uint8_t *x, const uint8_t *w, uint32_t bits)
{
    const uint32_t size = KWS_GAPS_ENTRY(bits);
    uint32_t       count;
    do {
        count = *w++;
        const uint8_t *end = w + count * size;
        if (count & 1u) {
            x = add(acc, x, w, 0, bits) + 1;
            w += size;
        }
        if (count & 2u) {
            x = add(acc, x, w, 0, bits);
            x = add(acc, x, w, 1, bits) + 2;
            w += 2 * size;
        }
        for (; w != end; w += 4 * size, x += 4) {
            x = add(acc, x, w, 0, bits);
            x = add(acc, x, w, 1, bits);
            x = add(acc, x, w, 2, bits);
            x = add(acc, x, w, 3, bits);
        }
    } while (count == KWS_RUN_MAX);
    return w;
}

/* see sparse.h and gate_rows.h */
KWS_GAPS_WIDTHS

#endif
