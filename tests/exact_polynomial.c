/* SPDX-License-Identifier: MIT */
#include "tests/exact_polynomial.h"

#include <math.h>
#include <stdlib.h>

/* The power of two that makes x an integer, at least the one given. */
static long integer_exponent(double x, long at_least)
{
    int exponent;
    if (x == 0) return at_least;
    (void)frexp(x, &exponent);
    const long needed = 53 - exponent;
    return needed > at_least ? needed : at_least;
}

/* z <- x 2^exponent, an integer. */
static void set_scaled(mpz_t z, double x, long exponent)
{
    int own;
    mpz_set_d(z, ldexp(frexp(x, &own), 53));
    const long shift = own - 53 + exponent;
    if (shift >= 0) mpz_mul_2exp(z, z, (mp_bitcnt_t)shift);
    else mpz_tdiv_q_2exp(z, z, (mp_bitcnt_t)-shift);
}

/* next <- A previous + c I; a, previous, next: n x n. */
static void recurrence_step(size_t n, mpz_t *a, mpz_t *previous, mpz_t c, mpz_t *next)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            mpz_t *sum = &next[i * n + j];
            mpz_set_ui(*sum, 0);
            if (i == j) mpz_set(*sum, c);
            for (size_t l = 0; l < n; l++) mpz_addmul(*sum, a[i * n + l], previous[l * n + j]);
        }
}

/* M_0 = 0, c_n = 1; M_k = A M_{k-1} + c_{n-k+1} I, c_{n-k} = -tr(A M_k) / k. */
exact_polynomial exact_polynomial_of(size_t n, const double *values)
{
    exact_polynomial p = {n, malloc((n + 1) * sizeof *p.coefficient), -2000};
    mpz_t *work = malloc(3 * n * n * sizeof *work), *a = work, *m = a + n * n, *next = m + n * n;
    if (!work || !p.coefficient) abort();
    for (size_t i = 0; i < 3 * n * n; i++) mpz_init(work[i]);
    for (size_t i = 0; i < n * n; i++) p.exponent = integer_exponent(values[i], p.exponent);
    for (size_t i = 0; i < n * n; i++) set_scaled(a[i], values[i], p.exponent);
    for (size_t k = 0; k <= n; k++) mpz_init(p.coefficient[k]);
    mpz_set_ui(p.coefficient[n], 1);
    for (size_t k = 1; k <= n; k++) {
        recurrence_step(n, a, m, p.coefficient[n - k + 1], next);
        mpz_t *swapped = m;
        m = next;
        next = swapped;
        mpz_t *c = &p.coefficient[n - k];
        for (size_t i = 0; i < n; i++)
            for (size_t l = 0; l < n; l++) mpz_submul(*c, a[i * n + l], m[l * n + i]);
        mpz_divexact_ui(*c, *c, k);
    }
    for (size_t i = 0; i < 3 * n * n; i++) mpz_clear(work[i]);
    free(work);
    return p;
}

void exact_polynomial_clear(exact_polynomial *p)
{
    for (size_t k = 0; k <= p->n; k++) mpz_clear(p->coefficient[k]);
    free(p->coefficient);
}

/* value 2^-exponent <- the k-th derivative at x, exactly. */
static void derivative_at(const exact_polynomial *p, size_t k, double x, mpz_t value,
                          long *exponent)
{
    const long fine = integer_exponent(x, p->exponent);
    mpz_t integer, term;
    mpz_inits(integer, term, NULL);
    set_scaled(integer, x, fine);
    mpz_set_ui(value, 0);
    for (size_t j = p->n + 1; j-- > k;) { /* Horner, with j! / (j - k)! */
        mpz_mul(value, value, integer);
        mpz_mul_2exp(term, p->coefficient[j],
                     (mp_bitcnt_t)((fine - p->exponent) * (long)(p->n - j)));
        for (size_t f = 0; f < k; f++) mpz_mul_ui(term, term, j - f);
        mpz_add(value, value, term);
    }
    *exponent = fine * ((long)p->n - (long)k);
    mpz_clears(integer, term, NULL);
}

double exact_polynomial_log_error(const exact_polynomial *p, size_t k, double x, double computed)
{
    mpz_t exact, other;
    long exponent;
    mpz_inits(exact, other, NULL);
    derivative_at(p, k, x, exact, &exponent);
    const long fine = integer_exponent(computed, exponent);
    mpz_mul_2exp(exact, exact, (mp_bitcnt_t)(fine - exponent));
    set_scaled(other, computed, fine);
    mpz_sub(exact, exact, other);
    long size;
    const double mantissa = mpz_get_d_2exp(&size, exact);
    mpz_clears(exact, other, NULL);
    return mantissa == 0 ? -INFINITY : log2(fabs(mantissa)) + (double)(size - fine);
}
