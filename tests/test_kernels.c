/* SPDX-License-Identifier: MIT */
/* Products, sums, norms and transposes of the kernels, against extended precision. Each test of a
 * product runs twice: as the backend does it and by the portable code alone. */
#include "ops/kernels/portable.h"
#include "ops/numbers/vectors.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/random_numbers.h"
#include "tests/suite.h"

static random_state state;

static void setup(void)
{
    state = 1;
}

enum { BACKEND, PORTABLE, WAYS };

typedef struct product {
    bool transpose_a, transpose_b;
    size_t m, n, k, lda, ldb, ldc;
    double alpha, beta;
} product;

static void multiply(int way, const product *p, const double *a, const double *b, double *c)
{
    (way == BACKEND ? kernel_multiply_add
                    : portable_multiply_add)(p->alpha, p->transpose_a, p->transpose_b, p->m, p->n,
                                             p->k, a, p->lda, b, p->ldb, p->beta, c, p->ldc);
}

/* A product of n x n matrices in place of what p does not say. */
static product shaped(size_t m, size_t n, size_t k, int transposes, size_t padding)
{
    const bool ta = transposes & 1, tb = transposes & 2;
    return (product){ta,          tb, m, n, k, (ta ? m : k) + padding, (tb ? k : n) + padding,
                     n + padding, 1,  0};
}

static size_t size_of_a(const product *p)
{
    return (p->transpose_a ? p->k : p->m) * p->lda;
}

static size_t size_of_b(const product *p)
{
    return (p->transpose_b ? p->n : p->k) * p->ldb;
}

static double entry_a(const product *p, const double *a, size_t i, size_t l)
{
    return p->transpose_a ? a[l * p->lda + i] : a[i * p->lda + l];
}

static double entry_b(const product *p, const double *b, size_t l, size_t j)
{
    return p->transpose_b ? b[j * p->ldb + l] : b[l * p->ldb + j];
}

/* Each entry within (k + 2) eps (|A||B| + |beta C|); what lies between the rows untouched. */
static void check_product(int way, const product *p)
{
    double *a = random_array(&state, size_of_a(p)), *b = random_array(&state, size_of_b(p));
    double *c = random_array(&state, p->m * p->ldc);
    double *before = random_array(&state, p->m * p->ldc);
    if (p->beta == 0)
        for (size_t i = 0; i < p->m * p->ldc; i++) c[i] = NAN;
    memcpy(before, c, p->m * p->ldc * sizeof *c);
    multiply(way, p, a, b, c);
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->ldc; j++) {
            const double was = before[i * p->ldc + j], is = c[i * p->ldc + j];
            if (j >= p->n) {
                ck_assert(memcmp(&was, &is, sizeof is) == 0);
                continue;
            }
            long double sum = p->beta == 0 ? 0 : (long double)p->beta * was, size = fabsl(sum);
            for (size_t l = 0; l < p->k; l++) {
                const long double term =
                    (long double)p->alpha * entry_a(p, a, i, l) * entry_b(p, b, l, j);
                sum += term;
                size += fabsl(term);
            }
            ck_assert_msg(fabsl(is - sum) <= (long double)(p->k + 2) * DBL_EPSILON * size,
                          "%zux%zux%zu transposes %d%d beta %g: (%zu, %zu) is %.17g, not %.17Lg",
                          p->m, p->n, p->k, p->transpose_a, p->transpose_b, p->beta, i, j, is, sum);
        }
    free(a), free(b), free(c), free(before);
}

START_TEST(products_of_all_small_shapes_are_accurate)
{
    enum { UP_TO = 6 };
    for (size_t m = 0; m <= UP_TO; m++)
        for (size_t n = 0; n <= UP_TO; n++)
            for (size_t k = 0; k <= UP_TO; k++)
                for (int transposes = 0; transposes < 4; transposes++) {
                    product p = shaped(m, n, k, transposes, k % 2);
                    p.beta = m % 2 ? 0 : n % 2 ? 1 : -0.5;
                    p.alpha = k % 3 ? 1 : -1;
                    check_product(_i, &p);
                }
}
END_TEST

