"""NumPy's functions that find, pick, order and cut, against NumPy."""

import itertools

import numpy as np
import pytest

from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops import infer
from tests.ops.oracle import spec
from tests.ops.test_arrays import REFUSED, SHAPES, agree, real


def fits(ours, theirs):
    """Whether a shape function's result is NumPy's; sizes and dtypes that are not known agree with any."""
    if isinstance(theirs, (tuple, list)):
        return len(ours) == len(theirs) and all(map(fits, ours, theirs))
    sizes = zip(ours.shape, theirs.shape, strict=True)
    return ours.rank == theirs.ndim and all(a == b for a, b in sizes if isinstance(a, int)) and (
        ours.dtype in (None, str(theirs.dtype))
    )  # fmt: skip


def compare(name, *args, **kwargs):
    """Compare one call with NumPy: refused by both, or the same shapes."""
    try:
        theirs = getattr(np, name)(*real(args), **{k: real(v) for k, v in kwargs.items()})
    except REFUSED:
        with pytest.raises(ShapeError):
            infer("numpy." + name, args, kwargs)
        return False
    assert fits(infer("numpy." + name, args, kwargs), theirs), (name, args, kwargs)
    return True


@pytest.mark.parametrize(
    "name", ["deg2rad", "degrees", "fabs", "trunc", "reciprocal", "absolute", "rad2deg", "radians"]
)
def test_elementwise(name):
    for shape, dtype in itertools.product(SHAPES, ("float32", "float64", "int64")):
        assert agree(name, (spec(*shape, dtype=dtype),))


@pytest.mark.parametrize("name", ["arctan2", "hypot", "mod", "isclose"])
def test_of_two(name):
    found = [agree(name, (spec(*a), spec(*b))) for a, b in itertools.product(SHAPES, repeat=2)]
    assert True in found
    assert False in found


def test_found():
    for shape in SHAPES:
        compare("nonzero", spec(*shape))
        compare("argwhere", spec(*shape))
        compare("isin", spec(*shape), [1, 2])
        compare("bincount", spec(*shape, dtype="int64"))
        for bins in ((4,), (2, 3)):
            compare("digitize", spec(*shape), spec(*bins))
            compare("searchsorted", spec(*bins), spec(*shape))
        compare("interp", spec(*shape), spec(4), spec(4))
    assert not compare("interp", spec(3), spec(4), spec(5))


def test_grids():
    for indexing in ("xy", "ij"):
        for sizes in [(3,), (3, 4), (2, 3, 4)]:
            assert compare("meshgrid", *[spec(n) for n in sizes], indexing=indexing)


def test_order():
    for shape in SHAPES:
        for name in ("triu", "tril", "fliplr", "flipud", "atleast_1d", "atleast_2d"):
            compare(name, spec(*shape))
        for k in (0, 1, -2):
            compare("diag", spec(*shape), k)
        for k, axes in itertools.product((0, 1, 3), ((0, 1), (1, 0))):
            compare("rot90", spec(*shape), k, axes)


def test_statistics():
    for shape, axis in itertools.product(SHAPES, (None, 0, -1, 1)):
        compare("average", spec(*shape), axis=axis)
        for q, keepdims in itertools.product((0.5, [0.1, 0.9]), (False, True)):
            compare("quantile", spec(*shape), q, axis=axis, keepdims=keepdims)
            compare("percentile", spec(*shape), q, axis=axis, keepdims=keepdims)
    assert compare("histogram", spec(5, 2))
    assert compare("histogram", spec(5), bins=4)
    assert infer("numpy.histogram", (spec(5), spec(4)), {})[0].shape == (3,)


def test_picked():
    for shape, axis in itertools.product(SHAPES, (None, 0, -1, 2)):
        for indices in (0, [0, 0], [[0], [0]]):
            compare("take", spec(*shape), indices, axis=axis)
        for other in SHAPES:
            compare("append", spec(*shape), spec(*other), axis=axis)


def test_pieces():
    for shape, axis in itertools.product(SHAPES, (0, -1, 1)):
        for given in (1, 2, 3, [1], [1, 2], [2, 5]):
            compare("split", spec(*shape), given, axis=axis)
            compare("array_split", spec(*shape), given, axis=axis)
    assert isinstance(infer("numpy.split", (spec(6), Unknown("how many")), {}), Unknown)
    assert [x.shape for x in infer("numpy.split", (TensorSpec((6, 2)), 3), {})] == [(2, 2)] * 3


def test_methods():
    x = spec(4, 3)
    for name, args in [("nonzero", ()), ("round", ()), ("argsort", (0,)), ("take", ([1, 2], 1))]:
        assert fits(infer(f"numpy.ndarray.{name}", (x, *args), {}), getattr(real(x), name)(*args))
