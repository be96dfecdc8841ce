/* SPDX-License-Identifier: MIT */
/* What plots (prelude/figures.ad, prelude/plots.ad) need besides the language: text that is kept from
 * call to call, names of files, and gnuplot. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"
#include "autodiff/script/shell/shell.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Text that is kept ---- */

/* The symbol of a name and numbers: "series 1 2", which is no variable of a script. */
static uint32_t key_of(function_call *call)
{
    text_buffer key = {0};
    const script_value *numbers = &call->arguments[1];
    text_print(&key, "%s", call->arguments[0].u.string->bytes);
    for (size_t k = 0; k < numbers->rows * numbers->cols; k++)
        text_print(&key, " %.17g", value_numbers(numbers)[k]);
    const uint32_t symbol = symbol_of(&call->in->symbols, key.data, key.length);
    text_free(&key);
    return symbol;
}

/* kept(name, numbers), "" at first, and keep(name, numbers, text) */
bool call_keep(function_call *call)
{
    interpreter *in = call->in;
    variable_scope *scope = in->scope;
    const uint32_t symbol = key_of(call);
    in->scope = &in->kept;
    if (call->count > 2) set_variable(in, symbol, value_share(call->arguments[2]));
    const script_value *value = lookup(in, symbol);
    in->scope = scope;
    return call->count > 2 || give(call, value ? value_share(*value) : value_string("", 0));
}

/* ---- Pictures ---- */

/* FOLDER/NAME-k.svg, NAME being the script's without folder and ending; "" where no folder is asked
 * for. NULL with an error for a folder that cannot be made. */
static char *page_path(interpreter *in, double k)
{
    const char *script = in->scripts->source->name;
    const char *slash = strrchr(script, '/'), *name = slash ? slash + 1 : script;
    const char *dot = strrchr(name, '.');
    text_buffer path = {0};
    text_append(&path, "", 0);
    if (!in->plots) return path.data;
    if (*script == '<') name = "plot", dot = NULL; /* it has no file */
    const size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    text_print(&path, "%s/%.*s-%.0f.svg", in->plots, (int)length, name, k);
    if (mkdir(in->plots, 0777) == 0 || errno == EEXIST) return path.data;
    fail(in, ": %s: %s", in->plots, strerror(errno));
    text_free(&path);
    return NULL;
}

/* picture_path(name), relative to the script's folder, and picture_path(k), of page k of --plots */
bool call_picture_path(function_call *call)
{
    const script_value *which = &call->arguments[0];
    char *path = which->kind == VALUE_STRING ? path_argument(call->in->served, which->u.string)
                                             : page_path(call->in, *value_numbers(which));
    if (path) give(call, value_string(path, strlen(path)));
    release(path);
    return path != NULL;
}

/* draw_picture(path, commands), which are gnuplot's */
bool call_draw_picture(function_call *call)
{
    static const char *const command[] = {"gnuplot", "-d", "-", NULL}; /* no file of settings */
    const char *path = call->arguments[0].u.string->bytes;
    const string_value *commands = call->arguments[1].u.string;
    text_buffer why = {0};
    FILE *script = tmpfile();
    bool ok = script && fwrite(commands->bytes, 1, commands->length, script) == commands->length &&
              fflush(script) == 0;
    if (!ok) text_print(&why, "%s", strerror(errno));
    ok = ok && picture_draw(command, "gnuplot-nox", script, path, &why);
    if (script) fclose(script);
    if (!ok) fail(call->in, ": %s: %s", path, why.data);
    text_free(&why);
    return ok;
}

bool plots_finish(interpreter *in)
{
    uint32_t symbol;
    callee finish;
    if (in->kept.count == 0) return true;
    symbol_find(&in->symbols, "finish_plots", strlen("finish_plots"), &symbol);
    callee_named(in, in->prelude, symbol, &finish);
    function_call call = {.in = in, .node = finish.node};
    clear_failure(in);
    in->deadline = in->seconds_allowed > 0 ? seconds_now() + in->seconds_allowed : 0;
    const ad_mark mark = ad_tape_mark(in->tape);
    const bool ok = call_function(&call, &finish);
    ad_tape_rewind(in->tape, mark);
    const char *message = ok ? "" : in->failure.message.data;
    if (!ok) fprintf(stderr, "autodiff: %s\n", message + strspn(message, ": "));
    return ok;
}
