"""What a checked call costs, beside a check of the same duty written by hand, beside reading alone, beside the peer.

`python benchmarks/test_runtime.py` prints the ratios as a table; pytest-benchmark records the times. Bodies do nothing,
so that only checking is measured. All variants of a case are timed in turns within one run.
"""

# ruff: noqa: ARG001, ARG002 -- what is measured is the checking of arguments, not their use

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from beartype import beartype
from jaxtyping import Float, jaxtyped
from torch import Tensor, nn

from shapetypes import Dim, scope, shapecheck

sys.path.insert(0, str(Path(__file__).parent))
import test_layers as layers

FLOATS = frozenset({torch.float16, torch.bfloat16, torch.float32, torch.float64})
Function = Callable[..., Any]


class Wrong(TypeError):
    """What a check by hand raises."""


def z(*shape: int) -> Tensor:
    return torch.zeros(shape)


def peer(fn: Function) -> Function:
    return jaxtyped(fn, typechecker=beartype)


# -- one argument -----------------------------------------------------------------------------------------------------


def one(x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
    return x


def one_by_hand(x: Tensor) -> Tensor:
    if not isinstance(x, Tensor) or x.dtype not in FLOATS:
        raise Wrong
    shape = x.shape
    if len(shape) != 3:
        raise Wrong
    out = one(x)
    if not isinstance(out, Tensor) or out.dtype not in FLOATS or out.shape != shape:
        raise Wrong
    return out


def one_read(x: Tensor) -> Tensor:
    x.shape, x.dtype  # noqa: B018
    out = one(x)
    out.shape, out.dtype  # noqa: B018
    return out


# -- three arguments --------------------------------------------------------------------------------------------------


def three(q: Float[Tensor, "B T D"], k: Float[Tensor, "B S D"], v: Float[Tensor, "B S D"]) -> Float[Tensor, "B T D"]:
    return q


def three_by_hand(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    if not (isinstance(q, Tensor) and isinstance(k, Tensor) and isinstance(v, Tensor)):
        raise Wrong
    if q.dtype not in FLOATS or k.dtype not in FLOATS or v.dtype not in FLOATS:
        raise Wrong
    q_shape, k_shape = q.shape, k.shape
    if len(q_shape) != 3 or len(k_shape) != 3:
        raise Wrong
    b, _, d = q_shape
    b2, _, d2 = k_shape
    if b2 != b or d2 != d or v.shape != k_shape:
        raise Wrong
    out = three(q, k, v)
    if not isinstance(out, Tensor) or out.dtype not in FLOATS or out.shape != q_shape:
        raise Wrong
    return out


def three_read(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    q.shape, q.dtype, k.shape, k.dtype, v.shape, v.dtype  # noqa: B018
    out = three(q, k, v)
    out.shape, out.dtype  # noqa: B018
    return out


# -- eight arguments --------------------------------------------------------------------------------------------------


def eight(
    a: Float[Tensor, "B T D"], b: Float[Tensor, "B T D"], c: Float[Tensor, "B S D"], d: Float[Tensor, "B S D"],
    e: Float[Tensor, "B T"], f: Float[Tensor, "B S"], g: Float[Tensor, "D E"], h: Float[Tensor, "E"],
) -> Float[Tensor, "B T D"]:  # fmt: skip
    return a


def eight_by_hand(a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor, f: Tensor, g: Tensor, h: Tensor) -> Tensor:
    if not (
        isinstance(a, Tensor) and isinstance(b, Tensor) and isinstance(c, Tensor) and isinstance(d, Tensor)
        and isinstance(e, Tensor) and isinstance(f, Tensor) and isinstance(g, Tensor) and isinstance(h, Tensor)
    ):  # fmt: skip
        raise Wrong
    if (
        a.dtype not in FLOATS or b.dtype not in FLOATS or c.dtype not in FLOATS or d.dtype not in FLOATS
        or e.dtype not in FLOATS or f.dtype not in FLOATS or g.dtype not in FLOATS or h.dtype not in FLOATS
    ):  # fmt: skip
        raise Wrong
    a_shape, c_shape, e_shape, f_shape, g_shape, h_shape = a.shape, c.shape, e.shape, f.shape, g.shape, h.shape
    if len(a_shape) != 3 or len(c_shape) != 3 or len(g_shape) != 2 or len(e_shape) != 2 or len(f_shape) != 2:
        raise Wrong
    n, t, m = a_shape
    n2, s, m2 = c_shape
    m3, w = g_shape
    if b.shape != a_shape or d.shape != c_shape or n2 != n or m2 != m or m3 != m:
        raise Wrong
    if e_shape != (n, t) or f_shape != (n, s) or h_shape != (w,):
        raise Wrong
    out = eight(a, b, c, d, e, f, g, h)
    if not isinstance(out, Tensor) or out.dtype not in FLOATS or out.shape != a_shape:
        raise Wrong
    return out


def eight_read(a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor, f: Tensor, g: Tensor, h: Tensor) -> Tensor:
    a.shape, a.dtype, b.shape, b.dtype, c.shape, c.dtype, d.shape, d.dtype  # noqa: B018
    e.shape, e.dtype, f.shape, f.dtype, g.shape, g.dtype, h.shape, h.dtype  # noqa: B018
    out = eight(a, b, c, d, e, f, g, h)
    out.shape, out.dtype  # noqa: B018
    return out


# -- variadic ---------------------------------------------------------------------------------------------------------


def many(x: Float[Tensor, "*batch D"], y: Float[Tensor, "*batch E"]) -> Float[Tensor, "*batch D"]:
    return x


def many_by_hand(x: Tensor, y: Tensor) -> Tensor:
    if not (isinstance(x, Tensor) and isinstance(y, Tensor)) or x.dtype not in FLOATS or y.dtype not in FLOATS:
        raise Wrong
    shape = x.shape
    if not shape:
        raise Wrong
    *batch, _ = shape
    *other, _ = y.shape
    if other != batch:
        raise Wrong
    out = many(x, y)
    if not isinstance(out, Tensor) or out.dtype not in FLOATS or out.shape != shape:
        raise Wrong
    return out


def many_read(x: Tensor, y: Tensor) -> Tensor:
    x.shape, x.dtype, y.shape, y.dtype  # noqa: B018
    out = many(x, y)
    out.shape, out.dtype  # noqa: B018
    return out


# -- modules and objects ----------------------------------------------------------------------------------------------


class Plain(nn.Module):
    def forward(
        self, q: Float[Tensor, "B T D"], k: Float[Tensor, "B S D"], v: Float[Tensor, "B S D"]
    ) -> Float[Tensor, "B T D"]:
        return q


class Checked(Plain):
    forward = shapecheck(Plain.forward)


class ByHand(Plain):
    def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return three_by_hand(q, k, v)


class Peer(Plain):
    forward = peer(Plain.forward)


class Sized(nn.Module):
    """Two sizes are fixed when it is built."""

    @shapecheck
    def __init__(self, d: Dim[int, "D"], e: Dim[int, "E"]) -> None:
        super().__init__()
        self.d = d
        self.e = e

    @shapecheck
    def forward(self, x: Float[Tensor, "B D"], y: Float[Tensor, "B E"]) -> Float[Tensor, "B D"]:
        return x


class SizedByHand(nn.Module):
    def __init__(self, d: int, e: int) -> None:
        super().__init__()
        self.d = d
        self.e = e

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        if not (isinstance(x, Tensor) and isinstance(y, Tensor)) or x.dtype not in FLOATS or y.dtype not in FLOATS:
            raise Wrong
        shape = x.shape
        b, d = shape
        b2, e = y.shape
        if d != self.d or e != self.e or b2 != b:
            raise Wrong
        out = x
        if not isinstance(out, Tensor) or out.dtype not in FLOATS or out.shape != shape:
            raise Wrong
        return out


@dataclass
class Record:
    x: Float[Tensor, "b c"]
    y: Float[Tensor, "b"]
    n: int = 0


@shapecheck
@dataclass
class CheckedRecord:
    x: Float[Tensor, "b c"]
    y: Float[Tensor, "b"]
    n: int = 0


# -- inside a function, records, blocks -------------------------------------------------------------------------------


@shapecheck
def local(x: Float[Tensor, "B T D"]) -> Float[Tensor, "B U D"]:
    y: Float[Tensor, "B U D"] = x
    return y


def local_by_hand(x: Tensor) -> Tensor:
    if not isinstance(x, Tensor) or x.dtype not in FLOATS:
        raise Wrong
    b, _, d = x.shape
    y = x
    if not isinstance(y, Tensor) or y.dtype not in FLOATS:
        raise Wrong
    shape = y.shape
    b2, _, d2 = shape
    if b2 != b or d2 != d:
        raise Wrong
    out = y
    if not isinstance(out, Tensor) or out.dtype not in FLOATS or out.shape != shape:
        raise Wrong
    return out


class Pair(NamedTuple):
    x: Float[Tensor, "b c"]
    y: Float[Tensor, "b"]


@shapecheck
def record(pair: Pair, weights: Float[Tensor, "c"] | None) -> Float[Tensor, "b"]:
    return pair.y


def record_by_hand(pair: Pair, weights: Tensor | None) -> Tensor:
    if not isinstance(pair, Pair):
        raise Wrong
    x, y = pair
    if not (isinstance(x, Tensor) and isinstance(y, Tensor)) or x.dtype not in FLOATS or y.dtype not in FLOATS:
        raise Wrong
    b, c = x.shape
    (b2,) = y.shape
    if b2 != b:
        raise Wrong
    if weights is not None and (
        not isinstance(weights, Tensor) or weights.dtype not in FLOATS or weights.shape != (c,)
    ):
        raise Wrong
    out = y
    if not isinstance(out, Tensor) or out.dtype not in FLOATS or out.shape != (b,):
        raise Wrong
    return out


CALLS = 200
"""How many calls are made in one block."""
one_checked = shapecheck(one)


def in_block(x: Tensor) -> None:
    with scope("B D"):
        for _ in range(CALLS):
            one_checked(x)


def in_block_by_hand(x: Tensor) -> None:
    first: tuple[int, int] | None = None
    for _ in range(CALLS):
        one_by_hand(x)
        b, _, d = x.shape
        if first is None:
            first = b, d
        elif first != (b, d):
            raise Wrong


def in_no_block(x: Tensor) -> None:
    for _ in range(CALLS):
        one_checked(x)


@dataclass(frozen=True)
class Case:
    """Variants of one call: `ours` beside `hand`, `read`, `peer` and `plain`, those that there are."""

    args: tuple[Any, ...]
    variants: dict[str, Function]
    calls: int = 1


Q, K = z(2, 3, 4), z(2, 5, 4)
EIGHT = (Q, Q, K, K, z(2, 3), z(2, 5), z(4, 6), z(6))
CASES = {
    "1 argument": Case((Q,), {"ours": shapecheck(one), "hand": one_by_hand, "read": one_read, "peer": peer(one)}),
    "3 arguments": Case(
        (Q, K, K), {"ours": shapecheck(three), "hand": three_by_hand, "read": three_read, "peer": peer(three)}
    ),
    "8 arguments": Case(
        EIGHT, {"ours": shapecheck(eight), "hand": eight_by_hand, "read": eight_read, "peer": peer(eight)}
    ),
    "variadic": Case(
        (Q, K[:, :3]), {"ours": shapecheck(many), "hand": many_by_hand, "read": many_read, "peer": peer(many)}
    ),
    "Module.forward": Case((Q, K, K), {"ours": Checked(), "hand": ByHand(), "peer": Peer(), "plain": Plain()}),
    "names of an object": Case((z(2, 3), z(2, 4)), {"ours": Sized(3, 4), "hand": SizedByHand(3, 4)}),
    "dataclass": Case((z(2, 3), z(2)), {"ours": CheckedRecord, "plain": Record}),
    "annotated local": Case((Q,), {"ours": local, "hand": local_by_hand}),
    "NamedTuple and Optional": Case((Pair(z(2, 3), z(2)), z(3)), {"ours": record, "hand": record_by_hand}),
    "1 argument, in a block": Case(
        (Q,), {"ours": in_block, "hand": in_block_by_hand, "plain": in_no_block}, calls=CALLS
    ),
}
BUDGETS = {
    ("3 arguments", "hand"): 1.05,
    ("3 arguments", "read"): 1.4,
    ("8 arguments", "read"): 1.5,
    ("1 argument", "peer"): 1 / 25,
    ("3 arguments", "peer"): 1 / 30,
    ("8 arguments", "peer"): 1 / 30,
    ("variadic", "peer"): 1 / 25,
    ("Module.forward", "peer"): 1 / 15,
    ("dataclass", "plain"): 15,
}


def measure(case: Case, rounds: int = 200) -> dict[str, float]:
    """Nanoseconds for a call of each variant: the best of many short runs that take turns.

    The runs are shorter than the time that a busy machine gives to one program.
    """
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, fn in case.variants.items():
            timer = timeit.Timer(_call(case), globals=_names(fn, case))
            number = max(1, (50 if name == "peer" else 1000) // case.calls)
            best[name] = min(best.get(name, 1e99), timer.timeit(number) / number / case.calls * 1e9)
    return best


def _call(case: Case) -> str:
    return f"fn({', '.join(f'a{i}' for i in range(len(case.args)))})"


def _names(fn: Function, case: Case) -> dict[str, Any]:
    return {"fn": fn, **{f"a{i}": arg for i, arg in enumerate(case.args)}}


@pytest.mark.parametrize(("name", "variant"), [(name, v) for name, case in CASES.items() for v in case.variants])
def test_call(benchmark: Any, name: str, variant: str) -> None:
    case = CASES[name]
    benchmark.group = name
    benchmark(case.variants[variant], *case.args)


def test_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print_table()


def print_table() -> None:
    """The ratios of all cases as a Markdown table."""
    print("\n| case | checked, ns | to a check by hand | to reading alone | to jaxtyping + beartype | to no check |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, case in CASES.items():
        best = measure(case)
        cells = [f"{best['ours']:.0f}"]
        others = ("hand", "read", "peer", "plain")
        cells += [_ratio(best, o, BUDGETS.get((name, o))) if o in best else "" for o in others]
        print(f"| {name} | {' | '.join(cells)} |")
    print("\n| layers | beside | ratio |\n| --- | --- | --- |")
    for name, make, spec in layers.CASES:
        print(f"| {name} | an empty pair of forward hooks | {layers.layer_ratio(make, spec):.2f} (budget 1.5) |")
    print(f"| transformer, all layers shaped | the bare one | {layers.transformer_ratio():.3f} (budget 1.03) |")


def _ratio(best: dict[str, float], other: str, budget: float | None) -> str:
    ratio = best["ours"] / best[other]
    text = f"{1 / ratio:.0f} x faster" if ratio < 0.5 else f"{ratio:.2f} x"
    if budget is None:
        return text
    limit = f"{1 / budget:.0f} x faster" if budget < 0.5 else f"{budget} x"
    return f"{text} ({'' if ratio <= budget else 'missed: '}budget {limit})"


if __name__ == "__main__":
    print_table()
