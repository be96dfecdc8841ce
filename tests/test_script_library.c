/* SPDX-License-Identifier: MIT */
/* The functions that order, pick and accumulate elements, and those that have no operation of their
 * own: values by closed forms and by Octave's documentation, shapes of what is empty, derivatives. */
#include "tests/script_program.h"
#include "tests/suite.h"

#include <stdio.h>
#include <string.h>

/* ---- Elementwise ---- */

START_TEST(logarithms_and_inverse_hyperbolic_functions)
{
    script_passes(
        "check(log2([1 8 0.25]), [0 3 -2]), check(log10([1 1000 0.01]), [0 3 -2])\n"
        "x = [0.2 0.7 -0.5]; check(asinh(sinh(x)), x), check(atanh(tanh(x)), x)\n"
        "check(acosh(cosh(x)), abs(x)), check(erfc(x), 1 - erf(x))\n"
        "check(erfc(10), 2.0884875837625447e-45), check(xlogy([0 2], [0 3]), [0 2*log(3)])",
        8);
    script_prints("log2(-1), log10(0), acosh(0.5), atanh([1 2])",
                  "ans = NaN\nans = -Inf\nans = NaN\nans =\n\n   Inf   NaN\n\n");
}
END_TEST

START_TEST(gamma_and_psi)
{
    script_passes("check(gamma([1 2 3 4 5 0.5 -0.5]), [1 1 2 6 24 sqrt(pi) -2*sqrt(pi)])\n"
                  "check(gamma(171), 7.257415615307994e306)\n"
                  "check(psi([1 0.5]), -0.5772156649015329 - [0 2*log(2)])\n"
                  "check(psi(1, 1), pi^2/6), check(psi(2, [1 2]), -2*1.2020569031595943 + [0 2])\n"
                  "check(psi(0, 3), psi(3))\n"
                  "x = 2.5; check(grad(gamma(x), x), gamma(x)*psi(x))\n"
                  "check(grad(grad(gamma(x), x), x), gamma(x)*(psi(x)^2 + psi(1, x)))\n"
                  "check(grad(psi(x), x), psi(1, x)), check(grad(psi(1, x), x), psi(2, x))\n"
                  "v = [0.3 1.7 -0.6]; gradcheck(sum(gamma(v)), v)",
                  11);
    script_prints("gamma([-1 -2 0 -Inf Inf]), gamma(-0)",
                  "ans =\n\n   Inf   Inf   Inf   Inf   Inf\n\nans = -Inf\n");
}
END_TEST

START_TEST(remainders)
{
    script_passes("x = [5 -5 5 -5]; y = [3 3 -3 -3];\n"
                  "check(mod(x, y), [2 1 -1 -2]), check(rem(x, y), [2 -2 2 -2])\n"
                  "check(mod(5, 0), 5), check(mod(0.3, 0.1), 0), check(rem(0.3, 0.1), 0)\n"
                  "check(rem([5; -7], [2 3]), [1 2; -1 -1]), check(rem(5, Inf), 5)\n"
                  "check(rem(x, y), x - y.*fix(x./y)), check(mod(x, y), x - y.*floor(x./y))\n"
                  "check(fix([2.7 -2.7 0.3 -0.3 4]), [2 -2 0 0 4])\n"
                  "check(grad(sum(rem(x, y)), x), [1 1 1 1])\n"
                  "check(grad(sum(rem(x, y)), y), -fix(x./y))\n"
                  "check(grad(sum(mod(x, y)), y), -floor(x./y))\n"
                  "z = 0; check(grad(rem(z, 2), z), 1), check(grad(fix(z + 1.5), z), 0)\n"
                  "gradcheck(sum(rem(x + 0.5, 2)), x), f = fix(2.5); check(grad(f^2, f), 4)",
                  17);
    script_prints("rem([5 NaN], 0), fix([NaN Inf -Inf])",
                  "ans =\n\n   NaN   NaN\n\nans =\n\n   NaN   Inf  -Inf\n\n");
}
END_TEST

