/* A gradient against central differences, by replaying the part of the tape after x.
 *
 * The step (eps)^(1/3) max(1, |x|) balances truncation O(h^2) against rounding eps/h (Nocedal &
 * Wright 2006, section 8.1). This is a sanity check of a rule, not a proof: its own error is
 * about 1e-10 relative at best.
 */
#include "ops/operations.h"
#include "tape/tape.h"

#include <float.h>
#include <math.h>

/* Whether a detach lies between x and y: differences would see through it. */
static bool path_is_cut(ad_tape *tape, uint32_t x, uint32_t y)
{
    arena_position position = arena_mark(&tape->scratch);
    enum { DEPENDS = 1, CUT = 2 };
    uint8_t *marks = tape_scratch(tape, (size_t)y - x + 1, sizeof *marks);
    if (!marks) return false;
    marks[0] = DEPENDS;
    for (uint32_t node = x + 1; node <= y; node++) {
        uint8_t mark = 0;
        size_t count = node_operand_count(tape, node);
        for (size_t k = 0; k < count; k++) {
            uint32_t operand = node_operand(tape, node, k);
            if (operand >= x) mark |= marks[operand - x];
        }
        if (mark && node_code(tape, node) == CODE_GENERAL &&
            general_of(tape, node)->op == &detach_operation)
            mark |= CUT;
        marks[node - x] = mark;
    }
    bool cut = marks[y - x] & CUT;
    arena_rewind(&tape->scratch, position);
    return cut;
}

/* y with element i of x moved to value; x itself is not recomputed. */
static double value_at(ad_var y, ad_var x, double *element, double value)
{
    *element = value;
    tape_memo_clear(y.tape);
    if (!tape_recompute(y.tape, x.node + 1, y.node + 1)) return NAN;
    return *node_value(y.tape, y.node);
}

static double largest_difference(ad_var y, ad_var x, double *values, const double *gradient,
                                 size_t size)
{
    double largest = 0, scale = 1;
    for (size_t i = 0; i < size; i++) {
        double centre = values[i], h = cbrt(DBL_EPSILON) * fmax(1, fabs(centre));
        double above = centre + h, below = centre - h;
        double difference = value_at(y, x, &values[i], above) - value_at(y, x, &values[i], below);
        values[i] = centre;
        double error = fabs(difference / (above - below) - gradient[i]);
        if (!(error <= largest)) largest = error; /* a NaN stays */
        if (fabs(gradient[i]) > scale) scale = fabs(gradient[i]);
    }
    return largest / scale;
}

static double check(ad_var y, ad_var x)
{
    ad_tape *tape = x.tape;
    matrix at, g;
    ad_var gradient = ad_grad(y, x);
    if (!gradient.tape || !tape_compute_all(tape) || !node_matrix(tape, x.node, &at) ||
        !node_matrix(tape, gradient.node, &g))
        return NAN;
    double *values = node_flags(tape, x.node) & NODE_MATRIX ? general_of(tape, x.node)->values
                                                            : node_value(tape, x.node);
    if (y.node <= x.node) return y.node == x.node ? fabs(g.values[0] - 1) : 0;
    double error = largest_difference(y, x, values, g.values, matrix_size(&at));
    tape_memo_clear(tape);
    if (!tape_recompute(tape, x.node + 1, y.node + 1) || !tape_compute_all(tape)) return NAN;
    return error;
}

double ad_gradcheck(ad_var y, ad_var x)
{
    ad_tape *tape = tape_common((const ad_var[]){y, x}, 2, "gradcheck");
    if (!tape || !tape_ready(tape, "gradcheck") || !tape_settled(tape, "gradcheck")) return NAN;
    if (y.node > x.node && path_is_cut(tape, x.node, y.node)) {
        tape_fail(tape, AD_ERROR_DERIVATIVE, "gradcheck: the path from x to y was cut by detach");
        return NAN;
    }
    tape_trial trial;
    if (!tape_begin_trial(tape, &trial)) return NAN;
    double error = check(y, x);
    tape_memo_clear(tape);
    tape_end_trial(tape, &trial);
    return tape->status == AD_OK ? error : NAN;
}
