/* SPDX-License-Identifier: MIT */
/* The determinant and its family, all from one factorization of A that divides by no pivot.
 *
 *     d = det A             A' += d' C,  C = cof A                   (Giles 2008, section 2.2.4)
 *     l = log |det A|       A' += l' A^-T
 *     L = g A^-T            g' += <L', A^-T>,  A' -= P(A, g L'),  P(A, W) = A^-T W^T A^-T
 *     P = P(A, W)           W' += P(A, P'),  A' -= P P'^T A^-T + A^-T P'^T P
 *     C = cof A             A' += D cof(A)[C'], as D cof is symmetric
 *     H = D cof(A)[V]       V' += D cof(A)[H'],  A' += D^2 cof(A)[V, H']
 *     T = D^2 cof(A)[V, W]  V' += D^2 cof(A)[T', W],  W' += D^2 cof(A)[V, T'],
 *                           A' += D^3 cof(A)[V, W, T']
 *
 * ops/determinant/determinant.h has the accuracy. D^3 cof is composed of solves with A and so needs
 * a regular A, unless n <= 3, where it is 0.
 */
#include "ops/operations.h"
#include "ops/determinant/determinant.h"

#include <string.h>

/* ---- the factorization, kept in the memo ---- */

static const char factor_key[] = "determinant";

determinant_factor *operation_factor(const evaluation *e)
{
    const matrix *a = &e->in[0];
    determinant_factor *factor = tape_memo_find(e->tape, a->node, factor_key);
    if (factor) return factor;
    factor = determinant_factor_new(a->rows, a->values, tape_memo_arena(e->tape, a->node));
    if (!factor) {
        tape_out_of_memory(e->tape, e->op->name);
        return NULL;
    }
    tape_count_factorization(e->tape);
    return tape_memo_store(e->tape, a->node, factor_key, factor) ? factor : NULL;
}

static bool report(const evaluation *e, determinant_status status)
{
    if (status == DETERMINANT_MEMORY) return tape_out_of_memory(e->tape, e->op->name);
    if (status == DETERMINANT_SINGULAR)
        return tape_fail(
            e->tape, AD_ERROR_DERIVATIVE,
            "logabsdet: the %zux%zu matrix is singular: log|det| is -Inf there and has "
            "no gradient",
            e->in[0].rows, e->in[0].cols);
    return true;
}

/* ---- det, detsign ---- */

static bool det_values(const evaluation *e)
{
    determinant_factor *factor = operation_factor(e);
    if (factor) *e->output = determinant_value(factor);
    return factor != NULL;
}

static bool det_gradient(const rule *r)
{
    return rule_add(r, 0, ad_mul(r->adjoint, ad_cofactor(r->in[0])));
}

/* Adds the adjoint times the gradient that a function fills in: for det and log|det|. */
static bool multiple_sweep(const evaluation *e, const plain_adjoints *a,
                           determinant_status gradient(determinant_factor *, double *, arena *))
{
    const size_t size = matrix_size(&e->in[0]);
    determinant_factor *factor = operation_factor(e);
    double *room = a->of_operands[0];
    if (factor && !a->fresh[0]) room = tape_scratch(e->tape, size, sizeof *room);
    if (!factor || !room || !report(e, gradient(factor, room, tape_scratch_arena(e->tape))))
        return false;
    plain_multiple(size, *a->of_result, room, a->fresh[0], a->of_operands[0]);
    return true;
}

static determinant_status fill_cofactor(determinant_factor *factor, double *output, arena *memory)
{
    return determinant_cofactor(factor, NULL, NULL, output, memory);
}

static bool det_sweep(const evaluation *e, const plain_adjoints *a)
{
    return multiple_sweep(e, a, fill_cofactor);
}

OPERATION(det, .whole = true, .shape = shape_is_square_to_scalar, .values = det_values,
          .gradient = det_gradient, .sweep = det_sweep);

ad_var ad_det(ad_var A)
{
    return TAPE_RECORD(&det_operation, A);
}

static bool detsign_values(const evaluation *e)
{
    determinant_factor *factor = operation_factor(e);
    if (!factor) return false;
    int sign;
    double magnitude = determinant_log_abs(factor, &sign);
    *e->output = magnitude != magnitude ? magnitude : sign;
    return true;
}

OPERATION(detsign, .step = true, .shape = shape_is_square_to_scalar, .values = detsign_values);

ad_var ad_detsign(ad_var A)
{
    return TAPE_RECORD(&detsign_operation, A);
}

