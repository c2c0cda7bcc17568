/* SPDX-License-Identifier: Apache-2.0
 *
 * board.h - what the linker script and the core give to an application.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Asks the debugger (here: QEMU) to carry out an operation; the Arm semihosting call. */
static inline int32_t semihosting_call(uint32_t operation, const void *arguments)
{
    register uint32_t    r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = arguments;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return (int32_t)r0;
}

/* The pool: memory for test data, apart from RAM. */
uint8_t *board_pool_start(void);
size_t   board_pool_bytes(void);

/* Instructions since the first call, by SysTick; exact to board_instructions_per_tick() under
 * QEMU's -icount shift=0, else only a measure of time. At most 2^24 ticks may lie between two
 * calls. */
uint32_t board_instructions(void);
uint32_t board_instructions_per_tick(void);

/* Fills the free stack with a pattern, and says how many bytes have been used since. */
void     board_stack_mark(void);
uint32_t board_stack_used(void);

#endif
