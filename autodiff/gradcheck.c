/* A gradient against differences, by replaying the part of the tape after x.
 *
 * Of each component central differences of several scales are extrapolated (Ridders 1982, "Accurate
 * computation of F'(x) and F'(x) F''(x)"): between |x| and sqrt(eps) |x| there is one that suits the
 * function. Its error is known only as far as the differences agree with one another. A component
 * is judged where two scales agree within their errors, and these are small beside the derivative;
 * what it is accused of is the difference beyond the error.
 */
#include "autodiff/snapshot.h"
#include "ops/operations.h"

#include <float.h>
#include <math.h>

/* ---- differences ---- */

/* y as a function of an element of x. */
typedef struct probe {
    ad_var y;
    const uint32_t *path; /* the nodes that lie between, in order */
    size_t length;
    double *element;
    double centre, at_centre;
    double noise; /* how far rounding within y moves it, as far as seen */
    double bend;  /* half the smallest jump of slope seen at the centre: what a kink leaves open */
    bool running; /* false after an error */
} probe;

typedef struct difference {
    double slope, error, rounding; /* error Inf: none was found */
} difference;

/* NaN where y has no value. */
static double value_at(probe *p, double at)
{
    ad_tape *tape = p->y.tape;
    *p->element = at;
    tape_memo_clear(tape);
    size_t i = 0;
    while (p->running && i < p->length &&
           tape_recompute(tape, p->path[i], p->path[i] + 1) > p->path[i])
        i++;
    if (p->running && i == p->length) return *node_value(tape, p->y.node);
    p->running = p->running && tape->status == AD_ERROR_SINGULAR;
    if (p->running) ad_tape_clear_error(tape);
    return NAN;
}

/* The central difference of step *h, and the part of its error that comes from rounding. */
static double central(probe *p, double *h, double *rounding)
{
    const double above = p->centre + *h, below = p->centre - *h;
    *h = (above - below) / 2;
    const double y_above = value_at(p, above), y_below = value_at(p, below);
    const double largest = fmax(fabs(p->at_centre), fmax(fabs(y_above), fabs(y_below)));
    *rounding = 4 * DBL_EPSILON * largest / *h;
    const double bend = fabs((y_above - p->at_centre) / *h - (p->at_centre - y_below) / *h) / 2;
    if (bend < p->bend) p->bend = bend;
    return (y_above - y_below) / (2 * *h);
}

/* The first step from h down for which y is finite on both sides; 0 where there is none. */
static double finite_step(probe *p, double h)
{
    enum { MOST_HALVINGS = 60 };
    for (int i = 0; p->running && i < MOST_HALVINGS; i++, h /= 2)
        if (isfinite(value_at(p, p->centre + h)) && isfinite(value_at(p, p->centre - h))) return h;
    return 0;
}

/* Steps h, h/2, h/4, ...: each row of the table removes one more power h^2 from the error. */
static difference extrapolate(probe *p, double h)
{
    enum { ROWS = 8 };
    double row[ROWS], before[ROWS];
    difference best = {NAN, INFINITY, 0};
    h = finite_step(p, h);
    for (int i = 0; h > 0 && p->running && i < ROWS; i++, h /= 2) {
        double rounding, factor = 4;
        row[0] = central(p, &h, &rounding);
        for (int k = 1; k <= i; k++, factor *= 4) {
            row[k] = row[k - 1] + (row[k - 1] - before[k - 1]) / (factor - 1);
            const double change = fmax(fabs(row[k] - row[k - 1]), fabs(row[k] - before[k - 1]));
            const double error = fmax(rounding + p->noise / h, change);
            if (error < best.error) best = (difference){row[k], error, rounding};
        }
        if (i > 1 && fabs(row[i] - before[i - 1]) > 2 * best.error)
            break; /* rounding has taken over */
        for (int k = 0; k <= i; k++) before[k] = row[k];
    }
    return best;
}

/* ---- the verdict on a component ---- */

enum { SCALES = 4 };

/* From |x|/8 to sqrt(eps) |x|, 7 powers of two apart. */
static const double scales[SCALES] = {0x1p-3, 0x1p-10, 0x1p-17, 0x1p-24};

static bool agree(difference a, difference b)
{
    return fabs(a.slope - b.slope) <= a.error + b.error;
}

/* Whether a difference tells of a derivative: its error, and what a kink leaves open, are small beside
 * it, or the derivative is no larger than the error. The steps have come to a limit, other than of a
 * function that oscillates between them. */
static bool tells(difference d, double bend, double larger)
{
    const bool converged = d.error <= 1e-3 * fabs(d.slope) || d.error <= 1e6 * d.rounding;
    return converged && (d.error + bend <= 1e-4 * larger || fmax(larger, bend) <= d.error);
}

static double second_difference(probe *p, double h)
{
    return value_at(p, p->centre + h) - 2 * p->at_centre + value_at(p, p->centre - h);
}

/* Second differences of tiny steps are a curvature times h^2, and rounding: what of one is not four
 * times that of half the step is rounding. */
static double find_noise(probe *p, double scale)
{
    double noise = 0, whole = second_difference(p, scale * 0x1p-27);
    for (double h = scale * 0x1p-28; p->running && h > scale * 0x1p-31; h /= 2) {
        const double half = second_difference(p, h), rest = fabs(whole - 4 * half) / 4;
        if (isfinite(rest)) noise = fmax(noise, rest);
        whole = half;
    }
    return noise;
}