/* ---- log |det| ---- */

static bool logabsdet_values(const evaluation *e)
{
    determinant_factor *factor = operation_factor(e);
    if (factor) *e->output = determinant_log_abs(factor, NULL);
    return factor != NULL;
}

/* g A^-T, g 1x1: linear in g, so that a structural zero asks nothing of A. */
static bool log_gradient_values(const evaluation *e)
{
    determinant_factor *factor = operation_factor(e);
    if (!factor) return false;
    bool ok = report(e, determinant_log_gradient(factor, e->output, tape_scratch_arena(e->tape)));
    for (size_t i = 0; ok && i < e->rows * e->cols; i++) e->output[i] *= *e->in[1].values;
    return ok;
}

static ad_var log_gradient(ad_var A, ad_var g);

/* A^-T W^T A^-T, without overflow on the way. */
static bool inverse_product_values(const evaluation *e)
{
    determinant_factor *factor = operation_factor(e);
    return factor && report(e, determinant_inverse_product(factor, e->in[1].values, e->output,
                                                           tape_scratch_arena(e->tape)));
}

static bool inverse_product_gradient(const rule *r)
{
    const ad_var A = r->in[0], P = r->output, g = r->adjoint;
    if (r->wanted[1] && !rule_add(r, 1, operation_inverse_product(A, g))) return false;
    if (!r->wanted[0]) return true;
    ad_var right = operation_solve(A, operation_matmul(g, ad_neg(P), false, true), false);
    ad_var left = operation_solve(A, operation_matmul(g, ad_neg(P), true, false), true);
    return rule_add(r, 0, ad_transpose(right)) && rule_add(r, 0, left);
}

OPERATION(inverse_product, .zeros = ZERO_SECOND, .shape = shape_is_square,
          .values = inverse_product_values, .gradient = inverse_product_gradient);

ad_var operation_inverse_product(ad_var A, ad_var W)
{
    return TAPE_RECORD(&inverse_product_operation, A, W);
}

/* A^-T is asked for only where L' is. */
static bool log_gradient_gradient(const rule *r)
{
    const ad_var A = r->in[0], g = r->in[1];
    const ad_var one = operation_unless_zero(r->adjoint, tape_number(r->tape, 1));
    if (r->wanted[1] && !rule_add(r, 1, ad_dot(r->adjoint, log_gradient(A, one)))) return false;
    return !r->wanted[0] ||
           rule_add(r, 0, ad_neg(operation_inverse_product(A, ad_mul(g, r->adjoint))));
}

OPERATION(logabsdet_gradient, .zeros = ZERO_SECOND, .shape = shape_is_square,
          .values = log_gradient_values, .gradient = log_gradient_gradient);

static ad_var log_gradient(ad_var A, ad_var g)
{
    return TAPE_RECORD(&logabsdet_gradient_operation, A, g);
}

static bool logabsdet_gradient(const rule *r)
{
    return rule_add(r, 0, log_gradient(r->in[0], r->adjoint));
}

static bool logabsdet_sweep(const evaluation *e, const plain_adjoints *a)
{
    return multiple_sweep(e, a, determinant_log_gradient);
}

OPERATION(logabsdet, .whole = true, .shape = shape_is_square_to_scalar, .values = logabsdet_values,
          .gradient = logabsdet_gradient, .sweep = logabsdet_sweep);

ad_var ad_logabsdet(ad_var A)
{
    return TAPE_RECORD(&logabsdet_operation, A);
}

/* ---- cofactor and its derivatives along V, and along V and W ---- */

/* For all three. */
static bool cofactor_values(const evaluation *e)
{
    determinant_factor *factor = operation_factor(e);
    const double *v = e->count > 1 ? e->in[1].values : NULL;
    const double *w = e->count > 2 ? e->in[2].values : NULL;
    return factor &&
           report(e, determinant_cofactor(factor, v, w, e->output, tape_scratch_arena(e->tape)));
}

static bool cofactor_gradient(const rule *r)
{
    return rule_add(r, 0, operation_cofactor_derivative(r->in[0], r->adjoint));
}

OPERATION(cofactor, .shape = shape_is_square, .values = cofactor_values,
          .gradient = cofactor_gradient);

ad_var ad_cofactor(ad_var A)
{
    return TAPE_RECORD(&cofactor_operation, A);
}

