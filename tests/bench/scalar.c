/* SPDX-License-Identifier: MIT */
/* Gradients of three functions of a million scalars, against the plain C functions and, for
 * Rosenbrock's, the gradient written by hand. A round records on a reused tape and sweeps.
 */
#include "tests/bench/bench.h"

#include <autodiff/autodiff.h>
#include <math.h>

enum { SIZE = 1000000, ROUNDS = 25 };

typedef struct problem {
    const char *name;
    double (*plain)(const double *x, size_t n);
    void (*by_hand)(const double *x, size_t n, double *gradient);             /* or NULL */
    ad_var (*recorded)(ad_tape *tape, const double *at, size_t n, ad_var *x); /* x: the inputs */
    double low, high; /* of the elements of x */
    double mark;      /* for the ratio to by_hand, or to plain */
} problem;

/* ---- Rosenbrock: the sum of 100 (x_(i+1) - x_i^2)^2 + (1 - x_i)^2 ---------------------------- */

static double rosenbrock(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        sum += 100 * a * a + b * b;
    }
    return sum;
}

static void rosenbrock_gradient(const double *x, size_t n, double *gradient)
{
    for (size_t i = 0; i < n; i++) gradient[i] = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        gradient[i] += -400 * a * x[i] - 2 * b;
        gradient[i + 1] += 200 * a;
    }
}

static ad_var rosenbrock_recorded(ad_tape *tape, const double *at, size_t n, ad_var *x)
{
    const ad_var one = ad_constant(tape, 1, 1, &(double){1});
    const ad_var hundred = ad_constant(tape, 1, 1, &(double){100});
    ad_var sum = ad_constant(tape, 1, 1, &(double){0});
    x[0] = ad_scalar(tape, at[0]);
    for (size_t i = 0; i + 1 < n; i++) {
        x[i + 1] = ad_scalar(tape, at[i + 1]);
        const ad_var a = ad_sub(x[i + 1], ad_square(x[i])), b = ad_sub(one, x[i]);
        sum = ad_add(sum, ad_add(ad_mul(hundred, ad_square(a)), ad_square(b)));
    }
    return sum;
}

/* ---- Speelpenning: the product of all x_i
 * ------------------------------------------------------ */

static double speelpenning(const double *x, size_t n)
{
    double product = 1;
    for (size_t i = 0; i < n; i++) product *= x[i];
    return product;
}

static ad_var speelpenning_recorded(ad_tape *tape, const double *at, size_t n, ad_var *x)
{
    ad_var product = ad_constant(tape, 1, 1, &(double){1});
    for (size_t i = 0; i < n; i++) {
        x[i] = ad_scalar(tape, at[i]);
        product = ad_mul(product, x[i]);
    }
    return product;
}

/* ---- the sum of log(1 + (sin x e^-x)^2) / sqrt(1 + x^2)
 * ------------------------------------------ */

static double transcendental(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double s = sin(x[i]) * exp(-x[i]);
        sum += log(1 + s * s) / sqrt(1 + x[i] * x[i]);
    }
    return sum;
}

static ad_var transcendental_recorded(ad_tape *tape, const double *at, size_t n, ad_var *x)
{
    const ad_var one = ad_constant(tape, 1, 1, &(double){1});
    ad_var sum = ad_constant(tape, 1, 1, &(double){0});
    for (size_t i = 0; i < n; i++) {
        x[i] = ad_scalar(tape, at[i]);
        const ad_var s = ad_mul(ad_sin(x[i]), ad_exp(ad_neg(x[i])));
        const ad_var numerator = ad_log(ad_add(one, ad_square(s)));
        const ad_var denominator = ad_sqrt(ad_add(one, ad_square(x[i])));
        sum = ad_add(sum, ad_div(numerator, denominator));
    }
    return sum;
}

/* ---- measuring
 * ------------------------------------------------------------------------------------ */

typedef struct setting {
    const problem *problem;
    double *x;
    double *gradient;
    ad_tape *tape;
    ad_var *inputs;
    ad_var y;
    double value; /* of the plain function */
} setting;

static void run_plain(void *context)
{
    setting *s = context;
    s->value = s->problem->plain(s->x, SIZE);
}

static void run_by_hand(void *context)
{
    setting *s = context;
    s->problem->by_hand(s->x, SIZE, s->gradient);
}

static void run_recording(void *context)
{
    setting *s = context;
    ad_tape_reset(s->tape);
    s->y = s->problem->recorded(s->tape, s->x, SIZE, s->inputs);
}

static void run_gradient(void *context)
{
    setting *s = context;
    run_recording(s);
    ad_backward(s->y);
}

static void measure(const problem *p, setting *s)
{
    s->problem = p;
    uint64_t state = 1;
    for (size_t i = 0; i < SIZE; i++) s->x[i] = bench_uniform(&state, p->low, p->high);
    contender c[] = {{run_plain, s, 1, SIZE, 0, 0},
                     {run_recording, s, 1, SIZE, 0, 0},
                     {run_gradient, s, 1, SIZE, 0, 0},
                     {p->by_hand ? run_by_hand : run_plain, s, 1, SIZE, 0, 0}};
    bench_run(c, 4, ROUNDS, bench_processor);
    if (fabs(ad_value(s->y) - s->value) > 1e-12 * fabs(s->value))
        printf("%s: the recorded value differs\n", p->name);
    printf("%-16s%8.2f ", p->name, c[0].best);
    if (p->by_hand) printf("%9.2f", c[3].best);
    else printf("%9s", "");
    printf("%10.2f%10.2f%10.2f", c[1].best, c[2].best, c[2].median);
    bench_mark(c[2].best / c[3].best, p->mark);
}

int main(void)
{
    static const problem problems[] = {
        {"Rosenbrock", rosenbrock, rosenbrock_gradient, rosenbrock_recorded, -1, 1, 40},
        {"Speelpenning", speelpenning, NULL, speelpenning_recorded, 0.99, 1.01, 14},
        {"transcendental", transcendental, NULL, transcendental_recorded, -1, 1, 6}};
    setting s = {.x = bench_allocate(SIZE, sizeof *s.x),
                 .gradient = bench_allocate(SIZE, sizeof *s.gradient),
                 .inputs = bench_allocate(SIZE, sizeof *s.inputs),
                 .tape = ad_tape_new()};
    printf("Gradients of %d scalars, ns per element: best of %d rounds, and median\n\n", SIZE,
           ROUNDS);
    printf("%-16s%8s%10s%10s%10s%10s%8s\n", "", "plain C", "by hand", "record", "gradient",
           "median", "ratio");
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) measure(&problems[i], &s);
    printf("\n");
    ad_tape_free(s.tape);
    free(s.x);
    free(s.gradient);
    free(s.inputs);
    return 0;
}
