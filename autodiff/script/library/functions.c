/* SPDX-License-Identifier: MIT */
/* The function table. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

#define ROW(word, function, ...) {.name = word, .code = function, .takes = __VA_ARGS__},
static const builtin functions[] = {
#include "autodiff/script/library/functions.def"
};

enum { COUNT = sizeof functions / sizeof *functions };

size_t function_count(void)
{
    return COUNT;
}

void function_arity(const builtin *function, size_t *least, size_t *most)
{
    bool optional = false;
    *least = *most = 0;
    for (const char *kind = function->takes; *kind; kind++) {
        if (*kind == '?') optional = true;
        else if (*kind == '*') *most = SIZE_MAX;
        else ++*most, *least += !optional;
    }
}

bool takes_expressions(const builtin *function)
{
    return function->takes[0] == 'x';
}

void functions_intern(symbol_table *symbols)
{
    for (size_t k = 0; k < COUNT; k++)
        symbol_of(symbols, functions[k].name, strlen(functions[k].name));
}

const builtin *function_of(uint32_t symbol)
{
    return symbol < COUNT ? &functions[symbol] : NULL;
}

uint32_t symbol_of_function(const builtin *function)
{
    return (uint32_t)(function - functions);
}

/* ---- Help ---- */

static void append_help(text_buffer *text, const builtin *function, int width)
{
    text_print(text, "  %-*s  %s%s\n", width, function->usage, function->help,
               function->beyond_octave ? " (not in Octave)" : "");
}

void print_functions(FILE *file)
{
    text_buffer text = {0};
    for (size_t k = 0; k < COUNT; k++) append_help(&text, &functions[k], 36);
    fwrite(text.data, 1, text.length, file);
    text_free(&text);
}

bool print_help(interpreter *in, const char *name)
{
    if (*name == '\0') {
        print_functions(in->output);
        return true;
    }
    text_buffer text = {0};
    const char *names[COUNT];
    for (size_t k = 0; k < COUNT; k++) {
        names[k] = functions[k].name;
        if (strcmp(functions[k].name, name) == 0) append_help(&text, &functions[k], 0);
    }
    bool found = text.length > 0;
    if (found) {
        fwrite(text.data, 1, text.length, in->output);
    } else {
        suggest(&text, name, names, COUNT);
        fail(in, "help: %s is not a function%s", name, text.length ? text.data : "");
    }
    text_free(&text);
    return found;
}
