/* SPDX-License-Identifier: MIT */
/* Assignment to elements: x(i) = v, x(i, j) = v, and x(i) = [] which deletes.
 *
 * The elements of the new value are those of the old one, what is assigned and zeros, so that it is
 * differentiable by both. Nothing is recorded before they are read (elements.h). */
#include "autodiff/script/run/elements.h"
#include "autodiff/script/run/index.h"

#include <math.h>

typedef struct assignment {
    interpreter *in;
    lazy_elements *to;
    script_value right; /* on the tape */
    size_t offset;      /* of its elements among the sources */
    bool on_diagonal;   /* one number goes to one element of the diagonal */
} assignment;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Adds the right side, and makes room for it. */
static bool lay_out(assignment *a, size_t rows, size_t cols)
{
    return elements_add(a->in, a->to, a->right.var, &a->offset) &&
           elements_resize(a->in, a->to, rows, cols);
}

/* Where element k of the right side, counted down the columns, lies. */
static size_t right_source(const assignment *a, size_t k)
{
    size_t rows = value_rows(a->right), cols = value_cols(a->right);
    return a->offset + (rows * cols == 1 ? 0 : row_major(k, rows, cols));
}

/* ---- x(i) = v ---- */

/* In the shape that holds position `largest`: vectors grow in their direction. */
static bool lay_out_linear(assignment *a, size_t largest)
{
    size_t m = a->to->rows, n = a->to->cols;
    if (largest <= m * n) return lay_out(a, m, n);
    if (n == 1 && m != 1) return lay_out(a, largest, 1);
    if (m * n == 0 || m == 1) return lay_out(a, 1, largest);
    return fail(a->in, "index (%zu): out of bounds %zu, and a %zux%zu matrix does not grow so",
                largest, m * n, m, n);
}

static bool assign_linear(assignment *a, const subscript *index)
{
    size_t given = value_rows(a->right) * value_cols(a->right);
    if (given != 1 && given != index->count) {
        octave_says(a->in, "Octave:nonconformant-args",
                    "=: nonconformant arguments (op1 is %zux1, op2 is %zux%zu)", index->count,
                    value_rows(a->right), value_cols(a->right));
        return fail(a->in, "=: %zu elements and a %zux%zu value", index->count,
                    value_rows(a->right), value_cols(a->right));
    }
    a->on_diagonal = index->count == 1 && index->largest <= a->to->rows * a->to->cols &&
                     (index->largest - 1) % (a->to->rows + 1) == 0;
    if (!lay_out_linear(a, index->largest)) return false;
    for (size_t k = 0; k < index->count; k++)
        a->to->sources[row_major(position_at(index, k), a->to->rows, a->to->cols)] =
            right_source(a, k);
    return true;
}

/* ---- x(i, j) = v ---- */

static bool check_two(assignment *a, const subscript *row, const subscript *col)
{
    size_t m = value_rows(a->right), n = value_cols(a->right);
    bool same = m == row->count && n == col->count;
    bool turned = (row->count == 1 && m == col->count && n == 1) || /* a column into a row */
                  (col->count == 1 && n == row->count && m == 1);
    if (m * n == 1 || same || turned) return true;
    octave_says(a->in, "Octave:nonconformant-args",
                "=: nonconformant arguments (op1 is %zux%zu, op2 is %zux%zu)", row->count,
                col->count, m, n);
    return fail(a->in, "=: %zux%zu elements and a %zux%zu value", row->count, col->count, m, n);
}

static bool assign_two(assignment *a, const subscript *row, const subscript *col)
{
    if (!check_two(a, row, col)) return false;
    a->on_diagonal = row->count == 1 && col->count == 1 && row->largest == col->largest &&
                     row->largest <= a->to->rows && col->largest <= a->to->cols;
    if (!lay_out(a, larger(a->to->rows, row->largest), larger(a->to->cols, col->largest)))
        return false;
    for (size_t j = 0; j < col->count; j++)
        for (size_t i = 0; i < row->count; i++)
            a->to->sources[position_at(row, i) * a->to->cols + position_at(col, j)] =
                right_source(a, j * row->count + i);
    return true;
}

