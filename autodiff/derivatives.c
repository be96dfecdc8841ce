/* SPDX-License-Identifier: MIT */
/* The calculus: derivatives of every order from one recorded backward sweep.
 *
 *     gradient     of y (1x1) by x: the sweep with seed 1
 *     vjp          u^T J: the sweep with seed u
 *     jvp          J v: with g(u) = J^T u, which is linear in u, the gradient by u of <g(u), v>
 *     Jacobian     row k is the vjp with the k-th unit seed; or, where x is the smaller, column k
 *                  is the vjp of g(u) by u with the k-th unit seed
 *     Hessian      the Jacobian of the gradient; times v: the vjp of the gradient with seed v
 */
#include "ops/operations.h"
#include "tape/tape.h"

static const ad_var invalid = {0};

static size_t size_of(ad_var x)
{
    return ad_rows(x) * ad_cols(x);
}

/* y, x and others on one tape that can record; y 1x1 if it must be. */
static bool ready(const ad_var *vars, size_t count, bool scalar, const char *name)
{
    ad_tape *tape = tape_common(vars, count, name);
    if (!tape || !tape_ready(tape, name)) return false;
    if (!scalar || size_of(vars[0]) == 1) return true;
    return tape_fail(tape, AD_ERROR_SHAPE, "%s: y is %zux%zu, not 1x1", name, ad_rows(vars[0]),
                     ad_cols(vars[0]));
}

/* A result with the nodes from first on, whatever they are besides gradients. */
static ad_var derivative(ad_var result, uint32_t first)
{
    return result.tape && tape_mark_derivative(result.tape, first) ? result : invalid;
}

static bool same_shape(ad_var x, ad_var y, const char *name, const char *x_name, const char *y_name)
{
    if (ad_rows(x) == ad_rows(y) && ad_cols(x) == ad_cols(y)) return true;
    return tape_fail(x.tape, AD_ERROR_SHAPE, "%s: %s is %zux%zu, %s is %zux%zu: shapes differ",
                     name, x_name, ad_rows(x), ad_cols(x), y_name, ad_rows(y), ad_cols(y));
}

static ad_var vjp(ad_var y, ad_var x, ad_var u, const char *name)
{
    ad_var gradient = invalid;
    tape_gradients(y, u, NULL, &x, 1, &gradient, name);
    return gradient;
}

/* Finds gradients by lengths one at a time: swept together with what it is the length of, a length
 * gets no share of its square (ops/squares.c). */
static bool by_lengths(ad_var y, const ad_var *xs, size_t count, ad_var *out)
{
    for (size_t i = 0; count > 1 && i < count; i++)
        if (operation_is_length(xs[i])) out[i] = vjp(y, xs[i], tape_number(y.tape, 1), "grad");
    return y.tape->status == AD_OK;
}

/* Checks all, so that every tape concerned gets the error. */
static bool on_one_tape(ad_var y, const ad_var *xs, size_t count)
{
    bool ok = true;
    for (size_t i = 0; xs && i < count; i++)
        ok = tape_common((const ad_var[]){y, xs[i]}, 2, "grad") && ok;
    return ok;
}

ad_status ad_grads(ad_var y, const ad_var *xs, size_t count, ad_var *out)
{
    bool ok = on_one_tape(y, xs, count) && ready(&y, 1, true, "grad");
    if (ok && count && (!xs || !out))
        ok = tape_fail(y.tape, AD_ERROR_ARGUMENT, "grads: no arrays of handles (NULL)");
    if (ok) ok = tape_gradients(y, tape_number(y.tape, 1), NULL, xs, count, out, "grad");
    if (ok) ok = by_lengths(y, xs, count, out);
    for (size_t i = 0; !ok && out && i < count; i++) out[i] = invalid;
    return ad_tape_status(y.tape);
}

