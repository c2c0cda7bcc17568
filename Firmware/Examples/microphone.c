/* SPDX-License-Identifier: Apache-2.0
 *
 * What minimal.c needs from its surroundings, under QEMU: the microphone is a WAV file of the host
 * with a header of 44 bytes, named by the command line; words go to the debugger's console. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"

#define SYS_OPEN 0x01u
#define SYS_WRITE0 0x04u
#define SYS_READ 0x06u
#define SYS_SEEK 0x0Au
#define SYS_GET_CMDLINE 0x15u

#define HEADER_BYTES 44u

size_t microphone_read(int16_t *pcm, size_t count);
void   act_on(const char *word);

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

/* Prints the word on a line of its own. */
void act_on(const char *word)
{
    (void)semihosting_call(SYS_WRITE0, word);
    (void)semihosting_call(SYS_WRITE0, "\n");
}