/* The relative error of a component of the gradient; -1 where it cannot be judged. */
static double judge(probe *p, double gradient, double scale)
{
    difference d[SCALES], best = {NAN, INFINITY, 0};
    p->bend = INFINITY;
    p->noise = find_noise(p, scale);
    for (int i = 0; i < SCALES; i++) {
        d[i] = extrapolate(p, scale * scales[i]);
        if (d[i].error < best.error) best = d[i];
    }
    const double larger = fmax(fabs(best.slope), fabs(gradient)), off = fabs(best.slope - gradient);
    int telling = 0;
    for (int i = 0; i < SCALES; i++)
        telling += isfinite(d[i].error) && agree(d[i], best) && tells(d[i], p->bend, larger);
    if (telling < 2) return -1;
    if (!isfinite(gradient)) return isnan(gradient) ? NAN : INFINITY;
    return off > best.error + p->bend ? (off - best.error - p->bend) / larger : 0;
}

/* For an element that is 0 the scale is that of the others. */
static double scale_of(const double *x, size_t size, size_t i)
{
    double scale = fabs(x[i]);
    for (size_t k = 0; scale == 0 && k < size; k++) scale = fmax(scale, fabs(x[k]));
    return isfinite(scale) && scale > 0 ? scale : 1;
}

static bool judge_all(probe *p, double *x, const double *gradient, size_t size, double *error,
                      size_t *judged)
{
    double largest = 0;
    p->at_centre = *node_value(p->y.tape, p->y.node);
    for (size_t i = 0; p->running && i < size && isfinite(p->at_centre); i++) {
        p->element = &x[i];
        p->centre = x[i];
        const double off = isfinite(x[i]) ? judge(p, gradient[i], scale_of(x, size, i)) : -1;
        x[i] = p->centre;
        if (off < 0) continue;
        (*judged)++;
        if (!(off <= largest)) largest = off; /* a NaN stays */
    }
    if (*judged) *error = largest;
    return p->running;
}

/* ---- the whole ---- */

/* The nodes between x and y: those that depend on x, and that y depends on. False on error, such as a
 * detach among them, which differences would see through. */
static bool find_path(probe *p, ad_var x)
{
    enum { BELOW = 1, ABOVE = 2 };
    ad_tape *tape = x.tape;
    const size_t range = (size_t)p->y.node - x.node + 1;
    uint8_t *marks = tape_scratch(tape, range, sizeof *marks);
    uint32_t *path = tape_scratch(tape, range, sizeof *path);
    if (!marks || !path) return false;
    for (size_t i = 0; i < range; i++) marks[i] = i == 0 ? BELOW : i + 1 == range ? ABOVE : 0;
    for (uint32_t node = p->y.node; node > x.node; node--)
        for (size_t k = node_operand_count(tape, node); (marks[node - x.node] & ABOVE) && k-- > 0;)
            if (node_operand(tape, node, k) >= x.node)
                marks[node_operand(tape, node, k) - x.node] |= ABOVE;
    for (uint32_t node = x.node + 1; node <= p->y.node; node++) {
        for (size_t k = node_operand_count(tape, node); k-- > 0;)
            if (node_operand(tape, node, k) >= x.node)
                marks[node - x.node] |= marks[node_operand(tape, node, k) - x.node] & BELOW;
        if (marks[node - x.node] != (BELOW | ABOVE)) continue;
        path[p->length++] = node;
        if (node_is_cut(tape, node))
            return tape_fail(tape, AD_ERROR_DERIVATIVE,
                             "gradcheck: the path from x to y was cut by detach");
    }
    p->path = path;
    return true;
}

static bool check(ad_var y, ad_var x, double *error, size_t *judged)
{
    ad_tape *tape = x.tape;
    matrix at, g;
    snapshot before;
    probe p = {.y = y, .running = true};
    if (y.node > x.node && !find_path(&p, x)) return false;
    ad_var gradient = ad_grad(y, x);
    if (!gradient.tape || !node_matrix(tape, x.node, &at) || !node_matrix(tape, gradient.node, &g))
        return false;
    const size_t size = matrix_size(&at);
    if (y.node <= x.node) { /* y is x, or does not depend on it */
        *judged = size;
        if (size) *error = y.node == x.node ? fabs(g.values[0] - 1) : 0;
        return true;
    }
    double *values = node_flags(tape, x.node) & NODE_MATRIX ? general_of(tape, x.node)->values
                                                            : node_value(tape, x.node);
    if (!snapshot_take(&before, tape, x.node, y.node + 1)) return false;
    const bool ok = judge_all(&p, values, g.values, size, error, judged);
    snapshot_restore(&before);
    return ok;
}

ad_status ad_gradcheck_report(ad_var y, ad_var x, double *error, size_t *judged)
{
    double largest = NAN;
    size_t count = 0;
    if (error) *error = NAN;
    if (judged) *judged = 0;
    ad_tape *tape = tape_common((const ad_var[]){y, x}, 2, "gradcheck");
    if (!tape) return y.tape ? ad_tape_status(y.tape) : AD_ERROR_ARGUMENT;
    if (!tape_ready(tape, "gradcheck") || !tape_settled(tape, "gradcheck")) return tape->status;
    tape_trial trial;
    if (!tape_begin_trial(tape, &trial)) return tape->status;
    arena_position position = arena_mark(&tape->scratch);
    const bool ok = check(y, x, &largest, &count);
    arena_rewind(&tape->scratch, position);
    tape_memo_clear(tape);
    tape_end_trial(tape, &trial);
    if (ok && error) *error = largest;
    if (ok && judged) *judged = count;
    return tape->status;
}

double ad_gradcheck(ad_var y, ad_var x)
{
    double error;
    ad_gradcheck_report(y, x, &error, NULL);
    return error;
}
