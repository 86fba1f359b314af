"""Joining, splitting and creating tensors against torch, and with symbolic sizes."""

from __future__ import annotations

import random

import pytest
import torch

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import Slices, TensorSpec, Unknown
from shapetypes.ops import infer
from tests.ops.oracle import check, framework, same
from tests.ops.symbolic import agrees, put_in

b, t, e, n = d.name("b"), d.name("t"), d.name("d"), d.name("n")
VALUES = ({"b": 2, "t": 6, "d": 4, "n": 3}, {"b": 5, "t": 12, "d": 8, "n": 1})
DTYPES = ["float32", "float32", "float64", "int64", "bool"]


def shape(rng, most=4, sizes=(0, 1, 2, 3, 6)):
    return tuple(rng.choice(sizes) for _ in range(rng.randrange(most + 1)))


def axis(rng, rank):
    return rng.randrange(-rank - 1, rank + 1) if rng.random() < 0.2 else rng.randrange(-max(rank, 1), max(rank, 1))


def alike(rng, dim):
    """Tensors that mostly agree on all axes but one."""
    base = list(shape(rng, 3, (1, 2, 3)))
    out = []
    for _ in range(rng.randrange(1, 4)):
        sizes = list(base)
        if sizes and dim is not None:
            sizes[dim % len(sizes)] = rng.randrange(4)
        if sizes and rng.random() < 0.07:
            sizes[rng.randrange(len(sizes))] = 5
        if rng.random() < 0.05:
            sizes = sizes[1:]
        if rng.random() < 0.05:
            sizes = [0]
        out.append(TensorSpec(tuple(sizes), rng.choice(DTYPES)))
    return out


@pytest.mark.parametrize("name", ["cat", "concatenate", "stack", "hstack", "vstack", "dstack", "column_stack"])
def test_joining(name):
    rng = random.Random(name)
    outcomes = []
    for _ in range(250):
        dim = rng.randrange(-3, 3)
        along = {"stack": None, "hstack": 1, "vstack": 0, "dstack": 2, "column_stack": 1}.get(name, dim)
        tensors = alike(rng, along)
        outcomes.append(
            check(f"torch.{name}", (tensors, dim) if name in ("cat", "concatenate", "stack") else (tensors,))
        )
    assert outcomes.count(True) > 50
    assert outcomes.count(False) > 5


def pieces(name, rng):
    x = TensorSpec(shape(rng, 4, (1, 2, 3, 4, 6)), "float32")
    rank = len(x.shape)
    at = axis(rng, rank)
    length = x.shape[at] if -rank <= at < rank else 3
    cuts = sorted(rng.randrange(-2, 8) for _ in range(rng.randrange(1, 4)))
    first = rng.randrange(length + 1)
    sections = rng.choice([[first, length - first], [first, length - first, 1], [length], [-1, length + 1]])
    where = rng.choice([rng.randrange(0, 4), cuts])
    return {
        "split": (x, rng.choice([rng.randrange(-1, 5), sections]), at),
        "Tensor.split": (x, rng.choice([rng.randrange(1, 5), sections]), at),
        "split_with_sizes": (x, sections, at),
        "chunk": (x, rng.randrange(0, 5), at),
        "tensor_split": (x, where, at),
        "hsplit": (x, where),
        "vsplit": (x, where),
        "dsplit": (x, where),
        "unbind": (x, at),
    }[name]


PARTS = ["split", "Tensor.split", "split_with_sizes", "chunk", "tensor_split", "hsplit", "vsplit", "dsplit", "unbind"]


@pytest.mark.parametrize("name", PARTS)
def test_splitting(name):
    rng = random.Random(name)
    outcomes = [check(f"torch.{name}", pieces(name, rng)) for _ in range(250)]
    assert outcomes.count(True) > 50
    assert outcomes.count(False) > 5


