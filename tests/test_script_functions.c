/* SPDX-License-Identifier: MIT */
/* Functions that a script defines, functions as values, text: what is wrong is told, and where. What is
 * right prints as in Octave (test_script_output). */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <string.h>

static const struct wrong {
    const char *script;
    size_t line;
    size_t column;
    const char *message;
} wrong[] = {
    {"x = @kzq; x(1)", 1, 11, "kzq is not known"},
    {"x = f(1);\nfunction r = f(x), r = x; end", 1, 1,
     "f is not known yet: it is defined in line 2"},
    {"function r = f(x), r = x; end\nf(1, 2)", 2, 1, "f: called with 2 arguments, it has 1 param"},
    {"function r = f(x), r = x; end\n[a, b] = f(1)", 2, 1,
     "f: 2 values are asked for, it returns 1"},
    {"function f(), end\nx = f()", 2, 1, "f: 1 value is asked for, it returns 0"},
    {"feval(3)", 1, 1,
     "feval: the first argument is a number, and should be a function or its name"},
    {"feval(\"kzq\")", 1, 1, "feval: there is no function kzq"},
    {"x = 1; feval(@grad, x, x)", 1, 8, "feval: grad needs the name of its variable"},
    {"arrayfun(@sin, 1, [1 2])", 1, 1, "arrayfun: 1x1 and 1x2: the shapes differ"},
    {"arrayfun(@(x) [x x], [1 2])", 1, 1, "value of the function is not 1x1, and should be one"},
    {"arrayfun(@(x) \"ab\", [1 2])", 1, 1, "value of the function is a string, and should be"},
    {"x = arrayfun(@(x) printf(\"\"), [1 2])", 1, 1, "arrayfun: the function has no value"},
    {"arrayfun(@sin, 1, \"UniformOutput\", 0)", 1, 1, "is the only option"},
    {"[a, b] = arrayfun(@lu, [1 2]); [a, b] + 1 + @sin", 1, 32, "+: a function is not a number"},
    {"f = @(x) x + 1; y = f((f = 3))", 1, 26, "= inside (: == compares"},
    {"x = 1:3; x((x = 1)) = 7", 1, 15, "= inside (: == compares"},
    {"f = @() (x = 3);", 1, 12, "= inside (: == compares"},
    {"x = 1; f = @() clear(\"x\"); f()", 1, 28, "clear: an anonymous function has no variables"},
    {"blanks(1e15)", 1, 1, "out of memory"},
    {"func2str(3)", 1, 1, "func2str: a number is not a function"},
    {"error(\"no %d\", 3)", 1, 1, "error: no 3\n"},
    {"error(\"my:id\", \"no %d\\n\", 3)", 1, 1, "error: no 3\n"},
    {"error(\"\\n\")", 1, 1, "error: \n"},
    {"error(3)", 1, 1, "error: argument 1 is a number, text is needed"},
    {"try, error(\"a b\"), catch e, rethrow(e), end", 1, 29, "error: a b\n"},
    {"try, error(\"a b\"), catch e, error(e), end", 1, 29, "error: a b\n"},
    {"warning(3)", 1, 1, "warning: argument 1 is a number, text is needed"},
    {"print_usage()", 1, 1, "Invalid call\n"},
    {"x = 3; x.message", 1, 8,
     ".message belongs to an error that catch has named, and this is a mat"},
    {"e.message", 1, 1, "e is not known"},
    {"try, error(\"a\"), catch e, end, e + 1", 1, 32, "+: an error is not a number"},
    {"switch @sin, case 1, end", 1, 1, "switch: a function is not a number"},
    {"x = [\"ab\"; \"cd\"]", 1, 1, "[;]: text is one row of characters"},
    {"x = [\"ab\", @sin]", 1, 1, "[,]: a function is not text"},
    {"x = [\"ab\", 300]", 1, 1, "300 is not the code of a character"},
    {"x = [\"ab\", [1; 2]]", 1, 1, "text is one row of characters"},
    {"x = \"ab\"; x(3)", 1, 11, "index (3): out of bounds 2"},
    {"num2str([1; 2])", 1, 1, "num2str: 2x1: text is one row of characters"},
    {"num2str(@sin)", 1, 1, "num2str: a function is not a number"},
    {"rand(\"state\")", 1, 1, "rand: a seed is missing"},
    {"rand(\"stat\", 1)", 1, 1, "rand: \"stat\" is neither state nor seed"},
    {"fdisp(3, 1)", 1, 1, "fdisp: prints to stdout or stderr, not to 3"},
    {"fputs(3, \"a\")", 1, 1, "fputs: prints to stdout or stderr, not to 3"},
};

START_TEST(wrong_call_is_placed)
{
    const struct wrong *w = &wrong[_i];
    script_fails(w->script, w->line, w->column, w->message);
}
END_TEST

