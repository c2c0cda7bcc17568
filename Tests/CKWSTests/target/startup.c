/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors, reset, faults, and what newlib asks of a system. The stack is an array, so that the ends
 * of RAM are free for tests; the heap is the pool.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board.h"
#include "target.h"

extern uint32_t       __data_start[], __data_end[];
extern const uint32_t __data_load[];
extern uint8_t        __pool_start[], __pool_end[];

int  main(void);
void reset_handler(void);
void fault_handler(void);

#define SYS_WRITE0 0x04u
#define SYS_GET_CMDLINE 0x15u
#define SYS_EXIT_EXTENDED 0x20u
#define STOPPED_EXIT 0x20026u
#define CCR (*(volatile uint32_t *)0xE000ED14u)
#define CPACR (*(volatile uint32_t *)0xE000ED88u)

static uint64_t stack[4096];

/* Words NAME=VALUE of the command line become the environment. */
static void read_environment(void)
{
    static char text[256];
    uint32_t    arguments[2] = {(uint32_t)(uintptr_t)text, sizeof text};
    if (semihosting_call(SYS_GET_CMDLINE, arguments) != 0) {
        return;
    }
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        if (strchr(word, '=') != NULL) {
            putenv(word);
        }
    }
}

__attribute__((noreturn)) void reset_handler(void)
{
#ifdef __ARM_ARCH_6M__
    CCR |= 1u << 3; /* an Armv7-M core that runs Armv6-M code: unaligned words fault there */
#endif
#ifdef __ARM_FEATURE_MVE
    CPACR |= 0xFu << 20; /* the vector registers begin switched off */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
    memcpy(__data_start, __data_load, (size_t)((uint8_t *)__data_end - (uint8_t *)__data_start));
    /* .bss, in which the stack lies, is zero: QEMU's memory is when it starts */
    read_environment();
    exit(main());
}

/* The one instruction that may fault: the load of target_is_closed(). */
extern const uint8_t target_probe_start[], target_probe_end[];

__asm__(".syntax unified\n"
        ".text\n"
        ".thumb\n"
        ".thumb_func\n"
        ".global target_probe\n"
        "target_probe:\n"
        "    movs r1, #1\n"
        ".global target_probe_start\n"
        "target_probe_start:\n"
        "    ldrb r0, [r0]\n"
        "    movs r1, #0\n"
        ".global target_probe_end\n"
        "target_probe_end:\n"
        "    movs r0, r1\n"
        "    bx lr\n");
uint32_t target_probe(uintptr_t address);

bool target_is_closed(uintptr_t address)
{
    return target_probe(address) != 0;
}

/* frame: r0-r3, r12, lr, pc, xPSR. */
__attribute__((used)) void fault(uint32_t *frame);
void                       fault(uint32_t *frame)
{
    if (frame[6] == (uint32_t)(uintptr_t)target_probe_start) {
        frame[6] = (uint32_t)(uintptr_t)target_probe_end;
        return;
    }
    printf("fault at %#x, called from %#x\n", (unsigned)frame[6], (unsigned)frame[5]);
    _exit(99);
}

__attribute__((naked)) void fault_handler(void)
{
    __asm__ volatile("mrs r0, msp\n\tldr r1, =fault\n\tbx r1");
}

typedef void (*vector)(void);

__attribute__((section(".vectors"), used)) static const vector vectors[16] = {
    (vector)(uintptr_t)(stack + sizeof stack / sizeof stack[0]),
    reset_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
};

void _exit(int code)
{
    const uint32_t arguments[2] = {STOPPED_EXIT, (uint32_t)code};
    for (;;) {
        (void)semihosting_call(SYS_EXIT_EXTENDED, arguments);
    }
}

int _write(int file, const char *bytes, int count)
{
    char text[65];
    (void)file;
    for (int done = 0, part; done < count; done += part) {
        part = count - done < 64 ? count - done : 64;
        memcpy(text, bytes + done, (size_t)part);
        text[part] = '\0';
        (void)semihosting_call(SYS_WRITE0, text);
    }
    return count;
}

void *_sbrk(ptrdiff_t bytes)
{
    static uint8_t *end = __pool_start + TARGET_POOL_KEPT;
    uint8_t        *old = end;
    if (bytes > __pool_end - end) {
        errno = ENOMEM;
        return (void *)-1;
    }
    end += bytes;
    return old;
}

int _fstat(int file, struct stat *info)
{
    (void)file;
    info->st_mode = S_IFCHR;
    return 0;
}

int _isatty(int file)
{
    (void)file;
    return 1;
}

int _read(int file, char *bytes, int count)
{
    (void)file;
    (void)bytes;
    (void)count;
    return 0;
}

int _lseek(int file, int offset, int from)
{
    (void)file;
    (void)offset;
    (void)from;
    return 0;
}

int _close(int file)
{
    (void)file;
    return -1;
}

int _getpid(void)
{
    return 1;
}

int _kill(int process, int signal)
{
    (void)process;
    (void)signal;
    return -1;
}
