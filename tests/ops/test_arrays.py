"""NumPy's functions against NumPy."""

from __future__ import annotations

import inspect
import itertools

import numpy as np
import pytest

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops import infer
from shapetypes.ops.reader import NO_DEFAULT, SOME_DEFAULT
from shapetypes.ops.stubs import default_stubs
from tests.ops.oracle import spec

REFUSED = (ValueError, TypeError, IndexError)
SHAPES = [(), (3,), (2, 3), (3, 2), (2, 3, 4), (1, 3), (2, 1, 4)]
DTYPES = ("float32", "float64", "int64", "int32", "bool", "float16", "uint8")


def real(value):
    if isinstance(value, TensorSpec):
        return np.ones(value.shape, dtype=value.dtype)
    return type(value)(real(v) for v in value) if isinstance(value, (list, tuple)) else value


def agree(name, args, kwargs=None):
    """Compare one call with NumPy; a dtype that we do not know agrees with any."""
    kwargs = kwargs or {}
    try:
        theirs = getattr(np, name)(*real(tuple(args)), **{k: real(v) for k, v in kwargs.items()})
        want = (tuple(np.shape(theirs)), str(np.asarray(theirs).dtype))
    except REFUSED as error:
        want = error
    try:
        ours = infer("numpy." + name, args, kwargs)
        assert isinstance(ours, TensorSpec), (name, args, kwargs, ours)
        got = (ours.shape, ours.dtype)
    except ShapeError as error:
        got = error
    where = (name, args, kwargs, got, want)
    if isinstance(got, ShapeError) or isinstance(want, Exception):
        assert isinstance(got, ShapeError) and isinstance(want, Exception), where
        return False
    assert got[0] == want[0] and got[1] in (None, want[1]), where
    return True


@pytest.mark.parametrize("name", ["zeros", "ones", "empty"])
def test_filled(name):
    for shape in (3, (), (2, 3), [2, 3]):
        for dtype in (None, "float32", np.float32, np.int64, float, bool):
            agree(name, (shape,), {"dtype": dtype})
    agree("full", ((2, 3), 1.5))
    agree("full", ((2, 3), spec(3)))
    agree("full", ((2, 3), spec(2)))
    agree("eye", (3,))
    agree("eye", (3, 4), {"dtype": np.int32})
    agree("identity", (3,))
    for window in ("bartlett", "blackman", "hamming", "hanning"):
        agree(window, (8,))
    agree("kaiser", (8, 14.0))


def test_like():
    for name in ("zeros_like", "ones_like", "empty_like"):
        agree(name, (spec(2, 3),))
        agree(name, (spec(2, 3),), {"dtype": np.int64})
    agree("full_like", (spec(2, 3), 1))


def test_ranges():
    for args in [(5,), (2, 5), (5, 2), (0, 10, 3), (10, 0, -3), (0, 10, -1)]:
        agree("arange", args)
    agree("linspace", (0, 1))
    agree("linspace", (0, 1, 7))
    assert isinstance(infer("numpy.arange", (0, 1.0, 0.3)).shape[0], Unknown)


def test_arrays():
    for value in [
        3,
        1.5,
        True,
        [1, 2],
        [[1, 2], [3, 4]],
        [[1.0], [2.0]],
        [],
        [[1, 2], [3]],
        [spec(3), spec(3)],
        [spec(3), spec(4)],
    ]:
        agree("array", (value,))
        agree("asarray", (value,), {"dtype": np.float32})


def test_joining():
    for a, b, axis in itertools.product(SHAPES, SHAPES, (0, 1, -1, 2, None)):
        agree("concatenate", ([spec(*a), spec(*b)],), {"axis": axis})
        if axis is not None:
            agree("stack", ([spec(*a), spec(*b)],), {"axis": axis})


