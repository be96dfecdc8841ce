/* SPDX-License-Identifier: MIT */
/* Derivatives in scripts: by which value they are taken, in which order their elements count, and
 * what check and gradcheck say. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <stdio.h>
#include <string.h>

START_TEST(gradient_has_the_shape_of_the_variable)
{
    script_passes("A = [1 2; 3 4]; x = [1 2 3]; s = 2;\n"
                  "check(grad(sum(A(:).^2), A), [2 4; 6 8])\n"
                  "check(grad(x*x', x), [2 4 6])\n"
                  "check(grad(s^3, s), 12)\n",
                  3);
}
END_TEST

START_TEST(several_gradients_come_from_one_call)
{
    script_passes("x = 2; z = 3; y = x^2*z; [gx, gz] = grad(y, x, z);\ncheck(gx, 12), check(gz, 4)",
                  2);
}
END_TEST

START_TEST(gradients_are_values_that_can_be_differentiated)
{
    script_passes("t = 2; y = t^4; check(grad(grad(y, t), t), 48)\n"
                  "check(grad(grad(grad(y, t), t), t), 48)\n"
                  "g = grad(y, t); check(grad(g^2, g), 64)\n"
                  "c = grad(3*t, t); check(grad(c^2, c), 6)",
                  4);
}
END_TEST

START_TEST(every_value_can_be_differentiated_by)
{
    script_passes(
        "x = 3; y = x^2; z = sin(y); check(grad(z, y), cos(9)), check(grad(z, x), 6*cos(9))\n"
        "r = sqrt(2); check(grad(r^2, r), 2*sqrt(2))\n"
        "n = floor(2.7); check(grad(n^2, n), 4)\n"
        "m = [1 2 3] > 2; check(grad(sum(m.*[4 5 6]), m), [4 5 6])\n"
        "v = 1:3; check(grad(v*v', v), [2 4 6])\n"
        "k = rows(v); check(grad(k^2, k), 2)\n"
        "A = eye(2); check(grad(det(A), A), eye(2))\n"
        "5; check(grad(ans^2, ans), 10)",
        9);
}
END_TEST

START_TEST(squares_of_lengths_are_sums_of_squares)
{
    script_passes(
        "x = [0 0]; r = norm(x); check(hessian(r^2, x), 2*eye(2), 0)\n"
        "check(hessian(r*r, x), 2*eye(2), 0), check(hessian(r.^2, x), 2*eye(2), 0)\n"
        "t = 0; check(grad(grad(abs(t)^2, t), t), 2, 0)\n"
        "check(hessian(hypot(x(1), x(2))^2, x), 2*eye(2), 0)\n"
        "z = [3 4]; s = norm(z); [gs, gz] = grad(s^2, s, z); check(gs, 10), check(gz, [6 8])",
        7);
}
END_TEST

START_TEST(a_copy_is_a_new_value)
{
    script_passes("a = 2; b = a; check(grad(a*b, b), 2), check(grad(a*b, a), 4)\n"
                  "z = -0; w = z; check(1/w, -Inf)\n"
                  "c = (a); check(grad(a*c, c), 2), d = +a; check(grad(a*d, d), 2)\n"
                  "A = [1 2]; B = A(:, :); check(grad(A*B', B), [1 2])",
                  6);
}
END_TEST

START_TEST(parameters_are_new_values)
{
    script_passes("h = @(u, v) grad(u*v, u); x = 5; check(h(2, 3), 3), check(h(x, x), 5)\n"
                  "f = @(t) t^3; check(grad(f(x), x), 75)\n"
                  "a = 2; g = @(t) a*t; check(grad(g(7), a), 7)\n"
                  "d = @(t) grad(f(t), t); check(d(2), 12), check(grad(d(x), x), 30)",
                  6);
}
END_TEST

START_TEST(captured_values_stay_those_of_their_making)
{
    script_passes("a = 2; b = a; g = @(t) a*t; a = 9; check(g(1), 2), check(grad(g(3), b), 0)", 2);
}
END_TEST

START_TEST(independent_values_have_zero_gradients)
{
    script_passes("x = [1 2]; y = 3; check(grad(y^2, x), [0 0]), check(grad(7, x), [0 0])\n"
                  "check(jacobian([y; y], x), zeros(2)), check(hessian(y^2, x), zeros(2))\n"
                  "check(hvp(y^2, x, [1 1]), [0 0])",
                  5);
}
END_TEST

START_TEST(part_of_a_variable_means_part_of_the_gradient)
{
    script_passes("A = [1 2; 3 4]; f = sum(A(:).^3);\n"
                  "check(grad(f, A(1, :)), [3 12]), check(grad(f, A(2, 1)), 27)\n"
                  "check(grad(f, A(:)), [3; 27; 12; 48]), check(grad(f, A(A > 2)), [27; 48])\n"
                  "check(jacobian(A*[1; 1], A(:, 2)), eye(2))\n"
                  "check(hessian(f, A([1 4])), [6 0; 0 24])\n"
                  "check(hvp(f, A(2, :), [1 1]), [18 24])",
                  7);
}
END_TEST

START_TEST(jacobians_and_hessians_count_down_the_columns)
{
    /* vec(A*A)' = (A' (x) I + I (x) A) vec(A)' (Magnus and Neudecker) */
    script_passes("A = [1 2; 3 4]; check(jacobian(A*A, A), kron(A', eye(2)) + kron(eye(2), A))\n"
                  "B = [1 2 3; 4 5 6]; check(jacobian(B', B)*vec(B), vec(B'))\n"
                  "check(jacobian(B, B), eye(6)), size(jacobian(B(:, 1), B));\n"
                  "check(jacobian(2*B, B)(:, 2), 2*[0; 1; 0; 0; 0; 0])\n"
                  "check(hessian(B(2, 1)^2*B(1, 3), B)(2, 2), 2*3)\n"
                  "check(hessian(B(2, 1)*B(1, 3), B)(2, 5), 1)",
                  6);
}
END_TEST