START_TEST(functions_of_the_language_call_those_of_the_script)
{
    struct script_outcome outcome = script_run("function r = g(x)\n  r = 2 * x;\nend\n"
                                               "g = 3; fplot(\"g\")\n");
    ck_assert_str_eq(outcome.errors, "");
    script_outcome_free(&outcome);
    outcome = script_run("function r = g(x)\n  r = [1 2] + [x x x];\nend\nfplot(@g)\n");
    ck_assert_str_eq(outcome.errors, "script:4:1: error: +: 1x2 and 1x3: the shapes do not fit\n"
                                     "fplot(@g)\n"
                                     "^\n"
                                     "script:2:7: note: in the function g, here\n"
                                     "  r = [1 2] + [x x x];\n"
                                     "      ^\n");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(error_in_a_function_of_the_script_names_it_and_both_lines)
{
    struct script_outcome outcome =
        script_run("function r = f(x)\n  r = 1;\n  r = x * [1 2 3];\nend\n"
                   "function r = g(x)\n  r = f(x) + 1;\nend\n y = 2 + g([1 2]);\n");
    ck_assert_str_eq(outcome.errors,
                     "script:8:10: error: *: 1x2 times 1x3: the inner dimensions differ\n"
                     " y = 2 + g([1 2]);\n"
                     "         ^\n"
                     "script:3:7: note: in the function f, here\n"
                     "  r = x * [1 2 3];\n"
                     "      ^\n");
    script_outcome_free(&outcome);
    outcome = script_run("function r = f(x)\n  if x, r = 1; end\nend\nf(1);\ny = f(0);\n");
    ck_assert_str_eq(outcome.errors, "script:5:5: error: f: the result r has no value\n"
                                     "y = f(0);\n"
                                     "    ^\n"
                                     "script:1:10: note: in the function f, here\n"
                                     "function r = f(x)\n"
                                     "         ^\n");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(quit_ends_what_calls_it)
{
    struct script_outcome outcome = script_program_text(
        "function r = f(k), r = k; if k == 2, quit(3); end, end\n"
        "x = f(1)\ntry, y = arrayfun(@f, 1:5), catch e, disp(\"caught\"), end\nz = 1");
    ck_assert_int_eq(outcome.status, 3);
    ck_assert_str_eq(outcome.output, "x = 1\n");
    ck_assert_str_eq(outcome.errors, "");
    script_outcome_free(&outcome);
}
END_TEST

/* A function whose statements are nested deep, that calls itself. */
START_TEST(deep_blocks_of_deep_calls_are_an_error)
{
    enum { DEEP = 300 };
    char script[DEEP * 12 + 100] = "function f()\n";
    for (int k = 0; k < DEEP; k++) strcat(script, "if 1\n");
    strcat(script, "f();\n");
    for (int k = 0; k < DEEP; k++) strcat(script, "end\n");
    strcat(script, "end\nf()\n");
    struct script_outcome outcome = script_program_text(script);
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_msg(strstr(outcome.errors, "nested more than 5000 deep"), "%s", outcome.errors);
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(results_that_nobody_asked_for_are_dropped)
{
    script_prints("[a, b] = arrayfun(@svd, 1:3); disp(a), disp(b), [l, u] = arrayfun(@lu, 1:3);\n"
                  "disp(u), isequal(\"ab\", [97 98]), class(double([1 2] > 1))",
                  "   1   1   1\n   1   2   3\n   1   2   3\nans = 1\nans = double\n");
}
END_TEST

START_TEST(what_a_warning_says_goes_to_standard_error)
{
    struct script_outcome outcome =
        script_program_text("warning(\"x is %d\", 3); warning off; warning(\"off\", \"all\");\n"
                            "warning(\"my:id\", \"y is %d\", 4)");
    ck_assert_int_eq(outcome.status, 0);
    ck_assert_str_eq(outcome.errors, "warning: x is 3\nwarning: y is 4\n");
    ck_assert_str_eq(outcome.output, "");
    script_outcome_free(&outcome);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script functions");
    TCase *cases = tcase_create("functions");
    tcase_add_loop_test(cases, wrong_call_is_placed, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(cases, functions_of_the_language_call_those_of_the_script);
    tcase_add_test(cases, error_in_a_function_of_the_script_names_it_and_both_lines);
    tcase_add_test(cases, quit_ends_what_calls_it);
    tcase_add_test(cases, deep_blocks_of_deep_calls_are_an_error);
    tcase_add_test(cases, results_that_nobody_asked_for_are_dropped);
    tcase_add_test(cases, what_a_warning_says_goes_to_standard_error);
    suite_add_tcase(s, cases);
    return s;
}
