"""Views, reshapes, moved and repeated axes against torch, and with symbolic sizes."""

from __future__ import annotations

import math
import random

import pytest

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unit, Unknown, Var
from shapetypes.ops import infer
from shapetypes.ops.apply import call_function
from shapetypes.ops.stubs import default_stubs
from tests.ops.oracle import check
from tests.ops.symbolic import agrees

b, t, e, h = d.name("b"), d.name("t"), d.name("d"), d.name("h")
heads, width = d.fixed("heads"), d.fixed("width")
X = TensorSpec((b, t, e), "float32")
VALUES = ({"b": 2, "t": 3, "d": 8, "h": 4}, {"b": 5, "t": 7, "d": 12, "h": 3})


def shape(rng, most=4, sizes=(0, 1, 2, 3, 4, 6)):
    return tuple(rng.choice(sizes) for _ in range(rng.randrange(most + 1)))


def regrouped(rng, old):
    """Sizes for a reshape: mostly with as many elements, sometimes with -1."""
    count = math.prod(old)
    new = []
    while count > 1 and len(new) < 4:
        factor = rng.choice([f for f in range(1, count + 1) if count % f == 0])
        new.append(factor)
        count //= factor
    new += [count] if count != 1 or rng.random() < 0.3 else []
    for _ in range(2):
        if new and rng.random() < 0.3:
            new[rng.randrange(len(new))] = rng.choice([-1, -1, -2, 5, 1])
    return tuple(new)


def axis(rng, rank):
    return rng.randrange(-rank - 1, rank + 1)


def arguments(name, rng):
    """Random arguments, mostly valid."""
    old = shape(rng)
    x, rank = TensorSpec(old, "float32"), len(old)
    at = axis(rng, rank)
    some = rng.sample(range(rank), rng.randrange(rank + 1))
    order = rng.sample(range(rank), rank) if rng.random() < 0.8 else [axis(rng, rank) for _ in range(rank)]
    times = [rng.choice([-1, 0, 1, 2, 2, 2]) for _ in range(rank + rng.choice([0, 0, 1, -1]))]
    grown = tuple(rng.choice([s, s, -1, 3]) for s in old)
    return {
        "reshape": (x, regrouped(rng, old)),
        "Tensor.view": (x, *regrouped(rng, old))
        if rng.random() < 0.5 and math.prod(old) > 1
        else (x, regrouped(rng, old)),
        "Tensor.view_as": (x, TensorSpec(tuple(abs(s) for s in regrouped(rng, old)), "float32")),
        "flatten": (x, axis(rng, rank), axis(rng, rank)),
        "unflatten": (x, at, regrouped(rng, (old[at],) if -rank <= at < rank else (4,)) or (1,)),
        "ravel": (x,),
        "transpose": (x, axis(rng, rank), axis(rng, rank)),
        "swapaxes": (x, axis(rng, rank), axis(rng, rank)),
        "t": (x,),
        "adjoint": (x,),
        "Tensor.mT": (x,),
        "permute": (x, tuple(order)),
        "Tensor.permute": (x, *order) if order else (x, ()),
        "movedim": (x, tuple(some), tuple(rng.sample(range(rank), len(some)) if rng.random() < 0.8 else some[1:])),
        "unsqueeze": (x, axis(rng, rank + 1)),
        "squeeze": (x,) if rng.random() < 0.5 else (x, axis(rng, rank)),
        "Tensor.squeeze": (x, axis(rng, rank)) if rng.random() < 0.5 else (x, tuple(some)),
        "Tensor.expand": (x, *rng.choice([(), (2,), (-1,)]), *grown) if rank else (x, 2, 3),
        "broadcast_to": (x, (2, *grown)),
        "Tensor.expand_as": (x, TensorSpec((2, *(rng.choice([s, s, 3]) for s in old)), "float32")),
        "Tensor.repeat": (x, *(times or [2])),
        "tile": (x, tuple(rng.randrange(3) for _ in range(rng.randrange(5)))),
        "repeat_interleave": (x, rng.randrange(-1, 4), rng.choice([None, axis(rng, rank)])),
        "Tensor.unfold": (x, axis(rng, rank), rng.randrange(-1, 4), rng.randrange(0, 3)),
    }[name]


NAMES = [
    *[
        "reshape",
        "Tensor.view",
        "Tensor.view_as",
        "flatten",
        "unflatten",
        "ravel",
        "transpose",
        "swapaxes",
        "t",
        "adjoint",
        "permute",
    ],
    *[
        "Tensor.permute",
        "movedim",
        "unsqueeze",
        "squeeze",
        "Tensor.squeeze",
        "Tensor.expand",
        "broadcast_to",
        "Tensor.expand_as",
    ],
    *["Tensor.repeat", "tile", "repeat_interleave", "Tensor.unfold"],
]


@pytest.mark.parametrize("name", NAMES)
def test_against_torch(name):
    rng = random.Random(name)
    accepted = [check(f"torch.{name}", arguments(name, rng)) for _ in range(250)]
    assert accepted.count(True) > 50
    assert name in ("ravel", "tile") or accepted.count(False) > 5


@pytest.mark.parametrize("name", ["T", "mT", "H", "mH"])
def test_properties(name):
    for old in ((), (2, 3), (4, 2, 3), (5,)):
        try:
            ours = infer(f"torch.Tensor.{name}", (TensorSpec(old, "float32"),)).shape
        except ShapeError:
            ours = None
        want = {"T": old[::-1], "H": old[::-1] if len(old) in (0, 2) else None}
        swapped = (*old[:-2], old[-1], old[-2]) if len(old) > 1 else None
        assert ours == want.get(name, swapped)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "bfloat16", "complex64", "float8_e8m0fnu", "float4_e2m1fn_x2"])