START_TEST(questions)
{
    script_prints("isinf([1 Inf -Inf NaN]), isfinite([1 Inf -Inf NaN]), isinf(zeros(0, 2))",
                  "ans =\n\n  0  1  1  0\n\nans =\n\n  1  0  0  0\n\nans = [](0x2)\n");
    script_prints("x = [1 Inf 3]; x(isfinite(x)), nnz([1 0; NaN -2]), nnz([]), inf, nan(1, 2)",
                  "ans =\n\n   1   3\n\nans = 3\nans = 0\nans = Inf\nans =\n\n   NaN   NaN\n\n");
}
END_TEST

/* ---- Along a dimension ---- */

START_TEST(variance_and_deviation)
{
    script_passes("check(var([1 2 3]), 1), check(var([1 2 3], 1), 2/3), check(var(13), 0)\n"
                  "check(var([1 2 3], [], 1), [0 0 0]), check(var([1; 5], 0, 1), 8)\n"
                  "A = [1 2; 3 5]; check(std(A), [sqrt(2) sqrt(4.5)]), check(std(A, 1), [1 1.5])\n"
                  "check(std(A, 0, 2), [sqrt(0.5); sqrt(2)]), check(std(A, [], 1), std(A))\n"
                  "check(std([1e200 -1e200]), sqrt(2)*1e200)\n"
                  "x = [3; 1; 2]; check(grad(var(x), x), x - mean(x)), gradcheck(std(x), x)\n"
                  "gradcheck(sum(std(A)), A), gradcheck(sum(var(A, 1, 2)), A)\n"
                  "c = [2; 2; 2]; check(grad(std(c), c), zeros(3, 1))\n"
                  "check(hessian(std(c)^2, c), hessian(var(c), c))\n"
                  "check(hessian(var(c), c), eye(3) - ones(3)/3)",
                  17);
    script_prints("var([]), var([], [], 1), std([], [], 2), std(zeros(3, 0)), var(zeros(0, 2))",
                  "ans = NaN\nans = [](1x0)\nans = [](0x1)\nans = [](1x0)\n"
                  "ans =\n\n   NaN   NaN\n\n");
    script_prints("var(Inf), std([1 Inf 3]), var([1 NaN 3]), var([1 Inf 3], [], 1)",
                  "ans = NaN\nans = NaN\nans = NaN\nans =\n\n     0   NaN     0\n\n");
}
END_TEST

START_TEST(medians)
{
    script_passes(
        "check(median([1 4 2 3]), 2.5), check(median([5; 1; 4]), 4), check(median(7), 7)\n"
        "A = [3 1; 2 5; 1 4]; check(median(A), [2 4]), check(median(A, 2), [2; 3.5; 2.5])\n"
        "check(median(A(:, 1)', 1), [3 2 1]), check(median([1 Inf Inf 2]), Inf)\n"
        "check(grad(sum(median(A)), A), [0 0; 1 0; 0 1])\n"
        "r = [4 1 3 9]; check(grad(median(r), r), [0.5 0 0.5 0]), gradcheck(median(r)^2, r)",
        10);
    script_prints("median([1 NaN 3]), median([NaN 1; 2 3]), median([]), median(zeros(0, 2))",
                  "ans = NaN\nans =\n\n   NaN     2\n\nans = NaN\nans =\n\n   NaN   NaN\n\n");
}
END_TEST

START_TEST(sorting)
{
    script_passes(
        "x = [3 1 2 1]; [s, i] = sort(x); check(s, [1 1 2 3]), check(i, [2 4 3 1])\n"
        "[s, i] = sort(x, 'descend'); check(s, [3 2 1 1]), check(i, [1 3 2 4])\n"
        "A = [3 1; 2 5; 1 4]; [s, i] = sort(A); check(s, [1 1; 2 4; 3 5]), check(i, [3 1; 2 3; 1 "
        "2])\n"
        "[s, i] = sort(A, 2, 'descend'); check(s, [3 1; 5 2; 4 1]), check(i, [1 2; 2 1; 2 1])\n"
        "check(sort(A, 'ascend'), sort(A, 1)), check(sort(x, 1), x), check(sort(5), 5)\n"
        "check(grad(sort(x)*[1; 2; 3; 4], x), [4 1 3 2]), gradcheck(sort(A, 2)(:, 1)'*[1; 2; 3], "
        "A)\n"
        "check(grad(max(sort(A)(2, :).^2), A), [0 0; 0 0; 0 8])",
        14);
    script_prints("[s, i] = sort([3 NaN 1 NaN])", "s =\n\n     1     3   NaN   NaN\n\n"
                                                  "i =\n\n   3   1   2   4\n\n");
    script_prints("[s, i] = sort([3 NaN 1 NaN], \"descend\")", "s =\n\n   NaN   NaN     3     1\n\n"
                                                               "i =\n\n   2   4   1   3\n\n");
    script_prints("sort([]), sort(zeros(1, 0)), sort(zeros(0, 3), 2), sort(zeros(1e15, 0), 2)",
                  "ans = [](0x0)\nans = [](1x0)\nans = [](0x3)\nans = [](1000000000000000x0)\n");
    script_prints("sort(zeros(1e15, 0)), median(zeros(1e15, 0)), std(zeros(1e15, 0))",
                  "ans = [](1000000000000000x0)\nans = [](1x0)\nans = [](1x0)\n");
}
END_TEST

