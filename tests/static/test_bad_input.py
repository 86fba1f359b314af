"""Odd, huge and broken files: no crash, no hang, a clear error where there is one."""

import textwrap

import pytest

from shapetypes.core.fault import ShapeError
from shapetypes.static.api import Checker
from shapetypes.static.units import GIVEN_UP

HEAD = """\
import torch
from jaxtyping import Float
from torch import Tensor, nn
"""


def write(folder, name, text, head=HEAD):
    path = folder / name
    path.write_text(head + textwrap.dedent(text), encoding="utf-8")
    return str(path)


def lines(report):
    return {d.place.line: str(ShapeError(fault=d.fault)) for d in report.diagnostics}


def check(folder, text, head=HEAD):
    return Checker([str(folder)]).check(write(folder, "sample.py", text, head))


MISTAKE = """
def f{i}(x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
    z = x.relu() + y
    for k in range(3):
        z = z * 2 if k else z
    return z @ y
"""


def test_ten_thousand_lines(tmp_path):
    count = 1667
    report = check(tmp_path, "".join(MISTAKE.format(i=i) for i in range(count)))

    assert count == report.functions == len(report.diagnostics)
    assert report.crashes == 0
    assert {"`@` operand `y`: axis 0 is `n`, expected `d` (axis 1 of `z`)"} == set(lines(report).values())


def test_ten_thousand_lines_in_one_function(tmp_path):
    body = "".join(f"    x{i + 1} = x{i} + 1\n" for i in range(10_000))
    report = check(tmp_path, 'def f(x0: Float[Tensor, "n"]) -> Float[Tensor, "n"]:\n' + body + "    return x10000\n")

    assert {} == lines(report)
    assert report.known + report.unknown > 0 or report.crashes == 1


def test_a_function_that_is_too_much_is_given_up_and_counted(tmp_path):
    nest = "".join("    " * (i + 1) + f"for i{i} in range(20):\n" for i in range(8))
    text = 'def f(x: Float[Tensor, "n"]):\n' + nest + "    " * 9 + "x = x + 1\n    return x @ x.T.T\n"
    report = check(tmp_path, text + MISTAKE.format(i=1))

    assert report.crashes == 1
    assert GIVEN_UP in report.reasons
    assert len(report.diagnostics) == 1, "the functions after it are judged"


def test_a_class_that_builds_itself(tmp_path):
    report = check(
        tmp_path,
        """
        class Tree(nn.Module):
            def __init__(self, depth: int, dim: int) -> None:
                super().__init__()
                self.fc = nn.Linear(dim, dim)
                self.child = Tree(depth - 1, dim) if depth else None

            def forward(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n dim"]:
                if self.child is not None:
                    x = self.child(x)
                return self.fc(x)

            def wrong(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n dim"]:
                return self.forward(x).T

        class Loop(nn.Module):
            def __init__(self):
                super().__init__()
                self.me = self
                self.other = Loop()

            @property
            def again(self):
                return self.again

            def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
                return self.me.me(x) + self.again

        def run(x: Float[Tensor, "n 4"]) -> Float[Tensor, "n 4"]:
            return Tree(100000, 4)(x)
        """,
    )

    assert [17] == list(lines(report))
    assert report.crashes == 0


def test_bases_that_lead_back(tmp_path):
    write(tmp_path, "other.py", "from sample import A\nclass B(A): ...\nclass C(C): ...\n")
    report = check(
        tmp_path, "from other import B, C\nclass A(B):\n    pass\nclass D(D, C, A):\n    x: 'D'\nA().f(D().x)\n"
    )

    assert {} == lines(report)


def test_functions_that_call_each_other(tmp_path):
    report = check(
        tmp_path,
        """
        def even(x: Float[Tensor, "n d"], k):
            return x if k == 0 else odd(x, k - 1)

        def odd(x, k):
            return x.T if k == 0 else even(x, k - 1)

        def both(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
            return even(x, 10)

        def forever(x):
            return forever(forever(x))

        y = forever(torch.zeros(2, 3)) @ torch.zeros(4, 5)
        f = lambda v: f(v)
        f(torch.zeros(2))
        """,
    )

    assert {} == lines(report)


def test_modules_that_import_each_other(tmp_path):
    write(
        tmp_path,
        "a.py",
        'from b import Out, g, K\nIn = Float[Tensor, "n 3"]\ndef f(x: In) -> Out: return g(x)\nM = K + 1\n',
    )
    path = write(
        tmp_path,
        "b.py",
        """\
        from a import *
        from a import M
        import a, b
        Out = Float[Tensor, "n 4"]
        K = M - 1
        def g(x: a.In) -> Out:
            return x @ torch.zeros(3, 4)
        def h(x: Out) -> Out:
            return b.b.a.f(x)
        """,
    )
    report = Checker([str(tmp_path)]).check(path)

    assert {12: "`f()` argument `x`: axis 1 is 4, expected 3"} == lines(report)


