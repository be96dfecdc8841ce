/* Linear algebra. */
#include "autodiff/script/library/functions.h"

#include <stdlib.h>

static bool square_argument(function_call *call, size_t k, ad_var *matrix)
{
    if (!tape_argument(call, k, matrix)) return false;
    if (ad_rows(*matrix) != ad_cols(*matrix))
        return fail(call->in, "%s: %zux%zu is not square", call->function->name, ad_rows(*matrix),
                    ad_cols(*matrix));
    return true;
}

/* det, inv, trace, logdet, cofactor: one operation of a square matrix. */
bool call_matrix(function_call *call)
{
    ad_var matrix;
    return square_argument(call, 0, &matrix) && give_tape(call, call->function->one(matrix));
}

bool call_inverse(function_call *call)
{
    if (!call_matrix(call)) return false;
    if (call->arguments[0].form == FORM_DIAGONAL) call->results[0].form = FORM_DIAGONAL;
    return true;
}

/* R with R'R = A. The tape's L L' = (S + S')/2 with S the upper triangle of A, mirrored; R = L'. */
bool call_chol(function_call *call)
{
    ad_var matrix;
    if (!square_argument(call, 0, &matrix)) return false;
    size_t n = ad_rows(matrix);
    size_t *mirror = new_indices(call->in, n, n);
    if (!mirror) return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) mirror[i * n + j] = i < j ? i * n + j : j * n + i;
    bool ok = give_tape(call, ad_transpose(ad_cholesky(ad_gather(matrix, mirror, n, n))));
    release(mirror);
    return ok;
}

bool call_slogdet(function_call *call)
{
    ad_var matrix;
    return square_argument(call, 0, &matrix) &&
           give_tape(call, as_variable(call, ad_detsign(matrix))) &&
           (call->wanted < 2 || give_tape(call, ad_logabsdet(matrix)));
}

bool call_charpoly(function_call *call)
{
    ad_var matrix, x;
    if (!square_argument(call, 0, &matrix) || !tape_argument(call, 1, &x)) return false;
    if (ad_rows(x) != 1 || ad_cols(x) != 1)
        return fail(call->in, "charpoly: %zux%zu and %zux%zu: the second argument is one number",
                    ad_rows(matrix), ad_cols(matrix), ad_rows(x), ad_cols(x));
    return give_tape(call, ad_charpoly(matrix, x));
}

/* x y' of two vectors */
bool call_outer(function_call *call)
{
    ad_var x, y;
    if (!tape_argument(call, 0, &x) || !tape_argument(call, 1, &y)) return false;
    bool vectors = (ad_rows(x) == 1 || ad_cols(x) == 1) && (ad_rows(y) == 1 || ad_cols(y) == 1);
    if (!vectors)
        return fail(call->in, "outer: %zux%zu and %zux%zu: both must be vectors", ad_rows(x),
                    ad_cols(x), ad_rows(y), ad_cols(y));
    return give_tape(call, ad_outer(x, y));
}

/* Every element of the first times the second, and so on. */
bool call_kron(function_call *call)
{
    ad_var product, next;
    if (!tape_argument(call, 0, &product)) return false;
    for (size_t k = 1; k < call->count; k++) {
        if (!tape_argument(call, k, &next)) return false;
        product = ad_kron(product, next);
    }
    return give_tape(call, product);
}
