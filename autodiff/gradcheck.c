/* SPDX-License-Identifier: MIT */
/* A gradient against differences, by replaying the part of the tape after x.
 *
 * Central differences of several scales are extrapolated for each component (Ridders 1982,
 * "Accurate computation of F'(x) and F'(x) F''(x)"): between |x| and sqrt(eps) |x| there is one
 * that suits the function. Its error is known only as far as the differences agree with one
 * another. A component is judged where two scales agree within their errors, and these are small
 * beside the derivative; what it is accused of is the difference beyond the error.
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
    double shares; /* what the elements of x contribute to y: they may cancel */
    double hidden; /* the largest value on the path: a change below its rounding may not be seen */
    double noise;  /* how far rounding within y moves it, as far as seen */
    double jump;   /* half the jump of slope at the centre, by the last step */
    double bend;   /* the smallest jump that steps extrapolate to: what a kink leaves open */
} probe;

typedef struct difference {
    double slope, error, rounding; /* error Inf: none was found */
} difference;

/* NaN where y has no value, and after an error other than that. */
static double value_at(probe *p, double at)
{
    ad_tape *tape = p->y.tape;
    *p->element = at;
    tape_memo_clear(tape);
    for (size_t i = 0; tape->status == AD_OK && i < p->length; i++)
        tape_recompute(tape, p->path[i], p->path[i] + 1);
    if (tape->status == AD_OK) return *node_value(tape, p->y.node);
    if (tape->status == AD_ERROR_SINGULAR) ad_tape_clear_error(tape);
    return NAN;
}

/* The central difference of step *h, and the part of its error that comes from rounding. Where y
 * does not change at all, the change may be lost within y. */
static double central(probe *p, double *h, double *rounding)
{
    const double above = p->centre + *h, below = p->centre - *h;
    *h = (above - below) / 2;
    const double y_above = value_at(p, above), y_below = value_at(p, below);
    const bool flat = y_above == p->at_centre && y_below == p->at_centre;
    const double largest =
        flat ? p->hidden : fmax(fabs(p->at_centre), fmax(fabs(y_above), fabs(y_below)));
    *rounding = (4 * DBL_EPSILON * largest + DBL_TRUE_MIN) / *h;
    p->jump = ((y_above - p->at_centre) / *h - (p->at_centre - y_below) / *h) / 2;
    return (y_above - y_below) / (2 * *h);
}

/* Steps h, h/2, h/4, ...: each row of the table removes one more power h^2 from the error. */
static difference extrapolate(probe *p, double h)
{
    enum { ROWS = 8 };
    double row[ROWS], before[ROWS];
    difference best = {NAN, INFINITY, 0};
    for (int i = 0; i < ROWS; i++, h /= 2) {
        double rounding, factor = 4;
        const double jump = p->jump;
        row[0] = central(p, &h, &rounding);
        /* of a smooth function the jump is as h; that of a kink stays */
        if (i > 0) p->bend = fmin(p->bend, fabs(2 * p->jump - jump));
        for (int k = 1; k <= i; k++, factor *= 4) {
            row[k] = row[k - 1] + (row[k - 1] - before[k - 1]) / (factor - 1);
            const double error = fmax(rounding + p->noise / h, fabs(row[k] - before[k - 1]));
            if (error < best.error) best = (difference){row[k], error, rounding};
        }
        for (int k = 0; k <= i; k++) before[k] = row[k];
    }
    return best;
}

/* ---- the verdict on a component ---- */

enum { SCALES = 5 };

/* From |x|/8 to sqrt(eps) |x|; closer where poles and short waves leave no more than small
 * steps. Without any one of them fewer components can be judged. */
static const double scales[SCALES] = {0x1p-3, 0x1p-10, 0x1p-17, 0x1p-21, 0x1p-25};

static double larger_of(difference d, double gradient)
{
    return fmax(fabs(d.slope), fabs(gradient));
}

/* Whether the error of a difference, and what a kink leaves open, are small beside the
 * derivative. */
static bool is_definite(difference d, double bend, double gradient)
{
    return d.error + bend <= 1e-4 * larger_of(d, gradient);
}

/* Whether a difference tells of a derivative: its steps have come to a limit, other than of a
 * function that oscillates between them, and it is definite, or the derivative is no larger than
 * the error. Without the first condition, sawtooths of 1e7 teeth are judged by large steps. */
static bool tells(difference d, double bend, double gradient)
{
    return (d.error <= 1e-3 * fabs(d.slope) || d.error <= 1e6 * d.rounding) &&
           (is_definite(d, bend, gradient) || larger_of(d, gradient) <= d.error);
}

/* Finds the best of the scales that agree with scale i; false where fewer than two of them tell. */
static bool find_agreeing(const difference *d, int i, double bend, double gradient,
                          difference *best)
{
    int telling = 0;
    *best = d[i];
    for (int k = 0; k < SCALES; k++) {
        if (!(fabs(d[i].slope - d[k].slope) <= d[i].error + d[k].error)) continue;
        telling += tells(d[k], bend, gradient);
        if (d[k].error < best->error) *best = d[k];
    }
    return telling >= 2;
}

/* Where poles or waves lie near, large steps may tell of another derivative than small ones: the
 * finest definite scale decides, or else the finest that tells. */
