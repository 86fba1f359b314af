"""Element-wise operations against torch: broadcasting, promotion, in-place forms; and with symbolic sizes."""

from __future__ import annotations

import random

import pytest

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import UNIT, TensorSpec, Unknown, Var
from shapetypes.ops import infer
from shapetypes.ops.apply import call_function
from shapetypes.ops.stubs import default_stubs
from tests.ops.oracle import check
from tests.ops.symbolic import agrees

DTYPES = ["bool", "uint8", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64", "complex128"]
OPERATORS = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "lshift", "rshift"]
COMPARISONS = ["__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"]
FUNCTIONS = [
    "add",
    "sub",
    "mul",
    "div",
    "true_divide",
    "floor_divide",
    "fmod",
    "remainder",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "isclose",
    "logical_and",
    "logical_or",
    "logical_xor",
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "bitwise_left_shift",
    "gcd",
    "lcm",
    "atan2",
    "xlogy",
    "hypot",
    "copysign",
    "logaddexp",
    "logaddexp2",
    "nextafter",
    "heaviside",
    "complex",
    "polar",
    "float_power",
    "pow",
    "igamma",
]
UNARY = [
    "abs",
    "acos",
    "asinh",
    "bitwise_not",
    "ceil",
    "clone",
    "conj",
    "cos",
    "deg2rad",
    "digamma",
    "erf",
    "exp",
    "exp2",
    "expm1",
    "fix",
    "floor",
    "frac",
    "i0",
    "isfinite",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "isreal",
    "lgamma",
    "log",
    "log1p",
    "logical_not",
    "logit",
    "nan_to_num",
    "neg",
    "positive",
    "rad2deg",
    "reciprocal",
    "round",
    "rsqrt",
    "sgn",
    "sigmoid",
    "sign",
    "signbit",
    "sin",
    "sinc",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "trunc",
    "angle",
    "real",
    "imag",
    "zeros_like",
    "ones_like",
    "rand_like",
    "randn_like",
    "empty_like",
    "view_as_real",
    "view_as_complex",
    "frexp",
    "resolve_conj",
    "detach",
]
b, t, n = d.name("b"), d.name("t"), d.name("n")
REAL = TensorSpec((2, 3), "float32")


def shapes(rng: random.Random):
    """Two shapes that mostly broadcast."""
    full = [rng.choice([0, 1, 2, 3, 4]) for _ in range(rng.randrange(4))]
    out = []
    for _ in range(2):
        kept = full[rng.randrange(len(full) + 1) :]
        out.append(tuple(rng.choice([size, size, 1, rng.randrange(5)]) for size in kept))
    return out


def tensors(rng: random.Random):
    x, y = shapes(rng)
    dtypes = rng.choices(DTYPES, k=2) if rng.random() < 0.6 else [rng.choice(DTYPES)] * 2
    if dtypes[0].startswith("complex") or dtypes[1].startswith("complex"):  # few kernels take complex32
        dtypes = ["float32" if dtype == "float16" else dtype for dtype in dtypes]
    return TensorSpec(x, dtypes[0]), TensorSpec(y, dtypes[1])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name):
    rng = random.Random(name)
    accepted = [check(f"torch.{name}", tensors(rng), ones=True) for _ in range(150)]
    assert set(accepted) == {True, False}


@pytest.mark.parametrize("name", [f"__{k}{o}__" for o in OPERATORS for k in ("", "i")] + COMPARISONS)
def test_operators(name):
    rng = random.Random(name)
    accepted = [check(f"torch.Tensor.{name}", tensors(rng), ones=True) for _ in range(150)]
    assert set(accepted) == {True, False}


@pytest.mark.parametrize(
    "name", [f"__{k}{o}__" for o in ("add", "sub", "mul", "truediv", "pow") for k in ("", "r", "i")]
)
def test_operators_with_numbers(name):
    rng = random.Random(name)
    for _ in range(40):
        x, _ = tensors(rng)
        number = rng.choice(
            [2, 2.5, True] if x.dtype == "float16" else [2, 2.5, 1j, True]
        )  # few kernels take complex32
        check(f"torch.Tensor.{name}", (x, number))


@pytest.mark.parametrize("name", UNARY)
def test_unary(name):
    for dtype in DTYPES:
        for shape in ((), (2, 3), (0,), (4, 2)):
            check(f"torch.{name}", (TensorSpec(shape, dtype),))


IN_PLACE = [
    "add_",
    "sub_",
    "mul_",
    "div_",
    "floor_divide_",
    "remainder_",
    "eq_",
    "lt_",
    "bitwise_and_",
    "logical_or_",
    "atan2_",
    "copy_",
]


@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place(name):
    rng = random.Random(name)
    accepted = [check(f"torch.Tensor.{name}", tensors(rng), ones=True) for _ in range(150)]
    assert set(accepted) == {True, False}


@pytest.mark.parametrize("name", ["sin_", "neg_", "floor_", "sigmoid_", "abs_", "square_", "logical_not_", "digamma_"])
def test_unary_in_place(name):
    accepted = [check(f"torch.Tensor.{name}", (TensorSpec((2, 3), dtype),)) for dtype in DTYPES]
    assert True in accepted


