/* SPDX-License-Identifier: MIT */
/* Functions of scalars: plain, with the gradient by hand of one, and recorded. All of a row of the
 * table at the end have the same operations in the same order.
 */
#ifndef BENCH_SCALAR_FUNCTIONS_H
#define BENCH_SCALAR_FUNCTIONS_H

#ifdef BENCH_INLINE
#include <autodiff/inline.h>
#else
#include <autodiff/autodiff.h>
#endif

#include <math.h>

#include "tests/bench/bench.h"

enum { MANY = 1000000, FEW = 10, CELLS = 100, STEPS = 2000 };

/* ---- Rosenbrock: the sum of 100 (x_(i+1) - x_i^2)^2 + (1 - x_i)^2 ---- */

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
    ad_var sum = ad_number(tape, 0);
    x[0] = ad_scalar(tape, at[0]);
    for (size_t i = 0; i + 1 < n; i++) {
        x[i + 1] = ad_scalar(tape, at[i + 1]);
        const ad_var a = ad_sub(x[i + 1], ad_square(x[i])), b = ad_shift(ad_neg(x[i]), 1);
        sum = ad_add(sum, ad_add(ad_scale(ad_square(a), 100), ad_square(b)));
    }
    return sum;
}

/* ---- Speelpenning: the product of all x_i ---- */

static double speelpenning(const double *x, size_t n)
{
    double product = 1;
    for (size_t i = 0; i < n; i++) product *= x[i];
    return product;
}

static ad_var speelpenning_recorded(ad_tape *tape, const double *at, size_t n, ad_var *x)
{
    ad_var product = ad_number(tape, 1);
    for (size_t i = 0; i < n; i++) {
        x[i] = ad_scalar(tape, at[i]);
        product = ad_mul(product, x[i]);
    }
    return product;
}

/* ---- Transcendental: the sum of log(1 + (sin x e^-x)^2) / sqrt(1 + x^2) ---- */

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
    ad_var sum = ad_number(tape, 0);
    for (size_t i = 0; i < n; i++) {
        x[i] = ad_scalar(tape, at[i]);
        const ad_var s = ad_mul(ad_sin(x[i]), ad_exp(ad_neg(x[i])));
        const ad_var numerator = ad_log(ad_shift(ad_square(s), 1));
        const ad_var denominator = ad_sqrt(ad_shift(ad_square(x[i]), 1));
        sum = ad_add(sum, ad_div(numerator, denominator));
    }
    return sum;
}

/* ---- Advection: the sum of q_i^2 after STEPS steps of a scheme (Hogan 2014, Fast reverse-mode
 * automatic differentiation using expression templates in C++, ACM TOMS 40, section 4); periodic,
 * and linear by Lax and Wendroff, or with exponential fluxes by Toon et al. 1988 ---- */

static const double COURANT = 0.125;

static double flux_linear(double l, double r)
{
    return 0.5 * COURANT * (l + r + COURANT * (l - r));
}

static ad_var flux_linear_recorded(ad_var l, ad_var r)
{
    return ad_scale(ad_add(ad_add(l, r), ad_scale(ad_sub(l, r), COURANT)), 0.5 * COURANT);
}

static double flux_toon(double l, double r)
{
    return (exp(COURANT * log(l / r)) - 1) * l * r / (l - r);
}

static ad_var flux_toon_recorded(ad_var l, ad_var r)
{
    const ad_var power = ad_exp(ad_scale(ad_log(ad_div(l, r)), COURANT));
    return ad_div(ad_mul(ad_mul(ad_shift(power, -1), l), r), ad_sub(l, r));
}

/* The scheme with a flux, in numbers and recorded. A macro: a pointer would hide the flux from the
 * compiler, to the plain scheme's cost. */