START_TEST(products_of_larger_shapes_are_accurate)
{
    static const size_t shapes[][3] = {{8, 8, 8},      {9, 17, 33},  {64, 64, 64},  {65, 5, 129},
                                       {3, 130, 70},   {70, 3, 2},   {100, 1, 150}, {1, 150, 100},
                                       {1, 1, 1000},   {300, 1, 40}, {1, 40, 300},  {200, 2, 1},
                                       {129, 65, 200}, {70, 90, 1}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int transposes = 0; transposes < 4; transposes++)
            for (int beta = 0; beta < 3; beta++) {
                product p = shaped(shapes[s][0], shapes[s][1], shapes[s][2], transposes, s % 3);
                p.beta = beta == 2 ? 0.75 : beta;
                check_product(_i, &p);
            }
}
END_TEST

START_TEST(a_long_vector_times_a_matrix_in_parts_is_accurate)
{
    for (int transposes = 0; transposes < 4; transposes++) {
        product p = shaped(20000, 1, 3, transposes, 0);
        check_product(_i, &p);
        p = shaped(3, 1, 20000, transposes, 1);
        p.beta = 1;
        check_product(_i, &p);
    }
}
END_TEST

START_TEST(a_stride_beyond_int_is_no_obstacle)
{
    enum { COUNT = 1000 };
    double *a = random_array(&state, COUNT), *b = random_array(&state, COUNT), c = NAN;
    product p = shaped(1, 1, COUNT, 2, 0);
    p.lda = p.ldb = (size_t)1 << 40; /* of a single row */
    multiply(_i, &p, a, b, &c);
    ck_assert_double_eq_tol(c, kernel_dot(COUNT, a, b), 1e-12);
    free(a), free(b);
}
END_TEST

START_TEST(kernel_matmul_is_the_product_with_factor_one)
{
    const double a[] = {1, 2, 3, 4}, b[] = {5, 6, 7, 8};
    double c[] = {NAN, NAN, NAN, NAN};
    kernel_matmul(false, true, 2, 2, 2, a, 2, b, 2, 0, c, 2);
    ck_assert_double_eq(c[0], 17);
    ck_assert_double_eq(c[1], 23);
    ck_assert_double_eq(c[2], 39);
    ck_assert_double_eq(c[3], 53);
    kernel_matmul(true, false, 2, 2, 2, a, 2, b, 2, 2, c, 2);
    ck_assert_double_eq(c[0], 26 + 34);
    ck_assert_double_eq(c[3], 44 + 106);
}
END_TEST

/* Sizes on both sides of every change of algorithm. */
static const size_t orders[] = {1, 2, 3, 5, 8, 12, 16, 24, 40, 65, 100, 150};

START_TEST(nan_reaches_what_it_should_and_nothing_else)
{
    for (size_t s = 0; s < sizeof orders / sizeof *orders; s++)
        for (int transposes = 0; transposes < 4; transposes++)
            for (int vector = 0; vector < 2; vector++) {
                const size_t n = orders[s], cols = vector ? 1 : n;
                const product p = shaped(n, cols, n, transposes, 0);
                double *a = random_array(&state, n * n), *b = random_array(&state, n * cols);
                double *c = random_array(&state, n * cols);
                memset(b, 0, n * cols * sizeof *b); /* no product with a zero is skipped */
                const size_t row = n / 2, col = n / 3;
                a[p.transpose_a ? col * n + row : row * n + col] = s % 2 ? INFINITY : NAN;
                multiply(_i, &p, a, b, c);
                for (size_t i = 0; i < n; i++)
                    for (size_t j = 0; j < cols; j++)
                        ck_assert_msg((isnan(c[i * cols + j]) != 0) == (i == row), "n = %zu", n);
                free(a), free(b), free(c);
            }
}
END_TEST

/* x at an address that is count doubles beyond a multiple of 64 bytes. */
static double *moved(const double *x, size_t size, size_t count, double **block)
{
    *block = random_array(&state, size + count);
    memcpy(*block + count, x, size * sizeof *x);
    return *block + count;
}

