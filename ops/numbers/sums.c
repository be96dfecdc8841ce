/* Sums: sum x_i, sum x_i y_i, sqrt(sum x_i^2), by pairwise summation (Higham 2002, section 4.2):
 * blocks of up to 128 terms in eight partial sums, the blocks added in a balanced tree. Error at
 * most (19 + log2(n / 128)) eps/2 sum |terms|.
 */
#include "ops/numbers/vectors.h"

#include <math.h>

enum { BLOCK = 128 };

static double block_sum(size_t n, const double *x)
{
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    size_t i = 0;
    for (; i + 7 < n; i += 8) {
        s0 += x[i], s1 += x[i + 1], s2 += x[i + 2], s3 += x[i + 3];
        s4 += x[i + 4], s5 += x[i + 5], s6 += x[i + 6], s7 += x[i + 7];
    }
    for (; i + 1 < n; i += 2) s0 += x[i], s1 += x[i + 1];
    if (i < n) s2 += x[i];
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
}

static double block_dot(size_t n, const double *x, const double *y)
{
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    size_t i = 0;
    for (; i + 7 < n; i += 8) {
        s0 += x[i] * y[i], s1 += x[i + 1] * y[i + 1];
        s2 += x[i + 2] * y[i + 2], s3 += x[i + 3] * y[i + 3];
        s4 += x[i + 4] * y[i + 4], s5 += x[i + 5] * y[i + 5];
        s6 += x[i + 6] * y[i + 6], s7 += x[i + 7] * y[i + 7];
    }
    for (; i + 1 < n; i += 2) s0 += x[i] * y[i], s1 += x[i + 1] * y[i + 1];
    if (i < n) s2 += x[i] * y[i];
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
}

/* About half of n, in whole blocks. */
static size_t split(size_t n)
{
    return (n / BLOCK + 1) / 2 * BLOCK;
}

static double sum(size_t n, const double *x)
{
    if (n <= BLOCK) return block_sum(n, x);
    const size_t half = split(n);
    return sum(half, x) + sum(n - half, x + half);
}

static double dot(size_t n, const double *x, const double *y)
{
    if (n <= BLOCK) return block_dot(n, x, y);
    const size_t half = split(n);
    return dot(half, x, y) + dot(n - half, x + half, y + half);
}

static double sum_of_squares(size_t n, const double *x, double scale)
{
    if (n > BLOCK) {
        const size_t half = split(n);
        return sum_of_squares(half, x, scale) + sum_of_squares(n - half, x + half, scale);
    }
    double s[4] = {0, 0, 0, 0};
    for (size_t i = 0; i < n; i++) s[i % 4] += (scale * x[i]) * (scale * x[i]);
    return (s[0] + s[1]) + (s[2] + s[3]);
}

/* Largest |x_i|, or NaN if any is NaN. */
static double largest_magnitude(size_t n, const double *x)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (!(fabs(x[i]) <= largest)) {
            largest = fabs(x[i]);
            if (isnan(largest)) break;
        }
    return largest;
}

/* Compensated (Higham 2002, section 4.3): *sum + term, and what its rounding adds. */
static void add_compensated(double *sum_so_far, double *error, double term)
{
    const double corrected = term - *error, next = *sum_so_far + corrected;
    *error = (next - *sum_so_far) - corrected;
    *sum_so_far = next;
}

/* Where a term is not finite, the others have no say: their partial sums may overflow to the Inf
 * of the other sign. Partial sums of finite terms that overflow, or Inf - Inf of them, say nothing
 * about the sum: the terms are added again by a power of two smaller. */
static double sum_of_nonfinite(size_t n, const double *x)
{
    double s = 0;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) s += x[i];
    return s;
}

