/* SPDX-License-Identifier: Apache-2.0 */
#include "gaps.h"

#if KWS_T32 || KWS_VARIANT == KWS_PACK_MVE

/* Assembly, since compilers keep a pointer an entry: 5 instructions for one of few bits where clang
 * takes 8. */
KWS_INLINED const uint8_t *add(int32_t *acc, const uint8_t *x, const uint8_t *w, uint32_t i,
                               uint32_t bits)
{
    uint32_t entry, value;
    if (bits == 8) {
        __asm__("ldrb  %0, [%4, %5]\n\t"
                "add   %2, %2, %0\n\t"
                "ldrsb %0, [%4, %6]\n\t"
                "ldrb  %1, [%2, %7]\n\t"
                "mla   %3, %0, %1, %3"
                : "=&r"(entry), "=&r"(value), "+r"(x), "+r"(*acc)
                : "r"(w), "i"(2 * i), "i"(2 * i + 1), "i"(i)
                : "memory");
        return x;
    }
    __asm__("ldrb %0, [%4, %5]\n\t"
            "add  %2, %2, %0, lsr %6\n\t"
            "sbfx %0, %0, #0, %6\n\t"
            "ldrb %1, [%2, %5]\n\t"
            "mla  %3, %0, %1, %3"
            : "=&r"(entry), "=&r"(value), "+r"(x), "+r"(*acc)
            : "r"(w), "i"(i), "i"(bits)
            : "memory");
    return x;
}

/* see sparse.h */
KWS_GAPS_WIDTHS

#endif
