/* SPDX-License-Identifier: MIT */
#include "tests/exact.h"

#include <gmp.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* ---- integers and doubles ---------------------------------------------------------------- */

/* An n x n matrix of integers times 2^exponent. */
typedef struct integers {
    size_t n;
    mpz_t *at;
    long exponent;
} integers;

static integers integers_new(size_t n)
{
    integers x = {n, malloc((n * n + 1) * sizeof *x.at), 0};
    if (!x.at) abort();
    for (size_t k = 0; k < n * n; k++) mpz_init(x.at[k]);
    return x;
}

static void integers_free(integers x)
{
    for (size_t k = 0; k < x.n * x.n; k++) mpz_clear(x.at[k]);
    free(x.at);
}

/* Every double is an integer times the same power of two; zeros for a NULL matrix. */
static integers from_doubles(size_t n, const double *a)
{
    integers x = integers_new(n);
    int smallest = 0;
    bool any = false;
    for (size_t k = 0; a && k < n * n; k++) {
        int exponent;
        if (a[k] == 0) continue;
        (void)frexp(a[k], &exponent);
        if (!any || exponent < smallest) smallest = exponent;
        any = true;
    }
    x.exponent = smallest - 53;
    for (size_t k = 0; a && k < n * n; k++) {
        int exponent;
        mpz_set_d(x.at[k], ldexp(frexp(a[k], &exponent), 53));
        if (a[k] != 0) mpz_mul_2exp(x.at[k], x.at[k], (mp_bitcnt_t)(exponent - smallest));
    }
    return x;
}

/* The double nearest to x 2^exponent, ties to even, subnormal and infinite results included. */
static double nearest(const mpz_t x, long exponent)
{
    if (mpz_sgn(x) == 0) return 0;
    const long bits = (long)mpz_sizeinbase(x, 2);
    long kept = bits + exponent + 1074; /* digits above 2^-1074 */
    if (kept > 53) kept = 53;
    if (kept < 0) return mpz_sgn(x) < 0 ? -0.0 : 0.0;
    const long dropped = bits - kept;
    mpz_t head;
    mpz_init(head);
    mpz_abs(head, x);
    if (dropped > 0) {
        const mp_bitcnt_t half = (mp_bitcnt_t)(dropped - 1);
        const bool above = mpz_tstbit(head, half) != 0;
        const bool tie = mpz_scan1(head, 0) >= half;
        mpz_fdiv_q_2exp(head, head, (mp_bitcnt_t)dropped);
        if (above && (!tie || mpz_odd_p(head))) mpz_add_ui(head, head, 1);
        exponent += dropped;
    }
    const double size = ldexp(mpz_get_d(head), (int)(exponent > 2000 ? 2000 : exponent));
    mpz_clear(head);
    return mpz_sgn(x) < 0 ? -size : size;
}

/* x / y 2^exponent to far more digits than a double has, then as above; what is cut off is kept
 * as one sticky bit. */
static double nearest_quotient(const mpz_t x, const mpz_t y, long exponent)
{
    mpz_t quotient, rest;
    mpz_inits(quotient, rest, NULL);
    const long missing = 128 + (long)mpz_sizeinbase(y, 2) - (long)mpz_sizeinbase(x, 2);
    const mp_bitcnt_t shift = missing > 0 ? (mp_bitcnt_t)missing : 0;
    mpz_mul_2exp(quotient, x, shift);
    mpz_tdiv_qr(quotient, rest, quotient, y);
    mpz_mul_2exp(quotient, quotient, 1);
    if (mpz_sgn(rest) != 0) {
        if (mpz_sgn(quotient) < 0) mpz_sub_ui(quotient, quotient, 1);
        else mpz_add_ui(quotient, quotient, 1);
    }
    const double result = nearest(quotient, exponent - (long)shift - 1);
    mpz_clears(quotient, rest, NULL);
    return result;
}

/* The transpose of x 2^exponent, rounded. */
static void round_transposed(integers x, long exponent, double *result)
{
    for (size_t i = 0; result && i < x.n; i++)
        for (size_t j = 0; j < x.n; j++) result[i * x.n + j] = nearest(x.at[j * x.n + i], exponent);
}

