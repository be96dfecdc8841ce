/* SPDX-License-Identifier: MIT */
#include "tests/matrix_families.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
const char *const matrix_family_names[FAMILIES] = {
    "normal", "positive", "integer", "Kahan", "Kahan permuted", "triw", "triw permuted",
    "graded rows", "graded columns", "graded", "triangular permuted", "rank n-1", "rank n-2",
    "rank n-3", "repeated singular values", "geometric singular values",
    "two tiny singular values", "rows scaled", "columns scaled", "Hilbert", "Vandermonde",
    "nearly singular", "sparse", "Wilkinson", "companion"};
/* clang-format on */

double random_fraction(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) * 0x1p-53;
}

double random_normal(uint64_t *state)
{
    const double radius = sqrt(-2 * log(1 - random_fraction(state)));
    return radius * cos(6.283185307179586 * random_fraction(state));
}

int random_integer(uint64_t *state, int low, int high)
{
    return low + (int)(random_fraction(state) * ((double)high - low + 1));
}

static double *new_matrix(size_t n)
{
    double *x = malloc((n * n + 1) * sizeof *x);
    if (!x) abort();
    return x;
}

static void multiply(size_t n, size_t rank, const double *x, const double *y, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < rank; k++) sum += x[i * n + k] * y[k * n + j];
            a[i * n + j] = sum;
        }
}

void matrix_of_rank(size_t n, size_t rank, int size, uint64_t *state, double *a)
{
    double *x = new_matrix(n), *y = new_matrix(n);
    for (size_t k = 0; k < n * n; k++) {
        x[k] = random_integer(state, -size, size);
        y[k] = random_integer(state, -size, size);
    }
    multiply(n, rank, x, y, a);
    free(x), free(y);
}

static void normal_of_rank(size_t n, size_t rank, uint64_t *state, double *a)
{
    double *x = new_matrix(n), *y = new_matrix(n);
    for (size_t k = 0; k < n * n; k++) {
        x[k] = random_normal(state);
        y[k] = random_normal(state);
    }
    multiply(n, rank, x, y, a);
    free(x), free(y);
}

static void exchange(size_t n, double *x, double *y, size_t stride)
{
    for (size_t k = 0; k < n * stride; k += stride) {
        const double moved = x[k];
        x[k] = y[k];
        y[k] = moved;
    }
}

void matrix_permute(size_t n, uint64_t *state, double *a)
{
    for (size_t i = n; i > 1; i--) {
        const size_t row = (size_t)random_integer(state, 0, (int)i - 1);
        const size_t column = (size_t)random_integer(state, 0, (int)i - 1);
        exchange(n, a + (i - 1) * n, a + row * n, 1);
        exchange(n, a + i - 1, a + column, n);
    }
}

/* Gram and Schmidt, each vector twice. */
static void orthogonal(size_t n, uint64_t *state, double *q)
{
    for (size_t k = 0; k < n * n; k++) q[k] = random_normal(state);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < 2 * i; j++) {
            double product = 0;
            for (size_t k = 0; k < n; k++) product += q[i * n + k] * q[j % i * n + k];
            for (size_t k = 0; k < n; k++) q[i * n + k] -= product * q[j % i * n + k];
        }
        double square = 0;
        for (size_t k = 0; k < n; k++) square += q[i * n + k] * q[i * n + k];
        for (size_t k = 0; k < n; k++) q[i * n + k] /= sqrt(square);
    }
}

static double singular_value(matrix_family family, size_t n, size_t i, double parameter)
{
    if (family == FAMILY_REPEATED_SINGULAR_VALUES) return i < n / 2 ? 1 : 0.5;
    if (family == FAMILY_TWO_TINY_SINGULAR_VALUES) return i + 2 < n ? 1 : pow(10, -14 * parameter);
    return pow(10, -3 * parameter * (double)i);
}

static void of_singular_values(matrix_family family, size_t n, uint64_t *state, double *a)
{
    double *x = new_matrix(n), *y = new_matrix(n);
    const double parameter = random_fraction(state);
    orthogonal(n, state, x);
    orthogonal(n, state, y);
    for (size_t k = 0; k < n * n; k++) y[k] *= singular_value(family, n, k / n, parameter);
    multiply(n, n, x, y, a);
    free(x), free(y);
}

