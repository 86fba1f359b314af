"""Random configurations of every layer of Keras: how it is made, and what it is called with."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np


@dataclass
class Make:
    """A layer by name, with the arguments of its constructor; they may be layers in turn."""

    name: str
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass
class Data:
    """An input: shape, dtype, and the text of its items where they are strings."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    text: str = ""
    high: int = 4

    def array(self) -> np.ndarray[Any, Any]:
        """An array of it; integers are below `high`."""
        if self.dtype == "string":
            return np.full(self.shape, self.text, object)
        if self.dtype.startswith("int"):
            return (np.arange(int(np.prod(self.shape))).reshape(self.shape) % self.high).astype(self.dtype)
        return np.random.default_rng(0).random(self.shape).astype(self.dtype)


@dataclass
class Config:
    """One configuration: the layer, the arguments of its call, and whether only a symbolic call is possible."""

    make: Make
    args: list[Any]
    kwargs: dict[str, Any] = field(default_factory=dict)
    symbolic: bool = False


R: TypeAlias = random.Random
LAYERS: dict[str, Callable[[R, str], Config]] = {}


def _layer(*names: str) -> Callable[[Callable[[R, str], Config]], Callable[[R, str], Config]]:
    def add(function: Callable[[R, str], Config]) -> Callable[[R, str], Config]:
        for name in names:
            LAYERS[name] = function
        return function

    return add


def _count(name: str) -> int:
    return next(int(c) for c in "123" if f"{c}D" in name)


def shape(r: R, low: int, high: int, most: int = 5) -> tuple[int, ...]:
    """A shape with `low` to `high` axes, of 1 to `most` elements each."""
    return tuple(r.randint(1, most) for _ in range(r.randint(low, high)))


def _spatial(r: R, name: str, least: int = 6) -> tuple[dict[str, Any], Data]:
    """`data_format` (or none, for the default) and an input with spatial axes."""
    form = r.choice([{}, {"data_format": "channels_last"}, {"data_format": "channels_first"}])
    sizes = [r.randint(least, least + 4) for _ in range(_count(name))]
    batch, channels = r.randint(1, 3), r.choice([2, 4])
    first = form.get("data_format") == "channels_first"
    return dict(form), Data((batch, channels, *sizes) if first else (batch, *sizes, channels))


def _one(r: R, name: str, low: int, high: int) -> Any:
    """An int, or one for each spatial axis."""
    count = _count(name)
    return r.choice([r.randint(low, high), tuple(r.randint(low, high) for _ in range(count))])


def _config(name: str, kwargs: dict[str, Any], *args: Any, **call: Any) -> Config:
    return Config(Make(name, kwargs), list(args), call, kwargs.get("data_format") == "channels_first")


SAME = {
    "Activation": {"activation": "relu"},
    "ActivityRegularization": {},
    "AlphaDropout": {"rate": 0.5},
    "Dropout": {"rate": 0.5},
    "ELU": {},
    "GaussianDropout": {"rate": 0.5},
    "GaussianNoise": {"stddev": 0.5},
    "Identity": {},
    "LeakyReLU": {},
    "ReLU": {},
    "Softmax": {},
    "PReLU": {},
    "UnitNormalization": {},
    "LayerNormalization": {},
    "RMSNormalization": {},
    "BatchNormalization": {},
}


@_layer(*SAME)
def _same(r: R, name: str) -> Config:
    return _config(name, SAME[name], Data(shape(r, 2, 4)))


@_layer("Masking")
def _masking(r: R, name: str) -> Config:
    return _config(name, {}, Data(shape(r, 3, 3)))


@_layer("Normalization")
def _normalization(r: R, name: str) -> Config:
    return _config(name, {"mean": r.choice([0.5, 1.0]), "variance": 2.0}, Data(shape(r, 2, 4)))


@_layer("GroupNormalization")
def _groups(r: R, name: str) -> Config:
    groups = r.randint(1, 3)
    return _config(name, {"groups": groups}, Data((*shape(r, 2, 3), groups * r.randint(1, 3))))


@_layer("Rescaling")
def _rescaling(r: R, name: str) -> Config:
    return _config(name, {"scale": 0.1, "offset": r.random()}, Data(shape(r, 1, 4)))


@_layer("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")
def _dropout(r: R, name: str) -> Config:
    count = _count(name)
    return _config(name, {"rate": 0.3}, Data(shape(r, count + 2, count + 2)))


