"""The layers of Keras: signatures are Keras's own, results those of Keras run for real, on the backend that is set."""

import inspect
import os

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from keras import layers as kl

from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.apply import Layer, call_function
from shapetypes.ops.reader import NO_DEFAULT, SOME_DEFAULT
from shapetypes.ops.stubs import ClassStub, default_stubs
from shapetypes.runtime.layer_construct import layer_of, stub_of

STUBS = default_stubs()
TABLE = STUBS.module("keras.layers")
assert TABLE is not None
KINDS = {
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "p",
    inspect.Parameter.KEYWORD_ONLY: "k",
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}


@pytest.mark.parametrize("name", sorted(TABLE.classes))
def test_signatures_are_kerass_own(name):
    for method in ("__init__", "call"):
        if method not in TABLE.classes[name].methods:
            assert name == "Wrapper"
            continue
        (stub,) = TABLE.classes[name].methods[method]
        real = inspect.signature(getattr(getattr(kl, name), method)).parameters.values()
        assert [(p.name, p.kind) for p in stub.params] == [(p.name, KINDS[p.kind]) for p in real]
        for ours, theirs in zip(stub.params, real, strict=True):
            if ours.default != SOME_DEFAULT:
                want = NO_DEFAULT if theirs.default is inspect.Parameter.empty else theirs.default
                assert ours.default == want, (name, ours.name)


def ours(layer, *specs, **kwargs):
    """What the op database says of a call of this layer."""
    stub, method = stub_of(layer, STUBS)
    assert isinstance(stub, ClassStub)
    known = layer_of(Judge(), STUBS, stub, layer)
    assert isinstance(known, Layer), known
    return call_function(Judge(), STUBS, method, specs, kwargs, owner=known).value


def shapes(value):
    if isinstance(value, (tuple, list)):
        return tuple(shapes(v) for v in value)
    return tuple(value.shape)


CASES = [
    (lambda: kl.Dense(5), [(2, 3), (2, 4, 3), (3,)]),
    (lambda: kl.Conv1D(6, 3), [(2, 9, 4), (2, 2, 4), (2, 4)]),
    (lambda: kl.Conv1D(6, 3, strides=2, padding="causal"), [(2, 9, 4), (2, 8, 4)]),
    (lambda: kl.Conv1D(6, 3, dilation_rate=2, padding="same"), [(2, 9, 4)]),
    (lambda: kl.Conv2D(6, (3, 2)), [(2, 9, 8, 4), (2, 2, 8, 4), (2, 9, 8)]),
    (lambda: kl.Conv2D(6, 3, strides=2, padding="same"), [(2, 9, 8, 4), (1, 1, 1, 4)]),
    (lambda: kl.Conv2D(6, 3, dilation_rate=(2, 1)), [(2, 9, 8, 4), (2, 5, 3, 4), (2, 4, 3, 4)]),
    (lambda: kl.Conv2D(6, 3, groups=2), [(2, 9, 8, 4)]),
    (lambda: kl.LSTM(7), [(2, 3, 4), (3, 4)]),
    (lambda: kl.LSTM(7, return_sequences=True), [(2, 3, 4)]),
    (lambda: kl.LSTM(7, return_sequences=True, return_state=True), [(2, 3, 4)]),
    (lambda: kl.GRU(7, return_state=True), [(2, 3, 4)]),
    (lambda: kl.SimpleRNN(7, return_state=True, return_sequences=True), [(2, 3, 4)]),
    (lambda: kl.Bidirectional(kl.LSTM(7)), [(2, 3, 4)]),
    (lambda: kl.Bidirectional(kl.GRU(7, return_sequences=True), merge_mode="sum"), [(2, 3, 4)]),
    (lambda: kl.Bidirectional(kl.LSTM(7, return_sequences=True, return_state=True)), [(2, 3, 4)]),
    (lambda: kl.Bidirectional(kl.LSTM(7), merge_mode=None), [(2, 3, 4)]),
    (lambda: kl.Embedding(10, 6), [(2, 3), (2,), (2, 3, 4)]),
    (kl.LayerNormalization, [(2, 3, 4)]),
    (lambda: kl.BatchNormalization(axis=1), [(2, 3, 4)]),
    (kl.BatchNormalization, [(2, 3), (2, 3, 4, 5)]),
    (lambda: kl.GroupNormalization(2), [(2, 3, 4)]),
    (kl.Flatten, [(2, 3, 4), (2, 3), (2,)]),
    (lambda: kl.Reshape((6, 2)), [(2, 3, 4), (2, 12), (2, 5)]),
    (lambda: kl.Reshape((-1, 2)), [(2, 3, 4), (2, 12), (2, 5)]),
    (lambda: kl.Permute((2, 1)), [(2, 3, 4)]),
    (lambda: kl.RepeatVector(3), [(2, 4), (2, 3, 4)]),
    (kl.MaxPooling1D, [(2, 9, 4), (2, 1, 4)]),
    (lambda: kl.MaxPooling2D(3, 2, "same"), [(2, 9, 8, 4)]),
    (lambda: kl.AveragePooling2D((2, 3)), [(2, 9, 8, 4), (2, 9, 8)]),
    (kl.GlobalAveragePooling1D, [(2, 9, 4), (2, 4)]),
    (lambda: kl.GlobalMaxPooling2D(keepdims=True), [(2, 9, 8, 4)]),
    (lambda: kl.Dropout(0.5), [(2, 3)]),
    (lambda: kl.SpatialDropout1D(0.5), [(2, 3, 4)]),
    (lambda: kl.Activation("relu"), [(2, 3), ()]),
    (kl.Softmax, [(2, 3)]),
    (kl.ReLU, [(2, 3, 4)]),
]


