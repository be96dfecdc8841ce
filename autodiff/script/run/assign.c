/* SPDX-License-Identifier: MIT */
/* Assignment to elements: x(i) = v, x(i, j) = v, and x(i) = [] which deletes.
 *
 * The elements of the new value are those of the old one, what is assigned and zeros, so that it is
 * differentiable by both. Nothing is recorded before they are read (elements.h). */
#include "autodiff/script/run/elements.h"

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

/* ---- x(i) = v, x(i, j) = v ---- */

/* Adds the right side, and makes room for it; a vector grows in its direction. */
static bool lay_out(assignment *a, const selection *s)
{
    const size_t m = a->to->rows, n = a->to->cols, largest = s->along[0].largest;
    size_t rows = m, cols = n;
    if (s->count == 2) {
        rows = larger(m, largest);
        cols = larger(n, s->along[1].largest);
    } else if (largest > m * n) {
        if (m > 1 && n > 1)
            return fail(a->in,
                        "index (%zu): out of bounds %zu, and a %zux%zu matrix does not grow so",
                        largest, m * n, m, n);
        rows = n == 1 && m != 1 ? largest : 1;
        cols = n == 1 && m != 1 ? 1 : largest;
    }
    return elements_add(a->in, a->to, a->right.var, &a->offset) &&
           elements_resize(a->in, a->to, rows, cols);
}

/* A number fits all, a vector fits in either direction. */
static bool check_fit(assignment *a, const selection *s)
{
    const size_t m = a->right.rows, n = a->right.cols;
    const size_t rows = s->along[0].count, cols = s->count == 1 ? 1 : s->along[1].count;
    const bool vectors = (m == 1 || n == 1) && (rows == 1 || cols == 1);
    if (m * n == 1 || (m == rows && n == cols) ||
        (m * n == rows * cols && (vectors || s->count == 1)))
        return true;
    octave_says(a->in, "Octave:nonconformant-args",
                "=: nonconformant arguments (op1 is %zux%zu, op2 is %zux%zu)", rows, cols, m, n);
    return s->count == 1 ? fail(a->in, "=: %zu elements and a %zux%zu value", rows, m, n)
                         : fail(a->in, "=: %zux%zu elements and a %zux%zu value", rows, cols, m, n);
}

static bool assign_selected(assignment *a, const selection *s)
{
    const size_t rows = a->right.rows, cols = a->right.cols;
    const size_t m = a->to->rows, n = a->to->cols, size = selection_size(s);
    if (!check_fit(a, s) || !lay_out(a, s)) return false;
    const bool grown = a->to->rows != m || a->to->cols != n;
    for (size_t k = 0; k < size; k++) {
        const size_t position = selected(s, k, a->to->rows, a->to->cols);
        a->to->sources[position] = a->offset + (rows * cols == 1 ? 0 : row_major(k, rows, cols));
        a->on_diagonal = size == 1 && !grown && position / n == position % n;
    }
    return true;
}

/* ---- x(i) = [], x(i, :) = [], x(:, j) = [] ---- */

static bool check_deletion(interpreter *in, const selection *s, size_t largest, size_t extent)
{
    const bool one = s->count == 1, whole = one || s->along[0].colon || s->along[1].colon;
    if (whole && largest <= extent) return true;
    if (!whole) octave_says(in, "", "a null assignment can only have one non-colon index");
    else
        octave_says(in, "Octave:index-out-of-bounds",
                    "%s = []: index out of bounds: value %zu out of bound %zu",
                    one ? "A(I)" : "A(..,I,..)", largest, extent);
    return whole ? fail(in, "=: index %zu: out of bounds %zu", largest, extent)
                 : fail(in, "=: [] deletes whole rows or columns");
}

/* Keeps the rows, columns or elements that the index does not name. What is left of a matrix without
 * some of its elements is a row, to Octave, if they followed one another, else a column. */
static bool delete_selected(assignment *a, const selection *s)
{
    lazy_elements *to = a->to;
    const size_t m = to->rows, n = to->cols;
    const bool one = s->count == 1, of_cols = !one && s->along[0].colon && !s->along[1].colon;
    const subscript *index = &s->along[of_cols];
    const size_t extent = one ? m * n : of_cols ? n : m;
    const bool column = m != 1 && (n == 1 || !is_run(index)), all = one && index->colon;
    const bool down = one && m > 1 && n > 1; /* in the order of x(:), not as the elements stand */
    if (!index->colon && (index->count == 0 || (!one && s->along[1].count == 0))) return true;
    if (!check_deletion(a->in, s, index->largest, extent)) return false;
    size_t *named = new_indices(a->in, extent, 1), left = extent, count = 0;
    size_t *kept = down && named ? new_indices(a->in, m, n) : to->sources;
    if (!named || !kept) {
        release(named);
        return false;
    }
    for (size_t k = 0; k < extent; k++) named[k] = 0;
    for (size_t k = 0; k < index->count; k++) {
        size_t *mark = &named[position_at(index, k)];
        left -= !*mark;
        *mark = 1;
    }
    for (size_t k = 0; k < m * n; k++)
        if (!named[one ? k : of_cols ? k % n : k / n])
            kept[count++] = to->sources[down ? row_major(k, m, n) : k];
    to->rows = all ? 0 : !one ? (of_cols ? m : left) : column ? left : 1;
    to->cols = all ? 0 : !one ? (of_cols ? left : n) : column ? 1 : left;
    if (down) {
        release(to->sources);
        to->sources = kept;
        to->capacity = m * n;
    }
    release(named);
    return true;
}

