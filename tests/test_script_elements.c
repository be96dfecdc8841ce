/* SPDX-License-Identifier: MIT */
/* Variables assigned to element by element: what they print, hold and pass on, and that a loop
 * which fills one takes time and memory in proportion to its steps. */
#include "tests/script_program.h"
#include "tests/suite.h"

#include "autodiff/script/syntax/memory.h"

#include <string.h>

/* ---- values -------------------------------------------------------------------------------- */

START_TEST(elements_are_read_back_where_they_were_put)
{
    script_prints("y = zeros(3, 1); y(2) = 5; y(3) = 2*y(2); y(1) = y(end) - y(end-1)\n"
                  "A = [1 2; 3 4]; A(1, 2) = 7; A(2, 1) = A(1, end) + A(end, end); A(3), A",
                  "y =\n\n    5\n    5\n   10\n\nans = 7\nA =\n\n    1    7\n   11    4\n\n");
}
END_TEST

START_TEST(vectors_and_matrices_grow)
{
    script_prints(
        "r = []; for i = 1:4, r(end+1) = i^2; end, r\n"
        "c = [1; 2]; for i = 3:4, c(end+1) = i; end, c\n"
        "s = 1; s(3) = 2, s(5) = 4\n A = []; A(2, 3) = 6; A(end+1, 1) = 7\n"
        "B = [1 2; 3 4]; B(:, end+1) = [5; 6]; B(end+1, :) = 9\n"
        "z = zeros(0, 3); z(2) = 8\n w = ones(1, 2); w(2, 4) = 3",
        "r =\n\n    1    4    9   16\n\nc =\n\n   1\n   2\n   3\n   4\n\ns =\n\n   1   0   2\n\n"
        "s =\n\n   1   0   2   0   4\n\n"
        "A =\n\n   0   0   0\n   0   0   6\n   7   0   0\n\n"
        "B =\n\n   1   2   5\n   3   4   6\n   9   9   9\n\n"
        "z =\n\n   0   8\n\nw =\n\n   1   1   0   0\n   0   0   0   3\n\n");
}
END_TEST

START_TEST(parts_are_read_replaced_and_deleted)
{
    script_prints("y = 1:6; y(2) = 20; y(5) = 50; y(:)', y([1 2 5]), y(2:3), y(y > 4)\n"
                  "y(2:3) = [7 8]; y(1) = []; y(end) = 9, y(zeros(1, 0)) = 3;\n"
                  "c = [1; 2]; c(1) = 3; c([])\n"
                  "A = eye(3); A(2, 3) = 4; A(:, 1) = [5; 6; 7]; A(1, :) = []; A(:, 2), A(:, :)",
                  "ans =\n\n    1   20    3    4   50    6\n\n"
                  "ans =\n\n    1   20   50\n\nans =\n\n   20    3\n\nans =\n\n   20   50    6\n\n"
                  "y =\n\n    7    8    4   50    9\n\nans = [](0x0)\n"
                  "ans =\n\n   1\n   0\n\nans =\n\n   6   1   4\n   7   0   1\n\n");
}
END_TEST

START_TEST(kinds_of_matrices_change_as_ever)
{
    script_prints("m = [1 2 3] > 1; m(1) = true; m(2) = false; x = [4 5 6]; x(m)\n"
                  "m(2) = 1; x(m), D = eye(2); D(1, 1) = 3, r = 1:3; r(2) = 2, n = 5; n(1) = 6",
                  "ans =\n\n   4   6\n\nans =\n\n   4   5   6\n\nD =\n\n"
                  "Diagonal Matrix\n\n   3   0\n   0   1\n\n"
                  "r =\n\n   1   2   3\n\nn = 6\n");
}
END_TEST

START_TEST(copies_and_captured_values_stand)
{
    script_prints(
        "y = [1 2 3]; y(1) = 10; z = y; f = @(k) y(k); y(1) = 5; y(2) += y(1); t = y(2);\n"
        "y(2) = 0; disp(z), disp(f(1)), disp(t), disp(y), z(3) = 8; disp(z), disp(y)\n"
        "for c = y, y(3) = c; end, disp(y)",
        "   10    2    3\n10\n7\n   5   0   3\n   10    2    8\n   5   0   3\n   5   0   3\n");
}
END_TEST

START_TEST(shapes_are_known_without_the_elements)
{
    script_prints(
        "y = [1; 2]; y(end+1) = 3; y(numel(y)+1) = 4; y(length(y)+rows(y)-columns(y)-2) = 9;\n"
        "disp([rows(y) columns(y) isempty(y) size(y) size(y, 2)]), disp(y')\n"
        "d = 1; d(1) = 2; disp(size(y, d))",
        "   5   1   0   5   1   1\n   1   2   3   4   9\n1\n");
}
END_TEST

START_TEST(an_index_may_read_what_is_indexed)
{
    script_prints(
        "y = [3 1 2]; y(2) = 3; y(y(1)) = 7; disp(y(y(2))), y(sum(y > 0)+1) = 1; disp(y)\n"
        "y(y(end)) -= 2; disp(y(y(1):end))",
        "7\n   3   3   7   1\n   1   3   7   1\n");
}
END_TEST

