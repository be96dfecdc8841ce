#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes torch_values.txt: random expressions, their gradients and Hessian-vector products.

    python3 torch_values.py [SEED [RECORDS]] > torch_values.txt

Each record is a script that defines its leaves, ends in the scalar y and asks for the gradient
g_X and the Hessian-vector product h_X of y by every leaf X along a direction v_X; then a line for
each of these values, as PyTorch computes them in double precision: how to compare (see
octave_list.txt), name, rows, columns, elements down the columns; then an empty line. In the
script \\n stands for a newline. Every gradient and every product is compared with central
differences first, extrapolated to the limit of rounding; an expression with one that disagrees
is dropped: at a kink both may be right, and PyTorch's trigamma is good to 1e-9 only.
"""
import random
import sys

import torch
from torch_expressions import Generator, Reject, literal

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 20240511
RECORDS = int(sys.argv[2]) if len(sys.argv) > 2 else 180
AGREEMENT = 2e-10  # of PyTorch with differences, relative to the largest element

torch.set_num_threads(1)


class Expression:
    """The generated tree as a function of its leaves."""

    def __init__(self, source):
        self.generator = Generator(source)
        self.root = self.generator.grow_scalar((1, 1), source.choice([3, 4, 4, 5]))
        self.names = list(self.generator.leaves)
        self.leaves = [torch.tensor(rows, dtype=torch.float64)
                       for _, rows in self.generator.leaves.values()]

    def value(self, leaves):
        memo = {id(node): leaf for (node, _), leaf in zip(self.generator.leaves.values(), leaves)}
        return self.root.value(memo)

    def gradient(self, k, leaves, create_graph=False):
        x = leaves[k].detach().clone().requires_grad_(True)
        y = self.value(leaves[:k] + [x] + leaves[k + 1:])
        if not y.requires_grad:
            return x, torch.zeros_like(x)
        g, = torch.autograd.grad(y, x, create_graph=create_graph, allow_unused=True)
        return x, torch.zeros_like(x) if g is None else g

    def product(self, k, direction):
        x, g = self.gradient(k, self.leaves, create_graph=True)
        if not g.requires_grad:
            return torch.zeros_like(x)
        h, = torch.autograd.grad((g * direction).sum(), x, allow_unused=True)
        return torch.zeros_like(x) if h is None else h


def derivative(function):
    """f'(0) by central differences at four steps and Richardson extrapolation."""
    rows = []
    for level in range(4):
        h = 2.0 ** (-6 - level)
        row = [(function(h) - function(-h)) / (2 * h)]
        for j, previous in enumerate(rows[-1] if rows else []):
            row.append(row[j] + (row[j] - previous) / (4 ** (j + 1) - 1))
        rows.append(row)
    return rows[-1][-1]


def without_noise(x, size):
    """What only rounding keeps from being zero everywhere, as zero."""
    return torch.zeros_like(x) if float(x.abs().max()) < 1e-13 * size else x


def disagreement(actual, expected):
    size = float(expected.abs().max())
    return float((actual - expected).abs().max()) / (size if size else 1.0)


def check(expression, k, g, direction, h):
    """The largest relative disagreement with differences."""
    def moved(step, along):
        leaves = list(expression.leaves)
        leaves[k] = leaves[k] + step * along
        return leaves

    differences = torch.zeros_like(g)
    for i in range(g.shape[0]):
        for j in range(g.shape[1]):
            unit = torch.zeros_like(g)
            unit[i, j] = 1
            differences[i, j] = derivative(lambda t: expression.value(moved(t, unit)))[0, 0]
    second = derivative(lambda t: expression.gradient(k, moved(t, direction))[1])
    errors = disagreement(differences, g), disagreement(second, h)
    return max(errors) if all(e == e for e in errors) else float("nan")


def columns(x):
    return " ".join(repr(float(v)) for v in x.detach().t().reshape(-1))


def record(source):
    expression = Expression(source)
    if len(expression.names) < 2 or len(expression.root.text) > 700:
        raise Reject("length")
    lines = [f"{name} = {literal(x.tolist())};"
             for name, x in zip(expression.names, expression.leaves)]
    lines += expression.generator.statements + [f"y = {expression.root.text}"]
    results = [("y", expression.value(expression.leaves))]
    for k, name in enumerate(expression.names):
        x, g = expression.gradient(k, expression.leaves)
        g = without_noise(g, abs(float(results[0][1])))
        direction = torch.tensor([[source.uniform(-1, 1) for _ in range(x.shape[1])]
                                  for _ in range(x.shape[0])], dtype=torch.float64)
        h = without_noise(expression.product(k, direction), float(g.abs().max()))
        if max(float(g.abs().max()), float(h.abs().max())) > 1e5:
            raise Reject("size")
        error = check(expression, k, g, direction, h)
        if not error < AGREEMENT:
            raise Reject(f"{error:.1e} from differences, {name}: " + "; ".join(lines))
        lines += [f"v_{name} = {literal(direction.tolist())};",
                  f"g_{name} = grad(y, {name})", f"h_{name} = hvp(y, {name}, v_{name})"]
        results += [(f"g_{name}", g), (f"h_{name}", h)]
    if all(float(v.abs().max()) == 0 for _, v in results[1:]):
        raise Reject("constant")
    return lines, results


def main():
    source, count, dropped = random.Random(SEED), 0, 0
    while count < RECORDS:
        try:
            lines, results = record(source)
        except Reject as reason:
            if "differences" in str(reason):
                dropped += 1
                print(reason, file=sys.stderr)
            continue
        except RuntimeError as problem:  # a singular matrix on the way
            print(problem, file=sys.stderr)
            continue
        count += 1
        print("\\n".join(lines))
        for name, x in results:
            print("largest", name, *x.shape, columns(x))
        print()
    print(f"{count} records, {dropped} dropped for disagreeing with differences", file=sys.stderr)


if __name__ == "__main__":
    main()
