/* SPDX-License-Identifier: MIT */
/* Determinants that are hard to differentiate: the engine against exact references. */
#include "tests/hard_determinants.h"
#include "tests/suite.h"

#include <autodiff/autodiff.h>
#include <math.h>
#include <string.h>

static hard_determinant *cases;
static size_t case_count;
static ad_tape *tape;

static void load(void)
{
    cases = hard_determinants_load("tests/data/hard-determinants.json", &case_count);
    ck_assert_msg(cases != NULL && case_count >= 15, "%zu cases", case_count);
    tape = ad_tape_new();
}

static void unload(void)
{
    ad_tape_free(tape);
    hard_determinants_free(cases, case_count);
}

static double largest(size_t count, const double *x, size_t step)
{
    double found = 0;
    for (size_t i = 0; i < count; i++)
        if (fabs(x[i * step]) > found) found = fabs(x[i * step]);
    return found;
}

/* Whether each row (step within a row 1) or column keeps to the bound relative to its largest. */
static bool lines_agree(size_t n, const double *actual, const double *expected, size_t line,
                        size_t step, double bound)
{
    for (size_t i = 0; i < n; i++) {
        double scale = largest(n, expected + i * line, step);
        for (size_t j = 0; j < n; j++) {
            size_t at = i * line + j * step;
            if (!(fabs(actual[at] - expected[at]) <= bound * scale)) return false;
        }
    }
    return true;
}

static bool badly_scaled(const hard_determinant *c)
{
    return strcmp(c->class_name, "badly_scaled") == 0;
}

static double condition(const hard_determinant *c)
{
    bool known = c->n > 1 && c->sigma_before_last > 0;
    return known ? c->sigma_1 / c->sigma_before_last : 1;
}

static void check_matrix(const hard_determinant *c, const char *what, const double *actual,
                         const double *expected)
{
    size_t n = c->n;
    ck_assert_msg(actual != NULL, "%s: no %s: %s", c->id, what, ad_tape_message(tape));
    if (badly_scaled(c)) {
        ck_assert_msg(lines_agree(n, actual, expected, n, 1, 1e-10) ||
                          lines_agree(n, actual, expected, 1, n, 1e-10),
                      "%s: %s differs row by row and column by column", c->id, what);
        return;
    }
    double scale = largest(n * n, expected, 1);
    if (scale == 0) scale = pow(c->sigma_1, (double)n - 1);
    double bound = 1e-10 * fmax(1, 1e-3 * condition(c)) * scale;
    for (size_t i = 0; i < n * n; i++)
        ck_assert_msg(fabs(actual[i] - expected[i]) <= bound,
                      "%s: %s element %zu is %.17g, not %.17g (bound %.2g)", c->id, what, i,
                      actual[i], expected[i], bound);
}

START_TEST(determinant_is_within_its_condition)
{
    for (const hard_determinant *c = cases; c < cases + case_count; c++) {
        if (c->determinant_status == REFERENCE_MISSING || !c->gradient) continue;
        ad_tape_reset(tape);
        double det = ad_value(ad_det(ad_input(tape, c->n, c->n, c->a)));
        double bound = 1e-12 * c->sigma_1 * largest(c->n * c->n, c->gradient, 1);
        ck_assert_msg(fabs(det - c->determinant) <= bound, "%s: %.17g, not %.17g", c->id, det,
                      c->determinant);
    }
}
END_TEST

START_TEST(gradient_by_the_sweep_is_exact_to_rounding)
{
    for (const hard_determinant *c = cases; c < cases + case_count; c++) {
        if (!c->gradient) continue;
        ad_tape_reset(tape);
        ad_var A = ad_input(tape, c->n, c->n, c->a);
        ad_backward(ad_det(A));
        check_matrix(c, "gradient", ad_adjoint(A), c->gradient);
    }
}
END_TEST

START_TEST(recorded_gradient_is_exact_to_rounding)
{
    for (const hard_determinant *c = cases; c < cases + case_count; c++) {
        if (!c->gradient) continue;
        ad_tape_reset(tape);
        ad_var A = ad_input(tape, c->n, c->n, c->a);
        check_matrix(c, "gradient", ad_values(ad_grad(ad_det(A), A)), c->gradient);
    }
}
END_TEST

START_TEST(hessian_vector_product_is_exact_to_rounding)
{
    for (const hard_determinant *c = cases; c < cases + case_count; c++) {
        if (!c->hvp) continue;
        ad_tape_reset(tape);
        ad_var A = ad_input(tape, c->n, c->n, c->a);
        ad_var V = ad_constant(tape, c->n, c->n, c->direction);
        check_matrix(c, "Hessian-vector product", ad_values(ad_hvp(ad_det(A), A, V)), c->hvp);
    }
}
END_TEST