/* ---- errors -------------------------------------------------------------------------------- */

START_TEST(errors_are_those_of_matrices)
{
    script_fails("y = [1 2]; y(1) = 3;\ny(4)", 2, 1,
                 "index (4): out of bounds 2 (the value is 1x2)");
    script_fails("y = [1 2]; y(1) = 3;\ny(2, 1)", 2, 1, "index (2,_): out of bounds 1");
    script_fails("y = [1 2]; y(1) = 3;\ny(0)", 2, 1, "an index must be an integer from 1 on");
    script_fails("y = [1 2]; y(1) = 3;\ny(1:2) = [1 2 3]", 2, 1, "=: 2 elements and a 1x3 value");
    script_fails("A = eye(2); A(1) = 3;\nA(7) = 1", 2, 1, "and a 2x2 matrix does not grow so");
    script_fails("y = [1 2]; y(1) = 3;\ny(1, 1, 2)", 2, 1, "a third index is 1");
    script_fails("y = [1 2]; y(1) = 3;\ny(3) += 1", 2, 1, "out of bounds 2");
    script_fails("y = [1 2]; y(1) = 3;\ny(5) = []", 2, 1, "out of bounds 2");
    script_fails("y = [1 2]; y(1) = 3;\ny(3) = @sin", 2, 1, "a function is not a number");
}
END_TEST

START_TEST(memory_that_is_not_there_is_an_error)
{
    static const struct {
        const char *script, *message;
    } cases[] = {
        {"y = 1; y(1e6) = 2", "a 1x1000000 matrix is too large"},
        {"y = 1; y(1e10, 1e10) = 2", "a 10000000000x10000000000 matrix is too large"},
        {"y = []; while 1, y(end+1) = 2; end", " matrix is too large"},
    };
    array_limit = 1 << 16;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct script_outcome outcome = script_run(cases[k].script);
        ck_assert_int_eq(outcome.status, 2);
        ck_assert_msg(strstr(outcome.errors, "out of memory: ") != NULL &&
                          strstr(outcome.errors, cases[k].message) != NULL,
                      "%s: %s", cases[k].script, outcome.errors);
        script_outcome_free(&outcome);
    }
}
END_TEST

/* ---- derivatives --------------------------------------------------------------------------- */

START_TEST(a_derivative_is_by_the_whole_value)
{
    script_passes("x = zeros(3, 1); x(1) = 1; x(2) = 2; x(3) = 3; f = x(1)*x(2) + sin(x(3))*x(1);\n"
                  "check(grad(f, x), [2 + sin(3); 1; cos(3)]), check(grad(f, x(2)), 1)\n"
                  "check(hessian(f, x), [0 1 cos(3); 1 0 0; cos(3) 0 -sin(3)])\n"
                  "check(jacobian([x(1); sum(x)], x), [1 0 0; 1 1 1])\n"
                  "g = @() grad(f, x); check(g(), [2 + sin(3); 1; cos(3)])\n"
                  "x(2) = 5; check(grad(f, x), [0; 0; 0]), check(grad(x(2)^2, x), [0; 10; 0])",
                  7);
}
END_TEST

START_TEST(elements_are_values_of_their_own)
{
    script_passes("x = 3; y = 0; y(1) = x; f = x^2 + y(1)*y; t = y(1); z = y;\n"
                  "check(grad(f, x), 12), check(grad(f, y), 6), check(grad(f, t), 0)\n"
                  "check(grad(f, z), 0), check(grad(z^2, z), 6), check(grad(z^2 + t, x), 7)\n"
                  "h = @(u, v) grad(u*v, u); check(h(y, y), 3), check(h(y(1), y(1)), 3)\n"
                  "y(1) = 4; z = y; check(grad(y^2, z), 0), y(1) = 5; check(h(y, y), 5)",
                  10);
}
END_TEST

START_TEST(iterates_are_kept_beside_their_derivatives)
{
    script_passes("f = @(x) x^2 - 2; x = 1;\n"
                  "for k = 1:6, x(k+1) = x(k) - f(x(k))/grad(f(x(k)), x(k))(1)*1; end\n"
                  "check(x(1)^2, 1), check(x(end), sqrt(2))\n"
                  "y = 1; for k = 1:6, d = grad(f(y(k)), y(k)); y(k+1) = y(k) - f(y(k))/d; end\n"
                  "check(y, x)\n"
                  "z = [1 1]; z(1) = 1; z(2) = 3; z(grad(z(1)^2, z)(1)) = 7; check(z, [1 7])",
                  4);
}
END_TEST

START_TEST(a_loop_is_differentiated_by_its_start)
{
    script_passes(
        "a = 0.9; u = zeros(50, 1); v = []; u(1) = a; v(1) = 1;\n"
        "for k = 2:50, u(k) = u(k-1)*a; v(end+1) = v(end) + u(k); end\n"
        "n = (1:50)'; check(u, a.^n, 1e-14), check(grad(sum(u), a), sum(n.*a.^(n-1)), 1e-12)\n"
        "check(grad(v(end), a), sum(n(2:50).*a.^(n(2:50)-1)), 1e-12)\n"
        "check(grad(grad(u(50), a), a), 50*49*a^48, 1e-12)\n"
        "A = zeros(2, 30); A(:, 1) = [1; a];\n"
        "for k = 2:30, A(:, k) = a*A(:, k-1); end\n"
        "check(grad(sum(A(1, :)), a), sum((0:29).*a.^(-1:28)), 1e-12), gradcheck(A(2, 30), a)",
        6);
}
END_TEST