START_TEST(hessian_times_vector_is_hvp)
{
    script_passes("A = [4 1; 1 3]; f = logdet(A); v = [1 2; 3 5];\n"
                  "check(vec(hvp(f, A, v)), hessian(f, A)*vec(v))",
                  1);
}
END_TEST

START_TEST(reads_and_assignments_of_elements_are_differentiable)
{
    script_passes(
        "x = [1 2 3]; t = 5;\n"
        "check(grad(x(2)*x(3), x), [0 3 2])\n"
        "y = x; y(2) = t^2; check(grad(sum(y.^2), t), 4*t^3), check(grad(sum(y), x), [1 0 1])\n"
        "y(end+1) = t; check(grad(y(4), t), 1)\n"
        "y(:) = t; check(grad(sum(y), t), 4)\n"
        "y([1 1]) = [x(1), x(2)]; check(grad(sum(y), x), [0 1 0])\n"
        "A = zeros(2); A(1, :) = x(1:2); A(:, 1) *= t; check(grad(sum(A(:)), x), [t 1 0])\n"
        "y(2) = []; check(grad(sum(y), t), 2)\n"
        "z = x(x > 1); check(grad(sum(z), x), [0 1 1])",
        9);
}
END_TEST

START_TEST(ranges_and_loop_variables_are_differentiable)
{
    script_passes(
        "a = 1; h = 0.5; r = a:h:3; check(jacobian(r, a), ones(5, 1))\n"
        "check(jacobian(r, h), (0:4)'), check(jacobian(linspace(a, 2, 3), a), [1; 0.5; 0])\n"
        "for k = [2 3], check(grad(k^2, k), 2*k), end\n"
        "c = [1 2; 3 4]; s = 0; for k = c, s += k'*k; end, check(grad(s, c), 2*c)\n"
        "s = 0; for k = a:3, s += k; end, check(grad(s, a), 3)",
        7);
}
END_TEST

