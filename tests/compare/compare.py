# SPDX-License-Identifier: MIT
"""PyTorch and autodiff side by side: `make compare` writes docs/comparison.md with this.

    compare.py ENGINE COMPILER

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

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RIGHT = 1e-12
REFUSED = "an error"  # the right answer where there is no derivative
NEITHER = "†"  # in cases.txt: as it is spelled, the formula has no right answer in doubles
TELLING = ["√tr(XᵀX): ordinary", "‖x‖₂: (3e200, 4e200)", "‖x‖₂: 0, no derivative", "det X: 0"]
HARD = {  # names of tests/data/hard-determinants.json
    "1x1_huge": "a number of 1e200", "sing_1224": "[1 2; 2 4], singular",
    "sing_mid_pivot_4": "a zero pivot in the middle", "sing_int_6": "integers, singular",
    "def_zero_3": "all zero", "def_outer_3": "rank 1", "near_sym4_d1e-08": "1e-8 from singular",
    "near_nonsym5_d1e-12": "1e-12 from singular", "rep_householder_8": "reflection, repeated σ",
    "ill_hilbert_6": "Hilbert", "ill_vandermonde_8": "Vandermonde",
    "scale_rows_4": "rows from 1e-150 to 1e150", "perm_cyc_4": "cyclic permutation",
    "rand_5": "random"}
ORDERS = [2, 5, 10, 50, 100, 200]
DISTANCES = [("1", 1.0), ("1e-4", 1e-4), ("1e-8", 1e-8), ("1e-12", 1e-12), ("0", 0.0)]
SIZES = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]


def path(*parts):
    return os.path.join(ROOT, *parts)


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
    """Gradient and Hessian times V; the latter by a central difference in 1500 digits, whose
    relative error is about (1e-100)^2. None where log|det| has none; 0 elsewhere."""
    mp.dps = 1000
    x, *others = [mp.matrix(m) for m in operands]
    v = mp.matrix(direction)
    if not differentiable and name == "log_det":
        return None, None
    gradient = EXACT[name](x, *others)
    if not differentiable:
        return gradient, 0 * x
    step = mpf(10) ** -100 * (max(abs(e) for e in x) or 1)
    ahead, behind = EXACT[name](x + step * v, *others), EXACT[name](x - step * v, *others)
    return gradient, (ahead - behind) / (2 * step)


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
    if not all(mp.isfinite(a) for a in actual):
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
        text = re.sub(r"e([-+])0", r"e\1", text).replace("e+0", "").replace("9e-1", "0.9")
    return text if right(value) else f"**{text}**"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


# ---- part one: p(x) = det(xI - A) ----------------------------------------------------------------


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
            h[i] = [mpf(0)] * (k + 1) + [a - factor * b for a, b in zip(h[i][k + 1:], h[k + 1][k + 1:])]
            for row in h:
                row[k + 1] += factor * row[i]
    return h


def polynomial(h, x):
    """p(x) and p'(x) of a Hessenberg matrix, by the recurrence over its leading blocks."""
    p, dp = [mpf(1)], [mpf(0)]
    for k, _ in enumerate(h):
        value, slope, product = (x - h[k][k]) * p[k], p[k] + (x - h[k][k]) * dp[k], mpf(1)
        for i in range(k - 1, -1, -1):
            product *= h[i + 1][i]
            value -= product * h[i][k] * p[i]
            slope -= product * h[i][k] * dp[i]
        p.append(value)
        dp.append(slope)
    return p[-1], dp[-1]


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
        p, dp = polynomial(h, x)
        x -= p / dp
    return a, h, x


def torch_slope(x, a):
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(TORCH["polynomial_by_det"](x, a), x)[0].item()


def formula_slope(x, a):
    shifted = x * torch.eye(len(a), dtype=a.dtype) - a
    try:
        return (torch.linalg.det(shifted) * torch.trace(torch.linalg.inv(shifted))).item()
    except RuntimeError:  # singular
        return float("nan")


