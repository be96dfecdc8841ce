/* SPDX-License-Identifier: MIT */
/* With u = x / s, s = ||x||:
 *
 *     d_i s = u_i,  d_ij s = a_ij / s,  d_ijk s = -(a_ij u_k + a_ik u_j + a_jk u_i) / s^2,
 *     a_ij = delta_ij - u_i u_j, of which a_ii is the sum of the other squares, without
 *     cancellation
 */
#include "tests/norm_derivatives.h"
#include "tests/tape_checks.h"

#include <check.h>
#include <math.h>

enum { MOST = 256 };

static long double norm(size_t n, const long double *x)
{
    long double squares = 0;
    for (size_t i = 0; i < n; i++) squares += x[i] * x[i];
    return sqrtl(squares);
}

/* a_ij above times s^2. */
static long double across(size_t n, const long double *x, size_t i, size_t j)
{
    if (i != j) return -x[i] * x[j];
    long double squares = 0;
    for (size_t l = 0; l < n; l++) squares += l == i ? 0 : x[l] * x[l];
    return squares;
}

long double norm_derivative(size_t n, const long double *x, size_t order, const size_t *at)
{
    const long double s = norm(n, x);
    if (order == 0) return s;
    const size_t i = at[0];
    if (order == 1) return x[i] / s;
    const size_t j = at[1];
    if (order == 2) return across(n, x, i, j) / (s * s) / s;
    const size_t k = at[2];
    return -(across(n, x, i, j) * x[k] + across(n, x, i, k) * x[j] + across(n, x, j, k) * x[i]) /
           (s * s * s) / (s * s);
}

size_t power(size_t n, size_t order)
{
    return order ? n * power(n, order - 1) : 1;
}

void digits(size_t place, size_t n, size_t order, size_t *at)
{
    for (size_t a = order; a-- > 0; place /= n) at[a] = place % n;
}

void fill_derivatives(ad_var x, derivative_function *reference, size_t order, double *expected)
{
    size_t n = ad_rows(x) * ad_cols(x), at[3];
    long double exact[MOST];
    ck_assert(order <= 3 && power(n, order) <= MOST);
    for (size_t i = 0; i < n; i++) exact[i] = ad_values(x)[i];
    for (size_t place = 0; place < power(n, order); place++) {
        digits(place, n, order, at);
        expected[place] = (double)reference(n, exact, order, at);
    }
}

void check_orders(ad_var y, ad_var x, derivative_function *reference, double tolerance)
{
    size_t n = ad_rows(x) * ad_cols(x);
    double expected[MOST];
    ad_var tensor = y;
    for (size_t order = 0; order <= 3; order++) {
        fill_derivatives(x, reference, order, expected);
        check_array("derivatives", ad_values(tensor), power(n, order), expected, tolerance);
        if (order == 1) check_gradient(y, x, expected, tolerance);
        tensor = ad_jacobian(tensor, x);
    }
}
