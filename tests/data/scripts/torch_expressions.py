# SPDX-License-Identifier: MIT
"""Random expressions that print themselves in the script language and evaluate in PyTorch.

An expression is a tree of Nodes. A node holds its shape, its text with the binding strength of
its outermost operator, and a function from its operands' tensors to its own. Elements are
counted down the columns, as in the script language. Used by torch_values.py.
"""
import math

import torch

ATOM, POWER, SIGN, PRODUCT, SUM = 100, 90, 80, 70, 60  # binding strengths

LARGEST_VALUE = 50.0
LARGEST_CONDITION = 50.0


class Reject(Exception):
    """The expression is too large, or a matrix in it too close to a singular one."""


class Node:
    def __init__(self, shape, text, strength, function, operands=()):
        self.shape, self.text, self.strength = shape, text, strength
        self.function, self.operands = function, operands

    def at(self, strength):
        """The text, in parentheses where it binds less than that."""
        return self.text if self.strength >= strength else f"({self.text})"

    def value(self, memo):
        if id(self) not in memo:
            result = self.function(*(operand.value(memo) for operand in self.operands))
            assert tuple(result.shape) == self.shape, (self.text, result.shape, self.shape)
            if not bool(torch.isfinite(result).all()) or result.abs().max() > LARGEST_VALUE:
                raise Reject("size")
            memo[id(self)] = result
        return memo[id(self)]


