"""Indexing and sizes against torch, and with symbolic sizes."""

from __future__ import annotations

import random

import pytest
import torch

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import UNIT, TensorSpec, Unit, Unknown, Var
from shapetypes.ops import infer
from shapetypes.ops.apply import call_function
from shapetypes.ops.stubs import default_stubs
from tests.ops.oracle import check, real
from tests.ops.symbolic import agrees, outcome

b, t, n = d.name("b"), d.name("t"), d.name("n")
size = d.fixed("size")
X = TensorSpec((b, t, 4), "float32")


def tensor_index(rng, length):
    """An index tensor of zeros; sometimes a mask."""
    if rng.random() < 0.25:
        return TensorSpec((rng.choice([length, length, length + 1]),), "bool")
    shape = rng.choice([(), (1,), (3,), (2, 1), (2, 3), (0,)])
    return TensorSpec(shape, rng.choice(["int64", "int64", "int32", "float32"]))


def index(rng, shape):
    """One random index, mostly valid."""
    items, axes = [], list(shape)
    for length in axes[: rng.randrange(len(axes) + 1)]:
        kind = rng.random()
        if kind < 0.2:
            items.append(rng.randrange(-length - 1, length + 1))
        elif kind < 0.55:
            bounds = [rng.choice([None, *range(-6, 7)]) for _ in range(2)]
            items.append(slice(*bounds, rng.choice([None, 1, 2, 3])))
        elif kind < 0.85:
            items.append(tensor_index(rng, length))
        else:
            items.append([0] * rng.randrange(1, 4))
    for extra in (None, ..., True):
        if rng.random() < 0.2:
            items.insert(rng.randrange(len(items) + 1), extra)
    if rng.random() < 0.1:
        items.append(0)
    return tuple(items)


def masks_hidden(result, shape):
    """The real shape with 0 where the inferred size is unknown: all masks here select nothing."""
    return all(isinstance(a, Unknown) or a == r for a, r in zip(result, shape, strict=True))


def real_index(items):
    return tuple(real(i) for i in items)


@pytest.mark.parametrize("seed", range(8))
def test_getitem(seed):
    rng = random.Random(seed)
    accepted = refused = 0
    for _ in range(150):
        shape = tuple(rng.choice([1, 2, 3, 5]) for _ in range(rng.randrange(5)))
        items = index(rng, shape)
        x = TensorSpec(shape, "float32")
        try:
            theirs = tuple(torch.ones(shape)[real_index(items)].shape)
        except (IndexError, RuntimeError, ValueError, TypeError):
            theirs = None
        ours = outcome("torch.Tensor.__getitem__", (x, items), {})
        if ours is None:
            assert theirs is None, (shape, items)
            refused += 1
            continue
        if theirs is None and any(isinstance(i, TensorSpec) and i.dtype == "bool" for i in items):
            continue  # the mask selects nothing here, and may select enough
        assert theirs is not None, (shape, items, ours)
        assert ours.dtype == "float32"
        assert ours.shape is not None
        assert len(ours.shape) == len(theirs), (shape, items, ours, theirs)
        assert masks_hidden(ours.shape, theirs), (shape, items, ours, theirs)
        accepted += 1
    assert accepted > 40
    assert refused > 10


