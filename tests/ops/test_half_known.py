"""Nothing known, nothing refused; half known, no crash."""

from __future__ import annotations

import contextlib
import random

import pytest

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops import infer
from shapetypes.ops.apply import Layer, call_function, construct
from shapetypes.ops.reader import NO_DEFAULT
from shapetypes.ops.stubs import ClassStub, Function, default_stubs

STUBS = default_stubs()
FUNCTIONS = [
    f"{module}.{name}"
    for module in ("torch.nn.functional", "torch.nn.init", "einops", "numpy")
    for name in STUBS.module(module).functions
]
CLASSES = [f"torch.nn.{name}" for name in STUBS.module("torch.nn").names]
NEED_AN_OPTION = {"torch.nn.FractionalMaxPool2d", "torch.nn.FractionalMaxPool3d"}
"""Their constructors refuse to have neither of two sizes."""


def is_tensor(kind):
    return kind[0] == "tensor" or (kind[0] == "union" and any(k[0] == "tensor" for k in kind[1]))


def arguments(signature, tensor, skip=0):
    """An argument for each parameter without a default, a tensor wherever one can stand."""
    out = {}
    for p in signature.params[skip:]:
        if p.kind in ("*", "**"):
            continue
        if is_tensor(p.type):
            out[p.name] = tensor()
        elif p.default == NO_DEFAULT:
            out[p.name] = Unknown("not given")
    return out


def call(name, tensor):
    for signature in STUBS.find(name).signatures:
        given = arguments(signature, tensor)
        first = [given.pop(p.name) for p in signature.params if p.kind == "/" and p.name in given]
        infer(name, tuple(first), given)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_refuse_nothing_unknown(name):
    call(name, lambda: TensorSpec(None))


PARTS = (d.name("b"), d.name("n"), 3, 1, Unknown("?"), Var("batch"), d.unknown("?"), 2 * d.name("n"), d.fixed("h"))


def half_known(rng):
    parts = [rng.choice(PARTS) for _ in range(rng.randint(0, 4))]
    return TensorSpec(parts, rng.choice([None, None, "float32", "int64", frozenset({"float16", "float32"})]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_survive_half_known_operands(name):
    rng = random.Random(name)
    for _ in range(30):
        with contextlib.suppress(ShapeError):
            call(name, lambda: half_known(rng))


def layer(name, value):
    stub = STUBS.find(name)
    if not isinstance(stub, ClassStub) or not isinstance(STUBS.method(stub, "forward"), Function):
        return None
    init = STUBS.method(stub, "__init__")
    given = arguments(init.signatures[0], lambda: None, 1)
    made = construct(Judge(), STUBS, stub, (), {k: value for k in given if given[k] is not None})
    return made if isinstance(made, Layer) else None


@pytest.mark.parametrize("name", sorted(set(CLASSES) - NEED_AN_OPTION))
def test_layers_refuse_nothing_unknown(name):
    made = layer(name, Unknown("an int"))
    if made is not None:
        forward = STUBS.method(made.stub, "forward")
        given = arguments(forward.signatures[0], lambda: TensorSpec(None), 1)
        call_function(Judge(), STUBS, forward, (), given, owner=made)


@pytest.mark.parametrize("name", CLASSES)
def test_layers_survive_half_known_operands(name):
    rng = random.Random(name)
    for value in (Unknown("an int"), d.fixed("size"), d.name("n"), 4):
        with contextlib.suppress(ShapeError):
            made = layer(name, value)
            for _ in range(15 if made else 0):
                forward = STUBS.method(made.stub, "forward")
                given = arguments(forward.signatures[0], lambda: half_known(rng), 1)
                with contextlib.suppress(ShapeError):
                    call_function(Judge(), STUBS, forward, (), given, owner=made)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("view", ((2, 3),)),
        ("view", (-1, 3)),
        ("index_copy", (0, TensorSpec(None), TensorSpec(None))),
        ("dim", ()),
        ("transpose", (0, 1)),
        ("size", (0,)),
    ],
)
def test_a_method_taken_from_the_class_refuses_nothing_unknown(name, arguments, monkeypatch):
    monkeypatch.setenv("SHAPETYPES_RAISE", "1")

    found = infer(f"torch.Tensor.{name}", (Unknown("?"), *arguments), {})

    assert isinstance(found, Unknown) or found.shape is None