/* ---- time and memory ----------------------------------------------------------------------- */

/* How much slower, and larger, instrumented builds may be. */
static double slowness(void)
{
    const char *multiplier = getenv("CK_TIMEOUT_MULTIPLIER");
    return multiplier ? strtod(multiplier, NULL) : 1;
}

/* Runs a script through the program: output, processor seconds and megabytes. */
static void runs_within(const char *text, const char *output, double seconds, long megabytes)
{
    struct script_outcome outcome = script_program_text(text);
    double used =
        (double)outcome.usage.ru_utime.tv_sec + 1e-6 * (double)outcome.usage.ru_utime.tv_usec;
    ck_assert_msg(outcome.status == 0, "%s", outcome.errors);
    ck_assert_str_eq(outcome.output, output);
    ck_assert_msg(used < seconds * slowness(), "%g s", used);
    ck_assert_msg(slowness() > 1 || outcome.usage.ru_maxrss / 1024 < megabytes, "%ld KB",
                  outcome.usage.ru_maxrss);
    script_outcome_free(&outcome);
}

START_TEST(long_vectors_are_filled_in_linear_time)
{
    runs_within("x = 0.3; y = zeros(64000, 1); y(1) = x;\n"
                "for i = 2:64000, y(i) = 0.5*y(i-1) + sin(y(i-1)); end, g = grad(sum(y), x)",
                "g = 13.799\n", 5, 250);
    runs_within("x = 0.3; y = []; y(1) = x;\n"
                "while numel(y) < 64000, y(end+1) = 0.5*y(end) + sin(y(end)); end\n"
                "g = grad(sum(y), x)",
                "g = 13.799\n", 5, 250);
    runs_within("y = zeros(64000, 1); for i = 1:64000, y(i) = i; end, g = grad(sum(y.^2), y);\n"
                "disp(g(end))",
                "128000\n", 5, 250);
}
END_TEST

START_TEST(vectors_that_depend_on_one_another_are_too)
{
    runs_within(
        "p = 1; u = 1; v = 0; h = 1e-4;\n"
        "for i = 1:40000\n a = -p*u(i);\n u(i+1) = u(i) + h*v(i); v(i+1) = v(i) + h*a;\nend\n"
        "printf(\"%.2f\\n\", grad(u(end) + v(end), p))",
        "3.20\n", 5, 250);
    runs_within("p = 1; Y = zeros(40000, 2); Y(1, :) = [1 p];\n"
                "for i = 2:40000, Y(i, :) = Y(i-1, :)*0.9999; end\n"
                "printf(\"%.2f\\n\", grad(sum(Y(:, 2)), p))",
                "9816.88\n", 5, 400);
}
END_TEST

START_TEST(elements_assigned_again_and_again_are_small)
{
    runs_within("y = [1; 1]; for i = 1:1000000, y(2) = 0.5*y(2) + y(1); end, disp(y(2))", "2\n", 15,
                30);
    runs_within("y = [1; 1]; x = 2; for i = 1:1000000, y(2) = x; end, disp(sum(y))", "3\n", 15, 30);
    runs_within(
        "q = zeros(1, 0); for i = 1:200000\n q(end+1) = i; if numel(q) > 9, q(1) = []; end\n"
        "end, disp(sum(q))",
        "1799964\n", 15, 30);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script elements");
    TCase *cases = tcase_create("elements"), *loops = tcase_create("loops");
    tcase_add_test(cases, elements_are_read_back_where_they_were_put);
    tcase_add_test(cases, vectors_and_matrices_grow);
    tcase_add_test(cases, parts_are_read_replaced_and_deleted);
    tcase_add_test(cases, kinds_of_matrices_change_as_ever);
    tcase_add_test(cases, copies_and_captured_values_stand);
    tcase_add_test(cases, shapes_are_known_without_the_elements);
    tcase_add_test(cases, an_index_may_read_what_is_indexed);
    tcase_add_test(cases, errors_are_those_of_matrices);
    tcase_add_test(cases, memory_that_is_not_there_is_an_error);
    tcase_add_test(cases, a_derivative_is_by_the_whole_value);
    tcase_add_test(cases, elements_are_values_of_their_own);
    tcase_add_test(cases, iterates_are_kept_beside_their_derivatives);
    tcase_add_test(cases, a_loop_is_differentiated_by_its_start);
    suite_add_tcase(s, cases);
    tcase_set_timeout(loops, 60);
    tcase_add_test(loops, long_vectors_are_filled_in_linear_time);
    tcase_add_test(loops, vectors_that_depend_on_one_another_are_too);
    tcase_add_test(loops, elements_assigned_again_and_again_are_small);
    suite_add_tcase(s, loops);
    return s;
}