@pytest.mark.parametrize("name", ["torch.where", "torch.addcmul", "torch.addcdiv", "torch.lerp", "torch.clamp"])
def test_three_operands(name):
    rng = random.Random(name)
    accepted = set()
    for _ in range(150):
        x, y = tensors(rng)
        z = TensorSpec(shapes(rng)[0], rng.choice([x.dtype, y.dtype, "bool"]))
        if "float16" in (x.dtype, y.dtype) and name == "torch.addcdiv":
            continue  # see above
        first = TensorSpec(z.shape, rng.choice(["bool", "bool", "float32"])) if name == "torch.where" else z
        accepted.add(check(name, (first, x, y)))
    assert accepted == {True, False}


@pytest.mark.parametrize("name", ["torch.masked_fill", "torch.Tensor.masked_fill_"])
def test_masked_fill(name):
    rng = random.Random(name)
    accepted = set()
    for _ in range(80):
        x, mask = tensors(rng)
        value = rng.choice([0.0, 1, TensorSpec((), x.dtype), TensorSpec((1,), x.dtype)])
        accepted.add(check(name, (x, TensorSpec(mask.shape, rng.choice(["bool", "bool", "int64"])), value)))
    assert accepted == {True, False}


@pytest.mark.parametrize("dtype", DTYPES)
def test_casts(dtype):
    x = TensorSpec((2, 3), dtype)
    for method in ("float", "double", "half", "bfloat16", "int", "long", "short", "char", "byte", "bool", "cfloat"):
        check(f"torch.Tensor.{method}", (x,))
    assert infer("torch.Tensor.to", (x, "int64")) == TensorSpec((2, 3), "int64")
    assert infer("torch.Tensor.to", (x, "cuda")) == x
    assert infer("torch.Tensor.to", (x, TensorSpec((1,), "float16"))) == TensorSpec((2, 3), "float16")
    assert infer("torch.Tensor.to", (x,), {"device": "cpu", "dtype": "float64"}) == TensorSpec((2, 3), "float64")
    assert infer("torch.Tensor.type_as", (x, TensorSpec((1,), "int8"))) == TensorSpec((2, 3), "int8")


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ((b, t), (t,), (b, t)),
        ((b, t), (b, 1), (b, t)),
        ((b, 1, t), (n, 1), (b, n, t)),
        ((b, 3), (1,), (b, 3)),
        ((2 * b, t), (2 * b, 1), (2 * b, t)),
        ((), (b, t), (b, t)),
    ],
)
def test_symbols_broadcast(left, right, result):
    args = (TensorSpec(left, "float32"), TensorSpec(right, "float32"))
    for values in ({"b": 2, "t": 3, "n": 5}, {"b": 7, "t": 2, "n": 4}):
        assert agrees("torch.add", args, **values).shape == result


@pytest.mark.parametrize(
    ("left", "right"), [((b, t), (b, n)), ((b, t), (t, b)), ((b, t), (b + 1, t)), ((b, 3), (b, 4))]
)
def test_symbols_refused(left, right):
    with pytest.raises(ShapeError):
        infer("torch.add", (TensorSpec(left), TensorSpec(right)))


@pytest.mark.parametrize(("target", "other"), [((t,), (b, t)), ((b, 1), (b, t)), ((1,), (t,)), ((b, 1), (b, 3))])
def test_in_place_never_enlarges(target, other):
    for name in ("torch.Tensor.__iadd__", "torch.Tensor.mul_", "torch.Tensor.copy_"):
        with pytest.raises(ShapeError):
            infer(name, (TensorSpec(target, "float32"), TensorSpec(other, "float32")))


def test_unknown_operand():
    x = TensorSpec((b, t), "float32")
    assert infer("torch.mul", (x, Unknown("a factor"))).shape is None
    assert infer("torch.Tensor.__lt__", (x, Unknown("a bound"))).dtype == "bool"
    assert infer("torch.Tensor.__iadd__", (x, Unknown("a bias"))) == x


def value(path, *args):
    """The result with its variadic parts."""
    found = default_stubs().find(path)
    return call_function(Judge(), default_stubs(), found, args, {})


def test_unknown_operand_keeps_what_is_forced():
    out = value("torch.mul", TensorSpec((b, 1, t), "float32"), TensorSpec(None)).value
    assert isinstance(out.shape[0], Var)
    assert out.shape[1] == b
    assert out.shape[3] == t


def warned(left, right):
    found = value("torch.Tensor.__sub__", TensorSpec(left, "float32"), TensorSpec(right, "float32"))
    return [w.code for w in found.warnings]


def test_outer_product_warns():
    assert warned((n, 1), (n,)) == ["broadcast-surprise"]
    assert warned((n,), (n, 1)) == ["broadcast-surprise"]
    assert warned((n, UNIT), (n,)) == []
    assert warned((n, 1), (t,)) == []
    assert warned((b, n), (n,)) == []
    assert warned((n, n), (n,)) == []


def test_clamp_needs_a_bound():
    with pytest.raises(ShapeError):
        infer("torch.clamp", (REAL,))
    assert infer("torch.clamp", (REAL,), {"min": 0}) == REAL
    assert infer("torch.Tensor.clamp_", (REAL,), {"max": 1.5}) == REAL