START_TEST(products_do_not_depend_on_alignment)
{
    static const size_t shapes[][3] = {{3, 3, 3},    {17, 16, 15}, {100, 99, 98},  {200, 1, 200},
                                       {1, 130, 77}, {33, 1, 31},  {150, 150, 150}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int transposes = 0; transposes < 4; transposes++) {
            const product p = shaped(shapes[s][0], shapes[s][1], shapes[s][2], transposes, 0);
            const size_t na = size_of_a(&p), nb = size_of_b(&p), nc = p.m * p.n;
            double *a = random_array(&state, na), *b = random_array(&state, nb);
            double *c = random_array(&state, nc), *blocks[3];
            multiply(_i, &p, a, b, c);
            for (size_t count = 1; count < 8; count++) {
                double *a2 = moved(a, na, count, &blocks[0]);
                double *b2 = moved(b, nb, 8 - count, &blocks[1]);
                double *c2 = moved(c, nc, count / 2, &blocks[2]);
                multiply(_i, &p, a2, b2, c2);
                ck_assert_msg(memcmp(c, c2, nc * sizeof *c) == 0, "%zux%zux%zu moved by %zu", p.m,
                              p.n, p.k, count);
                free(blocks[0]), free(blocks[1]), free(blocks[2]);
            }
            free(a), free(b), free(c);
        }
}
END_TEST

/* ---- sums -------------------------------------------------------------------------------- */

static const size_t lengths[] = {0, 1, 2, 3, 7, 8, 9, 31, 127, 128, 129, 255, 257, 1000, 100000};

START_TEST(sums_are_good_to_a_few_units_of_the_terms)
{
    for (size_t s = 0; s < sizeof lengths / sizeof *lengths; s++) {
        const size_t n = lengths[s];
        double *x = random_array(&state, n), *y = random_array(&state, n);
        long double sum = 0, sizes = 0, dot = 0, products = 0;
        for (size_t i = 0; i < n; i++) {
            x[i] *= i % 3 ? 1e8 : 1;
            sum += x[i];
            sizes += fabs(x[i]);
            dot += (long double)x[i] * y[i];
            products += fabsl((long double)x[i] * y[i]);
        }
        ck_assert(fabsl(kernel_sum(n, x) - sum) <= 4 * DBL_EPSILON * sizes);
        ck_assert(fabsl(kernel_dot(n, x, y) - dot) <= 4 * DBL_EPSILON * products);
        free(x), free(y);
    }
}
END_TEST

START_TEST(a_million_tenths_sum_without_drift)
{
    enum { COUNT = 1000000 };
    double *x = random_array(&state, COUNT);
    for (size_t i = 0; i < COUNT; i++) x[i] = 0.1;
    ck_assert_double_eq_tol(kernel_sum(COUNT, x), 100000, 3e-11); /* one by one: 1e-6 */
    free(x);
}
END_TEST

START_TEST(sums_do_not_depend_on_alignment)
{
    enum { COUNT = 1003 };
    double *x = random_array(&state, COUNT), *block;
    const double sum = kernel_sum(COUNT, x), dot = kernel_dot(COUNT, x, x);
    const double norm = kernel_norm2(COUNT, x);
    for (size_t count = 1; count < 8; count++) {
        const double *y = moved(x, COUNT, count, &block);
        ck_assert_double_eq(kernel_sum(COUNT, y), sum);
        ck_assert_double_eq(kernel_dot(COUNT, x, y), dot);
        ck_assert_double_eq(kernel_norm2(COUNT, y), norm);
        free(block);
    }
    free(x);
}
END_TEST

START_TEST(sums_carry_nan_and_infinity)
{
    double x[20] = {0}, y[20] = {0};
    x[13] = INFINITY;
    ck_assert_double_eq(kernel_sum(20, x), INFINITY);
    ck_assert(isnan(kernel_dot(20, x, y)));
    x[19] = -INFINITY;
    ck_assert(isnan(kernel_sum(20, x)));
}
END_TEST

/* ---- the norm ---------------------------------------------------------------------------- */

START_TEST(norms_of_simple_vectors_are_exact)
{
    ck_assert_double_eq(kernel_norm2(0, NULL), 0);
    ck_assert_double_eq(kernel_norm2(2, (const double[]){3, -4}), 5);
    ck_assert_double_eq(kernel_norm2(3, (const double[]){0, 0, -0.0}), 0);
    ck_assert(!signbit(kernel_norm2(1, (const double[]){-0.0})));
    for (int e = -1074; e <= 1020; e++) {
        const double x[] = {ldexp(3, e), ldexp(4, e)};
        ck_assert_double_eq(kernel_norm2(2, x), ldexp(5, e));
        ck_assert_double_eq(kernel_norm2(1, x), x[0]);
    }
    ck_assert_double_eq_tol(kernel_norm2(2, (const double[]){3e200, 4e200}) / 5e200, 1, 3e-16);
    ck_assert_double_eq_tol(kernel_norm2(2, (const double[]){3e-200, 4e-200}) / 5e-200, 1, 3e-16);
    ck_assert_double_eq(kernel_norm2(1, (const double[]){DBL_MAX}), DBL_MAX);
    ck_assert_double_eq(kernel_norm2(2, (const double[]){DBL_MAX, DBL_MAX}), INFINITY);
}
END_TEST