def several(name, rng):
    vectors = [
        TensorSpec(rng.choice([(2,), (3,), (), (0,), (2, 2)] if i == 1 else [(2,), (3,)]), "float32") for i in range(3)
    ]
    full = shape(rng, 3, (1, 2, 3))
    return {
        "meshgrid": (vectors[: rng.randrange(1, 4)],),
        "cartesian_prod": tuple(vectors[: rng.randrange(1, 4)]),
        "block_diag": tuple(vectors),
        "broadcast_tensors": (TensorSpec(full, "float32"), TensorSpec(shape(rng, 2, (1, 2)), "int64")),
        "atleast_1d": (TensorSpec(full, "float32"),),
        "atleast_2d": (TensorSpec(full, "float32"), TensorSpec((), "int64")),
        "atleast_3d": (TensorSpec(full, "float32"),),
        "combinations": (vectors[1], rng.randrange(-1, 4), rng.random() < 0.5),
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "meshgrid",
        "cartesian_prod",
        "block_diag",
        "broadcast_tensors",
        "atleast_1d",
        "atleast_2d",
        "atleast_3d",
        "combinations",
    ],
)
def test_several(name):
    rng = random.Random(name)
    outcomes = [check(f"torch.{name}", several(name, rng)) for _ in range(60)]
    assert outcomes.count(True) > 10


@pytest.mark.parametrize(
    ("name", "args", "result"),
    [
        ("cat", ([TensorSpec((b, t)), TensorSpec((b, n))], 1), (b, n + t)),
        ("cat", ([TensorSpec((b, t)), TensorSpec((n, t))],), (b + n, t)),
        ("stack", ([TensorSpec((b, t))] * 3, -1), (b, t, 3)),
        ("hstack", ([TensorSpec((b, t)), TensorSpec((b, n))],), (b, n + t)),
        ("vstack", ([TensorSpec((t,)), TensorSpec((t,))],), (2, t)),
        ("block_diag", (TensorSpec((b, t)), TensorSpec((n, e))), (b + n, e + t)),
        ("cartesian_prod", (TensorSpec((b,)), TensorSpec((t,))), (b * t, 2)),
        ("zeros", (b, t), (b, t)),
        ("full", ((b, t), 0.5), (b, t)),
        ("arange", (t,), (t,)),
        ("arange", (1, t + 1), (t,)),
        ("arange", (0, t, 2), (d.floordiv(t + 1, 2),)),
        ("linspace", (0, 1, t), (t,)),
        ("eye", (e,), (e, e)),
        ("diag_embed", (TensorSpec((b, e)),), (b, e, e)),
        ("diagonal", (TensorSpec((b, e, e)), 0, -2, -1), (b, e)),
        ("tril", (TensorSpec((t, t)),), (t, t)),
        ("tril_indices", (t, t), (2, d.floordiv(t * (t + 1), 2))),
        ("rot90", (TensorSpec((b, t)),), (t, b)),
        ("tensor", ([[1, 2], [3, 4]],), (2, 2)),
        ("combinations", (TensorSpec((t,)),), None),
    ],
)
def test_symbols(name, args, result):
    for values in VALUES:
        found = agrees(f"torch.{name}", args, **values)
        assert result is None or found.shape == result


@pytest.mark.parametrize(
    ("name", "args", "sizes"),
    [
        ("split", (TensorSpec((b, 3 * e)), e, 1), [e, e, e]),
        ("split", (TensorSpec((b, e)), [n, e - n], 1), [n, e - n]),
        ("chunk", (TensorSpec((b, 4 * e)), 2, -1), [2 * e, 2 * e]),
        ("chunk", (TensorSpec((b, e)), 2, -1), [d.floordiv(e, 2)] * 2),
        ("tensor_split", (TensorSpec((b, t)), 3, 1), [d.floordiv(t, 3)] * 3),
        ("tensor_split", (TensorSpec((b, t)), [1], 1), [1, t - 1]),
    ],
)
def test_symbolic_pieces(name, args, sizes):
    for values in VALUES:
        found = agrees(f"torch.{name}", args, **values)
        assert [x.shape[1] for x in found] == sizes


