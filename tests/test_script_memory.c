/* SPDX-License-Identifier: MIT */
/* Long loops run in bounded memory and time; what must stay differentiable stays. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <stdio.h>
#include <string.h>

/* How much slower instrumented builds may be; they need more memory too, which is not measured
 * there. */
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
    if (slowness() <= 1) {
        ck_assert_msg(outcome.usage.ru_maxrss / 1024 < megabytes, "%ld KB",
                      outcome.usage.ru_maxrss);
    }
    script_outcome_free(&outcome);
}

START_TEST(a_million_scalar_statements_are_quick_and_small)
{
    runs_within("s = 0; for k = 1:1000000\n s = s + k*2;\nend, printf(\"%d\\n\", s)",
                "1000001000000\n", 3, 100);
}
END_TEST

START_TEST(a_million_calls_are_quick_and_small)
{
    runs_within("function r = f(x), r = 0.5*x + 1; end\n"
                "x = 1; for k = 1:1000000\n x = f(x);\nend, printf(\"%d\\n\", x)",
                "2\n", 5, 100);
}
END_TEST

START_TEST(a_long_loop_inside_a_function_is_small)
{
    runs_within("function x = run(n, A)\n"
                "  x = 1; for k = 1:n\n x = 0.5*x + 1; A = A*0.5 + 1;\n end\n"
                "end\n"
                "function x = outer(n), x = run(n, ones(20)); end\n"
                "x = outer(100000); printf(\"%d\\n\", x)",
                "2\n", 10, 100);
}
END_TEST

/* The tape may not forget what the caller holds while the callee runs a long loop. */
START_TEST(what_a_caller_holds_stays_during_a_call)
{
    runs_within("function r = f(x)\n"
                "  r = 1; for k = 1:50000, r = 0.5*r + 1; end, r = r + x;\n"
                "end\n"
                "a = 3; b = [1 2 3]; c = zeros(1, 5);\n"
                "y = a*2 + f(a); z = [a, f(a), a]; w = max(a*7, f(a));\n"
                "c(f(0)) = f(a); d = b(f(0)); g = @(u, v) u*v; h = g(a*2, f(a));\n"
                "for k = f([0 1]), c(k) = f(k); end\n"
                "switch f(a), case f(a), e = a; end\n"
                "[p, q] = size(f(b)); s = (a + 1):f(a);\n"
                "disp([y w d h e p q]), disp(z), disp(c), disp(s)\n"
                "disp(grad(y, a)), disp(grad(h, a)), disp(grad(a*f(a)*a, a))\n",
                "   11   21    2   30    3    1    3\n   3   5   3\n   0   4   5   0   0\n"
                "   4   5\n3\n16\n39\n",
                20, 200);
}
END_TEST

START_TEST(ten_thousand_matrix_statements_are_small)
{
    runs_within("A = ones(100); for k = 1:10000\n A = A*0.5 + 0.5;\nend, disp(sum(A(:)))",
                "10000\n", 20, 100);
}
END_TEST

START_TEST(detached_descent_is_small)
{
    runs_within(
        "x = 5; x0 = x; for k = 1:100000\n g = grad((x - 1)^2, x); x = detach(x - 0.01*g);\n"
        "end, disp(abs(x - 1) < 1e-12)",
        "1\n", 10, 100);
}
END_TEST

START_TEST(detached_descent_over_data_is_small)
{
    runs_within("X = [ones(20, 1), (1:20)'/20]; y = X*[3; 2]; w = [0; 0];\n"
                "for k = 1:100000, L = sum((X*w - y).^2); w = detach(w - 0.01*grad(L, w)); end\n"
                "disp(norm(w - [3; 2]) < 1e-12)",
                "1\n", 10, 20);
}
END_TEST

START_TEST(while_loops_are_small)
{
    runs_within("k = 0; v = [1; 2]; while k < 200000, k += 1; v = v([2 1]); end, disp(v')",
                "   1   2\n", 10, 100);
}
END_TEST

START_TEST(history_back_to_a_live_start_is_kept)
{
    script_passes("t = 1; s = t; for k = 1:200000, s = s*1.00001; end\n"
                  "check(grad(s, t), 1.00001^200000, 1e-9)",
                  1);
}
END_TEST

START_TEST(captured_values_and_loop_columns_survive)
{
    script_passes(
        "a = 3; f = @(x) a*x; c = [1 2]; b = a; \n"
        "for k = c\n for j = 1:100000, z = j*2; end\n check(f(k), 3*k), check(grad(k^2, k), 2*k)\n"
        " check(grad(sum(c)*k, c), [1 1]*k + sum(c)*([1 2] == k))\nend\n"
        "check(grad(f(2), b), 0), check(grad(f(2), a), 2)",
        8);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script memory");
    TCase *cases = tcase_create("loops");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_million_scalar_statements_are_quick_and_small);
    tcase_add_test(cases, a_million_calls_are_quick_and_small);
    tcase_add_test(cases, a_long_loop_inside_a_function_is_small);
    tcase_add_test(cases, what_a_caller_holds_stays_during_a_call);
    tcase_add_test(cases, ten_thousand_matrix_statements_are_small);
    tcase_add_test(cases, detached_descent_is_small);
    tcase_add_test(cases, detached_descent_over_data_is_small);
    tcase_add_test(cases, while_loops_are_small);
    tcase_add_test(cases, history_back_to_a_live_start_is_kept);
    tcase_add_test(cases, captured_values_and_loop_columns_survive);
    suite_add_tcase(s, cases);
    return s;
}
