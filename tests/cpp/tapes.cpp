// SPDX-License-Identifier: MIT
/* Tapes, scopes, errors, leaves and derivatives. */
#include "check.hpp"

#include <array>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/* ---- Owning ---- */

static int held = 0; /* blocks that the allocator below gave and did not get back */

static void *allocate(size_t bytes, void *)
{
    held++;
    return std::malloc(bytes);
}
static void release(void *memory, void *)
{
    if (memory) held--;
    std::free(memory);
}
static void *refuse(size_t, void *)
{
    return nullptr;
}

static const ad_allocator counting = {allocate, release, nullptr};
static const ad_allocator failing = {refuse, release, nullptr};

static ad::tape made(double value, ad::var *x)
{
    ad::tape tape(counting);
    *x = tape.scalar(value);
    return tape;
}

static void check_moves()
{
    static_assert(!std::is_copy_constructible<ad::tape>::value, "tapes are moved");
    static_assert(!std::is_copy_assignable<ad::tape>::value, "tapes are moved");
    static_assert(std::is_nothrow_move_constructible<ad::tape>::value, "for std::vector");
    static_assert(std::is_nothrow_move_assignable<ad::tape>::value, "for std::vector");
    static_assert(!std::is_copy_constructible<ad::scope>::value, "a scope ends once");
    {
        ad::var x, y;
        ad::tape a = made(3, &x);
        CHECK(ad_tape_status(a) == AD_OK && a.get() == x.tape);
        ad::tape b = std::move(a);
        CHECK(a.get() == nullptr && b.get() == x.tape && ad::value(x * x) == 9);
        const int before = held;
        a = made(4, &y);
        CHECK(a.get() == y.tape && held > before);
        a = std::move(b); /* frees the tape of y */
        CHECK(a.get() == x.tape && b.get() == nullptr && held == before);
        ad::tape &same = a;
        a = std::move(same);
        CHECK(a.get() == x.tape && ad::value(x) == 3);
        std::vector<ad::tape> tapes;
        tapes.push_back(std::move(a));
        tapes.push_back(made(5, &y));
        tapes.push_back(ad::tape());
        CHECK(ad::value(x) == 3 && ad::value(y) == 5);
    }
    CHECK(held == 0);
}

static void check_scopes()
{
    ad::tape tape;
    ad::var x = tape.scalar(3), kept = x * x, inner, outer;
    const size_t before = ad_tape_statistics(tape).nodes;
    {
        ad::scope all(tape);
        outer = kept + x;
        {
            ad::scope some(tape.get());
            inner = outer * 2;
            CHECK(ad::value(inner) == 24);
        }
        CHECK(!ad::ok(inner) && ad::value(outer) == 12);
    }
    CHECK(!ad::ok(outer) && ad::value(kept) == 9 && ad_tape_statistics(tape).nodes == before);
    CHECK(ad::backward(kept) == AD_OK && ad::adjoint(x)[0] == 6);
    CHECK(tape.status() == AD_OK);
    inner + 1;
    CHECK(error_is(tape, AD_ERROR_STALE, "shift"));
    {
        ad::scope lost(tape);
        tape.reset();
    }
    CHECK(error_is(tape, AD_ERROR_STALE, "rewind"));
}

void check_tapes()
{
    check_moves();
    check_scopes();
}

/* ---- Errors ---- */

static void check_misuse()
{
    ad::tape tape, other;
    ad::var x = tape.input({1, 2}), y = other.input({1, 2}), nothing = ad::var(), a;
    a = x + y;
    CHECK(!ad::ok(a) && error_is(tape, AD_ERROR_TAPE, "add"));
    other.clear_error();
    a = x;
    a *= y;
    CHECK(!ad::ok(a) && error_is(tape, AD_ERROR_TAPE, "mul"));
    other.clear_error();
    CHECK(!ad::ok(ad::matmul(x, x)) && error_is(tape, AD_ERROR_SHAPE, "matmul: 2x1 times 2x1"));
    CHECK(!ad::ok(x - nothing) && error_is(tape, AD_ERROR_ARGUMENT, "sub"));
    CHECK(!ad::ok(nothing * 2) && !ad::ok(2 / nothing) && !ad::ok(ad::max(nothing, 0)));
    CHECK(tape.status() == AD_OK);
    CHECK(!(x < 1) && error_is(tape, AD_ERROR_SHAPE, "value"));
    CHECK(ad::backward(x) == AD_ERROR_SHAPE && error_is(tape, AD_ERROR_SHAPE, "backward"));
    CHECK(ad::adjoint(x).rows() == 0 && ad::adjoint(x).cols() == 0 &&
          error_is(tape, AD_ERROR_STATE, "adjoint"));
    CHECK(ad::values(nothing).size() == 0);
    a = x;
    tape.reset();
    CHECK(!ad::ok(a / 2) && error_is(tape, AD_ERROR_STALE, "div"));
}

