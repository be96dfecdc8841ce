/* SPDX-License-Identifier: MIT */
/* What the demos share: reading a matrix from a CSV file, and one printed line per comparison. */
#ifndef DEMO_H
#define DEMO_H

#include <autodiff/autodiff.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct matrix {
    size_t rows, cols;
    double *values; /* row-major; the caller frees them */
};

/* Reads numbers separated by commas, a row to a line; lines that start with # are comments. */
static inline struct matrix read_csv(const char *path)
{
    struct matrix M = {0};
    char line[1024];
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "%s: cannot be read (demos run from the top of the source tree)\n", path);
        exit(2);
    }
    while (fgets(line, sizeof line, file)) {
        size_t count = 0;
        char *end, *at = line;
        for (double value; *at != '#' && (value = strtod(at, &end), end != at); at = end) {
            size_t size = M.rows * M.cols + count++;
            double *grown = realloc(M.values, (size + 1) * sizeof *grown);
            if (!grown) exit(2);
            M.values = grown;
            M.values[size] = value;
            end += *end == ',';
        }
        if (count == 0) continue;
        if (M.rows++ == 0) M.cols = count;
        if (count != M.cols) {
            fprintf(stderr, "%s: row %zu has %zu numbers, not %zu\n", path, M.rows, count, M.cols);
            exit(2);
        }
    }
    fclose(file);
    return M;
}

struct report {
    int failures;
};

static inline struct report begin(const char *title)
{
    printf("%s\n\n%-34s %-25s %-25s %s\n", title, "formula", "autodiff", "analytic",
           "difference (allowed)");
    return (struct report){0};
}

/* The one number, or the first two of several. */
static inline void print_values(size_t count, const double *values)
{
    char text[64] = "no value";
    if (values && count == 1) snprintf(text, sizeof text, "%.10g", values[0]);
    if (values && count > 1)
        snprintf(text, sizeof text, "%.4g, %.4g%s", values[0] + 0.0, values[1] + 0.0,
                 count > 2 ? ", .." : ""); /* + 0.0: no -0 */
    printf(" %-25s", text);
}

/* The largest |x_i|. */
static inline double largest(size_t count, const double *x)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) most = fmax(most, fabs(x[i]));
    return most;
}

/* The largest |x_i - y_i|, NaN if there is one. */
static inline double largest_difference(size_t count, const double *x, const double *y)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        if (!(fabs(x[i] - y[i]) <= most)) most = fabs(x[i] - y[i]);
    return most;
}

/* Prints a line, and counts a failure where autodiff (NULL: it gave no result) differs from the
 * analytic result by more than tolerance times scale. */
static inline void check_scaled(struct report *report, const char *formula, size_t count,
                                const double *autodiff, const double *analytic, double scale,
                                double tolerance)
{
    double difference = autodiff ? largest_difference(count, autodiff, analytic) / scale : NAN;
    bool good = difference <= tolerance;
    printf("%-34s", formula);
    print_values(count, autodiff);
    print_values(count, analytic);
    printf(" %.1e (%.1e)  %s\n", difference, tolerance, good ? "ok" : "FAILED");
    report->failures += !good;
}

/* Likewise, relative to the largest number in the analytic result. */
static inline void check(struct report *report, const char *formula, size_t count,
                         const double *autodiff, const double *analytic, double tolerance)
{
    double scale = largest(count, analytic);
    check_scaled(report, formula, count, autodiff, analytic, scale > 0 ? scale : 1, tolerance);
}

/* For a formula known to be wrong: fails unless it is seen to differ. */
static inline void check_differs(struct report *report, const char *formula, size_t count,
                                 const double *autodiff, const double *wrong)
{
    double difference = autodiff ? largest_difference(count, autodiff, wrong) : NAN;
    bool seen = difference > 0.01 * largest(count, wrong);
    printf("%-34s", formula);
    print_values(count, autodiff);
    print_values(count, wrong);
    printf(" %.1e  %s\n", difference / largest(count, wrong),
           seen ? "differs, as expected: ok" : "FAILED to differ");
    report->failures += !seen;
}

/* Ends the demo: prints the tape's error if there is one; returns main's exit status. */
static inline int finish(const struct report *report, const ad_tape *tape)
{
    if (ad_tape_status(tape) != AD_OK) printf("FAILED: %s\n", ad_tape_message(tape));
    printf("\n");
    return report->failures > 0 || ad_tape_status(tape) != AD_OK;
}

#endif
