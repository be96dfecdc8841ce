/* The function table. */
#include "autodiff/script/library/functions.h"

#include "autodiff/script/shell/suggest.h"

#include <string.h>

/* name, least and most arguments, results, code, use, help */
#define ANY (-1)
#define ELEMENTWISE(word, operation, text)                                                         \
    {                                                                                              \
        .name = #word, .least = 1, .most = 1, .results = 1, .code = call_one, .one = operation,    \
        .usage = #word "(x)", .help = text                                                         \
    }
#define BEYOND(word, operation, text)                                                              \
    {                                                                                              \
        .name = #word, .least = 1, .most = 1, .results = 1, .code = call_one, .one = operation,    \
        .beyond_octave = true, .usage = #word "(x)", .help = text                                  \
    }
#define OF_TWO(word, operation, text)                                                              \
    {                                                                                              \
        .name = #word, .least = 2, .most = 2, .results = 1, .code = call_two, .two = operation,    \
        .usage = #word "(x, y)", .help = text                                                      \
    }

static const builtin functions[] = {
    /* derivatives */
    {"grad", 2, ANY, 16, call_grad, 0, 0, true, true, "grad(y, x), [gx, gz] = grad(y, x, z)",
     "gradient of the scalar y, of the shape of the variable x"},
    {"jacobian", 2, 2, 1, call_jacobian, 0, 0, true, true, "jacobian(y, x)",
     "derivatives of all elements of y by all of x, counted down the columns"},
    {"hessian", 2, 2, 1, call_hessian, 0, 0, true, true, "hessian(y, x)",
     "second derivatives of the scalar y by the elements of x"},
    {"hvp", 3, 3, 1, call_hvp, 0, 0, true, true, "hvp(y, x, v)",
     "the Hessian of y times v, of the shape of x"},
    {"detach", 1, 1, 1, call_detach, 0, 0, false, true, "detach(x)",
     "x as a constant: nothing is differentiated through it"},
    {"check", 2, 3, 0, call_check, 0, 0, false, true, "check(actual, expected, tolerance)",
     "compares; a difference beyond 1e-10, or the tolerance, of the largest element expected "
     "fails"},
    {"gradcheck", 2, 2, 0, call_gradcheck, 0, 0, true, true, "gradcheck(y, x)",
     "compares the gradient of y with central differences"},
    /* elementwise */
    ELEMENTWISE(abs, ad_abs, "absolute value"),
    ELEMENTWISE(sqrt, ad_sqrt, "square root; NaN below 0"),
    ELEMENTWISE(exp, ad_exp, "exponential"),
    ELEMENTWISE(expm1, ad_expm1, "exp(x) - 1, accurate near 0"),
    ELEMENTWISE(log, ad_log, "natural logarithm; NaN below 0"),
    ELEMENTWISE(log1p, ad_log1p, "log(1 + x), accurate near 0"),
    ELEMENTWISE(sin, ad_sin, "sine"),
    ELEMENTWISE(cos, ad_cos, "cosine"),
    ELEMENTWISE(tan, ad_tan, "tangent"),
    ELEMENTWISE(asin, ad_asin, "inverse sine"),
    ELEMENTWISE(acos, ad_acos, "inverse cosine"),
    ELEMENTWISE(atan, ad_atan, "inverse tangent"),
    ELEMENTWISE(sinh, ad_sinh, "hyperbolic sine"),
    ELEMENTWISE(cosh, ad_cosh, "hyperbolic cosine"),
    ELEMENTWISE(tanh, ad_tanh, "hyperbolic tangent"),
    ELEMENTWISE(erf, ad_erf, "error function"),
    {"lgamma", 1, 1, 1, call_lgamma, 0, 0, false, false, "lgamma(x)",
     "logarithm of the gamma function; NaN where that is negative"},
    ELEMENTWISE(sign, ad_sign, "-1, 0 or 1; derivative 0"),
    ELEMENTWISE(floor, ad_floor, "largest integer not above x"),
    ELEMENTWISE(ceil, ad_ceil, "smallest integer not below x"),
    ELEMENTWISE(round, ad_round, "nearest integer, halves away from 0"),
    {"isnan", 1, 1, 1, call_isnan, 0, 0, false, false, "isnan(x)", "1 where x is NaN"},
    BEYOND(sigmoid, ad_sigmoid, "1/(1 + exp(-x))"),
    BEYOND(softplus, ad_softplus, "log(1 + exp(x)) without overflow"),
    BEYOND(relu, ad_relu, "max(x, 0); derivative 0 at 0"),
    {"max", 1, 3, 2, call_extreme, 0, ad_max, false, false, "max(x), max(x, y), max(x, [], dim)",
     "largest elements, [m, i] = max(x) with their places; NaN wins"},
    {"min", 1, 3, 2, call_extreme, 0, ad_min, false, false, "min(x), min(x, y), min(x, [], dim)",
     "smallest elements, [m, i] = min(x) with their places; NaN wins"},
    OF_TWO(atan2, ad_atan2, "angle of the point (y, x)"),
    OF_TWO(hypot, ad_hypot, "sqrt(x^2 + y^2) without overflow"),
    OF_TWO(power, ad_pow, "x .^ y"),
    {"mod", 2, 2, 1, call_mod, 0, 0, false, false, "mod(x, y)", "x - y*floor(x/y)"},
    /* reductions */
    {"sum", 1, 2, 1, call_sum, 0, 0, false, false, "sum(x), sum(x, dim)",
     "sum of a vector, of each column, or along dim"},
    {"mean", 1, 2, 1, call_mean, 0, 0, false, false, "mean(x), mean(x, dim)",
     "mean of a vector, of each column, or along dim"},
    {"prod", 1, 2, 1, call_prod, 0, 0, false, false, "prod(x), prod(x, dim)",
     "product of a vector, of each column, or along dim"},
    {"any", 1, 2, 1, call_any, 0, 0, false, false, "any(x), any(x, dim)",
     "1 where some element is not 0"},
    {"all", 1, 2, 1, call_all, 0, 0, false, false, "all(x), all(x, dim)",
     "1 where no element is 0"},
    {"cumsum", 1, 2, 1, call_cumsum, 0, 0, false, false, "cumsum(x), cumsum(x, dim)",
     "running sums"},
    {"dot", 2, 2, 1, call_dot, 0, 0, false, false, "dot(x, y)",
     "product of two vectors, or of each two columns"},
    {"trace", 1, 1, 1, call_matrix, ad_trace, 0, false, false, "trace(A)", "sum of the diagonal"},
    {"numel", 1, 1, 1, call_numel, 0, 0, false, false, "numel(x)", "number of elements"},
    {"length", 1, 1, 1, call_length, 0, 0, false, false, "length(x)",
     "the larger of rows and columns"},
    {"rows", 1, 1, 1, call_rows, 0, 0, false, false, "rows(x)", "number of rows"},
    {"columns", 1, 1, 1, call_columns, 0, 0, false, false, "columns(x)", "number of columns"},
    {"size", 1, 2, 2, call_size, 0, 0, false, false, "size(x), size(x, dim), [m, n] = size(x)",
     "rows and columns"},
    {"isempty", 1, 1, 1, call_isempty, 0, 0, false, false, "isempty(x)", "1 if x has no elements"},
    {"logsumexp", 1, 1, 1, call_one, ad_logsumexp, 0, false, true, "logsumexp(x)",
     "log(sum(exp(x(:)))) without overflow"},
    {"norm", 1, 2, 1, call_norm, 0, 0, false, false,
     "norm(x), norm(x, 1), norm(x, Inf), norm(x, \"fro\")", "norm of a vector or matrix"},
    /* linear algebra */
    {"det", 1, 1, 1, call_matrix, ad_det, 0, false, false, "det(A)", "determinant"},
    {"inv", 1, 1, 1, call_inverse, ad_inverse, 0, false, false, "inv(A)",
     "inverse; A \\ b is cheaper and more accurate"},
    {"chol", 1, 1, 1, call_chol, 0, 0, false, false, "chol(A)",
     "upper triangular R with R'*R = A, from the upper triangle of A"},
    {"kron", 2, ANY, 1, call_kron, 0, 0, false, false, "kron(A, B)", "Kronecker product"},
    {"logdet", 1, 1, 1, call_matrix, ad_logabsdet, 0, false, true, "logdet(A)", "log|det(A)|"},
    {"slogdet", 1, 1, 2, call_slogdet, 0, 0, false, true, "[s, l] = slogdet(A)",
     "sign of det(A) and log|det(A)|"},
    {"cofactor", 1, 1, 1, call_matrix, ad_cofactor, 0, false, true, "cofactor(A)",
     "cofactor matrix: the gradient of det, also of a singular A"},
    {"charpoly", 2, 2, 1, call_charpoly, 0, 0, false, true, "charpoly(A, x)", "det(x*eye(n) - A)"},
    {"outer", 2, 2, 1, call_outer, 0, 0, false, true, "outer(x, y)", "x(:)*y(:)'"},
    /* building */
    {"eye", 0, 2, 1, call_eye, 0, 0, false, false, "eye(n), eye(m, n)", "identity matrix"},
    {"zeros", 0, 2, 1, call_zeros, 0, 0, false, false, "zeros(n), zeros(m, n)", "zeros"},
    {"ones", 0, 2, 1, call_ones, 0, 0, false, false, "ones(n), ones(m, n)", "ones"},
    {"diag", 1, 2, 1, call_diag, 0, 0, false, false, "diag(v), diag(A), diag(v, k)",
     "matrix with v on its diagonal, or the diagonal of A"},
    {"reshape", 2, 3, 1, call_reshape, 0, 0, false, false, "reshape(A, m, n)",
     "the elements of A, counted down the columns, as m x n"},
    {"vec", 1, 1, 1, call_vec, 0, 0, false, false, "vec(A)", "A(:), the columns stacked"},
    {"repmat", 2, 3, 1, call_repmat, 0, 0, false, false, "repmat(A, m, n)", "m x n copies of A"},
    {"linspace", 2, 3, 1, call_linspace, 0, 0, false, false, "linspace(a, b, n)",
     "n numbers from a to b, 100 if n is not given"},
    {"horzcat", 0, ANY, 1, call_horzcat, 0, 0, false, false, "horzcat(A, B, ...)", "[A, B, ...]"},
    {"vertcat", 0, ANY, 1, call_vertcat, 0, 0, false, false, "vertcat(A, B, ...)", "[A; B; ...]"},
    {"tril", 1, 2, 1, call_tril, 0, 0, false, false, "tril(A), tril(A, k)",
     "lower triangle, up to the k-th diagonal"},
    {"triu", 1, 2, 1, call_triu, 0, 0, false, false, "triu(A), triu(A, k)",
     "upper triangle, from the k-th diagonal"},
    {"rand", 0, 2, 1, call_rand, 0, 0, false, false, "rand(), rand(n), rand(m, n)",
     "uniform random numbers between 0 and 1"},
    {"randn", 0, 2, 1, call_randn, 0, 0, false, false, "randn(), randn(n), randn(m, n)",
     "standard normal random numbers"},
    {"seed", 1, 1, 0, call_seed, 0, 0, false, true, "seed(k)",
     "starts rand and randn anew, the same on every machine"},
    /* input and output */
    {"load", 1, 1, 1, call_load, 0, 0, false, true, "load(\"file.csv\")",
     "matrix from a file, its path relative to the script"},
    {"save", 2, 2, 0, call_save, 0, 0, false, true, "save(\"file.csv\", A)", "matrix to a file"},
    {"disp", 1, 1, 0, call_disp, 0, 0, false, false, "disp(x)", "prints x without its name"},
    {"printf", 1, ANY, 0, call_printf, 0, 0, false, false, "printf(template, ...)",
     "prints by a template, recycled over all elements"},
    {"fprintf", 1, ANY, 0, call_fprintf, 0, 0, false, false, "fprintf(template, ...)", "as printf"},
    {"format", 0, 1, 0, call_format, 0, 0, false, false, "format long, format short",
     "16 or 5 significant digits"},
    /* the session */
    {"clear", 0, ANY, 0, call_clear, 0, 0, false, false, "clear, clear x y*",
     "forgets all variables, or those named"},
    {"who", 0, 0, 0, call_who, 0, 0, false, false, "who", "names the variables"},
    {"clc", 0, 0, 0, call_clc, 0, 0, false, false, "clc", "clears the terminal"},
    {"quit", 0, 1, 0, call_quit, 0, 0, false, false, "quit, quit(status)",
     "ends the program, with status 0 if none is given"},
    {"exit", 0, 1, 0, call_quit, 0, 0, false, false, "exit, exit(status)", "as quit"},
    /* constants */
    {"pi", 0, 2, 1, call_constant, 0, 0, false, false, "pi", "3.14159..."},
    {"e", 0, 2, 1, call_constant, 0, 0, false, false, "e", "2.71828..."},
    {"eps", 0, 0, 1, call_constant, 0, 0, false, false, "eps", "2^-52"},
    {"Inf", 0, 2, 1, call_constant, 0, 0, false, false, "Inf", "infinity"},
    {"NaN", 0, 2, 1, call_constant, 0, 0, false, false, "NaN", "not a number"},
    {"true", 0, 2, 1, call_truth, 0, 0, false, false, "true", "1, as comparisons give it"},
    {"false", 0, 2, 1, call_truth, 0, 0, false, false, "false", "0, as comparisons give it"},
};

enum { COUNT = sizeof functions / sizeof *functions };

size_t function_count(void)
{
    return COUNT;
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
    nearest_name nearest;
    nearest_start(&nearest, name);
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