/* More or fewer numbers than the shape has are never read. */
static void check_counts()
{
    ad::tape tape;
    const std::vector<double> three(3);
    CHECK(!ad::ok(tape.input(2, 2, {1, 2, 3})) && error_is(tape, AD_ERROR_SHAPE, "3 elements"));
    CHECK(!ad::ok(tape.input(2, 2, three)) && error_is(tape, AD_ERROR_SHAPE, "3 elements"));
    CHECK(!ad::ok(tape.constant(1, 2, {})) && error_is(tape, AD_ERROR_SHAPE, "0 elements"));
    ad::var x = tape.input({1, 2}), s = tape.scalar(1);
    CHECK(ad::set(x, three) == AD_ERROR_ARGUMENT && error_is(tape, AD_ERROR_ARGUMENT, "2x1"));
    CHECK(ad::set(x, 1) == AD_ERROR_ARGUMENT && error_is(tape, AD_ERROR_ARGUMENT, "2x1"));
    CHECK(ad::set(s, {1, 2}) == AD_ERROR_ARGUMENT && error_is(tape, AD_ERROR_ARGUMENT, "1x1"));
    CHECK(!ad::ok(ad::gather(x, {0}, 2, 1)) && error_is(tape, AD_ERROR_ARGUMENT, "gather"));
    CHECK(!ad::ok(ad::scatter(x, {0}, 2, 1)) && error_is(tape, AD_ERROR_ARGUMENT, "scatter"));
}

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
static std::string thrown(const ad::tape &tape)
{
    try {
        tape.check();
    } catch (const std::runtime_error &error) {
        return error.what();
    }
    return "";
}

static void check_throwing()
{
    ad::tape tape;
    ad::var x = tape.input({1, 2});
    CHECK(thrown(tape) == "");
    ad::matmul(x, x);
    CHECK(thrown(tape) == "matmul: 2x1 times 2x1: inner dimensions differ");
    CHECK(thrown(ad::tape(failing)) == ad_tape_message(nullptr));
    tape.clear_error();
    const size_t before = ad_tape_statistics(tape).nodes;
    try {
        ad::scope scope(tape);
        ad::det(x + 1);
        tape.check();
        CHECK(tape.status() == AD_OK); /* it has thrown */
    } catch (const std::runtime_error &) {
        CHECK(ad_tape_statistics(tape).nodes == before);
    }
}
#else
static void check_throwing()
{
}
#endif

void check_errors()
{
    check_misuse();
    check_counts();
    check_throwing();
    ad::tape none(failing);
    ad::scope scope(none);
    ad::var x = none.scalar(1);
    CHECK(none.get() == nullptr && none.status() == AD_ERROR_ARGUMENT && *none.message());
    CHECK(!ad::ok(x) && !ad::ok(x + 1) && !ad::ok(none.input(2, 2, {1})));
    none.reset();
    CHECK(none.replay() == AD_ERROR_ARGUMENT);
}

/* ---- Leaves and derivatives ---- */

static bool holds(ad::var x, size_t rows, size_t cols, std::initializer_list<double> expected)
{
    const ad::view view = ad::values(x);
    return view.rows() == rows && view.cols() == cols && view.size() == expected.size() &&
           std::vector<double>(view.begin(), view.end()) == std::vector<double>(expected);
}

