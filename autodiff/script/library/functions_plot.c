/* SPDX-License-Identifier: MIT */
/* What plots (prelude/figures.ad, prelude/plots.ad) need besides the language: text that is kept from
 * call to call, names of files, and gnuplot. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/picture.h"
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

/* kept(name, numbers): "" at first */
bool call_kept(function_call *call)
{
    const variable_scope *kept = &call->in->kept;
    const uint32_t symbol = key_of(call);
    const bool known = symbol < kept->count && kept->variables[symbol].kind != VALUE_NOTHING;
    return give(call, known ? value_share(kept->variables[symbol]) : value_string("", 0));
}

/* keep(name, numbers, text) */
bool call_keep(function_call *call)
{
    interpreter *in = call->in;
    variable_scope *scope = in->scope;
    in->scope = &in->kept;
    set_variable(in, key_of(call), value_share(call->arguments[2]));
    in->scope = scope;
    return true;
}

/* ---- Pictures ---- */

/* script_path(name): relative to the script's folder */
bool call_script_path(function_call *call)
{
    char *path = path_argument(call->in->served, call->arguments[0].u.string);
    if (path) give(call, value_string(path, strlen(path)));
    release(path);
    return path != NULL;
}

/* page_path(k): FOLDER/NAME-k.svg, NAME being the script's without folder and ending; "" where no folder
 * is asked for. */
bool call_page_path(function_call *call)
{
    const char *folder = call->in->plots, *script = call->in->scripts->source->name;
    const char *slash = strrchr(script, '/'), *name = slash ? slash + 1 : script;
    const char *dot = strrchr(name, '.');
    text_buffer path = {0};
    if (!folder) return give(call, value_string("", 0));
    if (*script == '<') name = "plot", dot = NULL; /* it has no file */
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return fail(call->in, ": %s: %s", folder, strerror(errno));
    const size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    text_print(&path, "%s/%.*s-%.0f.svg", folder, (int)length, name, call->arguments[0].u.number);
    give(call, value_string(path.data, path.length));
    text_free(&path);
    return true;
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
    if (in->kept.count == 0) return true;
    symbol_find(&in->symbols, "finish_plots", strlen("finish_plots"), &symbol);
    const defined_function *finish = written_of(in, symbol);
    const callee f = {.script = finish->script, .node = finish->node};
    function_call call = {.in = in, .node = finish->node};
    clear_failure(in);
    in->deadline = in->seconds_allowed > 0 ? seconds_now() + in->seconds_allowed : 0;
    const ad_mark mark = ad_tape_mark(in->tape);
    const bool ok = call_function(&call, &f);
    ad_tape_rewind(in->tape, mark);
    const char *message = ok ? "" : in->failure.message.data;
    if (!ok) fprintf(stderr, "autodiff: %s\n", message + strspn(message, ": "));
    return ok;
}
