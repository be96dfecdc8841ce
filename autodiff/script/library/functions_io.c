/* SPDX-License-Identifier: MIT */
/* Input and output. */
#include "autodiff/script/library/functions.h"

#include "autodiff/script/print/print.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

char *path_argument(function_call *call, const string_value *name)
{
    const char *script = call->in->scripts->source->name, *slash = strrchr(script, '/');
    text_buffer path = {0};
    if (strlen(name->bytes) != name->length || name->length == 0) {
        fail(call->in, "%s: not a file's name", call->function->name);
        return NULL;
    }
    if (name->bytes[0] != '/' && slash) text_append(&path, script, (size_t)(slash - script) + 1);
    text_append(&path, name->bytes, name->length);
    return path.data;
}

static FILE *open_argument(function_call *call, const string_value *name, const char *mode)
{
    char *path = path_argument(call, name);
    text_buffer why = {0};
    if (!path) return NULL;
    FILE *file = *mode == 'r' ? file_open(path, &why) : fopen(path, mode);
    if (!file)
        fail(call->in, "%s: %s: %s", call->function->name, path,
             why.length ? why.data : strerror(errno));
    text_free(&why);
    release(path);
    return file;
}

bool call_load(function_call *call)
{
    const string_value *name = call->arguments[0].u.string;
    FILE *file = open_argument(call, name, "r");
    if (!file) return false;
    csv_table csv;
    text_buffer why = {0};
    script_value value;
    bool ok = csv_read(file, &csv, &why);
    fclose(file);
    if (!ok) {
        fail(call->in, "load: %s, %s", name->bytes, why.data);
    } else {
        ok = record(call->in, csv.rows, csv.cols, csv.values, &value) && give(call, value);
        release(csv.values);
    }
    text_free(&why);
    return ok;
}

bool call_save(function_call *call)
{
    const string_value *name = call->arguments[0].u.string;
    const script_value *x = &call->arguments[1];
    FILE *file = open_argument(call, name, "w");
    if (!file) return false;
    bool ok = csv_write(file, x->rows, x->cols, value_numbers(x));
    ok = fclose(file) == 0 && ok;
    return ok || fail(call->in, "save: %s: %s", name->bytes, strerror(errno));
}

static bool print_to(interpreter *in, bool to_error, text_buffer *text)
{
    const char *bytes = text->data ? text->data : "";
    if (to_error) fwrite(bytes, 1, text->length, stderr);
    else print_text(in, bytes, text->length);
    text_free(text);
    return true;
}

/* disp(x), s = disp(x) */
bool call_disp(function_call *call)
{
    text_buffer text = {0};
    if (call->arguments[0].kind == VALUE_ERROR)
        return fail(call->in, "disp: an error is printed by its message");
    value_text(call->in, &call->arguments[0], &text);
    return call->wanted == 0 ? print_to(call->in, false, &text) : give_text(call, &text);
}

/* x = 3; display(x); what has no name is shown by disp */
bool call_display(function_call *call)
{
    const syntax_node *node = call->nodes;
    const script_value *value = &call->arguments[0];
    if (node->kind != NODE_NAME || value->kind == VALUE_ERROR) return call_disp(call);
    print_value(call->in, call->in->symbols.names[node->symbol], value);
    return true;
}

/* The template is argument k. */
static bool print_template(function_call *call, size_t k, bool to_error)
{
    if (!convert_argument(call, k, 't')) return false;
    text_buffer text = {0};
    if (format_arguments(call, k, &text)) return print_to(call->in, to_error, &text);
    text_free(&text);
    return false;
}

/* printf, fprintf; a first argument of 1 is standard output, of 2 standard error. */
bool call_fprintf(function_call *call)
{
    if (!is_numeric(call->arguments[0])) return print_template(call, 0, false);
    if (!convert_argument(call, 0, 'n')) return false;
    double number = call->arguments[0].u.number;
    if ((number != 1 && number != 2) || call->count < 2)
        return fail(call->in, "fprintf: prints a template, to 1 (output) or 2 (errors)");
    return print_template(call, 1, number == 2);
}

/* format long, format short g; other words change nothing. */
bool call_format(function_call *call)
{
    text_buffer name = {0};
    for (size_t k = 0; k < call->count; k++)
        text_print(&name, "%s", call->arguments[k].u.string->bytes);
    size_t place = 1; /* in the order of number_format */
    if (name.data)
        place = word_place("short long shorte longe shortg longg", name.data, name.length);
    if (place) call->in->format = (number_format)(place - 1);
    text_free(&name);
    return true;
}