def seconds(function, rounds):
    shortest = 1e9
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def compare_polynomials(engine):
    """Rows n, distance, errors of the four ways; rows n, times of the four ways."""
    errors, times = [], []
    for n in ORDERS:
        a, h, eigenvalue = matrix_with_eigenvalue(n)
        for name, distance in DISTANCES:
            x = float(eigenvalue + distance)
            exact = [polynomial(h, mpf(x))[1]]
            ours = [engine.derivatives(way, [[[x]], a], [[1.0]])[0]
                    for way in ("polynomial_by_det", "polynomial")]
            theirs = [[torch_slope(x, tensor(a))], [formula_slope(x, tensor(a))]]
            errors.append((n, name, [error(v, exact) for v in theirs + ours]))
        x = float(eigenvalue + 1)
        rounds = 5 if n > 50 else 30
        ours = [float(engine.ask(engine.request(way, rounds, [[[x]], a]))[0])
                for way in ("polynomial_by_det", "polynomial")]
        t = tensor(a)
        times.append((n, [seconds(lambda f=f: f(x, t), rounds) for f in (torch_slope, formula_slope)] + ours))
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


def compare_formulas(engine):
    rows = []
    with open(os.path.join(HERE, "cases.txt"), encoding="utf-8") as file:
        lines = [line for line in file if line.strip() and not line.startswith("#")]
    for line in lines:
        name, formula, point, text = (part.strip() for part in line.split("|"))
        operands = [operand(found, 100 + k)
                    for k, found in enumerate(re.findall(r"\[[^]]*\]|normal \d+ \d+", text))]
        exact = exact_derivatives(name, operands, direction_like(operands[0]),
                                  "no derivative" not in point)
        exact = [None if e is None else list(e) for e in exact]
        rows.append((formula, point, compare_both(engine, name, operands, exact)))
    return rows


def compare_hard_determinants(engine):
    """The matrices of tests/data/hard-determinants.json, whose references are exact."""
    with open(path("tests", "data", "hard-determinants.json"), encoding="ascii") as file:
        cases = [c for c in json.load(file)["cases"] if c.get("A") and c.get("hvp")]
    rows = []
    for case in cases:
        n, sigma = case["n"], float.fromhex(case["sigma_1"])
        entries = {k: [float.fromhex(v) for v in case[k]] for k in ("A", "grad", "hvp")}
        a = [entries["A"][i * n:(i + 1) * n] for i in range(n)]
        exact = [[mpf(e) for e in entries[k]] for k in ("grad", "hvp")]
        scales = (mpf(sigma) ** (n - 1), mpf(sigma) ** max(n - 2, 0))
        rows.append((HARD.get(case["id"], case["id"]), str(n), compare_both(engine, "det", [a], exact, scales)))
    return rows


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
    with open(path(*name.split("/")), "w", encoding="utf-8") as file:
        file.write(text)


def checksum():
    """That of the files of this folder one after another, as `cat tests/compare/* | sha256sum`."""
    names = sorted(name for name in os.listdir(HERE) if os.path.isfile(os.path.join(HERE, name)))
    files = [open(os.path.join(HERE, name), "rb").read() for name in names]
    return hashlib.sha256(b"".join(files)).hexdigest()


def versions(engine, compiler):
    with open("/proc/self/maps", encoding="ascii") as maps:
        blas = sorted(set(re.findall(r"/(lib[^/ ]*(?:blas|lapack|mkl)[^/ ]*\.so[^/ ]*)$", maps.read(), re.M)))
    with open("/proc/cpuinfo", encoding="ascii") as info:
        model = re.search(r"model name\s*: (.*)", info.read())
    return "\n".join([
        f"- PyTorch {torch.__version__}, Python {platform.python_version()}, {', '.join(blas) or 'BLAS of its own'}",
        f"- autodiff {engine.ask('version')[0]}, {compiler}",
        f"- mpmath {mpmath.__version__}",
        f"- {model.group(1) if model else platform.machine()}, one thread"])


def marked(text):
    """Between marks, from which the README has it."""
    return f"<!-- comparison -->\n{text}\n<!-- end of comparison -->"