@_layer("SpectralNormalization")
def _spectral(r: R, name: str) -> Config:
    return _config(name, {"layer": Make("Dense", {"units": r.randint(1, 6)})}, Data(shape(r, 2, 3)))


@_layer("Dense")
def _dense(r: R, name: str) -> Config:
    return _config(name, {"units": r.randint(1, 6)}, Data(shape(r, 2, 4)))


@_layer("EinsumDense")
def _einsum(r: R, name: str) -> Config:
    a, b = r.randint(2, 5), r.randint(2, 5)
    kwargs, rank = r.choice(
        [
            ({"equation": "ab,bc->ac", "output_shape": a}, 2),
            ({"equation": "abc,cde->abde", "output_shape": (None, a, b), "bias_axes": "de"}, 3),
            ({"equation": "...x,xy->...y", "output_shape": b, "bias_axes": "y"}, 3),
        ]
    )
    return _config(name, kwargs, Data(shape(r, rank, rank)))


@_layer("Embedding")
def _embedding(r: R, name: str) -> Config:
    return _config(name, {"input_dim": 4, "output_dim": r.randint(1, 6)}, Data(shape(r, 1, 3), "int32"))


@_layer("ReversibleEmbedding")
def _reversible(r: R, name: str) -> Config:
    width = r.randint(2, 6)
    data = r.choice([Data(shape(r, 1, 2), "int32"), Data((*shape(r, 1, 2), width))])
    reverse = {"reverse": True} if data.dtype == "float32" else {}
    return _config(name, {"input_dim": 4, "output_dim": width}, data, **reverse)


@_layer("Lambda")
def _lambda(r: R, name: str) -> Config:
    return _config(name, {"function": lambda x: x * 2}, Data(shape(r, 2, 3)))


@_layer("Pipeline")
def _pipeline(r: R, name: str) -> Config:
    layers = [Make("Rescaling", {"scale": 2.0}), Make("Resizing", {"height": r.randint(2, 6), "width": 5})]
    return _config(name, {"layers": layers}, Data((2, 7, 8, 3)))


@_layer("InputLayer")
def _input(r: R, name: str) -> Config:
    return _config(name, {"shape": shape(r, 1, 3), "batch_size": r.randint(1, 4)})


# -- convolution and pooling ------------------------------------------------------------------------------------------