def test_element_size(dtype):
    import torch

    theirs = torch.empty(2, 3, dtype=getattr(torch, dtype)).element_size()

    assert infer("torch.Tensor.element_size", (TensorSpec((2, 3), dtype),)) == theirs


SMALL = ["float8_e4m3fn", "float8_e8m0fnu", "float4_e2m1fn_x2"]


@pytest.mark.parametrize("old", ["float32", "float64", "int8", "bfloat16", "complex64", "bool", *SMALL])
@pytest.mark.parametrize("new", ["float32", "float64", "int8", "bfloat16", "complex128", "uint8", *SMALL])
def test_view_as_another_dtype(old, new):
    import torch

    for sizes in ((), (3,), (2, 4), (2, 8)):
        try:
            theirs = torch.empty(sizes, dtype=getattr(torch, old)).view(getattr(torch, new))
        except RuntimeError:
            theirs = None
        try:
            ours = infer("torch.Tensor.view", (TensorSpec(sizes, old), getattr(torch, new)))
        except ShapeError:
            assert theirs is None
            continue
        assert theirs is not None
        assert ours == TensorSpec(tuple(theirs.shape), new)


@pytest.mark.parametrize(
    ("name", "args", "result"),
    [
        ("view", (b, t, h, d.floordiv(e, h)), (b, t, h, d.floordiv(e, h))),
        ("view", (b, t, h, -1), (b, t, h, d.floordiv(e, h))),
        ("view", (-1, e), (b * t, e)),
        ("view", (b * t, e), (b * t, e)),
        ("view", (b, -1), (b, t * e)),
        ("view", (-1,), (b * t * e,)),
        ("reshape", (b, t, 2, -1), (b, t, 2, d.floordiv(e, 2))),
        ("flatten", (1,), (b, t * e)),
        ("unflatten", (-1, (h, -1)), (b, t, h, d.floordiv(e, h))),
        ("transpose", (1, 2), (b, e, t)),
        ("permute", (2, 0, 1), (e, b, t)),
        ("unsqueeze", (1,), (b, 1, t, e)),
        ("squeeze", (), (b, t, e)),
        ("squeeze", (1,), (b, t, e)),
        ("expand", (3, -1, -1, e), (3, b, t, e)),
        ("repeat", (2, 1, h), (2 * b, t, e * h)),
        ("repeat_interleave", (h, 0), (b * h, t, e)),
        ("unfold", (1, 1, 1), (b, t, e, 1)),
        ("movedim", (0, -1), (t, e, b)),
        ("view_as", (TensorSpec((b * t, e)),), (b * t, e)),
    ],
)
def test_symbols(name, args, result):
    for values in VALUES:
        assert agrees(f"torch.Tensor.{name}", (X, *args), **values).shape == result


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("view", (b, 2 * t, e)),
        ("view", (b, t, e, h)),
        ("view", (b, t, 2, e)),
        ("permute", (0, 1)),
        ("permute", (0, 1, 1)),
        ("transpose", (0, 3)),
        ("expand", (b, t, t)),
        ("expand", (t, e)),
        ("repeat", (2, 2)),
        ("unsqueeze", (5,)),
    ],
)
def test_symbols_refused(name, args):
    with pytest.raises(ShapeError):
        infer(f"torch.Tensor.{name}", (X, *args))


def run(path, *args, judge=None):
    return call_function(judge or Judge(), default_stubs(), default_stubs().find(path), args, {}).value


def test_a_view_makes_divisibility_a_fact():
    judge = Judge()
    x = TensorSpec((b, t, width), "float32")
    out = run("torch.Tensor.view", x, b, t, heads, d.floordiv(width, heads), judge=judge)
    assert out.shape == (b, t, heads, d.floordiv(width, heads))
    assert judge.equal(heads * d.floordiv(width, heads), width)


def test_unknown_sizes():
    assert infer("torch.Tensor.view", (TensorSpec(None, "float32"), b, -1)).shape[0] == b
    assert infer("torch.Tensor.view", (X, Unknown("sizes"))).shape is None
    assert infer("torch.Tensor.squeeze", (TensorSpec((b, width, 1)), 1)).shape is None
    assert infer("torch.Tensor.squeeze", (TensorSpec((b, Unknown("?"), 1)),)).shape is None
    assert infer("torch.squeeze", (TensorSpec((b, 1, t, 1)),)).shape == (b, t)


def test_variadic():
    rest = Var("s")
    x = TensorSpec((rest, t, e), "float32")
    assert run("torch.Tensor.mT", x).shape == (rest, e, t)
    assert run("torch.Tensor.unsqueeze", x, -1).shape == (rest, t, e, 1)
    assert run("torch.Tensor.unsqueeze", x, 0).shape == (1, rest, t, e)
    assert run("torch.Tensor.transpose", x, -1, -2).shape == (rest, e, t)
    assert run("torch.Tensor.view", x, rest, t * e).shape == (rest, t * e)
    assert run("torch.Tensor.flatten", x, -2).shape == (rest, t * e)
    assert run("torch.Tensor.view", x, rest, h, d.floordiv(t * e, h)).shape is not None
    with pytest.raises(ShapeError):
        run("torch.Tensor.view", x, rest, t, e, 2)
    assert isinstance(run("torch.Tensor.unsqueeze", x, -1).shape[-1], Unit)


def test_expand_cannot_keep_an_axis_that_is_not_there():
    with pytest.raises(ShapeError, match=r"number of axes is 2 in \(4, 3\), expected at least 4"):
        infer("torch.Tensor.expand", (TensorSpec((4, 3)), -1, 5, -1, -1))
