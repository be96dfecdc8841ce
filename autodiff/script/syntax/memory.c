/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/syntax/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What stands before every block, so that a release can be counted. */
typedef union block_header {
    size_t bytes;
    max_align_t alignment;
} block_header;

size_t memory_limit = SIZE_MAX, array_limit, file_limit = (size_t)1 << 30;
static size_t used;
static bool refused;
static bool reporting; /* which takes memory too, beyond the limit if need be */
static void (*reporter)(void *context);
static void *reporter_context;

void memory_reporter(void (*report)(void *context), void *context)
{
    reporter = report;
    reporter_context = context;
}

const char *memory_note(void)
{
    static char note[80];
    snprintf(note, sizeof note, " (--max-memory allows %zu bytes)", memory_limit);
    bool noted = refused;
    refused = false;
    return noted ? note : "";
}

void out_of_memory(void)
{
    if (reporter && !reporting) {
        reporting = true;
        reporter(reporter_context);
    } else {
        fprintf(stderr, "autodiff: out of memory%s\n", memory_note());
    }
    exit(2);
}

void *memory_resize(void *memory, size_t bytes)
{
    block_header *block = memory ? (block_header *)memory - 1 : NULL;
    size_t held = block ? block->bytes : 0;
    if (bytes > SIZE_MAX - sizeof *block) return NULL;
    bytes += sizeof *block;
    bool within = bytes <= held || (used <= memory_limit && bytes - held <= memory_limit - used);
    if (!within && !reporting) {
        refused = true;
        return NULL;
    }
    block = realloc(block, bytes);
    if (!block) return NULL;
    used = used - held + bytes;
    block->bytes = bytes;
    return block + 1;
}

void release(void *memory)
{
    if (memory) {
        block_header *block = (block_header *)memory - 1;
        used -= block->bytes;
        free(block);
    }
}

void *allocate(size_t bytes)
{
    void *memory = memory_resize(NULL, bytes);
    if (!memory) out_of_memory();
    return memset(memory, 0, bytes);
}

void *reallocate(void *memory, size_t count, size_t item)
{
    void *grown = item && count > SIZE_MAX / item ? NULL : memory_resize(memory, count * item);
    if (!grown) out_of_memory();
    return grown;
}

/* The physical memory: an array beyond it could only thrash. */
static size_t physical_memory(void)
{
    const double bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    return bytes > 1 && bytes < 0x1p62 ? (size_t)bytes : SIZE_MAX;
}

void *array_resize(void *array, size_t count, size_t item)
{
    if (array_limit == 0) array_limit = physical_memory();
    if (item && count > array_limit / item) return NULL;
    return memory_resize(array, count * item);
}

void *array_extend(void *array, size_t count, size_t item)
{
    bool full = (count & (count - 1)) == 0;
    return full ? reallocate(array, count ? 2 * count : 1, item) : array;
}

void *array_reserve(void *array, size_t *capacity, size_t count, size_t item)
{
    if (array && count <= *capacity) return array;
    const size_t wanted = count / 2 < *capacity ? 2 * *capacity : count;
    void *memory = array_resize(array, wanted, item);
    if (memory) *capacity = wanted;
    return memory;
}

char *copy_text(const char *text, size_t length)
{
    char *copy = allocate(length + 1);
    if (length) memcpy(copy, text, length);
    return copy;
}

size_t word_place(const char *words, const char *text, size_t length)
{
    for (size_t place = 1; *words; place++) {
        const size_t size = strcspn(words, " ");
        if (size == length && memcmp(words, text, length) == 0) return place;
        words += size + strspn(words + size, " ");
    }
    return 0;
}

/* Room for length more bytes and the terminator. */
static void text_reserve(text_buffer *text, size_t length)
{
    if (length >= SIZE_MAX - text->length - 1) out_of_memory();
    size_t needed = text->length + length + 1;
    if (needed <= text->capacity) return;
    size_t capacity = text->capacity < 32 ? 64 : 2 * text->capacity;
    if (capacity < needed) capacity = needed;
    text->data = reallocate(text->data, capacity, 1);
    text->capacity = capacity;
}

void text_append(text_buffer *text, const char *data, size_t length)
{
    text_reserve(text, length);
    if (length) memcpy(text->data + text->length, data, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_vprint(text_buffer *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int printed = vsnprintf(NULL, 0, format, arguments);
    const size_t length = printed > 0 ? (size_t)printed : 0;
    text_reserve(text, length);
    vsnprintf(text->data + text->length, length + 1, format, again);
    text->length += length;
    va_end(again);
}

void text_print(text_buffer *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_vprint(text, format, arguments);
    va_end(arguments);
}

bool refuse(text_buffer *why, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_vprint(why, format, arguments);
    va_end(arguments);
    return false;
}

/* The byte that at most `most` of the digits at *at tell, which are passed. */
static char byte_at(const char **at, const char *digits, size_t most)
{
    char number[4] = "";
    const size_t found = strspn(*at, digits), length = found < most ? found : most;
    memcpy(number, *at, length);
    *at += length;
    return (char)strtol(number, NULL, most == 3 ? 8 : 16);
}

void text_unescape(text_buffer *text)
{
    static const char letters[] = "ntrabfv\\\"'", meanings[] = "\n\t\r\a\b\f\v\\\"'";
    static const char octal[] = "01234567", hexadecimal[] = "0123456789abcdefABCDEF";
    if (text->length == 0) return;
    const char *from = text->data, *end = from + text->length;
    char *to = text->data;
    while (from < end) {
        char c = *from++;
        const char letter = c == '\\' ? *from : '\0'; /* the text is terminated */
        const char *known = letter ? strchr(letters, letter) : NULL;
        if (known) {
            c = meanings[known - letters];
            from++;
        } else if (letter && strchr(octal, letter)) {
            c = byte_at(&from, octal, 3);
        } else if (letter == 'x' && from[1] && strchr(hexadecimal, from[1])) {
            from++;
            c = byte_at(&from, hexadecimal, 2);
        } else if (letter) {
            c = *from++; /* no escape: Octave drops the backslash */
        }
        *to++ = c;
    }
    text->length = (size_t)(to - text->data);
    *to = '\0';
}

void text_free(text_buffer *text)
{
    release(text->data);
    *text = (text_buffer){0};
}

void text_write(text_buffer *text, FILE *file)
{
    fwrite(text->data, 1, text->length, file);
    text_free(text);
}