@pytest.mark.parametrize(("make", "inputs"), CASES, ids=[str(i) for i in range(len(CASES))])
def test_as_keras_does(make, inputs):
    for shape in inputs:
        layer = make()
        try:
            real = shapes(layer(np.zeros(shape, "float32")))
        except Exception as error:  # Keras and its backends refuse with errors of every kind
            real = error
        try:
            said = shapes(ours(layer, TensorSpec(shape, "float32", "inputs")))
        except ShapeError as error:
            said = error
        assert isinstance(said, Exception) == isinstance(real, Exception), (layer, shape, real, said)
        if not isinstance(real, Exception):
            assert said == real, (layer, shape)


REFUSED_ONCE_BUILT = [
    (lambda: kl.Dense(5), (2, 3), (2, 4)),
    (lambda: kl.Conv2D(6, 3), (2, 9, 8, 4), (2, 9, 8, 5)),
    (lambda: kl.LSTM(7), (2, 3, 4), (2, 3, 5)),
    (kl.LayerNormalization, (2, 3, 4), (2, 3, 5)),
    (lambda: kl.BatchNormalization(axis=1), (2, 3, 4), (2, 5, 4)),
    (lambda: kl.Bidirectional(kl.LSTM(7)), (2, 3, 4), (2, 3, 5)),
]


@pytest.mark.parametrize(("make", "first", "other"), REFUSED_ONCE_BUILT, ids=[str(f) for _, f, _ in REFUSED_ONCE_BUILT])
def test_sizes_are_those_it_was_built_with(make, first, other):
    layer = make()
    layer(np.zeros(first, "float32"))
    with pytest.raises(Exception):  # noqa: B017  Keras and its backends refuse with errors of every kind
        layer(np.zeros(other, "float32"))
    ours(layer, TensorSpec(first))
    with pytest.raises(ShapeError):
        ours(layer, TensorSpec(other))


@pytest.mark.parametrize("scores", [False, True])
def test_attention(scores):
    layer = kl.MultiHeadAttention(2, 8)
    q, v = np.zeros((2, 3, 16), "float32"), np.zeros((2, 5, 12), "float32")
    real = layer(q, v, return_attention_scores=scores)
    said = ours(layer, TensorSpec(q.shape), TensorSpec(v.shape), return_attention_scores=scores)
    assert shapes(said) == shapes(real)
    for wrong in ((3, 5, 12), (5, 12)):
        with pytest.raises(ShapeError):
            ours(layer, TensorSpec(q.shape), TensorSpec(wrong))
    assert keras.backend.backend()
