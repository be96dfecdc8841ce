/* SPDX-License-Identifier: MIT */
/* p(x) = det(xI - S) for random symmetric matrices S = A + A^T, A normal, and its derivative near
 * an eigenvalue. The formula p'(x) = p(x) tr((xI - S)^-1) is 0 times infinity there; autodiff,
 * which differentiates det by cofactors, loses nothing.
 *
 * The reference is the sum of the principal minors of xI - S, each by elimination in long double
 * with complete pivoting. Autodiff may be off by 1e-13 times the condition number
 * ||M|| ||dp'/dM|| / |p'| (M = xI - S, Frobenius norms), room enough for the reference's own
 * rounding where long double is double. The formula, judged from distance 1e-4 up, may be off by
 * 1e-13 ||M|| ||M^-1||. */
#include "demo.h"
#include "principal_minors.h"

#include <stdint.h>

/* A standard normal number: Box and Muller on splitmix64 (Steele, Lea and Flood 2014). */
static double normal(uint64_t *state)
{
    double u[2];
    for (int k = 0; k < 2; k++) {
        uint64_t z = *state += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        u[k] = ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
    }
    return sqrt(-2 * log(u[0])) * cos(6.283185307179586 * u[1]);
}

/* Newton's method on p: recorded once, replayed at every x. *last becomes the last step. */
static double eigenvalue(ad_tape *tape, size_t n, const double *S, double *last)
{
    double at = 0;
    ad_var x = ad_scalar(tape, at);
    ad_var p = ad_charpoly(ad_constant(tape, n, n, S), x);
    ad_var step = ad_div(p, ad_grad(p, x));
    for (int k = 0; k < 100; k++) {
        *last = ad_value(step);
        at -= *last;
        ad_set(x, &at);
        ad_replay(tape);
    }
    return at;
}

static bool line(ad_tape *tape, size_t n, const double *S, double at, double distance)
{
    double identity[MOST * MOST] = {0}, condition;
    for (size_t i = 0; i < n; i++) identity[i * n + i] = 1;
    ad_var A = ad_constant(tape, n, n, S);
    ad_var x = ad_scalar(tape, at);
    ad_var M = ad_sub(ad_mul(x, ad_constant(tape, n, n, identity)), A);
    ad_var p = ad_charpoly(A, x);
    double by_charpoly = ad_value(ad_grad(p, x)), by_det = ad_value(ad_grad(ad_det(M), x));
    ad_var inverse = ad_inverse(M); /* exactly singular: an error on the tape, and no value */
    double formula = ad_value(ad_mul(p, ad_trace(inverse)));
    double stretch = ad_value(ad_mul(ad_norm_fro(M), ad_norm_fro(inverse)));
    ad_tape_reset(tape);

    long double right = sum_of_minors(n, S, at, &condition);
    double off[3] = {by_charpoly, by_det, formula};
    for (int k = 0; k < 3; k++) off[k] = (double)fabsl((off[k] - right) / right);
    bool good = off[0] <= 1e-13 * condition && off[1] <= 1e-13 * condition &&
                (distance < 1e-4 || off[2] <= 1e-13 * stretch);
    printf("%-7g %-22.15g %-22.15g %.1e %.1e (%.1e)  ", distance, by_charpoly, (double)right,
           off[0], off[1], 1e-13 * condition);
    if (isnan(formula)) printf("no value %17s", "");
    else printf("%-16.9g %.1e  ", formula, off[2]);
    printf("%s\n", good ? "ok" : "FAILED");
    return good;
}

int main(void)
{
    const size_t sizes[4] = {2, 5, 10, MOST};
    const double distances[5] = {1, 1e-4, 1e-8, 1e-12, 0};
    uint64_t state = 1;
    int failures = 0;
    ad_tape *tape = ad_tape_new();
    printf("The derivative of p(x) = det(xI - S), S = A + A^T, at a distance from an eigenvalue\n\n"
           "%-8s%-22s %-22s %-28s %s\n",
           "at", "p'(x) by autodiff", "sum of minors", "off by: charpoly, det",
           "p(x) tr((xI-S)^-1), off by");
    for (int k = 0; k < 4; k++) {
        size_t n = sizes[k];
        double A[MOST * MOST], S[MOST * MOST], step = 0;
        for (size_t i = 0; i < n * n; i++) A[i] = normal(&state);
        for (size_t i = 0; i < n * n; i++) S[i] = A[i] + A[i % n * n + i / n];
        double root = eigenvalue(tape, n, S, &step);
        bool found = fabs(step) <= 1e-13 * (double)n * largest(n * n, S);
        printf("%zu x %zu, eigenvalue %.15g by Newton's method, last step %.1e  %s\n", n, n, root,
               step, found ? "ok" : "FAILED");
        failures += !found;
        for (int d = 0; d < 5; d++)
            failures += !line(tape, n, S, root + distances[d], distances[d]);
    }
    printf("\n");
    ad_tape_free(tape);
    return failures > 0;
}
