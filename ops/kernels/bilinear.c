/* x^T A y term by term: the way through A y loses the sum where an element of A y overflows that
 * x makes small again, as 0 (1e200 1e200) does.
 */
#include "ops/kernels/determinant_scaled.h"
#include "ops/kernels/kernels.h"

/* mantissa 2^exponent of a product: Inf and NaN are mantissas of their own. */
static scaled term(double x, double a, double y)
{
    return scaled_multiply(scaled_multiply(scaled_from(x), scaled_from(a)), scaled_from(y));
}

double kernel_bilinear(size_t m, size_t n, const double *x, const double *a, const double *y)
{
    scaled sum = {0, 0};
    double nonfinite = 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            const scaled product = term(x[i], a[i * n + j], y[j]);
            if (isfinite(product.mantissa)) sum = scaled_add(sum, product);
            else nonfinite += product.mantissa;
        }
    return nonfinite == 0 ? scale_by_power(sum.mantissa, sum.exponent) : nonfinite;
}
