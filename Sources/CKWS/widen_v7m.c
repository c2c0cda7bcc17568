/* SPDX-License-Identifier: Apache-2.0
 *
 * Four bytes at a time are loaded (this core may load words from any address), taken apart and
 * stored together: 2.6 to 3 instructions a byte, sum included, where byte for byte takes 3.3 and
 * twice the loads.
 */
#include "widen_v7m.h"

#if KWS_VARIANT == KWS_PACK_V7M

__attribute__((naked)) uint32_t *kws_v7m_widen(uint32_t      *to __attribute__((unused)),
                                               const uint8_t *x __attribute__((unused)),
                                               uint32_t       count __attribute__((unused)),
                                               uint32_t      *sum __attribute__((unused)))
{
    __asm__("push {r4-r8, lr}\n"
            "mov r12, #0\n"
            "subs r2, #4\n"
            "blo 2f\n"
            "1:\n"
            "ldr r8, [r1], #4\n"
            "uxtb r4, r8\n"
            "uxtb r5, r8, ror #8\n"
            "uxtb r6, r8, ror #16\n"
            "lsr r7, r8, #24\n"
            "stmia.n r0!, {r4-r7}\n"
            "add r12, r12, r4\n"
            "add r12, r12, r5\n"
            "add r12, r12, r6\n"
            "add r12, r12, r7\n"
            "subs r2, #4\n"
            "bhs 1b\n"
            "2:\n"
            "adds r2, #4\n"
            "beq 4f\n"
            "3:\n"
            "ldrb r4, [r1], #1\n"
            "str r4, [r0], #4\n"
            "add r12, r12, r4\n"
            "subs r2, #1\n"
            "bne 3b\n"
            "4:\n"
            "str r12, [r3]\n"
            "pop {r4-r8, pc}\n");
}

__attribute__((naked)) uint32_t *kws_v7m_widen_two(uint32_t      *to __attribute__((unused)),
                                                   const uint8_t *x0 __attribute__((unused)),
                                                   const uint8_t *x1 __attribute__((unused)),
                                                   uint32_t       count __attribute__((unused)),
                                                   uint32_t       sums[2] __attribute__((unused)))
{
    __asm__("push {r4-r11, lr}\n"
            "sub sp, #4\n"
            "mov r12, #0\n"
            "mov lr, #0\n"
            "subs r3, #4\n"
            "blo 2f\n"
            "1:\n"
            "ldr r10, [r1], #4\n"
            "ldr r11, [r2], #4\n"
            "uxtb r4, r10\n"
            "uxtb r5, r11\n"
            "uxtb r6, r10, ror #8\n"
            "uxtb r7, r11, ror #8\n"
            "uxtb r8, r10, ror #16\n"
            "uxtb r9, r11, ror #16\n"
            "lsr r10, r10, #24\n"
            "lsr r11, r11, #24\n"
            "stmia.w r0!, {r4-r11}\n"
            "add r12, r12, r4\n"
            "add lr, lr, r5\n"
            "add r12, r12, r6\n"
            "add lr, lr, r7\n"
            "add r12, r12, r8\n"
            "add lr, lr, r9\n"
            "add r12, r12, r10\n"
            "add lr, lr, r11\n"
            "subs r3, #4\n"
            "bhs 1b\n"
            "2:\n"
            "adds r3, #4\n"
            "beq 4f\n"
            "3:\n"
            "ldrb r4, [r1], #1\n"
            "ldrb r5, [r2], #1\n"
            "stmia.n r0!, {r4, r5}\n"
            "add r12, r12, r4\n"
            "add lr, lr, r5\n"
            "subs r3, #1\n"
            "bne 3b\n"
            "4:\n"
            "ldr r4, [sp, #40]\n"
            "strd r12, lr, [r4]\n"
            "add sp, #4\n"
            "pop {r4-r11, pc}\n");
}

/* r0 run of numbers, r1 run of bytes, r2 count, r3 rows, r4 sum, r5 number, r6 byte, r7 left,
 * r8-r11 x, r12 step, lr three of them. Stack: apart, bytes, end, ring. */
#define RUNS(str)                                                                                  \
    "push {r4-r11, lr}\n"                                                                          \
    "sub sp, #20\n"                                                                                \
    "mov r12, r0\n"                                                                                \
    "ldmia.w r12!, {r0-r3}\n"                                                                      \
    "ldmia.w r12, {r4-r9}\n"                                                                       \
    "stmia.w sp, {r4-r7}\n"                                                                        \
    "add lr, r8, r8, lsl #1\n"                                                                     \
    "mov r12, r8\n"                                                                                \
    "mov r4, r9\n"                                                                                 \
    "1:\n"                                                                                         \
    "mov r5, r0\n"                                                                                 \
    "mov r6, r1\n"                                                                                 \
    "subs r7, r2, #4\n"                                                                            \
    "blo 3f\n"                                                                                     \
    "2:\n"                                                                                         \
    "ldr r8, [r6], #4\n"                                                                           \
    "uxtb r9, r8\n"                                                                                \
    "uxtb r10, r8, ror #8\n"                                                                       \
    "uxtb r11, r8, ror #16\n"                                                                      \
    "lsr r8, r8, #24\n" str " r9, [r5]\n" str " r10, [r5, r12]\n" str                              \
    " r11, [r5, r12, lsl #1]\n" str " r8, [r5, lr]\n"                                              \
    "add r5, r5, r12, lsl #2\n"                                                                    \
    "add r4, r4, r9\n"                                                                             \
    "add r4, r4, r10\n"                                                                            \
    "add r4, r4, r11\n"                                                                            \
    "add r4, r4, r8\n"                                                                             \
    "subs r7, #4\n"                                                                                \
    "bhs 2b\n"                                                                                     \
    "3:\n"                                                                                         \
    "adds r7, #4\n"                                                                                \
    "beq 5f\n"                                                                                     \
    "4:\n"                                                                                         \
    "ldrb r8, [r6], #1\n" str " r8, [r5]\n"                                                        \
    "add r5, r5, r12\n"                                                                            \
    "add r4, r4, r8\n"                                                                             \
    "subs r7, #1\n"                                                                                \
    "bne 4b\n"                                                                                     \
    "5:\n"                                                                                         \
    "ldrd r8, r9, [sp]\n"                                                                          \
    "add r0, r0, r8\n"                                                                             \
    "add r1, r1, r9\n"                                                                             \
    "ldrd r8, r9, [sp, #8]\n"                                                                      \
    "cmp r1, r8\n"                                                                                 \
    "it hs\n"                                                                                      \
    "subhs r1, r1, r9\n"                                                                           \
    "subs r3, #1\n"                                                                                \
    "bne 1b\n"                                                                                     \
    "mov r0, r4\n"                                                                                 \
    "add sp, #20\n"                                                                                \
    "pop {r4-r11, pc}\n"

__attribute__((naked)) uint32_t kws_v7m_widen_runs(const kws_v7m_runs *runs __attribute__((unused)))
{
    __asm__(RUNS("str"));
}

__attribute__((naked)) uint32_t kws_v7m_widen_runs16(const kws_v7m_runs *runs
                                                     __attribute__((unused)))
{
    __asm__(RUNS("strh"));
}

#endif
