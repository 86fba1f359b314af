"""`torch.Tensor`, `torch.LongTensor` and their like, and `x.new`, against torch itself."""

import random

import numpy as np
import pytest
import torch

from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.apply import call_function, construct
from shapetypes.ops.promotion import LEGACY
from shapetypes.ops.stubs import default_stubs

STUBS = default_stubs()
ARGUMENTS = [
    (),
    (3,),
    (2, 3),
    (2, 0, 4),
    ([],),
    ([1, 2, 3],),
    ([[1.5], [2.5]],),
    ([[1, 2], [3, 4], [5, 6]],),
    ([(1, 2), [3, 4]],),
    (((1.5, 2.5), (3.5, 4.5)),),
    (np.zeros((2, 5)),),
]
REFUSED = [([[1, 2], [3]],), (-1,), ([[1], 2],)]


def spec(value):
    if isinstance(value, np.ndarray):
        return TensorSpec(value.shape, str(value.dtype), library="numpy")
    return [spec(v) for v in value] if isinstance(value, list) else value


def made(name, args):
    return construct(Judge(), STUBS, STUBS.find(f"torch.{name}"), tuple(spec(a) for a in args), {})


def same(found, real):
    assert (found.shape, found.dtype) == (tuple(real.shape), str(real.dtype).removeprefix("torch."))


@pytest.mark.parametrize("name", LEGACY)
@pytest.mark.parametrize("args", ARGUMENTS, ids=repr)
def test_as_torch_makes_it(name, args):
    same(made(name, args), getattr(torch, name)(*args))


@pytest.mark.parametrize("name", ["Tensor", "LongTensor"])
@pytest.mark.parametrize("args", REFUSED, ids=repr)
def test_what_torch_refuses(name, args):
    with pytest.raises((ValueError, TypeError, RuntimeError)):
        getattr(torch, name)(*args)
    with pytest.raises(ShapeError):
        made(name, args)


def test_a_tuple_of_sizes_may_be_a_shape_or_numbers():
    assert torch.Tensor((2, 3)).shape != torch.Tensor(torch.Size((2, 3))).shape
    assert made("Tensor", ((2, 3),)).shape is None


@pytest.mark.parametrize("dtype", ["float64", "int64", "bool"])
def test_new_keeps_the_dtype(dtype):
    rng = random.Random(0)
    x = torch.zeros(2, dtype=getattr(torch, dtype))
    for args in ARGUMENTS + [tuple(rng.choices(range(4), k=rng.randint(1, 4))) for _ in range(10)]:
        found = call_function(
            Judge(),
            STUBS,
            STUBS.find("torch.Tensor.new"),
            (TensorSpec((2,), dtype), *(spec(a) for a in args)),
            {},
        ).value
        same(found, x.new(*args))