def test_reshaping():
    for a, b in itertools.product(SHAPES, [(6,), (-1,), (3, -1), (2, 3), (4, -1), 6, -1, (2, 2), ()]):
        agree("reshape", (spec(*a), b))
    for a, axes in itertools.product(SHAPES, [None, (1, 0), (0, 1), (2, 0, 1), (0, 0), (0,), (1, 2)]):
        agree("transpose", (spec(*a), axes))
    for a, i, j in itertools.product(SHAPES, (0, 1, -1), (0, -1, 2)):
        agree("swapaxes", (spec(*a), i, j))
    for a, axis in itertools.product(SHAPES, (None, 0, 1, -1, 3)):
        agree("squeeze", (spec(*a), axis))
        if axis is not None:
            agree("expand_dims", (spec(*a), axis))
    for a in SHAPES:
        agree("ravel", (spec(*a),))
        for b in SHAPES:
            agree("broadcast_to", (spec(*a), b))


@pytest.mark.parametrize("name", ["matmul", "dot"])
def test_products(name):
    for a, b in itertools.product([*SHAPES, (4, 3), (4,), (2, 4, 3)], repeat=2):
        agree(name, (spec(*a), spec(*b)))


@pytest.mark.parametrize(
    "name", ["add", "subtract", "multiply", "divide", "maximum", "power", "equal", "less", "logical_or"]
)
def test_elementwise(name):
    for a, b in itertools.product(SHAPES, SHAPES):
        agree(name, (spec(*a), spec(*b)))
    for a, b in itertools.product(("float32", "float64", "int64", "float16"), repeat=2):
        agree(name, (spec(2, 3, dtype=a), spec(3, dtype=b)))
    agree(name, (spec(2, 3), 2))


@pytest.mark.parametrize("name", ["exp", "sqrt", "tanh", "abs", "negative", "log", "sinh", "isnan", "logical_not"])
def test_functions(name):
    for dtype in ("float32", "float64", "int64", "float16"):
        agree(name, (spec(2, 3, dtype=dtype),))


REDUCTIONS = [
    "sum",
    "prod",
    "mean",
    "std",
    "var",
    "max",
    "min",
    "any",
    "all",
    "argmax",
    "nansum",
    "nanmean",
    "nanmax",
    "median",
]


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions(name):
    for a, axis, keep in itertools.product(SHAPES, (None, 0, 1, -1, 2), (False, True)):
        agree(name, (spec(*a),), {"axis": axis, "keepdims": keep})
    for dtype in DTYPES:
        agree(name, (spec(2, 3, dtype=dtype),), {"axis": 0})
    if name != "argmax":
        agree(name, (spec(2, 3, 4),), {"axis": (0, 2)})
        agree(name, (spec(2, 3, 4),), {"axis": (0, 0)})


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "sort", "argsort"])
def test_scans(name):
    for a, axis in itertools.product(SHAPES[1:], (None, 0, 1, -1, 2)):
        agree(name, (spec(*a),), {"axis": axis})


LINALG = ["svd", "qr", "eigh", "eig", "eigvals", "eigvalsh", "inv", "pinv", "cholesky", "det"]


@pytest.mark.parametrize("name", LINALG)
def test_linear_algebra(name):
    for shape in [(3, 3), (4, 4), (2, 3, 3), (1, 1), (2, 3), (4, 2), (3,), (2, 5, 4)]:
        agree_linalg(name, (spec(*shape),))
    agree_linalg(name, (spec(3, 3, dtype="float64"),))


def test_options_of_linear_algebra():
    for shape in [(3, 3), (2, 3), (4, 2), (2, 5, 4)]:
        agree_linalg("svd", (spec(*shape),), {"full_matrices": False})
        agree_linalg("svd", (spec(*shape),), {"compute_uv": False})
        agree_linalg("qr", (spec(*shape),), {"mode": "complete"})
    for a, b in itertools.product([(3, 3), (2, 3, 3), (3, 2)], [(3,), (3, 4), (2, 3, 4), (4,), (4, 3), (5, 3, 1)]):
        agree_linalg("solve", (spec(*a), spec(*b)))


