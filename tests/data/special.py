#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes special.txt, references for ops/numbers/special.c computed with mpmath at 50 digits.

    python3 tests/data/special.py > tests/data/special.txt
    python3 tests/data/special.py --divided-difference     the table of digamma_middle

A line holds: function, integer argument (0 where there is none), x, value, magnitude; numbers are
hexadecimal floats. The magnitude is what an error is to be measured against: |value|, but for
polygamma at negative x the sum of the moduli of the two terms of the reflection formula.
"""
import math
import random
import sys

from mpmath import mp, mpf

mp.dps = 50
random.seed(20240229)


def digamma_zero():
    return mp.findroot(mp.digamma, mpf("1.4616321449683623"))


def polygamma(n, x):
    """psi^(n)(x) and the magnitude; two ways, which must agree."""
    s = n + 1
    with mp.workdps(320):
        x = mpf(x)
        if x > 0:
            value = mp.psi(n, x)
            if n >= 1 and s * mp.log10(1 + x) < 60:
                other = (-1) ** s * mp.factorial(n) * mp.zeta(s, x)
                assert abs(other - value) <= mpf(10) ** -40 * abs(value), (n, x)
            return value, abs(value)
        sign = (-1) ** n
        r = x - mp.nint(x)  # pi cot(pi x) has period 1
        periodic = sign * mp.psi(n, 1 - r) - mp.psi(n, r)
        positive = mp.psi(n, 1 - x)
        value = sign * positive - periodic
        if x > -200 and n <= 60:  # the recurrence, up to a positive argument
            steps = int(-x) + 1
            terms = mp.fsum((x + k) ** -s for k in range(steps))
            other = mp.psi(n, x + steps) - sign * mp.factorial(n) * terms
            assert abs(other - value) <= mpf(10) ** -40 * (abs(positive) + abs(periodic)), (n, x)
        return value, abs(positive) + abs(periodic)


def neighbours(x):
    return [math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf)]


def positive_arguments(n):
    points = [10.0 ** k for k in (-300, -150, -40, -20, -12, -8, -5, -3, 5, 8, 17, 60, 200, 300)]
    points += [k / 8 for k in range(1, 120, 3)]
    for edge in (1.0, 2.0, 3.0, 10.0, 10 + 0.8 * n):
        points += neighbours(edge)
    points += [random.uniform(0, 2) for _ in range(20)]
    points += [random.uniform(2, 30) for _ in range(20)]
    points += [10 ** random.uniform(1, 6) for _ in range(10)]
    if n == 0:
        zero = float(digamma_zero())
        points += [zero + sign * 10.0 ** -k for k in range(1, 16) for sign in (-1, 1)]
        points += neighbours(zero)
        points += [random.uniform(1, 2) for _ in range(60)]
        points += [random.uniform(0, 1) for _ in range(60)]
        points += [random.uniform(2, 10) for _ in range(60)]
    return points


def negative_arguments():
    points = [-(m + f) for m in (0, 1, 2, 7, 30, 150, 1000)
              for f in (1e-9, 1e-3, 0.125, 0.25, 0.3, 0.4999, 0.5, 0.504, 0.7, 0.75, 0.999)]
    points += [-1e-300, -1e-20, -1e6 - 0.5, -1e6 - 0.375, -2.0 ** 51 - 0.5]
    points += [math.nextafter(-m, -math.inf) for m in (1.0, 2.0, 5.0)]
    points += [random.uniform(-20, 0) for _ in range(25)]
    return points


def emit(name, n, x, value, magnitude=None):
    numbers = [float(v) for v in (x, value, abs(value) if magnitude is None else magnitude)]
    print(name, n, *(v.hex() for v in numbers))


def emit_polygamma():
    for n in [*range(11), 15, 21, 22, 23, 24, 39, 40, 41, 60, 100, 150, 170, 171, 172, 200, 500]:
        points = positive_arguments(n) + negative_arguments()
        for x in points if n <= 10 else random.sample(points, 60):
            value, magnitude = polygamma(n, x)
            smallest = mpf(2) ** -1000  # below, neither value nor error is representable
            if magnitude > smallest and magnitude < mpf(2) ** 1023:
                emit("polygamma", n, x, value, magnitude)
            elif abs(value) > mpf(2) ** 1025:
                emit("polygamma", n, x, math.copysign(math.inf, value), math.inf)


def emit_elementary():
    arguments = [0.0, 1e-300, 1e-17, 1e-8, 1e-3, 0.1, 0.5, 1, 2, 5, 20, 36.5, 37.5, 100, 700, 708]
    arguments += [random.uniform(0, 50) for _ in range(30)]
    for x in [s * x for x in arguments for s in (-1, 1)] + [1e5, 1e300]:
        x = mpf(x)
        with mp.workdps(400):  # 1 + e^-708 needs 308 digits before it differs from 1
            emit("sigmoid", 0, x, 1 / (1 + mp.exp(-x)))
            emit("softplus", 0, x, mp.log1p(mp.exp(x)))
    for n in (-300, -17, -3, -2, -1, 0, 1, 2, 3, 4, 5, 10, 31, 100, 301):
        for x in (-3.7, -1.0, -0.3, 0.1, 0.9999, 1.0, 1.1, 2.5, 7.0, 1e3, 1e-3):
            value = mpf(x) ** n
            if mpf(2) ** -1000 < abs(value) < mpf(2) ** 1023:
                emit("powi", n, x, value)
    for x in positive_arguments(0)[::3]:
        if x < 1e300:
            value = mp.loggamma(x)
            emit("lgamma", 0, x, value, abs(value) + (1 if 0.5 < x < 3 else 0))  # zeros at 1, 2
    for x in (-0.5, -1.25, -2.5, -7.75, -33.3, -1e-9, -150.5):
        emit("lgamma", 0, x, mp.log(abs(mp.gamma(mpf(x)))))


def sinc(n, x):
    """sum (-1)^k x^(2k-n) / ((2k-n)! (2k+1)); for large x the recurrence of ops/numbers/sinc.c."""
    x = mpf(x)
    if abs(x) > 100 + n:
        f = mp.sin(x) / x
        for k in range(1, n + 1):
            f = ((mp.sin(x), mp.cos(x), -mp.sin(x), -mp.cos(x))[k % 4] - k * f) / x
        return f
    with mp.workdps(60 + int(abs(x))):
        return mp.fsum((-1) ** k * x ** (2 * k - n) / (mp.factorial(2 * k - n) * (2 * k + 1))
                       for k in range((n + 1) // 2, 60 + n + 2 * int(abs(x))))


def emit_sinc():
    """The magnitude for |x| >= 1 is that of the terms, where the value crosses 0."""
    for n in [*range(7), 10, 20, 50]:
        points = [1e-300, 1e-20, 1e-8, 1e-3, 0.1, 0.5, 0.9, 100.0, 1e4, 1e15, 1e22, 1e200]
        points += [random.uniform(0, 2 * n + 4) for _ in range(20)] + neighbours(n + 1.0)
        for x in points:
            x = math.copysign(x, random.uniform(-1, 1))
            value = sinc(n, x)
            emit("sinc", n, x, value, abs(value) if abs(x) < 1 else max(abs(value), 1 / (1 + abs(mpf(x)))))


def print_divided_difference(degree=14):
    """Chebyshev interpolation of H in special.c, turned into powers of t = 2x - 3."""
    mp.dps = 80
    zero, count = digamma_zero(), degree + 1

    def value(t):
        x = (t + 3) / 2
        return (mp.psi(0, x + 2) - mp.psi(0, zero + 2)) / (x - zero)

    angles = [mp.pi * (k + mpf(1) / 2) / count for k in range(count)]
    values = [value(mp.cos(a)) for a in angles]
    power, before, total = [mpf(1)], [mpf(0)], [mpf(0)] * count
    for j in range(count):
        projection = mp.fsum(v * mp.cos(j * a) for v, a in zip(values, angles))
        weight = projection * (2 if j else 1) / count
        for i, c in enumerate(power):
            total[i] += weight * c
        factor = 2 if j else 1  # T_{j+1} = 2 t T_j - T_{j-1}, T_1 = t
        following = [mpf(0)] + [factor * c for c in power]
        for i, c in enumerate(before if j else []):
            following[i] -= c
        before, power = power, following
    print(*(float(c).hex() for c in total), sep="\n")
    high = float(zero)
    print("zero", high.hex(), float(zero - high).hex())


if __name__ == "__main__":
    if "--divided-difference" in sys.argv:
        print_divided_difference()
    else:
        emit_polygamma()
        emit_elementary()
        emit_sinc()