def telling(polynomials, formulas):
    """The rows that the README shows: of part one for n = 5, of part two those that differ most."""
    rows = [[f"p′(x), p(x) = det(xI − A), n = 5, x {d} from an eigenvalue", e[0], e[3]]
            for n, d, e in polynomials if n == 5 and d in ("1", "0")]
    for formula, point, e in formulas:
        if f"{formula}: {point}" in TELLING:
            rows += [[f"{formula}, {point}: gradient", e[0], e[2]], [f"{formula}, {point}: Hessian · V", e[1], e[3]]]
    return marked(table(["relative error", "PyTorch", "autodiff"],
                        [[row[0], shown(row[1]), shown(row[2])] for row in rows]))


def draw(name, head, rows):
    """docs/NAME.txt, and docs/NAME.svg by docs/NAME.gnuplot."""
    lines = ["# " + head] + [" ".join(str(e) for e in row) for row in rows]
    write(f"docs/{name}.txt", "\n".join(lines) + "\n")
    settings = f"set terminal svg size 760,480; set output 'docs/{name}.svg'"
    subprocess.run(["gnuplot", "-e", settings, f"docs/{name}.gnuplot"], cwd=ROOT, check=True)


def write_readme(block):
    with open(path("README.md"), encoding="utf-8") as file:
        text = file.read()
    pattern = marked(".*").replace("\n.*\n", "\n.*\n")
    write("README.md", re.sub(pattern, lambda _: block, text, flags=re.S))


def write_page(engine, compiler, polynomials, slopes, formulas, hard, times):
    four = ["n", "PyTorch", "the formula, in PyTorch", "`ad_det`", "`ad_charpoly`"]
    two = ["PyTorch: gradient", "Hessian · V", "autodiff: gradient", "Hessian · V"]
    rows = lambda results: [[a, b] + [shown(e) for e in errors] for a, b, errors in results]
    milliseconds = lambda results: [[str(n)] + [f"{1e3 * t:.3g}" for t in row] for n, *row in results]
    block = telling(polynomials, formulas)
    with open(os.path.join(HERE, "page.md"), encoding="utf-8") as file:
        page = file.read()
    for name, text in {
            "versions": versions(engine, compiler), "checksum": checksum(), "telling": block,
            "polynomials": table(four[:1] + ["distance"] + four[1:],
                                 rows((str(n), d, e) for n, d, e in polynomials)),
            "polynomial times": table(four, milliseconds([n] + row for n, row in slopes)),
            "formulas": table(["formula", "point"] + two, rows(formulas)),
            "hard determinants": table(["matrix", "n"] + two, rows(hard)),
            "times": table(["n", "det: PyTorch", "autodiff", "log∣det∣: PyTorch", "autodiff"],
                           milliseconds(times))}.items():
        page = page.replace("{" + name + "}", text)
    write("docs/comparison.md", page)
    write_readme(block)


def failures(polynomials, formulas, hard):
    """Where autodiff is not right; the points marked NEITHER are meant to be so."""
    wrong = [f"p'(x), n = {n}, distance {d}" for n, d, e in polynomials if not all(map(right, e[2:]))]
    return wrong + [f"{name}, {point}" for name, point, e in formulas + hard
                    if all(map(right, e[2:])) == (NEITHER in point)]


def main():
    program, compiler = sys.argv[1:]
    engine = Engine(program)
    polynomials, slopes = compare_polynomials(engine)
    formulas, hard, times = compare_formulas(engine), compare_hard_determinants(engine), compare_times(engine)
    draw("comparison_error", "n, distance, relative errors: PyTorch, the formula, ad_det, ad_charpoly",
         [[n, d] + [f"{max(v, 1e-16):.0e}" for v in e] for n, d, e in polynomials])
    draw("comparison_time", "n, seconds: det by PyTorch, by autodiff, log|det| by PyTorch, by autodiff", times)
    write_page(engine, compiler, polynomials, slopes, formulas, hard, times)
    wrong = failures(polynomials, formulas, hard)
    for case in wrong:
        print(f"compare: autodiff is not within {RIGHT} at {case}")
    print(f"docs/comparison.md: {len(polynomials) + len(formulas) + len(hard)} cases, {len(wrong)} not as stated")
    return 1 if wrong else 0


sys.exit(main())
