/* SPDX-License-Identifier: MIT */
/* Operations of the user's own: descriptors made from their callbacks.
 *
 * A rule in tape operations serves every order. A rule in plain numbers is itself recorded as a
 * node, so that replay works, but one without a rule of its own.
 */
#include "ops/numbers/vectors.h"
#include "ops/operations.h"
#include "tape/tape.h"

#include <string.h>

/* The library's side of one ad_custom_op, kept with the tape. */
typedef struct custom_descriptor {
    struct custom_descriptor *next;
    const ad_custom_op *user;
    operation op;
} custom_descriptor;

typedef struct custom_attributes {
    const ad_custom_op *user;
    void *context;
} custom_attributes;

static bool check(ad_tape *tape, const char *name, const char *callback, ad_status status)
{
    if (tape->status != AD_OK) return false; /* of a call that the callback made */
    return status == AD_OK || tape_fail(tape, status, "%s: its %s failed: %s", name, callback,
                                        ad_status_string(status));
}

/* The user's view of inputs k = 0 .. count-1. */
static ad_matrix *views(const evaluation *e, size_t count)
{
    ad_matrix *in = tape_scratch(e->tape, count, sizeof *in);
    for (size_t k = 0; in && k < count; k++)
        in[k] = (ad_matrix){e->in[k].rows, e->in[k].cols, e->in[k].values};
    return in;
}

/* A shape rule or value function runs while a node is half recorded: it must leave the tape
 * alone. */
static void set_in_callback(ad_tape *tape, bool in_callback)
{
    tape->in_callback = in_callback;
    tape_refresh(tape);
}

static bool custom_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const custom_attributes *c = e->attributes;
    ad_matrix *in = views(e, e->count);
    *rows = *cols = 0;
    if (!in) return false;
    for (size_t k = 0; k < e->count; k++) in[k].values = NULL;
    set_in_callback(e->tape, true);
    const ad_status status = c->user->shape(in, e->count, rows, cols, c->context);
    set_in_callback(e->tape, false);
    return check(e->tape, e->op->name, "shape rule", status);
}

static bool custom_values(const evaluation *e)
{
    const custom_attributes *c = e->attributes;
    ad_matrix *in = views(e, e->count);
    if (!in) return false;
    set_in_callback(e->tape, true);
    const ad_status status = c->user->value(in, e->count, e->output, c->context);
    set_in_callback(e->tape, false);
    return check(e->tape, e->op->name, "value function", status);
}

/* ---- the rule in tape operations ---- */

/* What the callback records is active even in a plain sweep: it may itself ask for a gradient. */

/* A gradient that the callback returns has full support; a handle that does not hold is left to
 * rule_add. */
static ad_var own_gradient(ad_var x)
{
    return ad_ok(x) ? operation_as_numbers(x) : x;
}

static bool rule_in_operations(const rule *r, const custom_attributes *c)
{
    ad_var *gradients = tape_scratch(r->tape, r->count, sizeof *gradients);
    if (!gradients) return false;
    memset(gradients, 0, r->count * sizeof *gradients);
    const uint32_t record_flags = r->tape->record_flags;
    r->tape->record_flags = NODE_ACTIVE;
    r->tape->shown = true;
    ad_status status =
        c->user->gradient(r->in, r->count, r->output, operation_as_numbers(r->adjoint), r->wanted,
                          gradients, c->context);
    r->tape->record_flags = record_flags;
    if (!check(r->tape, r->op->name, "gradient rule", status)) return false;
    for (size_t k = 0; k < r->count; k++)
        if (gradients[k].tape && !rule_add(r, k, own_gradient(gradients[k]))) return false;
    return r->tape->status == AD_OK;
}

/* ---- the rule in plain numbers: all wanted gradients in one column, then taken apart ----
 *
 *     g = J^T u    u' += J g'          J v, row by row: (J v)_i = <J^T e_i, v>
 *     y = J v      v' += J^T y'
 *
 * so that it serves every derivative of first order, a Jacobian or its product with v too.
 */

typedef struct vjp_attributes {
    custom_attributes custom;
    size_t total;
    bool wanted[];
} vjp_attributes;

static bool vjp_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = ((const vjp_attributes *)e->attributes)->total;
    *cols = 1;
    return true;
}

/* The gradients by the wanted inputs, one below the other, that belong to an adjoint. in: the
 * operation's inputs and its output. */
static bool call_vjp(const evaluation *e, const ad_matrix *in, ad_matrix adjoint, double *column)
{
    const vjp_attributes *a = e->attributes;
    size_t count = e->count - 2;
    double **gradients = tape_scratch(e->tape, count, sizeof *gradients);
    if (!gradients) return false;
    memset(column, 0, a->total * sizeof *column);
    for (size_t k = 0; k < count; k++) {
        gradients[k] = a->wanted[k] ? column : NULL;
        if (a->wanted[k]) column += in[k].rows * in[k].cols;
    }
    set_in_callback(e->tape, true);
    const ad_status status =
        a->custom.user->vjp(in, count, in[count], adjoint, gradients, a->custom.context);
    set_in_callback(e->tape, false);
    return check(e->tape, a->custom.user->name, "vjp", status);
}

/* Inputs: those of the operation, its output, its adjoint. */
static bool vjp_values(const evaluation *e)
{
    ad_matrix *in = views(e, e->count);
    return in && call_vjp(e, in, in[e->count - 1], e->output);
}

