"""Layers on symbolic sizes, in words, and at their limits."""

from __future__ import annotations

import contextlib
import random

import pytest
import torch

from shapetypes.core import dim as d
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown, show_shape
from shapetypes.ops import infer
from shapetypes.ops.apply import construct, layer_attribute
from shapetypes.ops.stubs import default_stubs
from tests.ops.oracle import framework, spec
from tests.ops.test_layers import CASES, NN, RUNS


def with_a_name(rng, args):
    """The arguments with one size of one tensor replaced by the name `n`, and that size."""
    places = [i for i, a in enumerate(args) if isinstance(a, TensorSpec) and any(s >= 2 for s in a.shape)]
    if not places:
        return None
    at = rng.choice(places)
    shape = list(args[at].shape)
    axis = rng.choice([i for i, s in enumerate(shape) if s >= 2])
    size, shape[axis] = shape[axis], d.name("n")
    return (*args[:at], TensorSpec(shape, args[at].dtype), *args[at + 1 :]), size


def put_in(value, size):
    """A result with a number for the name `n`; sizes that are not known are left as they are."""
    if isinstance(value, (tuple, list)):
        return [put_in(v, size) for v in value]
    atom = d.as_atom(d.name("n"))
    return [s if isinstance(s, Unknown) else d.substitute(s, {atom: size}) for s in value.shape]


def agrees(symbolic, number):
    if isinstance(number, (tuple, list)):
        return all(agrees(s, n) for s, n in zip(symbolic, number, strict=True))
    return all(isinstance(s, Unknown) or s == n for s, n in zip(symbolic, number.shape, strict=True))


@pytest.mark.parametrize("name", [n for n in CASES if not n.startswith("sequences")])
def test_a_name_stands_for_the_number(name):
    """What is computed for `n` is, for each number that torch takes there, what it computes for the number."""
    make, kind = CASES[name]
    rng = random.Random(f"{name} symbolic")
    compared = 0
    for _ in range(RUNS):
        path, args, kwargs, call = make(rng, kind)
        with contextlib.suppress(ShapeError):
            number = infer(path, args, kwargs, call)
            named = with_a_name(rng, args if call is None else call[0])
            if named is None or isinstance(number, Unknown):
                continue
            given = (named[0], kwargs, None) if call is None else (args, kwargs, (named[0], call[1]))
            symbolic = symbolic_result(path, *given)
            compared += 1
            assert agrees(put_in(symbolic, named[1]), number), f"{path} {given}: {symbolic}, but {number}"
    assert compared > RUNS // 20


def symbolic_result(path, args, kwargs, call):
    try:
        return infer(path, args, kwargs, call)
    except ShapeError as error:
        if error.fault.code == "axis-order":  # the twin rule: a number that stands twice says more than a name
            raise
        raise AssertionError(f"{path} {args} {call}: {error}") from error


def test_identified_names_are_solved():
    """A name that meets a layer's size is that size from there on; elsewhere it stays a name."""
    b, t, f = d.name("b"), d.name("t"), d.name("f")
    assert infer(NN + "Linear", (10, 5), {}, ((spec(b, t, f),), {})).shape == (b, t, 5)
    out, (h, c) = infer(NN + "LSTM", (10, 6), {"batch_first": True}, ((spec(b, t, f),), {}))
    assert (out.shape, h.shape, c.shape) == ((b, t, 6), (1, b, 6), (1, b, 6))


@pytest.mark.parametrize(
    ("path", "args", "kwargs", "shape", "result"),
    [
        ("Conv2d", (3, 8, 3), {"stride": 2, "padding": 1}, ("b", 3, "h", "w"), "(b, 8, (h+1)//2, (w+1)//2)"),
        ("Conv1d", (3, 8, 5), {"padding": "same"}, ("b", 3, "t"), "(b, 8, t)"),
        ("ConvTranspose2d", (3, 8, 4), {"stride": 2, "padding": 1}, ("b", 3, "h", "w"), "(b, 8, 2*h, 2*w)"),
        ("MaxPool2d", (2,), {}, ("b", 3, "h", "w"), "(b, 3, h//2, w//2)"),
        ("MaxPool2d", (3, 2), {"ceil_mode": True}, ("b", 3, "h", "w"), "(b, 3, h//2, w//2)"),
        ("AdaptiveAvgPool2d", ((None, 1),), {}, ("b", 3, "h", "w"), "(b, 3, h, 1)"),
        ("Flatten", (), {}, ("b", 3, "h", "w"), "(b, 3*h*w)"),
        ("Unflatten", (1, (2, -1)), {}, ("b", 10), "(b, 2, 5)"),
        ("PixelShuffle", (2,), {}, ("b", 8, "h", "w"), "(b, 2, 2*h, 2*w)"),
        ("Unfold", (2,), {"stride": 2}, ("b", 3, "h", 8), "(b, 12, 4*(h//2))"),
        ("Upsample", (), {"scale_factor": 1.5}, ("b", 3, "t"), "(b, 3, (3*t)//2)"),
        ("ReflectionPad1d", ((1, 2),), {}, ("b", 3, "t"), "(b, 3, t+3)"),
    ],
)
def test_symbolic_sizes(path, args, kwargs, shape, result):
    named = [d.name(s) if isinstance(s, str) else s for s in shape]
    assert show_shape(infer(NN + path, args, kwargs, ((spec(*named),), {})).shape) == result


