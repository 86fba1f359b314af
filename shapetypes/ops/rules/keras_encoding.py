"""Keras: preprocessing of categories, text and sound."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.arrays import np_array
from shapetypes.ops.rules.keras_parts import channels_first, is_one, tensor_list, windows
from shapetypes.ops.rules.layer_parts import option


def _mode(self: Layer) -> str:
    mode = option(self, "output_mode")
    if not isinstance(mode, str):
        raise Unclear("`output_mode` is not known")
    return mode


def _encoded(call: Call, x: TensorSpec, mode: str, depth: Dim) -> TensorSpec:
    """Integers stay; one-hot puts `depth` behind (or in the place of a last 1); counts are taken over axis 1."""
    rank = call.rank(x)
    if mode == "int":
        return TensorSpec(x.parts)
    if mode == "one_hot":
        replaces = rank > 1 and is_one(call, call.at(x, -1))
        return TensorSpec((*x.parts[: rank - replaces], depth))
    return TensorSpec((*(x.parts[:1] + x.parts[2:] if rank > 1 else ()), depth))


@rule
def keras_category(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """`"*s n" -> "*s num_tokens"`; one-hot: `"*s num_tokens"`. Source: `keras.layers.CategoryEncoding`."""
    return _encoded(call, np_array(call, inputs), _mode(self), call.size(option(self, "num_tokens")))


@rule
def keras_bins(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """`"*s" -> "*s"`, encoded with as many bins as there are. Source: `keras.layers.Discretization`, `Hashing`."""
    edges = option(self, "bin_boundaries", None)
    if isinstance(edges, Unknown):
        raise Unclear("the bins are not known")
    depth = len(edges) + 1 if isinstance(edges, (list, tuple)) else call.size(option(self, "num_bins"))
    return _encoded(call, np_array(call, inputs), _mode(self), depth)


@rule
def keras_crossing(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """Two tensors of one shape, crossed element by element. Source: `keras.layers.HashedCrossing`."""
    one, two = tensor_list(call, inputs, (2,))
    call.same_shape(one, two)
    return _encoded(call, one, _mode(self), call.size(option(self, "num_bins")))


def _vocabulary(call: Call, self: Layer) -> Dim:
    """How many tokens a lookup knows (elements); unknown where it is adapted to data."""
    words, most = option(self, "vocabulary", None), option(self, "max_tokens", None)
    if call.flag(option(self, "pad_to_max_tokens", False)):
        return call.size(most)
    if isinstance(words, (list, tuple)):
        return len(words) + call.size(option(self, "num_oov_indices", 1))
    return d.unknown("the size of the vocabulary")


@rule
def keras_lookup(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """`"*s" -> "*s"`, or encoded with one place for each token. Source: `keras.layers.StringLookup`."""
    return _encoded(call, np_array(call, inputs), _mode(self), _vocabulary(call, self))


@rule
def keras_text(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """`"b" -> "b output_sequence_length"`, or one place for each token. Source: `keras.layers.TextVectorization`."""
    x = np_array(call, inputs)
    batch = call.at(x, 0)
    if _mode(self) != "int":
        return TensorSpec((batch, _vocabulary(call, self)))
    if option(self, "split") is None and option(self, "output_sequence_length") is None:
        raise Unclear("the length of the text is not known")
    length = option(self, "output_sequence_length")
    return TensorSpec((batch, d.unknown("the longest text") if length is None else call.size(length)))


# -- sound ------------------------------------------------------------------------------------------------------------


@rule
def keras_mel(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"*b t" -> "*b num_mel_bins windows"`. Source: `keras.layers.MelSpectrogram`."""
    call.least(inputs, 1)
    call.rank(inputs)
    step = call.size(option(self, "sequence_stride"))
    count = d.floordiv(call.at(inputs, -1), step) + 1
    return TensorSpec((*inputs.parts[:-1], call.size(option(self, "num_mel_bins")), count))


@rule
def keras_stft(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b t c" -> "b windows frequencies*c"`, or `c` on an axis of its own. Source: `keras.layers.STFTSpectrogram`."""
    call.rank(inputs, 3)
    first = channels_first(self)
    channels = call.at(inputs, 1 if first else 2)
    length = call.size(option(self, "frame_length"))
    step = option(self, "frame_step")
    step = d.floordiv(length, 2) if step is None else call.size(step)
    width = option(self, "fft_length")
    mode = option(self, "mode")
    if isinstance(mode, Unknown):
        raise Unclear("`mode` is not known")
    width = _power_of_two(length) if width is None else call.size(width)
    lines = (d.floordiv(width, 2) + 1) * (2 if mode == "stft" else 1)
    count = windows(call, inputs, 2 if first else 1, length, step, 1, option(self, "padding"))
    if call.flag(option(self, "expand_dims")):
        parts: tuple[Dim, ...] = (channels, count, lines) if first else (count, lines, channels)
    else:
        parts = (lines * channels, count) if first else (count, lines * channels)
    return TensorSpec((call.at(inputs, 0), *parts))


def _power_of_two(size: Dim) -> Dim:
    """The least power of two that is not below a size."""
    return 1 << (size - 1).bit_length() if isinstance(size, int) and size > 0 else d.unknown("fft_length")