static void set_determinant(const mpz_t determinant, long exponent, exact_derivatives *result)
{
    const long bits = mpz_sgn(determinant) ? (long)mpz_sizeinbase(determinant, 2) : 0;
    int carry = 0;
    result->determinant = nearest(determinant, exponent);
    result->mantissa = frexp(nearest(determinant, -bits), &carry);
    result->exponent = bits ? bits + exponent + carry : 0;
}

static void set_log_gradient(integers adjugate, const mpz_t determinant, long exponent,
                             double *result)
{
    const size_t n = adjugate.n;
    if (!result || mpz_sgn(determinant) == 0) return;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            result[i * n + j] = nearest_quotient(adjugate.at[j * n + i], determinant, exponent);
}

/* ---- Faddeev and LeVerrier ---------------------------------------------------------------
 * With B = A + sV + tW modulo s^2 and t^2:  M_0 = 0, c_n = 1;
 *     M_k = B M_{k-1} + c_{n-k+1} I ,  c_{n-k} = -tr(B M_k) / k   (an exact division)
 * gives det(B) = (-1)^n c_0 and adj(B) = (-1)^(n-1) M_n. */

enum { ONE, S, T, ST, TERMS }; /* coefficients of a polynomial */

typedef struct polynomials {
    integers term[TERMS];
} polynomials;

/* Adds to product the terms of X with coefficient x and Y with coefficient y. */
static void add_product(integers x, integers y, integers product)
{
    const size_t n = x.n;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            if (mpz_sgn(x.at[i * n + k]) == 0) continue;
            for (size_t j = 0; j < n; j++)
                mpz_addmul(product.at[i * n + j], x.at[i * n + k], y.at[k * n + j]);
        }
}

/* product <- B M, B without a term in s t. */
static void multiply(const polynomials *b, const polynomials *m, const bool *wanted,
                     polynomials *product)
{
    static const struct {
        int of_b, of_m, of_product;
    } pairs[] = {{ONE, ONE, ONE}, {ONE, S, S},   {S, ONE, S}, {ONE, T, T},
                 {T, ONE, T},     {ONE, ST, ST}, {S, T, ST},  {T, S, ST}};
    for (int term = 0; term < TERMS; term++)
        for (size_t k = 0; k < product->term[term].n * product->term[term].n; k++)
            mpz_set_ui(product->term[term].at[k], 0);
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++)
        if (wanted[pairs[p].of_product])
            add_product(b->term[pairs[p].of_b], m->term[pairs[p].of_m],
                        product->term[pairs[p].of_product]);
}

/* On return m holds M_n and determinant (-1)^n c_0's constant term. */
static void faddeev_leverrier(size_t n, const polynomials *b, const bool *wanted, polynomials *m,
                              mpz_t determinant)
{
    polynomials product;
    mpz_t c;
    mpz_init(c);
    mpz_set_ui(determinant, 1);
    for (int term = 0; term < TERMS; term++) {
        product.term[term] = integers_new(n);
        for (size_t i = 0; i < n; i++) mpz_set_ui(m->term[term].at[i * n + i], term == ONE);
    }
    for (size_t k = 1; k <= n; k++) {
        multiply(b, m, wanted, &product);
        for (int term = 0; term < TERMS; term++) {
            mpz_set_ui(c, 0);
            for (size_t i = 0; i < n; i++) mpz_sub(c, c, product.term[term].at[i * n + i]);
            mpz_divexact_ui(c, c, (unsigned long)k);
            if (term == ONE) mpz_set(determinant, c);
            if (k == n) continue;
            for (size_t i = 0; i < n; i++)
                mpz_add(product.term[term].at[i * n + i], product.term[term].at[i * n + i], c);
        }
        if (k == n) break;
        const polynomials next = product;
        product = *m;
        *m = next;
    }
    if (n % 2) mpz_neg(determinant, determinant);
    for (int term = 0; term < TERMS; term++) {
        for (size_t i = 0; n % 2 == 0 && i < n * n; i++)
            mpz_neg(m->term[term].at[i], m->term[term].at[i]);
        integers_free(product.term[term]);
    }
    mpz_clear(c);
}