_CONV = ["Conv1D", "Conv2D", "Conv3D", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D"]


@_layer(*_CONV)
def _conv(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name)
    kwargs["kernel_size"] = _one(r, name, 1, 3)
    kwargs["padding"] = r.choice(["valid", "same", "valid"] + (["causal"] if name == "Conv1D" else []))
    if kwargs["padding"] == "causal":
        kwargs.pop("data_format", None)
        data = Data((2, 8, 4))
    kwargs[r.choice(["strides", "dilation_rate"])] = r.randint(1, 2)
    if not name.startswith("Depthwise"):
        kwargs["filters"] = 2 * r.randint(1, 3)
    else:
        kwargs["depth_multiplier"] = r.randint(1, 3)
    if name.startswith("Conv"):
        kwargs["groups"] = r.randint(1, 2)
    return _config(name, kwargs, data)


@_layer("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
def _transpose(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name, 3)
    kwargs |= {"filters": r.randint(1, 5), "kernel_size": _one(r, name, 2, 3), "padding": r.choice(["valid", "same"])}
    kwargs["strides"] = r.randint(1, 3)
    if kwargs["strides"] == 1:
        kwargs["dilation_rate"] = r.randint(1, 2)
    elif r.random() < 0.3:
        kwargs["output_padding"] = kwargs["strides"] - 1
    return _config(name, kwargs, data)


@_layer(*(f"{k}Pooling{i}D" for k in ("Average", "Max") for i in (1, 2, 3)))
def _pool(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name)
    kwargs |= {"pool_size": _one(r, name, 1, 3), "padding": r.choice(["valid", "same"])}
    if r.random() < 0.6:
        kwargs["strides"] = r.randint(1, 3)
    return _config(name, kwargs, data)


@_layer(*(f"Adaptive{k}Pooling{i}D" for k in ("Average", "Max") for i in (1, 2, 3)))
def _adaptive(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name)
    out = _config(name, kwargs | {"output_size": _one(r, name, 1, 5)}, data)
    out.symbolic |= name == "AdaptiveMaxPooling3D"  # TensorFlow's kernel may end the process
    return out


@_layer(*(f"Global{k}Pooling{i}D" for k in ("Average", "Max") for i in (1, 2, 3)))
def _global(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name, 2)
    return _config(name, kwargs | {"keepdims": r.random() < 0.5}, data)


# -- recurrence and attention -----------------------------------------------------------------------------------------


def _flags(r: R) -> dict[str, bool]:
    return {"return_sequences": r.random() < 0.5, "return_state": r.random() < 0.5}


def _sequence(r: R) -> Data:
    return Data((r.randint(1, 3), r.randint(1, 4), r.randint(1, 4)))


@_layer("LSTM", "GRU", "SimpleRNN")
def _recurrent(r: R, name: str) -> Config:
    return _config(name, {"units": r.randint(1, 5)} | _flags(r), _sequence(r))


def _cell(r: R) -> Make:
    return Make(r.choice(["LSTMCell", "GRUCell", "SimpleRNNCell"]), {"units": r.randint(1, 5)})


@_layer("RNN")
def _rnn(r: R, name: str) -> Config:
    cell = r.choice([_cell(r), [_cell(r), _cell(r)]])
    return _config(name, {"cell": cell} | _flags(r), _sequence(r))


def _states(cell: Make, batch: int) -> list[Data]:
    return [Data((batch, cell.kwargs["units"]))] * (2 if cell.name == "LSTMCell" else 1)


@_layer("LSTMCell", "GRUCell", "SimpleRNNCell")
def _one_cell(r: R, name: str) -> Config:
    make, batch = Make(name, {"units": r.randint(1, 5)}), r.randint(1, 3)
    return Config(make, [Data((batch, r.randint(1, 4))), _states(make, batch)])


@_layer("StackedRNNCells")
def _stacked(r: R, name: str) -> Config:
    cells, batch = [_cell(r), _cell(r)], r.randint(1, 3)
    states = [_states(c, batch) for c in cells]
    return _config(name, {"cells": cells}, Data((batch, 3)), states)


@_layer("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
def _conv_lstm(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name, 4)
    kwargs |= {"filters": r.randint(1, 3), "kernel_size": _one(r, name, 1, 3), "padding": r.choice(["valid", "same"])}
    return _config(name, kwargs | _flags(r), Data((data.shape[0], 2, *data.shape[1:])))


@_layer("Bidirectional")
def _bidirectional(r: R, name: str) -> Config:
    inner = Make(r.choice(["LSTM", "GRU", "SimpleRNN"]), {"units": r.randint(1, 4)} | _flags(r))
    mode = r.choice(["concat", "sum", "ave", "mul", None])
    return _config(name, {"layer": inner, "merge_mode": mode}, _sequence(r))


@_layer("TimeDistributed")
def _time(r: R, name: str) -> Config:
    if r.random() < 0.5:
        return _config(name, {"layer": Make("Dense", {"units": 3})}, Data(shape(r, 3, 4)))
    return _config(name, {"layer": Make("Conv2D", {"filters": 3, "kernel_size": 2})}, Data((2, 3, 5, 6, 2)))


@_layer("MultiHeadAttention", "GroupQueryAttention")
def _attention(r: R, name: str) -> Config:
    batch, time, source, scores = r.randint(1, 3), r.randint(1, 4), r.randint(1, 4), r.random() < 0.5
    if name == "MultiHeadAttention":
        kwargs: dict[str, Any] = {"num_heads": r.randint(1, 3), "key_dim": r.randint(1, 4)}
        kwargs |= {"output_shape": r.choice([5, (2, 3)])} if r.random() < 0.4 else {}
    else:
        kwargs = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": r.choice([1, 2])}
    query, value = Data((batch, time, r.randint(1, 5))), Data((batch, source, r.randint(1, 5)))
    keys = [Data((batch, source, 3))] if r.random() < 0.5 else []
    return _config(name, kwargs, query, value, *keys, return_attention_scores=scores)


@_layer("Attention", "AdditiveAttention")
def _dot_attention(r: R, name: str) -> Config:
    batch, source, width = r.randint(1, 3), r.randint(1, 4), r.randint(1, 5)
    inputs = [Data((batch, r.randint(1, 4), width)), Data((batch, source, width))]
    if r.random() < 0.5:
        inputs = [inputs[0], Data((batch, source, width)), Data((batch, source, width))]
    return _config(name, {}, inputs, return_attention_scores=r.random() < 0.5)


# -- merging and reshaping --------------------------------------------------------------------------------------------


@_layer("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")
def _merge(r: R, name: str) -> Config:
    whole = shape(r, 2, 4)
    count = 2 if name == "Subtract" else r.randint(2, 3)
    shapes = [tuple(1 if i and r.random() < 0.2 else n for i, n in enumerate(whole)) for _ in range(count)]
    if r.random() < 0.3:
        shapes[-1] = (whole[0], *whole[2:])
    return _config(name, {}, [Data(s) for s in shapes])


@_layer("Concatenate")
def _concatenate(r: R, name: str) -> Config:
    whole = shape(r, 2, 4)
    axis = r.randint(-len(whole), len(whole) - 1)
    parts = [tuple(r.randint(1, 4) if i == axis % len(whole) else n for i, n in enumerate(whole)) for _ in range(3)]
    return _config(name, {"axis": axis}, [Data(p) for p in parts])


@_layer("Dot")
def _dot(r: R, name: str) -> Config:
    batch, width = r.randint(1, 3), r.randint(1, 4)
    rank, other = r.randint(2, 3), r.randint(2, 3)
    i, j = r.randint(1, rank - 1), r.randint(1, other - 1)
    one, two = [batch, *shape(r, rank - 1, rank - 1)], [batch, *shape(r, other - 1, other - 1)]
    one[i] = two[j] = width
    return _config(name, {"axes": (i, j), "normalize": r.random() < 0.5}, [Data(tuple(one)), Data(tuple(two))])


@_layer("Flatten")
def _flatten(r: R, name: str) -> Config:
    return _config(name, {}, Data(shape(r, 1, 4)))


@_layer("Reshape")
def _reshape(r: R, name: str) -> Config:
    a, b, c = (r.randint(1, 4) for _ in range(3))
    target = r.choice([(a, b * c), (-1, c), (a * b * c,), (c, -1, 1)])
    return _config(name, {"target_shape": target}, Data((r.randint(1, 3), a, b, c)))


@_layer("Permute")
def _permute(r: R, name: str) -> Config:
    rank = r.randint(1, 3)
    return _config(name, {"dims": tuple(r.sample(range(1, rank + 1), rank))}, Data(shape(r, rank + 1, rank + 1)))


@_layer("RepeatVector")
def _repeat(r: R, name: str) -> Config:
    return _config(name, {"n": r.randint(1, 4)}, Data(shape(r, 2, 2)))


def _edges(r: R, count: int, most: int) -> Any:
    """An int, an int for each axis, or a pair for each."""
    pairs = tuple((r.randint(0, most), r.randint(0, most)) for _ in range(count))
    if count == 1:
        return r.choice([r.randint(0, most), pairs[0]])
    return r.choice([r.randint(0, most), tuple(p[0] for p in pairs), pairs])


@_layer("Cropping1D", "Cropping2D", "Cropping3D")
def _crop(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name)
    if name == "Cropping1D":
        kwargs, data = {}, Data((2, r.randint(6, 9), 3))
    return _config(name, kwargs | {"cropping": _edges(r, _count(name), 2)}, data)


@_layer("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D")
def _pad(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name, 2)
    return _config(name, kwargs | {"padding": _edges(r, _count(name), 3)}, data)


@_layer("UpSampling1D", "UpSampling2D", "UpSampling3D")
def _up(r: R, name: str) -> Config:
    kwargs, data = _spatial(r, name, 2)
    if name == "UpSampling1D":
        kwargs, data = {}, Data((2, 3, 4))
    size = r.randint(1, 3) if name == "UpSampling1D" else _one(r, name, 1, 3)
    return _config(name, kwargs | {"size": size}, data)


# -- images, categories, text, sound ----------------------------------------------------------------------------------

_FACTOR = {
    "RandomBrightness": 0.2,
    "RandomColorDegeneration": 0.5,
    "RandomContrast": 0.2,
    "RandomHue": 0.2,
    "RandomPosterization": 4,
    "RandomRotation": 0.2,
    "RandomSaturation": 0.5,
    "RandomSharpness": 0.5,
}
IMAGES = [
    "AugMix",
    "AutoContrast",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "CutMix",
    "Equalization",
    "MaxNumBoundingBoxes",
    "MixUp",
    "RandAugment",
    "RandomColorJitter",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomInvert",
    "RandomPerspective",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "Solarization",
]
"""Layers that augment images, slowly."""


@_layer(*IMAGES, *_FACTOR)
def _image(r: R, name: str) -> Config:
    kwargs: dict[str, Any] = {"factor": _FACTOR[name]} if name in _FACTOR else {}
    if name == "RandomTranslation":
        kwargs = {"height_factor": 0.2, "width_factor": 0.2}
    if name == "RandomZoom":
        kwargs = {"height_factor": 0.2}
    if name == "MaxNumBoundingBoxes":
        kwargs = {"max_number": 3}
    batch = () if r.random() < 0.3 and name not in ("MixUp", "CutMix") else (r.randint(1, 3),)
    return _config(name, kwargs, Data((*batch, r.randint(8, 12), r.randint(8, 12), 3)))


@_layer("Resizing", "CenterCrop", "RandomCrop")
def _resized(r: R, name: str) -> Config:
    batch = r.choice([(), (2,)])
    form = r.choice([{}, {"data_format": "channels_first"}])
    sides = (r.randint(4, 9), r.randint(4, 9))
    data = Data((*batch, 3, *sides) if form else (*batch, *sides, 3))
    return Config(Make(name, {"height": r.randint(2, 9), "width": r.randint(2, 9)} | form), [data])


_MODES = ["int", "one_hot", "multi_hot", "count"]


@_layer("CategoryEncoding")
def _category(r: R, name: str) -> Config:
    mode = r.choice(_MODES[1:])
    return _config(name, {"num_tokens": r.randint(4, 6), "output_mode": mode}, Data(shape(r, 1, 2), "int32"))


@_layer("Discretization")
def _discrete(r: R, name: str) -> Config:
    kwargs = {"bin_boundaries": [0.2, 0.5, 0.7][: r.randint(1, 3)], "output_mode": r.choice(_MODES)}
    return _config(name, kwargs, Data(shape(r, 2, 2)))


@_layer("Hashing")
def _hashing(r: R, name: str) -> Config:
    kwargs = {"num_bins": r.randint(2, 5), "output_mode": r.choice(_MODES)}
    return _config(name, kwargs, Data(shape(r, 2, 2), "int32"))


@_layer("HashedCrossing")
def _crossing(r: R, name: str) -> Config:
    data = Data((r.randint(2, 4), 1), "int32")
    return _config(name, {"num_bins": r.randint(2, 5), "output_mode": r.choice(_MODES[:2])}, [data, data])


@_layer("IntegerLookup", "StringLookup")
def _lookup(r: R, name: str) -> Config:
    words = [1, 2, 3, 4] if name == "IntegerLookup" else ["a", "b", "c"]
    kwargs = {"vocabulary": words, "num_oov_indices": r.randint(1, 2), "output_mode": r.choice(_MODES)}
    kind = "int64" if name == "IntegerLookup" else "string"
    return _config(name, kwargs, Data(shape(r, 2, 2), kind, "a"))


@_layer("TextVectorization")
def _text(r: R, name: str) -> Config:
    kwargs: dict[str, Any] = {"vocabulary": ["a", "b", "c"], "output_mode": r.choice(["int", "multi_hot", "count"])}
    if kwargs["output_mode"] == "int":
        kwargs["output_sequence_length"] = r.randint(2, 6)
    return _config(name, kwargs, Data(shape(r, 1, 1), "string", "a b"))


@_layer("MelSpectrogram")
def _mel(r: R, name: str) -> Config:
    kwargs = {"fft_length": 64, "sequence_stride": r.randint(10, 40), "num_mel_bins": r.randint(3, 8)}
    return _config(name, kwargs, Data((*r.choice([(), (2,)]), r.randint(100, 200))))


@_layer("STFTSpectrogram")
def _stft(r: R, name: str) -> Config:
    kwargs: dict[str, Any] = {"frame_length": r.randint(8, 20), "expand_dims": r.random() < 0.5, "window": None}
    kwargs |= {"mode": r.choice(["log", "stft"]), "padding": r.choice(["valid", "same"])}
    return _config(name, kwargs, Data((2, r.randint(40, 60), r.randint(1, 3))))


ABSTRACT = {"Layer", "Wrapper"}
"""Classes that have no call of their own."""
FOREIGN = {"FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"}
"""Layers around a model of another framework, or of a file."""
