// SPDX-License-Identifier: MIT
/* The C++ front door: operators and functions on ad_var, a tape that frees itself, a scope that
 * rewinds. C++11 and later; all is inline and calls the C functions of autodiff.h.
 *
 *     ad::tape tape;
 *     ad::var x = tape.input({3, 4});
 *     ad::var y = ad::sum(x * sin(x)) / 2;
 *     ad::backward(y);                       // ad::adjoint(x)[1] is (sin(4) + 4 cos(4)) / 2
 *
 * `*` and `/` are elementwise, ad::matmul is the matrix product. Either operand of an operator or of
 * a function of two may be a plain number. Everything lives in namespace ad; the names of <cmath>
 * are found by argument too, so that a template's `using std::sin; sin(x)` works.
 *
 * Errors are those of the library: they stick to the tape. Nothing here throws but tape::check.
 */
#ifndef AUTODIFF_AUTODIFF_HPP
#define AUTODIFF_AUTODIFF_HPP

#include <autodiff/autodiff.h>
#include <cstdio>
#include <initializer_list>
#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
#include <stdexcept>
#endif

/* A function by its result, name, parameters and what it returns. */
#define AD_DEFINE(result, name, parameters, returned)                                              \
    inline result name parameters                                                                  \
    {                                                                                              \
        return returned;                                                                           \
    }

/* ---- Operators ---------------------------------------------------------------------------- */

AD_DEFINE(ad_var, operator+, (ad_var x), x)
AD_DEFINE(ad_var, operator-, (ad_var x), ad_neg(x))

/* An operator of two values, or of one and a number c. Each records one operation; equal numbers
 * share a node. x / c is not x times 1/c, which would be rounded twice. */