static void by_faddeev_leverrier(integers a, integers v, integers w, exact_derivatives *result)
{
    const size_t n = a.n;
    const polynomials b = {{a, v, w, {0, NULL, 0}}};
    const bool wanted[TERMS] = {true, result->first_v || result->second,
                                result->first_w || result->second, result->second};
    const long degree = (long)n - 1;
    polynomials m;
    mpz_t determinant;
    mpz_init(determinant);
    for (int term = 0; term < TERMS; term++) m.term[term] = integers_new(n);
    faddeev_leverrier(n, &b, wanted, &m, determinant);
    round_transposed(m.term[ONE], degree * a.exponent, result->cofactor);
    round_transposed(m.term[S], (degree - 1) * a.exponent + v.exponent, result->first_v);
    round_transposed(m.term[T], (degree - 1) * a.exponent + w.exponent, result->first_w);
    round_transposed(m.term[ST], (degree - 2) * a.exponent + v.exponent + w.exponent,
                     result->second);
    set_determinant(determinant, (long)n * a.exponent, result);
    set_log_gradient(m.term[ONE], determinant, -a.exponent, result->log_gradient);
    for (int term = 0; term < TERMS; term++) integers_free(m.term[term]);
    mpz_clear(determinant);
}

/* ---- fraction-free elimination -----------------------------------------------------------
 * Gauss-Jordan on [A | I] after Bareiss (1968): all divisions by the previous pivot are exact, and
 * at the end the left half is det(A) I, the right half adj(A) (up to the sign of the rows'
 * permutation, which both have). Then with J = adj(A), X = J V, Y = J W, D = det(A)
 *     adj'[V]     = (tr X J - X J) / D
 *     adj''[V, W] = ((tr X tr Y - tr XY) J - tr X Y J - tr Y X J + X Y J + Y X J) / D^2 */

/* rows x cols in place, up to square on the left; the number of pivots found. */
static size_t bareiss(size_t rows, size_t cols, size_t square, mpz_t *a, mpz_t last, int *sign)
{
    mpz_t t;
    mpz_init(t);
    mpz_set_ui(last, 1);
    size_t rank = 0;
    *sign = 1;
    for (size_t column = 0; column < square && rank < rows; column++) {
        size_t pivot = rank;
        while (pivot < rows && mpz_sgn(a[pivot * cols + column]) == 0) pivot++;
        if (pivot == rows) continue;
        if (pivot != rank) {
            for (size_t j = 0; j < cols; j++) mpz_swap(a[pivot * cols + j], a[rank * cols + j]);
            *sign = -*sign;
        }
        for (size_t i = 0; i < rows; i++) {
            if (i == rank) continue;
            for (size_t j = 0; j < cols; j++) {
                if (j == column) continue;
                mpz_mul(t, a[rank * cols + column], a[i * cols + j]);
                mpz_submul(t, a[i * cols + column], a[rank * cols + j]);
                mpz_divexact(a[i * cols + j], t, last);
            }
            mpz_set_ui(a[i * cols + column], 0);
        }
        mpz_set(last, a[rank * cols + column]);
        rank++;
    }
    mpz_clear(t);
    return rank;
}

size_t exact_rank(size_t n, const double *a)
{
    integers x = from_doubles(n, a);
    mpz_t last;
    int sign;
    mpz_init(last);
    const size_t rank = bareiss(n, n, n, x.at, last, &sign);
    mpz_clear(last);
    integers_free(x);
    return rank;
}

/* adjugate and determinant; false where A is singular. */
static bool adjugate_of(integers a, integers adjugate, mpz_t determinant)
{
    const size_t n = a.n;
    mpz_t *both = malloc((2 * n * n + 1) * sizeof *both);
    int sign;
    if (!both) abort();
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            mpz_init_set(both[2 * n * i + j], a.at[i * n + j]);
            mpz_init_set_ui(both[2 * n * i + n + j], i == j);
        }
    const size_t rank = bareiss(n, 2 * n, n, both, determinant, &sign);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            mpz_set(adjugate.at[i * n + j], both[2 * n * i + n + j]);
            if (sign < 0) mpz_neg(adjugate.at[i * n + j], adjugate.at[i * n + j]);
        }
    if (sign < 0) mpz_neg(determinant, determinant);
    for (size_t k = 0; k < 2 * n * n; k++) mpz_clear(both[k]);
    free(both);
    return rank == n;
}

