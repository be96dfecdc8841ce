#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes special_points.txt: elementwise operations at points where care is needed.

    python3 tests/data/special_points.py > tests/data/special_points.txt

What exists as a number comes from mpmath at 60 digits, what is infinite or a matter of limits from
the tables here. A line holds

    1 name n tolerance x value first second            one operand, n the integer argument or 0
    2 name 0 tolerance x y value by_x by_y by_xx by_xy by_yx by_yy

with tolerances in units of 2^-52, relative to each number.
"""
import math

from mpmath import mp, mpf

mp.dps = 60
INF, NAN, MAX, MIN = math.inf, math.nan, 1.7976931348623157e308, 5e-324
POINTS = [0.0, -0.0, INF, -INF, NAN, 1e300, -1e300, MAX, -MAX, 1e-300, -1e-300, MIN, -MIN, 0.5,
    -2.0]
NANS = (NAN, NAN, NAN)


def number(v):
    v = mpf(v)
    if mp.isnan(v):
        return NAN
    if abs(v) >= mpf(2) ** 1024:
        return INF if v > 0 else -INF
    return float(v)


def text(v):
    return v.hex() if math.isfinite(v) else repr(v)


def line(arity, name, n, tolerance, *numbers):
    print(arity, name, n, tolerance, *(text(number(v) if v or not isinstance(v, float) else v)
                                       for v in numbers))


def one(name, derivatives, limits, points=(), n=0, tolerance=16, domain=lambda x: True):
    """derivatives(x) gives value, first and second; limits holds them where it cannot."""
    for x in POINTS + list(points):
        if math.isnan(x):
            numbers = limits.get("nan", NANS)
        elif x in limits:
            sign = "-0" if x == 0 and math.copysign(1, x) < 0 else x
            numbers = limits.get(sign, limits[x])
        elif math.isinf(x) or not domain(x):
            numbers = NANS
        else:
            numbers = derivatives(mpf(x))
        line(1, name, n, tolerance, x, *numbers)


def tail(x):
    return mp.exp(-abs(x))


def sigmoid(x):
    t = tail(x)
    down = -mp.expm1(-abs(x))  # 1 - t
    return (1 if x >= 0 else t) / (1 + t), t / (1 + t) ** 2, -mp.sign(x) * t * down / (1 + t) ** 3


def softplus(x):
    s = sigmoid(x)
    return max(x, 0) + mp.log1p(tail(x)), s[0], s[1]


def tanh(x):
    t = tail(2 * x)
    value, slope = mp.sign(x) * -mp.expm1(-2 * abs(x)) / (1 + t), 4 * t / (1 + t) ** 2
    return value, slope, -2 * value * slope


def sech(x):
    value, t = 2 * tail(x) / (1 + tail(2 * x)), tanh(x)[0]
    return value, -value * t, value * (2 * t * t - 1)


def erf(x):
    slope = 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)
    return mp.erf(x), slope, -2 * x * slope


def exp_neg_square(x):
    value = mp.exp(-x * x)
    return value, -2 * x * value, (4 * x * x - 2) * value


def sqrt_1mx2(x):
    c = mp.sqrt((1 - x) * (1 + x))
    return c, -x / c, -1 / c ** 3


def sqrt_x2m1(x):
    r = mp.sqrt((x - 1) * (x + 1))
    return r, x / r, -1 / r ** 3


def sinc_derivative(n, x):
    if abs(x) < 1:  # sum (-1)^k x^(2k-n) / ((2k-n)! (2k+1))
        return mp.fsum((-1) ** k * x ** (2 * k - n) / (mp.factorial(2 * k - n) * (2 * k + 1))
                       for k in range((n + 1) // 2, 40))
    f = mp.sin(x) / x
    for k in range(1, n + 1):
        f = ((mp.sin(x), mp.cos(x), -mp.sin(x), -mp.cos(x))[k % 4] - k * f) / x
    return f


def sinc(n):
    return lambda x: [sinc_derivative(k, x) for k in range(n, n + 3)]


def power(n):
    return lambda x: (x ** n, n * x ** (n - 1) if n else mpf(0),
                      n * (n - 1) * x ** (n - 2) if n * (n - 1) else mpf(0))


def gamma_family(x, order):
    with mp.workdps(90):
        return [mp.log(abs(mp.gamma(x))) if k < 0 and x < 0 else
                mp.loggamma(x).real if k < 0 else mp.psi(k, x) for k in range(order, order + 3)]


def gamma(x):
    with mp.workdps(90):
        f, p, q = mp.gamma(x), mp.psi(0, x), mp.psi(1, x)
        return f, f * p, f * (p * p + q)


def is_pole(x):
    return x <= 0 and x == math.floor(x)


def ones():
    up, flat = (INF, INF, INF), (0, 0, 0)
    one("neg", lambda x: (-x, -1, 0), {INF: (-INF, -1, 0), -INF: (INF, -1, 0), "nan": (NAN, -1, 0)})
    one("square", lambda x: (x * x, 2 * x, 2),
        {INF: (INF, INF, 2), -INF: (INF, -INF, 2), "nan": (NAN, NAN, 2)}, [1e154, 1e200, -1e-170])
    one("sqrt", lambda x: (mp.sqrt(x), 1 / (2 * mp.sqrt(x)), -1 / (4 * x * mp.sqrt(x))),
        {0.0: (0, INF, -INF), INF: (INF, 0, 0)}, [1e-200, -MIN], domain=lambda x: x >= 0)
    exp = lambda x: (mp.exp(x),) * 3
    one("exp", exp, {INF: up, -INF: flat}, [709.5, 710.0, -708.0, -745.0, -746.0])
    one("expm1", lambda x: (mp.expm1(x), mp.exp(x), mp.exp(x)), {INF: up, -INF: (-1, 0, 0)},
        [709.5, -40.0, -745.0, 1e-20])
    log = lambda x: (mp.log(x) if x > 0 else NAN, 1 / x, -1 / x ** 2)
    one("log", log, {0.0: (-INF, INF, -INF), INF: (INF, 0, 0), -INF: (NAN, 0, 0)}, [1.0, 1e-150])
    one("log1p", lambda x: (mp.log1p(x) if x > -1 else NAN, 1 / (1 + x), -1 / (1 + x) ** 2),
        {-1.0: (-INF, INF, -INF), INF: (INF, 0, 0), -INF: (NAN, 0, 0)},
        [-1.0, -1 + 2.0 ** -53, 1e-20])
    l2, l10 = mp.log(2), mp.log(10)
    one("exp2", lambda x: (2 ** x, l2 * 2 ** x, l2 ** 2 * 2 ** x), {INF: up, -INF: flat},
        [1023.5, 1024.0, -1022.5, -1074.0, -1076.0, 1e-20, 3.0])
    for name, base in ("log2", l2), ("log10", l10):
        one(name, lambda x: [v / base for v in log(x)],
            {0.0: (-INF, INF, -INF), INF: (INF, 0, 0), -INF: (NAN, 0, 0)},
            [1.0, 1e-150, 8.0, 1000.0, 1 + 2.0 ** -40])
    one("sin", lambda x: (mp.sin(x), mp.cos(x), -mp.sin(x)), {}, [1e22])
    one("cos", lambda x: (mp.cos(x), -mp.sin(x), -mp.cos(x)), {}, [1e22])
    one("tan", lambda x: (mp.tan(x), mp.sec(x) ** 2, 2 * mp.tan(x) * mp.sec(x) ** 2), {},
        [1.5707963267948966])
    near = [1.0, -1.0, 1 - 2.0 ** -53, -1 + 2.0 ** -40, 1e-20, -1e-9, 2.0]
    asin = lambda x: (mp.asin(x), 1 / sqrt_1mx2(x)[0], x / sqrt_1mx2(x)[0] ** 3)
    one("asin", asin, {1.0: (mp.pi / 2, INF, INF), -1.0: (-mp.pi / 2, INF, -INF)}, near,
        domain=lambda x: abs(x) <= 1)
    one("acos", lambda x: (mp.acos(x), *(-d for d in asin(x)[1:])),
        {1.0: (0, -INF, -INF), -1.0: (mp.pi, -INF, INF)}, near, domain=lambda x: abs(x) <= 1)
    one("sqrt_1mx2", sqrt_1mx2, {1.0: (0, -INF, -INF), -1.0: (0, INF, -INF)}, near,
        domain=lambda x: abs(x) <= 1)
    one("atan", lambda x: (mp.atan(x), 1 / (1 + x * x), -2 * x / (1 + x * x) ** 2),
        {INF: (mp.pi / 2, 0, 0), -INF: (-mp.pi / 2, 0, 0)}, [1e100, -1e-20, 1e150, 1e154])
    one("sinh", lambda x: (mp.sinh(x), mp.cosh(x), mp.sinh(x)),
        {INF: up, -INF: (-INF, INF, -INF)}, [710.0, 711.0, -1e-20])
    one("cosh", lambda x: (mp.cosh(x), mp.sinh(x), mp.cosh(x)),
        {INF: up, -INF: (INF, -INF, INF)}, [710.0, 711.0, -1e-20])
    tails = [20.0, -20.0, 350.0, -350.0, 700.0, -700.0, 710.5, -740.0, 1e-20, -1e-9]
    one("sech", sech, {INF: flat, -INF: flat}, tails)
    one("tanh", tanh, {INF: (1, 0, 0), -INF: (-1, 0, 0)}, tails)
    one("asinh", lambda x: (mp.asinh(x), 1 / mp.sqrt(1 + x * x), -x / mp.sqrt(1 + x * x) ** 3),
        {INF: (INF, 0, 0), -INF: (-INF, 0, 0)}, [1e-20, -1e-9, 1e9, 1e154, 1e100, -3.0])
    above = [1.0, 1 + 2.0 ** -52, 1 + 1e-9, 1.5, 1e8, 1e9, 1.1e9, 1e100, 1e154]
    acosh = lambda x: (mp.acosh(x), 1 / mp.sqrt(x * x - 1), -x / mp.sqrt(x * x - 1) ** 3)
    one("acosh", acosh, {1.0: (0, INF, -INF), INF: (INF, 0, 0)}, above, domain=lambda x: x >= 1)
    one("sqrt_x2m1", sqrt_x2m1, {1.0: (0, INF, -INF), INF: (INF, 1, 0)},
        above, domain=lambda x: x >= 1)
    one("sqrt_x2m1_x", lambda x: (x / sqrt_x2m1(x)[0], -1 / sqrt_x2m1(x)[0] ** 3,
                                  3 * x / sqrt_x2m1(x)[0] ** 5),
        {1.0: (INF, -INF, INF), INF: (1, 0, 0)}, above, domain=lambda x: x >= 1)
    within = [1.0, -1.0, 1 - 2.0 ** -53, -1 + 2.0 ** -40, 1e-20, -1e-9, 2.0, 0.999]
    one("atanh", lambda x: (mp.atanh(x), 1 / (1 - x * x), 2 * x / (1 - x * x) ** 2),
        {1.0: (INF, INF, INF), -1.0: (-INF, INF, -INF)}, within, domain=lambda x: abs(x) <= 1)
    one("one_minus_square", lambda x: (1 - x * x if abs(x) <= 1 else NAN, -2 * x, -2),
        {INF: (NAN, -INF, -2), -INF: (NAN, INF, -2), "nan": (NAN, NAN, -2)}, within)
    one("sigmoid", sigmoid, {INF: (1, 0, 0), -INF: flat}, tails)
    one("softplus", softplus, {INF: (INF, 1, 0), -INF: flat}, tails)
    far = [1e-20, 5.0, -10.0, 7.7, 12.3, 26.0, 26.5, 40.0]
    one("erf", erf, {INF: (1, 0, 0), -INF: (-1, 0, 0)}, far)
    one("erfc", lambda x: (mp.erfc(max(-100, min(100, x))), *(-d for d in erf(x)[1:])), {INF: flat, -INF: (2, 0, 0)}, far)
    one("exp_neg_square", exp_neg_square, {INF: flat, -INF: flat}, far)
    near = [1e-20, -1e-9, 1e-3, 1.0, 1.9999, 2.0001, -3.0, 3.141592653589793, 10.0, -25.0, 1e5, 1e22]
    one("sinc", sinc(0), {INF: flat, -INF: flat}, near)
    for n in (1, 2):
        one("sinc_derivative", sinc(n), {INF: flat, -INF: flat}, near, n)
    lgamma = lambda x: gamma_family(x, -1)
    poles = {-float(k): (INF, NAN, INF) for k in range(1, 4)}
    poles.update({x: (INF, NAN, INF) for x in (-1e300, -MAX)})
    one("lgamma", lgamma, {**poles, 0.0: (INF, -INF, INF), "-0": (INF, INF, INF),
                           INF: (INF, INF, 0), -INF: (INF, NAN, NAN)},
        [1.0, 2.0, -1.0, -2.5], tolerance=64)
    infinite = {x: (INF, NAN, NAN) for x in (-1.0, -2.0, -3.0, -1e300, -MAX, -INF)}
    one("gamma", gamma,
        {**infinite, 0.0: (INF, -INF, INF), "-0": (-INF, -INF, -INF), INF: up},
        [1.0, 1.4616321449683622, 4.25, 150.5, -0.75, -2.5, -60.25], tolerance=64)
    poles = {x: (NAN, INF, NAN) for x in poles}
    one("digamma", lambda x: gamma_family(x, 0),
        {**poles, 0.0: (-INF, INF, -INF), "-0": (INF, INF, INF), INF: (INF, 0, 0)},
        [1.0, -1.0, -2.25, 1.4616321449683622], tolerance=64)
    for n in (1, 2):
        alternate = {x: (INF, NAN, INF) if n % 2 else (NAN, INF, NAN) for x in poles}
        one("polygamma", lambda x: gamma_family(x, n),
            {**alternate, 0.0: (INF, -INF, INF) if n % 2 else (-INF, INF, -INF),
             "-0": (INF, INF, INF), INF: flat}, [1.0, -1.0, -2.25], n, tolerance=128)
    one("abs", lambda x: (abs(x), mp.sign(x), 0),
        {INF: (INF, 1, 0), -INF: (INF, -1, 0), "nan": (NAN, NAN, 0)})
    one("relu", lambda x: (max(x, 0), 1 if x > 0 else 0, 0),
        {INF: (INF, 1, 0), -INF: flat, "nan": (NAN, NAN, 0)})
    steps = {"sign": mp.sign, "floor": mp.floor, "ceil": mp.ceil,
             "round": lambda x: mp.sign(x) * mp.floor(abs(x) + mpf(1) / 2)}
    for name, step in steps.items():
        end = 1 if name == "sign" else INF
        one(name, lambda x: (step(x), 0, 0),
            {INF: (end, 0, 0), -INF: (-end, 0, 0), "nan": (NAN, 0, 0)},
            [-0.5, 2.5, 0.49999999999999994, 4503599627370497.5])
    for n in (-2, -1, 0, 1, 2, 3):
        odd, low = n % 2, n < 0
        end = flat if low else tuple(mpf(c) if c == 0 or n == k else c * INF for k, c in
                                     enumerate((1, n, n * (n - 1))))
        signs = (-1, 1, -1) if odd else (1, -1, 1)
        limits = {INF: end, -INF: tuple(s * v for s, v in zip(signs, end))}
        if low:
            limits[0.0] = (INF, -INF, INF)
            limits["-0"] = (-INF, -INF, -INF) if odd else (INF, INF, INF)
        limits["nan"] = (1, 0, 0) if n == 0 else (NAN, 1 if n == 1 else NAN,
                                                  n * (n - 1) if 0 < n < 3 else NAN)
        one("powi", power(n), limits, [1e-103, 1e150], n)


# ---- of two operands ----


def two(name, derivatives, points, limits=None, tolerance=16):
    """derivatives(x, y) gives value, by_x, by_y, by_xx, by_xy, by_yy; limits may hold by_yx too."""
    for x, y in points:
        numbers = derivatives(mpf(x), mpf(y))
        write_two(name, x, y, numbers, tolerance)
    for key, numbers in (limits or {}).items():
        write_two(name, *map(float, key.split()), numbers, tolerance)


def at(x, y):
    """A key that tells 0 from -0."""
    return f"{x!r} {y!r}"


def write_two(name, x, y, numbers, tolerance):
    numbers = list(numbers)
    if len(numbers) == 6:
        numbers.insert(5, numbers[4])
    line(2, name, 0, tolerance, x, y, *numbers)


def plane(x, y):
    return mp.sqrt(x * x + y * y)


def hypot(x, y):
    h = plane(x, y)
    c, s = x / h, y / h
    return h, c, s, s * s / h, -c * s / h, c * c / h


def direction(x, y):
    h = plane(x, y)
    c, s = x / h, y / h
    return (c, s * s / h, -c * s / h, -3 * c * s * s / h ** 2, s * (2 * c * c - s * s) / h ** 2,
            c * (2 * s * s - c * c) / h ** 2)


def re_inverse(x, y):
    p, q = x / plane(x, y) ** 2, y / plane(x, y) ** 2
    return (p, q * q - p * p, -2 * p * q, 2 * p * (p * p - 3 * q * q), 2 * q * (3 * p * p - q * q),
            2 * p * (3 * q * q - p * p))


def atan2(x, y):
    p, q = y / plane(x, y) ** 2, x / plane(x, y) ** 2
    return mp.atan2(x, y), p, -q, -2 * p * q, q * q - p * p, 2 * p * q


def general_power(x, y):
    v, l = x ** y, mp.log(x) if x > 0 else mpf(NAN)
    return (v, y * x ** (y - 1), v * l, y * (y - 1) * x ** (y - 2), x ** (y - 1) * (1 + y * l),
            v * l * l)


def quotient(x, y):
    return x / y, 1 / y, -x / y ** 2, 0, -1 / y ** 2, 2 * x / y ** 3


def quotient_slope(x, y):
    return -x / y ** 2, -1 / y ** 2, 2 * x / y ** 3, 0, 2 / y ** 3, -6 * x / y ** 4


def twos():
    spread = [(1.0, 2.0), (0.0, 1e-300), (1e300, -1e300), (1e-300, MIN), (MAX, MAX), (-MIN, -2.0)]
    two("add", lambda x, y: (x + y, 1, 1, 0, 0, 0), spread,
        {at(INF, 1.0): (INF, 1, 1, 0, 0, 0), at(INF, -INF): (NAN, 1, 1, 0, 0, 0),
         at(NAN, 1.0): (NAN, 1, 1, 0, 0, 0)})
    two("sub", lambda x, y: (x - y, 1, -1, 0, 0, 0), spread,
        {at(INF, 1.0): (INF, 1, -1, 0, 0, 0), at(1.0, -INF): (INF, 1, -1, 0, 0, 0),
         at(INF, INF): (NAN, 1, -1, 0, 0, 0),
         at(1.0, NAN): (NAN, 1, -1, 0, 0, 0)})
    two("mul", lambda x, y: (x * y, y, x, 0, 1, 0), spread + [(1e200, 1e-200)],
        {at(INF, 2.0): (INF, 2, INF, 0, 1, 0), at(INF, 0.0): (NAN, 0, INF, 0, 1, 0),
         at(-INF, INF): (-INF, INF, -INF, 0, 1, 0), at(NAN, 2.0): (NAN, 2, NAN, 0, 1, 0)})
    log2 = mp.log(2)
    two("xlogy", lambda x, y: (x * mp.log(y), mp.log(y), x / y, 0, 1 / y, -x / y ** 2),
        [(0.5, 0.5), (-3.0, 1e300), (1e-300, 1e-300), (2.0, 1 + 2.0 ** -52), (3.0, MIN), (0.0, 2.0),
         (-0.0, 1e-300), (MAX, 0.5), (MIN, 2.0), (0.0, 1.0)],
        {at(0.0, 0.0): (0, -INF, 0, 0, INF, 0), at(-0.0, -0.0): (0, -INF, 0, 0, INF, 0),
         at(2.0, 0.0): (-INF, -INF, INF, 0, INF, -INF), at(0.0, INF): (0, INF, 0, 0, 0, 0),
         at(2.0, INF): (INF, INF, 0, 0, 0, 0), at(INF, 2.0): (INF, log2, INF, 0, .5, -INF),
         at(-INF, 0.5): (INF, -log2, -INF, 0, 2, INF), at(NAN, 2.0): (NAN, log2, NAN, 0, .5, NAN),
         at(2.0, NAN): (NAN, NAN, NAN, 0, NAN, NAN), at(0.0, NAN): (NAN, NAN, NAN, 0, NAN, NAN),
         at(2.0, -4.0): (NAN, NAN, -.5, 0, -.25, -.125), at(0.0, -4.0): (NAN, NAN, 0, 0, -.25, 0),
         at(2.0, -INF): (NAN, NAN, 0, 0, 0, 0)})
    two("xlogy_y", lambda x, y: (x / y, 1 / y, -x / y ** 2, 0, -1 / y ** 2, 2 * x / y ** 3),
        [(1.0, -2.0), (0.0, 3.0), (1e-300, 1e-100), (MIN, 2.0), (1e300, 1e300)],
        {at(0.0, 0.0): (0, INF, 0, 0, -INF, NAN), at(2.0, 0.0): (INF, INF, -INF, 0, -INF, INF),
         at(2.0, INF): (0,) * 6, at(0.0, -INF): (0,) * 6, at(INF, 2.0): (INF, .5, -INF, 0, -.25, INF),
         at(NAN, 2.0): (NAN, .5, NAN, 0, -.25, NAN), at(2.0, NAN): (NAN, NAN, NAN, 0, NAN, NAN),
         at(0.0, NAN): (NAN, NAN, NAN, 0, NAN, NAN)})
    remainder = lambda x, y: (x - y * mp.floor(x / y), 1, -mp.floor(x / y), 0, 0, 0)
    two("mod", remainder, [(7.0, 3.0), (-7.0, 3.0), (7.0, -3.0), (-7.0, -3.0), (0.0, 2.0),
                           (-0.25, 1e300), (5.5, 1.25), (6.0, 1.5), (1e17, 3.0), (1e300, 7e299),
                           (MIN, 1.0), (3.0, MIN), (2.5, 2.5), (-2.0, -2.0)],
        {at(2.0, 0.0): (2, 1, -INF, 0, 0, 0), at(-2.0, 0.0): (-2, 1, INF, 0, 0, 0),
         at(0.0, 0.0): (0, 1, NAN, 0, 0, 0), at(0.3, 0.1): (0, 1, -2, 0, 0, 0),
         at(5.0, INF): (5, 1, 0, 0, 0, 0), at(-5.0, -INF): (-5, 1, 0, 0, 0, 0),
         at(INF, 2.0): (NAN, 1, -INF, 0, 0, 0), at(-INF, 2.0): (NAN, 1, INF, 0, 0, 0),
         at(NAN, 2.0): (NAN, 1, NAN, 0, 0, 0), at(2.0, NAN): (NAN, 1, NAN, 0, 0, 0)})
    for n in 0, 1: # of NaN and Inf too
        for x in POINTS:
            line(1, "select", n, 16, x, x if n else 0.0, float(n), 0.0)
    two("div", quotient, [(1.0, -2.0), (0.0, 1e-200), (1e300, 1e-300), (1e-300, 1e-300),
                          (1e300, 1e300), (MIN, 2.0), (1.0, MIN), (3.0, 1e-100), (-0.0, -1e300),
                          (3.9e-318, -5.46e-6)],
        {at(0.0, MIN): (0, INF, 0, 0, -INF, 0), at(0.0, -1e-310): (0, -INF, 0, 0, -INF, 0),
         at(1.0, 0.0): (INF, INF, -INF, 0, -INF, INF),
         at(1.0, -0.0): (-INF, -INF, -INF, 0, -INF, -INF),
         at(0.0, 0.0): (NAN, INF, NAN, 0, -INF, NAN), at(2.0, INF): (0, 0, 0, 0, 0, 0),
         at(INF, 2.0): (INF, 0.5, -INF, 0, -0.25, INF), at(INF, INF): (NAN, 0, NAN, 0, 0, NAN),
         at(INF, 0.0): (INF, INF, -INF, 0, -INF, INF), at(2.0, -INF): (0, 0, 0, 0, 0, 0),
         at(NAN, 2.0): (NAN, .5, NAN, 0, -.25, NAN),
         at(2.0, NAN): (NAN, NAN, NAN, 0, NAN, NAN)})
    two("div_y", quotient_slope, [(1.0, -2.0), (0.0, -2.0), (3e-60, 1e-50), (MIN, 1e-100)], {
        at(2.0, INF): (0,) * 6, at(-INF, 2.0): (INF, -.25, -INF, 0, .25, INF),
        at(NAN, 2.0): (NAN, -.25, NAN, 0, .25, NAN)})
    some = [(3.0, 4.0), (3e200, 4e200), (3e-200, -4e200), (1e308, 1e-5), (-1e-100, 1e100),
        (0.0, 2.0),
            (-2.0, -0.0), (1e150, 1e-150), (5e-5, 1e-4), (0.0, 1e-70)]
    half = 1 / mp.sqrt(2)
    two("hypot", hypot, some + [(1e308, -1e308), (3e-160, 4e-160), (3e-305, 4e-305),
                                (1e-310, 5e-309), (MIN, 1e-310), (9.4e-323, 4.81e-318),
                                (-3.4238e-318, -1.77e-6)],
        {at(0.0, 0.0): (0,) * 6, at(-0.0, -0.0): (0,) * 6, at(INF, 1.0): (INF, 1, 0, 0, 0, 0),
         at(1.0, -INF): (INF, 0, -1, 0, 0, 0), at(-INF, INF): (INF, -half, half, 0, 0, 0),
         at(MIN, 0.0): (MIN, 1, 0, 0, 0, INF), at(0.0, 1e-310): (1e-310, 0, 1, INF, 0, 0),
         at(NAN, 1.0): (NAN,) * 6,
         at(INF, NAN): (NAN,) * 6})
    two("direction", direction, some + [(3e-150, 4e-150), (MAX, MAX), (0.0, 1e-310),
                                          (2.9e-96, 3.2e-304)],
        {at(0.0, -0.0): (0,) * 6, at(INF, 1.0): (1, 0, 0, 0, 0, 0), at(1.0, INF): (0,) * 6,
         at(-INF, INF): (-half, 0, 0, 0, 0, 0), at(NAN, 1.0): (NAN,) * 6, at(INF, NAN): (NAN,) * 6})
    two("re_inverse", re_inverse, some + [(3e-100, 4e-100), (1e-100, 0.0), (0.0, 1e-100)],
        {at(0.0, -0.0): (0,) * 6, at(INF, 1.0): (0,) * 6, at(1.0, INF): (0,) * 6,
         at(INF, -INF): (0,) * 6,
         at(NAN, 1.0): (NAN,) * 6, at(INF, NAN): (NAN,) * 6})
    slopes()
    pi = mp.pi
    two("atan2", atan2, some + [(3e-150, 4e-150), (0.0, 1e-150), (MAX, -MAX), (1e-300, 1.0),
                                (1.0, 1.0000001), (-3.7430, 3.7636), (1e-310, 2e-310), (MIN, 0.0),
                                (0.0, 1e-310)],
        {at(0.0, 0.0): (0,) * 6, at(-0.0, 0.0): (0,) * 6, at(0.0, -0.0): (pi, 0, 0, 0, 0, 0),
         at(-0.0, -0.0): (-pi, 0, 0, 0, 0, 0), at(0.0, -1.0): (pi, -1, 0, 0, -1, 0),
         at(-0.0, -1.0): (-pi, -1, 0, 0, -1, 0), at(-2.0, 0.0): (-pi / 2, 0, 0.5, 0, 0.25, 0),
         at(-2.0, -0.0): (-pi / 2, 0, 0.5, 0, 0.25, 0), at(INF, 1.0): (pi / 2, 0, 0, 0, 0, 0),
         at(-1.0, INF): (0,) * 6, at(1.0, -INF): (pi, 0, 0, 0, 0, 0),
         at(INF, -INF): (3 * pi / 4, 0, 0, 0, 0, 0),
         at(0.0, 1e-200): (0, 1e200, 0, 0, -INF, 0), at(NAN, 1.0): (NAN,) * 6,
         at(1.0, NAN): (NAN,) * 6})
    powers()
    power_slopes()
    ties()


def slopes():
    """Derivatives of direction, and of re_inverse: z = x + iy has -Re 1/z^2, Im 1/z^2."""
    def of_direction(k, m):
        """d^(k+m) / dx^k dy^m of direction, as of the rational function of x, y and h."""
        orders = (k, m), (k + 1, m), (k, m + 1), (k + 2, m), (k + 1, m + 1), (k, m + 2)
        return lambda x, y: [rational_derivative(x, y, *o) for o in orders]

    def powers_of_inverse(x, y):
        z = 1 / mp.mpc(x, y)
        return z ** 2, z ** 3, z ** 4

    def re_inverse_x(x, y):
        two, three, four = powers_of_inverse(x, y)
        return (-two.real, 2 * three.real, -2 * three.imag, -6 * four.real, 6 * four.imag,
                6 * four.real)

    def re_inverse_y(x, y):
        two, three, four = powers_of_inverse(x, y)
        return (two.imag, -2 * three.imag, -2 * three.real, 6 * four.imag, 6 * four.real,
                -6 * four.imag)

    limits = {at(0.0, -0.0): (0,) * 6, at(INF, 1.0): (0,) * 6, at(1.0, -INF): (0,) * 6,
              at(INF, INF): (0,) * 6, at(NAN, 1.0): (NAN,) * 6, at(INF, NAN): (NAN,) * 6}
    names = {"direction_x": of_direction(1, 0), "direction_y": of_direction(0, 1),
             "direction_xx": of_direction(2, 0), "direction_xy": of_direction(1, 1),
             "re_inverse_x": re_inverse_x, "re_inverse_y": re_inverse_y}
    for name, slope in names.items():
        two(name, slope, [(3.0, 4.0), (3e60, -4e60), (-3e-60, 4e-60), (0.0, 2.0),
                                    (-2.0, 0.0), (1e70, 1e-70)], limits)


def rational_derivative(x, y, k, m):
    """Of x/h: sums of terms c x^a y^b h^-n, {(a, b, n): c}, differentiated one by one."""
    terms = {(1, 0, 1): 1}
    for by_x in [True] * k + [False] * m:
        new = {}
        for (a, b, n), c in terms.items():
            for term, factor in (((a - 1, b, n) if by_x else (a, b - 1, n), a if by_x else b),
                                 ((a + 1, b, n + 2) if by_x else (a, b + 1, n + 2), -n)):
                new[term] = new.get(term, 0) + c * factor
        terms = {term: c for term, c in new.items() if c}
    h = plane(x, y)
    return mp.fsum(c * x ** a * y ** b / h ** n for (a, b, n), c in terms.items())


def powers():
    regular = [(2.0, 3.0), (0.5, -2.0), (1e300, 1.02), (1e-200, 1.5), (2.0, 0.0), (1.0, 1e300),
               (0.5, 1e300), (1e-300, -1.0), (1e100, 2.0), (2.0, 1.0), (1e-160, 0.0),
               (1e-310, 1e-310), (1e-310, 1.0), (5e-309, 1e-8), (1e-160, 1e-160), (1e-300, 1e-8),
               (2.6e17, -15.31), (6e126, -1.09), (2.0, 1024.0), (2.0, -1074.0), (1e-170, 1.9),
               (1.0, MAX)]
    i, n = INF, NAN
    two("pow", general_power, regular, {
        # limits for x > 0, but 0^0 has all derivatives 0
        at(0.0, 3.0): (0, 0, 0, 0, 0, 0), at(0.0, 2.0): (0, 0, 0, 2, 0, 0), at(-0.0, 3.0): (0,) * 6,
        at(0.0, -1.0): (i, -i, -i, i, i, i), at(-0.0, -1.0): (-i, -i, i, -i, i, -i),
        at(0.0, INF): (0,) * 6, at(INF, -1.0): (0,) * 6, at(INF, -INF): (0,) * 6,
        at(INF, 2.0): (i, i, i, 2, i, i), at(INF, 1.0): (i, 1, i, 0, i, i),
        at(INF, 0.5): (i, 0, i, 0, 0, i), at(INF, 0.0): (1, 0, i, 0, 0, i),
        at(0.0, 1.0): (0, 1, 0, 0, -i, 0), at(0.0, 0.0): (1, 0, 0, 0, 0, 0),
        at(0.0, 0.5): (0, i, 0, -i, -i, 0), at(-0.0, 0.25): (0, i, 0, -i, -i, 0),
        at(-2.0, 3.0): (-8, 12, n, -12, n, n), at(-2.0, -1.0): (-.5, -.25, n, -.25, n, n),
        at(-2.0, 2.0): (4, -4, n, 2, n, n), at(-8.0, 1 / 3): (n,) * 6, at(-2.0, 1e-20): (n,) * 6,
        at(-1.0, 9007199254740994.0): (1, -9007199254740994.0, n,
                                       mpf(9007199254740994) * 9007199254740993, n, n),
        at(-2.0, 1e160): (i, -i, n, i, n, n), at(-INF, 2.0): (i, -i, n, 2, n, n),
        at(0.5, INF): (0,) * 6, at(2.0, -INF): (0,) * 6, at(0.5, -INF): (i, -i, -i, i, i, i),
        at(2.0, INF): (i, i, i, i, i, i), at(2.0, NAN): (n,) * 6,
        at(NAN, 2.0): (n, n, n, 2, n, n)})


def power_derivative(k, m):
    """d^(k+m)/dx^k dy^m x^y: x^(y-k) sum_j C(m, j) (d/dy)^j [y (y-1) .. (y-k+1)] log^(m-j) x."""
    def derivative(x, y):
        falling = lambda t: mp.fprod(t - j for j in range(k))
        return x ** (y - k) * mp.fsum(mp.binomial(m, j) * mp.diff(falling, y, j) *
                                      mp.log(x) ** (m - j) for j in range(m + 1))
    return derivative


def power_slopes():
    n = NAN
    for name in "x", "y", "xx", "xy", "yy":
        k, m = name.count("x"), name.count("y")
        orders = (k, m), (k + 1, m), (k, m + 1), (k + 2, m), (k + 1, m + 1), (k, m + 2)
        two("power_" + name, lambda x, y: [power_derivative(*o)(x, y) for o in orders],
            [(2.0, 3.5), (0.5, -2.0), (1e-50, 4.0), (1e50, 1.5), (3.0, 0.25)],
            {at(0.0, 6.0): (0,) * 6, at(INF, -6.0): (0,) * 6, at(-INF, -6.0): (0,) * 6,
             at(NAN, 2.5): (n,) * 6, at(2.0, NAN): (n,) * 6}, tolerance=64)


def ties():
    t = (0.5, 0.5, 0, 0, 0)
    for name, s in (("min", -1), ("max", 1)):
        first, second = (1, 0, 0, 0, 0), (0, 1, 0, 0, 0)
        low, high = (first, second) if s < 0 else (second, first)
        two(name, lambda x, y: (min(x, y) if s < 0 else max(x, y), *(low if x < y else high)),
            [(1.0, 2.0), (2.0, -1.0), (-MIN, 0.0), (1e300, -1e300)],
            {at(1.0, 1.0): (1, *t), at(0.0, -0.0): (0, *t), at(-0.0, 0.0): (0, *t),
             at(INF, INF): (INF, *t),
             at(-INF, -INF): (-INF, *t), at(INF, 1.0): (1 if s < 0 else INF, *high),
             at(1.0, -INF): (-INF if s < 0 else 1, *high), at(NAN, 1.0): (NAN, NAN, NAN, 0, 0, 0),
             at(1.0, NAN): (NAN, NAN, NAN, 0, 0, 0), at(NAN, INF): (NAN, NAN, NAN, 0, 0, 0)})
    pairs = [(1.0, 2.0), (2.0, 1.0), (0.0, -0.0), (INF, INF), (-INF, INF), (INF, MAX), (MIN, 0.0),
             (NAN, 1.0), (1.0, NAN), (NAN, NAN)]
    rules = {"less": lambda x, y: x < y, "equal": lambda x, y: x == y,
             "compare": lambda x, y: NAN if x != x or y != y else (x > y) - (x < y)}
    for name, rule in rules.items():
        for x, y in pairs:
            write_two(name, x, y, (float(rule(x, y)), 0, 0, 0, 0, 0), 0)


ones()
twos()
