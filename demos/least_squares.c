/* SPDX-License-Identifier: MIT */
/* Gradient descent on a least-squares problem, recorded once and replayed at every step: how does
 * the pressure at which water boils grow with the temperature? log p = w_0 + w_1 u + w_2 u^2. */
#include "demo.h"

enum { TERMS = 3, MOST = 100 };

typedef struct readings {
    size_t count;
    double terms[MOST * TERMS], logs[MOST];
} readings;

static readings read_readings(const char *path)
{
    readings all = {0};
    struct matrix data = read_csv(path);
    if (data.rows > MOST || data.cols != 2) exit(2);
    all.count = data.rows;
    for (size_t i = 0; i < data.rows; i++) {
        double u = (data.values[2 * i] - 203) / 6; /* about -1 to 1: well conditioned */
        for (int j = 0; j < TERMS; j++) all.terms[TERMS * i + (size_t)j] = pow(u, j);
        all.logs[i] = log(data.values[2 * i + 1]);
    }
    free(data.values);
    return all;
}

static void check_gradient(struct report *report, ad_var w, const readings *all)
{
    double gradient[TERMS] = {0};
    for (size_t i = 0; i < all->count; i++)
        for (size_t j = 0; j < TERMS; j++) gradient[j] -= all->terms[TERMS * i + j] * all->logs[i];
    check(report, "grad loss = X^T(Xw - y), w = 0", TERMS, ad_adjoint(w), gradient, 1e-13);
}

/* Steps down the gradient of loss until nothing changes; prints the loss of the first 60 steps. */
static int descend(ad_tape *tape, ad_var loss, ad_var w, double curvature)
{
    int steps = 0;
    printf("# step, loss\n");
    for (double change = 1; change > 1e-16 && steps < 10000; steps++) {
        const double *g = ad_adjoint(w);
        double at[TERMS];
        if (!g) break;
        change = largest(TERMS, g) / curvature;
        for (size_t j = 0; j < TERMS; j++) at[j] = ad_values(w)[j] - g[j] / curvature;
        if (steps <= 60) printf("%d %.10g\n", steps, ad_value(loss));
        ad_set(w, at);
        ad_replay(tape);
        ad_backward(loss);
    }
    printf("\n");
    return steps;
}

int main(void)
{
    const readings all = read_readings("demos/data/boiling_point.csv");
    ad_tape *tape = ad_tape_new();
    ad_var X = ad_constant(tape, all.count, TERMS, all.terms);
    ad_var y = ad_constant(tape, all.count, 1, all.logs);
    ad_var w = ad_input(tape, TERMS, 1, (double[TERMS]){0});
    ad_var residual = ad_sub(ad_matmul(X, w), y);
    ad_var loss = ad_scale(ad_dot(residual, residual), 0.5);

    /* The normal equations, X^T X w = X^T y, with the curvature as large as ||X^T X||. */
    ad_var square = ad_matmul(ad_transpose(X), X);
    ad_var exact = ad_solve(square, ad_matmul(ad_transpose(X), y));
    double curvature = ad_value(ad_norm2(square));
    double condition = curvature * ad_value(ad_norm2(ad_inverse(square)));

    struct report report = begin("Least squares by gradient descent, 17 readings of Forbes, 1857");
    ad_backward(loss);
    check_gradient(&report, w, &all);
    int steps = descend(tape, loss, w, curvature);
    check(&report, "minimiser = (X^T X)^-1 X^T y", TERMS, ad_values(w), ad_values(exact),
          1e-13 * condition);
    printf("\n%d steps, loss %.3g, condition number of X^T X %.3g\n", steps, ad_value(loss),
           condition);
    int status = finish(&report, tape);
    ad_tape_free(tape);
    return status;
}