static void trace_of(integers x, mpz_t trace)
{
    mpz_set_ui(trace, 0);
    for (size_t i = 0; i < x.n; i++) mpz_add(trace, trace, x.at[i * x.n + i]);
}

/* (tr X J - X J) / D */
static void first_of(integers j, integers x, integers xj, const mpz_t determinant, long exponent,
                     double *result)
{
    if (!result) return;
    integers sum = integers_new(j.n);
    mpz_t trace;
    mpz_init(trace);
    trace_of(x, trace);
    for (size_t k = 0; k < j.n * j.n; k++) {
        mpz_mul(sum.at[k], trace, j.at[k]);
        mpz_sub(sum.at[k], sum.at[k], xj.at[k]);
        mpz_divexact(sum.at[k], sum.at[k], determinant);
    }
    round_transposed(sum, exponent, result);
    mpz_clear(trace);
    integers_free(sum);
}

static void second_of(integers j, integers x, integers y, integers xj, integers yj,
                      const mpz_t determinant, long exponent, double *result)
{
    const size_t n = j.n;
    if (!result) return;
    integers sum = integers_new(n);
    mpz_t trace_x, trace_y, both, square;
    mpz_inits(trace_x, trace_y, both, square, NULL);
    trace_of(x, trace_x);
    trace_of(y, trace_y);
    mpz_mul(both, trace_x, trace_y);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) mpz_submul(both, x.at[i * n + k], y.at[k * n + i]);
    add_product(x, yj, sum);
    add_product(y, xj, sum);
    mpz_mul(square, determinant, determinant);
    for (size_t k = 0; k < n * n; k++) {
        mpz_addmul(sum.at[k], both, j.at[k]);
        mpz_submul(sum.at[k], trace_x, yj.at[k]);
        mpz_submul(sum.at[k], trace_y, xj.at[k]);
        mpz_divexact(sum.at[k], sum.at[k], square);
    }
    round_transposed(sum, exponent, result);
    mpz_clears(trace_x, trace_y, both, square, NULL);
    integers_free(sum);
}

static bool by_fraction_free(integers a, integers v, integers w, exact_derivatives *result)
{
    const size_t n = a.n;
    const long degree = (long)n - 1;
    integers j = integers_new(n), x = integers_new(n), y = integers_new(n), xj = integers_new(n),
             yj = integers_new(n);
    mpz_t determinant;
    mpz_init(determinant);
    const bool regular = adjugate_of(a, j, determinant);
    if (regular) {
        add_product(j, v, x);
        add_product(j, w, y);
        add_product(x, j, xj);
        add_product(y, j, yj);
        round_transposed(j, degree * a.exponent, result->cofactor);
        first_of(j, x, xj, determinant, (degree - 1) * a.exponent + v.exponent, result->first_v);
        first_of(j, y, yj, determinant, (degree - 1) * a.exponent + w.exponent, result->first_w);
        second_of(j, x, y, xj, yj, determinant, (degree - 2) * a.exponent + v.exponent + w.exponent,
                  result->second);
        set_determinant(determinant, (long)n * a.exponent, result);
        set_log_gradient(j, determinant, -a.exponent, result->log_gradient);
    }
    mpz_clear(determinant);
    integers_free(j), integers_free(x), integers_free(y), integers_free(xj), integers_free(yj);
    return regular;
}

bool exact_differentiate(enum exact_algorithm algorithm, size_t n, const double *a, const double *v,
                         const double *w, exact_derivatives *result)
{
    enum { RECURRENCE_FASTER = 6 };
    integers x = from_doubles(n, a), y = from_doubles(n, v), z = from_doubles(n, w);
    bool done = false;
    if (algorithm == EXACT_FRACTION_FREE || (algorithm == EXACT_FASTEST && n > RECURRENCE_FASTER))
        done = by_fraction_free(x, y, z, result);
    if (!done && algorithm != EXACT_FRACTION_FREE) {
        by_faddeev_leverrier(x, y, z, result);
        done = true;
    }
    integers_free(x), integers_free(y), integers_free(z);
    return done;
}