START_TEST(detach_cuts_history)
{
    script_passes("x = 3; y = x*detach(x); check(grad(y, x), 3)\n"
                  "c = detach(x^2); check(c, 9), check(grad(c*x, c), 3), check(grad(c*x, x), 9)",
                  4);
}
END_TEST

static const char COST[] = "function [J, g] = cost(w, X, y)\n"
                           "  J = sum((X*w - y).^2)/2;\n"
                           "  if nargout > 1, g = X'*(X*w - y); end\n"
                           "end\n"
                           "X = [1 1; 1 2; 1 3]; y = [1; 2; 2]; w = [0.5; -0.5];\n";

START_TEST(derivatives_pass_through_functions_of_the_script)
{
    char script[2000];
    snprintf(script, sizeof script, "%s%s", COST,
             "[J, g] = cost(w, X, y); check(grad(J, w), g)\n"
             "check(grad(cost(w, X, y), w), g), gradcheck(cost(w, X, y), w)\n"
             "f = @(w) cost(w, X, y); h = @cost;\n"
             "check(hessian(f(w), w), X'*X), check(grad(h(w, X, y), w), g)\n"
             "check(grad(feval(\"cost\", w, X, y), w), g)\n"
             "check(grad(sum(arrayfun(@(t) t^3, w)), w), 3*w.^2)\n"
             "check(grad(cost(w, X, y), X), (X*w - y)*w')\n");
    script_passes(script, 8);
}
END_TEST

START_TEST(derivatives_are_taken_inside_functions)
{
    script_passes("function d = slope(x), y = x^3; d = grad(y, x); end\n"
                  "function d = self(a, b), d = grad(a*b, a); end\n"
                  "function r = power_of(x, n)\n"
                  "  if n == 0, r = 1; else r = x*power_of(x, n - 1); end\n"
                  "end\n"
                  "function r = guarded(x)\n"
                  "  try, error(\"no\"); catch, r = x^2; end\n"
                  "end\n"
                  "function r = root(a)\n"
                  "  r = 1; do, r = r - (r^2 - a)/(2*r); until abs(r^2 - a) < 1e-14\n"
                  "end\n"
                  "u = 2; check(slope(u), 12), check(grad(slope(u), u), 12)\n"
                  "check(self(u, u), u), check(grad(power_of(u, 5), u), 80)\n"
                  "check(grad(guarded(u), u), 4), check(grad(root(u), u), 1/(2*sqrt(2)))\n"
                  "u++; check(u, 3), w = v = u; check(grad(v*w, w), 3)\n",
                  8);
}
END_TEST

START_TEST(gradcheck_compares_with_differences)
{
    script_passes(
        "A = [4 1; 1 3]; x = [1; 2]; gradcheck(x'*(A\\x), A), gradcheck(logdet(A), A)\n"
        "gradcheck(sum(max(A)), A), y = 2*x; gradcheck(y'*y, y), gradcheck(norm(chol(A)), A)\n"
        "gradcheck(sum(cumsum(A.^2, 2)(:).*[1; 2; 3; 4]), A), q = 5.5; gradcheck(mod(q, 2), q)",
        7);
    struct script_outcome outcome = script_run("x = 0; gradcheck(sqrt(x^2 + 1e-13), x)\n"
                                               "y = 1; gradcheck(abs(y - 1), y)");
    ck_assert_msg(outcome.status == 0, "%s%s", outcome.output, outcome.errors);
    script_outcome_free(&outcome);
    outcome = script_run("x = 1e-7; gradcheck(abs(x), x), v = [0 1 2]; gradcheck(norm(v, 1), v)");
    ck_assert_int_eq(outcome.status, 0);
    ck_assert_str_eq(outcome.output,
                     "gradcheck(abs(x), x), largest error 0, judged 1 of 1: ok\n"
                     "gradcheck(norm(v, 1), v), largest error 0, judged 2 of 3: ok\n");
    script_outcome_free(&outcome);
}
END_TEST

/* ---- check --------------------------------------------------------------------------------- */