def literal(rows):
    """A matrix of numbers as text that reads back as the same doubles."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return repr(rows[0][0])
    return "[" + "; ".join(", ".join(repr(v) for v in row) for row in rows) + "]"


def as_columns(x, rows, columns):
    return x.t().reshape(columns, rows).t()


def regular(A):
    if torch.linalg.cond(A.detach()) > LARGEST_CONDITION:
        raise Reject("condition")
    return A


UNARY = [  # text with {}, function: elementwise, smooth, of any argument
    ("sin({})", torch.sin),
    ("cos({})", torch.cos),
    ("tanh({})", torch.tanh),
    ("atan({})", torch.atan),
    ("erf({})", torch.erf),
    ("sinh(tanh({}))", lambda x: torch.sinh(torch.tanh(x))),
    ("cosh(sin({}))", lambda x: torch.cosh(torch.sin(x))),
    ("exp(sin({}))", lambda x: torch.exp(torch.sin(x))),
    ("expm1(cos({}))", lambda x: torch.expm1(torch.cos(x))),
    ("tan(sin({}))", lambda x: torch.tan(torch.sin(x))),
    ("asin(0.9 * sin({}))", lambda x: torch.asin(0.9 * torch.sin(x))),
    ("acos(0.9 * cos({}))", lambda x: torch.acos(0.9 * torch.cos(x))),
    ("sigmoid({})", torch.sigmoid),
    ("softplus({})", lambda x: torch.logaddexp(x, torch.zeros_like(x))),
    ("abs({})", torch.abs),
    ("relu({})", torch.relu),
]

POSITIVE = [  # the same after {} was made positive
    ("log({})", torch.log),
    ("log1p({})", torch.log1p),
    ("sqrt({})", torch.sqrt),
    ("lgamma({})", torch.lgamma),
    ("1 ./ ({})", torch.reciprocal),
]

BINARY_CALLS = [
    ("hypot", torch.hypot),
    ("atan2", torch.atan2),
    ("min", torch.minimum),
    ("max", torch.maximum),
]


class Generator:
    """Grows one expression. Statements that must come before it gather in self.statements."""

    def __init__(self, random):
        self.random = random
        self.leaves = {}  # name: (node, values)
        self.statements = []
        self.temporaries = 0

    # -- leaves and names

    def leaf(self, shape):
        same = [node for node, _ in self.leaves.values() if node.shape == shape]
        if same and (len(self.leaves) >= 4 or self.random.random() < 0.6):
            return self.random.choice(same)
        rows = [[self.random.uniform(-1.5, 1.5) for _ in range(shape[1])]
                for _ in range(shape[0])]
        if len(self.leaves) >= 4:
            data = torch.tensor(rows, dtype=torch.float64)
            strength = SIGN if shape == (1, 1) and rows[0][0] < 0 else ATOM
            return Node(shape, literal(rows), strength, lambda: data)
        name = "xABCD"[len(self.leaves)] if shape != (1, 1) else "stuvw"[len(self.leaves)]
        node = Node(shape, name, ATOM, None)
        self.leaves[name] = (node, rows)
        return node

    def name_for(self, node):
        """The node behind a variable of its own."""
        self.temporaries += 1
        name = f"z{self.temporaries}"
        self.statements.append(f"{name} = {node.text};")
        return Node(node.shape, name, ATOM, lambda v: v, (node,))

    # -- building blocks

    def call(self, name, shape, function, *operands, more=""):
        text = f"{name}({', '.join(o.text for o in operands)}{more})"
        return Node(shape, text, ATOM, function, operands)

    def infix(self, symbol, strength, shape, function, left, right):
        text = f"{left.at(strength)} {symbol} {right.at(strength + 1)}"
        return Node(shape, text, strength, function, (left, right))

    def positive(self, node):
        c = self.random.choice([0.5, 1, 2])
        if self.random.random() < 0.5:
            return Node(node.shape, f"{node.at(POWER)}.^2 + {c}", SUM, lambda x: x**2 + c, (node,))
        return Node(node.shape, f"abs({node.text}) + {c}", SUM, lambda x: x.abs() + c, (node,))

    def index(self, node, text, shape, function):
        return Node(shape, f"{node.at(ATOM)}({text})", ATOM, function, (node,))

    def square(self, n, depth):
        """A square matrix for solves and determinants, often pushed away from singular ones."""
        A = self.grow((n, n), depth)
        if self.random.random() < 0.7:
            c = self.random.choice([2, 3, -3])
            sign, size = ("+", c) if c > 0 else ("-", -c)
            A = Node(A.shape, f"{A.at(SUM)} {sign} {size} * eye({n})", SUM,
                     lambda x: x + c * torch.eye(n, dtype=torch.float64), (A,))
        return A

    # -- growth

    def grow(self, shape, depth):
        if depth <= 0:
            return self.leaf(shape)
        kinds = ["unary", "unary", "positive", "binary", "binary", "binary", "power", "named",
                 "product", "transpose", "block", "elements", "negative", "scaled", "assigned",
                 "quotient", "function", "loop", "mask"]
        r, c = shape
        if r > 1 or c > 1:
            kinds += ["concatenate", "concatenate", "reshape", "repeat", "cumsum"]
        if r > 1:
            kinds += ["solve", "solve"]
        if c > 1:
            kinds += ["divide"]
        if r == c and r > 1:
            kinds += ["inverse", "matrix_power", "cofactor", "triangle", "diagonal", "cholesky",
                      "outer", "gram"]
        if r == 2 and c == 2 or r == 4 and c in (1, 4):
            kinds += ["kron"]
        if c == 1 and r > 1 or r == 1 and c > 1:
            kinds += ["reduce", "reduce", "reduce"]
        if shape == (1, 1):
            kinds = kinds[:4] + ["power", "quotient", "function", "loop"] + ["scalar"] * 10
        return getattr(self, "grow_" + self.random.choice(kinds))(shape, depth - 1)

    def grow_unary(self, shape, depth):
        text, function = self.random.choice(UNARY)
        x = self.grow(shape, depth)
        return Node(shape, text.format(x.text), ATOM, function, (x,))

    def grow_positive(self, shape, depth):
        text, function = self.random.choice(POSITIVE)
        x = self.positive(self.grow(shape, depth))
        strength = PRODUCT if text.startswith("1") else ATOM
        return Node(shape, text.format(x.text), strength, function, (x,))

    def operands(self, shape, depth):
        """Two operands that broadcast to the shape."""
        other = self.random.choice([shape, shape, (1, 1), (shape[0], 1), (1, shape[1])])
        pair = [self.grow(shape, depth), self.grow(other, depth)]
        if shape[0] > 1 and shape[1] > 1 and self.random.random() < 0.2:
            pair = [self.grow((shape[0], 1), depth), self.grow((1, shape[1]), depth)]
        self.random.shuffle(pair)
        return pair

    def grow_binary(self, shape, depth):
        left, right = self.operands(shape, depth)
        kind = self.random.choice(["+", "-", ".*", ".*", "call"])
        if kind == "call":
            name, function = self.random.choice(BINARY_CALLS)
            return self.call(name, shape, lambda x, y: function(*torch.broadcast_tensors(x, y)),
                             left, right)
        functions = {"+": torch.add, "-": torch.sub, ".*": torch.mul}
        strength = PRODUCT if kind == ".*" else SUM
        return self.infix(kind, strength, shape, functions[kind], left, right)

    def grow_quotient(self, shape, depth):
        left, right = self.operands(shape, depth)
        right = self.positive(right)
        if self.random.random() < 0.5:
            return self.infix("./", PRODUCT, shape, torch.div, left, right)
        return self.infix(".\\", PRODUCT, shape, lambda x, y: y / x, right, left)

    def grow_power(self, shape, depth):
        if self.random.random() < 0.5:
            x, n = self.grow(shape, depth), self.random.choice([2, 3])
            return Node(shape, f"{x.at(POWER)}.^{n}", POWER, lambda v: v**n, (x,))
        left, right = self.operands(shape, depth)
        left = self.positive(left)
        return self.infix(".^", POWER, shape, torch.pow, left, right)

    def grow_negative(self, shape, depth):
        x = self.grow(shape, depth)  # in parentheses if it has a sign: -- is an operator in Octave
        return Node(shape, f"-{x.at(POWER)}", SIGN, torch.neg, (x,))

    def grow_scaled(self, shape, depth):
        x, factor = self.grow(shape, depth), self.random.choice([0.5, 2, 0.25])
        if self.random.random() < 0.5:
            return Node(shape, f"{factor} * {x.at(SIGN)}", PRODUCT, lambda v: factor * v, (x,))
        return Node(shape, f"{x.at(PRODUCT)} / {factor}", PRODUCT, lambda v: v / factor, (x,))

    def grow_named(self, shape, depth):
        """A variable that is used twice."""
        z = self.name_for(self.grow(shape, depth))
        if self.random.random() < 0.5:
            return Node(shape, f"{z.text} .* sin({z.text})", PRODUCT, lambda v: v * v.sin(), (z,))
        other = self.grow(shape, depth - 1)
        text = f"{z.text} + {other.at(PRODUCT)} .* {z.text}"
        return Node(shape, text, SUM, lambda v, w: v + w * v, (z, other))

    def grow_function(self, shape, depth):
        """An anonymous function that captures a variable."""
        x, captured = self.grow(shape, depth), self.name_for(self.grow((1, 1), depth - 1))
        self.temporaries += 1
        name = f"f{self.temporaries}"
        self.statements.append(f"{name} = @(u) sin(u) .* u - {captured.text} * u.^2;")
        return Node(shape, f"{name}({x.text})", ATOM,
                    lambda u, k: u.sin() * u - k * u**2, (x, captured))

    def grow_loop(self, shape, depth):
        x, times = self.name_for(self.grow(shape, depth)), self.random.choice([2, 3])
        self.temporaries += 1
        name = f"z{self.temporaries}"
        self.statements.append(f"{name} = {x.text};")
        self.statements.append(
            f"for k = 1:{times}, {name} = {x.text} + sin(k * {name}) / 2; end")

        def run(value):
            z = value
            for k in range(1, times + 1):
                z = value + torch.sin(k * z) / 2
            return z
        return Node(shape, name, ATOM, run, (x,))

    def grow_assigned(self, shape, depth):
        """Some elements replaced."""
        x, (r, c) = self.grow(shape, depth), shape
        self.temporaries += 1
        name = f"z{self.temporaries}"
        i, j = self.random.randrange(r), self.random.randrange(c)
        text, where, part = self.random.choice([
            (f"{i + 1}, {j + 1}", (slice(i, i + 1), slice(j, j + 1)), (1, 1)),
            (f"{i + 1}, :", (slice(i, i + 1), slice(None)), (1, c)),
            (f":, {j + 1}", (slice(None), slice(j, j + 1)), (r, 1)),
        ])
        new = self.grow(part, depth - 1)
        self.statements.append(f"{name} = {x.text};")
        self.statements.append(f"{name}({text}) = {new.text};")

        def assign(old, values):
            result = old.clone()
            result[where] = values
            return result
        return Node(shape, name, ATOM, assign, (x, new))

    def grow_mask(self, shape, depth):
        """The positive elements made use of, wherever they are."""
        source = self.name_for(self.grow((self.random.choice([2, 3, 4]), 1), depth))
        text = f"sum({source.text}({source.text} > 0))"
        node = Node((1, 1), text, ATOM, lambda v: v[v > 0].sum().reshape(1, 1), (source,))
        if shape == (1, 1):
            return node
        return self.infix("+", SUM, shape, torch.add, self.grow(shape, depth), node)

    def grow_product(self, shape, depth):
        inner = self.random.choice([1, 2, 3])
        left, right = self.grow((shape[0], inner), depth), self.grow((inner, shape[1]), depth)
        return self.infix("*", PRODUCT, shape, torch.matmul, left, right)

    def grow_transpose(self, shape, depth):
        x = self.grow((shape[1], shape[0]), depth)
        return Node(shape, f"{x.at(POWER)}'", POWER, torch.t, (x,))

    def span(self, count, available):
        """Text and positions of count out of the available rows or columns."""
        if count == available and self.random.random() < 0.5:
            return ":", list(range(available))
        kind = self.random.choice(["range", "list", "end", "reverse"])
        if kind == "list":
            chosen = [self.random.randrange(available) for _ in range(count)]
            return "[" + ", ".join(str(k + 1) for k in chosen) + "]", chosen
        if kind == "end":
            first = available - count
            text = f"end - {count - 1}:end" if count > 1 else "end"
            return text, list(range(first, available))
        first = self.random.randrange(available - count + 1)
        chosen = list(range(first, first + count))
        if kind == "reverse":
            return f"{first + count}:-1:{first + 1}", chosen[::-1]
        return f"{first + 1}:{first + count}", chosen

    def grow_block(self, shape, depth):
        larger = tuple(n + self.random.choice([0, 1, 1]) for n in shape)
        x = self.grow(larger, depth)
        (rows, i), (columns, j) = self.span(shape[0], larger[0]), self.span(shape[1], larger[1])
        return self.index(x, f"{rows}, {columns}", shape, lambda v: v[i][:, j])

    def grow_elements(self, shape, depth):
        """Elements by one index, which counts down the columns."""
        source = self.random.choice([(2, 2), (3, 2), (2, 3)])
        x, count = self.grow(source, depth), source[0] * source[1]
        chosen = [self.random.randrange(count) for _ in range(shape[0] * shape[1])]
        rows = [chosen[i * shape[1]:(i + 1) * shape[1]] for i in range(shape[0])]
        text = literal([[k + 1 for k in row] for row in rows])
        if shape[0] == 1 and shape[1] > 1 and self.random.random() < 0.5:
            text = text.replace(", ", " ")
        return self.index(x, text, shape,
                          lambda v: as_columns(v, count, 1)[chosen].reshape(shape))

    def grow_concatenate(self, shape, depth):
        r, c = shape
        horizontal = c > 1 and (r == 1 or self.random.random() < 0.5)
        total = c if horizontal else r
        first = self.random.randrange(1, total)
        sizes = [first, total - first]
        if horizontal:
            parts = [self.grow((r, n), depth) for n in sizes]
        else:
            parts = [self.grow((n, c), depth) for n in sizes]
        dimension = 1 if horizontal else 0
        separator = ", " if horizontal else "; "
        text = "[" + separator.join(p.text for p in parts) + "]"
        return Node(shape, text, ATOM, lambda *v: torch.cat(v, dimension), tuple(parts))

    def grow_reshape(self, shape, depth):
        r, c = shape
        source = self.random.choice([(c, r), (r * c, 1), (1, r * c)] if r * c <= 9 else [(c, r)])
        x = self.grow(source, depth)
        if c == 1 and self.random.random() < 0.6:
            form = self.random.choice(["{}(:)", "vec({})"])
            text = form.format(x.at(ATOM) if form[0] == "{" else x.text)
            return Node(shape, text, ATOM, lambda v: as_columns(v, r, c), (x,))
        return self.call("reshape", shape, lambda v: as_columns(v, r, c), x, more=f", {r}, {c}")

    def grow_repeat(self, shape, depth):
        r, c = shape
        m = self.random.choice([k for k in (1, 2, 3, 4) if r % k == 0])
        n = self.random.choice([k for k in (1, 2, 3, 4) if c % k == 0])
        x = self.grow((r // m, c // n), depth)
        return self.call("repmat", shape, lambda v: v.repeat(m, n), x, more=f", {m}, {n}")

    def grow_cumsum(self, shape, depth):
        x = self.grow(shape, depth)
        if shape[0] > 1 and self.random.random() < 0.5:
            return self.call("cumsum", shape, lambda v: v.cumsum(0), x)
        return self.call("cumsum", shape, lambda v: v.cumsum(1), x, more=", 2")

    def grow_solve(self, shape, depth):
        A, B = self.square(shape[0], depth), self.grow(shape, depth)
        return self.infix("\\", PRODUCT, shape,
                          lambda a, b: torch.linalg.solve(regular(a), b), A, B)

    def grow_divide(self, shape, depth):
        B, A = self.grow(shape, depth), self.square(shape[1], depth)
        return self.infix("/", PRODUCT, shape,
                          lambda b, a: torch.linalg.solve(regular(a).t(), b.t()).t(), B, A)

    def grow_inverse(self, shape, depth):
        A = self.square(shape[0], depth)
        return self.call("inv", shape, lambda a: torch.linalg.inv(regular(a)), A)

    def grow_matrix_power(self, shape, depth):
        n = self.random.choice([2, 3, -1, -2])
        A = self.square(shape[0], depth) if n < 0 else self.grow(shape, depth)

        def power(a):
            factor = torch.linalg.inv(regular(a)) if n < 0 else a
            result = factor
            for _ in range(abs(n) - 1):
                result = result @ factor
            return result
        return Node(shape, f"{A.at(POWER)}^{n}", POWER, power, (A,))

    def grow_cofactor(self, shape, depth):
        A = self.square(shape[0], depth)
        return self.call("cofactor", shape,
                         lambda a: torch.linalg.det(a) * torch.linalg.inv(regular(a)).t(), A)

    def grow_triangle(self, shape, depth):
        name = self.random.choice(["tril", "triu"])
        return self.call(name, shape, getattr(torch, name), self.grow(shape, depth))

    def grow_diagonal(self, shape, depth):
        n = shape[0]
        x = self.grow(self.random.choice([(n, 1), (1, n)]), depth)
        return self.call("diag", shape, lambda v: torch.diag(v.reshape(-1)), x)

    def grow_cholesky(self, shape, depth):
        n = shape[0]
        x = self.name_for(self.grow(shape, depth))
        return Node(shape, f"chol({x.text}' * {x.text} + eye({n}))", ATOM,
                    lambda v: torch.linalg.cholesky(
                        regular(v.t() @ v + torch.eye(n, dtype=torch.float64))).t(), (x,))

    def grow_gram(self, shape, depth):
        x = self.name_for(self.grow((self.random.choice([1, 2]), shape[0]), depth))
        return Node(shape, f"{x.text}' * {x.text}", PRODUCT, lambda v: v.t() @ v, (x,))

    def grow_outer(self, shape, depth):
        x, y = self.grow((shape[0], 1), depth), self.grow((shape[1], 1), depth)
        return self.call("outer", shape, lambda v, w: v @ w.t(), x, y)

    def grow_kron(self, shape, depth):
        splits = {(2, 2): [((2, 1), (1, 2)), ((1, 2), (2, 1)), ((1, 1), (2, 2))],
                  (4, 1): [((2, 1), (2, 1))], (4, 4): [((2, 2), (2, 2)), ((4, 2), (1, 2))]}
        first, second = self.random.choice(splits[shape])
        return self.call("kron", shape, torch.kron, self.grow(first, depth),
                         self.grow(second, depth))

    def grow_reduce(self, shape, depth):
        """Rows or columns of a matrix to a number each."""
        along_rows = shape[1] == 1
        other = self.random.choice([2, 3])
        source = (shape[0], other) if along_rows else (other, shape[1])
        x, dimension = self.grow(source, depth), 1 if along_rows else 0
        name = self.random.choice(["sum", "mean", "prod", "max", "min", "dot", "diag"])
        if name == "dot" and not along_rows:
            return self.call("dot", shape, lambda v, w: (v * w).sum(0, keepdim=True), x,
                             self.grow(source, depth))
        if name == "diag" and along_rows:
            n = shape[0]
            return self.call("diag", shape, lambda v: v.diagonal().reshape(n, 1),
                             self.grow((n, n), depth))
        if name in ("max", "min"):
            function = torch.amax if name == "max" else torch.amin
            return self.call(name, shape, lambda v: function(v, dimension, keepdim=True), x,
                             more=", [], 2" if along_rows else "")
        name = name if name in ("sum", "mean", "prod") else "sum"
        function = getattr(torch, name)
        more = ", 2" if along_rows else self.random.choice(["", ", 1"])
        return self.call(name, shape, lambda v: function(v, dimension, keepdim=True), x, more=more)

    def grow_scalar(self, shape, depth):
        return getattr(self, "scalar_" + self.random.choice([
            "determinant", "determinant", "vector_norm", "matrix_norm", "matrix_norm", "total",
            "total", "quadratic", "trace", "dot", "logsumexp", "charpoly", "extreme", "slogdet",
            "iterated"]))(depth)

    def to_scalar(self, name, x, function, more=""):
        return self.call(name, (1, 1), lambda v: function(v).reshape(1, 1), x, more=more)

    def size(self):
        return self.random.choice([2, 3])

    def vector(self, depth):
        n = self.random.choice([2, 3, 4])
        return self.grow(self.random.choice([(n, 1), (1, n)]), depth)

    def scalar_determinant(self, depth):
        name = self.random.choice(["det", "det", "logdet"])
        function = torch.linalg.det if name == "det" else lambda a: torch.linalg.slogdet(a)[1]
        return self.to_scalar(name, self.square(self.size(), depth), lambda a: function(regular(a)))

    def scalar_slogdet(self, depth):
        A = self.square(self.size(), depth)
        self.temporaries += 1
        k = self.temporaries
        self.statements.append(f"[s{k}, l{k}] = slogdet({A.text});")

        def both(a):
            sign, log = torch.linalg.slogdet(regular(a))
            return (sign * log).reshape(1, 1)
        return Node((1, 1), f"s{k} * l{k}", PRODUCT, both, (A,))

    def scalar_vector_norm(self, depth):
        more, order = self.random.choice([("", 2), (", 1", 1), (", Inf", math.inf), (", 'fro'", 2)])
        return self.to_scalar("norm", self.vector(depth),
                              lambda v: torch.linalg.vector_norm(v, order), more)

    def scalar_matrix_norm(self, depth):
        more, order = self.random.choice(
            [("", 2), (", 2", 2), (", 1", 1), (", Inf", math.inf), (', "fro"', "fro")])
        x = self.grow(self.random.choice([(2, 2), (2, 3), (3, 2), (3, 3)]), depth)
        return self.to_scalar("norm", x, lambda v: torch.linalg.matrix_norm(v, order), more)

    def scalar_total(self, depth):
        name = self.random.choice(["sum", "mean", "prod"])
        if self.random.random() < 0.5:
            return self.to_scalar(name, self.vector(depth), getattr(torch, name))
        x = self.grow(self.random.choice([(2, 2), (2, 3), (3, 3)]), depth)
        column = Node((x.shape[0] * x.shape[1], 1), f"{x.at(ATOM)}(:)", ATOM,
                      lambda v: as_columns(v, -1, 1), (x,))
        return self.to_scalar(name, column, getattr(torch, name))

    def scalar_iterated(self, depth):
        x = self.grow((self.size(), self.size()), depth)
        return self.to_scalar("sum", self.call("mean", (1, x.shape[1]),
                                               lambda v: v.mean(0, keepdim=True), x), torch.sum)

    def scalar_quadratic(self, depth):
        n = self.size()
        x, A = self.name_for(self.grow((n, 1), depth)), self.grow((n, n), depth)
        return Node((1, 1), f"{x.text}' * {A.at(SIGN)} * {x.text}", PRODUCT,
                    lambda v, a: v.t() @ a @ v, (x, A))

    def scalar_trace(self, depth):
        n = self.size()
        return self.to_scalar("trace", self.grow((n, n), depth), torch.trace)

    def scalar_dot(self, depth):
        n = self.size()
        return self.call("dot", (1, 1), lambda v, w: (v.reshape(-1) @ w.reshape(-1)).reshape(1, 1),
                         self.grow((n, 1), depth),
                         self.grow(self.random.choice([(n, 1), (1, n)]), depth))

    def scalar_logsumexp(self, depth):
        x = self.grow(self.random.choice([(3, 1), (2, 2), (2, 3)]), depth)
        return self.to_scalar("logsumexp", x, lambda v: torch.logsumexp(v.reshape(-1), 0))

    def scalar_charpoly(self, depth):
        n = self.size()
        A, x = self.grow((n, n), depth), self.grow((1, 1), depth)
        return self.call("charpoly", (1, 1), lambda a, v: torch.linalg.det(
            regular(v * torch.eye(n, dtype=torch.float64) - a)).reshape(1, 1), A, x)

    def scalar_extreme(self, depth):
        name = self.random.choice(["max", "min"])
        return self.to_scalar(name, self.vector(depth), getattr(torch, name))
