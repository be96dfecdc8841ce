/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_results.h"

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_LINE = 1 << 16, LONGEST_OUTPUT = 1 << 20 };

/* The next line without its newline; false at the end of the file, or where a line does not end. */
static bool read_line(FILE *file, char *line)
{
    if (!fgets(line, LONGEST_LINE, file)) return false;
    char *end = strchr(line, '\n');
    if (end) *end = '\0';
    return end != NULL;
}

int script_records(const char *path)
{
    static char line[LONGEST_LINE];
    FILE *file = fopen(path, "r");
    int count = 0;
    if (!file) return 0;
    while (read_line(file, line)) count += line[0] == '\0';
    fclose(file);
    return count;
}

/* A copy of the script in which every \n is a newline, with a last line that prints y. */
static void unfold(const char *line, char *script)
{
    while (*line) {
        bool newline = line[0] == '\\' && line[1] == 'n';
        *script++ = newline ? '\n' : *line;
        line += newline ? 2 : 1;
    }
    memcpy(script, "\ny\n", sizeof "\ny\n");
}

/* In the child: the program on that script, all it writes into the pipe. */
static void become_program(const char *script, const int *ends)
{
    const char *program = getenv("AUTODIFF");
    if (!program || !*program) program = TEST_BUILD "/autodiff";
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl(program, program, "--json", "-e", script, (char *)NULL);
    dprintf(STDERR_FILENO, "cannot run %s\n", program);
    _exit(127);
}

/* Runs the program; its output, at most LONGEST_OUTPUT - 1 characters. Asserts status 0. */
static void run(const char *script, char *output)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) become_program(script, ends);
    close(ends[1]);
    size_t length = 0;
    ssize_t count;
    while ((count = read(ends[0], output + length, LONGEST_OUTPUT - 1 - length)) > 0)
        length += (size_t)count;
    output[length] = '\0';
    close(ends[0]);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %#x of\n%s\n%s",
                  (unsigned)status, script, output);
}

/* Where the elements begin of the last value printed under that name: {"name":"y","rows":1,...;
 * NULL where there is none. */
static const char *find_value(const char *output, const char *name, size_t *rows, size_t *cols)
{
    const char *found = NULL;
    for (const char *line = output; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        char printed[64];
        size_t r, c;
        int read = 0;
        sscanf(line, "{\"name\":\"%63[^\"]\",\"rows\":%zu,\"cols\":%zu,\"data\":[%n", printed, &r,
               &c, &read);
        if (read == 0 || strcmp(printed, name) != 0) continue;
        found = line + read;
        *rows = r;
        *cols = c;
    }
    return found;
}

/* The number at the cursor, which moves past it and the comma or bracket after it. JSON has no
 * word for NaN and infinities: they are in quotes. */
static double next_element(const char **cursor)
{
    const char *start = *cursor;
    bool quoted = *start == '"';
    char *end;
    double value = strtod(start + quoted, &end);
    ck_assert_msg(end > start + quoted && isfinite(value) == !quoted, "no number: %.40s", start);
    if (quoted) ck_assert_msg(*end++ == '"', "no end of quotes: %.40s", start);
    ck_assert_msg(*end == ',' || *end == ']', "no comma or bracket: %.40s", end);
    *cursor = end + 1;
    return value;
}

static bool close_enough(double actual, double expected, double allowed)
{
    if (isnan(expected)) return isnan(actual);
    return actual == expected || fabs(actual - expected) <= allowed;
}

/* What a line of expected values permits an element to be off. */
static double allowance(const char *how, double tolerance, double expected, double largest)
{
    if (strcmp(how, "relative") == 0) return tolerance * fabs(expected);
    if (strcmp(how, "largest") == 0) return tolerance * (largest > 0 ? largest : 1);
    ck_assert_str_eq(how, "exact");
    return 0;
}

static double next_number(const char **cursor)
{
    char *end;
    double value = strtod(*cursor, &end);
    ck_assert_msg(end > *cursor, "no number: %.40s", *cursor);
    *cursor = end;
    return value;
}

static double largest_of(const char *values, size_t count)
{
    double largest = 0;
    while (count-- > 0) largest = fmax(largest, fabs(next_number(&values)));
    return largest;
}

/* One line of expected values against the program's output. */
static void check_value(const char *script, const char *expected, const char *output,
                        double tolerance)
{
    char how[16], name[64];
    size_t rows, cols, printed_rows = 0, printed_cols = 0;
    int read = 0;
    ck_assert_msg(sscanf(expected, "%15s %63s %zu %zu%n", how, name, &rows, &cols, &read) == 4,
                  "malformed: %s", expected);
    const char *cursor = find_value(output, name, &printed_rows, &printed_cols);
    ck_assert_msg(cursor != NULL, "%s was not printed by\n%s\n%s", name, script, output);
    ck_assert_msg(rows == printed_rows && cols == printed_cols,
                  "%s is %zux%zu, not %zux%zu, in\n%s", name, printed_rows, printed_cols, rows,
                  cols, script);
    const char *values = expected + read;
    double largest = largest_of(values, rows * cols);
    for (size_t k = 0; k < rows * cols; k++) {
        double actual = next_element(&cursor), value = next_number(&values);
        double allowed = allowance(how, tolerance, value, largest);
        ck_assert_msg(close_enough(actual, value, allowed),
                      "%s(%zu) is %.17g, not %.17g, off by %.2g, allowed %.2g (%s), in\n%s", name,
                      k + 1, actual, value, fabs(actual - value), allowed, how, script);
    }
}

void script_check(const char *path, int record, double tolerance)
{
    static char line[LONGEST_LINE], script[LONGEST_LINE], output[LONGEST_OUTPUT];
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    while (record > 0 && read_line(file, line)) record -= line[0] == '\0';
    ck_assert_msg(read_line(file, line), "%s has too few records", path);
    unfold(line, script);
    run(script, output);
    int count = 0;
    for (; read_line(file, line) && line[0]; count++) check_value(script, line, output, tolerance);
    ck_assert_int_gt(count, 0);
    fclose(file);
}
