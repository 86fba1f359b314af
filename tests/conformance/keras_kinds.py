"""Arguments for functions of `keras.ops` and TensorFlow, by the rule that judges them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from tests.conformance.keras_configs import Data, shape

R: TypeAlias = random.Random
Args: TypeAlias = tuple[list[Any], dict[str, Any]]
KINDS: dict[str, Callable[[R, str], Args]] = {}
INTEGERS = ("bitwise", "shift", "gcd", "lcm", "invert")


def _kind(*rules: str) -> Callable[[Callable[[R, str], Args]], Callable[[R, str], Args]]:
    def add(function: Callable[[R, str], Args]) -> Callable[[R, str], Args]:
        for name in rules:
            KINDS[name] = function
        return function

    return add


def _dtype(path: str) -> str:
    if path.startswith("tensorflow.") and ("logical" in path or "reduce_a" in path):
        return "bool"
    return "int32" if any(k in path for k in INTEGERS) else "float32"


# -- element by element, over axes ------------------------------------------------------------------------------------

_MORE = {
    "clip_by_norm": [1.0],
    "dropout": [0.5],
    "full_like": [2.0],
    "threshold": [0.1, 0.2],
    "scatter_update": [Data((2, 2), "int32", high=1), Data((2,))],
    "slice_update": [[0, 0], Data((1, 1))],
    "ensure_shape": [None],
    "isin": [[1.0, 2.0]],
    "adjust_brightness": [0.1],
    "adjust_contrast": [0.1],
    "random_brightness": [0.1],
    "random_contrast": [0.1, 0.2],
    "digitize": [[0.1, 0.2]],
}


@_kind("ops_map", "ops_same", "ops_test", "ops_like", "ops_normalized")
def _map(r: R, path: str) -> Args:
    name = path.rpartition(".")[2]
    low = 3 if ".image." in path else 1
    x = shape(r, 2, 2) if name in _MORE and _MORE[name][:1] != [1.0] else shape(r, low, low if low > 1 else 4)
    more = _MORE.get(name, [])
    if name.startswith("tensor_scatter"):
        return [Data((3, 4)), Data((2, 1), "int32", high=2), Data((2, 4))], {}
    if ".image." in path:
        x = shape(r, 3, 4)
    if name in ("slice_update", "scatter_update"):
        x = (3, 4)
    return [Data(x, "bool" if "logical_not" in name else _dtype(path)), *more], {}


@_kind("ops_cast")
def _cast(r: R, path: str) -> Args:
    return [Data(shape(r, 0, 3)), r.choice(["int32", "float16"])], {}


@_kind("ops_array")
def _array(r: R, path: str) -> Args:
    return [r.choice([Data(shape(r, 0, 3)), [[1, 2], [3, 4]], 2.0])], {}


def _two(r: R) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Shapes that broadcast."""
    whole = shape(r, 1, 3)
    other = tuple(1 if r.random() < 0.3 else n for n in whole)[r.randint(0, 1) :]
    return (whole, other) if r.random() < 0.5 else (other, whole)


@_kind("ops_broadcast", "ops_compare")
def _broadcast(r: R, path: str) -> Args:
    one, two = _two(r)
    kind = _dtype(path)
    return [Data(one, kind), Data(two, "int32" if path.endswith("ldexp") else kind)], {}


@_kind("ops_broadcast_all")
def _three(r: R, path: str) -> Args:
    one = shape(r, 1, 3)
    two = tuple(1 if r.random() < 0.3 else n for n in one)
    return [Data(one, "bool" if path.endswith("where") else "float32"), Data(two), Data(two)], {}


def _axis(r: R, x: tuple[int, ...]) -> int:
    return r.randint(-len(x), len(x) - 1)


@_kind("ops_reduce", "ops_test_all", "ops_norm")
def _reduce(r: R, path: str) -> Args:
    x = shape(r, 2, 4)
    axis = r.choice([None, _axis(r, x), tuple(r.sample(range(len(x)), 2))])
    return [Data(x, _dtype(path))], {"axis": axis, "keepdims": r.random() < 0.5}


@_kind("ops_index")
def _index(r: R, path: str) -> Args:
    x = shape(r, 1, 4)
    kwargs: dict[str, Any] = {"axis": r.choice([None, _axis(r, x)])}
    return [Data(x)], kwargs if "count" in path else kwargs | {"keepdims": r.random() < 0.5}


