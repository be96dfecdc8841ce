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
    bool part;
    size_t rows; /* the shape of the part, or of the variable */
    size_t cols;
    size_t *positions; /* of the part: in the variable, row-major, counted down the columns */
} derivative_target;

/* Finds which elements x(i) means by indexing the numbers of the elements. */
static bool find_part(function_call *call, const syntax_node *arguments, derivative_target *target)
{
    interpreter *in = call->in;
    size_t m = ad_rows(target->var), n = ad_cols(target->var);
    double *numbers = new_numbers(in, m, n);
    script_value all, part;
    if (!numbers) return false;
    for (size_t k = 0; k < m * n; k++) numbers[k] = (double)k;
    if (!record_numbers(in, m, n, numbers, &all) || !index_value(in, all, arguments, &part))
        return false;
    target->part = true;
    target->rows = part.rows;
    target->cols = part.cols;
    target->positions = new_indices(in, part.rows, part.cols);
    for (size_t k = 0; target->positions && k < part.rows * part.cols; k++)
        target->positions[k] = (size_t)value_at(&part, k);
    return target->positions != NULL;
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
    target->rows = ad_rows(variable->var);
    target->cols = ad_cols(variable->var);
    return !indexed || !node->right || find_part(call, node->right, target);
}

/* True where the first argument names a function, whose value is meant: grad(f, x), grad(sin, x). */
static bool names_function(function_call *call)
{
    const syntax_node *node = call->nodes;
    const script_value *variable = node->kind == NODE_NAME ? lookup(call->in, node->symbol) : NULL;
    const builtin *function =
        node->kind == NODE_NAME && !variable ? function_of(node->symbol) : NULL;
    size_t least = 0, most;
    if (function) function_arity(function, &least, &most);
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

static bool give_gradient(function_call *call, ad_var gradient, const derivative_target *target)
{
    if (!ad_ok(gradient)) return fail_tape(call->in, call->function->name);
    if (!target->part) return give_tape(call, as_variable(gradient));
    size_t rows = target->rows, cols = target->cols;
    size_t *positions = new_indices(call->in, rows, cols);
    if (!positions) return false;
    for (size_t k = 0; k < rows * cols; k++)
        positions[row_major(k, rows, cols)] = target->positions[k];
    bool ok = give_tape(call, as_variable(ad_gather(gradient, positions, rows, cols)));
    release(positions);
    return ok;
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
    size_t count = list_length(call->nodes) - 1, found = 0, nodes = tape_nodes(in);
    derivative_target *targets = allocate(count * sizeof *targets);
    ad_var *vars = allocate(count * sizeof *vars), *gradients = allocate(count * sizeof *gradients);
    ad_var y;
    bool ok = find_dependent(call, true, &y);
    if (ok && count > 1 && call->wanted > count)
        ok = fail(in, "grad: %zu values are asked for, by %zu variables", call->wanted, count);
    const syntax_node *node = call->nodes->next;
    for (; ok && node; node = node->next) {
        ok = find_target(call, node, &targets[found]);
        vars[found] = targets[found].var;
        found += ok;
    }
    ok = ok && (ad_grads(y, vars, count, gradients) == AD_OK || fail_tape(in, "grad"));
    size_t given = call->wanted > 1 ? call->wanted : 1;
    for (size_t k = 0; ok && k < given && k < count; k++) {
        if (is_zero(gradients[k]) && !depends_on(y, vars[k])) {
            const syntax_node *x = call->nodes->next;
            for (size_t skip = k; skip > 0; skip--) x = x->next;
            tell_independent(call, x);
        }
        ok = give_gradient(call, gradients[k], &targets[k]);
        count_bytes(in, nodes, vars[k]);
    }
    for (size_t k = 0; k < found; k++) release(targets[k].positions);
    release(targets);
    release(vars);
    release(gradients);
    return ok;
}

/* Element k of the target, counted down the columns: its place along the rows of the tape. */
static size_t target_place(const derivative_target *target, size_t k)
{
    return target->part ? target->positions[k]
                        : row_major(k, ad_rows(target->var), ad_cols(target->var));
}

/* Gives matrix, whose columns belong to the elements of the target's variable, and whose rows
 * belong to those of y or, without a y, to the variable too; in the language's order. */
static bool give_reordered(function_call *call, ad_var matrix, const derivative_target *target,
                           const ad_var *y)
{
    if (!ad_ok(matrix)) return fail_tape(call->in, call->function->name);
    if (!target->part && is_vector(target->var) && (!y || is_vector(*y)))
        return give_tape(call, as_variable(matrix));
    size_t cols = target->rows * target->cols, rows = y ? ad_rows(matrix) : cols;
    size_t *positions = new_indices(call->in, rows, cols);
    if (!positions) return false;
    for (size_t i = 0; i < rows && cols; i++) {
        size_t row = y ? row_major(i, ad_rows(*y), ad_cols(*y)) : target_place(target, i);
        for (size_t j = 0; j < cols; j++)
            positions[i * cols + j] = row * ad_cols(matrix) + target_place(target, j);
    }
    bool ok = give_tape(call, as_variable(ad_gather(matrix, positions, rows, cols)));
    release(positions);
    return ok;
}

/* jacobian, hessian */
bool call_jacobian(function_call *call)
{
    derivative_target target = {0};
    ad_var y, (*operation)(ad_var, ad_var) = call->function->two;
    bool second = operation == ad_hessian;
    size_t nodes = tape_nodes(call->in);
    bool ok = find_dependent(call, second, &y) && find_target(call, call->nodes->next, &target) &&
              give_reordered(call, operation(y, target.var), &target, second ? NULL : &y);
    count_bytes(call->in, nodes, target.var);
    release(target.positions);
    return ok;
}

/* The Hessian times v; v of the shape of x. Of a part of x: v is zero elsewhere. */
bool call_hvp(function_call *call)
{
    interpreter *in = call->in;
    derivative_target target = {0};
    script_value direction;
    ad_var y, v;
    size_t nodes = tape_nodes(in);
    bool ok = find_dependent(call, true, &y) && find_target(call, call->nodes->next, &target) &&
              evaluate_numeric(in, call->nodes->next->next, "hvp", &direction) &&
              to_tape(in, "hvp", direction, &v);
    if (ok && (ad_rows(v) != target.rows || ad_cols(v) != target.cols))
        ok = fail(in, "hvp: %zux%zu and %zux%zu: the direction has the shape of the variable",
                  target.rows, target.cols, ad_rows(v), ad_cols(v));
    if (ok && target.part) {
        ad_var along = is_vector(v) ? v : ad_transpose(v);
        v = ad_scatter(ad_reshape(along, target.rows * target.cols, 1), target.positions,
                       ad_rows(target.var), ad_cols(target.var));
    }
    ok = ok && give_gradient(call, ad_hvp(y, target.var, v), &target);
    count_bytes(in, nodes, target.var);
    release(target.positions);
    return ok;
}

/* The gradient against differences; what no difference can tell is no reason to fail. */
bool call_gradcheck(function_call *call)
{
    derivative_target target = {0};
    ad_var y;
    double error;
    size_t judged;
    char detail[64];
    bool ok = find_dependent(call, true, &y) && find_target(call, call->nodes->next, &target);
    if (ok && target.part)
        ok = fail(call->in, "gradcheck: the second argument is a whole variable");
    ok = ok && (ad_gradcheck_report(y, target.var, &error, &judged) == AD_OK ||
                fail_tape(call->in, "gradcheck"));
    release(target.positions);
    if (!ok) return false;
    snprintf(detail, sizeof detail, ", judged %zu of %zu", judged, target.rows * target.cols);
    report_check(call, "gradcheck(", ", ", ")", judged == 0 || error <= 1e-6, error, detail);
    return true;
}

/* The values of x with no history. */
bool call_detach(function_call *call)
{
    return give_tape(call, as_variable(ad_detach(call->arguments[0].var)));
}
