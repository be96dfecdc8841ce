/* SPDX-License-Identifier: MIT */
#include "tests/determinant_accuracy.h"

#include <math.h>
#include <stdlib.h>

#include "ops/determinant/determinant.h"
#include "tests/exact.h"
#include "tests/singular_values.h"

static void *take(size_t bytes, void *context)
{
    (void)context;
    return malloc(bytes);
}

static void give_back(void *block, void *context)
{
    (void)context;
    free(block);
}

void plain_arena(arena *a, tape_memory *memory)
{
    *memory = (tape_memory){.allocator = {take, give_back, NULL}};
    arena_init(a, memory);
}

static double largest(size_t count, const double *x, size_t stride)
{
    double found = 0;
    for (size_t k = 0; k < count; k++)
        if (fabs(x[k * stride]) > found) found = fabs(x[k * stride]);
    return found;
}

static double worse(double x, double y)
{
    return isnan(x) || isnan(y) ? INFINITY : x > y ? x : y;
}

static double difference(double value, double reference)
{
    return value == reference ? 0 : fabs(value - reference);
}

/* Of count entries at the given stride. */
static double line_error(size_t count, size_t stride, const double *value, const double *reference,
                         double all_zero)
{
    const double size = largest(count, reference, stride);
    double error = 0;
    for (size_t k = 0; k < count; k++)
        error = worse(error, difference(value[k * stride], reference[k * stride]));
    if (error == 0) return 0;
    return error / (size == 0 ? all_zero : size);
}

double relative_error(size_t n, const double *value, const double *reference, comparison how,
                      double all_zero)
{
    if (how == NORMWISE) return line_error(n * n, 1, value, reference, all_zero);
    double error = 0;
    for (size_t i = 0; i < n; i++)
        error = worse(error, how == BY_ROWS ? line_error(n, 1, value + i * n, reference + i * n, 0)
                                            : line_error(n, n, value + i, reference + i, 0));
    return error;
}

/* Everything about one matrix that is compared: five n x n arrays of each side. */
typedef struct results {
    double *block;
    double *cofactor, *first, *second, *log_gradient;
} results;

static results results_new(size_t n)
{
    double *block = malloc((4 * n * n + 1) * sizeof *block);
    if (!block) abort();
    return (results){block, block, block + n * n, block + 2 * n * n, block + 3 * n * n};
}

static int count_minus_zeros(size_t count, const double *x)
{
    int found = 0;
    for (size_t k = 0; k < count; k++) found += x[k] == 0 && signbit(x[k]);
    return found;
}

static void compare_values(const determinant_factor *factor, size_t n, const long double *sigma,
                           const exact_derivatives *exact, determinant_errors *errors)
{
    const double cofactor = largest(n * n, exact->cofactor, 1);
    const double value = determinant_value(factor);
    const long double scale = cofactor == 0 ? powl(sigma[0], (long double)n) : sigma[0] * cofactor;
    const double error = difference(value, exact->determinant);
    errors->value = error == 0 ? 0 : (double)(error / scale);
    int sign;
    const double log_abs = determinant_log_abs(factor, &sign);
    if (exact->mantissa == 0) return;
    const long double reference =
        logl(fabsl((long double)exact->mantissa)) + (long double)exact->exponent * logl(2);
    const double bound = 1e-13 * (double)n + 1e-12 * fabs((double)reference) +
                         1e-14 * (double)(sigma[0] / sigma[n - 1]);
    errors->log_abs = (double)fabsl(log_abs - reference) / bound;
    errors->wrong_sign = sign != (exact->mantissa > 0) - (exact->mantissa < 0) &&
                         (double)(sigma[0] / sigma[n - 1]) < 1e13;
}

determinant_errors determinant_measure(size_t n, const double *a, const double *v, const double *w,
                                       comparison how)
{
    determinant_errors errors = {0};
    results got = results_new(n), want = results_new(n);
    exact_derivatives exact = {.cofactor = want.cofactor,
                               .first_v = want.first,
                               .second = want.second,
                               .log_gradient = want.log_gradient};
    long double *sigma = malloc((n + 1) * sizeof *sigma);
    tape_memory memory;
    arena of_factor, scratch;
    plain_arena(&of_factor, &memory);
    plain_arena(&scratch, &memory);
    determinant_factor *factor = determinant_factor_new(n, a, &of_factor);
    if (!sigma || !factor || determinant_cofactor(factor, NULL, NULL, got.cofactor, &scratch) ||
        determinant_cofactor(factor, v, NULL, got.first, &scratch) ||
        determinant_cofactor(factor, v, w, got.second, &scratch))
        abort();
    exact_differentiate(EXACT_FASTEST, n, a, v, w, &exact);
    singular_values(n, a, sigma);
    compare_values(factor, n, sigma, &exact, &errors);
    const bool rank_known = n > 1 && largest(n * n, want.cofactor, 1) > 0;
    const double ratio = rank_known ? 1e-3 * (double)(sigma[0] / sigma[n - 2]) : 1;
    const double condition = how == NORMWISE && ratio > 1 ? ratio : 1;
    const double zero = pow((double)sigma[0], (double)n - 1);
    errors.gradient = relative_error(n, got.cofactor, want.cofactor, how, zero) / condition;
    errors.first = relative_error(n, got.first, want.first, how, zero) / condition;
    errors.second = relative_error(n, got.second, want.second, how, zero) / condition;
    errors.minus_zeros = count_minus_zeros(3 * n * n, got.block);
    if (exact.mantissa != 0 &&
        determinant_log_gradient(factor, got.log_gradient, &scratch) == DETERMINANT_OK) {
        const double of_inverse = (double)(sigma[0] / sigma[n - 1]);
        errors.log_gradient = relative_error(n, got.log_gradient, want.log_gradient, how, 0) /
                              (how == NORMWISE && of_inverse > 1 ? of_inverse : 1);
    }
    arena_free(&of_factor), arena_free(&scratch);
    free(got.block), free(want.block), free(sigma);
    return errors;
}
