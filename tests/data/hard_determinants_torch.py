# SPDX-License-Identifier: MIT
"""What PyTorch makes of the hard determinants: the columns of docs/accuracy.md.

    python3 tests/data/hard_determinants_torch.py

prints for every stored case the error of the gradient and of the Hessian-vector product, relative
to the largest exact entry (to sigma_1^(n-1) where all are 0), or NaN.
"""
import json
import os

import torch

PATH = os.path.join(os.path.dirname(__file__), "hard-determinants.json")


def numbers(values, n):
    flat = [float.fromhex(v) for v in values]
    return torch.tensor(flat, dtype=torch.float64).reshape(n, n)


def direction(n):
    entry = lambda i, j: (((7 * i + 3 * j + 5 * i * j + 1) % 17) - 8) / 8
    return torch.tensor([[entry(i, j) for j in range(n)] for i in range(n)], dtype=torch.float64)


def error(actual, exact, sigma, n):
    scale = exact.abs().max().item() or sigma ** (n - 1) or 1
    return (actual - exact).abs().max().item() / scale


def main():
    with open(PATH, encoding="ascii") as file:
        data = json.load(file)
    print("PyTorch", torch.__version__)
    for case in data["cases"]:
        n, sigma = case["n"], float.fromhex(case["sigma_1"])
        if not case.get("A") or not case.get("grad"):
            continue
        a = numbers(case["A"], n).requires_grad_()
        (gradient,) = torch.autograd.grad(torch.linalg.det(a), a)
        line = error(gradient, numbers(case["grad"], n), sigma, n)
        (gradient,) = torch.autograd.grad(torch.linalg.det(a), a, create_graph=True)
        if gradient.requires_grad:
            (product,) = torch.autograd.grad(gradient, a, direction(n), allow_unused=True)
            product = torch.zeros_like(a) if product is None else product
        else:
            product = torch.zeros_like(a)
        second = error(product.detach(), numbers(case["hvp"], n), sigma, n)
        print(f"{case['id']:24s} {line:9.1e} {second:9.1e}")


main()
