/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/memory.h"

#include <stdlib.h>
#include <string.h>

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