/* ---- x(i) = [] ---- */

/* Marks what an index deletes among extent elements, and counts the rest. */
static size_t mark_deleted(const subscript *index, size_t extent, size_t *marks)
{
    size_t left = extent;
    for (size_t k = 0; k < extent; k++) marks[k] = 0;
    for (size_t k = 0; k < index->count; k++) {
        size_t position = position_at(index, k);
        left -= !marks[position];
        marks[position] = 1;
    }
    return left;
}

/* Keeps the rows (or columns, or elements of a vector) that the index does not name. */
static bool delete_along(assignment *a, const subscript *index, bool rows)
{
    lazy_elements *to = a->to;
    size_t m = to->rows, n = to->cols, extent = rows ? m : n;
    if (index->largest > extent)
        return fail(a->in, "index %zu: out of bounds %zu (the value is %zux%zu)", index->largest,
                    extent, m, n);
    size_t *marks = new_indices(a->in, extent, 1);
    if (!marks) return false;
    size_t left = mark_deleted(index, extent, marks), at = 0;
    to->rows = rows ? left : m;
    to->cols = rows ? n : left;
    to->joined = false;
    for (size_t k = 0; k < m * n; k++)
        if (!marks[rows ? k / n : k % n]) to->sources[at++] = to->sources[k];
    release(marks);
    return true;
}

static bool delete_elements(assignment *a, const subscript *index, size_t count)
{
    size_t m = a->to->rows, n = a->to->cols;
    if (count == 2) {
        bool all_rows = index[0].colon || index[0].count == m;
        bool all_cols = index[1].colon || index[1].count == n;
        if (!all_rows && !all_cols) return fail(a->in, "=: [] deletes whole rows or columns");
        return delete_along(a, all_rows ? &index[1] : &index[0], !all_rows);
    }
    if (m != 1 && n != 1)
        return fail(a->in, "=: [] deletes elements of a vector, or whole rows or columns");
    return delete_along(a, index, m != 1);
}

/* ---- Both ---- */

/* An empty value takes the shape that A(:, 1) = v asks for. */
static size_t extent_of(const assignment *a, size_t position, size_t count)
{
    size_t rows = a->to->rows, cols = a->to->cols;
    if (count == 1) return rows * cols;
    if (rows * cols == 0) {
        size_t had = position == 0 ? rows : cols;
        return larger(had, position == 0 ? value_rows(a->right) : value_cols(a->right));
    }
    return position == 0 ? rows : cols;
}

static bool is_deletion(const syntax_node *right, operator_kind operation)
{
    return right->kind == NODE_MATRIX && !right->right && operation == OPERATION_NONE;
}

static bool apply(assignment *a, const syntax_node *arguments, bool deletion)
{
    size_t count = arguments->next ? 2 : 1, evaluated = 0;
    subscript index[2];
    script_value old = {.kind = VALUE_ELEMENTS, .u.elements = a->to};
    bool ok = true;
    for (const syntax_node *node = arguments; ok && node; node = node->next) {
        size_t extent = extent_of(a, evaluated, count);
        ok = index_evaluate(a->in, node, &old, evaluated, count, extent, &index[evaluated]);
        evaluated += ok;
    }
    if (ok && deletion) ok = delete_elements(a, index, count);
    else if (ok)
        ok = count == 1 ? assign_linear(a, &index[0]) : assign_two(a, &index[0], &index[1]);
    for (size_t k = 0; k < evaluated; k++) index_free(&index[k]);
    return ok;
}

/* The right side; for += and its like combined with the old elements. */
static bool evaluate_right(interpreter *in, uint32_t symbol, const syntax_node *arguments,
                           operator_kind operation, const syntax_node *right, script_value *result)
{
    const script_value *variable;
    script_value elements;
    if (!evaluate_numeric(in, right, "=", result)) return false;
    if (operation == OPERATION_NONE) return true;
    if (!lookup_indexed(in, symbol, &variable) || !index_value(in, *variable, arguments, &elements))
        return false;
    bool ok = binary_operation(in, operation, elements, *result, result);
    value_release(&elements); /* of a string */
    return ok;
}