@pytest.mark.parametrize("seed", range(4))
def test_setitem(seed):
    rng = random.Random(seed)
    outcomes = set()
    for _ in range(150):
        shape = tuple(rng.choice([1, 2, 3]) for _ in range(rng.randrange(1, 4)))
        items = tuple(i for i in index(rng, shape) if i is not True)
        value = tuple(rng.choice([1, 1, 2, 3]) for _ in range(rng.randrange(4)))
        try:
            torch.ones(shape)[real_index(items)] = torch.ones(value)
            theirs = True
        except (IndexError, RuntimeError, ValueError, TypeError):
            theirs = False
        masks = any(isinstance(i, TensorSpec) and i.dtype == "bool" for i in items)
        found = default_stubs().find("torch.Tensor.__setitem__")
        args = (TensorSpec(shape, "float32"), items, TensorSpec(value, "float32"))
        try:
            call_function(Judge(), default_stubs(), found, args, {})
        except ShapeError:
            refused = True
        else:
            refused = False
        outcomes.add(not refused)
        if refused:
            assert not theirs, (shape, items, value)
            continue
        assert theirs or masks, (shape, items, value)
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    ("items", "shape"),
    [
        ((slice(None), slice(None, -1)), (b, t - 1, 4)),
        ((slice(None), slice(1, None)), (b, t - 1, 4)),
        ((slice(None), slice(2, -1)), (b, t - 3, 4)),
        ((slice(None), slice(None, None, 2)), (b, d.floordiv(t + 1, 2), 4)),
        ((slice(None), slice(None, t)), (b, t, 4)),
        ((slice(None), slice(None, t - 1)), (b, t - 1, 4)),
        ((slice(None), slice(-3, None)), (b, 3, 4)),
        ((slice(None), slice(None, 1)), (b, 1, 4)),
        ((slice(None), slice(None, d.floordiv(t, 2))), (b, d.floordiv(t, 2), 4)),
        ((slice(None), slice(d.floordiv(t, 2), None)), (b, t - d.floordiv(t, 2), 4)),
        ((0,), (t, 4)),
        ((slice(None), -1), (b, 4)),
        ((..., slice(None, 2)), (b, t, 2)),
        ((slice(None), None), (b, 1, t, 4)),
        ((..., None), (b, t, 4, 1)),
        ((TensorSpec((n,), "int64"),), (n, t, 4)),
        ((slice(None), TensorSpec((b, n), "int64")), (b, b, n, 4)),
        ((TensorSpec((n, 1), "int64"), slice(None), TensorSpec((3,), "int64")), (n, 3, t)),
        ((slice(None), TensorSpec((n,), "int64"), TensorSpec((n,), "int64")), (b, n)),
        ((0, slice(None), TensorSpec((n,), "int64")), (t, n)),
        ((TensorSpec((), "int64"),), (t, 4)),
        (([0, 1],), (2, t, 4)),
    ],
)
def test_symbols(items, shape):
    for values in ({"b": 4, "t": 7, "n": 3}, {"b": 2, "t": 10, "n": 5}):
        assert agrees("torch.Tensor.__getitem__", (X, items), **values).shape == shape


def shape_of(x, *items):
    return infer("torch.Tensor.__getitem__", (x, items)).shape


def test_a_number_may_cut_a_name():
    """`x[:3]` of a symbolic axis is 3 or less; a position table is as long as its longest sequence."""
    assert isinstance(shape_of(X, slice(None, 3))[0], Unknown)
    assert isinstance(shape_of(X, slice(None), slice(None, size))[1], Unknown)
    assert shape_of(TensorSpec((1, 512, 8)), slice(None), slice(None, t)) == (1, t, 8)
    assert shape_of(TensorSpec((size, 8)), slice(None, t)) == (t, 8)
    assert shape_of(TensorSpec((t + 3, 8)), slice(None, 3)) == (3, 8)
    assert isinstance(shape_of(X, slice(None), slice(b - t, None))[1], Unknown)
    assert isinstance(shape_of(X, slice(None), slice(None, Unknown("a bound")))[1], Unknown)


def test_written_units_and_unknown_indices():
    found = default_stubs().find("torch.Tensor.__getitem__")
    out = call_function(Judge(), default_stubs(), found, (X, (slice(None), None)), {}).value
    assert isinstance(out.shape[1], Unit)
    assert out.shape[1] == UNIT
    assert infer("torch.Tensor.__getitem__", (X, Unknown("an index"))) == TensorSpec(None, "float32")
    assert infer("torch.Tensor.__getitem__", (TensorSpec(None, "int64"), 0)) == TensorSpec(None, "int64")


def test_variadic():
    rest = Var("s")
    found = default_stubs().find("torch.Tensor.__getitem__")

    def parts(*items):
        return call_function(Judge(), default_stubs(), found, (TensorSpec((rest, t, 4)), items), {}).value.shape

    assert parts(..., 0) == (rest, t)
    assert parts(..., slice(1, None), slice(None)) == (rest, t - 1, 4)
    assert parts(0) is None


