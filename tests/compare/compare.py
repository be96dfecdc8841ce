# SPDX-License-Identifier: MIT
"""PyTorch and autodiff side by side: `make compare` writes docs/comparison.md with this.

    tests/compare/compare.py ENGINE COMPILER

Both get the same doubles. References have 50 digits and more (mpmath). ENGINE is built from
engine.c; COMPILER is named in the page. The exit status is 1 where autodiff is further than 1e-12
from a reference. Everything but times is the same in every run.
"""
import hashlib
import json
import os
import platform
import random
import re
import subprocess
import sys
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
import mpmath
import torch
from mpmath import mp, mpf

from references import exact_derivatives, hessenberg, polynomial

RIGHT = 1e-12
REFUSED = "an error"  # the right answer where there is no derivative
NEITHER = "†"  # in cases.txt: as it is spelled, the formula has no right answer in doubles
TELLING = [  # rows of the README: row of the tables, which derivative, its words there
    ("5 0", 0, "p′(x), p(x) = det(xI − A), where elimination meets a pivot of 0, n = 5"),
    ("10 1", 0, "p′(x), elsewhere, n = 10"),
    ("10 1e-8", 1, "p″(x), 1e-8 from an eigenvalue, n = 10"),
    ("[1 2; 2 4], singular 2", 0, "gradient of det X, X = [1 2; 2 4]"),
    ("all zero 3", 1, "Hessian of det X, X = 0, n = 3"),
    ("det X ordinary", 1, "Hessian of det X, X random, n = 5"),
    ("‖x‖₂ ordinary", 0, "gradient of ‖x‖₂"),
    ("‖x‖₂ (3e200, 4e200)", 0, "gradient of ‖x‖₂, x = (3e200, 4e200)"),
    ("√tr(XᵀX) 0, no derivative †", 0, "gradient of √tr(XᵀX), spelled like this, X = 0")]
ORDERS = [2, 5, 10, 50, 100, 200]
POLYNOMIALS = ["polynomial_by_det", "polynomial"]  # functions of engine.c
DISTANCES = [("1", 1.0), ("1e-4", 1e-4), ("1e-8", 1e-8), ("1e-12", 1e-12), ("0", 0.0)]
SIZES = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def tensor(rows):
    return torch.tensor(rows, dtype=torch.float64).reshape(len(rows), len(rows[0]))


def normal(rows, cols, seed=1, scale=1.0):
    generator = random.Random(seed)
    return [[scale * generator.gauss(0, 1) for _ in range(cols)] for _ in range(rows)]


# ---- the functions of cases.txt ------------------------------------------------------------------

TORCH = {
    "norm2": lambda x: torch.linalg.vector_norm(x),
    "norm2_shifted": lambda x, a: torch.linalg.vector_norm(x + a),
    "norm1": lambda x: torch.linalg.vector_norm(x, 1),
    "frobenius": lambda x: torch.linalg.matrix_norm(x),
    "frobenius_by_trace": lambda x: torch.sqrt(torch.trace(x.T @ x)),
    "quadratic": lambda a, x, y: (x.T @ a @ y).sum(),
    "trace": torch.trace,
    "trace_of_square": lambda x: torch.trace(x.T @ x),
    "trace_of_product": lambda x, a, b: torch.trace(a @ x @ b),
    "det": torch.linalg.det,
    "log_det": lambda x: torch.linalg.slogdet(x)[1],
    "polynomial_by_det": lambda x, a: torch.linalg.det(x * torch.eye(len(a), dtype=a.dtype) - a),
}


def torch_derivatives(function, operands, direction):
    x, *others = [tensor(m) for m in operands]
    x.requires_grad_()
    try:  # without create_graph, with which det takes another way
        gradient, = torch.autograd.grad(function(x, *others), x)
        graph, = torch.autograd.grad(function(x, *others), x, create_graph=True)
    except RuntimeError:
        return None, None
    second = None
    if graph.requires_grad:
        second, = torch.autograd.grad(graph, x, tensor(direction), allow_unused=True)
    return gradient, torch.zeros_like(x) if second is None else second


# ---- the engine ----------------------------------------------------------------------------------