def agree_linalg(name, args, kwargs=None):
    """Compare the shapes of one call with those of `numpy.linalg`, on matrices that can be inverted."""
    kwargs = kwargs or {}
    try:
        theirs = getattr(np.linalg, name)(
            *(a + 3 * np.eye(*a.shape[-2:]) if a.ndim > 1 else a for a in map(real, args)), **kwargs
        )
        want = [np.shape(t) for t in (theirs if isinstance(theirs, tuple) else (theirs,))]
    except REFUSED as error:
        want = error
    try:
        found = infer(f"numpy.linalg.{name}", args, kwargs)
        got = [t.shape for t in (found if isinstance(found, tuple) else (found,))]
    except ShapeError as error:
        got = error
    where = (name, args, kwargs, got, want)
    if isinstance(got, ShapeError) or isinstance(want, Exception):
        assert isinstance(got, ShapeError) and isinstance(want, Exception), where
    else:
        assert got == want, where


def test_statistics():
    for shape in [(3, 5), (5, 3), (1, 4)]:
        for rowvar in (True, False):
            if shape != (1, 4) or rowvar:
                agree("cov", (spec(*shape),), {"rowvar": rowvar})
                with np.errstate(invalid="ignore"):
                    agree("corrcoef", (spec(*shape),), {"rowvar": rowvar})
    for shape, n, axis in itertools.product([(3,), (2, 4), (3, 2, 5)], (1, 2, 3), (-1, 0, 1)):
        agree("diff", (spec(*shape),), {"n": n, "axis": axis})


def test_windows():
    for shape, width, axis in itertools.product([(5,), (4, 6), (2, 3, 4)], (1, 2, 3, 7), (None, 0, -1, 1)):
        if axis is None and len(shape) > 1:
            continue
        try:
            want = np.lib.stride_tricks.sliding_window_view(real(spec(*shape)), width, axis).shape
        except REFUSED:
            want = None
        try:
            got = infer("numpy.lib.stride_tricks.sliding_window_view", (spec(*shape), width, axis)).shape
        except ShapeError:
            got = None
        assert got == want, (shape, width, axis)


def test_where():
    for c, a, b in itertools.product([(3,), (2, 3), (2, 1)], [(3,), (), (2, 3)], [(3,), (4,), (2, 3)]):
        agree("where", (spec(*c, dtype="bool"), spec(*a), spec(*b)))


B, N = d.name("b"), d.name("n")


def test_methods_and_symbols():
    x = TensorSpec((B, N), "float32")
    assert infer("numpy.ndarray.sum", (x,), {"axis": 1}) == TensorSpec((B,), "float32")
    assert infer("numpy.ndarray.T", (x,)).shape == (N, B)
    assert infer("numpy.ndarray.transpose", (x, 1, 0)).shape == (N, B)
    assert infer("numpy.ndarray.reshape", (x, -1)).shape == (B * N,)
    assert infer("numpy.ndarray.__matmul__", (x, TensorSpec((N, 3)))).shape == (B, 3)
    assert infer("numpy.ndarray.astype", (x, np.int32)) == TensorSpec((B, N), "int32")
    assert infer("numpy.arange", (N,)).shape == (N,)
    assert infer("numpy.concatenate", ([x, x],)).shape == (2 * B, N)
    with pytest.raises(ShapeError):
        infer("numpy.stack", ([x, TensorSpec((N, B))],))


def test_signatures():
    table = default_stubs().module("numpy")
    for name, (stub,) in table.functions.items():
        signature = inspect.signature(getattr(np, name))
        assert [p.name for p in stub.params] == list(signature.parameters), name
        for ours, theirs in zip(stub.params, signature.parameters.values(), strict=True):
            assert (ours.default == NO_DEFAULT) == (theirs.default is theirs.empty), (name, ours.name)
            if ours.default not in (NO_DEFAULT, SOME_DEFAULT):
                assert ours.default == theirs.default, (name, ours.name)


def drawn(name, *args, **kwargs):
    """Compare a random function with NumPy's: by name, or by the method of a generator."""
    generator = name.startswith("Generator.")
    owner = np.random.default_rng(0) if generator else np.random
    take = tuple(real(a) for a in args)
    theirs = np.asarray(getattr(owner, name.removeprefix("Generator."))(*take, **kwargs))
    ours = infer(f"numpy.random.{name}", (None, *args) if generator else args, kwargs)
    return ours, (theirs.shape, str(theirs.dtype))


