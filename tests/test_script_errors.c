/* SPDX-License-Identifier: MIT */
/* Wrong scripts: exit status 2, and the message with its line and column. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct wrong {
    const char *script;
    size_t line;
    size_t column;
    const char *message;
} wrong[] = {
    /* syntax: nothing runs, the place is where the text goes wrong */
    {"x = [1, 2", 1, 5, "[ is never closed"},
    {"x = (1 + 2", 1, 5, "( is never closed"},
    {"x = zeros(2,", 1, 10, "( is never closed"},
    {"x = zeros(2, ; 3)", 1, 14, "expected an expression, found ;"},
    {"f = @(u, ; v) u", 1, 10, "expected the name of a parameter, found ;"},
    {"y = 3\nx = [1, 2;\n 3", 2, 5, "[ is never closed"},
    {"x = 1)", 1, 6, ") closes nothing"},
    {"x = [1)", 1, 7, ") closes nothing"},
    {"x = 3 4", 1, 7, "expected the end of the statement, found 4"},
    {"x = ", 1, 5, "expected an expression, found the end"},
    {"x = 1 +\ny = 2", 1, 8, "expected an expression, found the end of the line"},
    {"x = * 2", 1, 5, "expected an expression, found *"},
    {"x = \"abc", 1, 5, "not closed"},
    {"x = 'abc\n", 1, 5, "not closed"},
    {"for k = 1:3\n x = k\n", 1, 1, "for is never ended"},
    {"while 1\n", 1, 1, "while is never ended"},
    {"if 1\n x = 2", 1, 1, "if is never ended"},
    {"for k = 1:3, endif", 1, 14, "expected end of the for, found endif"},
    {"end", 1, 1, "expected a statement, found end"},
    {"x = 1; else", 1, 8, "found else"},
    {"for 3 = 1:2, end", 1, 5, "expected the name of the loop's variable"},
    {"break", 1, 1, "break outside a loop"},
    {"if 1, continue, end", 1, 7, "continue outside a loop"},
    {"3 = x", 1, 1, "only a name"},
    {"x + 1 = 2", 1, 1, "only a name"},
    {"a = sin(1) + b = 3", 1, 5, "only a name"},
    {"a = 2 = 3", 1, 5, "only a name"},
    {"if x = 3, end", 1, 6, "found ="},
    {"f(x = 3)", 1, 5, "= inside (: == compares"},
    {"x = {1}", 1, 5, "cell arrays are not part of the language"},
    {"a.b = 1", 1, 2, "structures are not part of the language"},
    {"x = 3i", 1, 5, "complex numbers are not part of the language"},
    {"x = 1; y = x++ + 1", 1, 13, "++ and -- stand before or after a name that is alone"},
    {"x = 1; y = --x", 1, 12, "++ and --"},
    {"++3", 1, 1, "++ and --"},
    {"global x", 1, 1, "global is not part of the language"},
    {"x.field", 1, 2, "structures are not part of the language"},
    {"x = 1; x{1}", 1, 9, "cell arrays are not part of the language"},
    {"x = .message", 1, 5, "structures are not part of the language"},
    {"x = 1}", 1, 6, "} closes nothing"},
    {"x = 1e", 1, 5, "exponent"},
    {"x = 12ab", 1, 5, "a number runs into a name"},
    {"x = 1 ? 2", 1, 7, "a character that means nothing here"},
    {"function f(x)\ny = x;\n", 1, 1, "function is never ended"},
    {"function r = f(x, x)\nend", 1, 19, "named twice"},
    {"function [r = f(x)\nend", 1, 13, "expected , or ]"},
    {"function [r] f(x)\nend", 1, 14, "expected = after the results"},
    {"function 3\nend", 1, 10, "expected the name of a result"},
    {"function r = 3\nend", 1, 14, "expected the name of the function"},
    {"if 1\n  function f, end\nend", 2, 3, "defined at the top level of a script"},
    {"function f\n  function g, end\nend", 2, 3, "defined at the top level of a script"},
    {"for k = 1:3, x = k; endfunction", 1, 21, "expected end of the for, found endfunction"},
    {"do, x = 1;", 1, 1, "do is never ended"},
    {"do\n x = 1;\nend", 3, 1, "expected until, which ends do, found end"},
    {"switch 1\n case 1\n  x = 1;\n", 1, 1, "switch is never ended"},
    {"switch 1\n x = 1;\nend", 2, 2, "expected end of the switch"},
    {"switch\ncase 1\nend", 1, 7, "expected an expression, found the end of the line"},
    {"switch 1, case {1, 2], end", 1, 21, "] closes nothing"},
    {"try, x = 1;", 1, 1, "try is never ended"},
    {"f = @3", 1, 6, "expected ( or a name after @"},
    {"f = @(x, x) x", 1, 10, "named twice"},
    {"f = @(3) x", 1, 7, "found 3"},
    {"[a, b] += 1", 1, 8, "several targets"},
    {"x = [1, ~]", 1, 9, "expected an expression after ~"},
    /* names */
    {"x = 1;\ny = sinn(x)", 2, 1, "sinn is not known; did you mean sign, sin or sinh?"},
    {"x = lgo(2)", 1, 1, "did you mean log?"},
    {"vector = 1; vectro + 1", 1, 13, "did you mean vector?"},
    {"try, roots([1 2]), catch, disp none, end", 1, 6, "roots is not known\n"},
    {"x = nothing_like_this", 1, 1, "nothing_like_this is not known"},
    {"x += 1", 1, 1, "x is not known"},
    {"x = jacobain(1)", 1, 1, "did you mean jacobian?"},
    {"x = kzq(1)", 1, 1, "kzq is not known\n"},
    {"xy = 3; y", 1, 9, "y is not known\n"},
    {"x = eey(2)", 1, 1, "did you mean eye?"},
    {"pie = 3; pe", 1, 10, "pe is not known\n"},
    /* shapes: the operation as written, and both shapes */
    {"x = [1 2 3] * [4 5 6]", 1, 1, "*: 1x3 times 1x3: the inner dimensions differ"},
    {"x = ones(3, 4) * ones(5, 6)", 1, 1, "*: 3x4 times 5x6"},
    {"x = ones(3, 4) + ones(5, 6)", 1, 1, "+: 3x4 and 5x6"},
    {"x = ones(3, 4) - ones(5, 6)", 1, 1, "-: 3x4 and 5x6"},
    {"x = ones(3, 4) .* ones(5, 6)", 1, 1, ".*: 3x4 and 5x6"},
    {"x = ones(3, 4) ./ ones(5, 6)", 1, 1, "./: 3x4 and 5x6"},
    {"x = ones(3, 4) .\\ ones(5, 6)", 1, 1, ".\\: 3x4 and 5x6"},
    {"x = ones(3, 4) .^ ones(5, 6)", 1, 1, ".^: 3x4 and 5x6"},
    {"x = ones(3, 4) ^ 2", 1, 1, "^: 3x4 and 1x1"},
    {"x = 2 ^ ones(3)", 1, 1, "^: 1x1 and 3x3"},
    {"x = [1 2; 3 4] ^ 0.5", 1, 1, "^: the power of a matrix must be an integer"},
    {"x = ones(3, 4) \\ ones(2, 1)", 1, 1, "\\: 3x4 and 2x1"},
    {"x = eye(2) \\ ones(3, 1)", 1, 1, "\\: 2x2 and 3x1"},
    {"x = ones(2, 3) / eye(2)", 1, 1, "/: 2x3 over 2x2"},
    {"x = ones(3, 4) < ones(5, 6)", 1, 1, "<: 3x4 and 5x6"},
    {"x = ones(3, 4) <= ones(5, 6)", 1, 1, "<=: 3x4 and 5x6"},
    {"x = ones(3, 4) == ones(5, 6)", 1, 1, "==: 3x4 and 5x6"},
    {"x = ones(3, 4) ~= ones(5, 6)", 1, 1, "!=: 3x4 and 5x6"},
    {"x = ones(3, 4) > ones(5, 6)", 1, 1, ">: 3x4 and 5x6"},
    {"x = ones(3, 4) >= ones(5, 6)", 1, 1, ">=: 3x4 and 5x6"},
    {"x = ones(3, 4) & ones(5, 6)", 1, 1, "&: 3x4 and 5x6"},
    {"x = ones(3, 4) | ones(5, 6)", 1, 1, "|: 3x4 and 5x6"},
    {"x = [1 2, [3; 4]]", 1, 1, "[,]: 1x1 beside 2x1"},
    {"x = [1 2; 3]", 1, 1, "[;]: 1x2 above 1x1"},
    {"x = atan2(ones(3, 4), ones(5, 6))", 1, 1, "atan2: 3x4 and 5x6"},
    {"x = dot([1 2 3], [1 2])", 1, 1, "dot: 1x3 and 1x2"},
    {"x = det(ones(2, 3))", 1, 1, "det: 2x3 is not square"},
    {"x = cofactor(ones(2, 3))", 1, 1, "cofactor: 2x3 is not square"},
    {"x = inv([1 2; 2 4])", 1, 1, "inv: the 2x2 matrix is singular"},
    {"x = [1 2; 2 4] \\ [1; 1]", 1, 1, "\\: the 2x2 matrix is singular"},
    {"x = chol([1 2; 2 1])", 1, 1, "chol: "},
    {"x = reshape(1:6, 4, 2)", 1, 1, "reshape: 1x6 has 6 elements, 4x2"},
    {"x = outer(ones(2), [1 2])", 1, 1, "outer: 2x2 and 1x2"},
    /* numbers of arguments, values that are missing or of the wrong kind */
    {"x = sin()", 1, 1, "sin: called with 0 arguments; use: sin(x)"},
    {"x = sin(1, 2)", 1, 1, "sin: called with 2 arguments"},
    {"x = atan2(1)", 1, 1, "atan2: called with 1 argument;"},
    {"f = @(x, y) x; f(1, 2, 3)", 1, 16, "called with 3 arguments, it has 2 parameters"},
    {"f = @(x, y) x*y; f(1)", 1, 18, "y is not known"},
    {"[a, b] = det(1)", 1, 1, "det: 2 values are asked for, it returns 1"},
    {"[a, b] = 3", 1, 1, "needs a function that returns 2 values"},
    {"x = printf(\"a\")", 1, 1, "the right side has none"},
    {"x = @sin / 2", 1, 1, "/: a function is not a number"},
    {"x = sin(@cos)", 1, 1, "sin: a function is not a number"},
    {"f = @(x) x; f + 1", 1, 13, "+: a function is not a number"},
    {"if NaN, end", 1, 1, "NaN has no truth value"},
    {"x = 1 > [0 2];\nx(1) = NaN", 2, 1, "=: NaN has no truth value"},
    {"x = norm(eye(2), 3)", 1, 1, "norm: there is no norm 3"},
    {"x = zeros(1.5)", 1, 1, "zeros: a size must be an integer"},
    {"x = zeros(1e9, 1e9)", 1, 1, "1000000000x1000000000 matrix is too large"},
    {"x = kron(1)", 1, 1, "kron: called with 1 argument; use: kron(A, B)"},
    {"x = charpoly(eye(2), [1 2])", 1, 1, "charpoly: 2x2 and 1x2"},
    {"printf(\"%q\\n\", 3)", 1, 1, "printf: a % in the template"},
    {"printf(3)", 1, 1, "printf: argument 1 is a number, text is needed"},
    /* indices */
    {"x = [1 2 3]; x(5)", 1, 14, "index (5): out of bounds 3 (the value is 1x3)"},
    {"x = [1 2 3]; y = x(0)", 1, 14, "an index must be an integer from 1 on, and is 0"},
    {"x = [1 2 3]; y = x(1.5)", 1, 14, "and is 1.5"},
    {"x = ones(2); y = x(3, 1)", 1, 14, "index (3,_): out of bounds 2 (the value is 2x2)"},
    {"x = ones(2); y = x(1, 3)", 1, 14, "index (_,3): out of bounds 2"},
    {"x = ones(2); y = x(1, 1, 2)", 1, 14, "a third index is 1"},
    {"x = ones(2); x(7) = 1", 1, 14,
     "index (7): out of bounds 4, and a 2x2 matrix does not grow so"},
    {"x = ones(2); x(:, 1) = [1 2 3]", 1, 14, "=: 2x1 elements and a 1x3 value"},
    {"x = 1:3; x(1:2) = [1 2 3]", 1, 10, "=: 2 elements and a 1x3 value"},
    {"x = end", 1, 5, "found end"},
    {"y = (end)", 1, 1, "nothing is indexed here"},
    /* derivatives and checks */
    {"x = [1 2]; grad(x, x)", 1, 12, "grad: 1x2 is not a scalar"},
    {"x = 1; grad(x, 2*x)", 1, 8, "\"2*x\" is an expression"},
    {"x = 1; grad(x, sin)", 1, 8, "sin is a function"},
    {"f = @(x) x^2; grad(f, 3)", 1, 15,
     "f is a function; the derivative is of a value: grad(f(x), x)"},
    {"x = 3; jacobian(sin, x)", 1, 8, "jacobian(sin(x), x)"},
    {"x = 3; hvp(@(x) x, x, 1)", 1, 8,
     "the first argument is a function; the derivative is of a value: hvp(f(x), x, v)"},
    {"f = @(x) x; x = 3; gradcheck(f, x)", 1, 20, "gradcheck(f(x), x)"},
    {"x = 1; grad(x, z)", 1, 8, "z is not known"},
    {"x = \"a\"; grad(1, x)", 1, 10, "x is a string"},
    {"x = [1 2]; hvp(x*x', x, [1 2 3])", 1, 12, "hvp: 1x2 and 1x3"},
    {"x = [1 2]; hessian(x, x)", 1, 12, "hessian: 1x2 is not a scalar"},
    {"check([1 2], [1 2 3])", 1, 1, "check: 1x2 and 1x3: the shapes differ"},
    {"x = 2; gradcheck(detach(x)*x, x)", 1, 8, "cut by detach"},
    {"A = [1 2; 2 4]; grad(logdet(A), A)", 1, 17, "grad: "},
    /* files */
    {"x = load(\"no/such/file.csv\")", 1, 1, "load: no/such/file.csv: No such file"},
    {"x = load(3)", 1, 1, "load: argument 1 is a number, text is needed"},
    {"x = load(\"tests/data/scripts/letters.csv\")", 1, 1,
     "letters.csv, line 3, field 2: \"abc\" is not a number"},
    {"x = load(\"tests/data/scripts/ragged.csv\")", 1, 1,
     "ragged.csv, line 4 has 2 fields, line 2 has 3"},
    {"x = load(\"tests/data/scripts/hole.csv\")", 1, 1, "hole.csv, line 2, field 2 is empty"},
    {"x = load(\"/dev/zero\")", 1, 1, "load: /dev/zero: is a device"},
    {"x = load(\"tests\")", 1, 1, "load: tests: is a directory"},
    {"save(\"no/such/folder/x.csv\", 1)", 1, 1, "save: no/such/folder/x.csv: No such file"},
    /* the place: the statement, in loops and choices too */
    {"x = 1;\nfor k = 1:3\n  if k == 2\n    y = [1 2](k + 5);\n  end\nend", 4, 5, "out of bounds"},
    {"x = 0;\nwhile [1 2] * x * [1 2]\nend", 2, 1, "*: 1x2 times 1x2"},
    {"if 0\nelseif [1 2] * [1 2]\nend", 2, 1, "*: 1x2 times 1x2"},
    {"x = 1; y = [1 2 ...\n 3] * [1 2]", 1, 8, "*: 1x3 times 1x2"},
};

