/* SPDX-License-Identifier: MIT */
/* The session: its variables, its terminal, its end. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* True if an argument names the variable, or if there are none. */
static bool is_named(function_call *call, const char *name)
{
    bool named = call->count == 0;
    for (size_t k = 0; k < call->count && !named; k++) {
        const string_value *word = call->arguments[k].u.string;
        named = word_place("all -all -a", word->bytes, word->length) ||
                fnmatch(word->bytes, name, 0) == 0;
    }
    return named;
}

bool call_clear(function_call *call)
{
    interpreter *in = call->in;
    if (in->scope->function && in->scope->function->kind == NODE_FUNCTION)
        return fail(in, "clear: an anonymous function has no variables to forget");
    for (uint32_t k = in->scope->low; k < in->scope->high; k++)
        if (lookup(in, k) && is_named(call, in->symbols.names[k]))
            value_release(&in->scope->variables[k]);
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool call_who(function_call *call)
{
    enum { LINE = 80 };
    interpreter *in = call->in;
    const variable_scope *scope = in->scope;
    const char **names = allocate((scope->high - scope->low) * sizeof *names);
    size_t count = 0, column = 0;
    for (uint32_t k = scope->low; k < scope->high; k++)
        if (lookup(in, k)) names[count++] = in->symbols.names[k];
    qsort(names, count, sizeof *names, compare_names);
    text_buffer text = {0};
    for (size_t k = 0; k < count; k++) {
        size_t width = strlen(names[k]);
        bool wraps = column + 2 + width > LINE;
        text_print(&text, "%s%s", k == 0 ? "" : wraps ? "\n" : "  ", names[k]);
        column = (k == 0 || wraps ? 0 : column + 2) + width;
    }
    release(names);
    if (count) {
        text_print(&text, "\n");
        print_text(in, text.data, text.length);
    }
    text_free(&text);
    return true;
}

bool call_help(function_call *call)
{
    return print_help(call->in, call->count ? call->arguments[0].u.string->bytes : "");
}

/* What has no effect here: commands of a session with windows. */
bool call_nothing(function_call *call)
{
    (void)call;
    return true;
}

/* ---- Clocks ---- */

bool call_tic(function_call *call)
{
    const double now = seconds_now();
    if (call->wanted > 0) return give(call, value_number(now));
    call->in->started = now;
    return true;
}

bool call_toc(function_call *call)
{
    const double began = call->count ? call->arguments[0].u.number : call->in->started;
    const double passed = seconds_now() - began;
    if (began == 0) return fail(call->in, "toc: there was no tic");
    if (call->wanted > 0) return give(call, value_number(passed));
    text_buffer text = {0};
    text_print(&text, "Elapsed time is %g seconds.\n", passed);
    print_text(call->in, text.data, text.length);
    text_free(&text);
    return true;
}

/* time, cputime */
bool call_time(function_call *call)
{
    struct timespec now = {0};
    const bool processor = call->function->parameter > 0;
    clock_gettime(processor ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_REALTIME, &now);
    return give(call, value_number((double)now.tv_sec + 1e-9 * (double)now.tv_nsec));
}

/* ---- The terminal, the end ---- */

bool call_clc(function_call *call)
{
    if (isatty(fileno(call->in->output))) fputs("\033[H\033[2J", call->in->output);
    return true;
}

bool call_quit(function_call *call)
{
    double status = call->count ? call->arguments[0].u.number : 0;
    if (!(status >= 0 && status <= 255 && floor(status) == status))
        return fail(call->in, "%s: a status is an integer from 0 to 255", call->function->name);
    call->in->exit_status = (int)status;
    call->in->quit = true;
    return fail(call->in, "quit");
}
