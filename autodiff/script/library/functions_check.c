/* SPDX-License-Identifier: MIT */
/* What check and gradcheck say: one line each, and a part in the exit status. */
#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"

#include <math.h>
#include <string.h>

/* Appends a node's text, its blanks and line ends drawn together. */
static void append_source(text_buffer *text, interpreter *in, const syntax_node *node)
{
    const char *source = in->script->source->text;
    bool blank = false;
    for (size_t k = node->start; k < node->end; k++) {
        char c = source[k];
        bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!space && blank) text_append(text, " ", 1);
        if (!space) text_append(text, &c, 1);
        blank = space;
    }
}

static void print_json_check(function_call *call, const text_buffer *what, bool passed,
                             double error)
{
    const source_text *source = call->in->script->source;
    FILE *file = call->in->output;
    fputs("{\"check\":", file);
    json_string(file, what->data, what->length);
    fprintf(file, ",\"ok\":%s,\"error\":", passed ? "true" : "false");
    json_number(file, error);
    fprintf(file, ",\"line\":%zu}\n", source_place(source, call->node->start).line);
}

void report_check(function_call *call, const char *before, const char *between, const char *after,
                  bool passed, double error, const char *detail)
{
    interpreter *in = call->in;
    text_buffer what = {0};
    text_print(&what, "%s", before);
    append_source(&what, in, call->nodes);
    text_print(&what, "%s", between);
    append_source(&what, in, call->nodes->next);
    text_print(&what, "%s", after);
    if (in->json) print_json_check(call, &what, passed, error);
    else
        fprintf(in->output, "%s, largest error %.3g%s: %s\n", what.data, error, detail,
                passed ? "ok" : "FAILED");
    text_free(&what);
    in->check_failed = in->check_failed || !passed;
}

/* The largest finite |expected|, or 1 where that is 0: small elements beside large ones are
 * compared at the scale of the whole. */
static double check_scale(const script_value *expected)
{
    double scale = 0;
    for (size_t k = 0; k < expected->rows * expected->cols; k++) {
        double size = fabs(value_numbers(expected)[k]);
        scale = isfinite(size) && size > scale ? size : scale;
    }
    return scale > 0 ? scale : 1;
}

/* The largest |actual - expected| / scale; 0 for equal infinities, infinite where only one of
 * the two is, NaN where either is NaN. */
static double largest_error(const script_value *actual, const script_value *expected)
{
    const double *numbers = value_numbers(actual), *others = value_numbers(expected);
    bool single = is_scalar(*expected);
    double scale = check_scale(expected), largest = 0;
    for (size_t k = 0; k < actual->rows * actual->cols; k++) {
        double x = numbers[k], y = others[single ? 0 : k];
        double error = isinf(x) && x == y ? 0 : fabs(x - y) / scale;
        if (isinf(error)) error = 2 * (fabs(x / 2 - y / 2) / scale); /* where x - y overflows */
        if (isnan(error)) return error;
        largest = error > largest ? error : largest;
    }
    return largest;
}

/* check(actual, expected, tolerance) */
bool call_check(function_call *call)
{
    const script_value *actual = &call->arguments[0], *expected = &call->arguments[1];
    double tolerance = call->count == 3 ? call->arguments[2].u.number : 1e-10;
    bool same = actual->rows == expected->rows && actual->cols == expected->cols;
    bool single = is_scalar(*expected);
    if (!same && !(single && actual->rows && actual->cols))
        return fail(call->in, "check: %zux%zu and %zux%zu: the shapes differ", actual->rows,
                    actual->cols, expected->rows, expected->cols);
    double error = largest_error(actual, expected);
    report_check(call, "", " == ", "", error <= tolerance, error, "");
    return true;
}