@pytest.mark.parametrize(
    "items",
    [
        (0, 0, 0, 0),
        (slice(None), slice(None), 4),
        (..., -5),
        (TensorSpec((3, t), "bool"),),
        (TensorSpec((3,), "float32"),),
    ],
)
def test_refused(items):
    x = TensorSpec((2, t, 4), "float32")
    with pytest.raises(ShapeError):
        infer("torch.Tensor.__getitem__", (x, items))


def test_sizes():
    assert infer("torch.Tensor.shape", (X,)) == (b, t, 4)
    assert infer("torch.Tensor.size", (X,)) == (b, t, 4)
    assert infer("torch.Tensor.size", (X, -1)) == 4
    assert infer("torch.Tensor.size", (), {"self": X, "dim": 1}) == t
    assert infer("torch.Tensor.dim", (X,)) == infer("torch.Tensor.ndim", (X,)) == 3
    assert infer("torch.Tensor.numel", (X,)) == infer("torch.numel", (X,)) == 4 * b * t
    assert infer("torch.Tensor.__len__", (X,)) == b
    assert infer("torch.Tensor.__iter__", (TensorSpec((2, t)),)) == (TensorSpec((t,)),) * 2
    assert isinstance(infer("torch.Tensor.__iter__", (X,)), Unknown)
    assert isinstance(infer("torch.Tensor.item", (TensorSpec((1,)),)), Unknown)
    assert isinstance(infer("torch.Tensor.dim", (TensorSpec(None),)), Unknown)
    for name, args in (("size", (X, 3)), ("__len__", (TensorSpec(()),)), ("item", (TensorSpec((2,)),))):
        with pytest.raises(ShapeError):
            infer(f"torch.Tensor.{name}", args)


def along(rng):
    """Arguments of functions with an axis and an index."""
    shape = tuple(rng.choice([1, 2, 3]) for _ in range(rng.randrange(1, 4)))
    x = TensorSpec(shape, "float32")
    dim = rng.randrange(-len(shape), len(shape) + (rng.random() < 0.2))
    k = tuple(max(s + rng.choice([0, 0, 0, -1, 1]), 0) for s in shape)
    k = k[1:] if rng.random() < 0.1 else k
    return x, dim, TensorSpec(k, rng.choice(["int64", "int64", "int64", "float32"]))


@pytest.mark.parametrize("name", ["gather", "scatter", "scatter_add", "take_along_dim"])
def test_along_an_axis(name):
    rng = random.Random(name)
    outcomes = set()
    for _ in range(200):
        x, dim, k = along(rng)
        if name == "take_along_dim":
            args = (x, k, dim)
        elif name == "gather":
            args = (x, dim, k)
        else:
            grow = rng.choice([0, 0, 1, -1])
            src = TensorSpec(tuple(max(s + grow, 0) for s in k.shape), "float32")
            args = (x, dim, k, src)
        outcomes.add(check(f"torch.{name}", args))
    assert outcomes == {True, False}


@pytest.mark.parametrize("name", ["index_select", "index_add", "index_copy", "select", "narrow", "index_fill", "put"])
def test_one_axis(name):
    rng = random.Random(name)
    outcomes = set()
    for _ in range(200):
        x, dim, _ = along(rng)
        count = rng.randrange(4)
        idx = TensorSpec(rng.choice([(count,), (count,), (), (count, 1)]), rng.choice(["int64", "int64", "float32"]))
        if not (-len(x.shape) <= dim < len(x.shape)):
            source = x
        else:
            source = TensorSpec(
                tuple(count if i == dim % len(x.shape) else s for i, s in enumerate(x.shape)), "float32"
            )
        args = {
            "index_select": (x, dim, idx),
            "index_add": (x, dim, idx, source),
            "index_copy": (x, dim, idx, source),
            "select": (x, dim, rng.randrange(-4, 4)),
            "narrow": (x, dim, rng.randrange(-3, 4), rng.randrange(-1, 4)),
            "index_fill": (x, dim, idx, rng.choice([1.0, TensorSpec((), "float32"), TensorSpec((1,), "float32")])),
            "put": (x, idx, source),
        }[name]
        outcomes.add(check(f"torch.{name}", args))
    assert outcomes == {True, False}