START_TEST(differences_and_running_products)
{
    script_passes(
        "check(diff([1 4 9 16]), [3 5 7]), check(diff([1 4 9 16], 2), [2 2])\n"
        "A = [1 2; 4 8; 9 9]; check(diff(A), [3 6; 5 1]), check(diff(A, 1, 2), [1; 4; 0])\n"
        "check(diff(A, 0), A), check(diff(A, [], 2), diff(A, 1, 2))\n"
        "check(jacobian(diff(A(:, 1)), A(:, 1)), [-1 1 0; 0 -1 1])\n"
        "check(cumprod([1 2 3 4]), [1 2 6 24]), check(cumprod(A, 2), [1 2; 4 32; 9 81])\n"
        "check(cumprod(A), [1 2; 4 16; 36 144]), check(cumsum(A, 2), [1 3; 4 12; 9 18])\n"
        "z = [2 0 3]; check(jacobian(cumprod(z), z), [1 0 0; 0 2 0; 0 6 0])\n"
        "gradcheck(sum(cumprod(A)(:)), A), gradcheck(sum(diff(A.^2)(:).^2), A)",
        14);
    script_prints("diff(5), diff([]), diff([1 2 3], 3), diff(zeros(0, 2)), diff([1 2; 3 4], 5, 1)",
                  "ans = [](0x0)\nans = [](0x0)\nans = [](1x0)\nans = [](0x2)\nans = [](0x2)\n");
    script_prints("diff(zeros(1e15, 0), 4e14), diff(zeros(1e15, 0), 1e15), diff(zeros(3, 0), 0)",
                  "ans = [](600000000000000x0)\nans = [](0x0)\nans = [](3x0)\n");
    script_prints("cumprod([]), cumprod(zeros(0, 3))", "ans = [](0x0)\nans = [](0x3)\n");
}
END_TEST

/* ---- Places ---- */

START_TEST(finding)
{
    script_passes("x = [0 5 0 NaN 7]; check(find(x), [2 4 5]), check(find(x'), [2; 4; 5]), "
                  "check(find(9), 1)\n"
                  "check(find(x, 2), [2 4]), check(find(x, 1, 'last'), 5), check(find(x, 9, "
                  "'first'), [2 4 5])\n"
                  "A = [0 7; 8 9]; check(find(A), [2; 3; 4]), [i, j] = find(A);\n"
                  "check(i, [2; 1; 2]), check(j, [1; 2; 2]), [i, j, v] = find(A, 2);\n"
                  "check(v, [8; 7]), check(i, [2; 1]), check(grad(v'*[1; 2], A), [0 2; 1 0])\n"
                  "[i, j] = find(A, 2, 'last'); check(i, [1; 2]), check(j, [2; 2])\n"
                  "[i, j] = find([0 3 4]); check(i, [1 1]), check(j, [2 3])\n"
                  "check(x(find(x > 4)), [5 7])",
                  17);
    script_prints("find(0), find([0 0]), find([0; 0]), find(zeros(2)), find([])",
                  "ans = [](0x0)\nans = [](1x0)\nans = [](0x1)\nans = [](0x1)\nans = [](0x0)\n");
    script_prints("find(zeros(1, 0)), find(zeros(0, 1)), find(zeros(0, 3)), find(zeros(3, 0))",
                  "ans = [](1x0)\nans = [](0x1)\nans = [](0x1)\nans = [](0x1)\n");
}
END_TEST

