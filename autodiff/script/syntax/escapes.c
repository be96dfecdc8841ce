#include "autodiff/script/syntax/memory.h"

#include <string.h>

static int digit_of(char c, int base)
{
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : base;
    return digit < base ? digit : -1;
}

/* The number of at most most digits at *from, which is moved past them. */
static int number_at(const char *data, size_t length, size_t *from, int base, int most)
{
    int number = 0;
    for (int k = 0; k < most && *from < length && digit_of(data[*from], base) >= 0; k++)
        number = number * base + digit_of(data[(*from)++], base);
    return number;
}

void text_unescape(text_buffer *text)
{
    static const char letters[] = "ntrabfv\\\"'";
    static const char meanings[] = "\n\t\r\a\b\f\v\\\"'";
    char *data = text->data;
    size_t to = 0;
    for (size_t from = 0; from < text->length;) {
        char c = data[from++];
        if (c == '\\' && from < text->length) {
            char letter = data[from];
            const char *known = letter ? strchr(letters, letter) : NULL;
            if (known) {
                c = meanings[known - letters];
                from++;
            } else if (digit_of(letter, 8) >= 0) {
                c = (char)number_at(data, text->length, &from, 8, 3);
            } else if (letter == 'x' && from + 1 < text->length &&
                       digit_of(data[from + 1], 16) >= 0) {
                from++;
                c = (char)number_at(data, text->length, &from, 16, 2);
            }
        }
        data[to++] = c;
    }
    text->length = to;
    if (data) data[to] = '\0';
}
