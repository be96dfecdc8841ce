/* SPDX-License-Identifier: MIT */
/* Calls on one value that record nothing. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tests/fuzz/interface/program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whether the handle is good, and which tape an error may go to. */
static bool choose(program *p, int *i, bool *concerned)
{
    *i = next_operand(p, ANY, &p->slots[0]);
    const int t = tape_index(p, p->slots[*i].handle.tape);
    if (t >= 0) concerned[t] = true;
    return p->slots[*i].live;
}

void ad_name_deed(program *p)
{
    static const char *const names[] = {"x", "a longer name", "", NULL, "quotes \" \\ and\nlines"};
    int i;
    bool concerned[TAPES] = {false};
    const statuses before = statuses_now(p);
    choose(p, &i, concerned);
    const ad_var x = p->slots[i].handle;
    const ad_var same = ad_name(x, names[next_below(p, sizeof names / sizeof *names)]);
    promise(p, same.tape == x.tape && same.node == x.node && same.epoch == x.epoch,
            "ad_name: another handle");
    check_errors(p, &before, concerned, "ad_name");
}

/* ---- reading ---- */

void ad_ok_deed(program *p)
{
    check_handles(p);
}

void ad_rows_deed(program *p)
{
    promise(p, ad_rows((ad_var){0}) == 0, "ad_rows of {0}");
    check_handles(p);
}

void ad_cols_deed(program *p)
{
    promise(p, ad_cols((ad_var){0}) == 0, "ad_cols of {0}");
    check_handles(p);
}

void ad_value_deed(program *p)
{
    int i;
    bool concerned[TAPES] = {false};
    const statuses before = statuses_now(p);
    const bool live = choose(p, &i, concerned);
    const bool one = live && p->slots[i].rows == 1 && p->slots[i].cols == 1;
    say(p, "ad_value(v[%d]);", i);
    const double value = ad_value(p->slots[i].handle);
    promise(p, one || isnan(value), "ad_value: %g of v[%d], which is none", value, i);
    for (int t = 0; t < TAPES; t++)
        if (concerned[t] && !one)
            promise(p, ad_tape_status(p->tapes[t].tape) != AD_OK, "ad_value: no error");
    check_errors(p, &before, concerned, "ad_value");
}

/* All of the tape, with those seen before. */
void ad_values_deed(program *p)
{
    int i;
    bool concerned[TAPES] = {false};
    const statuses before = statuses_now(p);
    const bool live = choose(p, &i, concerned);
    say(p, "ad_values(v[%d]);", i);
    const double *values = ad_values(p->slots[i].handle);
    promise(p, live || !values, "ad_values: some of v[%d], which is none", i);
    check_errors(p, &before, concerned, "ad_values");
    check_values(p, p->current);
}

void ad_print_deed(program *p)
{
    int i;
    char *text = NULL;
    size_t size = 0;
    bool concerned[TAPES] = {false};
    const statuses before = statuses_now(p);
    FILE *file = open_memstream(&text, &size);
    if (!file) return;
    const bool live = choose(p, &i, concerned);
    say(p, "ad_print(stdout, v[%d]);", i);
    const ad_status status = ad_print(file, p->slots[i].handle);
    fclose(file);
    promise(p, live || status != AD_OK, "ad_print: v[%d], which is none", i);
    promise(p, status != AD_OK || (size > 0 && text[size - 1] == '\n'), "ad_print: no line");
    free(text);
    check_errors(p, &before, concerned, "ad_print");
}

/* ---- derivatives ---- */

void ad_backward_deed(program *p)
{
    bool concerned[TAPES] = {false};
    const int i = next_operand(p, ONE, &p->slots[0]);
    const int t = tape_index(p, p->slots[i].handle.tape);
    const statuses before = statuses_now(p);
    say(p, "ad_backward(v[%d]);", i);
    const ad_status status = ad_backward(p->slots[i].handle);
    if (t >= 0) concerned[t] = true;
    if (t == p->current) check_status(p, &before, status, "ad_backward");
    promise(p, status != AD_OK || slot_size(&p->slots[i]) == 1, "ad_backward: works of v[%d]", i);
    promise(p, status != AD_OK || !(p->tapes[t].pending || p->tapes[t].failed),
            "ad_backward: works before a replay");
    check_errors(p, &before, concerned, "ad_backward");
}