START_TEST(flips)
{
    script_passes("A = [1 2 3; 4 5 6]; check(fliplr(A), [3 2 1; 6 5 4])\n"
                  "check(flipud(A), [4 5 6; 1 2 3]), check(fliplr(fliplr(A)), A)\n"
                  "check(grad(sum(fliplr(A)(:, 1).^2), A), [0 0 6; 0 0 12])\n"
                  "check(grad(flipud(A)(1, 1)^2, A), [0 0 0; 8 0 0])",
                  5);
    script_prints("x = [4 5 6]; x(fliplr(x > 4)), sort(x > 4, \"descend\")",
                  "ans =\n\n   4   5\n\nans =\n\n  1  1  0\n\n");
    script_prints("fliplr(zeros(0, 3)), flipud([])", "ans = [](0x3)\nans = [](0x0)\n");
}
END_TEST

/* ---- Least squares ---- */

START_TEST(rectangular_systems)
{
    script_passes(
        "A = [1 1; 1 2; 1 3; 1 5]; b = [1; 2; 2; 4]; x = A\\b;\n"
        "check(x, inv(A'*A)*A'*b), check(A'*(A*x - b), [0; 0]*1, 1e-12)\n"
        "y = A'\\[1; 2]; check(y, A*inv(A'*A)*[1; 2]), check(b'/A', x'), check([1 2]/A, y')\n"
        "check(jacobian(x, b), inv(A'*A)*A'), gradcheck(sum((A\\b).^2), A)\n"
        "gradcheck(sum((A'\\[1; 2]).^2), A), gradcheck(sum(([1 2]/A).^3), A)\n"
        "check(A\\[b 2*b], [x 2*x]), B = [2 1; 0 4]; check(B\\[4; 8], [1; 2])\n"
        "check([4 8]/B, [2 1.5])",
        12);
    script_prints("zeros(0, 3)\\zeros(0, 2), zeros(3, 0)\\zeros(3, 2)",
                  "ans =\n\n   0   0\n   0   0\n   0   0\n\nans = [](0x2)\n");
}
END_TEST

/* ---- Products, polynomials, factors ---- */

START_TEST(products)
{
    script_passes(
        "x = [1 2 3]; y = [4 -5 6]; A = [1 2; 3 4]; B = [5 6; 7 9];\n"
        "check(grad(dot(A, B, 2)(2), A), [0 0; 7 9]), check(grad(sum(sumsq(A, 2)), A), 2*A)\n"
        "check(jacobian(cross(x, y), x), [0 6 5; -6 0 4; -5 -4 0])\n"
        "gradcheck(sum(cross([x; y]', B(1)*[y; x]', 1)(:, 1)), x)\n"
        "C = cov(A); gradcheck(det(cov([A; y(1:2)])), A), check(cov(A, A), C)\n"
        "check(cov(x, y), cov(y, x)), check(grad(cov(x, y), x), (y - mean(y))/2)",
        7);
}
END_TEST

START_TEST(norms_of_other_powers)
{
    script_passes("x = [3 -1 2];\n"
                  "check(grad(norm(x, 3), x), sign(x).*x.^2/norm(x, 3)^2)\n"
                  "gradcheck(norm(x, 0.5), x), gradcheck(grad(norm(x, 4), x)(1), x)\n"
                  "check(grad(norm(x, -Inf), x), [0 -1 0]), check(grad(norm(x, 0), x), [0 0 0])\n"
                  "z = [0 0]; check(norm(z, 3), 0), check(norm(Inf*x, 3), Inf)",
                  7);
}
END_TEST

START_TEST(polynomials)
{
    script_passes("p = [2 -1 3]; x = [1 2; 0 -1]; t = [0 1 2 4]; y = [1 0 2 5];\n"
                  "check(grad(sum(polyval(p, x)(:)), x), 4*x - 1)\n"
                  "check(jacobian(polyval(p, 3), p), [9 3 1])\n"
                  "check(polyfit(t, polyval(p, t), 2), p), gradcheck(polyfit(t, y, 2)(1), t)\n"
                  "A = [t' ones(4, 1)]; check(jacobian(polyfit(t, y, 1), y), (A'*A)\\A')\n"
                  "check(grad(trapz(t, y), y), [1 2 3 2]/2), gradcheck(trapz(t, y.^2), t)\n"
                  "gradcheck(trapz(y.^2), y)",
                  8);
}
END_TEST