@pytest.mark.parametrize(
    ("name", "args", "kwargs"),
    [
        ("rand", (3, 4), {}),
        ("randn", (2,), {}),
        ("random", ((2, 3),), {}),
        ("random", (5,), {}),
        ("normal", (0.0, 1.0, (4, 2)), {}),
        ("normal", (spec(3), 1.0), {}),
        ("normal", (spec(3), 1.0), {"size": (2, 3)}),
        ("uniform", (), {"size": 7}),
        ("randint", (0, 9), {"size": (2, 2)}),
        ("randint", (9,), {"size": 3}),
        ("choice", (10, 4), {}),
        ("choice", (spec(6), (2, 3)), {}),
        ("permutation", (8,), {}),
        ("permutation", (spec(4, 2),), {}),
        ("Generator.normal", (), {"size": (3, 2)}),
        ("Generator.integers", (0, 5), {"size": 4}),
        ("Generator.random", ((2, 3),), {}),
        ("Generator.choice", (spec(6), 2), {}),
    ],
)
def test_random(name, args, kwargs):
    ours, want = drawn(name, *args, **kwargs)
    assert (ours.shape, ours.dtype) == want or (ours.shape == want[0] and ours.dtype is None)


def test_random_refuses_what_does_not_broadcast():
    with pytest.raises(ShapeError):
        infer("numpy.random.normal", (spec(3), 1.0), {"size": (2, 4)})
    with pytest.raises(ValueError):
        np.random.normal(np.ones(3), 1.0, size=(2, 4))


def test_layout_functions():
    for name, args, kwargs in [
        ("clip", (spec(2, 3), 0.0, 1.0), {}),
        ("tile", (spec(2, 3), (2, 1)), {}),
        ("tile", (spec(3), 4), {}),
        ("repeat", (spec(2, 3), 2), {}),
        ("repeat", (spec(2, 3), 2), {"axis": 1}),
        ("moveaxis", (spec(2, 3, 4), 0, -1), {}),
        ("moveaxis", (spec(2, 3, 4), (0, 1), (1, 2)), {}),
        ("roll", (spec(2, 3), 1), {"axis": 1}),
        ("roll", (spec(2, 3), 1), {}),
        ("flip", (spec(2, 3),), {"axis": 0}),
        ("flip", (spec(2, 3),), {}),
        ("vstack", ([spec(2, 3), spec(4, 3)],), {}),
        ("vstack", ([spec(3), spec(3)],), {}),
        ("hstack", ([spec(2, 3), spec(2, 1)],), {}),
        ("hstack", ([spec(3), spec(1)],), {}),
        ("einsum", ("ij,jk->ik", spec(2, 3), spec(3, 4)), {}),
        ("outer", (spec(2), spec(3)), {}),
        ("pad", (spec(2, 3), ((1, 0), (2, 2))), {}),
        ("pad", (spec(2, 3), 1), {}),
        ("pad", (spec(2, 3), (1, 2)), {}),
        ("floor", (spec(2, 3),), {}),
        ("round", (spec(2, 3),), {}),
    ]:
        assert agree(name, args, kwargs), (name, args)
    for name, args, kwargs in [
        ("vstack", ([spec(2, 3), spec(4, 2)],), {}),
        ("hstack", ([spec(2, 3), spec(4, 3)],), {}),
        ("flip", (spec(2, 3),), {"axis": 2}),
        ("roll", (spec(2, 3), 1), {"axis": 5}),
        ("einsum", ("ij,jk->ik", spec(2, 3), spec(4, 5)), {}),
    ]:
        assert not agree(name, args, kwargs), (name, args)


def test_unique():
    for shape in (*SHAPES, (0,), (2, 0)):
        theirs = np.unique(np.ones(shape, dtype="int32"))
        ours = infer("numpy.unique", (spec(*shape, dtype="int32"),))
        assert (theirs.ndim, str(theirs.dtype)) == (ours.rank, ours.dtype)
        assert (0 in shape) == (ours.parts == (0,))
    assert isinstance(infer("numpy.unique", (spec(3),), {"return_counts": True}), Unknown)
    assert (2, 0, 3) == infer("torch.unique", (spec(2, 0, 3),), {"dim": 1}).shape
    assert (0,) == infer("torch.unique", (spec(2, 0),)).shape