void ad_adjoint_deed(program *p)
{
    int i;
    bool concerned[TAPES] = {false};
    const statuses before = statuses_now(p);
    const bool live = choose(p, &i, concerned);
    say(p, "ad_adjoint(v[%d]);", i);
    const double *adjoint = ad_adjoint(p->slots[i].handle);
    promise(p, live || !adjoint, "ad_adjoint: of v[%d], which is none", i);
    check_errors(p, &before, concerned, "ad_adjoint");
}

/* Those of two values are what ad_adjoint says, or NaN. */
void ad_adjoints_deed(program *p)
{
    enum { COUNT = 2 };
    ad_var leaves[COUNT];
    double out[COUNT * LARGEST_RESULT];
    bool concerned[TAPES] = {false};
    concerned[p->current] = true;
    for (size_t k = 0; k < COUNT; k++) {
        const int i = next_operand(p, ANY, &p->slots[0]),
                  t = tape_index(p, p->slots[i].handle.tape);
        leaves[k] = p->slots[i].handle;
        if (t >= 0) concerned[t] = true;
    }
    const statuses before = statuses_now(p);
    say(p, "ad_adjoints(t[%d], ...);", p->current);
    const ad_status status = ad_adjoints(current_tape(p)->tape, leaves, COUNT, out);
    check_status(p, &before, status, "ad_adjoints");
    check_errors(p, &before, concerned, "ad_adjoints");
    for (size_t k = 0, at = 0; k < COUNT; k++) {
        const size_t size = ad_rows(leaves[k]) * ad_cols(leaves[k]);
        const double *one = status == AD_OK ? ad_adjoint(leaves[k]) : NULL;
        for (size_t i = 0; i < size; i++, at++)
            promise(p, one ? memcmp(&one[i], &out[at], sizeof *out) == 0 : isnan(out[at]),
                    "ad_adjoints: element %zu is %g", at, out[at]);
    }
}

void compare_gradients_deed(program *p)
{
    const int i = next_operand(p, ONE, &p->slots[0]);
    const slot *s = &p->slots[i];
    if (!s->live || slot_size(s) != 1) return;
    say(p, "compare(v[%d]);", i);
    check_gradient(p, i);
}

/* ---- gradcheck ---- */

/* Values, nodes and adjoints are as before. */
static void check_gradcheck(program *p, bool report)
{
    const int y = next_operand(p, ONE, &p->slots[0]), x = next_operand(p, ANY, &p->slots[0]);
    const ad_var of = p->slots[y].handle, by = p->slots[x].handle;
    const statuses before = statuses_now(p);
    bool concerned[TAPES] = {false};
    const ad_var both[] = {of, by};
    for (int k = 0; k < 2; k++)
        if (tape_index(p, both[k].tape) >= 0) concerned[tape_index(p, both[k].tape)] = true;
    const size_t nodes = ad_tape_statistics(of.tape).nodes;
    if (nodes > 100 || slot_size(&p->slots[x]) > 4) return;
    double error = 0;
    size_t judged = 99;
    say(p, "ad_gradcheck(v[%d], v[%d]);", y, x);
    const ad_status status = report ? ad_gradcheck_report(of, by, &error, &judged) : AD_OK;
    if (!report) error = ad_gradcheck(of, by);
    else if (tape_index(p, of.tape) == p->current)
        check_status(p, &before, status, "ad_gradcheck_report");
    promise(p, ad_tape_statistics(of.tape).nodes == nodes, "ad_gradcheck: leaves nodes");
    promise(p, isnan(error) || error >= 0, "ad_gradcheck: %g", error);
    if (report) promise(p, judged <= slot_size(&p->slots[x]), "ad_gradcheck: judges %zu", judged);
    if (report) promise(p, isnan(error) || judged > 0, "ad_gradcheck: %g of none", error);
    check_errors(p, &before, concerned, "ad_gradcheck");
    check_values(p, p->current);
}

void ad_gradcheck_deed(program *p)
{
    check_gradcheck(p, false);
}

void ad_gradcheck_report_deed(program *p)
{
    check_gradcheck(p, true);
}
