/* SPDX-License-Identifier: Apache-2.0 */
#include "gaps.h"

#if KWS_T32 || KWS_VARIANT == KWS_PACK_MVE

/* Takes the next entry: moves x by the gap, adds it times the weight to acc, and goes on to the
 * next column. Assembly, since compilers take 8 instructions for one of few bits, here 5. */
KWS_INLINED void take(int32_t *acc, const uint8_t **x, const uint8_t **w, uint32_t bits)
{
    uint32_t entry, value;
    if (bits == 8) {
        __asm__("ldrb  %0, [%4], #1\n\t"
                "add   %2, %2, %0\n\t"
                "ldrsb %0, [%4], #1\n\t"
                "ldrb  %1, [%2], #1\n\t"
                "mla   %3, %0, %1, %3"
                : "=&r"(entry), "=&r"(value), "+r"(*x), "+r"(*acc), "+r"(*w)
                :
                : "memory");
        return;
    }
    __asm__("ldrb %0, [%4], #1\n\t"
            "add  %2, %2, %0, lsr %5\n\t"
            "sbfx %0, %0, #0, %5\n\t"
            "ldrb %1, [%2], #1\n\t"
            "mla  %3, %0, %1, %3"
            : "=&r"(entry), "=&r"(value), "+r"(*x), "+r"(*acc), "+r"(*w)
            : "i"(bits)
            : "memory");
}

/* Runs are short where rows are: what is left of eights is taken by a jump into eight entries. */
KWS_INLINED const uint8_t *output(int32_t *acc, const uint8_t *x, const uint8_t *w, uint32_t bits)
{
    uint32_t count;
    do {
        count = *w++;
        uint32_t eights = count >> 3;
        switch (count & 7u) {
        case 0:
            if (eights == 0) {
                return w;
            }
            do {
                eights--;
                take(acc, &x, &w, bits);
                __attribute__((fallthrough));
            case 7:
                take(acc, &x, &w, bits);
                __attribute__((fallthrough));
            case 6:
                take(acc, &x, &w, bits);
                __attribute__((fallthrough));
            case 5:
                take(acc, &x, &w, bits);
                __attribute__((fallthrough));
            case 4:
                take(acc, &x, &w, bits);
                __attribute__((fallthrough));
            case 3:
                take(acc, &x, &w, bits);
                __attribute__((fallthrough));
            case 2:
                take(acc, &x, &w, bits);
                __attribute__((fallthrough));
            default:
                take(acc, &x, &w, bits);
            } while (eights > 0);
        }
    } while (count == KWS_RUN_MAX);
    return w;
}

/* see sparse.h and gate_rows.h */
KWS_GAPS_WIDTHS

#endif