static void check_leaves()
{
    ad::tape tape;
    double array[] = {1, 2};
    const double *pointer = array;
    const std::vector<double> vector(array, array + 2);
    CHECK(holds(tape.scalar(3), 1, 1, {3}) && holds(tape.number(3), 1, 1, {3}));
    CHECK(holds(tape.input({1, 2}), 2, 1, {1, 2}) && holds(tape.input({0}), 1, 1, {0}));
    CHECK(holds(tape.input(vector), 2, 1, {1, 2}) && holds(tape.input({array, 2}), 2, 1, {1, 2}));
    CHECK(holds(tape.input(1, 2, {1, 2}), 1, 2, {1, 2}) && holds(tape.input(1, 1, {0}), 1, 1, {0}));
    CHECK(holds(tape.input(1, 2, vector), 1, 2, {1, 2}));
    CHECK(holds(tape.input(1, 2, array), 1, 2, {1, 2}));
    CHECK(holds(tape.input(1, 2, pointer), 1, 2, {1, 2}));
    CHECK(holds(tape.input(0, 3, {}), 0, 3, {}) && holds(tape.input({}), 0, 1, {}));
    CHECK(holds(tape.constant({1, 2}), 2, 1, {1, 2}));
    CHECK(holds(tape.constant(vector), 2, 1, {1, 2}));
    CHECK(holds(tape.constant(1, 2, {1, 2}), 1, 2, {1, 2}));
    CHECK(holds(tape.constant(1, 2, vector), 1, 2, {1, 2}));
    CHECK(holds(tape.constant(1, 2, pointer), 1, 2, {1, 2}));
    CHECK(holds(tape.input(ad::values(tape.input({5, 6}))), 2, 1, {5, 6}));

    ad::var x = tape.input({1, 2}), c = tape.constant({3, 4}), s = tape.scalar(1);
    ad::var y = ad::sum(x * c) * s;
    CHECK(ad::backward(y) == AD_OK && ad::adjoint(x)[1] == 4 && ad::adjoint(c)[1] == 0);
    CHECK(ad::set(x, {5, 6}) == AD_OK && ad::set(s, 2) == AD_OK && tape.replay() == AD_OK);
    CHECK(ad::value(y) == 2 * (15 + 24));
    CHECK(ad::set(x, vector) == AD_OK && ad::set(c, {array, 2}) == AD_OK && tape.replay() == AD_OK);
    CHECK(ad::value(y) == 2 * (1 + 4) && tape.status() == AD_OK);
}

static void check_reading()
{
    ad::tape tape;
    ad::var A = ad::name(tape.input(2, 3, {1, 2, 3, 4, 5, 6}), "A");
    CHECK(ad::rows(A) == 2 && ad::cols(A) == 3 && ad::ok(A) && ad::value(ad::sum(A)) == 21);
    const ad::view view = ad::values(A);
    double sum = 0;
    for (double number : view) sum += number;
    CHECK(sum == 21 && view[1] == 2 && view(1, 0) == 4 && view.data() == ad_values(A));
    CHECK(view.rows() == 2 && view.cols() == 3 && view.size() == 6);
    ad::backward(ad::sum(A * A));
    CHECK(ad::adjoint(A)(1, 2) == 12 && ad::adjoint(A).data() == ad_adjoint(A));
    char text[100];
    ad::name(ad::log(A - 3), "nothing");
    CHECK(ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
    CHECK(std::string(text).find("nothing") != std::string::npos);
}

void check_derivatives()
{
    check_leaves();
    check_reading();
    ad::tape tape;
    ad::var x = tape.input({2, 3}), u = tape.constant({1, 10}), z = tape.scalar(5);
    ad::var f = x * x * x, y = ad::sum(f) * z;
    CHECK(holds(ad::grad(y, x), 2, 1, {60, 135}));
    const std::vector<ad::var> g = ad::grads(y, std::vector<ad::var>{x, z});
    CHECK(g.size() == 2 && holds(g[0], 2, 1, {60, 135}) && holds(g[1], 1, 1, {35}));
    const std::array<ad::var, 1> h = ad::grads(y, std::array<ad::var, 1>{{z}});
    CHECK(holds(h[0], 1, 1, {35}));
    CHECK(holds(ad::jacobian(f, x), 2, 2, {12, 0, 0, 27}));
    CHECK(holds(ad::hessian(y, x), 2, 2, {60, 0, 0, 90}));
    CHECK(holds(ad::vjp(f, x, u), 2, 1, {12, 270}));
    CHECK(holds(ad::jvp(f, x, u), 2, 1, {12, 270}));
    CHECK(holds(ad::hvp(y, x, u), 2, 1, {60, 900}));
    CHECK(holds(ad::grad(ad::sum(ad::detach(x) * x), x), 2, 1, {2, 3}));
    CHECK(ad::gradcheck(y, x) < 1e-8);
    CHECK(tape.status() == AD_OK);
}