def test_aliases_that_lead_back(tmp_path):
    report = check(
        tmp_path,
        """
        A = B
        B = A
        C = C[Tensor, "n"]
        D = Float[D, "n"]
        N = N + 1
        def f(x: A, y: C, z: D) -> B:
            return x + y @ z + torch.zeros(N)
        """,
    )

    assert {} == lines(report)


@pytest.mark.parametrize("depth", [60, 300])
def test_deep_nesting(tmp_path, depth):
    depths = {
        "calls": "torch.relu(" * depth + "x" + ")" * depth,
        "attributes": "x" + ".T" * depth,
        "sums": "x" + " + x" * depth,
        "lists": "[" * (depth // 4) + "x" + "]" * (depth // 4),
        "ternaries": "x if k else " * depth + "x",
        "conditions": "x if " + " and ".join(f"k > {i}" for i in range(depth)) + " else x",
        "lambdas": "(lambda: " * (depth // 4) + "x" + ")()" * (depth // 4),
    }
    for kind, text in depths.items():
        try:
            compile(text, "x", "eval")
        except (RecursionError, MemoryError, SyntaxError):
            continue
        body = f'def f(x: Float[Tensor, "n n"], k: int):\n    return {text}\n' + MISTAKE.format(i=1)
        report = check(tmp_path, body)
        assert len(report.diagnostics) == 1, kind


def test_many_branches(tmp_path):
    """Paths do not multiply."""
    text = 'def f(x: Float[Tensor, "n d"], k: int) -> Float[Tensor, "n d"]:\n'
    for i in range(60):
        text += f"    if k > {i}:\n        x = x.T\n    else:\n        x = x.relu()\n"
    report = check(tmp_path, text + "    return x\n")

    assert {} == lines(report)
    assert report.crashes == 0


def test_what_is_not_utf8(tmp_path):
    path = tmp_path / "latin.py"
    path.write_bytes("# caf\xe9\nx = 1\n".encode("latin-1"))
    with pytest.raises((UnicodeDecodeError, SyntaxError)):
        Checker([]).check(str(path))

    path.write_bytes(("# -*- coding: latin-1 -*-\n# caf\xe9\n" + HEAD + MISTAKE.format(i=1)).encode("latin-1"))
    assert 1 == len(Checker([]).check(str(path)).diagnostics)


def test_a_bad_module_beside_a_good_one(tmp_path):
    (tmp_path / "latin.py").write_bytes(b"name = '\xe9'\n")
    write(tmp_path, "broken.py", "def f(:\n", head="")
    (tmp_path / "null.py").write_bytes(b"x = 1\0\n")
    text = "from latin import name\nfrom broken import f\nimport null, nowhere\nf(name, null.x, nowhere.y)\n"

    assert [13] == list(lines(check(tmp_path, text + MISTAKE.format(i=1))))


@pytest.mark.parametrize("text", ["def f(:\n", "return x\n  y\n", "x = (\n", "x = 'a\n", "\tif x:\n  y\n"])
def test_syntax_errors_are_syntax_errors(tmp_path, text):
    with pytest.raises(SyntaxError):
        check(tmp_path, text, head="")


@pytest.mark.parametrize("text", ["", "\n\n", "#\n", "'''doc'''", "\ufeffx = 1\n", "pass;pass", "...", "x: int"])
def test_next_to_nothing(tmp_path, text):
    report = check(tmp_path, text, head="")

    assert {} == lines(report)
    assert (0, 0) == (report.functions, report.crashes)


def test_odd_code(tmp_path):
    report = check(
        tmp_path,
        """
        from torch import *
        import torch as torch, torch.nn.functional
        del torch
        global nothing
        class Empty: pass
        class Odd(Empty, metaclass=type, key=3):
            a = b = c = 0
            (d, *e), f.g, h[0] = range(3), 1, 2
            def __init__(self, /, *args, k=1, **kw): self.x, self.y[0], *self.z = args
            def __getattr__(self, name): return self
            def __call__(*a, **k): return a[0](*a, **k)
        def f(x: Float[Tensor, "n d"], /, y=(yield), *, z: "Float[Tensor, 'n e']" = None, **kw: Float):
            nonlocal_ = [*x, *y, *[*z]]
            x[..., None, 0:0:2, :], x.q.r[1]["a"] = y, z
            for x.attr, (a, *b) in z: continue
            else: raise
            with x as (a, b), y as x[0]: pass
            while (n := x): break
            try: pass
            except* ValueError as e: pass
            assert x, y
            lambda *a, b=x, **k: (a, b, k)
            x @= x; x **= 2; x[0] += x; x.y //= z
            return {**x, 'a': {*y}, **{}}[x:y, ...](*x, **z) if x else (yield from z)
        async def g(x):
            async with x as y, z: pass
            async for i in x: await i
            return [await i async for i in x if i], {k: v async for k, v in x}
        match f:
            case {"a": [1, *_, x], **rest} | Odd(a=1, b=[x, *rest]): pass
            case -1 | 1+2j | "a" "b" | None | a.b: pass
        f'{f!r:{f}}' ; b'x' ; 1j ; ... ; not_defined
        """,
    )

    assert {} == lines(report)
    assert report.crashes == 0