#define ADVECTION(name, flux_of)                                                                   \
    static double name(const double *x, size_t n)                                                  \
    {                                                                                              \
        double q[CELLS], flux[CELLS], sum = 0;                                                     \
        for (size_t i = 0; i < n; i++) q[i] = x[i];                                                \
        for (size_t step = 0; step < STEPS; step++) {                                              \
            for (size_t i = 0; i + 1 < n; i++) flux[i] = flux_of(q[i], q[i + 1]);                  \
            for (size_t i = 1; i + 1 < n; i++) q[i] += flux[i - 1] - flux[i];                      \
            q[0] = q[n - 2];                                                                       \
            q[n - 1] = q[1];                                                                       \
        }                                                                                          \
        for (size_t i = 0; i < n; i++) sum += q[i] * q[i];                                         \
        return sum;                                                                                \
    }                                                                                              \
                                                                                                   \
    static ad_var name##_recorded(ad_tape *tape, const double *at, size_t n, ad_var *x)            \
    {                                                                                              \
        ad_var q[CELLS], flux[CELLS], sum = ad_number(tape, 0);                                    \
        for (size_t i = 0; i < n; i++) q[i] = x[i] = ad_scalar(tape, at[i]);                       \
        for (size_t step = 0; step < STEPS; step++) {                                              \
            for (size_t i = 0; i + 1 < n; i++) flux[i] = flux_of##_recorded(q[i], q[i + 1]);       \
            for (size_t i = 1; i + 1 < n; i++) q[i] = ad_add(q[i], ad_sub(flux[i - 1], flux[i]));  \
            q[0] = q[n - 2];                                                                       \
            q[n - 1] = q[1];                                                                       \
        }                                                                                          \
        for (size_t i = 0; i < n; i++) sum = ad_add(sum, ad_square(q[i]));                         \
        return sum;                                                                                \
    }

ADVECTION(lax_wendroff, flux_linear)
ADVECTION(toon, flux_toon)

/* ---- where they begin ---- */

static void fill_uniform(double *x, size_t n)
{
    uint64_t state = 1;
    for (size_t i = 0; i < n; i++) x[i] = bench_uniform(&state, -1, 1);
}

static void fill_near_one(double *x, size_t n)
{
    uint64_t state = 1;
    for (size_t i = 0; i < n; i++) x[i] = bench_uniform(&state, 0.99, 1.01);
}

/* No two neighbours are equal, and all are positive. */
static void fill_wave(double *x, size_t n)
{
    const double turn = 6.283185307179586;
    for (size_t i = 0; i < n; i++) x[i] = 0.5001 + 0.5 * sin(turn * (double)i / ((double)n - 1.5));
}

/* ---- the table ---- */

/* Most that the ratio may be to the gradient by hand, or to the plain function where there is none. */
typedef struct marks {
    double record_sweep, replay_sweep, record_sweep_inline; /* 0: none */
} marks;

typedef struct function {
    const char *name;
    size_t variables;
    double units; /* elements; cells times steps */
    void (*fill)(double *x, size_t n);
    double (*plain)(const double *x, size_t n);
    void (*by_hand)(const double *x, size_t n, double *gradient); /* or NULL */
    ad_var (*recorded)(ad_tape *tape, const double *at, size_t n, ad_var *x);
    marks marks;
} function;

static const function functions[] = {
    {"Rosenbrock",
     MANY,
     MANY,
     fill_uniform,
     rosenbrock,
     rosenbrock_gradient,
     rosenbrock_recorded,
     {20, 11, 15.5}},
    {"Speelpenning",
     MANY,
     MANY,
     fill_near_one,
     speelpenning,
     NULL,
     speelpenning_recorded,
     {10, 6, 8.5}},
    {"transcendental",
     MANY,
     MANY,
     fill_uniform,
     transcendental,
     NULL,
     transcendental_recorded,
     {3.8, 2.8, 3.5}},
    {"Rosenbrock of 10",
     FEW,
     FEW,
     fill_uniform,
     rosenbrock,
     rosenbrock_gradient,
     rosenbrock_recorded,
     {16, 12, 0}},
    {"Lax-Wendroff",
     CELLS,
     CELLS *STEPS,
     fill_wave,
     lax_wendroff,
     NULL,
     lax_wendroff_recorded,
     {38, 22, 0}},
    {"Toon", CELLS, CELLS *STEPS, fill_wave, toon, NULL, toon_recorded, {5.5, 4.5, 0}}};

enum { FUNCTIONS = sizeof functions / sizeof *functions };

#endif
