/* SPDX-License-Identifier: MIT */
/* Newton's method for logistic regression: the probability of O-ring damage at a launch
 * temperature, 1/(1 + e^-(w_0 + w_1 u)). Gradient, Hessian and the Newton step are values on the
 * tape, recorded once; every iteration is one ad_set and one ad_replay. */
#include "demo.h"

enum { MOST = 100 };

/* The textbook's gradient X^T(s - y) and Hessian X^T diag(s(1 - s)) X, s = 1/(1 + e^-Xw). */
static void textbook(struct matrix data, const double *w, double *gradient, double *hessian)
{
    for (int k = 0; k < 2; k++) gradient[k] = 0;
    for (int k = 0; k < 4; k++) hessian[k] = 0;
    for (size_t i = 0; i < data.rows; i++) {
        double x[2] = {1, data.values[2 * i] - 70};
        double s = 1 / (1 + exp(-(w[0] + w[1] * x[1])));
        for (int k = 0; k < 2; k++) gradient[k] += x[k] * (s - data.values[2 * i + 1]);
        for (int k = 0; k < 4; k++) hessian[k] += x[k / 2] * s * (1 - s) * x[k % 2];
    }
}

/* The negative log-likelihood: log(1 + e^z) - y z, summed over the flights, z = Xw. */
static ad_var negative_log_likelihood(struct matrix data, ad_var w)
{
    double terms[MOST * 2], damaged[MOST];
    for (size_t i = 0; i < data.rows; i++) {
        terms[2 * i] = 1;
        terms[2 * i + 1] = data.values[2 * i] - 70; /* degrees above 70 */
        damaged[i] = data.values[2 * i + 1];
    }
    ad_var X = ad_constant(w.tape, data.rows, 2, terms);
    ad_var y = ad_constant(w.tape, data.rows, 1, damaged);
    ad_var z = ad_matmul(X, w);
    return ad_sub(ad_sum(ad_softplus(z)), ad_dot(y, z));
}

int main(void)
{
    struct matrix data = read_csv("demos/data/orings.csv");
    if (data.rows > MOST || data.cols != 2) return 2;
    ad_tape *tape = ad_tape_new();
    ad_var w = ad_input(tape, 2, 1, (double[]){0, 0});
    ad_var loss = negative_log_likelihood(data, w);
    ad_var gradient = ad_grad(loss, w);
    ad_var hessian = ad_hessian(loss, w);
    ad_var step = ad_solve(hessian, gradient);
    double condition = ad_value(ad_mul(ad_norm2(hessian), ad_norm2(ad_inverse(hessian))));

    struct report report = begin("Logistic regression by Newton's method, the shuttle's O-rings");
    double at[2] = {0, 0}, grad[2], second[4];
    textbook(data, at, grad, second);
    check(&report, "grad loss = X^T(s - y) at w = 0", 2, ad_values(gradient), grad, 1e-13);
    check(&report, "Hessian = X^T diag(s(1-s)) X", 4, ad_values(hessian), second, 1e-13);

    for (int k = 0; k < 10 && ad_ok(step); k++) {
        for (size_t i = 0; i < 2; i++) at[i] -= ad_values(step)[i];
        ad_set(w, at);
        ad_replay(tape);
    }
    textbook(data, at, grad, second);
    check(&report, "Hessian at the minimum", 4, ad_values(hessian), second, 1e-13);
    double zero[2] = {0, 0}, published[2] = {15.0429, -0.2322};
    double line[2] = {at[0] - 70 * at[1], at[1]}; /* in degrees above 0, as published */
    /* |gradient| <= ||Hessian|| times the error of w: what rounding of w leaves */
    check_scaled(&report, "grad loss at the minimum = 0", 2, ad_values(gradient), zero,
                 largest(4, second), 1e-13);
    check_scaled(&report, "w, published to 4 decimals", 2, line, published, 1, 5e-5);

    printf("\nProbability of damage at 31 degrees, the temperature of Challenger's launch: %.4f\n",
           1 / (1 + exp(-(at[0] + at[1] * (31 - 70)))));
    printf("Condition number of the first Newton step %.3g\n", condition);
    int status = finish(&report, tape);
    ad_tape_free(tape);
    free(data.values);
    return status;
}