class Engine:
    """The process built from engine.c."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, request, lines=1):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answers = [self.process.stdout.readline().strip() for _ in range(lines)]
        if "" in answers:
            sys.exit("compare: the engine gave no answer")
        return answers

    def request(self, name, rounds, matrices):
        words = [name, str(rounds), str(len(matrices))]
        for m in matrices:
            words += [str(len(m)), str(len(m[0]))] + [float(e).hex() for row in m for e in row]
        return " ".join(words)

    def derivatives(self, name, operands, direction):
        _, *answers = self.ask(self.request(name, 0, operands + [direction]), 3)
        return [None if a == "none" else [float.fromhex(w) for w in a.split()] for a in answers]


# ---- errors --------------------------------------------------------------------------------------


def error(actual, exact, scale=None):
    """The largest error of an entry relative to the largest exact entry, or to scale where all are
    0; words where there is no derivative or no answer."""
    if actual is None:
        return REFUSED if exact is None else "no answer"
    if exact is None:
        return "finite" if all(map(mp.isfinite, actual)) else "not finite"
    if len(actual) != len(exact) or not all(mp.isfinite(a) for a in actual):
        return float("nan")
    exact = [mpf(float(e)) for e in exact]
    largest = max(abs(e) for e in exact) or scale or 1
    return float(max(abs(a - e) for a, e in zip(actual, exact)) / largest)


def flat(values):
    return None if values is None else [float(v) for v in values.reshape(-1)]


def right(value):
    return value == REFUSED or isinstance(value, float) and value <= RIGHT


def shown(value):
    text = value
    if isinstance(value, float):
        text = "NaN" if value != value else "≤ 1e-15" if value <= 1e-15 else f"{value:.0e}"
        text = re.sub(r"e([-+])0", r"e\1", text).replace("e+0", "")
        text = re.sub(r"^(.)e-1$", r"0.\1", text)
    return text if right(value) else f"**{text}**"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


# ---- part one: p(x) = det(xI - A) ----------------------------------------------------------------


def matrix_with_eigenvalue(n):
    """A normal matrix with a real eigenvalue, its Hessenberg form and the largest of these."""
    mp.dps = 80
    for seed in range(1, 100):
        a = normal(n, n, 1000 * n + seed)
        real = [v.real.item() for v in torch.linalg.eigvals(tensor(a)) if v.imag == 0]
        if real:
            break
    h, x = hessenberg(a), mpf(max(real))
    for _ in range(6):
        p, slope, _ = polynomial(h, x)
        x -= p / slope
    return a, h, x


def torch_slope(x, a):
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(TORCH["polynomial_by_det"](x, a), x)[0].item()


def formula_slope(x, a):  # [] around it, None without an inverse
    shifted = x * torch.eye(len(a), dtype=a.dtype) - a
    try:
        return [(torch.linalg.det(shifted) * torch.trace(torch.linalg.inv(shifted))).item()]
    except RuntimeError:  # singular
        return None


def seconds(function, rounds):
    shortest = 1e9
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def compare_polynomials(engine):
    """Rows n, distance, errors of p' in four ways, of p'' in three; rows n, times of four ways."""
    errors, times = [], []
    for n in ORDERS:
        matrix, h, eigenvalue = matrix_with_eigenvalue(n)
        for name, distance in DISTANCES:
            x = float(eigenvalue + distance)
            _, *exact = polynomial(h, mpf(x))
            operands = [[[x]], matrix]
            theirs = torch_derivatives(TORCH["polynomial_by_det"], operands, [[1.0]])
            answers = [[flat(t) for t in theirs], [formula_slope(x, tensor(matrix)), None]]
            answers += [engine.derivatives(way, operands, [[1.0]]) for way in POLYNOMIALS]
            first, second = [[error(a[k], exact[k:k + 1]) for a in answers] for k in (0, 1)]
            errors.append((n, name, first + second[:1] + second[2:]))
        x = float(eigenvalue + 1)
        rounds = 5 if n > 50 else 30
        ours = [float(engine.ask(engine.request(way, rounds, [[[x]], matrix]))[0])
                for way in POLYNOMIALS]
        t = tensor(matrix)
        theirs = [seconds(lambda f=f: f(x, t), rounds) for f in (torch_slope, formula_slope)]
        times.append([n] + theirs + ours)
    return errors, times


