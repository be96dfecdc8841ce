/* SPDX-License-Identifier: MIT */
/* Sums: sum x_i, sum x_i y_i, sqrt(sum x_i^2), by pairwise summation (Higham 2002, section 4.2):
 * blocks of up to 128 terms in eight partial sums, the blocks added in a balanced tree. Error at
 * most (19 + log2(n / 128)) eps/2 sum |terms|. Up to 20 terms are added one after another, within
 * the same bound: then a short sum has the digits that a loop, BLAS and Octave give it.
 */
#include "ops/numbers/vectors.h"

#include <math.h>

enum { FEW = 20, BLOCK = 128 };

static double block_sum(size_t n, const double *x)
{
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    size_t i = 0;
    if (n <= FEW) {
        for (; i < n; i++) s0 += x[i];
        return s0;
    }
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
    if (n <= FEW) {
        for (; i < n; i++) s0 += x[i] * y[i];
        return s0;
    }
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

/* sum x_i y_i; y NULL stands for ones. Halves are whole blocks. */
static double pairwise(size_t n, const double *x, const double *y)
{
    if (n <= BLOCK) return y ? block_dot(n, x, y) : block_sum(n, x);
    const size_t half = (n / BLOCK + 1) / 2 * BLOCK;
    return pairwise(half, x, y) + pairwise(n - half, x + half, y ? y + half : NULL);
}

double kernel_largest_magnitude(size_t n, const double *x)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (!(fabs(x[i]) <= largest)) {
            largest = fabs(x[i]);
            if (isnan(largest)) break;
        }
    return largest;
}

int kernel_largest_exponent(size_t n, const double *x)
{
    const double largest = kernel_largest_magnitude(n, x);
    int exponent = 0;
    if (isfinite(largest)) (void)frexp(largest, &exponent);
    return exponent;
}

int kernel_scale_to_one(size_t n, double *x)
{
    const int exponent = kernel_largest_exponent(n, x);
    const double half = ldexp(1, -exponent / 2), rest = ldexp(1, -(exponent - exponent / 2));
    for (size_t i = 0; i < n; i++) x[i] = x[i] * half * rest;
    return exponent;
}

/* Compensated (Higham 2002, section 4.3): *sum + term, and what its rounding adds. */
static void add_compensated(double *sum_so_far, double *error, double term)
{
    const double corrected = term - *error, next = *sum_so_far + corrected;
    *error = (next - *sum_so_far) - corrected;
    *sum_so_far = next;
}

/* sum (x_scale x_i) (y_scale y_i) */
static double compensated(size_t n, const double *x, double x_scale, const double *y,
                          double y_scale)
{
    double sum = 0, error = 0;
    for (size_t i = 0; i < n; i++)
        add_compensated(&sum, &error, x_scale * x[i] * (y ? y_scale * y[i] : 1));
    return sum;
}

/* Where a term is not finite, as one of its factors is not, the others have no say: their partial
 * sums may overflow to the Inf of the other sign. 0 Inf is NaN. */
static double sum_of_nonfinite(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]) || (y && !isfinite(y[i]))) sum += y ? x[i] * y[i] : x[i];
    return sum;
}

/* The sum is the result times 2^*exponent. Partial sums of finite terms that overflow, or Inf - Inf
 * of them, say nothing about the sum. It is found again with the largest term at about 2^950, so
 * that 2^64 of them stay finite, and what underflows is far below the rounding of the others: the
 * largest x_i at 2^480, the largest y_i at 2^470. Neither power of two leaves the range, since a
 * largest factor below 2^-64 would need a partner above 2^1024. */
static double sum_again(size_t n, const double *x, const double *y, int *exponent)
{
    *exponent = 0;
    if (!isfinite(kernel_largest_magnitude(n, x)) ||
        (y && !isfinite(kernel_largest_magnitude(n, y))))
        return sum_of_nonfinite(n, x, y);
    const int x_exponent = kernel_largest_exponent(n, x) - (y ? 480 : 950);
    const int y_exponent = y ? kernel_largest_exponent(n, y) - 470 : 0;
    *exponent = x_exponent + y_exponent;
    return compensated(n, x, ldexp(1, -x_exponent), y, ldexp(1, -y_exponent));
}

double kernel_scaled_sum(size_t n, const double *x, int *exponent)
{
    const double sum = pairwise(n, x, NULL);
    *exponent = 0;
    return isfinite(sum) ? sum : sum_again(n, x, NULL, exponent);
}

double kernel_sum(size_t n, const double *x)
{
    int exponent;
    const double sum = kernel_scaled_sum(n, x, &exponent);
    return exponent ? ldexp(sum, exponent) : sum;
}

double kernel_dot(size_t n, const double *x, const double *y)
{
    const double sum = pairwise(n, x, y);
    if (isfinite(sum)) return sum;
    int exponent;
    const double again = sum_again(n, x, y, &exponent);
    return ldexp(again, exponent);
}

/* Finds the sums from number `from` on. Stops at the first that is not finite and returns its
 * number; or, scaled down, finds them all. */
static size_t running_sums(bool down, bool from_last, const double *x, size_t first, size_t step,
                           size_t count, size_t from, double *y)
{
    const double scale = down ? 0x1p-70 : 1, back = 1 / scale; /* 2^64 terms there are not */
    double sum = 0, error = 0, nonfinite = 0;
    bool finite = true;
    for (size_t i = 0; i < count; i++) {
        const size_t at = first + (from_last ? count - 1 - i : i) * step;
        if (isfinite(x[at])) add_compensated(&sum, &error, scale * x[at]);
        else finite = false, nonfinite += x[at];
        if (!down && !(finite && isfinite(sum))) return i;
        if (i >= from) y[at] = finite ? back * sum : nonfinite;
    }
    return count;
}

void kernel_cumsum(bool from_last, const double *x, size_t first, size_t step, size_t count,
                   double *y)
{
    const size_t found = running_sums(false, from_last, x, first, step, count, 0, y);
    if (found < count) (void)running_sums(true, from_last, x, first, step, count, found, y);
}

double kernel_norm2(size_t n, const double *x)
{
    /* A square below 2^-1022 loses up to 2^-1075: nothing beside a sum above 2^-900. */
    const double squares = pairwise(n, x, x);
    if (squares > 0x1p-900 && squares <= 0x1p1023) return sqrt(squares);
    const double largest = kernel_largest_magnitude(n, x);
    if (largest == 0 || !isfinite(largest)) return largest;
    /* The largest term scaled to about 2^400: the sum stays finite for every n, and what
     * underflows is far below the rounding. A scale above 2^1023 is not needed by that. */
    const int wanted = 400 - kernel_largest_exponent(n, x),
              exponent = wanted < 1000 ? wanted : 1000;
    const double scale = ldexp(1, exponent);
    return ldexp(sqrt(compensated(n, x, scale, x, scale)), -exponent);
}
