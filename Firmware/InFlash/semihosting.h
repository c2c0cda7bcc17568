/* SPDX-License-Identifier: Apache-2.0
 *
 * semihosting.h - console and files of the host for applications in C.
 */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* To QEMU's standard error. */
void print(const char *text);
void print_number(uint32_t number);

/* Ends the run; QEMU exits with the code. */
_Noreturn void leave(uint32_t code);

/* A file, by name; negative: it cannot be opened. Reading and writing are all or nothing. */
typedef enum file_mode { FILE_READ = 1, FILE_WRITE = 5 } file_mode;
int32_t file_open(const char *name, file_mode mode);
bool    file_read(int32_t file, void *to, size_t bytes);
bool    file_write(int32_t file, const void *from, size_t bytes);

/* The words of the command line behind the application's name: at most two, NUL-terminated, in
 * text. Returns their number; -1 if there are more, or they do not fit. */
int32_t command_words(char *text, size_t bytes, const char *words[2]);

#endif
