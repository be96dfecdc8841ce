/* SPDX-License-Identifier: MIT */
/* Recorded functions: values and derivatives at many points, by replays of what they depend on. */
#include "tape/tape.h"

#include <math.h>
#include <string.h>

/* ---- Outputs ---- */

static size_t size_of(ad_var x)
{
    return ad_rows(x) * ad_cols(x);
}

static bool read_value(ad_var x, double *out)
{
    const size_t size = size_of(x);
    if (!out || size == 0) return true;
    const double *const values = ad_values(x);
    if (values) memcpy(out, values, size * sizeof *out);
    return values != NULL;
}

static void fill_nan(double *out, size_t size)
{
    for (size_t i = 0; out && i < size; i++) out[i] = NAN;
}

/* The status of a call; where it did not work, outputs are NaN. */
static ad_status finish(const ad_function *f, bool ok, double *y, size_t y_size, double *out,
                        size_t size)
{
    if (ok) return AD_OK;
    fill_nan(y, y_size);
    fill_nan(out, size);
    return f ? ad_tape_status(f->x.tape ? f->x.tape : f->y.tape) : AD_ERROR_ARGUMENT;
}

/* ---- The point ---- */

static bool set_point(const ad_function *f, const double *at, bool scalar, const char *name)
{
    if (!f) return false;
    ad_tape *const tape = tape_common((const ad_var[]){f->y, f->x}, 2, name);
    if (!tape) return false;
    if (scalar && size_of(f->y) != 1)
        return tape_fail(tape, AD_ERROR_SHAPE, "%s: y is %zux%zu, not 1x1", name, ad_rows(f->y),
                         ad_cols(f->y));
    return tape_set_leaves(tape, &f->x, 1, at, name) == AD_OK;
}

static bool is_recorded(const ad_function *f, ad_var derivative)
{
    return derivative.tape == f->x.tape && ad_ok(derivative);
}

/* Recomputes y if it is wanted, and a derivative unless it is an invalid handle. After a replay that
 * failed all values are unknown: then everything. */
static bool recompute(const ad_function *f, bool wanted, ad_var derivative)
{
    ad_tape *const tape = f->x.tape;
    if (!wanted && !derivative.tape) return true;
    if (tape->failed != NO_NODE) return ad_replay(tape) == AD_OK;
    return tape_replay_for(tape, wanted ? f->y.node : NO_NODE,
                           derivative.tape ? derivative.node : NO_NODE);
}

/* A derivative that was recorded just now: all that later calls need memory for is done once. */
static bool prepare(const ad_function *f, ad_var derivative)
{
    return derivative.tape && tape_compute_all(f->x.tape) && recompute(f, false, derivative) &&
           recompute(f, true, derivative);
}

/* ---- Derivatives ---- */

/* Sweeps from y, whose values are those of the point: the rest of the tape may be older. */
static bool read_gradient(const ad_function *f, double *gradient)
{
    ad_tape *const tape = f->x.tape;
    if (!gradient) return true;
    const bool pending = tape->set_pending;
    tape->set_pending = false;
    tape_refresh(tape);
    ad_backward(f->y);
    tape->set_pending = pending;
    tape_refresh(tape);
    return ad_adjoints(tape, &f->x, 1, gradient) == AD_OK;
}

static bool use_jacobian(ad_function *f, bool wanted)
{
    if (is_recorded(f, f->jacobian)) return recompute(f, wanted, f->jacobian);
    if (ad_replay(f->x.tape) != AD_OK) return false;
    f->jacobian = ad_jacobian(f->y, f->x);
    return prepare(f, f->jacobian);
}

static bool use_hessian(ad_function *f, bool wanted)
{
    if (is_recorded(f, f->hessian)) return recompute(f, wanted, f->hessian);
    if (ad_replay(f->x.tape) != AD_OK) return false;
    f->hessian = ad_hessian(f->y, f->x);
    return prepare(f, f->hessian);
}

static bool use_product(ad_function *f, const double *v)
{
    ad_tape *const tape = f->x.tape;
    if (is_recorded(f, f->direction) && is_recorded(f, f->product))
        return tape_set_leaves(tape, &f->direction, 1, v, "function_hvp") == AD_OK &&
               recompute(f, false, f->product);
    if (ad_replay(tape) != AD_OK) return false;
    f->direction = tape_leaf(tape, "function_hvp", false, ad_rows(f->x), ad_cols(f->x), v);
    f->product = ad_hvp(f->y, f->x, f->direction);
    return prepare(f, f->product);
}

/* ---- Calls ---- */

ad_status ad_function_value(ad_function *f, const double *at, double *y)
{
    const bool ok = set_point(f, at, false, "function_value") &&
                    recompute(f, y != NULL, (ad_var){0}) && read_value(f->y, y);
    return finish(f, ok, y, f ? size_of(f->y) : 0, NULL, 0);
}

ad_status ad_function_gradient(ad_function *f, const double *at, double *y, double *gradient)
{
    const bool ok = set_point(f, at, true, "function_gradient") &&
                    recompute(f, y || gradient, (ad_var){0}) && read_value(f->y, y) &&
                    read_gradient(f, gradient);
    return finish(f, ok, y, 1, gradient, f ? size_of(f->x) : 0);
}

ad_status ad_function_jacobian(ad_function *f, const double *at, double *y, double *jacobian)
{
    const bool ok = set_point(f, at, false, "function_jacobian") &&
                    (jacobian ? use_jacobian(f, y) : recompute(f, y != NULL, (ad_var){0})) &&
                    read_value(f->y, y) && (!jacobian || read_value(f->jacobian, jacobian));
    return finish(f, ok, y, f ? size_of(f->y) : 0, jacobian, f ? size_of(f->y) * size_of(f->x) : 0);
}

ad_status ad_function_hessian(ad_function *f, const double *at, double *y, double *gradient,
                              double *hessian)
{
    if (!hessian) return ad_function_gradient(f, at, y, gradient);
    const bool ok = set_point(f, at, true, "function_hessian") && use_hessian(f, y || gradient) &&
                    read_value(f->y, y) && read_value(f->hessian, hessian) &&
                    read_gradient(f, gradient);
    const size_t size = f ? size_of(f->x) : 0;
    if (!ok) fill_nan(gradient, size);
    return finish(f, ok, y, 1, hessian, size * size);
}

ad_status ad_function_hvp(ad_function *f, const double *at, const double *v, double *hv)
{
    const bool ok = set_point(f, at, true, "function_hvp") &&
                    (!hv || (use_product(f, v) && read_value(f->product, hv)));
    return finish(f, ok, NULL, 0, hv, f ? size_of(f->x) : 0);
}