# ---- part two: formulas at ordinary and at hard points -------------------------------------------


def operand(text, seed):
    if text.startswith("normal"):
        return normal(*map(int, text.split()[1:]), seed)
    return [[float(e) for e in row.split()] for row in text.strip("[]").split(";")]


def direction_like(m):
    """The V of tests/data/hard-determinants.json."""
    return [[((7 * i + 3 * j + 5 * i * j + 1) % 17 - 8) / 8 for j in range(len(m[0]))]
            for i in range(len(m))]


def compare_both(engine, name, operands, exact, scales=(None, None)):
    """Errors of gradient and Hessian times V: PyTorch's, then the engine's."""
    direction = direction_like(operands[0])
    theirs = [flat(t) for t in torch_derivatives(TORCH[name], operands, direction)]
    ours = engine.derivatives(name, operands, direction)
    return [error(a, e, s) for answers in (theirs, ours)
            for a, e, s in zip(answers, exact, scales)]


def stored_determinant(name):
    """A matrix of tests/data/hard-determinants.json with its exact derivatives, and the scales of
    those that are 0."""
    cases = json.loads(read("tests/data/hard-determinants.json"))["cases"]
    case, = [c for c in cases if c["id"] == name]
    n, sigma = case["n"], mpf(float.fromhex(case["sigma_1"]))
    a, *exact = [[float.fromhex(v) for v in case[key]] for key in ("A", "grad", "hvp")]
    scales = sigma ** (n - 1), sigma ** max(n - 2, 0)
    return [[a[i * n:(i + 1) * n] for i in range(n)]], exact, scales


def compare_formulas(engine):
    """Formula, point and errors of each line of cases.txt; those of stored matrices by themselves."""
    formulas, hard = [], []
    for line in read("tests/compare/cases.txt").splitlines():
        if not line or line.startswith("#"):
            continue
        name, formula, point, text = (part.strip() for part in line.split("|"))
        if text.startswith("stored"):
            operands, exact, scales = stored_determinant(text.split()[1])
            errors = compare_both(engine, name, operands, exact, scales)
            hard.append((point, str(len(operands[0])), errors))
            continue
        operands = [operand(found, 100 + k)
                    for k, found in enumerate(re.findall(r"\[[^]]*\]|normal \d+ \d+", text))]
        exact = exact_derivatives(name, operands, direction_like(operands[0]),
                                  "no derivative" not in point)
        formulas.append((formula, point, compare_both(engine, name, operands, exact)))
    return formulas, hard


# ---- part three: times ---------------------------------------------------------------------------


def compare_times(engine):
    """Rows n and shortest times: PyTorch and the engine, of det and of log|det|, in turns."""
    rows = []
    for n in SIZES:
        a = normal(n, n, n, (mp.e / n) ** 0.5)  # |det| is about 1
        x = tensor(a).requires_grad_()
        row, rounds = [n], 100 if n <= 64 else 10 if n <= 256 else 3
        for name in ("det", "log_det"):
            theirs, ours = [], []
            for _ in range(3):
                theirs.append(seconds(lambda f=TORCH[name]: torch.autograd.grad(f(x), x), rounds))
                ours.append(float(engine.ask(engine.request(name, rounds, [a]))[0]))
            row += [min(theirs), min(ours)]
        rows.append(row)
    return rows


# ---- the page ------------------------------------------------------------------------------------


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def checksum():
    """That of the files of this folder one after another, as `cat tests/compare/* | sha256sum`."""
    names = sorted(os.listdir("tests/compare"))
    return hashlib.sha256("".join(read(f"tests/compare/{name}") for name in names).encode()).hexdigest()


def versions(engine, compiler):
    libraries = re.findall(r"/(lib[^/ ]*(?:blas|lapack|mkl)[^/ ]*\.so[^/ ]*)$",
                           read("/proc/self/maps"), re.M)
    blas = sorted(set(libraries))
    model = re.search(r"model name\s*: (.*)", read("/proc/cpuinfo"))
    return "\n".join([
        f"- PyTorch {torch.__version__}, Python {platform.python_version()}, "
        f"{', '.join(blas) or 'a BLAS of its own'}",
        f"- autodiff {engine.ask('version')[0]}, {compiler}",
        f"- mpmath {mpmath.__version__}",
        f"- {model.group(1) if model else platform.machine()}, one thread"])