@_kind("ops_moments")
def _moments(r: R, path: str) -> Args:
    x = shape(r, 2, 4)
    return [Data(x), [_axis(r, x)]], {"keepdims": r.random() < 0.5}


@_kind("ops_quantile")
def _quantile(r: R, path: str) -> Args:
    x = shape(r, 2, 3)
    return [Data(x), r.choice([0.5, [0.1, 0.5, 0.9]])], {"axis": r.choice([None, _axis(r, x)])}


@_kind("ops_average")
def _average(r: R, path: str) -> Args:
    x = shape(r, 2, 3)
    return [Data(x)], {"axis": _axis(r, x), "weights": r.choice([None, Data(x)])}


@_kind("ops_along", "ops_order", "tf_index", "ops_gate")
def _along(r: R, path: str) -> Args:
    x = shape(r, 2, 4)
    if path.endswith("digitize"):
        return [Data(x), [0.2, 0.4]], {}
    if path.endswith("argpartition"):
        return [Data((5,)), 1], {}
    if path.endswith("glu"):
        return [Data((*x, 2 * r.randint(1, 3)))], {}
    return [Data(x)], {"axis": -1 if path.endswith("sparsemax") else _axis(r, x)}


@_kind("ops_scan")
def _scan(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    return [Data(x)], {"axis": r.choice([None, _axis(r, x)])}


@_kind("ops_diff")
def _diff(r: R, path: str) -> Args:
    return [Data((3, 5, 4))], {"n": r.randint(1, 2), "axis": r.randint(-3, 2)}


@_kind("ops_top")
def _top(r: R, path: str) -> Args:
    x = (*shape(r, 0, 2), 5)
    return [Data(x), r.randint(1, 5)], {}


# -- layout -----------------------------------------------------------------------------------------------------------


@_kind("ops_reshape")
def _reshape(r: R, path: str) -> Args:
    a, b, c = (r.randint(1, 4) for _ in range(3))
    return [Data((a, b, c)), r.choice([(a * b, c), (-1, c), (a * b * c,), (c, -1, 1)])], {}


@_kind("ops_transpose")
def _transpose(r: R, path: str) -> Args:
    x = shape(r, 1, 4)
    return [Data(x), r.choice([None, r.sample(range(len(x)), len(x))])], {}


@_kind("ops_swap", "ops_move")
def _swap(r: R, path: str) -> Args:
    x = shape(r, 2, 4)
    return [Data(x), _axis(r, x), _axis(r, x)], {}


@_kind("ops_expand")
def _expand(r: R, path: str) -> Args:
    x = shape(r, 0, 3)
    return [Data(x), r.randint(-len(x) - 1, len(x))], {}


@_kind("ops_squeeze")
def _squeeze(r: R, path: str) -> Args:
    x = (*shape(r, 0, 1), 1, *shape(r, 1, 2))
    return [Data(x)], {"axis": r.choice([None, x.index(1)])}


@_kind("ops_ravel")
def _ravel(r: R, path: str) -> Args:
    return [Data(shape(r, 0, 3))], {}


@_kind("ops_broadcast_to")
def _broadcast_to(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    small = tuple(1 if r.random() < 0.4 else n for n in x)
    return [Data(small), (*shape(r, 0, 1), *x)], {}


@_kind("ops_flip", "ops_roll")
def _flip(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    if path.endswith("roll"):
        return [Data(x)], {"shift": 1, "axis": _axis(r, x)}
    return [Data(x), [_axis(r, x)]] if path.startswith("tensorflow") else [Data(x), _axis(r, x)], {}


@_kind("ops_tile", "tf_tile")
def _tile(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    return [Data(x), [r.randint(1, 3) for _ in x]], {}


@_kind("ops_repeat")
def _repeat(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    return [Data(x)], {"repeats": r.randint(1, 3), "axis": r.choice([None, _axis(r, x)])}


@_kind("ops_pad")
def _pad(r: R, path: str) -> Args:
    x = shape(r, 2, 3)
    return [Data(x), [[r.randint(0, 2), r.randint(0, 2)] for _ in x]], {}


@_kind("ops_concat")
def _concat(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    axis = _axis(r, x)
    parts = [tuple(r.randint(1, 4) if i == axis % len(x) else n for i, n in enumerate(x)) for _ in range(3)]
    return [[Data(p) for p in parts]], {"axis": axis}


@_kind("ops_stack", "ops_join")
def _stack(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    kwargs = {} if path.endswith(("vstack", "hstack")) else {"axis": r.randint(-len(x) - 1, len(x))}
    return [[Data(x), Data(x)]], kwargs


@_kind("ops_unstack")
def _unstack(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    return [Data(x)], {"axis": _axis(r, x)}


@_kind("ops_split")
def _split(r: R, path: str) -> Args:
    return [Data((4, 6)), r.choice([2, [1, 3]])], {"axis": r.choice([0, 1, -1])}


@_kind("tf_split")
def _tf_split(r: R, path: str) -> Args:
    return [Data((4, 4)), r.choice([2, [1, 3], [1, -1]])], {"axis": r.choice([0, 1, -1])}


@_kind("ops_meshgrid")
def _mesh(r: R, path: str) -> Args:
    return [Data(shape(r, 1, 1)), Data(shape(r, 1, 1))], {"indexing": r.choice(["xy", "ij"])}


@_kind("ops_slice")
def _slice(r: R, path: str) -> Args:
    last = -1 if path.startswith("tensorflow") else 2
    return [Data((3, 4)), [r.randint(0, 1), r.randint(0, 2)], [r.randint(1, 2), last]], {}


# -- picking, making --------------------------------------------------------------------------------------------------


def _indices(r: R, low: int = 0, high: int = 2) -> Data:
    return Data(shape(r, low, high), "int32", high=1)


@_kind("ops_take")
def _take(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    return [Data(x), _indices(r)], {"axis": r.choice([None, _axis(r, x)])}


@_kind("ops_take_along")
def _take_along(r: R, path: str) -> Args:
    x = shape(r, 2, 3)
    axis = _axis(r, x)
    picks = tuple(r.randint(1, 4) if i == axis % len(x) else n for i, n in enumerate(x))
    return [Data(x), Data(picks, "int32", high=1)], {"axis": axis}


@_kind("tf_gather")
def _gather(r: R, path: str) -> Args:
    x = shape(r, 2, 3)
    if r.random() < 0.4:
        return [Data(x), Data((x[0], 2), "int32", high=1)], {"axis": 1, "batch_dims": 1}
    return [Data(x), _indices(r)], {"axis": _axis(r, x)}


@_kind("tf_gather_nd")
def _gather_nd(r: R, path: str) -> Args:
    x = shape(r, 2, 3)
    return [Data(x), Data((*shape(r, 0, 2), r.randint(1, 2)), "int32", high=1)], {}


@_kind("tf_mask")
def _mask(r: R, path: str) -> Args:
    x = shape(r, 2, 3)
    return [Data(x), Data(x[:1], "bool")], {}


@_kind("tf_embedding")
def _embedding(r: R, path: str) -> Args:
    return [Data((4, r.randint(1, 5))), _indices(r, 1, 2)], {}


@_kind("ops_one_hot")
def _one_hot(r: R, path: str) -> Args:
    x = shape(r, 1, 2)
    return [Data(x, "int32", high=3), r.randint(3, 5)], {"axis": r.choice([-1, 0, 1])}


@_kind("ops_multi_hot")
def _multi_hot(r: R, path: str) -> Args:
    return [Data(shape(r, 1, 2), "int32", high=3), r.randint(3, 5)], {}


@_kind("ops_categories")
def _categories(r: R, path: str) -> Args:
    return [Data(shape(r, 1, 2), "int32", high=3), r.randint(3, 5)], {}


@_kind("ops_scatter")
def _scatter(r: R, path: str) -> Args:
    return [Data((2, 1), "int32", high=2), Data((2, 3)), (4, 3)], {}


@_kind("ops_segments")
def _segments(r: R, path: str) -> Args:
    x = shape(r, 1, 3)
    count = {"num_segments": 3} if "unsorted" in path or path.startswith("keras") else {}
    return [Data(x), np.zeros(x[:1], "int32")], count


@_kind("ops_filled")
def _filled(r: R, path: str) -> Args:
    name = path.rpartition(".")[2]
    more = {"full": [1.0], "fill": [1.0], "gamma": [1.0], "beta": [1.0, 1.0], "randint": [0, 3]}.get(name, [])
    return [list(shape(r, 0, 3)), *more], {}


@_kind("ops_eye")
def _eye(r: R, path: str) -> Args:
    return [r.randint(1, 4), *([] if path.endswith("identity") else [r.choice([None, 3])])], {}


@_kind("ops_range")
def _range(r: R, path: str) -> Args:
    return r.choice([[r.randint(1, 5)], [1, 6], [1, 8, 3]]), {}


@_kind("ops_linspace")
def _linspace(r: R, path: str) -> Args:
    return [0.0, 1.0, r.randint(1, 6)], {}


@_kind("tf_sequence_mask")
def _sequence(r: R, path: str) -> Args:
    return [Data(shape(r, 1, 2), "int32"), 5], {}


@_kind("ops_shape", "tf_cast_size")
def _size(r: R, path: str) -> Args:
    return [Data(shape(r, 0, 3))], {}


# -- matrices ---------------------------------------------------------------------------------------------------------


@_kind("ops_matmul", "tf_matmul")
def _matmul(r: R, path: str) -> Args:
    batch, (n, k, m) = shape(r, 0, 2), (r.randint(1, 4) for _ in range(3))
    if path.startswith("tensorflow") and r.random() < 0.5:
        return [Data((*batch, n, k)), Data((*batch, m, k))], {"transpose_b": True}
    return [Data((*batch, n, k)), Data((*batch, k, m))], {}


@_kind("tf_matvec", "ops_inner")
def _matvec(r: R, path: str) -> Args:
    k = r.randint(1, 4)
    return [Data((r.randint(1, 4), k)), Data((k,))], {}


@_kind("ops_dot")
def _dot(r: R, path: str) -> Args:
    k = r.randint(1, 4)
    return [Data((*shape(r, 0, 2), k)), Data((*shape(r, 0, 1), k, r.randint(1, 3)))], {}


@_kind("ops_outer")
def _outer(r: R, path: str) -> Args:
    return [Data(shape(r, 1, 2)), Data(shape(r, 1, 2))], {}


@_kind("ops_tensordot")
def _tensordot(r: R, path: str) -> Args:
    a, b, c, e = (r.randint(1, 4) for _ in range(4))
    return r.choice(
        [([Data((a, b, c)), Data((b, c, e))], {"axes": 2}), ([Data((a, b)), Data((c, b))], {"axes": [[1], [1]]})]
    )


@_kind("ops_einsum")
def _einsum(r: R, path: str) -> Args:
    a, b, c, e = (r.randint(2, 4) for _ in range(4))
    return r.choice(
        [(["abc,cd->abd", Data((a, b, c)), Data((c, e))], {}), (["bij,bjk->bik", Data((a, b, c)), Data((a, c, e))], {})]
    )


@_kind(
    "ops_triangle", "ops_diag", "ops_diagonal", "ops_trace", "tf_diag_part", "tf_trace", "tf_turn", "tf_qr", "tf_svd"
)
def _matrix(r: R, path: str) -> Args:
    more = [1, 1] if path.endswith("band_part") else []
    return [Data(shape(r, 2, 2 if path.endswith(".diag") else 3)), *more], {}


@_kind("ops_qr", "ops_svd")
def _factors(r: R, path: str) -> Args:
    return [Data(shape(r, 2, 3))], {}


@_kind("tf_diag")
def _diag(r: R, path: str) -> Args:
    return [Data(shape(r, 1, 2))], {}


@_kind("ops_square", "ops_determinant", "ops_eigh")
def _square(r: R, path: str) -> Args:
    n = r.randint(1, 3)
    return [np.broadcast_to(np.eye(n, dtype="float32"), (*shape(r, 0, 1), n, n))], {}


@_kind("ops_solve")
def _solve(r: R, path: str) -> Args:
    n = r.randint(1, 3)
    return [np.eye(n, dtype="float32"), Data((n, r.randint(1, 3)))], {}


# -- networks ---------------------------------------------------------------------------------------------------------


def spatial_count(path: str) -> int:
    """How many spatial axes a function's name says; 2 where it does not."""
    return next((int(c) for c in "123" if f"{c}d" in path), 2)


@_kind("ops_conv", "tf_conv")
def _conv(r: R, path: str) -> Args:
    count = spatial_count(path) if path.startswith("tensorflow") else r.randint(1, 3)
    x, kernel = (2, *(r.randint(6, 9) for _ in range(count)), 4), (*(r.randint(1, 3) for _ in range(count)), 4, 5)
    padding = r.choice(["valid", "same"])
    if path.startswith("keras"):
        return [Data(x), Data(kernel)], {"strides": r.randint(1, 2), "padding": padding}
    strides = 2 if count < 3 else [1, 2, 2, 2, 1]
    return [Data(x), Data(kernel), strides, padding.upper()], {}


@_kind("ops_depthwise_conv", "tf_depthwise_conv")
def _depthwise(r: R, path: str) -> Args:
    data, kernel, padding = (
        Data((2, 7, 8, 3)),
        Data((r.randint(1, 3), 2, 3, r.randint(1, 2))),
        r.choice(["valid", "same"]),
    )
    if path.startswith("keras"):
        return [data, kernel], {"strides": 2, "padding": padding}
    return [data, kernel, [1, 2, 2, 1], padding.upper()], {}


@_kind("tf_conv_transpose")
def _conv_transpose(r: R, path: str) -> Args:
    count = spatial_count(path)
    x, out = (2, *([3] * count), 4), (2, *([6] * count), 5)
    return [Data(x), Data((*([2] * count), 5, 4)), list(out), 2], {}


@_kind("ops_pool", "tf_pool")
def _pool(r: R, path: str) -> Args:
    count, padding = (
        (spatial_count(path) if path.startswith("tensorflow") else r.randint(1, 3)),
        r.choice(["valid", "same"]),
    )
    x = Data((2, *(r.randint(6, 9) for _ in range(count)), 3))
    if path.startswith("keras"):
        return [x, r.randint(1, 3)], {"strides": r.choice([None, 2]), "padding": padding}
    return [x, r.randint(1, 3), r.randint(1, 3), padding.upper()], {}


@_kind("ops_batch_norm")
def _batch_norm(r: R, path: str) -> Args:
    x = shape(r, 2, 4)
    return [Data(x), Data(x[-1:]), Data(x[-1:]), -1], {}


@_kind("ops_dot_attention")
def _dot_attention(r: R, path: str) -> Args:
    b, t, s, n, h = (r.randint(1, 4) for _ in range(5))
    return [Data((b, t, n, h)), Data((b, s, n, h)), Data((b, s, n, h))], {}


@_kind("tf_bias")
def _bias(r: R, path: str) -> Args:
    x = shape(r, 2, 4)
    return [Data(x), Data(x[-1:])], {}


@_kind("ops_binary_loss", "ops_class_loss", "tf_class_loss")
def _loss(r: R, path: str) -> Args:
    x = shape(r, 2, 3)
    return [Data(x), Data(x)], {}


@_kind("ops_sparse_loss")
def _sparse(r: R, path: str) -> Args:
    x = shape(r, 1, 2)
    return [Data(x, "int32", high=2), Data((*x, 4))], {}


@_kind("ops_image_resize")
def _resize(r: R, path: str) -> Args:
    return [Data(shape(r, 3, 4)), (r.randint(1, 6), r.randint(1, 6))], {}


@_kind("ops_image")
def _image(r: R, path: str) -> Args:
    return [Data(shape(r, 3, 4))], {}


@_kind("tf_grey")
def _grey(r: R, path: str) -> Args:
    return [Data((*shape(r, 2, 3), 3 if "rgb_to" in path else 1))], {}


@_kind("tf_image_size")
def _image_size(r: R, path: str) -> Args:
    x = Data((*shape(r, 0, 1), 5, 6, 3))
    if path.endswith("crop_to_bounding_box"):
        return [x, 1, 1, 3, 4], {}
    return [x, 0, 0, 7, 8] if path.endswith("bounding_box") else [x, 7, 4], {}


@_kind("einops.rearrange")
def _rearrange(r: R, path: str) -> Args:
    return [Data(shape(r, 3, 3)), r.choice(["a b c -> c (a b)", "a b c -> b a c"])], {}