START_TEST(log_determinant_and_sign_survive_overflow_and_underflow)
{
    for (const hard_determinant *c = cases; c < cases + case_count; c++) {
        ad_tape_reset(tape);
        ad_var A = ad_input(tape, c->n, c->n, c->a);
        double actual = ad_value(ad_logabsdet(A));
        if (c->sign == 0) {
            double bound = 1e-12 * c->sigma_1 * largest(c->n * c->n, c->gradient, 1);
            ck_assert_msg(exp(actual) <= bound, "%s: %g", c->id, actual);
            continue;
        }
        ck_assert_msg(ad_value(ad_detsign(A)) == c->sign, "%s: sign", c->id);
        double ratio = badly_scaled(c) ? 1e3 : c->sigma_1 / c->sigma_n;
        double bound = 1e-13 * (double)c->n + 1e-12 * fabs(c->log_abs) + 1e-14 * ratio;
        ck_assert_msg(fabs(actual - c->log_abs) <= bound, "%s: %.17g, not %.17g", c->id, actual,
                      c->log_abs);
    }
}
END_TEST

/* A^-T is determined to eps times the condition number of A; entries that scale differently, each
 * in its own row or column. */
START_TEST(gradient_of_the_log_determinant_exists_wherever_it_is_finite)
{
    for (const hard_determinant *c = cases; c < cases + case_count; c++) {
        ad_tape_reset(tape);
        ad_var A = ad_input(tape, c->n, c->n, c->a);
        bool singular = ad_value(ad_det(A)) == 0;
        ad_status status = ad_backward(ad_logabsdet(A));
        if (c->log_gradient_status == REFERENCE_SINGULAR) {
            /* Rounding may leave a determinant of a few units in the last place. */
            ck_assert_msg(status == (singular ? AD_ERROR_DERIVATIVE : AD_OK), "%s: %s", c->id,
                          ad_tape_message(tape));
            continue;
        }
        const double *g = ad_adjoint(A);
        ck_assert_msg(status == AD_OK && g, "%s: %s", c->id, ad_tape_message(tape));
        double bound = badly_scaled(c) ? 1e-10 : 1e-13 * fmax(1, c->sigma_1 / c->sigma_n);
        if (c->log_gradient && badly_scaled(c))
            check_matrix(c, "gradient of log|det|", g, c->log_gradient);
        else if (c->log_gradient)
            for (size_t i = 0, size = c->n * c->n; i < size; i++)
                ck_assert_msg(
                    fabs(g[i] - c->log_gradient[i]) <= bound * largest(size, c->log_gradient, 1),
                    "%s: element %zu is %.17g, not %.17g", c->id, i, g[i], c->log_gradient[i]);
        for (size_t s = 0; s < c->samples; s++) {
            const double *sample = c->sample + 3 * s;
            size_t at = (size_t)sample[0] * c->n + (size_t)sample[1];
            ck_assert_msg(fabs(g[at] - sample[2]) <= bound * c->log_gradient_largest,
                          "%s: sample %zu is %.17g, not %.17g", c->id, s, g[at], sample[2]);
        }
    }
}
END_TEST

START_TEST(replay_from_one_hard_matrix_to_another_is_as_good)
{
    for (const hard_determinant *c = cases; c < cases + case_count; c++)
        for (const hard_determinant *d = cases; d < cases + case_count; d++) {
            if (c == d || c->n != d->n || !d->gradient || !d->hvp) continue;
            ad_tape_reset(tape);
            ad_var A = ad_input(tape, c->n, c->n, c->a);
            ad_var V = ad_constant(tape, c->n, c->n, d->direction);
            ad_var g = ad_grad(ad_det(A), A), h = ad_vjp(g, A, V);
            ad_set(A, d->a);
            ck_assert_int_eq(ad_replay(tape), AD_OK);
            check_matrix(d, "replayed gradient", ad_values(g), d->gradient);
            check_matrix(d, "replayed Hessian-vector product", ad_values(h), d->hvp);
        }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("hard determinants");
    TCase *exact = tcase_create("exact references");
    tcase_add_unchecked_fixture(exact, load, unload);
    tcase_add_test(exact, determinant_is_within_its_condition);
    tcase_add_test(exact, gradient_by_the_sweep_is_exact_to_rounding);
    tcase_add_test(exact, recorded_gradient_is_exact_to_rounding);
    tcase_add_test(exact, hessian_vector_product_is_exact_to_rounding);
    tcase_add_test(exact, log_determinant_and_sign_survive_overflow_and_underflow);
    tcase_add_test(exact, gradient_of_the_log_determinant_exists_wherever_it_is_finite);
    tcase_add_test(exact, replay_from_one_hard_matrix_to_another_is_as_good);
    suite_add_tcase(s, exact);
    return s;
}
