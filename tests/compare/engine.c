/* SPDX-License-Identifier: MIT */
/* The engine's side of `make compare`: answers the requests of compare.py, one a line.
 *
 *   version                                  the version and its BLAS
 *   FUNCTION ROUNDS COUNT MATRIX...          FUNCTION is a name of cases.txt
 *
 * A matrix is its rows, its columns and its elements, row by row. Derivatives are by the first
 * matrix; the last one is the direction V; COUNT is the number of all. With ROUNDS 0 the answer has
 * three lines: the value, the gradient, the Hessian times V ("none" where the engine reports an
 * error). With more it is the shortest time of so many rounds, in seconds: one round records the
 * function and sweeps back.
 */
#include <autodiff/autodiff.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OPERANDS = 4 };

typedef struct matrix {
    size_t rows, cols;
    double *values;
} matrix;

/* ---- functions ----------------------------------------------------------------------------- */

static ad_var norm2(const ad_var *x)
{
    return ad_norm2(x[0]);
}

static ad_var norm2_shifted(const ad_var *x)
{
    return ad_norm2(ad_add(x[0], x[1]));
}

static ad_var norm1(const ad_var *x)
{
    return ad_norm1(x[0]);
}

static ad_var frobenius(const ad_var *x)
{
    return ad_norm_fro(x[0]);
}

static ad_var frobenius_by_trace(const ad_var *x)
{
    return ad_sqrt(ad_trace(ad_matmul(ad_transpose(x[0]), x[0])));
}

/* x'Ay, by A */
static ad_var quadratic(const ad_var *x)
{
    return ad_quad(x[1], x[0], x[2]);
}

static ad_var trace(const ad_var *x)
{
    return ad_trace(x[0]);
}

static ad_var trace_of_square(const ad_var *x)
{
    return ad_trace(ad_matmul(ad_transpose(x[0]), x[0]));
}

/* tr(AXB), by X */
static ad_var trace_of_product(const ad_var *x)
{
    return ad_trace(ad_matmul(ad_matmul(x[1], x[0]), x[2]));
}

static ad_var determinant(const ad_var *x)
{
    return ad_det(x[0]);
}

static ad_var log_determinant(const ad_var *x)
{
    return ad_logabsdet(x[0]);
}

/* det(xI - A), by x */
static ad_var polynomial_by_det(const ad_var *x)
{
    const size_t n = ad_rows(x[1]);
    const ad_var diagonal = ad_broadcast(x[0], n, 1);
    return ad_det(ad_sub(ad_diag(diagonal), x[1]));
}

static ad_var polynomial(const ad_var *x)
{
    return ad_charpoly(x[1], x[0]);
}

typedef struct function {
    const char *name;
    ad_var (*record)(const ad_var *x);
} function;

static const function functions[] = {
    {"norm2", norm2},
    {"norm2_shifted", norm2_shifted},
    {"norm1", norm1},
    {"frobenius", frobenius},
    {"frobenius_by_trace", frobenius_by_trace},
    {"quadratic", quadratic},
    {"trace", trace},
    {"trace_of_square", trace_of_square},
    {"trace_of_product", trace_of_product},
    {"det", determinant},
    {"log_det", log_determinant},
    {"polynomial_by_det", polynomial_by_det},
    {"polynomial", polynomial},
};

/* ---- answers ------------------------------------------------------------------------------- */

static ad_var record(ad_tape *tape, const function *f, const matrix *operands, size_t count,
                     ad_var *x)
{
    for (size_t k = 0; k < count; k++) {
        const matrix *m = &operands[k];
        x[k] = k == 0 ? ad_input(tape, m->rows, m->cols, m->values)
                      : ad_constant(tape, m->rows, m->cols, m->values);
    }
    return f->record(x);
}

static void print_values(ad_var x)
{
    const double *values = ad_values(x);
    if (!values) printf(" none");
    for (size_t k = 0; values && k < ad_rows(x) * ad_cols(x); k++) printf(" %a", values[k]);
    printf("\n");
}

static void print_derivatives(ad_tape *tape, const function *f, const matrix *operands,
                              size_t count)
{
    ad_var x[OPERANDS];
    const ad_var y = record(tape, f, operands, count, x);
    print_values(y);
    print_values(ad_grad(y, x[0]));
    ad_tape_clear_error(tape);
    print_values(ad_hvp(y, x[0], x[count - 1]));
}

static void print_time(ad_tape *tape, const function *f, const matrix *operands, size_t count,
                       int rounds)
{
    double shortest = 1e9;
    for (int round = 0; round < rounds; round++) {
        struct timespec start, end;
        ad_var x[OPERANDS];
        ad_tape_reset(tape);
        timespec_get(&start, TIME_UTC);
        ad_backward(record(tape, f, operands, count, x));
        timespec_get(&end, TIME_UTC);
        const double seconds =
            (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
        if (seconds < shortest) shortest = seconds;
    }
    printf("%.9f\n", shortest);
}

/* ---- requests ------------------------------------------------------------------------------ */

static const function *find(const char *name)
{
    for (size_t k = 0; k < sizeof functions / sizeof *functions; k++)
        if (strcmp(functions[k].name, name) == 0) return &functions[k];
    fprintf(stderr, "engine: no function is called %s\n", name);
    exit(1);
}

/* The next word of the request as a number: decimal, hexadecimal, inf or nan. */
static double number(void)
{
    char word[64];
    if (scanf("%63s", word) == 1) return strtod(word, NULL);
    fprintf(stderr, "engine: a request ends too early\n");
    exit(1);
}

static matrix read_matrix(void)
{
    const size_t rows = (size_t)number(), cols = (size_t)number();
    matrix m = {rows, cols, malloc((rows * cols + 1) * sizeof *m.values)};
    if (!m.values) abort();
    for (size_t k = 0; k < rows * cols; k++) m.values[k] = number();
    return m;
}

static void answer(ad_tape *tape, const char *name)
{
    const function *f = find(name);
    const int rounds = (int)number();
    const size_t count = (size_t)number();
    matrix operands[OPERANDS];
    if (count < 1 || count > OPERANDS) abort();
    for (size_t k = 0; k < count; k++) operands[k] = read_matrix();
    ad_tape_reset(tape);
    if (rounds == 0) print_derivatives(tape, f, operands, count);
    else print_time(tape, f, operands, count, rounds);
    for (size_t k = 0; k < count; k++) free(operands[k].values);
}

int main(void)
{
    char word[64];
    ad_tape *tape = ad_tape_new();
    while (scanf("%63s", word) == 1) {
        if (strcmp(word, "version") == 0) printf("%s\n", ad_version());
        else answer(tape, word);
        fflush(stdout);
    }
    ad_tape_free(tape);
}
