/* SPDX-License-Identifier: MIT */
/* Derivatives. Their second argument is a variable, or part of one: x(i). The tape counts
 * elements along the rows, the language down the columns, so rows and columns of Jacobians and
 * Hessians change places here. */
#include "autodiff/script/library/dependence.h"
#include "autodiff/script/library/functions.h"

#include <string.h>

/* What a derivative is taken by. */
typedef struct derivative_target {
    ad_var var;
    const syntax_node *part; /* the indices of x(i), or NULL */
} derivative_target;

/* The elements that x(i) means, counted down the columns: where they stand in x, row-major, which is
 * found by indexing the numbers of the elements. */
static size_t *find_places(function_call *call, const derivative_target *target, size_t *rows,
                           size_t *cols)
{
    interpreter *in = call->in;
    const size_t m = ad_rows(target->var), n = ad_cols(target->var);
    double *numbers = new_numbers(in, m, n);
    script_value all, part;
    for (size_t k = 0; numbers && k < m * n; k++) numbers[k] = (double)k;
    if (!numbers || !record_numbers(in, m, n, numbers, &all) ||
        !index_value(in, all, target->part, &part))
        return NULL;
    *rows = part.rows;
    *cols = part.cols;
    size_t *places = new_indices(in, part.rows, part.cols);
    for (size_t k = 0; places && k < part.rows * part.cols; k++)
        places[k] = (size_t)value_at(&part, k);
    return places;
}

/* How much of the text of a node a message shows. */
static int shown_length(const syntax_node *node)
{
    const int length = (int)(node->end - node->start);
    return length > 60 ? 60 : length;
}

static bool find_target(function_call *call, const syntax_node *node, derivative_target *target)
{
    interpreter *in = call->in;
    bool indexed = node->kind == NODE_INDEX && node->left->kind == NODE_NAME;
    const syntax_node *name = indexed ? node->left : node;
    *target = (derivative_target){0};
    if (name->kind != NODE_NAME)
        return fail(in,
                    "%s: \"%.*s\" is an expression; the derivative is by a variable, or by "
                    "part of one as in x(i)",
                    call->function->name, shown_length(node),
                    in->script->source->text + node->start);
    const script_value *variable;
    if (!lookup_whole(in, name->symbol, &variable)) return false;
    if (!variable) {
        if (function_of(name->symbol))
            return fail(in, "%s: %s is a function; the derivative is by a variable",
                        call->function->name, in->symbols.names[name->symbol]);
        return fail_unknown(in, name->symbol);
    }
    if (variable->kind != VALUE_MATRIX)
        return fail(in, "%s: %s is %s; the derivative is by a variable that holds numbers",
                    call->function->name, in->symbols.names[name->symbol],
                    value_kind_name(*variable));
    target->var = variable->var;
    if (indexed) target->part = node->right;
    return true;
}

/* True where the first argument names a function, whose value is meant: grad(f, x), grad(sin, x). */
static bool names_function(function_call *call)
{
    const syntax_node *node = call->nodes;
    const script_value *variable = node->kind == NODE_NAME ? lookup(call->in, node->symbol) : NULL;
    size_t least = 0, most;
    if (node->kind == NODE_NAME && !variable && function_of(node->symbol))
        function_arity(function_of(node->symbol), &least, &most);
    return node->kind == NODE_FUNCTION || (variable && variable->kind == VALUE_FUNCTION) ||
           least > 0;
}

static bool fail_function(function_call *call)
{
    const char *name = call->function->name;
    const bool named = call->nodes->kind == NODE_NAME;
    const char *f = named ? call->in->symbols.names[call->nodes->symbol] : "f";
    return fail(call->in, "%s: %s is a function; the derivative is of a value: %s(%s(x), x%s)",
                name, named ? f : "the first argument", name, f,
                strcmp(name, "hvp") == 0 ? ", v" : "");
}

