/* Products of all diagonal elements but one or two, without a division:
 *     before_i = prod_{l < i} d_l ;  after_j = prod_{l >= j} d_l ;
 *     prod_{l != i} d_l = before_i after_{i+1} ;
 *     prod_{l != i,j} d_l = before_i (prod_{i < l < j} d_l) after_{j+1} .
 * Division by d_i would lose them where d_i is 0 or nearly so.
 */
#include "ops/determinant/private.h"

scaled product_of_all(size_t n, const scaled *d)
{
    scaled product = scaled_one();
    for (size_t i = 0; i < n; i++) product = scaled_multiply(product, d[i]);
    return product;
}

static bool smaller(scaled x, scaled y)
{
    if (x.mantissa == 0 || y.mantissa == 0) return x.mantissa == 0 && y.mantissa != 0;
    if (x.exponent != y.exponent) return x.exponent < y.exponent;
    return fabs(x.mantissa) < fabs(y.mantissa);
}

/* The largest product leaves out the smallest of the d. */
int64_t largest_product_exponent(size_t n, const scaled *d, size_t count)
{
    size_t smallest[3];
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        size_t place = found < count ? found++ : count;
        while (place > 0 && smaller(d[i], d[smallest[place - 1]])) {
            if (place < count) smallest[place] = smallest[place - 1];
            place--;
        }
        if (place < count) smallest[place] = i;
    }
    scaled product = scaled_one();
    for (size_t i = 0; i < n; i++) {
        bool left_out = false;
        for (size_t k = 0; k < found; k++) left_out = left_out || smallest[k] == i;
        if (!left_out) product = scaled_multiply(product, d[i]);
    }
    return product.mantissa == 0 ? 0 : product.exponent;
}

static void products_from(size_t n, const scaled *d, scaled *after)
{
    after[n] = scaled_one();
    for (size_t i = n; i > 0; i--) after[i - 1] = scaled_multiply(d[i - 1], after[i]);
}

int64_t products_without_one(size_t n, const scaled *d, double *products, scaled *work)
{
    scaled before = scaled_one();
    int64_t exponent = INT64_MIN;
    products_from(n, d, work);
    for (size_t i = 0; i < n; i++) {
        work[i] = scaled_multiply(before, work[i + 1]);
        if (work[i].mantissa != 0 && work[i].exponent > exponent) exponent = work[i].exponent;
        before = scaled_multiply(before, d[i]);
    }
    if (exponent == INT64_MIN) exponent = 0;
    for (size_t i = 0; i < n; i++)
        products[i] = scale_by_power(work[i].mantissa, work[i].exponent - exponent);
    return exponent;
}

void products_without_two(size_t n, const scaled *d, int64_t exponent, double *products,
                          scaled *work)
{
    scaled before = scaled_one();
    products_from(n, d, work);
    for (size_t i = 0; i < n; i++) {
        scaled but_i = before;
        products[i * n + i] = 0;
        for (size_t j = i + 1; j < n; j++) {
            const scaled product = scaled_multiply(but_i, work[j + 1]);
            products[i * n + j] = products[j * n + i] =
                scale_by_power(product.mantissa, product.exponent - exponent);
            but_i = scaled_multiply(but_i, d[j]);
        }
        before = scaled_multiply(before, d[i]);
    }
}