static void check_gives(const char *text, int status, const char *output)
{
    struct script_outcome outcome = script_run(text);
    ck_assert_msg(outcome.status == status, "%s\nstatus %d\n%s", text, outcome.status,
                  outcome.errors);
    ck_assert_str_eq(outcome.output, output);
    script_outcome_free(&outcome);
}

START_TEST(check_prints_one_line_with_error_and_expressions)
{
    check_gives("x = 2;\ncheck(x^2, ...\n   4)", 0, "x^2 == 4, largest error 0: ok\n");
    check_gives("check(1,   1 +  1)", 1, "1 == 1 + 1, largest error 0.5: FAILED\n");
}
END_TEST

START_TEST(check_tolerance_is_relative_above_one)
{
    check_gives("check(1e6 + 1e-5, 1e6)", 0, "1e6 + 1e-5 == 1e6, largest error 1e-11: ok\n");
    check_gives("check(1e-11, 0), check(1e-9, 0)", 1,
                "1e-11 == 0, largest error 1e-11: ok\n1e-9 == 0, largest error 1e-09: FAILED\n");
    check_gives("check([1 2], [1 2.5], 0.2)", 0, "[1 2] == [1 2.5], largest error 0.2: ok\n");
    check_gives("check(1, 1.5, 0.1)", 1, "1 == 1.5, largest error 0.333: FAILED\n");
}
END_TEST

START_TEST(check_broadcasts_one_expected_number)
{
    check_gives("check([2 2; 2 2], 2)", 0, "[2 2; 2 2] == 2, largest error 0: ok\n");
}
END_TEST

START_TEST(check_matches_equal_infinities_and_no_nan)
{
    check_gives("check([Inf -Inf], [Inf -Inf])", 0,
                "[Inf -Inf] == [Inf -Inf], largest error 0: ok\n");
    check_gives("check(Inf, -Inf)", 1, "Inf == -Inf, largest error inf: FAILED\n");
    check_gives("check(1e308, -1e308, 3)", 0, "1e308 == -1e308, largest error 2: ok\n");
    check_gives("check(0, 4e-324)", 1, "0 == 4e-324, largest error 1: FAILED\n");
    check_gives("check(1, Inf)", 1, "1 == Inf, largest error inf: FAILED\n");
    check_gives("check(NaN, NaN)", 1, "NaN == NaN, largest error nan: FAILED\n");
    check_gives("check([1 NaN], [1 2], 100)", 1, "[1 NaN] == [1 2], largest error nan: FAILED\n");
}
END_TEST

START_TEST(after_a_failed_check_the_rest_runs)
{
    check_gives("check(1, 2), x = 3", 1, "1 == 2, largest error 0.5: FAILED\nx = 3\n");
}
END_TEST

Suite *suite(void)
{
    const TTest *const tests[] = {
        gradient_has_the_shape_of_the_variable,
        several_gradients_come_from_one_call,
        gradients_are_values_that_can_be_differentiated,
        every_value_can_be_differentiated_by,
        squares_of_lengths_are_sums_of_squares,
        a_copy_is_a_new_value,
        parameters_are_new_values,
        captured_values_stay_those_of_their_making,
        independent_values_have_zero_gradients,
        part_of_a_variable_means_part_of_the_gradient,
        jacobians_and_hessians_count_down_the_columns,
        hessian_times_vector_is_hvp,
        reads_and_assignments_of_elements_are_differentiable,
        ranges_and_loop_variables_are_differentiable,
        detach_cuts_history,
        derivatives_pass_through_functions_of_the_script,
        derivatives_are_taken_inside_functions,
        gradcheck_compares_with_differences,
        check_prints_one_line_with_error_and_expressions,
        check_tolerance_is_relative_above_one,
        check_broadcasts_one_expected_number,
        check_matches_equal_infinities_and_no_nan,
        after_a_failed_check_the_rest_runs,
    };
    Suite *s = suite_create("script derivatives");
    TCase *cases = tcase_create("derivatives");
    for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) {
        tcase_add_test(cases, tests[k]);
    }
    suite_add_tcase(s, cases);
    return s;
}