/* The right side as truths, where it is assigned to elements of such, with Octave's warning. */
static bool to_truths(interpreter *in, script_value *right)
{
    static const char warning[] = "value not equal to 1 or 0 converted to logical 1";
    matrix_view view;
    script_value truths;
    ad_var var;
    bool others = false;
    value_view(right, &view);
    for (size_t k = 0; k < view.rows * view.cols; k++) {
        if (isnan(view.values[k])) return fail(in, "=: NaN is neither true nor false");
        others = others || (view.values[k] != 0 && view.values[k] != 1);
    }
    fflush(in->output);
    if (others) source_report(stderr, in->script->source, in->statement->start, "warning", warning);
    if (!binary_operation(in, OPERATION_UNEQUAL, *right, value_number(0), &truths) ||
        !to_tape(in, "=", truths, &var))
        return false;
    *right = value_matrix(var);
    return true;
}

/* The elements of a variable, or of none, that is to hold them from now on. */
static lazy_elements *elements_of(interpreter *in, const script_value *variable)
{
    script_value none;
    if (!variable) return record(in, 0, 0, NULL, &none) ? elements_new(in, none.var) : NULL;
    return variable->kind == VALUE_ELEMENTS ? variable->u.elements
                                            : elements_new(in, variable->var);
}

/* Characters of a string, through their codes. */
static bool assign_text(interpreter *in, uint32_t symbol, const syntax_node *arguments,
                        script_value right, bool deletion)
{
    const script_value *variable;
    script_value numbers, text, old = value_share(*lookup(in, symbol));
    bool ok = to_numbers(in, old, &numbers) && own_value(in, SIZE_MAX, &numbers);
    if (ok) {
        set_variable(in, symbol, numbers);
        ok = assign_elements(in, symbol, arguments, right, deletion) &&
             lookup_whole(in, symbol, &variable) && to_text(in, *variable, &text);
        set_variable(in, symbol, ok ? text : value_share(old));
    }
    value_release(&old);
    return ok;
}

bool assign_elements(interpreter *in, uint32_t symbol, const syntax_node *arguments,
                     script_value right, bool deletion)
{
    const script_value *variable = lookup(in, symbol);
    assignment a = {.in = in};
    ad_var var;
    if (variable && variable->kind == VALUE_STRING)
        return assign_text(in, symbol, arguments, right, deletion);
    if (variable && !is_numeric(*variable))
        return fail(in, "%s has no elements to assign to", value_kind_name(*variable));
    if (!arguments || (arguments->next && arguments->next->next))
        return fail(in, "an index has one or two places");
    const bool logical = variable && variable->form == FORM_LOGICAL;
    const bool diagonal = variable && variable->form == FORM_DIAGONAL;
    if (logical && !deletion && right.form != FORM_LOGICAL && !to_truths(in, &right)) return false;
    if (!to_tape(in, "=", right, &var)) return false;
    a.right = value_matrix(var);
    a.to = elements_of(in, variable);
    bool held = variable && variable->kind == VALUE_ELEMENTS;
    const char *outer = in->indexed;
    in->indexed = in->symbols.names[symbol];
    bool ok = a.to && apply(&a, arguments, deletion);
    in->indexed = outer;
    if (ok && !held)
        set_variable(in, symbol, (script_value){.kind = VALUE_ELEMENTS, .u.elements = a.to});
    else if (!held) elements_free(a.to);
    if (!ok) return false;
    in->scope->variables[symbol].value.form = logical                     ? FORM_LOGICAL
                                              : diagonal && a.on_diagonal ? FORM_DIAGONAL
                                                                          : FORM_PLAIN;
    /* a drawing shows every value */
    return !in->name_values || lookup_whole(in, symbol, &variable);
}

bool assign_index(interpreter *in, uint32_t symbol, const syntax_node *arguments,
                  operator_kind operation, const syntax_node *right)
{
    script_value value;
    if (operation != OPERATION_NONE && !lookup(in, symbol)) return fail_unknown(in, symbol);
    return evaluate_right(in, symbol, arguments, operation, right, &value) &&
           assign_elements(in, symbol, arguments, value, is_deletion(right, operation));
}
