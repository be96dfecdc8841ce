/* SPDX-License-Identifier: MIT */
/* The program's memory. Every allocation of the script runner is made and checked here.
 *
 * Small allocations (names, syntax trees, text) that fail end the program with a message and exit
 * status 2: nothing sensible can be done without them. Arrays of numbers, whose size a script
 * decides, come from array_resize, which returns NULL so that the script gets an error instead. */
#ifndef SCRIPT_MEMORY_H
#define SCRIPT_MEMORY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The compiler compares the arguments with the format. */
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* Limits in bytes: of all that is handed out together; of an array of array_resize, where 0 means the
 * physical memory; of a file that is read, 1 GB unless set. */
extern size_t memory_limit, array_limit, file_limit;

/* bytes of memory, zeroed; never NULL. The caller frees it with release(). */
void *allocate(size_t bytes);

/* memory resized to count items of the given size; never NULL. */
void *reallocate(void *memory, size_t count, size_t item);

/* Frees what a function of this file gave; NULL does nothing. */
void release(void *memory);

/* The array (NULL: a new one) with count items of the given size, NULL if that overflows, exceeds
 * the limit or cannot be had: the array is then as it was. Never NULL for count 0. */
void *array_resize(void *array, size_t count, size_t item);

/* The array of count items with room for one more; never NULL. It doubles whenever count is a power
 * of two, so that nobody keeps a capacity. */
void *array_extend(void *array, size_t count, size_t item);

/* array_resize for count items or more; *capacity is how many there is room for. */
void *array_reserve(void *array, size_t *capacity, size_t count, size_t item);

/* memory (NULL: a new block) with room for bytes, NULL when there are none left. */
void *memory_resize(void *memory, size_t bytes);

/* " (--max-memory allows N bytes)" if the limit has refused memory since the last call, else "". */
const char *memory_note(void);

/* Ends the program with status 2, as the functions that never give NULL do when there is none left. */
void out_of_memory(void);

/* Sets who reports that, once. NULL: a line on standard error. */
void memory_reporter(void (*report)(void *context), void *context);

/* A copy of length bytes as a terminated string. */
char *copy_text(const char *text, size_t length);

/* The place, from 1, of a text among words that blanks separate; 0 if it is none of them. */
size_t word_place(const char *words, const char *text, size_t length);

/* Text that grows. {0} is an empty one; data is NULL or terminated. */
typedef struct text_buffer {
    char *data;
    size_t length;
    size_t capacity;
} text_buffer;

void text_append(text_buffer *text, const char *data, size_t length);
void text_print(text_buffer *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_vprint(text_buffer *text, const char *format, va_list arguments);
/* Prints why something is refused; false, for the caller to return. */
bool refuse(text_buffer *why, const char *format, ...) PRINTF_LIKE(2, 3);
/* Resolves the escapes of a double-quoted string: \n \t \r \a \b \f \v \0 \\ \" \' \ooo \xhh. */
void text_unescape(text_buffer *text);
void text_free(text_buffer *text);
/* Writes the text to the file, and frees it. */
void text_write(text_buffer *text, FILE *file);

#endif
