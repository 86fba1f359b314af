"""Gradients are judged as torch's own autograd judges them."""

import itertools

import pytest
import torch

from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import call_function
from shapetypes.ops.stubs import default_stubs

STUBS = default_stubs()
SHAPES = [(), (1,), (1, 1), (3,), (3, 1), (2, 3)]


def spec(shape):
    return None if shape is None else TensorSpec(shape, torch.float32)


def leaf(shape):
    return torch.zeros(shape, requires_grad=True)


def call(name, *args, **kwargs):
    return call_function(Judge(), STUBS, STUBS.find(name), args, kwargs).value


def judged(real, mine):
    """Whether torch accepts a call, after asserting that the rule says the same."""
    try:
        real()
    except RuntimeError:
        with pytest.raises(ShapeError):
            mine()
        return False
    mine()
    return True


@pytest.mark.parametrize("gradient", [None, *SHAPES])
@pytest.mark.parametrize("shape", SHAPES)
def test_backward(shape, gradient):
    given = None if gradient is None else torch.zeros(gradient)
    fits = judged(
        lambda: (leaf(shape) * 2).backward(given),
        lambda: call("torch.Tensor.backward", spec(shape), spec(gradient)),
    )
    assert fits == judged(
        lambda: torch.autograd.backward([leaf(shape) * 2], None if given is None else [given]),
        lambda: call("torch.autograd.backward", [spec(shape)], None if given is None else [spec(gradient)]),
    )


def test_grad():
    seen = {True: 0, False: 0}
    for shape, gradient in itertools.product(SHAPES, [None, *SHAPES]):
        x, y = leaf((4, 2)), leaf((5,))
        out = (x.sum() + y.sum()) * torch.ones(shape)
        given = None if gradient is None else torch.zeros(gradient)
        got = []
        fits = judged(
            lambda out=out, x=x, y=y, given=given: torch.autograd.grad(out, (x, y), given),
            lambda out=out, gradient=gradient, got=got: got.append(
                call("torch.autograd.grad", spec(tuple(out.shape)), (spec((4, 2)), spec((5,))), spec(gradient))
            ),
        )
        seen[fits] += 1
        if fits:
            assert [g.shape for g in got[0]] == [(4, 2), (5,)]
    assert min(seen.values()) > 5


def test_gradients_of_unknown_outputs_have_the_shapes_of_the_inputs():
    (found,) = call("torch.autograd.grad", Unknown("a network"), spec((4, 2)), Unknown("ones"))
    assert found.shape == (4, 2)
