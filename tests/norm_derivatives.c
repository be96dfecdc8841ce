/* With u = x / s, s = ||x||:
 *
 *     d_i s = u_i,  d_ij s = (delta_ij - u_i u_j) / s,
 *     d_ijk s = (3 u_i u_j u_k - delta_ij u_k - delta_ik u_j - delta_jk u_i) / s^2
 */
#include "tests/norm_derivatives.h"
#include "tests/tape_checks.h"

#include <check.h>
#include <math.h>

enum { MOST = 256 };

static long double delta(size_t i, size_t j)
{
    return i == j;
}

static long double norm(size_t n, const long double *x)
{
    long double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += x[i] * x[i];
    return sqrtl(squares);
}

long double norm_derivative(size_t n, const long double *x, size_t order, const size_t *at)
{
    long double s = norm(n, x), u[3];
    for (size_t a = 0; a < order; a++)
        u[a] = x[at[a]] / s;
    if (order == 0) return s;
    if (order == 1) return u[0];
    if (order == 2) return (delta(at[0], at[1]) - u[0] * u[1]) / s;
    return (3 * u[0] * u[1] * u[2] - delta(at[0], at[1]) * u[2] - delta(at[0], at[2]) * u[1] -
            delta(at[1], at[2]) * u[0]) / (s * s);
}

size_t power(size_t n, size_t order)
{
    return order ? n * power(n, order - 1) : 1;
}

void digits(size_t place, size_t n, size_t order, size_t *at)
{
    for (size_t a = order; a-- > 0; place /= n)
        at[a] = place % n;
}

void fill_derivatives(ad_var x, derivative_function *reference, size_t order, double *expected)
{
    size_t n = ad_rows(x) * ad_cols(x), at[3];
    long double exact[MOST];
    ck_assert(order <= 3 && power(n, order) <= MOST);
    for (size_t i = 0; i < n; i++)
        exact[i] = ad_values(x)[i];
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