/* The first argument, on the tape. */
static bool find_dependent(function_call *call, bool scalar, ad_var *y)
{
    script_value value;
    const char *name = call->function->name;
    if (names_function(call)) return fail_function(call);
    if (!evaluate_numeric(call->in, call->nodes, name, &value) ||
        !to_tape(call->in, name, value, y))
        return false;
    if (scalar && (ad_rows(*y) != 1 || ad_cols(*y) != 1))
        return fail(call->in, "%s: %zux%zu is not a scalar; jacobian(y, x) takes it", name,
                    ad_rows(*y), ad_cols(*y));
    return true;
}

/* What a derivative recorded may be large: the nodes count with the size of the largest. */
static void count_bytes(interpreter *in, size_t nodes, ad_var x)
{
    in->bytes_recorded += (tape_nodes(in) - nodes) * ad_rows(x) * ad_cols(x) * sizeof(double);
}

/* The part of a gradient is what the indices mean of it. */
static bool give_gradient(function_call *call, ad_var gradient, const derivative_target *target)
{
    script_value whole, part;
    return from_tape(call->in, call->function->name, as_variable(gradient), &whole) &&
           index_value(call->in, whole, target->part, &part) && give(call, part);
}

static bool is_zero(ad_var x)
{
    const double *values = ad_values(x);
    for (size_t k = 0; k < ad_rows(x) * ad_cols(x); k++)
        if (values[k] != 0) return false;
    return true;
}

/* True the first time, for this call. */
static bool is_told_first(interpreter *in, const syntax_node *node)
{
    for (size_t k = 0; k < in->told_count; k++)
        if (in->told[k] == node) return false;
    in->told = array_extend(in->told, in->told_count, sizeof *in->told);
    in->told[in->told_count++] = node;
    return true;
}

/* Says once that y does not depend on x: often x was given a new value after y was computed. */
static void tell_independent(function_call *call, const syntax_node *x)
{
    interpreter *in = call->in;
    const syntax_node *y = call->nodes;
    const char *source = in->script->source->text;
    text_buffer message = {0};
    if (!is_told_first(in, x)) return;
    text_print(&message, "%.*s does not depend on %.*s, the gradient is 0", shown_length(y),
               source + y->start, shown_length(x), source + x->start);
    fflush(in->output);
    source_report(stderr, in->script->source, call->node->start, "warning", message.data);
    text_free(&message);
}

/* [gx, gz, ...] = grad(y, x, z, ...): one sweep for all. */
bool call_grad(function_call *call)
{
    interpreter *in = call->in;
    const size_t count = list_length(call->nodes) - 1, nodes = tape_nodes(in);
    const size_t given = call->wanted > 1 ? call->wanted : 1;
    derivative_target *targets = allocate(count * sizeof *targets);
    ad_var *vars = allocate(count * sizeof *vars), *gradients = allocate(count * sizeof *gradients);
    ad_var y;
    bool ok = find_dependent(call, true, &y);
    if (ok && count > 1 && call->wanted > count)
        ok = fail(in, "grad: %zu values are asked for, by %zu variables", call->wanted, count);
    const syntax_node *node = call->nodes->next;
    for (size_t k = 0; ok && k < count; k++, node = node->next) {
        ok = find_target(call, node, &targets[k]);
        vars[k] = targets[k].var;
    }
    ok = ok && (ad_grads(y, vars, count, gradients) == AD_OK || fail_tape(in, "grad"));
    node = call->nodes->next;
    for (size_t k = 0; ok && k < given && k < count; k++, node = node->next) {
        if (is_zero(gradients[k]) && !depends_on(y, vars[k])) tell_independent(call, node);
        ok = give_gradient(call, gradients[k], &targets[k]);
        count_bytes(in, nodes, vars[k]);
    }
    release(targets);
    release(vars);
    release(gradients);
    return ok;
}