/* ---- Both ---- */

static bool apply(assignment *a, const syntax_node *arguments, bool deletion)
{
    const script_value old = {.kind = VALUE_ELEMENTS, .rows = a->to->rows, .cols = a->to->cols};
    const bool empty = is_empty(old); /* it takes the shape that A(:, 1) = v asks for */
    selection s;
    if (!select_elements(a->in, arguments, &old, larger(old.rows, empty ? a->right.rows : 0),
                         larger(old.cols, empty ? a->right.cols : 0), &s))
        return false;
    const bool ok = deletion ? delete_selected(a, &s) : assign_selected(a, &s);
    selection_free(&s);
    return ok;
}

/* The right side as truths, where it is assigned to elements of such, with Octave's warning. */
static bool to_truths(interpreter *in, script_value *right)
{
    static const char warning[] = "value not equal to 1 or 0 converted to logical 1";
    bool others = false;
    const double *numbers = value_numbers(right);
    if (has_nan(right)) return fail_nan(in, "=");
    for (size_t k = 0; k < right->rows * right->cols; k++)
        others = others || (numbers[k] != 0 && numbers[k] != 1);
    fflush(in->output);
    if (others) source_report(stderr, in->script->source, in->statement->start, "warning", warning);
    return binary_operation(in, OPERATION_UNEQUAL, *right, value_number(0), right);
}

/* The elements of a value, which a variable is to hold from now on; of VALUE_NOTHING none. */
static bool elements_of(interpreter *in, script_value value, script_value *elements)
{
    ad_var var;
    *elements = value.kind == VALUE_ELEMENTS ? value_share(value) : value;
    if (value.kind == VALUE_ELEMENTS) return true;
    if (value.kind == VALUE_NOTHING) var = ad_constant(in->tape, 0, 0, NULL);
    else if (!to_tape(in, "=", value, &var)) return false;
    elements->kind = VALUE_ELEMENTS;
    elements->u.elements = elements_new(in, var);
    return elements->u.elements;
}

/* What the elements of a string have become. */
static bool back_to_text(interpreter *in, script_value *elements, bool resolved)
{
    script_value numbers, text;
    if (!elements_join(in, elements->u.elements, &numbers) || !to_text(in, "=", numbers, &text))
        return false;
    text.u.string->resolved = resolved;
    value_release(elements);
    *elements = text;
    return true;
}

bool assign_elements(interpreter *in, uint32_t symbol, const syntax_node *arguments,
                     script_value right, bool deletion)
{
    const script_value *variable = lookup(in, symbol);
    const bool text = variable && variable->kind == VALUE_STRING;
    const bool resolved = text && variable->u.string->resolved;
    script_value old = {0}, elements;
    assignment a = {.in = in};
    ad_var var;
    if (variable && !has_numbers(*variable))
        return fail(in, "%s has no elements to assign to", value_kind_name(*variable));
    if (variable) old = *variable;
    if (!to_numbers(in, "=", right, &right)) return false;
    if (old.form == FORM_LOGICAL && !deletion && right.form != FORM_LOGICAL &&
        !to_truths(in, &right))
        return false;
    if (!to_tape(in, "=", right, &var) || !elements_of(in, old, &elements)) return false;
    a.right = value_matrix(var);
    a.to = elements.u.elements;
    const char *outer = in->indexed;
    in->indexed = in->symbols.names[symbol];
    bool ok = apply(&a, arguments, deletion);
    in->indexed = outer;
    const bool kept = old.form == FORM_LOGICAL || (old.form == FORM_DIAGONAL && a.on_diagonal);
    elements.form = kept ? old.form : FORM_PLAIN;
    elements.rows = a.to->rows;
    elements.cols = a.to->cols;
    ok = ok && (!text || back_to_text(in, &elements, resolved));
    if (ok) set_variable(in, symbol, elements);
    else value_release(&elements);
    /* a drawing shows every value */
    return ok && (!in->name_values || lookup_whole(in, symbol, &variable));
}
