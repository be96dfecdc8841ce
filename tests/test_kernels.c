/* SPDX-License-Identifier: MIT */
/* Products and transposes of the kernels, against extended precision. Each test of a
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

Suite *suite(void)
{
    Suite *s = suite_create("kernels");
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
    tcase_add_test(products, transposes_are_exact);
    tcase_add_test(products, the_backend_has_a_name);
    suite_add_tcase(s, products);
    return s;
}