START_TEST(factors_of_blocks)
{
    script_passes("A = [4 2; 1 3]; L = chol(A, \"lower\"); check(L*L', [4 1; 1 3])\n"
                  "gradcheck(sum(chol(A, \"lower\")(:)), A)\n"
                  "S = [4 2 0; 2 3 0; 0 0 -1]; [R, p] = chol(S); check(p, 3)\n"
                  "check(R'*R, S(1:2, 1:2)), gradcheck(sum(R(:)), S)\n"
                  "n = 4; check(factorial(n), 24), check(grad(factorial(n), n), 24*psi(5))",
                  7);
}
END_TEST

START_TEST(grids_and_random_integers)
{
    script_passes("a = 1; b = 3; check(grad(sum(logspace(a, b, 3)), a), (10 + 50)*log(10))\n"
                  "x = [1 2]; y = [3 4 5]; [X, Y] = meshgrid(x, y);\n"
                  "check(grad(sum((X.*Y)(:)), x), [12 12]), check(grad(sum(Y(:)), y), [2 2 2])\n"
                  "seed(1), k = randi([-1 1], 1, 300);\n"
                  "check([min(k) max(k)], [-1 1]), check(k, round(k)), check(sum(k == 0) > 70, 1)\n"
                  "check(sort(randperm(9)), 1:9), q = randperm(9, 4); check(length(q), 4)\n"
                  "check(all(diff(sort(q)) > 0), 1)",
                  9);
}
END_TEST

START_TEST(sets)
{
    script_passes(
        "x = [3 1 3 2]; [u, i, j] = unique(x); check(u(j), x), check(x(i), u)\n"
        "check(grad(sum(unique(x).^2), x), [6 2 0 4])\n"
        "check(grad(sum(unique(x, \"last\").^2), x), [0 2 6 4])\n"
        "check(grad(unique(x, \"stable\")(1), x), [1 0 0 0])\n"
        "v = [1 2 4]; a = accumarray([2; 1; 2], v); check(grad(sum(a.^2), v), [10 4 10])\n"
        "s = 3; check(grad(sum(accumarray([1 2; 2 2; 1 2], s)(:)), s), 3)\n"
        "gradcheck(sum(accumarray([2; 1; 2], v).^3), v)",
        8);
}
END_TEST

START_TEST(decompositions)
{
    script_passes("A = [4 1 -2; 1 3 0; -2 0 5]; B = [1 2; 3 -4; 5 6]; [V, D] = eig(A);\n"
                  "check(V*D*V', A), check(V'*V, eye(3), 1e-14), check(eig(A), diag(D))\n"
                  "[U, S, W] = svd(B); check(U*S*W', B), check(U'*U, eye(3), 1e-14)\n"
                  "[U, S, W] = svd(B', \"econ\"); check(U*S*W', B'), check(svd(B), diag(S))\n"
                  "Z = [1 2 3; 2 4 6; 3 6 9]; [U, S, W] = svd(Z); check(U*S*W', Z)\n"
                  "check(U'*U, eye(3), 1e-14), check(svd(1e300*B), 1e300*svd(B))\n"
                  "check(svd(1e-300*B), 1e-300*svd(B)), check(eig(1e-300*A), 1e-300*eig(A))\n"
                  "[Q, R] = qr(B); check(Q*R, B), check(Q'*Q, eye(3), 1e-14)\n"
                  "[Q, R] = qr(B, 0); check(Q*R, B), [L, U, P] = lu(B); check(P'*L*U, B)\n"
                  "[L, U] = lu(B'); check(L*U, B'), H = hilb(20)*hilb(20)';\n"
                  "e = eig(H); check(sum(e), trace(H)), check(all(diff(e) > -1e-15), 1)",
                  19);
}
END_TEST

