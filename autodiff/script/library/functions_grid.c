/* SPDX-License-Identifier: MIT */
/* Functions that make sequences, grids and squares, and join matrices. */
#include "autodiff/script/library/functions.h"

#include <math.h>

#define PI 3.14159265358979323846

/* ---- linspace, logspace, meshgrid ---- */

static bool give_spaced(function_call *call, ad_var row, bool logarithmic)
{
    return give_tape(call, logarithmic ? ad_pow(ad_number(row.tape, 10), row) : row);
}

/* linspace, logspace. The first half counts from a up, the second from b down, so that both ends are exact. */
bool call_linspace(function_call *call)
{
    ad_var a = call->arguments[0].var, b = call->arguments[1].var, up, down;
    const bool logarithmic = call->function->parameter == 50;
    size_t count =
        (size_t)(call->count == 3 ? call->arguments[2].u.number : call->function->parameter);
    if (ad_rows(a) * ad_cols(a) != 1 || ad_rows(b) * ad_cols(b) != 1)
        return fail(call->in, "%s: %zux%zu and %zux%zu: the ends are numbers", call->function->name,
                    ad_rows(a), ad_cols(a), ad_rows(b), ad_cols(b));
    if (logarithmic && ad_value(b) == PI) b = ad_log10(b); /* Octave's logspace(a, pi) ends at pi */
    count = count ? count : 1;
    if (count == 1) return give_spaced(call, ad_scale(b, 1.0), logarithmic);
    double intervals = (double)(count - 1);
    ad_var delta = ad_div(ad_sub(b, a), ad_constant(call->in->tape, 1, 1, &intervals));
    size_t first = (count + 1) / 2;
    if (!counting_row(call->in, first, false, &up) ||
        !counting_row(call->in, count - first, true, &down))
        return false;
    const ad_var row = ad_hcat(ad_add(a, ad_mul(up, delta)), ad_sub(b, ad_mul(down, delta)));
    return give_spaced(call, row, logarithmic);
}

/* [X, Y]: x in every row, y in every column; y is x if it is not given. */
bool call_meshgrid(function_call *call)
{
    const ad_var x = call->arguments[0].var, y = call->arguments[call->count - 1].var;
    if (!is_vector(x) || !is_vector(y))
        return fail(call->in, "meshgrid: %zux%zu and %zux%zu: both must be vectors", ad_rows(x),
                    ad_cols(x), ad_rows(y), ad_cols(y));
    const size_t m = ad_rows(y) * ad_cols(y), n = ad_rows(x) * ad_cols(x);
    return give_tape(call, ad_broadcast(ad_reshape(x, 1, n), m, n)) &&
           (call->wanted < 2 || give_tape(call, ad_broadcast(ad_reshape(y, m, 1), m, n)));
}

/* ---- Concatenation ---- */

/* horzcat, vertcat */
bool call_concatenate(function_call *call)
{
    script_value value;
    return join_values(call->in, call->function->name, call->function->parameter != 0,
                       call->arguments, call->count, &value) &&
           give(call, value);
}

bool call_cat(function_call *call)
{
    script_value value;
    return join_values(call->in, "cat", call->arguments[0].u.number == 1, call->arguments + 1,
                       call->count - 1, &value) &&
           give(call, value);
}

/* ---- Integers ---- */

/* The siamese method, the numbers placed one after another, in a corner of a matrix. */
static void fill_odd_square(size_t n, double *square, size_t stride)
{
    for (size_t k = 0; k < n * n; k++) {
        const size_t shift = k / n, col = (k + n + (n - 1) / 2 - shift) % n;
        const size_t row = (n * n - k + 2 * shift) % n;
        square[row * stride + col] = (double)(k + 1);
    }
}

/* n a multiple of 4: rows of numbers, those where the outer or the inner lines cross turned round.
 */
static void fill_doubly_even(size_t n, double *square)
{
    for (size_t at = 0; at < n * n; at++) {
        const bool outer_row = (at / n + 1) % 4 < 2, outer_col = (at % n + 1) % 4 < 2;
        square[at] = (double)(outer_row == outer_col ? n * n - at : at + 1);
    }
}

/* Four odd squares, with elements of the upper and the lower ones exchanged. */
static void fill_singly_even(size_t n, double *square)
{
    const size_t m = n / 2, k = (m - 1) / 2, quarter = m * m;
    fill_odd_square(m, square, n);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < m; j++) {
            double *upper = square + i * n + j, *lower = upper + m * n;
            upper[m] = *upper + (double)(2 * quarter);
            lower[0] = *upper + (double)(3 * quarter);
            lower[m] = *upper + (double)quarter;
        }
        for (size_t j = 0; j < n; j++) {
            double *upper = square + i * n + j, *lower = upper + m * n, number = *upper;
            const bool whole = (j > 0 && j < k) || j + k > n;
            if (!(whole || (j == 0 && i != k) || (j == k && i == k))) continue;
            *upper = *lower;
            *lower = number;
        }
    }
}

bool call_magic(function_call *call)
{
    const size_t n = (size_t)call->arguments[0].u.number;
    double *square = new_numbers(call->in, n, n);
    if (!square) return false;
    if (n % 2) fill_odd_square(n, square, n);
    else if (n % 4 == 0) fill_doubly_even(n, square);
    else fill_singly_even(n, square);
    return give_numbers(call, n, n, square);
}

/* Exchanges each place with a random one of those that follow (Fisher & Yates). */
bool call_randperm(function_call *call)
{
    const size_t n = (size_t)call->arguments[0].u.number;
    const size_t count = call->count > 1 ? (size_t)call->arguments[1].u.number : n;
    if (count > n) return fail(call->in, "randperm: %zu of %zu numbers", count, n);
    double *numbers = new_numbers(call->in, 1, n);
    if (!numbers) return false;
    for (size_t k = 0; k < n; k++) numbers[k] = (double)(k + 1);
    for (size_t k = 0; k < count; k++) {
        const double uniform = generator_uniform(&call->in->generator);
        double *other = numbers + k + (size_t)(uniform * (double)(n - k)), number = *other;
        *other = numbers[k];
        numbers[k] = number;
    }
    return give_numbers(call, 1, count, numbers);
}
