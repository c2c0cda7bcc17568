/* SPDX-License-Identifier: Apache-2.0 */
#include "semihosting.h"

#include "board.h"

enum { OPEN = 0x01, WRITE0 = 0x04, WRITE = 0x05, READ = 0x06, COMMAND_LINE = 0x15, EXIT = 0x20 };

#define APPLICATION_EXIT 0x20026u

static size_t length_of(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

void print(const char *text)
{
    (void)semihosting_call(WRITE0, text);
}

void print_number(uint32_t number)
{
    char  text[11]; /* 2^32 - 1 has ten digits */
    char *digit = &text[10];
    *digit = '\0';
    do {
        *--digit = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    print(digit);
}

_Noreturn void leave(uint32_t code)
{
    const uint32_t arguments[2] = {APPLICATION_EXIT, code};
    for (;;)
        (void)semihosting_call(EXIT, arguments);
}

int32_t file_open(const char *name, file_mode mode)
{
    const uint32_t arguments[3] = {(uint32_t)(uintptr_t)name, mode, length_of(name)};
    return semihosting_call(OPEN, arguments);
}

/* Both calls return the number of bytes that were not transferred. */
bool file_read(int32_t file, void *to, size_t bytes)
{
    const uint32_t arguments[3] = {(uint32_t)file, (uint32_t)(uintptr_t)to, bytes};
    return bytes == 0 || semihosting_call(READ, arguments) == 0;
}

bool file_write(int32_t file, const void *from, size_t bytes)
{
    const uint32_t arguments[3] = {(uint32_t)file, (uint32_t)(uintptr_t)from, bytes};
    return bytes == 0 || semihosting_call(WRITE, arguments) == 0;
}

int32_t command_words(char *text, size_t bytes, const char *words[2])
{
    uint32_t arguments[2] = {(uint32_t)(uintptr_t)text, bytes - 1};
    int32_t  count = -1; /* the first word is the application's name */
    if (semihosting_call(COMMAND_LINE, arguments) != 0)
        return -1;
    text[arguments[1]] = '\0';
    for (char *at = text; *at != '\0'; count++) {
        char *const word = at;
        while (*at != '\0' && *at != ' ')
            at++;
        while (*at == ' ')
            *at++ = '\0';
        if (count == 2)
            return -1;
        if (count >= 0)
            words[count] = word;
    }
    return count;
}