static ad_var gradient(ad_var y, ad_var x, const char *name)
{
    if (!ready((const ad_var[]){y, x}, 2, true, name)) return invalid;
    return vjp(y, x, tape_number(y.tape, 1), name);
}

ad_var ad_grad(ad_var y, ad_var x)
{
    return gradient(y, x, "grad");
}

ad_var ad_vjp(ad_var y, ad_var x, ad_var u)
{
    if (!ready((const ad_var[]){y, x, u}, 3, false, "vjp")) return invalid;
    return same_shape(y, u, "vjp", "y", "u") ? vjp(y, x, operation_direction_of(u), "vjp")
                                             : invalid;
}

/* J^T u as a function of a fresh u, whose value, zeros, does not matter. */
static ad_var transposed_jacobian(ad_var y, ad_var x, ad_var *u, const char *name)
{
    ad_tape *tape = y.tape;
    arena_position position = arena_mark(&tape->scratch);
    double *zeros = tape_scratch(tape, size_of(y), sizeof *zeros);
    for (size_t i = 0; zeros && i < size_of(y); i++) zeros[i] = 0;
    *u = zeros ? tape_leaf(tape, name, true, ad_rows(y), ad_cols(y), zeros) : invalid;
    arena_rewind(&tape->scratch, position);
    return u->tape ? vjp(y, x, *u, name) : invalid;
}

ad_var ad_jvp(ad_var y, ad_var x, ad_var v)
{
    if (!ready((const ad_var[]){y, x, v}, 3, false, "jvp")) return invalid;
    if (!same_shape(x, v, "jvp", "x", "v")) return invalid;
    const uint32_t first = y.tape->count;
    ad_var u, g = transposed_jacobian(y, x, &u, "jvp");
    return g.tape ? derivative(vjp(g, u, operation_direction_of(v), "jvp"), first) : invalid;
}

/* One vjp of y by x for every element of y, as the rows of a matrix. */
static ad_var jacobian_by_rows(ad_var y, ad_var x, const char *name)
{
    ad_tape *tape = y.tape;
    size_t count = size_of(y);
    arena_position position = arena_mark(&tape->scratch);
    ad_var *rows = tape_scratch(tape, count, sizeof *rows);
    bool ok = rows != NULL;
    for (size_t k = 0; ok && k < count; k++) {
        rows[k] = invalid;
        tape_gradients(y, tape_number(tape, 1), &k, &x, 1, &rows[k], name);
        ok = rows[k].tape != NULL;
    }
    ad_var jacobian = ok ? operation_stack(tape, rows, count, size_of(x)) : invalid;
    arena_rewind(&tape->scratch, position);
    return jacobian;
}

static ad_var jacobian(ad_var y, ad_var x, const char *name)
{
    if (size_of(y) <= size_of(x)) return jacobian_by_rows(y, x, name);
    ad_var u, g = transposed_jacobian(y, x, &u, name);
    return g.tape ? ad_transpose(jacobian_by_rows(g, u, name)) : invalid;
}

ad_var ad_jacobian(ad_var y, ad_var x)
{
    if (!ready((const ad_var[]){y, x}, 2, false, "jacobian")) return invalid;
    const uint32_t first = y.tape->count;
    return derivative(jacobian(y, x, "jacobian"), first);
}

ad_var ad_hessian(ad_var y, ad_var x)
{
    const uint32_t first = y.tape ? y.tape->count : 0;
    ad_var g = gradient(y, x, "hessian");
    return g.tape ? derivative(jacobian_by_rows(g, x, "hessian"), first) : invalid;
}

ad_var ad_hvp(ad_var y, ad_var x, ad_var v)
{
    if (!ready((const ad_var[]){y, x, v}, 3, true, "hvp")) return invalid;
    if (!same_shape(x, v, "hvp", "x", "v")) return invalid;
    ad_var g = gradient(y, x, "hvp");
    return g.tape ? vjp(g, x, operation_direction_of(v), "hvp") : invalid;
}
