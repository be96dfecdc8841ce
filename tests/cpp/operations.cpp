// SPDX-License-Identifier: MIT
/* Every operator and function against the C function it stands for. */
#include "check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

static size_t nodes(ad_tape *tape)
{
    return ad_tape_statistics(tape).nodes;
}

/* ---- Operators ---- */

#define CHECK_OPERATOR(op, function)                                                               \
    do {                                                                                           \
        CHECK(same(x op y, function(x, y), x));                                                    \
        CHECK(same(x op y, function(x, y), y));                                                    \
        CHECK(same(x op c, function(x, ad_number(tape, c)), x));                                   \
        CHECK(same(c op x, function(ad_number(tape, c), x), x));                                   \
        CHECK(same(x op 3, function(x, ad_number(tape, 3)), x));                                   \
        CHECK(same(3 op x, function(ad_number(tape, 3), x), x));                                   \
        CHECK(same(x op 3u, function(x, ad_number(tape, 3)), x));                                  \
        CHECK(same(1.5f op x, function(ad_number(tape, 1.5), x), x));                              \
        ad::var z = x;                                                                             \
        CHECK(same((z op## = y), function(x, y), x));                                              \
        CHECK(same(z op## = c, function(function(x, y), ad_number(tape, c)), x));                  \
        CHECK(same(z op## = 2,                                                                     \
                   function(function(function(x, y), ad_number(tape, c)), ad_number(tape, 2)),     \
                   x));                                                                            \
    } while (false)

static void check_arithmetic(ad::tape &tape, ad::var x, ad::var y, double c)
{
    CHECK_OPERATOR(+, ad_add);
    CHECK_OPERATOR(-, ad_sub);
    CHECK_OPERATOR(*, ad_mul);
    CHECK_OPERATOR(/, ad_div);
    CHECK(same(-x, ad_neg(x), x));
    CHECK(same(+x, x, x));
}

/* One node each where the number is known. */
static void check_cost(ad::tape &tape, ad::var x)
{
    tape.number(7);
    const size_t before = nodes(tape);
    x + 7, 7 + x, x - 7, 7 - x, x * 7, 7 * x, x / 7, 7 / x;
    CHECK(nodes(tape) == before + 8);
}

void check_operators()
{
    const double inf = std::numeric_limits<double>::infinity();
    const double numbers[] = {0, -0.0, 1, -2.5, 0.1, 3e300, 5e-324, inf, -inf};
    ad::tape tape;
    for (double a : numbers)
        for (double c : numbers) {
            check_arithmetic(tape, tape.scalar(a), tape.scalar(c), c);
            tape.reset();
        }
    check_arithmetic(tape, tape.input(2, 2, {1, 2, 3, 4}), tape.input(1, 2, {5, 6}), 7);
    check_cost(tape, tape.input({1, 2}));

    ad::var x = tape.scalar(2), y = tape.scalar(3), nan = ad::log(tape.scalar(-1));
    CHECK(x < y && x < 3 && 1 < x && !(y < x) && !(x < x) && !(x < 2) && !(2 < x));
    CHECK(x <= y && x <= 2 && 2 <= x && x <= x && !(y <= x) && !(x <= 1) && !(3 <= x));
    CHECK(y > x && x > 1 && 3 > x && !(x > y) && !(x > x) && !(x > 2) && !(2 > x));
    CHECK(y >= x && x >= 2 && 2 >= x && x >= x && !(x >= y) && !(x >= 3) && !(1 >= x));
    CHECK(x == x && x == 2 && 2 == x && !(x == y) && !(x == 3) && !(3 == x));
    CHECK(x != y && x != 3 && 3 != x && !(x != x) && !(x != 2) && !(2 != x));
    CHECK(!(nan < x) && !(nan == nan) && nan != nan && !(nan >= 0.5));
    CHECK(tape.status() == AD_OK);
}

/* ---- Functions: one.def and two.def list those of operations.h ---- */

typedef ad_var of_one(ad_var);
typedef ad_var of_two(ad_var, ad_var);

static void check_one(const char *name, of_one *wrapped, of_one *function)
{
    ad::tape tape;
    ad::var x = tape.input(2, 2, {0.5, 0.125, 0.25, 0.75});
    ad::var y = function(x);
    if (!ad::ok(y)) { /* not of matrices: of vectors */
        tape.clear_error();
        x = tape.input({0.5, 0.25});
        y = function(x);
    }
    const int before = failures;
    CHECK(same(wrapped(x), y, x));
    if (failures != before) std::printf("%s: %s\n", name, tape.message());
}

static void check_two(const char *name, of_two *wrapped, of_two *function)
{
    ad::tape tape;
    ad::var x = tape.input(2, 2, {0.5, 0.125, 0.25, 0.75});
    ad::var y = tape.input(2, 2, {0.25, 0.5, 1.5, 0.125});
    if (!ad::ok(function(x, y))) { /* one number */
        tape.clear_error();
        y = tape.scalar(2);
    }
    if (!ad::ok(function(x, y))) { /* vectors */
        tape.clear_error();
        x = tape.input({0.5, 0.25}), y = tape.input({0.125, 0.75});
    }
    const int before = failures;
    CHECK(same(wrapped(x, y), function(x, y), x));
    CHECK(same(wrapped(x, y), function(x, y), y));
    if (failures != before) std::printf("%s: %s\n", name, tape.message());
}

#define CHECK_MIXED(name)                                                                          \
    do {                                                                                           \
        CHECK(same(ad::name(x, 0.5), ad_##name(x, ad_number(tape, 0.5)), x));                      \
        CHECK(same(ad::name(0.5, x), ad_##name(ad_number(tape, 0.5), x), x));                      \
        CHECK(same(ad::name(x, 2), ad_##name(x, ad_number(tape, 2)), x));                          \
        CHECK(same(ad::name(2, x), ad_##name(ad_number(tape, 2), x), x));                          \
    } while (false)

static void check_numbers(ad::tape &tape, ad::var x)
{
    CHECK_MIXED(max);
    CHECK_MIXED(min);
    CHECK_MIXED(atan2);
    CHECK_MIXED(hypot);
    CHECK_MIXED(direction);
    CHECK_MIXED(xlogy);
    CHECK_MIXED(mod);
    CHECK_MIXED(compare);
    CHECK_MIXED(less);
    CHECK_MIXED(equal);
    CHECK(same(ad::pow(x, 2), ad_powi(x, 2), x));
    CHECK(same(ad::pow(x, -3), ad_powi(x, -3), x));
    CHECK(same(ad::pow(x, 0.5), ad_pow_to(x, 0.5), x));
    CHECK(same(ad::pow(2, x), ad_pow(ad_number(tape, 2), x), x));
    CHECK(same(ad::pow(0.5, x), ad_pow(ad_number(tape, 0.5), x), x));
    CHECK(same(ad::fabs(x), ad_abs(x), x));
    CHECK(same(ad::tgamma(x), ad_gamma(x), x));
    CHECK(same(ad::polygamma(x, 1), ad_polygamma(x, 1), x));

    ad::var c = ad::less(x, 0.3), y = ad::exp(x);
    ad::var one = tape.number(1), two = tape.number(2);
    CHECK(same(ad::where(c, x, y), ad_where(c, x, y), x));
    CHECK(same(ad::where(c, x, 2), ad_where(c, x, two), x));
    CHECK(same(ad::where(c, 1, y), ad_where(c, one, y), x));
    CHECK(same(ad::where(c, 1, 2), ad_where(c, one, two), x));
}

static void check_shapes(ad::tape &tape, ad::var A)
{
    const size_t at[] = {3, 0};
    const std::vector<size_t> places(at, at + 2);
    const ad_var both[] = {A, A * 2};
    ad::var x = tape.input({3, 4});
    CHECK(same(ad::reshape(A, 1, 4), ad_reshape(A, 1, 4), A));
    CHECK(same(ad::broadcast(x, 2, 3), ad_broadcast(x, 2, 3), x));
    CHECK(same(ad::block(A, 1, 0, 1, 2), ad_block(A, 1, 0, 1, 2), A));
    CHECK(same(ad::gather(A, {3, 0}), ad_gather(A, at, 2, 1), A));
    CHECK(same(ad::gather(A, places), ad_gather(A, at, 2, 1), A));
    CHECK(same(ad::gather(A, {3, 0}, 1, 2), ad_gather(A, at, 1, 2), A));
    CHECK(same(ad::gather(A, {at, 2}, 1, 2), ad_gather(A, at, 1, 2), A));
    CHECK(same(ad::scatter(x, {3, 0}, 2, 2), ad_scatter(x, at, 2, 2), x));
    CHECK(same(ad::hcat({both[0], both[1]}), ad_hcat_all(both, 2), A));
    CHECK(same(ad::vcat({both[0], both[1]}), ad_vcat_all(both, 2), A));
    CHECK(same(ad::hcat(std::vector<ad::var>(both, both + 2)), ad_hcat_all(both, 2), A));
    CHECK(same(ad::vcat(std::array<ad::var, 2>{{both[0], both[1]}}), ad_vcat_all(both, 2), A));
    CHECK(same(ad::vcat({both, 2}), ad_vcat_all(both, 2), A));

    CHECK(same(ad::quad(x, A, x), ad_quad(x, A, x), A));
    CHECK(same(ad::solve_lower(A, x), ad_solve_lower(A, x, false), A));
    CHECK(same(ad::solve_upper(A, x), ad_solve_upper(A, x, false), A));
    CHECK(same(ad::solve_lower(A, x, true), ad_solve_lower(A, x, true), A));
    CHECK(same(ad::solve_upper(A, x, true), ad_solve_upper(A, x, true), A));
}

void check_functions()
{
#define ONE(name) check_one(#name, ad::name, ad_##name);
#include "one.def"
#define TWO(name) check_two(#name, static_cast<of_two *>(ad::name), ad_##name);
#include "two.def"
    ad::tape tape;
    check_numbers(tape, tape.input({0.25, 0.75, 2}));
    check_shapes(tape, tape.input(2, 2, {4, 1, 2, 3}));
}

/* ---- Templates that know nothing of tapes ---- */

namespace elsewhere {

template <class T> T with_std(T x)
{
    using std::abs;
    using std::acos;
    using std::acosh;
    using std::asin;
    using std::asinh;
    using std::atan;
    using std::atan2;
    using std::atanh;
    using std::ceil;
    using std::cos;
    using std::cosh;
    using std::erf;
    using std::erfc;
    using std::exp;
    using std::exp2;
    using std::expm1;
    using std::fabs;
    using std::floor;
    using std::hypot;
    using std::lgamma;
    using std::log;
    using std::log10;
    using std::log1p;
    using std::log2;
    using std::max;
    using std::min;
    using std::pow;
    using std::round;
    using std::sin;
    using std::sinh;
    using std::sqrt;
    using std::tan;
    using std::tanh;
    using std::tgamma;
    T y = abs(-x) + acos(x) + acosh(1 + x) + asin(x) + asinh(x) + atan(x) + atan2(x, 1 + x);
    y += atanh(x) + ceil(x) + cos(x) + cosh(x) + erf(x) + erfc(x) + exp(x) + exp2(x) + expm1(x);
    y -= fabs(x) + floor(x) + hypot(x, x) + lgamma(x) + log(x) + log10(x) + log1p(x) + log2(x);
    y *= max(x, x * 2) + min(x, x / 2) + pow(x, 2) + pow(x, x) + pow(2.0, x) + pow(x, 0.5);
    y /= round(x) + sin(x) + sinh(x) + sqrt(x) + tan(x) + tanh(x) + tgamma(x) + 3;
    return y > 0 ? y : -y;
}

/* Qualified by nothing at all. */
template <class T> T bare(T x)
{
    return sin(x) * pow(x, 3) + max(x, sqrt(x));
}

/* A norm as a header of vectors would have it: the branch is that of the values. */
template <class T, std::size_t N> T longest(const std::array<T, N> &x)
{
    T y = x[0];
    for (std::size_t i = 1; i < N; i++)
        if (y < x[i]) y = x[i];
    return y;
}

} // namespace elsewhere

static bool near(double x, double y)
{
    return std::abs(x - y) <= 1e-14 * std::abs(y);
}

void check_templates()
{
    using namespace ad;
    using namespace std;
    ad::tape t;
    var x = t.scalar(0.375);
    var y = elsewhere::with_std(x);
    CHECK(near(value(y), elsewhere::with_std(0.375)));
    CHECK(gradcheck(y, x) < 1e-8);
    CHECK(near(value(elsewhere::bare(x)), std::sin(0.375) * std::pow(0.375, 3) + std::sqrt(0.375)));
    CHECK(same(sin(x) + pow(x, 2) + max(x, 0),
               ad_add(ad_add(ad_sin(x), ad_square(x)), ad_max(x, ad_number(t, 0))), x));
    CHECK(value(elsewhere::longest(std::array<var, 3>{{x, x * 3, x * 2}})) == 3 * 0.375);
    CHECK(value(std::max(x, x * 3)) == 3 * 0.375);
    CHECK(std::sin(0.5) < 1 && ::sin(0.5) < 1);
}
