/* SPDX-License-Identifier: Apache-2.0
 *
 * Vector table and reset: the same on every Cortex-M; the addresses come from board.ld. */
#include "board.h"

extern uint32_t       __stack_top[], __data_start[], __data_end[], __bss_start[], __bss_end[];
extern const uint32_t __data_load[];

int  main(void);
void reset_handler(void);
void fault_handler(void);

#define SYS_WRITE0 0x04u
#define SYS_EXIT_EXTENDED 0x20u
#define STOPPED_EXIT 0x20026u

static _Noreturn void board_exit(uint32_t code)
{
    const uint32_t arguments[2] = {STOPPED_EXIT, code};
    for (;;)
        (void)semihosting_call(SYS_EXIT_EXTENDED, arguments);
}

/* Coprocessors 10 and 11 are the vector registers of the M55; they begin switched off. */
static void enable_vectors(void)
{
#if defined(__ARM_FEATURE_MVE)
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20; /* CPACR */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
}

__attribute__((noreturn)) void reset_handler(void)
{
    enable_vectors();
    const uint32_t *from = __data_load;
    for (uint32_t *to = __data_start; to < __data_end; to++)
        *to = *from++;
    for (uint32_t *to = __bss_start; to < __bss_end; to++)
        *to = 0;
    board_exit((uint32_t)main());
}

/* Every other exception ends the run with a code that no application uses. */
__attribute__((noreturn)) void fault_handler(void)
{
    (void)semihosting_call(SYS_WRITE0, "firmware: fault\n");
    board_exit(99);
}

typedef void (*vector)(void);

__attribute__((section(".vectors"), used)) static const vector vectors[16] = {
    (vector)(uintptr_t)__stack_top,
    reset_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    0,
    0,
    0,
    0,
    fault_handler,
    fault_handler,
    0,
    fault_handler,
    fault_handler,
};
