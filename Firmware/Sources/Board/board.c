/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

extern uint8_t  __pool_start[], __pool_end[], __instructions_per_tick[];
extern uint32_t __stack_bottom[];

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define SYST_MAX 0xFFFFFFu

#define STACK_PATTERN 0x5A5A5A5Au
#define STACK_MARGIN_WORDS 8u /* what the marking function itself may use */

uint8_t *board_pool_start(void)
{
    return __pool_start;
}

size_t board_pool_bytes(void)
{
    return (size_t)(__pool_end - __pool_start);
}

uint32_t board_instructions_per_tick(void)
{
    return (uint32_t)(uintptr_t)__instructions_per_tick;
}

uint32_t board_instructions(void)
{
    static uint32_t ticks, last;
    if (SYST_CSR == 0) {
        SYST_RVR = SYST_MAX;
        SYST_CVR = 0;
        SYST_CSR = 5; /* processor clock, enabled, no interrupt */
        last = SYST_CVR;
    }
    const uint32_t now = SYST_CVR;
    ticks += (last - now) & SYST_MAX; /* counts down */
    last = now;
    return ticks * board_instructions_per_tick();
}

void board_stack_mark(void)
{
    uint32_t *const end = (uint32_t *)__builtin_frame_address(0) - STACK_MARGIN_WORDS;
    for (uint32_t *word = __stack_bottom; word < end; word++)
        *(volatile uint32_t *)word = STACK_PATTERN;
}

uint32_t board_stack_used(void)
{
    const uint32_t *const here = (const uint32_t *)__builtin_frame_address(0);
    const uint32_t       *word = __stack_bottom;
    while (word < here && *word == STACK_PATTERN)
        word++;
    return (uint32_t)((uintptr_t)here - (uintptr_t)word);
}