START_TEST(norms_are_accurate_at_every_scale)
{
    enum { COUNT = 300 };
    double *x = random_array(&state, COUNT), y[COUNT];
    for (int e = -1060; e <= 1010; e += 23) {
        long double squares = 0;
        for (size_t i = 0; i < COUNT; i++) {
            y[i] = ldexp(x[i], e - (int)(i % 40));
            squares += (long double)ldexp(y[i], -e) * ldexp(y[i], -e);
        }
        const long double expected = sqrtl(squares);
        const double unit = fmax(4 * DBL_EPSILON, ldexp(1, -1074 - e)); /* of subnormal results */
        ck_assert(fabsl(ldexp(kernel_norm2(COUNT, y), -e) - expected) <= unit * expected);
    }
    free(x);
}
END_TEST

START_TEST(norms_are_nan_if_any_entry_is_and_else_infinite_if_any_is)
{
    ck_assert_double_eq(kernel_norm2(2, (const double[]){1, -INFINITY}), INFINITY);
    ck_assert(isnan(kernel_norm2(2, (const double[]){INFINITY, NAN})));
    ck_assert(isnan(kernel_norm2(2, (const double[]){NAN, INFINITY})));
    ck_assert(isnan(kernel_norm2(3, (const double[]){1e200, NAN, 1e200})));
    ck_assert(isnan(kernel_norm2(2, (const double[]){1e-300, NAN})));
}
END_TEST

START_TEST(bilinear_forms_are_rounded_once)
{
    const double one = 1, ones[6] = {1, 1, 1, 1, 1, 1};
    const double far[] = {1e200, 1e200, 1e200, 1e200, 1e200, 1e200};
    const double near[] = {1.1e200, 1.1e200, 1.1e200, -1.1e200, -1.1e200, -1.1e200};
    ck_assert_double_eq(kernel_bilinear(1, 6, &one, far, near), 0);
    const double apart[] = {DBL_MAX, 1, 0x1p-1074, -DBL_MAX, -1, 0};
    ck_assert_double_eq(kernel_bilinear(6, 1, apart, ones, &one), 0x1p-1074);
    ck_assert_double_eq(kernel_bilinear(2, 1, (const double[]){1, 0x1p-53}, ones, &one), 1);
    ck_assert_double_eq(kernel_bilinear(3, 1, (const double[]){1, 0x1p-53, 0x1p-1000}, ones, &one),
                        1 + DBL_EPSILON);
    ck_assert_double_eq(kernel_bilinear(2, 1, (const double[]){-1, -3}, ones, &one), -4);
    const double a[] = {1 + DBL_EPSILON, -1}, x[] = {1 + DBL_EPSILON, 1};
    const double y = 1 + DBL_EPSILON; /* (1 + d)^3 - (1 + d) = 2 d + 3 d^2 + d^3 */
    ck_assert_double_eq(kernel_bilinear(2, 1, x, a, &y), 2 * DBL_EPSILON * (1 + 1.5 * DBL_EPSILON));
}
END_TEST

START_TEST(bilinear_forms_reach_both_ends_of_the_range)
{
    const double most = DBL_MAX, least = 0x1p-1074, minus = -DBL_MAX, large[] = {DBL_MAX, DBL_MAX};
    const double ones[] = {1, 1};
    ck_assert_double_eq(kernel_bilinear(1, 1, &least, &least, &least), 0);
    ck_assert_double_eq(kernel_bilinear(1, 1, &most, &most, &most), (double)INFINITY);
    ck_assert_double_eq(kernel_bilinear(1, 1, &minus, &minus, &minus), -(double)INFINITY);
    ck_assert_double_eq(kernel_bilinear(1, 1, &most, &least, &least), DBL_MAX * least * least);
    ck_assert_double_eq(kernel_bilinear(1, 1, &(double){1}, &most, &least), DBL_MAX * least);
    ck_assert_double_eq(kernel_bilinear(2, 1, large, ones, ones), (double)INFINITY);
    ck_assert_double_eq(kernel_bilinear(2, 1, large, ones, &(double){0.5}), DBL_MAX);
    ck_assert_double_eq(kernel_bilinear(0, 1, NULL, NULL, &least), 0);
}
END_TEST

