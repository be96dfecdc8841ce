/* SPDX-License-Identifier: MIT */
/* The function table. */
#include "autodiff/script/library/functions.h"

#include "autodiff/script/shell/suggest.h"

#include <math.h>
#include <string.h>

/* name, arguments, results, code, the operation of the tape that code needs, use, help */
#define ROW(word, kinds, values, function, use, text)                                              \
    .name = word, .takes = kinds, .results = values, .code = function, .usage = use, .help = text
/* clang-format off */
#define OCTAVE(word, kinds, values, function, operation, use, text)                                \
    {ROW(word, kinds, values, function, use, text), .one = operation}
#define OCTAVE_2(word, kinds, values, function, operation, use, text)                              \
    {ROW(word, kinds, values, function, use, text), .two = operation}
#define OCTAVE_N(word, kinds, function, number, use, text)                                         \
    {ROW(word, kinds, 1, function, use, text), .parameter = number}
#define OCTAVE_AXES(word, kinds, values, function, all, columns, rows, use, text)                  \
    {ROW(word, kinds, values, function, use, text), .along = { all, columns, rows }}
#define KEEPING(word, kinds, values, function, number, use, text) \
    {ROW(word, kinds, values, function, use, text), .parameter = number, .keeps_text = true}
#define OURS(word, kinds, values, function, operation, use, text)                                  \
    {ROW(word, kinds, values, function, use, text), .one = operation, .beyond_octave = true}
#define OURS_2(word, kinds, values, function, operation, use, text)                                \
    {ROW(word, kinds, values, function, use, text), .two = operation, .beyond_octave = true}
/* clang-format on */

