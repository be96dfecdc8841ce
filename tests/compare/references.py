# SPDX-License-Identifier: MIT
"""References of compare.py: derivatives in as many digits as are needed (mpmath)."""
from mpmath import mp, mpf


def determinant(a):
    """By elimination; 0 only where a column has nothing but zeros left."""
    a, result = [row[:] for row in a], mpf(1)
    for k in range(len(a)):
        pivot = max(range(k, len(a)), key=lambda i: abs(a[i][k]))
        if a[pivot][k] == 0:
            return mpf(0)
        if pivot != k:
            a[k], a[pivot], result = a[pivot], a[k], -result
        result *= a[k][k]
        for i in range(k + 1, len(a)):
            factor = a[i][k] / a[k][k]
            for j in range(k + 1, len(a)):
                a[i][j] -= factor * a[k][j]
    return result


def cofactors(x):
    n, a = x.rows, x.tolist()
    minor = lambda i, j: [row[:j] + row[j + 1:] for row in a[:i] + a[i + 1:]]
    return mp.matrix([[(-1) ** (i + j) * determinant(minor(i, j)) for j in range(n)]
                      for i in range(n)])


def unit(x):
    norm = mp.sqrt(sum(v * v for v in x))
    return x / norm if norm else 0 * x


# The gradients.
EXACT = {
    "norm2": unit,
    "norm2_shifted": lambda x, a: unit(x + a),
    "norm1": lambda x: x.apply(mp.sign),
    "frobenius": unit,
    "frobenius_by_trace": unit,
    "quadratic": lambda a, x, y: x * y.T,
    "trace": lambda x: mp.eye(x.rows),
    "trace_of_square": lambda x: 2 * x,
    "trace_of_product": lambda x, a, b: a.T * b.T,
    "det": cofactors,
    "log_det": lambda x: cofactors(x) / determinant(x.tolist()),
}


def exact_derivatives(name, operands, direction, differentiable):
    """The elements of the gradient and of the Hessian times V, this by a central difference in
    1000 digits with a relative error of about (1e-100)^2. Where there is no derivative: None for
    log|det|, else the subgradient at 0 and 0."""
    mp.dps = 1000
    x, *others = [mp.matrix(m) for m in operands]
    v = mp.matrix(direction)
    if not differentiable and name == "log_det":
        return None, None
    gradient = EXACT[name](x, *others)
    if not differentiable:
        return list(gradient), list(0 * x)
    step = mpf(10) ** -100 * (max(abs(e) for e in x) or 1)
    ahead, behind = EXACT[name](x + step * v, *others), EXACT[name](x - step * v, *others)
    return list(gradient), list((ahead - behind) / (2 * step))


def hessenberg(rows):
    """A similar matrix in Hessenberg form, by elimination with pivoting (Golub & Van Loan 7.4)."""
    h = [[mpf(e) for e in row] for row in rows]
    n = len(h)
    for k in range(n - 2):
        pivot = max(range(k + 1, n), key=lambda i: abs(h[i][k]))
        h[k + 1], h[pivot] = h[pivot], h[k + 1]
        for row in h:
            row[k + 1], row[pivot] = row[pivot], row[k + 1]
        for i in range(k + 2, n):
            factor = h[i][k] / h[k + 1][k]
            h[i] = [mpf(0)] * (k + 1) + [a - factor * b for a, b in list(zip(h[i], h[k + 1]))[k + 1:]]
            for row in h:
                row[k + 1] += factor * row[i]
    return h


def polynomial(h, x):
    """p(x), p'(x), p''(x) of a Hessenberg matrix, by the recurrence over its leading blocks."""
    p = [[mpf(1), mpf(0), mpf(0)]]
    for k in range(len(h)):
        d, (a, b, c) = x - h[k][k], p[k]
        value, product = [d * a, d * b + a, d * c + 2 * b], mpf(1)
        for i in range(k - 1, -1, -1):
            product *= h[i + 1][i]
            weight = product * h[i][k]
            value = [v - weight * e for v, e in zip(value, p[i])]
        p.append(value)
    return p[-1]