static bool jvp_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->in[e->count - 2].rows;
    *cols = e->in[e->count - 2].cols;
    return true;
}

/* Inputs: those of the operation, its output, v in one column. */
static bool jvp_values(const evaluation *e)
{
    size_t total = ((const vjp_attributes *)e->attributes)->total, size = e->rows * e->cols;
    const double *v = e->in[e->count - 1].values;
    ad_matrix *in = views(e, e->count);
    double *column = tape_scratch(e->tape, total, sizeof *column);
    double *unit = tape_scratch(e->tape, size, sizeof *unit);
    if (!in || !column || !unit) return false;
    for (size_t i = 0; i < size; i++) {
        for (size_t j = 0; j < size; j++) unit[j] = i == j;
        if (!call_vjp(e, in, (ad_matrix){e->rows, e->cols, unit}, column)) return false;
        e->output[i] = kernel_dot(total, column, v);
    }
    return true;
}

/* Linear in the last input: structurally zero when that is. */
static void last_support(const evaluation *e, bool *support)
{
    memset(support, !matrix_vanishes(&e->in[e->count - 1]), e->rows * e->cols);
}

static bool vjp_gradient(const rule *r);

OPERATION(custom_vjp, .shape = vjp_shape, .values = vjp_values, .gradient = vjp_gradient,
          .support = last_support);

OPERATION(custom_jvp, .shape = jvp_shape, .values = jvp_values, .gradient = vjp_gradient,
          .support = last_support);

/* By the last input each is the other; by the operation's own there is no rule. */
static bool vjp_gradient(const rule *r)
{
    const vjp_attributes *a = r->attributes;
    size_t last = r->count - 1;
    ad_var *in = tape_scratch(r->tape, r->count, sizeof *in);
    if (!in) return false;
    for (size_t k = 0; k < last; k++) {
        if (r->wanted[k])
            return tape_fail(r->tape, AD_ERROR_DERIVATIVE,
                             "%s: its gradient rule is in plain numbers and cannot be "
                             "differentiated again",
                             a->custom.user->name);
        in[k] = r->in[k];
    }
    in[last] = r->adjoint;
    size_t bytes = sizeof *a + (r->count - 2) * sizeof(bool);
    const operation *other =
        r->op == &custom_vjp_operation ? &custom_jvp_operation : &custom_vjp_operation;
    return rule_add(r, last, tape_record(other, in, r->count, a, bytes));
}

static bool rule_in_numbers(const rule *r, const custom_attributes *c)
{
    size_t bytes = sizeof(vjp_attributes) + r->count * sizeof(bool);
    vjp_attributes *a = tape_scratch(r->tape, 1, bytes);
    ad_var *in = tape_scratch(r->tape, r->count + 2, sizeof *in);
    if (!a || !in) return false;
    *a = (vjp_attributes){.custom = *c};
    for (size_t k = 0; k < r->count; k++) {
        in[k] = r->in[k];
        a->wanted[k] = r->wanted[k];
        if (r->wanted[k]) a->total += ad_rows(in[k]) * ad_cols(in[k]);
    }
    in[r->count] = r->output;
    in[r->count + 1] = r->adjoint;
    ad_var all = tape_record(&custom_vjp_operation, in, r->count + 2, a, bytes);
    for (size_t k = 0, first = 0; k < r->count; k++) {
        if (!r->wanted[k]) continue;
        size_t rows = ad_rows(in[k]), cols = ad_cols(in[k]);
        if (!rule_add(r, k, ad_reshape(ad_block(all, first, 0, rows * cols, 1), rows, cols)))
            return false;
        first += rows * cols;
    }
    return true;
}

static bool custom_gradient(const rule *r)
{
    const custom_attributes *c = r->attributes;
    if (c->user->gradient) return rule_in_operations(r, c);
    if (c->user->vjp) return rule_in_numbers(r, c);
    return tape_fail(r->tape, AD_ERROR_DERIVATIVE, "%s: has no gradient rule", r->op->name);
}

/* ---- recording ---- */

static const operation *descriptor_of(ad_tape *tape, const ad_custom_op *user)
{
    custom_descriptor *d = tape->custom_descriptors;
    while (d && d->user != user) d = d->next;
    if (!d) {
        d = arena_take(&tape->permanent, sizeof *d);
        if (!d) {
            tape_out_of_memory(tape, user->name);
            return NULL;
        }
        d->next = tape->custom_descriptors;
        d->user = user;
        tape->custom_descriptors = d;
    }
    d->op = (operation){.name = user->name,
                        .shape = custom_shape,
                        .values = custom_values,
                        .gradient = custom_gradient};
    return &d->op;
}

ad_var ad_custom(ad_tape *tape, const ad_custom_op *op, const ad_var *inputs, size_t count,
                 void *context)
{
    const ad_var none = {0};
    if (!tape) return none;
    if (!op || !op->name || !op->shape || !op->value || (count && !inputs)) {
        tape_fail(
            tape, AD_ERROR_ARGUMENT,
            "custom: an operation needs a name, a shape rule, a value function and its inputs");
        return none;
    }
    if (!tape_common_on(tape, inputs, count, op->name) || !tape_ready(tape, "custom")) return none;
    const operation *descriptor = descriptor_of(tape, op);
    const custom_attributes attributes = {op, context};
    return descriptor
               ? tape_record_on(tape, descriptor, inputs, count, &attributes, sizeof attributes)
               : none;
}
