/* SPDX-License-Identifier: MIT */
/* Prints a run as C, to be put into a program that declares t, v, m and kept. */
#include "tests/fuzz/interface/program.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* A statement that ends with a semicolon ends its line. */
void say(const program *p, const char *format, ...)
{
    if (!p->listing) return;
    va_list arguments;
    va_start(arguments, format);
    vfprintf(p->listing, format, arguments);
    va_end(arguments);
    if (format[strlen(format) - 1] == ';') fputc('\n', p->listing);
}

static void say_list(const program *p, const char *type, size_t count)
{
    say(p, "(const %s[]){", type);
    if (!count) say(p, "0");
}

void say_numbers(const program *p, const double *values, size_t count)
{
    if (!p->listing) return;
    say_list(p, "double", count);
    for (size_t i = 0; i < count; i++)
        if (isnan(values[i])) say(p, "NAN, ");
        else if (isinf(values[i])) say(p, values[i] > 0 ? "INFINITY, " : "-INFINITY, ");
        else say(p, "%.17g, ", values[i]);
    say(p, "});");
}

static void say_operands(const program *p, const action *a, size_t from)
{
    say(p, "(const ad_var[]){");
    for (size_t k = from; k < a->count; k++) say(p, "v[%d], ", a->operands[k]);
    say(p, "}");
}

static void say_sizes(const program *p, const action *a)
{
    say(p, "%zu, %zu", a->sizes[0], a->sizes[1]);
    if (a->call->signature == BLOCK) say(p, ", %zu, %zu", a->sizes[2], a->sizes[3]);
}

static void say_indices(const program *p, const action *a)
{
    if (a->null) {
        say(p, "NULL, ");
    } else {
        say_list(p, "size_t", 0);
        for (size_t i = 0; i < MOST_ELEMENTS; i++) say(p, ", %zu", a->indices[i]);
        say(p, "}, ");
    }
    say_sizes(p, a);
}

static void say_custom(const program *p, const action *a)
{
    say(p, "t[%d], plan_operation(&(plan){0, 0, %u, %u, %u, %u}), ", p->current, a->plan.variant,
        a->plan.shape, a->plan.value, a->plan.gradient);
    say_operands(p, a, 0);
    say(p, ", %zu, plan", a->count);
}

void say_action(const program *p, const action *a, int result)
{
    if (!p->listing) return;
    const signature s = a->call->signature;
    if (s != GRADS) say(p, "v[%d] = ", result);
    say(p, "%s(", a->call->name);
    if (s == LEAF) {
        say(p, "t[%d], %zu, %zu, ", p->current, a->sizes[0], a->sizes[1]);
        if (a->null) say(p, "NULL);");
        else /* one stands for more than there can be */
            say_numbers(p, a->values,
                        a->sizes[0] * a->sizes[1] <= MOST_ELEMENTS ? a->sizes[0] * a->sizes[1] : 1);
        return;
    }
    if (s == NUMBER) say(p, "t[%d], %.17g", p->current, *a->values);
    const bool list = s == JOIN || s == CUSTOM || s == GRADS;
    for (size_t k = 0; k < (list ? s == GRADS : a->count); k++)
        say(p, "%sv[%d]", k ? ", " : "", a->operands[k]);
    if (s == WITH_NUMBER) say(p, ", %.17g", a->number);
    if (s == WITH_INTEGER || s == SOLVE) say(p, ", %d", a->integer);
    if (s == WITH_SHAPE || s == BLOCK || s == WITH_INDICES || s == GRADS) say(p, ", ");
    if (s == WITH_SHAPE || s == BLOCK) say_sizes(p, a);
    if (s == WITH_INDICES) say_indices(p, a);
    if (s == JOIN || s == GRADS) {
        say_operands(p, a, s == GRADS);
        say(p, ", %zu", a->count - (s == GRADS));
    }
    if (s == GRADS) say(p, ", &v[%d]", result);
    if (s == CUSTOM) say_custom(p, a);
    say(p, ");");
}
