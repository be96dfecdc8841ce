/* Determinants up to 3 x 3 by minors: exact for integers as long as the products are, and
 *     cof [a b; c d] = [d -c; -b a]
 * exact always. Of order 3 each cofactor is one 2 x 2 minor, each entry of a derivative the sum of
 * two, and each minor is computed to the last place or two (Kahan's difference of products with
 * fused multiply-add; Jeannerod, Louvet & Muller 2013).
 */
#include "ops/kernels/determinant_private.h"

/* Spans within which no product of entries, and of entries and a direction's, underflows. */
enum { CLOSED_SPAN = 300 };

bool closed_value_serves(const determinant_range *range)
{
    return range->n <= 1 || (range->n <= 3 && range->common && range->span <= CLOSED_SPAN);
}

bool closed_cofactors_serve(const determinant_range *range)
{
    return range->n <= 2 || closed_value_serves(range);
}

/* a d - b c */
static double minor_of(double a, double b, double c, double d)
{
    const double product = b * c;
    const double error = fma(-b, c, product);
    return fma(a, d, -product) + error;
}

double closed_determinant(size_t n, const double *a)
{
    if (n == 0) return 1;
    if (n == 1) return a[0];
    if (n == 2) return minor_of(a[0], a[1], a[2], a[3]);
    double t[9];
    closed_cofactor(3, a, t);
    return a[0] * t[0] + a[1] * t[1] + a[2] * t[2];
}

static void cofactor_of_order_2(const double *a, double *t)
{
    t[0] = a[3];
    t[1] = -a[2];
    t[2] = -a[1];
    t[3] = a[0];
}

/* The minor without row i and column j, rows and columns in cyclic order: no sign is needed. */
static double cyclic_minor(const double *x, const double *y, size_t i, size_t j)
{
    const size_t above = (i + 1) % 3 * 3, below = (i + 2) % 3 * 3;
    const size_t left = (j + 1) % 3, right = (j + 2) % 3;
    return minor_of(x[above + left], x[above + right], y[below + left], y[below + right]);
}

void closed_cofactor(size_t n, const double *a, double *t)
{
    if (n == 1) t[0] = 1;
    if (n == 2) cofactor_of_order_2(a, t);
    if (n != 3) return;
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) t[3 * i + j] = cyclic_minor(a, a, i, j);
}

void closed_polar_cofactor(size_t n, const double *x, const double *y, double *t)
{
    if (n == 2) cofactor_of_order_2(y, t);
    if (n != 3) return;
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            t[3 * i + j] = cyclic_minor(x, y, i, j) + cyclic_minor(y, x, i, j);
}