START_TEST(pseudo_inverses)
{
    script_passes("A = [1 2; 3 -4; 5 6]; P = pinv(A); check(P, inv(A'*A)*A')\n"
                  "gradcheck(P(1, 2), A), gradcheck(sum((A*pinv(A'*A))(:).^2), A)\n"
                  "B = A'; gradcheck(pinv(B)(2, 1), B), Z = [1 2; 2 4]; P = pinv(Z);\n"
                  "check(Z*P*Z, Z), check(P*Z*P, P), check(P, P')\n"
                  "check(cond(A), svd(A)(1)/svd(A)(2)), C = [2 1; 1 4];\n"
                  "check(grad(cond(C, 1), C), grad(norm(C, 1)*norm(inv(C), 1), C))",
                  9);
}
END_TEST

/* What does not depend on the variable is a number like any other. */
START_TEST(decompositions_have_no_derivative)
{
    script_passes("A = [2 1; 1 3]; x = 3; e = eig(A); check(grad(x*e(1), x), e(1))\n"
                  "s = svd(A); check(grad(s(1)^2, s), [2*s(1); 0]), check(rank(A*x), 2)",
                  3);
    static const char *const calls[][2] = {
        {"eig", "eig(A)(1)"}, {"svd", "sum(svd(A))"}, {"qr", "qr(A)(1)"},
        {"lu", "lu(A)(1)"},   {"cond", "cond(A)"},    {"pinv", "sum(pinv(A*ones(2))(:))"}};
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++) {
        char script[100], message[100];
        snprintf(script, sizeof script, "A = [2 1; 1 3]; y = %s;\ngrad(y, A)", calls[k][1]);
        snprintf(message, sizeof message, "grad: %s: has no gradient rule", calls[k][0]);
        script_fails(script, 2, 1, message);
    }
    script_fails("A = [2 1; 1 3]; [V, D] = eig(A);\ngrad(V(1), A)", 2, 1, "grad: eig: ");
    script_fails("A = [2 1; 1 3]; [U, S, V] = svd(A);\nhessian(S(1), A)", 2, 1, "hessian: svd: ");
    script_fails("A = [2 1; 1 3]; [Q, R] = qr(A);\njacobian(R, A)", 2, 1, "jacobian: qr: ");
    script_fails("A = [2 1; 1 3]; [L, U] = lu(A);\nhvp(U(1), A, A)", 2, 1, "hvp: lu: ");
}
END_TEST

START_TEST(eigenvalues_of_other_matrices)
{
    if (strcmp(TEST_KERNELS, "builtin") == 0) {
        script_fails("eig([1 2; 3 4])", 1, 1,
                     "eig: a matrix that is not symmetric needs LAPACK, which this program was "
                     "built without");
        return;
    }
    script_prints("eig([0 1; -1 0]), [V, D] = eig([0 1 0; -1 0 0; 0 0 2]);\nabs(V(3, 3)), D(3, 3)",
                  "ans =\n\n   NaN\n   NaN\n\nans = 1\nans = 2\n");
    script_passes("A = [1 2 3; 0 4 5; 1 0 6]; e = eig(A); check(sum(e), trace(A))\n"
                  "[V, D] = eig([1 2; 3 4]); check(V*D, [1 2; 3 4]*V), check(sum(V.^2), [1 1])",
                  3);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script library");
    TCase *cases = tcase_create("library");
    tcase_add_test(cases, logarithms_and_inverse_hyperbolic_functions);
    tcase_add_test(cases, gamma_and_psi);
    tcase_add_test(cases, remainders);
    tcase_add_test(cases, questions);
    tcase_add_test(cases, variance_and_deviation);
    tcase_add_test(cases, medians);
    tcase_add_test(cases, sorting);
    tcase_add_test(cases, differences_and_running_products);
    tcase_add_test(cases, finding);
    tcase_add_test(cases, flips);
    tcase_add_test(cases, rectangular_systems);
    tcase_add_test(cases, products);
    tcase_add_test(cases, norms_of_other_powers);
    tcase_add_test(cases, polynomials);
    tcase_add_test(cases, factors_of_blocks);
    tcase_add_test(cases, grids_and_random_integers);
    tcase_add_test(cases, sets);
    tcase_add_test(cases, decompositions);
    tcase_add_test(cases, pseudo_inverses);
    tcase_add_test(cases, decompositions_have_no_derivative);
    tcase_add_test(cases, eigenvalues_of_other_matrices);
    suite_add_tcase(s, cases);
    return s;
}