static bool find_best(const difference *d, double bend, double gradient, difference *best)
{
    for (int k = 2 * SCALES; k-- > 0;) {
        const int i = k % SCALES;
        if ((k < SCALES ? tells(d[i], bend, gradient) : is_definite(d[i], bend, gradient)) &&
            find_agreeing(d, i, bend, gradient, best))
            return true;
    }
    return false;
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
    for (double h = scale * 0x1p-28; h > scale * 0x1p-31; h /= 2) {
        const double half = second_difference(p, h);
        noise = fmax(noise, fabs(whole - 4 * half) / 4);
        whole = half;
    }
    return noise;
}

/* A sum of 10,000 terms has 100 times the rounding of one. */
#define SUMMED_EPSILON (100 * DBL_EPSILON)

/* Whether y has a structure too fine for the scales: finer steps find another slope, by more than
 * rounding explains. */
static bool is_rough(probe *p, difference d, double off, double scale)
{
    const double least = fmax(2 * SUMMED_EPSILON * p->hidden / off, 4 * DBL_EPSILON * scale);
    for (double h = scale * 0x1p-27; h > least; h /= 2) {
        const double above = p->centre + h, below = p->centre - h;
        const double slope = (value_at(p, above) - value_at(p, below)) / (above - below);
        if (fabs(slope - d.slope) > off / 2) return true;
    }
    return false;
}

/* The relative error of a component of the gradient; -1 where it cannot be judged. */
static double judge(probe *p, double gradient, double scale)
{
    difference d[SCALES], best;
    p->bend = INFINITY;
    p->noise = find_noise(p, scale);
    for (int i = 0; i < SCALES; i++) d[i] = extrapolate(p, scale * scales[i]);
    if (!find_best(d, p->bend, gradient, &best)) return -1;
    if (!isfinite(gradient)) return isnan(gradient) ? NAN : INFINITY;
    const double larger = larger_of(best, gradient), off = fabs(best.slope - gradient);
    /* the gradient is rounded too */
    const double rounding = SUMMED_EPSILON * p->shares / scale;
    const double excess = fmax(off - best.error - rounding, 0);
    if (excess > 1e-4 * larger && is_rough(p, best, off, scale)) return -1;
    for (int i = 0; i < SCALES && excess > 1e-4 * larger; i++) /* one scale finds the gradient */
        if (fabs(d[i].slope - gradient) <= 1e-4 * larger_of(d[i], gradient) &&
            is_definite(d[i], p->bend, gradient))
            return -1;
    return excess > 0 ? excess / larger : 0;
}

/* For an element that is 0 the scale is that of the others. */
static double scale_of(const double *x, size_t size, size_t i)
{
    double scale = fabs(x[i]);
    for (size_t k = 0; scale == 0 && k < size; k++) scale = fmax(scale, fabs(x[k]));
    return isfinite(scale) && scale > 0 ? scale : 1;
}

static double largest_value(const probe *p)
{
    double largest = 0;
    matrix m;
    for (size_t i = 0; i < p->length && node_matrix(p->y.tape, p->path[i], &m); i++)
        for (size_t k = 0; k < matrix_size(&m); k++)
            if (isfinite(m.values[k])) largest = fmax(largest, fabs(m.values[k]));
    return largest;
}

static bool judge_all(probe *p, double *x, const double *gradient, size_t size, double *error,
                      size_t *judged)
{
    double largest = 0;
    p->at_centre = *node_value(p->y.tape, p->y.node);
    p->hidden = largest_value(p);
    for (size_t i = 0; i < size; i++)
        if (isfinite(x[i] * gradient[i])) p->shares += fabs(x[i] * gradient[i]);
    for (size_t i = 0; p->y.tape->status == AD_OK && i < size; i++) {
        p->element = &x[i];
        p->centre = x[i];
        const double off = isfinite(x[i]) ? judge(p, gradient[i], scale_of(x, size, i)) : -1;
        x[i] = p->centre;
        if (off < 0) continue;
        (*judged)++;
        if (!(off <= largest)) largest = off; /* a NaN stays */
    }
    if (*judged) *error = largest;
    return p->y.tape->status == AD_OK;
}

/* ---- the whole ---- */

/* The nodes between x and y: those that depend on x, and that y depends on. False on error, such
 * as a detach among them, which differences would see through. */
static bool find_path(probe *p, ad_var x)
{
    enum { OUTSIDE, NEEDED, ON_PATH };
    ad_tape *tape = x.tape;
    const size_t range = (size_t)p->y.node - x.node + 1;
    uint8_t *marks = tape_scratch(tape, range, sizeof *marks);
    uint32_t *path = tape_scratch(tape, range, sizeof *path);
    if (!marks || !path) return false;
    for (size_t i = 0; i < range; i++) marks[i] = i + 1 == range ? NEEDED : OUTSIDE;
    for (uint32_t node = p->y.node; node > x.node; node--)
        for (size_t k = node_operand_count(tape, node); marks[node - x.node] && k-- > 0;)
            if (node_operand(tape, node, k) >= x.node)
                marks[node_operand(tape, node, k) - x.node] = NEEDED;
    marks[0] = ON_PATH;
    for (uint32_t node = x.node + 1; node <= p->y.node; node++) {
        uint8_t *mark = &marks[node - x.node];
        for (size_t k = node_operand_count(tape, node); *mark == NEEDED && k-- > 0;)
            if (node_operand(tape, node, k) >= x.node &&
                marks[node_operand(tape, node, k) - x.node] == ON_PATH)
                *mark = ON_PATH;
        if (*mark != ON_PATH) continue;
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
    probe p = {.y = y};
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
    if (!tape) return ad_tape_status(y.tape);
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