#define AD_OPERATOR(op, both, with_right, with_left)                                               \
    AD_DEFINE(ad_var, operator op, (ad_var x, ad_var y), both(x, y))                               \
    AD_DEFINE(ad_var, operator op, (ad_var x, double c), with_right)                               \
    AD_DEFINE(ad_var, operator op, (double c, ad_var x), with_left)                                \
    AD_DEFINE(ad_var &, operator op##=, (ad_var & x, ad_var y), x = x op y)                        \
    AD_DEFINE(ad_var &, operator op##=, (ad_var & x, double c), x = x op c)
AD_OPERATOR(+, ad_add, ad_shift(x, c), ad_shift(x, c))
AD_OPERATOR(-, ad_sub, ad_sub(x, ad_number(x.tape, c)), ad_sub(ad_number(x.tape, c), x))
AD_OPERATOR(*, ad_mul, ad_scale(x, c), ad_scale(x, c))
AD_OPERATOR(/, ad_div, ad_div(x, ad_number(x.tape, c)), ad_div(ad_number(x.tape, c), x))

/* Compares the present values of 1x1s, for `if` and `while`. This is not recorded: a replay takes
 * the same branch. ad::where(ad::less(x, y), ...) is recorded. */
#define AD_COMPARISON(op)                                                                          \
    AD_DEFINE(bool, operator op, (ad_var x, ad_var y), ad_value(x) op ad_value(y))                 \
    AD_DEFINE(bool, operator op, (ad_var x, double c), ad_value(x) op c)                           \
    AD_DEFINE(bool, operator op, (double c, ad_var x), c op ad_value(x))
AD_COMPARISON(<)
AD_COMPARISON(<=)
AD_COMPARISON(>)
AD_COMPARISON(>=)
AD_COMPARISON(==)
AD_COMPARISON(!=)

namespace ad {

typedef ::ad_var var;

/* Items handed over in order: as a braced list, as anything with data() and size() (std::vector,
 * std::array, a view), or as pointer and count. For arguments alone: it keeps no copy. */
template <class T> class sequence {
  public:
    sequence(std::initializer_list<T> items) : sequence(items.begin(), items.size()) {}
    template <class C,
              class = decltype(static_cast<const T *>(static_cast<const C *>(nullptr)->data()))>
    sequence(const C &items) : sequence(items.data(), static_cast<size_t>(items.size()))
    {
    }
    sequence(const T *data, size_t size) : data_(data), size_(size) {}

    const T *data() const { return data_; }
    size_t size() const { return size_; }
    /* The items if they are as many as that, else NULL, which the C functions report. */
    const T *of(size_t count) const { return size_ == count ? data_ : nullptr; }

  private:
    const T *data_;
    size_t size_;
};

/* Numbers of the tape, row by row, for as long as ad_values or ad_adjoint say; none where these
 * return NULL. */
class view {
  public:
    view(const double *data, var x)
        : data_(data), rows_(data ? ad_rows(x) : 0), cols_(data ? ad_cols(x) : 0)
    {
    }
    const double *data() const { return data_; }
    const double *begin() const { return data_; }
    const double *end() const { return data_ + size(); }
    size_t size() const { return rows_ * cols_; }
    size_t rows() const { return rows_; }
    size_t cols() const { return cols_; }
    double operator[](size_t i) const { return data_[i]; }
    double operator()(size_t row, size_t col) const { return data_[row * cols_ + col]; }

  private:
    const double *data_;
    size_t rows_, cols_;
};

/* ---- Operations: ad::f is ad_f of operations.h -------------------------------------------- */

/* Functions of one or two values by their name alone */
#define AD_OF_ONE(name) AD_DEFINE(var, name, (var x), ad_##name(x))
#define AD_OF_TWO(name) AD_DEFINE(var, name, (var x, var y), ad_##name(x, y))
#define AD_OF_TWO_OR_NUMBER(name)                                                                  \
    AD_OF_TWO(name)                                                                                \
    AD_DEFINE(var, name, (var x, double c), ad_##name(x, ad_number(x.tape, c)))                    \
    AD_DEFINE(var, name, (double c, var y), ad_##name(ad_number(y.tape, c), y))

/* clang-format off */
#define AD_CMATH_OF_ONE(F) \
    F(abs) F(sqrt) F(exp) F(expm1) F(exp2) F(log) F(log1p) F(log2) F(log10) F(sin) F(cos) F(tan) \
    F(asin) F(acos) F(atan) F(sinh) F(cosh) F(tanh) F(asinh) F(acosh) F(atanh) F(erf) F(erfc) \
    F(lgamma) F(floor) F(ceil) F(round)
#define AD_CMATH_OF_TWO(F) F(max) F(min) F(atan2) F(hypot)

AD_CMATH_OF_ONE(AD_OF_ONE)
AD_CMATH_OF_TWO(AD_OF_TWO_OR_NUMBER)
AD_OF_ONE(square) AD_OF_ONE(sinc) AD_OF_ONE(gamma) AD_OF_ONE(digamma) AD_OF_ONE(sigmoid)
AD_OF_ONE(softplus) AD_OF_ONE(relu) AD_OF_ONE(sign)
AD_OF_TWO_OR_NUMBER(direction) AD_OF_TWO_OR_NUMBER(xlogy) AD_OF_TWO_OR_NUMBER(mod)
AD_OF_TWO_OR_NUMBER(compare) AD_OF_TWO_OR_NUMBER(less) AD_OF_TWO_OR_NUMBER(equal)

AD_OF_ONE(transpose) AD_OF_ONE(diag) AD_OF_ONE(diagonal) AD_OF_ONE(tril) AD_OF_ONE(triu)
AD_OF_TWO(hcat) AD_OF_TWO(vcat)

AD_OF_ONE(sum) AD_OF_ONE(sum_rows) AD_OF_ONE(sum_cols)
AD_OF_ONE(prod) AD_OF_ONE(prod_rows) AD_OF_ONE(prod_cols)
AD_OF_ONE(maximum) AD_OF_ONE(max_rows) AD_OF_ONE(max_cols)
AD_OF_ONE(minimum) AD_OF_ONE(min_rows) AD_OF_ONE(min_cols)
AD_OF_ONE(cumsum) AD_OF_ONE(cumsum_rows) AD_OF_ONE(cumsum_cols)
AD_OF_ONE(cumprod) AD_OF_ONE(cumprod_rows) AD_OF_ONE(cumprod_cols)
AD_OF_ONE(softmax) AD_OF_ONE(softmax_rows) AD_OF_ONE(softmax_cols)
AD_OF_ONE(logsumexp) AD_OF_ONE(logsumexp_rows) AD_OF_ONE(logsumexp_cols)
AD_OF_ONE(mean) AD_OF_ONE(trace) AD_OF_ONE(sumsq) AD_OF_TWO(dot)
AD_OF_ONE(norm1) AD_OF_ONE(norm2) AD_OF_ONE(norm_inf) AD_OF_ONE(norm_fro)

AD_OF_ONE(det) AD_OF_ONE(logabsdet) AD_OF_ONE(detsign) AD_OF_ONE(cofactor) AD_OF_ONE(inverse)
AD_OF_ONE(logdet_spd) AD_OF_ONE(cholesky)
AD_OF_TWO(matmul) AD_OF_TWO(outer) AD_OF_TWO(kron) AD_OF_TWO(solve) AD_OF_TWO(solve_spd)
AD_OF_TWO(lstsq) AD_OF_TWO(charpoly)
AD_OF_TWO(grad) AD_OF_TWO(jacobian) AD_OF_TWO(hessian) AD_OF_ONE(detach)

AD_DEFINE(var, fabs, (var x), ad_abs(x))
AD_DEFINE(var, tgamma, (var x), ad_gamma(x))
AD_DEFINE(var, polygamma, (var x, int n), ad_polygamma(x, n))
AD_DEFINE(var, pow, (var x, var y), ad_pow(x, y))
AD_DEFINE(var, pow, (var x, double c), ad_pow_to(x, c))
AD_DEFINE(var, pow, (double c, var y), ad_pow(ad_number(y.tape, c), y))

/* x where the condition is not 0, else y; recorded, unlike `condition ? x : y` */
AD_DEFINE(var, where, (var c, var x, var y), ad_where(c, x, y))
AD_DEFINE(var, where, (var c, var x, double y), ad_where(c, x, ad_number(c.tape, y)))
AD_DEFINE(var, where, (var c, double x, var y), ad_where(c, ad_number(c.tape, x), y))
AD_DEFINE(var, where, (var c, double x, double y), where(c, ad_number(c.tape, x), y))

AD_DEFINE(var, reshape, (var x, size_t rows, size_t cols), ad_reshape(x, rows, cols))
AD_DEFINE(var, broadcast, (var x, size_t rows, size_t cols), ad_broadcast(x, rows, cols))
AD_DEFINE(var, block, (var x, size_t row, size_t col, size_t rows, size_t cols),
          ad_block(x, row, col, rows, cols))
AD_DEFINE(var, gather, (var x, sequence<size_t> at), ad_gather(x, at.data(), at.size(), 1))
AD_DEFINE(var, gather, (var x, sequence<size_t> at, size_t rows, size_t cols),
          ad_gather(x, at.of(rows * cols), rows, cols))
AD_DEFINE(var, scatter, (var x, sequence<size_t> at, size_t rows, size_t cols),
          ad_scatter(x, at.of(ad_rows(x) * ad_cols(x)), rows, cols))
AD_DEFINE(var, hcat, (sequence<var> all), ad_hcat_all(all.data(), all.size()))
AD_DEFINE(var, vcat, (sequence<var> all), ad_vcat_all(all.data(), all.size()))

AD_DEFINE(var, quad, (var x, var A, var y), ad_quad(x, A, y))
AD_DEFINE(var, solve_lower, (var L, var B, bool transposed = false),
          ad_solve_lower(L, B, transposed))
AD_DEFINE(var, solve_upper, (var U, var B, bool transposed = false),
          ad_solve_upper(U, B, transposed))

/* ---- Values and derivatives: ad::f is ad_f of autodiff.h ---------------------------------- */

AD_DEFINE(bool, ok, (var x), ad_ok(x))
AD_DEFINE(size_t, rows, (var x), ad_rows(x))
AD_DEFINE(size_t, cols, (var x), ad_cols(x))
AD_DEFINE(double, value, (var x), ad_value(x))
AD_DEFINE(view, values, (var x), view(ad_values(x), x))
AD_DEFINE(view, adjoint, (var x), view(ad_adjoint(x), x))
AD_DEFINE(var, name, (var x, const char *text), ad_name(x, text))
AD_DEFINE(ad_status, print, (std::FILE * file, var x), ad_print(file, x))

AD_DEFINE(ad_status, backward, (var y), ad_backward(y))
AD_DEFINE(var, vjp, (var y, var x, var u), ad_vjp(y, x, u))
AD_DEFINE(var, jvp, (var y, var x, var v), ad_jvp(y, x, v))
AD_DEFINE(var, hvp, (var y, var x, var v), ad_hvp(y, x, v))
AD_DEFINE(double, gradcheck, (var y, var x), ad_gradcheck(y, x))

/* Gives a leaf new numbers, as many as it has; tape::replay follows. */
AD_DEFINE(ad_status, set, (var leaf, sequence<double> numbers),
          ad_set(leaf, numbers.of(ad_rows(leaf) * ad_cols(leaf))))
AD_DEFINE(ad_status, set, (var leaf, double number), set(leaf, {&number, 1}))

/* The gradients by all values of a std::vector or std::array, as another one. */
template <class C> C grads(var y, const C &xs)
{
    C gradients(xs);
    ad_grads(y, xs.data(), xs.size(), gradients.data());
    return gradients;
}
/* clang-format on */

/* ---- Tapes --------------------------------------------------------------------------------- */

/* Owns an ad_tape and is accepted by every C function that takes one. After a failed allocation it
 * holds NULL: every use is an error then, and no use crashes. */
class tape {
  public:
    tape() : tape_(ad_tape_new()) {}
    explicit tape(const ad_allocator &allocator) : tape_(ad_tape_new_with(&allocator)) {}
    tape(const tape &) = delete;
    tape &operator=(const tape &) = delete;
    tape(tape &&other) noexcept : tape_(other.tape_) { other.tape_ = nullptr; }
    tape &operator=(tape &&other) noexcept
    {
        ad_tape *const taken = other.tape_;
        other.tape_ = nullptr;
        ad_tape_free(tape_);
        tape_ = taken;
        return *this;
    }
    ~tape() { ad_tape_free(tape_); }

    ad_tape *get() const { return tape_; }
    operator ad_tape *() const { return tape_; }

    var scalar(double number) { return ad_scalar(tape_, number); }
    var number(double number) { return ad_number(tape_, number); }
    var input(sequence<double> column) { return leaf(ad_input, column.size(), 1, column); }
    var input(size_t rows, size_t cols, sequence<double> all)
    {
        return leaf(ad_input, rows, cols, all);
    }
    var constant(sequence<double> column) { return leaf(ad_constant, column.size(), 1, column); }
    var constant(size_t rows, size_t cols, sequence<double> all)
    {
        return leaf(ad_constant, rows, cols, all);
    }
    /* rows * cols numbers from a pointer; a template, so that {0} is a list and no null pointer */
    template <class T> var input(size_t rows, size_t cols, T *first)
    {
        return ad_input(tape_, rows, cols, first);
    }
    template <class T> var constant(size_t rows, size_t cols, T *first)
    {
        return ad_constant(tape_, rows, cols, first);
    }

    void reset() { ad_tape_reset(tape_); }
    ad_status replay() { return ad_replay(tape_); }

    ad_status status() const { return ad_tape_status(tape_); }
    const char *message() const { return ad_tape_message(tape_); }
    void clear_error() { ad_tape_clear_error(tape_); }
#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
    /* Throws the tape's error, if there is one. */
    void check() const
    {
        if (status() != AD_OK) throw std::runtime_error(message());
    }
#endif

  private:
    /* Numbers of another count become a column: reshape says that it does not fit. */
    var leaf(decltype(ad_input) *make, size_t rows, size_t cols, sequence<double> all)
    {
        if (all.size() == rows * cols) return make(tape_, rows, cols, all.data());
        return ad_reshape(make(tape_, all.size(), 1, all.data()), rows, cols);
    }

    ad_tape *tape_;
};

/* Forgets at its end what was recorded since its beginning. Values from before it stay. */
class scope {
  public:
    explicit scope(ad_tape *tape) : mark_(ad_tape_mark(tape)) {}
    scope(const scope &) = delete;
    scope &operator=(const scope &) = delete;
    ~scope() { ad_tape_rewind(mark_.tape, mark_); }

  private:
    ad_mark mark_;
};

} // namespace ad

/* ---- The names of <cmath>, found by argument ------------------------------------------------ */

#define AD_USING(name) using ad::name;
AD_CMATH_OF_ONE(AD_USING)
AD_CMATH_OF_TWO(AD_USING)
AD_USING(fabs)
AD_USING(tgamma)
AD_USING(pow)

#undef AD_DEFINE
#undef AD_OPERATOR
#undef AD_COMPARISON
#undef AD_OF_ONE
#undef AD_OF_TWO
#undef AD_OF_TWO_OR_NUMBER
#undef AD_CMATH_OF_ONE
#undef AD_CMATH_OF_TWO
#undef AD_USING

#endif