/* Entry (i, j) of the families given by a formula; x is a parameter of the matrix. */
static double entry(matrix_family family, size_t n, size_t i, size_t j, double x, uint64_t *state)
{
    const double row = (double)i, column = (double)j, normal = random_normal(state);
    switch (family) {
    case FAMILY_POSITIVE: return random_fraction(state);
    case FAMILY_KAHAN:
    case FAMILY_KAHAN_PERMUTED:
        return (i == j ? 1 : j > i ? -cos(0.3 + 1.2 * x) : 0) * pow(sin(0.3 + 1.2 * x), row);
    case FAMILY_TRIW:
    case FAMILY_TRIW_PERMUTED: return i == j ? 1 : j > i ? -1 : 0;
    case FAMILY_GRADED_ROWS: return normal * pow(10, -4 * x * row);
    case FAMILY_GRADED_COLUMNS: return normal * pow(10, -4 * x * column);
    case FAMILY_GRADED: return normal * pow(10, -2 * x * (row + column));
    case FAMILY_TRIANGULAR_PERMUTED: return j < i ? 0 : normal;
    case FAMILY_HILBERT: return 1 / (row + column + 1);
    case FAMILY_SPARSE: return random_fraction(state) < 0.3 ? random_integer(state, -3, 3) : 0;
    case FAMILY_WILKINSON: return i == j || j + 1 == n ? 1 : j < i ? -1 : 0;
    case FAMILY_COMPANION: return i == 0 ? normal : j + 1 == i;
    default: return normal;
    }
}

static void scale_lines(size_t n, size_t step, size_t along, uint64_t *state, double *a)
{
    for (size_t i = 0; i < n; i++) {
        const int exponent = random_integer(state, -450, 450);
        for (size_t j = 0; j < n; j++)
            a[i * step + j * along] = ldexp(a[i * step + j * along], exponent);
    }
}

static void vandermonde(size_t n, uint64_t *state, double *a)
{
    for (size_t i = 0; i < n; i++) {
        const double x = 2 * random_fraction(state);
        for (size_t j = 0; j < n; j++) a[i * n + j] = pow(x, (double)j);
    }
}

/* The last column nearly the sum of the others. */
static void make_nearly_singular(size_t n, uint64_t *state, double *a)
{
    const double distance = pow(10, -6 - 10 * random_fraction(state));
    for (size_t i = 0; i < n; i++) {
        a[i * n + n - 1] = distance * random_normal(state);
        for (size_t j = 0; j + 1 < n; j++) a[i * n + n - 1] += a[i * n + j];
    }
    matrix_permute(n, state, a);
}

void matrix_family_make(matrix_family family, size_t n, uint64_t *state, double *a)
{
    const double x = random_fraction(state);
    for (size_t k = 0; k < n * n; k++) a[k] = entry(family, n, k / n, k % n, x, state);
    switch (family) {
    case FAMILY_INTEGER:
        matrix_of_rank(n, (size_t)random_integer(state, 0, (int)n), 9, state, a);
        break;
    case FAMILY_RANK_1_LESS: normal_of_rank(n, n - 1, state, a); break;
    case FAMILY_RANK_2_LESS: normal_of_rank(n, n > 2 ? n - 2 : 0, state, a); break;
    case FAMILY_RANK_3_LESS: matrix_of_rank(n, n > 3 ? n - 3 : 0, 99, state, a); break;
    case FAMILY_KAHAN_PERMUTED:
    case FAMILY_TRIW_PERMUTED:
    case FAMILY_TRIANGULAR_PERMUTED: matrix_permute(n, state, a); break;
    case FAMILY_REPEATED_SINGULAR_VALUES:
    case FAMILY_GEOMETRIC_SINGULAR_VALUES:
    case FAMILY_TWO_TINY_SINGULAR_VALUES: of_singular_values(family, n, state, a); break;
    case FAMILY_ROWS_SCALED: scale_lines(n, n, 1, state, a); break;
    case FAMILY_COLUMNS_SCALED: scale_lines(n, 1, n, state, a); break;
    case FAMILY_VANDERMONDE: vandermonde(n, state, a); break;
    case FAMILY_NEARLY_SINGULAR: make_nearly_singular(n, state, a); break;
    default: break;
    }
}