# -- messages and limits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "args", "kwargs", "shape", "message"),
    [
        ("Linear", (10, 5), {}, (3, 11), "`Linear` argument `input`: axis 1 (`in_features`) is 11, expected 10"),
        ("Conv2d", (3, 8, 3), {}, (1, 4, 9, 9), "`Conv2d` argument `input`: axis 1 (`in_channels`) is 4, expected 3"),
        ("LayerNorm", (6,), {}, (2, 4), "`LayerNorm` argument `input`: axis 1 (`normalized_shape`) is 4, expected 6"),
        ("LSTM", (5, 2), {}, (7, 1, 4), "`LSTM` argument `input`: axis 2 (`input_size`) is 4, expected 5"),
        ("LSTM", (5, 2), {}, (7, 4), "is 4, expected 5 (two axes are read as one sequence, without a batch)"),
        ("BatchNorm2d", (6,), {}, (2, 6), "`BatchNorm2d` argument `input`: number of axes is 2 in (2, 6), expected 4"),
        ("ConvTranspose1d", (2, 3, 1), {"padding": 3}, (2, 3), "axis 1 is 3, expected at least 6"),
    ],
)
def test_faults_name_what_the_user_wrote(path, args, kwargs, shape, message):
    with pytest.raises(ShapeError) as caught:
        infer(NN + path, args, kwargs, ((spec(*shape),), {}))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("path", "args", "kwargs"),
    [
        ("Conv2d", (3, 8, 3), {"groups": 2}),
        ("Conv2d", (4, 7, 3), {"groups": 2}),
        ("Conv2d", (4, 8, 3), {"padding": "full"}),
        ("Conv2d", (4, 8, 3), {"padding": "same", "stride": 2}),
        ("ConvTranspose2d", (4, 8, 3), {"padding_mode": "reflect"}),
        ("ConvTranspose2d", (3, 8, 3), {"groups": 2}),
        ("GroupNorm", (4, 6), {}),
        ("LSTM", (4, 6), {"proj_size": 6}),
        ("LSTM", (4, 0), {}),
        ("GRU", (4, 6), {"dropout": 1.5}),
        ("GRU", (4, 6), {"num_layers": 0}),
        ("FractionalMaxPool2d", (2,), {}),
        ("FractionalMaxPool2d", (2,), {"output_ratio": 1.5}),
    ],
)
def test_constructors_refuse(path, args, kwargs):
    assert isinstance(framework(NN + path, args, kwargs, None, "cpu"), Exception)
    with pytest.raises(ShapeError):
        infer(NN + path, args, kwargs)


def test_packed_sequences_keep_the_form():
    packed, (h, c) = infer(NN + "LSTM", (4, 6, 2), {}, ((Unknown("packed"),), {}))
    assert isinstance(packed, Unknown)
    assert (h.shape[0], h.shape[2], c.shape[2]) == (2, 6, 6)
    packed, h = infer(NN + "GRU", (4, 6, 2), {"bidirectional": True}, ((Unknown("packed"),), {}))
    assert isinstance(packed, Unknown)
    assert (h.shape[0], h.shape[2]) == (4, 6)


@pytest.mark.parametrize(
    ("path", "args", "name", "shape"),
    [
        ("Linear", (4, 6), "weight", (6, 4)),
        ("Conv2d", (4, 6, (3, 5)), "weight", (6, 4, 3, 5)),
        ("Conv2d", (4, 6, 3), "weight", (6, 4, 3, 3)),
        ("ConvTranspose1d", (4, 6, 3), "weight", (4, 6, 3)),
        ("LayerNorm", (4,), "weight", (4,)),
        ("LayerNorm", ((4, 5),), "bias", (4, 5)),
        ("BatchNorm1d", (4,), "running_mean", (4,)),
        ("LSTM", (4, 6), "weight_ih_l0", (24, 4)),
        ("GRUCell", (4, 6), "weight_hh", (18, 6)),
        ("Bilinear", (4, 6, 2), "weight", (2, 4, 6)),
    ],
)
def test_attributes_are_as_in_torch(path, args, name, shape):
    stubs = default_stubs()
    layer = construct(Judge(), stubs, stubs.find(NN + path), args, {})
    assert layer_attribute(Judge(), stubs, layer, name).shape == shape
    assert tuple(getattr(getattr(torch.nn, path)(*args), name).shape) == shape


def test_padded_sequences_are_as_long_as_the_longest():
    s, t, f = d.name("s"), d.name("t"), d.name("f")
    out = infer(f"{NN}utils.rnn.pad_sequence", ([spec(s, f), spec(t, f)],), {"batch_first": True})
    assert show_shape(out.shape) == "(2, max(s,t), f)"
    with pytest.raises(ShapeError):
        infer(f"{NN}utils.rnn.pad_sequence", ([spec(s, f), spec(t, s)],))


def test_wrapped_layers_stay_themselves():
    stubs = default_stubs()
    conv = construct(Judge(), stubs, stubs.find(NN + "Conv1d"), (4, 6, 3), {})
    for name in ("weight_norm", "spectral_norm", "parametrizations.weight_norm"):
        assert infer(f"{NN}utils.{name}", (conv,)) is conv
    vector = infer(f"{NN}utils.parameters_to_vector", ([spec(2, 3), spec(d.name("n"))],))
    assert show_shape(vector.shape) == "(n+6,)"
    assert infer(f"{NN}utils.clip_grad_norm_", ([spec(2, 3)], 1.0)).shape == ()