START_TEST(wrong_script_is_placed)
{
    const struct wrong *w = &wrong[_i];
    script_fails(w->script, w->line, w->column, w->message);
}
END_TEST

START_TEST(source_line_and_caret_follow)
{
    struct script_outcome outcome = script_run("a = 1;\n  b = a * sinn(a);\n");
    ck_assert_str_eq(outcome.errors,
                     "script:2:3: error: sinn is not known; did you mean sign, sin or sinh?\n"
                     "  b = a * sinn(a);\n"
                     "  ^\n");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(error_in_a_function_is_at_the_outermost_call_with_a_note)
{
    struct script_outcome outcome =
        script_run("f = @(x) x * [1 2 3] * x;\ng = @(x) 1 + f(x);\n y = 2 + g([1 2]);\n");
    ck_assert_str_eq(outcome.errors,
                     "script:3:10: error: *: 1x2 times 1x3: the inner dimensions differ\n"
                     " y = 2 + g([1 2]);\n"
                     "         ^\n"
                     "script:1:10: note: in the body of the function, here\n"
                     "f = @(x) x * [1 2 3] * x;\n"
                     "         ^\n");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(error_in_an_argument_is_not_in_the_function)
{
    struct script_outcome outcome = script_run("f = @(x) x;\ny = f(unheard_of);\n");
    ck_assert_str_eq(outcome.errors,
                     "script:2:1: error: unheard_of is not known\ny = f(unheard_of);\n^\n");
    script_outcome_free(&outcome);
}
END_TEST

/* Once for each call, however often it runs. */
START_TEST(a_gradient_by_what_does_not_count_is_told_of)
{
    struct script_outcome outcome =
        script_program_text("x = 2; z = 1; y = x^2;\nx = 3;\nfor k = 1:3, g = grad(y, x); end\n"
                            "[a, b] = grad(y + x, x, z); grad(detach(x)*2, x);\n"
                            "grad(0*x, x); grad(max(x, 9), x); grad(x(1) - x, x); grad(e*x, x);");
    ck_assert_int_eq(outcome.status, 0);
    ck_assert_str_eq(
        outcome.errors,
        "<command line>:3:18: warning: y does not depend on x, the gradient is 0\n"
        "for k = 1:3, g = grad(y, x); end\n"
        "                 ^\n"
        "<command line>:4:10: warning: y + x does not depend on z, the gradient is 0\n"
        "[a, b] = grad(y + x, x, z); grad(detach(x)*2, x);\n"
        "         ^\n"
        "<command line>:4:29: warning: detach(x)*2 does not depend on x, the gradient is 0\n"
        "[a, b] = grad(y + x, x, z); grad(detach(x)*2, x);\n"
        "                            ^\n");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(what_becomes_logical_is_told_of)
{
    struct script_outcome outcome =
        script_program_text("x = [1 2] > 1; x(1) = 1; x(2) = 0;\nx(1) = 5;");
    ck_assert_int_eq(outcome.status, 0);
    ck_assert_str_eq(outcome.errors,
                     "<command line>:2:1: warning: value not equal to 1 or 0 converted to logical "
                     "1\nx(1) = 5;\n^\n");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(what_was_printed_before_stays)
{
    struct script_outcome outcome = script_program_text("x = 3\ny = 4;\nz = q + 1");
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_str_eq(outcome.output, "x = 3\n");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(syntax_error_comes_before_anything_runs)
{
    struct script_outcome outcome = script_program_text("x = 3\ny = (4");
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_str_eq(outcome.output, "");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(error_beats_a_failed_check)
{
    struct script_outcome outcome = script_program_text("check(1, 2)\nx = nope");
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_ptr_nonnull(strstr(outcome.output, "FAILED"));
    script_outcome_free(&outcome);
}
END_TEST

/* ---- Input that no one types --------------------------------------------------------------- */

static void fails_with(const char *input, size_t length, const char *message)
{
    const char *const arguments[] = {"-", NULL};
    struct script_outcome outcome = script_program(input, length, arguments);
    ck_assert_msg(outcome.status == 2, "exit status %d: %.300s", outcome.status, outcome.errors);
    ck_assert_msg(strstr(outcome.errors, message), "%.300s", outcome.errors);
    ck_assert_msg(strlen(outcome.errors) < 2000, "an error of %zu bytes", strlen(outcome.errors));
    script_outcome_free(&outcome);
}

START_TEST(runaway_recursion_is_an_error)
{
    script_fails("f = @(g) g(g) + 1;\nx = f(f)", 2, 5, "call one another more than 256 deep");
    script_fails("function r = f(x)\n  r = f(x + 1);\nend\nx = f(1)", 4, 5,
                 "call one another more than 256 deep");
}
END_TEST

START_TEST(nul_byte_is_an_error)
{
    static const char script[] = "x = 1;\ny = \0 2;\n";
    fails_with(script, sizeof script - 1, "<stdin>:2:5: error: a NUL byte");
    static const char string[] = "x = \"a\0b\"";
    fails_with(string, sizeof string - 1, "<stdin>:1:7: error: a NUL byte");
}
END_TEST

START_TEST(binary_rubbish_is_an_error)
{
    static char rubbish[4096];
    unsigned state = 12345;
    for (size_t k = 0; k < sizeof rubbish; k++) {
        state = state * 1103515245u + 12345u;
        rubbish[k] = (char)(state >> 16);
    }
    fails_with(rubbish, sizeof rubbish, "error: ");
}
END_TEST

enum { TEN_MEGABYTES = 10 << 20 };

/* Ten megabytes of a pattern after a beginning. */
static char *long_line(const char *start, const char *pattern)
{
    char *line = malloc(TEN_MEGABYTES + 1);
    ck_assert_ptr_nonnull(line);
    size_t at = strlen(start), step = strlen(pattern);
    memcpy(line, start, at);
    for (; at < TEN_MEGABYTES; at++) {
        line[at] = pattern[at % step];
    }
    line[TEN_MEGABYTES] = '\0';
    return line;
}

START_TEST(ten_megabyte_lines_are_errors)
{
    static const struct {
        const char *start, *pattern, *message;
    } lines[] = {
        {"x = ", "(", "nested more than"},
        {"x = ", "[", "nested more than"},
        {"x = ", "-", "++ and --"},
        {"x = ", "- ", "nested more than"},
        {"x = 1", "+1", "more than 2000 levels"},
        {"x = a", "'", "more than 2000 levels"},
        {"x = \"", "a", "not closed"},
        {"", "a", "is not known"},
        {"x = ", "9", "Inf"},
        {"", "if 1,", "nested more than"},
        {"x = ", "@(x)", "nested more than"},
    };
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        if (strcmp(lines[k].message, "Inf") == 0) {
            continue; /* a number of ten million digits is a number */
        }
        char *line = long_line(lines[k].start, lines[k].pattern);
        fails_with(line, TEN_MEGABYTES, lines[k].message);
        free(line);
    }
}
END_TEST

START_TEST(ten_megabyte_number_is_a_number)
{
    const char *const arguments[] = {"-", NULL};
    char *line = long_line("x = 0.", "9");
    struct script_outcome outcome = script_program(line, TEN_MEGABYTES, arguments);
    ck_assert_int_eq(outcome.status, 0);
    ck_assert_str_eq(outcome.output, "x = 1\n");
    script_outcome_free(&outcome);
    free(line);
}
END_TEST

START_TEST(missing_and_unreadable_files_are_errors)
{
    const char *const missing[] = {"no-such-file.ad", NULL}, *const folder[] = {"tests", NULL};
    const char *const device[] = {"/dev/zero", NULL};
    struct script_outcome outcome = script_program("", 0, missing);
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_str_eq(outcome.errors, "autodiff: no-such-file.ad: No such file or directory\n");
    script_outcome_free(&outcome);
    outcome = script_program("", 0, folder);
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_str_eq(outcome.errors, "autodiff: tests: is a directory\n");
    script_outcome_free(&outcome);
    outcome = script_program("", 0, device);
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_str_eq(outcome.errors, "autodiff: /dev/zero: is a device\n");
    script_outcome_free(&outcome);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script errors");
    TCase *cases = tcase_create("errors");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, wrong_script_is_placed, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(cases, source_line_and_caret_follow);
    tcase_add_test(cases, error_in_a_function_is_at_the_outermost_call_with_a_note);
    tcase_add_test(cases, error_in_an_argument_is_not_in_the_function);
    tcase_add_test(cases, a_gradient_by_what_does_not_count_is_told_of);
    tcase_add_test(cases, what_becomes_logical_is_told_of);
    tcase_add_test(cases, what_was_printed_before_stays);
    tcase_add_test(cases, syntax_error_comes_before_anything_runs);
    tcase_add_test(cases, error_beats_a_failed_check);
    tcase_add_test(cases, runaway_recursion_is_an_error);
    tcase_add_test(cases, nul_byte_is_an_error);
    tcase_add_test(cases, binary_rubbish_is_an_error);
    tcase_add_test(cases, ten_megabyte_lines_are_errors);
    tcase_add_test(cases, ten_megabyte_number_is_a_number);
    tcase_add_test(cases, missing_and_unreadable_files_are_errors);
    suite_add_tcase(s, cases);
    return s;
}
