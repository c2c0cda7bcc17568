/* SPDX-License-Identifier: Apache-2.0
 *
 * guarded.h on a board: a model's block and an instance end, or begin in turns with that, where
 * memory is closed, so that a step beyond faults. On Armv6-M and Armv7-M boards the MPU closes
 * pages of the pool; with Armv8-M, whose MPU cannot forbid what is privileged, the block ends where
 * flash ends and the instance where RAM does. All else, and what is too large for these places,
 * lies in the heap between two patterns.
 */
#include "support.h"

#include "target.h"

#define GUARD 64
#define PATTERN 0xA5

extern uint8_t        __pool_start[], __bss_end[];
extern const uint32_t __data_load[];

/* Memory that is closed behind its end and, unless begin is NULL, in front of its begin. */
typedef struct area {
    uint8_t *begin, *end;
    size_t   room;
    bool     at_begin; /* the next one lies there */
} area;

#if __ARM_ARCH < 8
#define MPU_CTRL (*(volatile uint32_t *)0xE000ED94u)
#define MPU_RNR (*(volatile uint32_t *)0xE000ED98u)
#define MPU_RBAR (*(volatile uint32_t *)0xE000ED9Cu)
#define MPU_RASR (*(volatile uint32_t *)0xE000EDA0u)
#define PAGE 4096u
#define PAGE_NO_ACCESS (11u << 1 | 1u) /* 2^(11 + 1) bytes, AP = 0, enabled */
#define ROOM (TARGET_POOL_KEPT / 2 - 2 * PAGE)

static void close_page(uint32_t region, uint8_t *page)
{
    MPU_RNR = region;
    MPU_RBAR = (uint32_t)(uintptr_t)page;
    MPU_RASR = PAGE_NO_ACCESS;
    MPU_CTRL = 5; /* enabled; all else as without it */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

/* Half number n of what the heap leaves alone of the pool. */
static area make_area(uint32_t n)
{
    uint8_t *page = __pool_start + n * (TARGET_POOL_KEPT / 2);
    close_page(2 * n, page);
    close_page(2 * n + 1, page + PAGE + ROOM);
    return (area){page + PAGE, page + PAGE + ROOM, ROOM, false};
}
#else
/* The end of the memory that holds an address: memories are multiples of 64 KB. */
static uint8_t *end_of(const void *address)
{
    uintptr_t end = ((uintptr_t)address | 0xFFFFu) + 1;
    while (!target_is_closed(end)) {
        end += 0x10000u;
    }
    return (uint8_t *)end;
}

/* 0: behind the program in flash, 1: behind the variables in RAM. */
static area make_area(uint32_t n)
{
    const uint8_t *used = n == 0 ? (const uint8_t *)__data_load + 0x8000 : __bss_end;
    uint8_t       *end = end_of(used);
    return (area){NULL, end, (size_t)(end - used), false};
}
#endif

static guarded between_patterns(size_t count)
{
    guarded g = {.count = count, .all = malloc(count + 2 * GUARD)};
    assert_non_null(g.all);
    memset(g.all, PATTERN, count + 2 * GUARD);
    g.bytes = g.all + GUARD;
    return g;
}

static guarded take(area *a, size_t count)
{
    if (a->end == NULL) {
        static uint32_t made;
        *a = make_area(made++);
        assert_true(target_is_closed((uintptr_t)a->end));
        assert_true(a->begin == NULL || target_is_closed((uintptr_t)a->begin - 1));
    }
    if (count > a->room) {
        return between_patterns(count);
    }
    guarded g = {.count = count, .all_count = count};
    g.bytes = a->at_begin ? a->begin : a->end - count;
    a->at_begin = a->begin != NULL && !a->at_begin;
    memset(g.bytes, PATTERN, count);
    return g;
}

guarded guarded_make(size_t count)
{
    return between_patterns(count);
}

guarded guarded_block(uint8_t *bytes, size_t count)
{
    static area flash;
    guarded     g = take(&flash, count);
    memcpy(g.bytes, bytes, count);
    free(bytes);
    return g;
}

guarded guarded_instance(size_t count)
{
    static area ram;
    return take(&ram, count);
}

void guarded_check(const guarded *g)
{
    for (size_t i = 0; g->all_count == 0 && i < GUARD; i++) {
        assert_int_equal(g->all[i], PATTERN);
        assert_int_equal(g->bytes[g->count + i], PATTERN);
    }
}

void guarded_free(guarded *g)
{
    guarded_check(g);
    free(g->all);
    g->all = g->bytes = NULL;
}
