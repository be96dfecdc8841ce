/* SPDX-License-Identifier: MIT */
/* Results are printed as Octave 7.3 prints them: format short and long, scalars, matrices, columns
 * that do not fit the line, ranges, diagonal matrices, Inf and NaN, empty values, text. The stored
 * output is Octave's own (tests/data/scripts/make_octave_output.py). Whole programs print the same
 * too: cost functions, filters, optimizers as people write them. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char STORE[] = "tests/data/scripts/octave_output.txt";
static const char PROGRAMS[] = "tests/data/programs/*.m";
static const char LAPACK_STORE[] = "tests/data/scripts/octave_lapack_output.txt";

enum { LONGEST_SCRIPT = 1000 };

/* The script of a line, ||| being a newline. */
static void unfold(const char *line, size_t length, char *script)
{
    const char *end = line + length;
    ck_assert_uint_lt(length, LONGEST_SCRIPT);
    while (line < end) {
        bool newline = end - line >= 3 && memcmp(line, "|||", 3) == 0;
        *script++ = newline ? '\n' : *line;
        line += newline ? 3 : 1;
    }
    *script = '\0';
}

static void check_store(const char *name, int least)
{
    char *store = script_file(name), script[LONGEST_SCRIPT];
    int scripts = 0, wrong = 0;
    for (char *at = store; *at;) {
        char *line = at + 3, *end = strchr(line, '\n');
        ck_assert(strncmp(at, ">> ", 3) == 0 && end);
        unfold(line, (size_t)(end - line), script);
        char *next = strstr(end, "\n>> ");
        at = next ? next + 1 : end + strlen(end);
        struct script_outcome outcome = script_run(script);
        size_t length = (size_t)(at - end - 1);
        scripts++;
        if (outcome.status != 0 || strlen(outcome.output) != length ||
            memcmp(outcome.output, end + 1, length) != 0) {
            wrong++;
            fprintf(stderr, "%s\nprints\n%s%s\nOctave prints\n%.*s\n", script, outcome.output,
                    outcome.errors, (int)length, end + 1);
        }
        script_outcome_free(&outcome);
    }
    free(store);
    ck_assert_int_ge(scripts, least);
    ck_assert_msg(wrong == 0, "%d of %d scripts print something else", wrong, scripts);
}

START_TEST(output_is_that_of_octave)
{
    check_store(STORE, 700);
}
END_TEST

/* Vectors may have either sign, and portable code knows symmetric matrices alone. */
START_TEST(vectors_are_those_of_lapack)
{
    if (strcmp(TEST_KERNELS, "builtin") != 0) check_store(LAPACK_STORE, 10);
}
END_TEST

START_TEST(programs_print_what_octave_prints)
{
    glob_t found;
    int wrong = 0;
    ck_assert_int_eq(glob(PROGRAMS, 0, NULL, &found), 0);
    ck_assert_uint_ge(found.gl_pathc, 4);
    for (size_t k = 0; k < found.gl_pathc; k++) {
        const char *const arguments[] = {found.gl_pathv[k], NULL};
        char expected[200];
        const int length = (int)strlen(found.gl_pathv[k]) - 2;
        snprintf(expected, sizeof expected, "%.*s.txt", length, found.gl_pathv[k]);
        char *output = script_file(expected);
        struct script_outcome outcome = script_program(NULL, 0, arguments);
        if (outcome.status != 0 || strcmp(outcome.output, output) != 0) {
            wrong++;
            fprintf(stderr, "%s: status %d\n%s%s", found.gl_pathv[k], outcome.status,
                    outcome.output, outcome.errors);
        }
        script_outcome_free(&outcome);
        free(output);
    }
    globfree(&found);
    ck_assert_msg(wrong == 0, "%d programs print something else", wrong);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script output");
    TCase *cases = tcase_create("octave");
    tcase_add_test(cases, output_is_that_of_octave);
    tcase_add_test(cases, programs_print_what_octave_prints);
    tcase_add_test(cases, vectors_are_those_of_lapack);
    suite_add_tcase(s, cases);
    return s;
}