/* Gives matrix, whose columns belong to the elements of the target's variable, and whose rows
 * belong to those of y or, without a y, to the variable too; in the language's order. */
static bool give_reordered(function_call *call, ad_var matrix, const derivative_target *target,
                           const ad_var *y)
{
    if (!ad_ok(matrix) || (!target->part && is_vector(target->var) && (!y || is_vector(*y))))
        return give_tape(call, as_variable(matrix));
    size_t m, n, *places = find_places(call, target, &m, &n);
    if (!places) return false;
    const size_t cols = m * n, rows = y ? ad_rows(matrix) : cols;
    size_t *positions = new_indices(call->in, rows, cols);
    for (size_t at = 0; positions && at < rows * cols; at++) {
        const size_t i = at / cols;
        const size_t row = y ? row_major(i, ad_rows(*y), ad_cols(*y)) : places[i];
        positions[at] = row * ad_cols(matrix) + places[at % cols];
    }
    const bool ok =
        positions && give_tape(call, as_variable(ad_gather(matrix, positions, rows, cols)));
    release(positions);
    release(places);
    return ok;
}

/* jacobian, hessian */
bool call_jacobian(function_call *call)
{
    derivative_target target;
    ad_var y, (*operation)(ad_var, ad_var) = call->function->two;
    const bool second = operation == ad_hessian;
    const size_t nodes = tape_nodes(call->in);
    if (!find_dependent(call, second, &y) || !find_target(call, call->nodes->next, &target))
        return false;
    const bool ok = give_reordered(call, operation(y, target.var), &target, second ? NULL : &y);
    count_bytes(call->in, nodes, target.var);
    return ok;
}

/* The Hessian times v; v of the shape of x. Of a part of x: v is zero elsewhere. */
bool call_hvp(function_call *call)
{
    interpreter *in = call->in;
    derivative_target target;
    script_value direction;
    ad_var y, v;
    const size_t nodes = tape_nodes(in);
    if (!find_dependent(call, true, &y) || !find_target(call, call->nodes->next, &target) ||
        !evaluate_numeric(in, call->nodes->next->next, "hvp", &direction) ||
        !to_tape(in, "hvp", direction, &v))
        return false;
    size_t m = ad_rows(target.var), n = ad_cols(target.var), *places = NULL;
    if (target.part && !(places = find_places(call, &target, &m, &n))) return false;
    bool ok = ad_rows(v) == m && ad_cols(v) == n;
    if (!ok)
        fail(in, "hvp: %zux%zu and %zux%zu: the direction has the shape of the variable", m, n,
             ad_rows(v), ad_cols(v));
    if (ok && places)
        v = ad_scatter(ad_reshape(ad_transpose(v), m * n, 1), places, ad_rows(target.var),
                       ad_cols(target.var));
    ok = ok && give_gradient(call, ad_hvp(y, target.var, v), &target);
    count_bytes(in, nodes, target.var);
    release(places);
    return ok;
}

/* The gradient against differences; what no difference can tell is no reason to fail. */
bool call_gradcheck(function_call *call)
{
    derivative_target target;
    ad_var y;
    double error;
    size_t judged;
    char detail[64];
    if (!find_dependent(call, true, &y) || !find_target(call, call->nodes->next, &target))
        return false;
    if (target.part) return fail(call->in, "gradcheck: the second argument is a whole variable");
    if (ad_gradcheck_report(y, target.var, &error, &judged) != AD_OK)
        return fail_tape(call->in, "gradcheck");
    snprintf(detail, sizeof detail, ", judged %zu of %zu", judged,
             ad_rows(target.var) * ad_cols(target.var));
    report_check(call, "gradcheck(", ", ", ")", judged == 0 || error <= 1e-6, error, detail);
    return true;
}

/* The values of x with no history. */
bool call_detach(function_call *call)
{
    return give_tape(call, as_variable(ad_detach(call->arguments[0].var)));
}