def test_refused():
    for name, args in (
        ("cat", ([TensorSpec((b, t)), TensorSpec((b, n))], 0)),
        ("cat", ([TensorSpec((b, t)), TensorSpec((b,))], 0)),
        ("stack", ([TensorSpec((b, t)), TensorSpec((t, b))],)),
        ("split", (TensorSpec((b, 6)), [2, 3], 1)),
        ("tensor", ([[1, 2], [3]],)),
        ("tensor", ([TensorSpec((2,)), TensorSpec((3,))],)),
        ("zeros", (2, -1)),
        ("arange", (5, 2)),
    ):
        with pytest.raises(ShapeError):
            infer(f"torch.{name}", args)


@pytest.mark.parametrize(
    "rows",
    [[(1,), ()], [(), (1,)], [(1, 1), (1,)], [(2,), (2,)], [(2,), ()], [(0,)], [(), ()], [[(1,), ()], [(), (1,)]]],
)
def test_tensors_among_the_elements_are_numbers(rows):
    def made(value, make):
        return [made(v, make) for v in value] if isinstance(value, list) else make(value)

    try:
        theirs = tuple(torch.tensor(made(rows, torch.ones)).shape)
    except ValueError:
        theirs = None
    try:
        ours = infer("torch.tensor", (made(rows, lambda sizes: TensorSpec(sizes, "float32")),)).shape
    except ShapeError:
        ours = None

    assert ours == theirs


def test_unknown_parts():
    """A tensor of unknown shape leaves the joined axis unknown; pieces of unknown number are no tuple."""
    out = infer("torch.cat", ([TensorSpec((b, t)), Unknown("a cache")], 1))
    assert out.shape[0] == b
    assert isinstance(out.shape[1], Unknown)
    assert isinstance(infer("torch.split", (TensorSpec((b, t)), 2)), Unknown)
    assert isinstance(infer("torch.unbind", (TensorSpec((b, t)),)), Unknown)
    assert infer("torch.tensor", (Unknown("data"),)).shape is None
    assert infer("torch.tensor", ([Unknown("data"), Unknown("data")],)).shape is None
    assert infer("torch.tensor", ([Unknown("data"), 1],)).shape == (2,)  # it is a number, or torch refuses it


CREATED = [
    *(
        ("zeros", (2, 3), {}),
        ("ones", ((2, 3),), {"dtype": torch.int64}),
        ("empty", (0,), {}),
        ("zeros", (), {"size": (2,)}),
    ),
    *(("rand", (2, 3), {}), ("randn", ((),), {}), ("rand", (2,), {"dtype": torch.int64}), ("zeros", (-1,), {})),
    *(("full", ((2,), 1), {}), ("full", ((2,), 1.5), {}), ("full", ((2,), True), {}), ("full", ((2,), 1j), {})),
    *(("full", ((2,), 1), {"dtype": torch.float64}), ("randint", (3, (2, 3)), {}), ("randint", (1, 3, (2,)), {})),
    *(("arange", (5,), {}), ("arange", (1, 10, 3), {}), ("arange", (5.0,), {}), ("arange", (0, 1, 0.3), {})),
    *(("arange", (10, 0, -3), {}), ("arange", (5, 0), {}), ("arange", (0, 5, 0), {}), ("arange", (0, -5, -2), {})),
    *(("arange", (3,), {"dtype": torch.float64}), ("range", (0, 5), {}), ("linspace", (0, 1, 5), {})),
    *(
        ("linspace", (0, 1, -1), {}),
        ("logspace", (0, 1, 4), {}),
        ("eye", (3,), {}),
        ("eye", (3, 4), {}),
        ("eye", (-1,), {}),
    ),
    *(("randperm", (4,), {}), ("randperm", (-4,), {}), ("tril_indices", (3, 4), {}), ("triu_indices", (3, 4, 1), {})),
    *(("tril_indices", (4, 3, -1), {}), ("triu_indices", (4, 2, -2), {}), ("hann_window", (5,), {})),
    *(
        ("tensor", ([[1, 2], [3, 4]],), {}),
        ("tensor", ([[1, 2], [3]],), {}),
        ("tensor", ([1, 2.5],), {}),
        ("tensor", ([],), {}),
    ),
    *(("tensor", ([True, False],), {}), ("tensor", (3,), {}), ("tensor", ([[[1j]]],), {}), ("tensor", ([[], []],), {})),
    *(
        ("tensor", ([1, [2]],), {}),
        ("as_tensor", ([1.5],), {}),
        ("asarray", ([1, 2],), {}),
        ("tensor", ([1],), {"dtype": torch.half}),
    ),
    *(("empty_strided", ((2, 3), (3, 1)), {}), ("empty_strided", ((2, 3), (3,)), {}), ("scalar_tensor", (1,), {})),
]