static const builtin functions[] = {
    /* derivatives */
    OURS("grad", "xx*", 16, call_grad, 0, "grad(y, x), [gx, gz] = grad(y, x, z)",
         "gradient of the scalar y, of the shape of the variable x"),
    OURS_2("jacobian", "xx", 1, call_jacobian, ad_jacobian, "jacobian(y, x)",
           "derivatives of all elements of y by all of x, counted down the columns"),
    OURS_2("hessian", "xx", 1, call_jacobian, ad_hessian, "hessian(y, x)",
           "second derivatives of the scalar y by the elements of x"),
    OURS("hvp", "xxx", 1, call_hvp, 0, "hvp(y, x, v)",
         "the Hessian of y times v, of the shape of x"),
    OURS("detach", "m", 1, call_detach, 0, "detach(x)",
         "x as a constant: nothing is differentiated through it"),
    OURS("check", "rr?n", 0, call_check, 0, "check(actual, expected, tolerance)",
         "compares; a difference beyond 1e-10, or the tolerance, of the largest element expected "
         "fails"),
    OURS("gradcheck", "xx", 0, call_gradcheck, 0, "gradcheck(y, x)",
         "compares the gradient of y with central differences"),
    /* elementwise */
    OCTAVE("abs", "m", 1, call_one, ad_abs, "abs(x)", "absolute value"),
    OCTAVE("sqrt", "m", 1, call_one, ad_sqrt, "sqrt(x)", "square root; NaN below 0"),
    OCTAVE("exp", "m", 1, call_one, ad_exp, "exp(x)", "exponential"),
    OCTAVE("expm1", "m", 1, call_one, ad_expm1, "expm1(x)", "exp(x) - 1, accurate near 0"),
    OCTAVE("log", "m", 1, call_one, ad_log, "log(x)", "natural logarithm; NaN below 0"),
    OCTAVE("log1p", "m", 1, call_one, ad_log1p, "log1p(x)", "log(1 + x), accurate near 0"),
    OCTAVE("log2", "m", 1, call_one, ad_log2, "log2(x)", "logarithm to base 2; NaN below 0"),
    OCTAVE("log10", "m", 1, call_one, ad_log10, "log10(x)", "logarithm to base 10; NaN below 0"),
    OCTAVE("sin", "m", 1, call_one, ad_sin, "sin(x)", "sine"),
    OCTAVE("cos", "m", 1, call_one, ad_cos, "cos(x)", "cosine"),
    OCTAVE("tan", "m", 1, call_one, ad_tan, "tan(x)", "tangent"),
    OCTAVE("asin", "m", 1, call_one, ad_asin, "asin(x)", "inverse sine"),
    OCTAVE("acos", "m", 1, call_one, ad_acos, "acos(x)", "inverse cosine"),
    OCTAVE("atan", "m", 1, call_one, ad_atan, "atan(x)", "inverse tangent"),
    OCTAVE("sinh", "m", 1, call_one, ad_sinh, "sinh(x)", "hyperbolic sine"),
    OCTAVE("cosh", "m", 1, call_one, ad_cosh, "cosh(x)", "hyperbolic cosine"),
    OCTAVE("tanh", "m", 1, call_one, ad_tanh, "tanh(x)", "hyperbolic tangent"),
    OCTAVE("asinh", "m", 1, call_one, ad_asinh, "asinh(x)", "inverse hyperbolic sine"),
    OCTAVE("acosh", "m", 1, call_one, ad_acosh, "acosh(x)",
           "inverse hyperbolic cosine; NaN below 1"),
    OCTAVE("atanh", "m", 1, call_one, ad_atanh, "atanh(x)",
           "inverse hyperbolic tangent; NaN outside -1 to 1"),
    OCTAVE("erf", "m", 1, call_one, ad_erf, "erf(x)", "error function"),
    OCTAVE("erfc", "m", 1, call_one, ad_erfc, "erfc(x)", "1 - erf(x), accurate where it is tiny"),
    OCTAVE("gamma", "m", 1, call_one, ad_gamma, "gamma(x)", "gamma function"),
    OCTAVE("factorial", "m", 1, call_factorial, 0, "factorial(n)", "gamma(n + 1) of integers"),
    OCTAVE("lgamma", "m", 1, call_lgamma, 0, "lgamma(x)",
           "logarithm of the gamma function; NaN where that is negative"),
    OCTAVE("psi", "v?v", 1, call_psi, 0, "psi(x), psi(k, x)",
           "derivative of lgamma, or the k-th derivative of that"),
    OCTAVE("sign", "m", 1, call_step, ad_sign, "sign(x)", "-1, 0 or 1; derivative 0"),
    OCTAVE("floor", "m", 1, call_step, ad_floor, "floor(x)", "largest integer not above x"),
    OCTAVE("ceil", "m", 1, call_step, ad_ceil, "ceil(x)", "smallest integer not below x"),
    OCTAVE("round", "m", 1, call_step, ad_round, "round(x)", "nearest integer, halves away from 0"),
    OCTAVE("fix", "m", 1, call_fix, 0, "fix(x)", "x without its fraction"),
    OCTAVE_N("isnan", "r", call_class, NUMBER_NAN, "isnan(x)", "1 where x is NaN"),
    OCTAVE_N("isinf", "r", call_class, NUMBER_INFINITE, "isinf(x)", "1 where x is infinite"),
    OCTAVE_N("isfinite", "r", call_class, NUMBER_FINITE, "isfinite(x)",
             "1 where x is neither NaN nor Inf"),
    OCTAVE("xor", "vv", 1, call_xor, 0, "xor(x, y)", "1 where one of x and y is 0, not both"),
    OURS("sigmoid", "m", 1, call_one, ad_sigmoid, "sigmoid(x)", "1/(1 + exp(-x))"),
    OURS("softplus", "m", 1, call_one, ad_softplus, "softplus(x)",
         "log(1 + exp(x)) without overflow"),
    OURS("relu", "m", 1, call_one, ad_relu, "relu(x)", "max(x, 0); derivative 0 at 0"),
    OCTAVE_AXES("max", "v?vd", 2, call_extreme, ad_maximum, ad_max_cols, ad_max_rows,
                "max(x), max(x, y), max(x, [], dim)",
                "largest elements, [m, i] = max(x) with their places; NaN wins"),
    OCTAVE_AXES("min", "v?vd", 2, call_extreme, ad_minimum, ad_min_cols, ad_min_rows,
                "min(x), min(x, y), min(x, [], dim)",
                "smallest elements, [m, i] = min(x) with their places; NaN wins"),
    OCTAVE_2("atan2", "mm", 1, call_two, ad_atan2, "atan2(x, y)", "angle of the point (y, x)"),
    OCTAVE_2("hypot", "mm", 1, call_two, ad_hypot, "hypot(x, y)",
             "sqrt(x^2 + y^2) without overflow"),
    OCTAVE_2("mod", "mm", 1, call_two, ad_mod, "mod(x, y)", "x - y*floor(x/y), of the sign of y"),
    OCTAVE("rem", "mm", 1, call_rem, 0, "rem(x, y)", "x - y*fix(x/y), of the sign of x"),
    OURS_2("xlogy", "mm", 1, call_two, ad_xlogy, "xlogy(x, y)", "x*log(y); 0 where x is 0"),
    /* reductions */
    OCTAVE_AXES("sum", "m?d", 1, call_reduce, ad_sum, ad_sum_cols, ad_sum_rows,
                "sum(x), sum(x, dim)", "sum of a vector, of each column, or along dim"),
    OCTAVE_AXES("sumsq", "m?d", 1, call_reduce, ad_sumsq, sumsq_cols, sumsq_rows,
                "sumsq(x), sumsq(x, dim)", "sum of the squares"),
    OCTAVE_AXES("mean", "m?d", 1, call_reduce, ad_mean, mean_cols, mean_rows,
                "mean(x), mean(x, dim)", "mean of a vector, of each column, or along dim"),
    OCTAVE_N("var", "m?vd", call_var, 0, "var(x), var(x, opt), var(x, opt, dim)",
             "variance: sum of squares from the mean over n - 1, or over n if opt is 1"),
    OCTAVE_N("std", "m?vd", call_var, 1, "std(x), std(x, opt), std(x, opt, dim)",
             "standard deviation, sqrt(var(x, opt, dim))"),
    OCTAVE_AXES("median", "m?d", 1, call_median, ad_mean, mean_cols, mean_rows,
                "median(x), median(x, dim)",
                "median of a vector, of each column, or along dim; NaN wins"),
    OCTAVE_AXES("prod", "m?d", 1, call_reduce, ad_prod, ad_prod_cols, ad_prod_rows,
                "prod(x), prod(x, dim)", "product of a vector, of each column, or along dim"),
    OCTAVE_N("any", "r?d", call_any, 1, "any(x), any(x, dim)", "1 where some element is not 0"),
    OCTAVE_N("all", "r?d", call_any, 0, "all(x), all(x, dim)", "1 where no element is 0"),
    OCTAVE_AXES("cumsum", "m?d", 1, call_reduce, ad_cumsum, ad_cumsum_cols, ad_cumsum_rows,
                "cumsum(x), cumsum(x, dim)", "running sums"),
    OCTAVE_AXES("cumprod", "m?d", 1, call_reduce, ad_cumprod, ad_cumprod_cols, ad_cumprod_rows,
                "cumprod(x), cumprod(x, dim)", "running products"),
    OCTAVE("diff", "m?vd", 1, call_diff, 0, "diff(x), diff(x, k), diff(x, k, dim)",
           "differences of neighbours, taken k times"),
    KEEPING("sort", "m?vt", 2, call_sort, 0, "sort(x), sort(x, dim), sort(x, \"descend\")",
            "sorts, NaN above all; [s, i] = sort(x) with the places they come from"),
    OCTAVE("find", "m?vt", 3, call_find, 0, "find(x), find(x, n), find(x, n, \"last\")",
           "places of the elements that are not 0, [i, j, v] = find(x) with rows, columns, values"),
    KEEPING("unique", "m?t", 3, call_unique, 0, "unique(x), unique(x, \"stable\")",
            "elements without repetition, sorted; [u, i, j] = unique(x) with u = x(i), x = u(j)"),
    OCTAVE("ismember", "mm", 2, call_ismember, 0, "ismember(x, s), [t, i] = ismember(x, s)",
           "1 where an element of x is in s, and where it is there"),
    OCTAVE("accumarray", "rm?r", 1, call_accumarray, 0,
           "accumarray(at, x), accumarray(at, x, size)",
           "zeros with the elements of x added at the places `at`"),
    OCTAVE("isequal", "vv*", 1, call_isequal, 0, "isequal(x, y, ...)",
           "1 if all have the same shape and elements"),
    OCTAVE("nnz", "r", 1, call_nnz, 0, "nnz(x)", "number of elements that are not 0"),
    OCTAVE("dot", "mm?d", 1, call_dot, 0, "dot(x, y), dot(x, y, dim)",
           "product of two vectors, or of each two columns, or along dim"),
    OCTAVE("cross", "mm?d", 1, call_cross, 0, "cross(x, y), cross(x, y, dim)",
           "vector product of three elements each"),
    OCTAVE("cov", "m?mn", 1, call_cov, 0, "cov(x), cov(x, y), cov(x, y, opt)",
           "covariances of columns: over n - 1, or over n if opt is 1"),
    OCTAVE("trapz", "m?md", 1, call_trapz, 0, "trapz(y), trapz(x, y), trapz(x, y, dim)",
           "integral by trapezoids"),
    OCTAVE("polyval", "mm", 1, call_polyval, 0, "polyval(p, x)",
           "polynomial with the coefficients p, the highest power first"),
    OCTAVE("polyfit", "mmc", 1, call_polyfit, 0, "polyfit(x, y, n)",
           "coefficients of the polynomial of degree n nearest to the points"),
    OCTAVE("trace", "s", 1, call_one, ad_trace, "trace(A)", "sum of the diagonal"),
    OCTAVE_N("numel", "h", call_extent, EXTENT_SIZE, "numel(x)", "number of elements"),
    OCTAVE_N("length", "h", call_extent, EXTENT_LENGTH, "length(x)",
             "the larger of rows and columns"),
    OCTAVE_N("rows", "h", call_extent, EXTENT_ROWS, "rows(x)", "number of rows"),
    OCTAVE_N("columns", "h", call_extent, EXTENT_COLUMNS, "columns(x)", "number of columns"),
    OCTAVE_N("ndims", "h", call_extent, EXTENT_DIMENSIONS, "ndims(x)", "number of dimensions: 2"),
    OCTAVE("size", "h?n", 2, call_size, 0, "size(x), size(x, dim), [m, n] = size(x)",
           "rows and columns"),
    OCTAVE("isempty", "h", 1, call_isempty, 0, "isempty(x)", "1 if x has no elements"),
    OURS("logsumexp", "m", 1, call_one, ad_logsumexp, "logsumexp(x)",
         "log(sum(exp(x(:)))) without overflow"),
    OCTAVE("norm", "m?v", 1, call_norm, 0, "norm(x), norm(x, p), norm(x, Inf), norm(x, \"fro\")",
           "norm of a vector or matrix; of a matrix p is 1, 2 or Inf"),
    /* linear algebra */
    OCTAVE("det", "s", 1, call_one, ad_det, "det(A)", "determinant"),
    OCTAVE("inv", "s", 1, call_one, ad_inverse, "inv(A)",
           "inverse; A \\ b is cheaper and more accurate"),
    OCTAVE("chol", "s?t", 2, call_chol, 0, "chol(A), chol(A, \"lower\"), [R, p] = chol(A)",
           "upper triangular R with R'*R = A, from the upper triangle of A; p is 0, or the order "
           "of the first block that is not positive definite"),
    OCTAVE("transpose", "v", 1, call_transpose, 0, "transpose(A)", "A'"),
    OCTAVE("eig", "s", 2, call_eig, 0, "eig(A), [V, D] = eig(A)",
           "eigenvalues and eigenvectors, complex ones as NaN; no derivative"),
    OCTAVE("svd", "m?v", 3, call_svd, 0, "svd(A), [U, S, V] = svd(A), svd(A, \"econ\")",
           "singular values, A = U*S*V'; no derivative"),
    OCTAVE("qr", "m?v", 2, call_qr, 0, "[Q, R] = qr(A), qr(A, 0)",
           "A = Q*R, Q orthogonal, R upper triangular; no derivative"),
    OCTAVE("lu", "m", 3, call_lu, 0, "[L, U, P] = lu(A), [L, U] = lu(A)",
           "P*A = L*U, L lower and U upper triangular; no derivative"),
    OCTAVE("rank", "m?n", 1, call_rank, 0, "rank(A), rank(A, tol)",
           "number of singular values above rounding, or above tol"),
    OCTAVE("cond", "m?v", 1, call_cond, 0, "cond(A), cond(A, p)",
           "condition number, of the norm p; of the norm 2 no derivative"),
    OCTAVE("pinv", "m?n", 1, call_pinv, 0, "pinv(A), pinv(A, tol)",
           "pseudo-inverse; of full rank differentiable"),
    OCTAVE("kron", "mm*", 1, call_kron, 0, "kron(A, B)", "Kronecker product"),
    OURS("logdet", "s", 1, call_one, ad_logabsdet, "logdet(A)", "log|det(A)|"),
    OURS("slogdet", "s", 2, call_slogdet, 0, "[s, l] = slogdet(A)",
         "sign of det(A) and log|det(A)|"),
    OURS("cofactor", "s", 1, call_one, ad_cofactor, "cofactor(A)",
         "cofactor matrix: the gradient of det, also of a singular A"),
    OURS("charpoly", "sm", 1, call_charpoly, 0, "charpoly(A, x)", "det(x*eye(n) - A)"),
    OURS("outer", "mm", 1, call_outer, 0, "outer(x, y)", "x(:)*y(:)'"),
    /* building */
    OCTAVE("eye", "?rr", 1, call_eye, 0, "eye(n), eye(m, n)", "identity matrix"),
    OCTAVE_N("zeros", "?rr", call_constant, 0, "zeros(n), zeros(m, n)", "zeros"),
    OCTAVE_N("ones", "?rr", call_constant, 1, "ones(n), ones(m, n)", "ones"),
    OCTAVE("diag", "m?k", 1, call_diag, 0, "diag(v), diag(A), diag(v, k)",
           "matrix with v on its diagonal, or the diagonal of A"),
    KEEPING("reshape", "mr?r", 1, call_reshape, 0, "reshape(A, m, n)",
            "the elements of A, counted down the columns, as m x n"),
    OCTAVE("vec", "m", 1, call_vec, 0, "vec(A)", "A(:), the columns stacked"),
    KEEPING("repmat", "mr?r", 1, call_repmat, 0, "repmat(A, m, n)", "m x n copies of A"),
    OCTAVE_N("linspace", "mm?c", call_linspace, 100, "linspace(a, b, n)",
             "n numbers from a to b, 100 if n is not given"),
    OCTAVE_N("logspace", "mm?c", call_linspace, 50, "logspace(a, b, n)",
             "10.^linspace(a, b, n), 50 numbers if n is not given"),
    OCTAVE("meshgrid", "m?m", 2, call_meshgrid, 0, "[X, Y] = meshgrid(x, y)",
           "x as every row of X, y as every column of Y"),
    OCTAVE("hilb", "c", 1, call_hilb, 0, "hilb(n)", "Hilbert matrix, 1/(i + j - 1)"),
    OCTAVE("magic", "c", 1, call_magic, 0, "magic(n)", "magic square"),
    OCTAVE_N("horzcat", "?v*", call_concatenate, 0, "horzcat(A, B, ...)", "[A, B, ...]"),
    OCTAVE_N("vertcat", "?v*", call_concatenate, 1, "vertcat(A, B, ...)", "[A; B; ...]"),
    OCTAVE("cat", "d?v*", 1, call_cat, 0, "cat(dim, A, B, ...)", "[A; B; ...] or [A, B, ...]"),
    OCTAVE_N("tril", "m?k", call_triangle, -1, "tril(A), tril(A, k)",
             "lower triangle, up to the k-th diagonal"),
    OCTAVE_N("triu", "m?k", call_triangle, 1, "triu(A), triu(A, k)",
             "upper triangle, from the k-th diagonal"),
    KEEPING("fliplr", "m", 1, call_flip, 1, "fliplr(A)", "the columns in the opposite order"),
    KEEPING("flipud", "m", 1, call_flip, 0, "flipud(A)", "the rows in the opposite order"),
    OCTAVE_N("rand", "?vv", call_rand, 0, "rand(), rand(n), rand(m, n), rand(\"state\", k)",
             "uniform random numbers between 0 and 1; with \"state\" as seed(k)"),
    OCTAVE_N("randn", "?vv", call_rand, 1, "randn(), randn(n), randn(m, n), randn(\"state\", k)",
             "standard normal random numbers; with \"state\" as seed(k)"),
    OCTAVE("randi", "r?rr", 1, call_randi, 0, "randi(k), randi([a b], m, n)",
           "random integers from 1 to k, or from a to b"),
    OCTAVE("randperm", "c?c", 1, call_randperm, 0, "randperm(n), randperm(n, m)",
           "the integers from 1 to n, or m of them, in random order"),
    OURS("seed", "n", 0, call_seed, 0, "seed(k)",
         "starts rand and randn anew, the same on every machine"),
/* operators as functions */
#define OPERATOR(kind, text, level)
#define NAMED_OPERATOR(kind, text, level, word)                                                    \
    OCTAVE_N(word, "vv", call_operator, kind, word "(x, y)", "x " text " y"),
#include "autodiff/script/syntax/operators.def"
    OCTAVE_N("not", "v", call_operator, OPERATION_NOT, "not(x)", "!x"),
    OCTAVE_N("uminus", "v", call_operator, OPERATION_SUBTRACT, "uminus(x)", "-x"),
    OCTAVE_N("ctranspose", "v", call_operator, OPERATION_TRANSPOSE, "ctranspose(A)", "A'"),
    /* functions of functions, what a function knows of its call, errors */
    OCTAVE("feval", "v?v*", 16, call_feval, 0, "feval(f, ...)", "f(...); f may be a name"),
    OCTAVE("arrayfun", "vv?v*", 16, call_arrayfun, 0, "arrayfun(f, A, ...)",
           "f of each element, in the shape of A"),
    OCTAVE("bsxfun", "vvv", 1, call_feval, 0, "bsxfun(f, A, B)", "f(A, B), which broadcasts"),
    OCTAVE_N("nargin", "", call_nargin, 0, "nargin", "arguments that the function was given"),
    OCTAVE_N("nargout", "", call_nargin, 1, "nargout", "results that it was asked for"),
    OCTAVE("exist", "t?t", 1, call_exist, 0, "exist(\"x\"), exist(\"x\", \"var\")",
           "1 for a variable, 103 for a function of the script, 5 for one of these"),
    OCTAVE("deal", "v?v*", 16, call_deal, 0, "[a, b] = deal(x, y)",
           "its arguments, or the only one for each result"),
    OCTAVE("OCTAVE_VERSION", "", 1, call_version, 0, "OCTAVE_VERSION",
           "the Octave whose language this is"),
    OCTAVE("func2str", "v", 1, call_func2str, 0, "func2str(f)", "a function as text"),
    OCTAVE("class", "v", 1, call_class_name, 0, "class(x)",
           "double, logical, char or function_handle"),
    OCTAVE_N("ischar", "v", call_is, IS_CHAR, "ischar(x)", "1 for text"),
    OCTAVE_N("islogical", "v", call_is, IS_LOGICAL, "islogical(x)", "1 for what comparisons give"),
    OCTAVE_N("isnumeric", "v", call_is, IS_NUMERIC, "isnumeric(x)", "1 for numbers"),
    OCTAVE_N("isreal", "v", call_is, IS_REAL, "isreal(x)", "1 for numbers and text"),
    OCTAVE_N("is_function_handle", "v", call_is, IS_FUNCTION, "is_function_handle(x)",
             "1 for a function"),
    OCTAVE_N("isscalar", "v", call_is, IS_SCALAR, "isscalar(x)", "1 for one element"),
    OCTAVE_N("isvector", "v", call_is, IS_VECTOR, "isvector(x)", "1 for a row or a column"),
    OCTAVE_N("isrow", "v", call_is, IS_ROW, "isrow(x)", "1 for a row"),
    OCTAVE_N("iscolumn", "v", call_is, IS_COLUMN, "iscolumn(x)", "1 for a column"),
    OCTAVE_N("issquare", "v", call_is, IS_SQUARE, "issquare(x)",
             "1 where rows and columns are as many"),
    OCTAVE_N("ismatrix", "v", call_is, IS_MATRIX, "ismatrix(x)", "1"),
    OCTAVE_N("iscell", "v", call_is, IS_NOTHING, "iscell(x)", "0: there are no cells"),
    OCTAVE_N("isstruct", "v", call_is, IS_NOTHING, "isstruct(x)", "0: there are no structures"),
    OCTAVE_N("iscomplex", "v", call_is, IS_NOTHING, "iscomplex(x)",
             "0: there are no complex numbers"),
    OCTAVE("error", "v?v*", 0, call_error, 0, "error(template, ...)",
           "stops with a message; try ... catch err ... end goes on"),
    OCTAVE("rethrow", "v", 0, call_error, 0, "rethrow(err)",
           "stops with the error that was caught"),
    OCTAVE("lasterr", "", 1, call_lasterr, 0, "lasterr", "the message of the last error caught"),
    OCTAVE("warning", "v?v*", 0, call_warning, 0, "warning(template, ...)",
           "writes to standard error; warning off does nothing"),
    OCTAVE("print_usage", "", 0, call_print_usage, 0, "print_usage()",
           "stops: the function was called wrongly"),
    /* text */
    OCTAVE("sprintf", "t?v*", 1, call_sprintf, 0, "sprintf(template, ...)", "as printf, to text"),
    OCTAVE_N("num2str", "v?v", call_num2str, 0, "num2str(x), num2str(x, digits)",
             "a row of numbers as text; num2str(x, template) too"),
    OCTAVE_N("int2str", "v", call_num2str, 1, "int2str(x)", "num2str(round(x))"),
    OCTAVE("mat2str", "v?c", 1, call_mat2str, 0, "mat2str(A), mat2str(A, digits)",
           "what would be typed to get A"),
    OCTAVE("str2double", "v", 1, call_str2double, 0, "str2double(s)",
           "the number that s is, NaN if none"),
    OCTAVE("double", "m", 1, call_double, 0, "double(s)", "the codes of the characters"),
    OCTAVE("char", "v", 1, call_char, 0, "char(x)", "the characters that have these codes"),
    OCTAVE_N("strcmp", "vv", call_strcmp, COMPARE_EXACT, "strcmp(s, t)", "1 where texts are equal"),
    OCTAVE_N("strcmpi", "vv", call_strcmp, COMPARE_FOLDED, "strcmpi(s, t)",
             "as strcmp, capitals or not"),
    OCTAVE_N("strncmp", "vvc", call_strcmp, COMPARE_EXACT, "strncmp(s, t, n)",
             "as strcmp, of n characters"),
    OCTAVE_N("strncmpi", "vvc", call_strcmp, COMPARE_FOLDED, "strncmpi(s, t, n)",
             "as strcmpi, of n characters"),
    OCTAVE_N("upper", "t", call_case, 1, "upper(s)", "s in capitals"),
    OCTAVE_N("toupper", "t", call_case, 1, "toupper(s)", "as upper"),
    OCTAVE_N("lower", "t", call_case, 0, "lower(s)", "s in small letters"),
    OCTAVE_N("tolower", "t", call_case, 0, "tolower(s)", "as lower"),
    OCTAVE("strtrim", "t", 1, call_strtrim, 0, "strtrim(s)", "s without blanks at its ends"),
    OCTAVE("strcat", "t?t*", 1, call_strcat, 0, "strcat(s, t, ...)",
           "joined, without blanks at the end of each"),
    OCTAVE("strrep", "ttt", 1, call_strrep, 0, "strrep(s, from, to)", "s with every from made to"),
    OCTAVE("blanks", "c", 1, call_blanks, 0, "blanks(n)", "n blanks"),
    /* input and output */
    OURS("load", "t", 1, call_load, 0, "load(\"file.csv\")",
         "matrix from a file, its path relative to the script"),
    OURS("save", "tr", 0, call_save, 0, "save(\"file.csv\", A)", "matrix to a file"),
    OCTAVE("disp", "v", 0, call_disp, 0, "disp(x)", "prints x without its name"),
    OCTAVE("printf", "t?v*", 0, call_printf, 0, "printf(template, ...)",
           "prints by a template, recycled over all elements"),
    OCTAVE("fprintf", "v?v*", 0, call_fprintf, 0, "fprintf(template, ...)", "as printf"),
    OCTAVE("format", "?t*", 0, call_format, 0, "format long, format short",
           "16 or 5 significant digits"),
    OCTAVE("puts", "t", 1, call_puts, 0, "puts(s)", "prints text as it is"),
    OCTAVE("fputs", "nt", 1, call_puts, 0, "fputs(stdout, s)", "as puts"),
    OCTAVE("fdisp", "nv", 0, call_disp, 0, "fdisp(stdout, x)", "as disp"),
    OCTAVE("fflush", "n", 1, call_fflush, 0, "fflush(stdout)", "nothing"),
    OCTAVE("display", "v", 0, call_display, 0, "display(x)", "prints x with its name"),
    OCTAVE_N("stdout", "", call_constant, 1, "stdout", "1: where fprintf prints"),
    OCTAVE_N("stderr", "", call_constant, 2, "stderr", "2: where errors go"),
    /* the session */
    OCTAVE("clear", "?t*", 0, call_clear, 0, "clear, clear x y*",
           "forgets all variables, or those named"),
    OCTAVE("who", "", 0, call_who, 0, "who", "names the variables"),
    OCTAVE("help", "?t", 0, call_help, 0, "help, help NAME", "lists the functions, or shows one"),
    OCTAVE("clc", "", 0, call_clc, 0, "clc", "clears the terminal"),
    OCTAVE("tic", "", 1, call_tic, 0, "tic, t = tic", "starts a clock"),
    OCTAVE("toc", "?n", 1, call_toc, 0, "toc, toc(t)", "seconds since tic"),
    OCTAVE_N("time", "", call_time, 0, "time()", "seconds since 1970"),
    OCTAVE_N("cputime", "", call_time, 1, "cputime()", "seconds of the processor"),
    OCTAVE("more", "?v*", 0, call_nothing, 0, "more off", "nothing"),
    OCTAVE("pkg", "?v*", 0, call_nothing, 0, "pkg load NAME", "nothing"),
    OCTAVE("pause", "?v*", 0, call_nothing, 0, "pause(seconds)", "nothing"),
    OCTAVE("drawnow", "?v*", 0, call_nothing, 0, "drawnow", "nothing"),
    OCTAVE("graphics_toolkit", "?v*", 0, call_nothing, 0, "graphics_toolkit NAME", "nothing"),
    OCTAVE("quit", "?n", 0, call_quit, 0, "quit, quit(status)",
           "ends the program, with status 0 if none is given"),
    OCTAVE("exit", "?n", 0, call_quit, 0, "exit, exit(status)", "as quit"),
    /* constants */
    OCTAVE_N("pi", "?rr", call_constant, 3.14159265358979323846, "pi", "3.14159..."),
    OCTAVE_N("e", "?rr", call_constant, 2.71828182845904523536, "e", "2.71828..."),
    OCTAVE_N("eps", "", call_constant, 0x1p-52, "eps", "2^-52"),
    OCTAVE_N("Inf", "?rr", call_constant, INFINITY, "Inf", "infinity"),
    OCTAVE_N("NaN", "?rr", call_constant, NAN, "NaN", "not a number"),
    OCTAVE_N("inf", "?rr", call_constant, INFINITY, "inf", "as Inf"),
    OCTAVE_N("nan", "?rr", call_constant, NAN, "nan", "as NaN"),
    OCTAVE_N("true", "?rr", call_truth, 1, "true", "1, as comparisons give it"),
    OCTAVE_N("false", "?rr", call_truth, 0, "false", "0, as comparisons give it"),
    /* plots */
    OCTAVE_N("plot", "v?v*", call_plot, 0, "plot(y), plot(x, y), plot(x, y, \"--rx\", ...)",
             "lines through points, those of a matrix column by column"),
    OCTAVE_N("semilogx", "v?v*", call_plot, PLOT_LOG_X, "semilogx(x, y)",
             "plot, x in powers of 10"),
    OCTAVE_N("semilogy", "v?v*", call_plot, PLOT_LOG_Y, "semilogy(x, y)",
             "plot, y in powers of 10"),
    OCTAVE_N("loglog", "v?v*", call_plot, PLOT_LOG_X + PLOT_LOG_Y, "loglog(x, y)",
             "plot, both in powers of 10"),
    OCTAVE_N("scatter", "vv?v*", call_plot, PLOT_POINTS, "scatter(x, y)", "plot of points alone"),
    OCTAVE("bar", "v?v*", 1, call_bar, 0, "bar(y), bar(x, y), bar(x, y, width)",
           "bars, those of a matrix in groups"),
    OCTAVE("hist", "v?v*", 2, call_hist, 0, "hist(y), hist(y, bins), [n, x] = hist(y, middles)",
           "bars for the numbers in each of 10 or more bins, or how many there are"),
    OCTAVE_N("contour", "v?v*", call_surface, SERIES_CONTOUR,
             "contour(Z), contour(x, y, Z), contour(x, y, Z, levels)", "lines of equal height"),
    OCTAVE_N("mesh", "v?v*", call_surface, SERIES_MESH, "mesh(Z), mesh(x, y, Z)", "a net in space"),
    OCTAVE_N("surf", "v?v*", call_surface, SERIES_SURFACE, "surf(Z), surf(x, y, Z)",
             "a surface in space"),
    OCTAVE_N("meshc", "v?v*", call_surface, SERIES_MESH + PLOT_CONTOURS, "meshc(x, y, Z)",
             "mesh, with contours on the ground"),
    OCTAVE_N("surfc", "v?v*", call_surface, SERIES_SURFACE + PLOT_CONTOURS, "surfc(x, y, Z)",
             "surf, with contours on the ground"),
    OCTAVE("figure", "?v*", 1, call_figure, 0, "figure, figure(n)",
           "starts a figure, or goes on with it"),
    OCTAVE("clf", "?v*", 0, call_clf, 0, "clf", "empties the figure"),
    OCTAVE("close", "?v*", 0, call_close, 0, "close, close(n), close all", "ends a figure, or all"),
    OCTAVE("subplot", "n?v*", 1, call_subplot, 0, "subplot(m, n, k), subplot(mnk)",
           "the k-th of m x n axes in the figure"),
    OCTAVE("hold", "?t", 0, call_hold, 0, "hold on, hold off", "adds plots to what the axes show"),
    OCTAVE("xlabel", "t?v*", 1, call_label, 0, "xlabel(s)", "names the axis"),
    OCTAVE("ylabel", "t?v*", 1, call_label, 0, "ylabel(s)", "names the axis"),
    OCTAVE("zlabel", "t?v*", 1, call_label, 0, "zlabel(s)", "names the axis"),
    OCTAVE("title", "t?v*", 1, call_label, 0, "title(s)", "a line above the axes"),
    OCTAVE("legend", "?v*", 1, call_legend, 0,
           "legend(s, t, ...), legend(..., \"location\", place)", "names what the axes show"),
    OCTAVE("text", "nnt?v*", 1, call_text, 0, "text(x, y, s)", "words at a point"),
    OCTAVE("axis", "?v*", 0, call_axis, 0, "axis([left right bottom top]), axis equal",
           "limits of the axes; equal, square, tight, ij, off"),
    OCTAVE("xlim", "v", 0, call_limits, 0, "xlim([left right])", "limits of the axis"),
    OCTAVE("ylim", "v", 0, call_limits, 0, "ylim([bottom top])", "limits of the axis"),
    OCTAVE("zlim", "v", 0, call_limits, 0, "zlim([bottom top])", "limits of the axis"),
    OCTAVE("grid", "?t", 0, call_grid, 0, "grid on, grid off", "lines at the tics"),
    OCTAVE("colorbar", "?v*", 0, call_nothing, 0, "colorbar", "nothing"),
    OCTAVE("print", "v?v*", 0, call_print, 0, "print(\"name.png\"), print -dpdf name",
           "draws the figure into a file: .svg, .png, .pdf or .eps"),
    OCTAVE("colormap", "?v*", 0, call_nothing, 0, "colormap NAME", "nothing"),
    OCTAVE("shading", "?v*", 0, call_nothing, 0, "shading NAME", "nothing"),
    OCTAVE("view", "?v*", 0, call_nothing, 0, "view(azimuth, elevation)", "nothing"),
};