static long double extended_form(size_t n, const double *x, const double *a, const double *y)
{
    long double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) sum += (long double)x[i] * a[i * n + j] * y[j];
    return sum;
}

START_TEST(bilinear_forms_of_random_numbers_are_accurate)
{
    enum { N = 20 };
    for (int round = 0; round < 20; round++) {
        double *x = random_array(&state, N), *a = random_array(&state, N * N);
        double *y = random_array(&state, N);
        const long double expected = extended_form(N, x, a, y);
        const long double error = kernel_bilinear(N, N, x, a, y) - expected;
        /* An emulator's long double may be a double. */
        const volatile long double next = 1 + LDBL_EPSILON;
        const long double spacing = next == 1 ? DBL_EPSILON : LDBL_EPSILON;
        ck_assert(fabsl(error) <= DBL_EPSILON / 2 * fabsl(expected) + N * N * spacing);
        free(x), free(a), free(y);
    }
}
END_TEST

START_TEST(transposes_are_exact)
{
    for (size_t m = 0; m < 40; m += 3)
        for (size_t n = 0; n < 40; n += 1 + n / 7) {
            double *a = random_array(&state, m * n), *b = random_array(&state, m * n);
            kernel_transpose(m, n, a, b);
            for (size_t i = 0; i < m; i++)
                for (size_t j = 0; j < n; j++) ck_assert_double_eq(a[i * n + j], b[j * m + i]);
            free(a), free(b);
        }
}
END_TEST

START_TEST(the_backend_has_a_name)
{
    const char *name = kernel_backend();
    ck_assert(strcmp(name, "builtin") == 0 || strcmp(name, "CBLAS") == 0 ||
              strncmp(name, "OpenBLAS ", 9) == 0);
    ck_assert_ptr_null(strchr(name + strcspn(name, " ") + (strchr(name, ' ') != NULL), ' '));
}
END_TEST

static TCase *products_case(void)
{
    TCase *products = tcase_create("products");
    tcase_add_checked_fixture(products, setup, NULL);
    tcase_set_timeout(products, 60);
    tcase_add_loop_test(products, products_of_all_small_shapes_are_accurate, 0, WAYS);
    tcase_add_loop_test(products, products_of_larger_shapes_are_accurate, 0, WAYS);
    tcase_add_loop_test(products, a_long_vector_times_a_matrix_in_parts_is_accurate, 0, WAYS);
    tcase_add_loop_test(products, a_stride_beyond_int_is_no_obstacle, 0, WAYS);
    tcase_add_test(products, kernel_matmul_is_the_product_with_factor_one);
    tcase_add_loop_test(products, nan_reaches_what_it_should_and_nothing_else, 0, WAYS);
    tcase_add_loop_test(products, products_do_not_depend_on_alignment, 0, WAYS);
    return products;
}

static TCase *sums_case(void)
{
    TCase *sums = tcase_create("sums");
    tcase_add_checked_fixture(sums, setup, NULL);
    tcase_add_test(sums, sums_are_good_to_a_few_units_of_the_terms);
    tcase_add_test(sums, a_million_tenths_sum_without_drift);
    tcase_add_test(sums, sums_do_not_depend_on_alignment);
    tcase_add_test(sums, sums_carry_nan_and_infinity);
    tcase_add_test(sums, norms_of_simple_vectors_are_exact);
    tcase_add_test(sums, norms_are_accurate_at_every_scale);
    tcase_add_test(sums, norms_are_nan_if_any_entry_is_and_else_infinite_if_any_is);
    tcase_add_test(sums, bilinear_forms_are_rounded_once);
    tcase_add_test(sums, bilinear_forms_reach_both_ends_of_the_range);
    tcase_add_test(sums, bilinear_forms_of_random_numbers_are_accurate);
    tcase_add_test(sums, transposes_are_exact);
    tcase_add_test(sums, the_backend_has_a_name);
    return sums;
}

Suite *suite(void)
{
    Suite *s = suite_create("kernels");
    suite_add_tcase(s, products_case());
    suite_add_tcase(s, sums_case());
    return s;
}
