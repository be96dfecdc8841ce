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
    size_t count = COUNT;
    while (!functions[count - 1].usage) count--; /* the primitives are last */
    return count;
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

void functions_intern(symbol_table *symbols)
{
    for (size_t k = 0; k < COUNT; k++)
        symbol_of(symbols, functions[k].name, strlen(functions[k].name));
}

const builtin *function_of(uint32_t symbol)
{
    return symbol < COUNT && functions[symbol].usage ? &functions[symbol] : NULL;
}

const builtin *primitive_of(uint32_t symbol)
{
    return symbol < COUNT ? &functions[symbol] : NULL;
}

bool print_help(interpreter *in, const char *name)
{
    const bool all = *name == '\0';
    const char *names[COUNT];
    const size_t count = function_count();
    text_buffer text = {0};
    for (size_t k = 0; k < count; k++) {
        const builtin *function = &functions[k];
        names[k] = function->name;
        if (all || strcmp(function->name, name) == 0)
            text_print(&text, "  %-*s  %s%s\n", all ? 36 : 0, function->usage, function->help,
                       function->beyond_octave ? " (not in Octave)" : "");
    }
    const bool found = text.length > 0;
    if (!found) suggest(&text, name, names, count);
    if (!found) fail(in, "help: %s is not a function%s", name, text.length ? text.data : "");
    else fwrite(text.data, 1, text.length, in->output);
    text_free(&text);
    return found;
}