def marked(text):
    """Between marks, from which the README has it."""
    return f"<!-- comparison -->\n{text}\n<!-- end of comparison -->"


def telling(polynomials, formulas):
    """The rows that the README shows."""
    both = {f"{n} {d}": (e[0], e[4], e[2], e[5]) for n, d, e in polynomials}
    both.update((f"{name} {point}", e) for name, point, e in formulas)
    rows = [[words, shown(both[key][which]), shown(both[key][which + 2])]
            for key, which, words in TELLING]
    return marked(table(["relative error", "PyTorch " + torch.__version__, "autodiff"], rows))


def draw(name, head, rows):
    """docs/NAME.txt, and docs/NAME.svg by docs/NAME.gnuplot."""
    lines = ["# " + head] + [" ".join(str(e) for e in row) for row in rows]
    write(f"docs/{name}.txt", "\n".join(lines) + "\n")
    settings = f"set terminal svg size 760,480; set output 'docs/{name}.svg'"
    subprocess.run(["gnuplot", "-e", settings, f"docs/{name}.gnuplot"], check=True)


def write_page(engine, compiler, polynomials, slopes, formulas, hard, times):
    four = ["n", "p′: PyTorch", "formula", "`ad_det`", "`ad_charpoly`"]
    three = ["p″: PyTorch", "`ad_det`", "`ad_charpoly`"]
    two = ["PyTorch: gradient", "Hessian · V", "autodiff: gradient", "Hessian · V"]
    rows = lambda results: [[a, b] + [shown(e) for e in errors] for a, b, errors in results]
    milliseconds = lambda results: [[str(n)] + [f"{1e3 * t:.3g}" for t in r] for n, *r in results]
    block = telling(polynomials, formulas + hard)
    page, readme = read("tests/compare/page.md"), read("README.md")
    for name, text in {
            "versions": versions(engine, compiler), "checksum": checksum(), "telling": block,
            "polynomials": table(four[:1] + ["distance"] + four[1:] + three,
                                 rows((str(n), d, e) for n, d, e in polynomials)),
            "polynomial times": table(four, milliseconds(slopes)),
            "formulas": table(["formula", "point"] + two, rows(formulas)),
            "hard determinants": table(["matrix", "n"] + two, rows(hard)),
            "times": table(["n", "det: PyTorch", "autodiff", "log∣det∣: PyTorch", "autodiff"],
                           milliseconds(times))}.items():
        page = page.replace("{" + name + "}", text)
    write("docs/comparison.md", page)
    write("README.md", re.sub(marked(".*"), lambda _: block, readme, flags=re.S))


def failures(polynomials, formulas, hard):
    """Where autodiff is not right; the points marked NEITHER are meant to be so."""
    wrong = [f"det(xI - A), n = {n}, distance {d}" for n, d, e in polynomials
             if not all(map(right, e[2:4] + e[5:]))]
    return wrong + [f"{name}, {point}" for name, point, e in formulas + hard
                    if all(map(right, e[2:])) == (NEITHER in point)]


def main():
    program, compiler = sys.argv[1:]
    engine = Engine(program)
    polynomials, slopes = compare_polynomials(engine)
    formulas, hard = compare_formulas(engine)
    times = compare_times(engine)
    draw("comparison_error",
         "distance, errors of p': PyTorch, formula, ad_det, ad_charpoly; p'': without the formula",
         [[d if float(d) else "1e-16"] +
          [v if isinstance(v, str) else f"{max(v, 1e-15):.0e}" for v in errors]
          for n, d, errors in polynomials if n == 10])
    draw("comparison_time", "n, seconds: det, PyTorch and autodiff; log|det|, PyTorch and autodiff",
         times)
    write_page(engine, compiler, polynomials, slopes, formulas, hard, times)
    wrong = failures(polynomials, formulas, hard)
    for case in wrong:
        print(f"compare: autodiff is not within {RIGHT} at {case}")
    cases = len(polynomials) + len(formulas) + len(hard)
    print(f"docs/comparison.md: {cases} cases, {len(wrong)} not as stated")
    return 1 if wrong else 0


sys.exit(main())
