/* SPDX-License-Identifier: MIT */
/* The determinant with its gradient against LAPACK's dgetrf and dgetri, and the characteristic
 * polynomial with its derivative at many points against as many determinants.
 */
#include "tests/bench/bench.h"

#include <autodiff/autodiff.h>
#include <string.h>

#ifdef HAVE_LAPACK
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
void dgetri_(const int *n, double *a, const int *lda, const int *pivots, double *work,
             const int *lwork, int *info);
#endif

typedef struct setting {
    size_t n;
    double *a;
    double *copy;
    double *work;
    int *pivots;
    ad_tape *tape;
    double sum; /* keeps results alive */
} setting;

static void run_engine(void *context)
{
    setting *s = context;
    ad_tape_reset(s->tape);
    ad_var A = ad_input(s->tape, s->n, s->n, s->a);
    ad_backward(ad_det(A));
    s->sum += ad_adjoint(A)[0];
}

static void run_lapack(void *context)
{
#ifdef HAVE_LAPACK
    setting *s = context;
    const int n = (int)s->n, work = 64 * n;
    int info;
    memcpy(s->copy, s->a, s->n * s->n * sizeof *s->copy);
    dgetrf_(&n, &n, s->copy, &n, s->pivots, &info);
    dgetri_(&n, s->copy, &n, s->pivots, s->work, &work, &info);
    s->sum += s->copy[0];
#else
    run_engine(context);
#endif
}

/* p(x) and p'(x) at a thousand x, one reduction of A included. */
static void run_charpoly(void *context)
{
    setting *s = context;
    ad_tape_reset(s->tape);
    ad_var A = ad_constant(s->tape, s->n, s->n, s->a);
    for (int i = 0; i < 1000; i++) {
        ad_var x = ad_scalar(s->tape, 0.01 * i);
        s->sum += ad_value(ad_grad(ad_charpoly(A, x), x));
    }
}

static setting prepare(size_t n)
{
    setting s = {.n = n, .tape = ad_tape_new()};
    s.a = bench_allocate(n * n, sizeof *s.a);
    s.copy = bench_allocate(n * n, sizeof *s.copy);
    s.work = bench_allocate(64 * n, sizeof *s.work);
    s.pivots = bench_allocate(n, sizeof *s.pivots);
    uint64_t state = n;
    for (size_t i = 0; i < n * n; i++) s.a[i] = bench_uniform(&state, -1, 1);
    return s;
}

static void finish(setting *s)
{
    if (ad_tape_status(s->tape) != AD_OK) printf("%s\n", ad_tape_message(s->tape));
    ad_tape_free(s->tape);
    free(s->a);
    free(s->copy);
    free(s->work);
    free(s->pivots);
}

#ifdef HAVE_LAPACK
/* 5 % above the ratios of plain LU with triangular inverses, measured alike; below n = 64, where
 * the tape counts, above those of the engine when it took no determinant next to 0 from
 * integers. */
static double mark_of(size_t n)
{
    /* clang-format off */
    static const struct { size_t n; double mark; } marks[] = {
        {2, 2.2}, {4, 2.75}, {8, 2.05}, {16, 1.8}, {64, 1.47}, {256, 1.31}, {1024, 1.68}};
    /* clang-format on */
    size_t i = 0;
    while (marks[i].n < n) i++;
    return marks[i].mark;
}
#endif

static void measure(size_t n)
{
    setting s = prepare(n);
    const size_t repeats = n <= 16 ? 2000 : n <= 64 ? 100 : n <= 256 ? 5 : 1;
    contender c[] = {{run_engine, &s, repeats, 1, 0, 0}, {run_lapack, &s, repeats, 1, 0, 0}};
    bench_run(c, 2, n > 256 ? 9 : 25, bench_clock);
    printf("%5zu %12.2f %12.2f", n, c[0].best / 1e3, c[0].median / 1e3);
#ifdef HAVE_LAPACK
    printf(" %12.2f ", c[1].best / 1e3);
    bench_mark(c[0].best / c[1].best, mark_of(n));
    if (n == 4) printf("%*s under 2 us: %s\n", 44, "", c[0].best < 2000 ? "ok" : "above");
#else
    printf("\n");
#endif
    finish(&s);
}

int main(void)
{
    static const size_t sizes[] = {2, 4, 8, 16, 64, 256, 1024};
    printf("determinant and gradient, microseconds\n%5s %12s %12s %12s\n", "n", "best", "median",
           "dgetrf+dgetri");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) measure(sizes[i]);
    setting s = prepare(200);
    contender c[] = {{run_engine, &s, 4, 1, 0, 0}, {run_charpoly, &s, 1, 1, 0, 0}};
    bench_run(c, 2, 9, bench_clock);
    printf("\np(x), p'(x) at 1000 points, n = 200: %.1f ms, in determinants with gradient",
           c[1].best / 1e6);
    bench_mark(c[1].best / c[0].best, 60);
    finish(&s);
    return 0;
}
