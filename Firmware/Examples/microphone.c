/* SPDX-License-Identifier: Apache-2.0
 *
 * A microphone for minimal.c under QEMU: a WAV file of the host with a header of 44 bytes, named by
 * the command line; and the two system calls that newlib's puts() needs. There is no heap. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"

#define SYS_OPEN 0x01u
#define SYS_WRITE 0x05u
#define SYS_READ 0x06u
#define SYS_SEEK 0x0Au
#define SYS_GET_CMDLINE 0x15u

#define HEADER_BYTES 44u

size_t microphone_read(int16_t *pcm, size_t count);
int    _write(int file, const char *text, int count);
void  *_sbrk(ptrdiff_t increment);

static int32_t open_file(const char *name, uint32_t length, uint32_t mode)
{
    const uint32_t arguments[3] = {(uint32_t)(uintptr_t)name, mode, length};
    return semihosting_call(SYS_OPEN, arguments);
}

/* Opens the file that the last word of the command line names, behind its header. */
static int32_t open_recording(void)
{
    static char line[512];
    uint32_t    arguments[2] = {(uint32_t)(uintptr_t)line, sizeof line};
    if (semihosting_call(SYS_GET_CMDLINE, arguments) != 0)
        return -1;
    uint32_t end = 0;
    while (end < sizeof line - 1 && line[end] != '\0')
        end++;
    uint32_t start = end;
    while (start > 0 && line[start - 1] != ' ')
        start--;
    const int32_t  file = open_file(line + start, end - start, 1);
    const uint32_t seek[2] = {(uint32_t)file, HEADER_BYTES};
    return file >= 0 && semihosting_call(SYS_SEEK, seek) == 0 ? file : -1;
}

size_t microphone_read(int16_t *pcm, size_t count)
{
    static bool    is_open;
    static int32_t recording;
    if (!is_open) {
        is_open = true;
        recording = open_recording();
    }
    if (recording < 0)
        return 0;
    const uint32_t bytes = (uint32_t)(count * sizeof *pcm);
    const uint32_t arguments[3] = {(uint32_t)recording, (uint32_t)(uintptr_t)pcm, bytes};
    const int32_t  left = semihosting_call(SYS_READ, arguments);
    return left < 0 ? 0 : (bytes - (uint32_t)left) / sizeof *pcm;
}

int _write(int file, const char *text, int count)
{
    static int32_t console = -1;
    (void)file;
    if (console < 0)
        console = open_file(":tt", 3, 4); /* the debugger's console, for writing */
    const uint32_t arguments[3] = {(uint32_t)console, (uint32_t)(uintptr_t)text, (uint32_t)count};
    return count - semihosting_call(SYS_WRITE, arguments);
}

/* Refuses: stdio then works without a buffer of its own. */
void *_sbrk(ptrdiff_t increment)
{
    (void)increment;
    return (void *)-1;
}