@pytest.mark.parametrize(("name", "args", "kwargs"), CREATED)
def test_creation(name, args, kwargs):
    check(f"torch.{name}", args, kwargs)


def matrices(name, rng):
    x = TensorSpec(shape(rng, 4, (0, 1, 2, 3)), "float32")
    rank = len(x.shape)
    dims = tuple(axis(rng, rank) for _ in range(rng.randrange(3)))
    k = rng.randrange(-3, 4)
    return {
        "tril": (x, k),
        "diag": (x, k),
        "diagonal": (x, k, axis(rng, rank), axis(rng, rank)),
        "diag_embed": (x, k, axis(rng, rank + 1), axis(rng, rank + 1)),
        "diagflat": (x, k),
        "flip": (x, dims),
        "fliplr": (x,),
        "flipud": (x,),
        "roll": (x, rng.choice([1, (1,) * len(dims), (1, 2)]), rng.choice([dims, axis(rng, rank)])),
        "rot90": (x, k, dims),
        "vander": (x, rng.choice([None, 2, 3])),
        "trapezoid": (x,),
        "select_scatter": (x, TensorSpec(x.shape[1:], "float32"), 0, rng.randrange(-2, 3)),
        "slice_scatter": (x, TensorSpec((1, *x.shape[1:]), "float32"), 0, rng.randrange(2), rng.randrange(1, 4)),
    }[name]


DIAGONALS = [
    "tril",
    "diag",
    "diagonal",
    "diag_embed",
    "diagflat",
    "flip",
    "fliplr",
    "flipud",
    "roll",
    "rot90",
    "vander",
    "trapezoid",
    "select_scatter",
    "slice_scatter",
]


@pytest.mark.parametrize("name", DIAGONALS)
def test_diagonals_and_orders(name):
    rng = random.Random(name)
    outcomes = [check(f"torch.{name}", matrices(name, rng)) for _ in range(200)]
    assert outcomes.count(True) > 15
    assert name == "diagflat" or outcomes.count(False) > 5


@pytest.mark.parametrize("name", ["new_zeros", "new_ones", "new_empty", "new_full", "new_tensor"])
def test_new_like_another(name):
    x = TensorSpec((2,), "float64")
    args = {"new_full": (x, (3, 4), 1), "new_tensor": (x, [[1, 2]])}.get(name, (x, 3, 4))
    theirs = framework(f"torch.Tensor.{name}", args, {}, None, "cpu")
    assert same(infer(f"torch.Tensor.{name}", args), theirs)
    assert infer(f"torch.Tensor.{name}", args, {"dtype": "int32"}).dtype == "int32"


@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize(
    ("path", "sizes", "args"),
    [
        ("torch.unbind", (b, t, e), (1,)),
        ("torch.unbind", (b, t, e), (-1,)),
        ("torch.split", (b, t, e), (1, 1)),
        ("torch.split", (b, t * n, e), (n, 1)),
        ("torch.split", (b, t, e), (4, 1)),
        ("torch.split", (b, t, e), (n, 1)),
        ("torch.chunk", (b, t, e), (n, 1)),
        ("torch.chunk", (b, t * n, e), (n, 1)),
        ("torch.chunk", (b, 7, e), (n, 1)),
    ],
)
def test_pieces_of_unknown_number(path, sizes, args, values):
    found = infer(path, (TensorSpec(sizes), *args))
    assert isinstance(found, Slices)
    pieces = getattr(torch, path[6:])(torch.empty(put_in(sizes, values)), *put_in(args, values))
    assert found.count is None or put_in(found.count, values) == len(pieces)
    for piece in pieces:
        known = [(p, n) for p, n in zip(found.item.parts, piece.shape, strict=True) if not d.is_unknown(p)]
        assert len(known) >= 2
        assert all(put_in(p, values) == n for p, n in known)