static bool derivative_gradient(const rule *r)
{
    const ad_var A = r->in[0], V = r->in[1], g = r->adjoint;
    if (r->wanted[1] && !rule_add(r, 1, operation_cofactor_derivative(A, g))) return false;
    return !r->wanted[0] || rule_add(r, 0, operation_cofactor_second_derivative(A, V, g));
}

OPERATION(cofactor_derivative, .zeros = ZERO_SECOND, .shape = shape_is_square,
          .values = cofactor_values, .gradient = derivative_gradient);

ad_var operation_cofactor_derivative(ad_var A, ad_var V)
{
    return TAPE_RECORD(&cofactor_derivative_operation, A, V);
}

/* With Z_i = A^-1 V_i, det(I + M) (I + M)^-1 = 1 + ... + (e_3 I - e_2 M + e_1 M^2 - M^3) + ..., e_k
 * the elementary symmetric functions of the eigenvalues of M: six times the cubic part, polarized
 * to a form in Z_1, Z_2, Z_3, is the sum below, and D^3 cof = det(A) (sum A^-1)^T. */
static ad_var third_form(const ad_var Z[3], size_t n)
{
    ad_var P[3][3], t[3], tt[3]; /* P[i][j] = Z_i Z_j; tt[i] = tr of the product of the other two */
    for (size_t i = 0; i < 3; i++) {
        t[i] = ad_trace(Z[i]);
        for (size_t j = 0; j < 3; j++)
            if (i != j) P[i][j] = ad_matmul(Z[i], Z[j]);
    }
    for (size_t i = 0; i < 3; i++) tt[i] = ad_dot(Z[(i + 1) % 3], ad_transpose(Z[(i + 2) % 3]));
    ad_var e3 = ad_mul(ad_mul(t[0], t[1]), t[2]);
    ad_var sum = (ad_var){0};
    for (size_t i = 0; i < 3; i++) {
        size_t j = (i + 1) % 3, k = (i + 2) % 3;
        ad_var products = ad_add(P[j][k], P[k][j]);
        e3 = ad_sub(e3, ad_mul(t[i], tt[i]));
        ad_var term =
            ad_sub(ad_mul(t[i], products), ad_mul(ad_sub(ad_mul(t[j], t[k]), tt[i]), Z[i]));
        term = ad_sub(term, ad_matmul(Z[i], products));
        sum = i == 0 ? term : ad_add(sum, term);
    }
    e3 = ad_add(e3,
                ad_add(ad_dot(P[0][1], ad_transpose(Z[2])), ad_dot(P[1][0], ad_transpose(Z[2]))));
    return ad_add(sum, operation_scaled_identity(e3, n));
}

/* Linear in V, W and U: no system is solved where one of them is structurally zero. */
static ad_var third_derivative(ad_var A, ad_var V, ad_var W, ad_var U)
{
    const ad_var Z[3] = {ad_solve(A, operation_unless_zero(U, V)),
                         ad_solve(A, operation_unless_zero(U, W)), ad_solve(A, U)};
    ad_var form = third_form(Z, ad_rows(A));
    return ad_mul(ad_det(A), operation_solve(A, ad_transpose(form), true));
}

static bool second_gradient(const rule *r)
{
    const ad_var A = r->in[0], V = r->in[1], W = r->in[2], g = r->adjoint;
    if (r->wanted[1] && !rule_add(r, 1, operation_cofactor_second_derivative(A, g, W)))
        return false;
    if (r->wanted[2] && !rule_add(r, 2, operation_cofactor_second_derivative(A, V, g)))
        return false;
    if (!r->wanted[0] || ad_rows(A) <= 3) return true;
    return rule_add(r, 0, third_derivative(A, V, W, g));
}

static void second_support(const evaluation *e, bool *support)
{
    const bool zero = matrix_vanishes(&e->in[1]) || matrix_vanishes(&e->in[2]);
    memset(support, !zero, e->rows * e->cols);
}

OPERATION(cofactor_second_derivative, .shape = shape_is_square, .values = cofactor_values,
          .gradient = second_gradient, .support = second_support);

ad_var operation_cofactor_second_derivative(ad_var A, ad_var V, ad_var W)
{
    return TAPE_RECORD(&cofactor_second_derivative_operation, A, V, W);
}

OPERATION_FAMILY(determinant, &det_operation, &detsign_operation, &logabsdet_operation,
                 &logabsdet_gradient_operation, &inverse_product_operation, &cofactor_operation,
                 &cofactor_derivative_operation, &cofactor_second_derivative_operation);
