/* Choice by a condition.
 *
 *     y = c ? x : z      x' += c ? y' : 0,   z' += c ? 0 : y'
 *
 * A branch that no element takes gets a structural zero instead of zeros: an adjoint that its
 * operations pass on as such and that meets no 1/0 on the way. Whether this is so depends on
 * values and is decided again by every replay.
 */
#include "ops/placement.h"

static size_t step(size_t size, size_t position)
{
    return size == 1 ? 0 : position;
}

static double element(const matrix *m, size_t i, size_t j)
{
    return m->values[step(m->rows, i) * m->cols + step(m->cols, j)];
}

/* Whether any element of a condition is, or is not, 0. */
static bool any_is(const matrix *condition, bool nonzero)
{
    for (size_t i = 0; i < matrix_size(condition); i++)
        if ((condition->values[i] != 0) == nonzero) return true;
    return false;
}

static bool is_zero(const evaluation *e, size_t k)
{
    return tape_is_zero(e->tape, e->in[k].node);
}

/* ---- the share of a branch: y' where it is taken, else 0 ---- */

static bool taken(const evaluation *e)
{
    return *(const bool *)e->attributes;
}

static bool share_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->in[1].rows;
    *cols = e->in[1].cols;
    return true;
}

static bool share_values(const evaluation *e)
{
    bool when = taken(e);
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++)
            e->output[i * e->cols + j] =
                (element(&e->in[0], i, j) != 0) == when ? e->in[1].values[i * e->cols + j] : 0;
    return true;
}

static bool share_vanishes(const evaluation *e)
{
    return matrix_size(&e->in[0]) > 0 && !any_is(&e->in[0], taken(e));
}

static ad_var share(ad_var condition, ad_var adjoint, bool when);

static bool share_gradient(const rule *r)
{
    return !r->wanted[1] || rule_add(r, 1, share(r->in[0], r->adjoint, *(const bool *)r->attributes));
}

static const operation share_operation = {.name = "where_share",
                                          .zeros = ZERO_SECOND,
                                          .choice = true,
                                          .shape = share_shape,
                                          .values = share_values,
                                          .gradient = share_gradient,
                                          .vanishes = share_vanishes};

/* Of an adjoint whose elements are put into zeros only these are looked at. */
static ad_var share(ad_var condition, ad_var adjoint, bool when)
{
    placed p;
    bool few = placed_adjoint(adjoint, &p);
    if (few && p.count == 0) return adjoint;
    const ad_var in[] = {few ? placed_operand(&p, condition) : condition,
                         few ? p.elements : adjoint};
    ad_var taken_share = tape_record(&share_operation, in, 2, &when, sizeof when);
    return few ? placed_share(&p, taken_share, adjoint) : taken_share;
}

/* ---- a value that is structurally zero where another is ---- */

static bool unless_values(const evaluation *e)
{
    size_t size = e->rows * e->cols;
    if (size) memcpy(e->output, e->in[1].values, size * sizeof *e->output);
    return true;
}

static bool unless_vanishes(const evaluation *e)
{
    return is_zero(e, 0);
}

static bool unless_gradient(const rule *r)
{
    return !r->wanted[1] || rule_add(r, 1, operation_unless_zero(r->in[0], r->adjoint));
}

static const operation unless_operation = {.name = "unless_zero",
                                           .zeros = ZERO_SECOND,
                                           .shape = share_shape,
                                           .values = unless_values,
                                           .gradient = unless_gradient,
                                           .vanishes = unless_vanishes};

ad_var operation_unless_zero(ad_var y, ad_var x)
{
    placed p;
    if (!placed_adjoint(x, &p)) return TAPE_RECORD(&unless_operation, y, x);
    return p.count ? placed_share(&p, TAPE_RECORD(&unless_operation, y, p.elements), x) : x;
}

/* ---- where ---- */

static bool fits(size_t x, size_t *size)
{
    if (*size == 1) *size = x;
    return x == *size || x == 1;
}

static bool where_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *in = e->in;
    *rows = *cols = 1;
    bool ok = true;
    for (size_t k = 0; k < 3; k++)
        ok = fits(in[k].rows, rows) && fits(in[k].cols, cols) && ok;
    return ok || tape_fail(e->tape, AD_ERROR_SHAPE,
                           "where: %zux%zu, %zux%zu and %zux%zu: shapes do not broadcast",
                           in[0].rows, in[0].cols, in[1].rows, in[1].cols, in[2].rows, in[2].cols);
}

static bool where_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++)
            e->output[i * e->cols + j] =
                element(&e->in[element(&e->in[0], i, j) != 0 ? 1 : 2], i, j);
    return true;
}

static bool where_vanishes(const evaluation *e)
{
    if (!is_zero(e, 1) && !is_zero(e, 2)) return false;
    return (is_zero(e, 1) || !any_is(&e->in[0], true)) &&
           (is_zero(e, 2) || !any_is(&e->in[0], false));
}

static bool where_gradient(const rule *r)
{
    for (size_t k = 1; k <= 2; k++)
        if (r->wanted[k] &&
            !rule_add(r, k, operation_summed_like(share(r->in[0], r->adjoint, k == 1), r->in[k])))
            return false;
    return true;
}

static const operation where_operation = {.name = "where",
                                          .shape = where_shape,
                                          .values = where_values,
                                          .gradient = where_gradient,
                                          .vanishes = where_vanishes};

ad_var ad_where(ad_var condition, ad_var x, ad_var y)
{
    return TAPE_RECORD(&where_operation, condition, x, y);
}

OPERATION_FAMILY(where, &where_operation, &share_operation, &unless_operation);