double kernel_scaled_sum(size_t n, const double *x, int *exponent)
{
    const double s = sum(n, x);
    *exponent = 0;
    if (isfinite(s)) return s;
    if (!isfinite(largest_magnitude(n, x))) return sum_of_nonfinite(n, x);
    const double scale = 0x1p-70; /* more terms than 2^64 there are not */
    double scaled = 0, error = 0;
    for (size_t i = 0; i < n; i++) add_compensated(&scaled, &error, scale * x[i]);
    *exponent = 70;
    return scaled;
}

double kernel_sum(size_t n, const double *x)
{
    int exponent;
    const double s = kernel_scaled_sum(n, x, &exponent);
    return exponent ? ldexp(s, exponent) : s;
}

/* The sums from number `from` on by a power of two smaller. */
static void cumsum_again(bool from_last, const double *x, size_t first, size_t step, size_t count,
                         size_t from, double *y)
{
    const double scale = 0x1p-70; /* as in kernel_scaled_sum */
    double scaled = 0, error = 0, special = 0;
    bool finite = true;
    for (size_t i = 0; i < count; i++) {
        const size_t at = first + (from_last ? count - 1 - i : i) * step;
        if (isfinite(x[at])) add_compensated(&scaled, &error, scale * x[at]);
        else special += x[at];
        finite = finite && isfinite(x[at]);
        if (i >= from) y[at] = finite ? ldexp(scaled, 70) : special;
    }
}

void kernel_cumsum(bool from_last, const double *x, size_t first, size_t step, size_t count,
                   double *y)
{
    double sum_so_far = 0, error = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t at = first + (from_last ? count - 1 - i : i) * step;
        add_compensated(&sum_so_far, &error, x[at]);
        if (!isfinite(sum_so_far)) {
            cumsum_again(from_last, x, first, step, count, i, y);
            return;
        }
        y[at] = sum_so_far;
    }
}

/* A term is not finite where one of its factors is not; 0 Inf is NaN. */
static double dot_of_nonfinite(size_t n, const double *x, const double *y)
{
    double s = 0;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]) || !isfinite(y[i])) s += x[i] * y[i];
    return s;
}

/* Where the factors are finite and the sum overflows, x is scaled so that its largest element is
 * about 2^480, and y about 2^470: 2^64 products stay finite, and what underflows is far below
 * the rounding of those that overflowed. Neither power of two leaves the range: a largest factor
 * below 2^-64 would need a partner above 2^1024. */
double kernel_dot(size_t n, const double *x, const double *y)
{
    const double s = dot(n, x, y);
    if (isfinite(s)) return s;
    const double x_largest = largest_magnitude(n, x), y_largest = largest_magnitude(n, y);
    if (!isfinite(x_largest) || !isfinite(y_largest)) return dot_of_nonfinite(n, x, y);
    int x_exponent, y_exponent;
    (void)frexp(x_largest, &x_exponent);
    (void)frexp(y_largest, &y_exponent);
    x_exponent -= 480;
    y_exponent -= 470;
    const double x_scale = ldexp(1, -x_exponent), y_scale = ldexp(1, -y_exponent);
    double scaled = 0, error = 0;
    for (size_t i = 0; i < n; i++)
        add_compensated(&scaled, &error, (x_scale * x[i]) * (y_scale * y[i]));
    return ldexp(scaled, x_exponent + y_exponent);
}

double kernel_norm2(size_t n, const double *x)
{
    /* A square below 2^-1022 loses up to 2^-1075: nothing beside a sum above 2^-900. */
    const double squares = dot(n, x, x);
    if (squares > 0x1p-900 && squares <= 0x1p1023) return sqrt(squares);
    const double largest = largest_magnitude(n, x);
    if (largest == 0 || !isfinite(largest)) return largest;
    /* The largest term scaled to about 2^400: the sum stays finite for every n, and what
     * underflows is far below the rounding. A scale above 2^1023 is not needed by that. */
    int exponent;
    (void)frexp(largest, &exponent);
    exponent = 400 - exponent > 1000 ? 1000 : 400 - exponent;
    return ldexp(sqrt(sum_of_squares(n, x, ldexp(1, exponent))), -exponent);
}