enum { COUNT = sizeof functions / sizeof *functions };

size_t function_count(void)
{
    return COUNT;
}

void function_arity(const builtin *function, size_t *least, size_t *most)
{
    bool optional = false;
    *least = *most = 0;
    for (const char *kind = function->takes; *kind; kind++) {
        if (*kind == '?') optional = true;
        else if (*kind == '*') *most = SIZE_MAX;
        else ++*most, *least += !optional;
    }
}

bool takes_expressions(const builtin *function)
{
    return function->takes[0] == 'x';
}

void functions_intern(symbol_table *symbols)
{
    for (size_t k = 0; k < COUNT; k++)
        symbol_of(symbols, functions[k].name, strlen(functions[k].name));
}

const builtin *function_of(uint32_t symbol)
{
    return symbol < COUNT ? &functions[symbol] : NULL;
}

/* ---- Help ---- */

static void append_help(text_buffer *text, const builtin *function, int width)
{
    text_print(text, "  %-*s  %s%s\n", width, function->usage, function->help,
               function->beyond_octave ? " (not in Octave)" : "");
}

void print_functions(FILE *file)
{
    text_buffer text = {0};
    for (size_t k = 0; k < COUNT; k++) append_help(&text, &functions[k], 36);
    fwrite(text.data, 1, text.length, file);
    text_free(&text);
}

bool print_help(interpreter *in, const char *name)
{
    if (*name == '\0') {
        print_functions(in->output);
        return true;
    }
    text_buffer text = {0};
    nearest_name nearest = {.wanted = name};
    for (size_t k = 0; k < COUNT; k++) {
        nearest_offer(&nearest, functions[k].name);
        if (strcmp(functions[k].name, name) == 0) append_help(&text, &functions[k], 0);
    }
    bool found = text.length > 0;
    if (found) {
        fwrite(text.data, 1, text.length, in->output);
    } else {
        nearest_text(&nearest, &text);
        fail(in, "help: %s is not a function%s", name, text.length ? text.data : "");
    }
    text_free(&text);
    return found;
}
