"""Keras: core layers, normalisation, wrappers, Sequential."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.arrays import np_array
from shapetypes.ops.rules.einsum import einsum
from shapetypes.ops.rules.keras_parts import built_axis, inner_layer, run_layer
from shapetypes.ops.rules.layer_parts import at_least, number, option

_RANKS = {"SpatialDropout1D": 3, "SpatialDropout2D": 4, "SpatialDropout3D": 5}


@rule
def keras_input(
    call: Call,
    shape: Any = None,
    batch_size: Any = None,
    dtype: Any = None,
    batch_shape: Any = None,
    tensor: Any = None,
) -> TensorSpec:
    """`"batch *shape"`; the batch is open where it is not given. Source: `keras.Input`."""
    if isinstance(tensor, TensorSpec):
        return tensor
    sizes = batch_shape if isinstance(batch_shape, (tuple, list)) else shape
    if not isinstance(sizes, (tuple, list)):
        raise Unclear("the shape is not known")
    parts = tuple(_open(call, s) for s in sizes)
    kind = dtype if isinstance(dtype, str) else "float32" if dtype is None else None
    return TensorSpec(parts if batch_shape is not None else (_open(call, batch_size), *parts), kind)


def _open(call: Call, size: Any) -> Any:
    return d.unknown("an open axis") if size is None else size if isinstance(size, Var) else call.size(size)


@rule
def keras_weight(call: Call, shape: Any = None, dtype: Any = None) -> TensorSpec:
    """`"*shape"`. Source: `keras.Layer.add_weight`."""
    if isinstance(shape, Unknown):
        raise Unclear("the shape is not known")
    return TensorSpec(() if shape is None else call.sizes(shape if isinstance(shape, (tuple, list)) else (shape,)))


@rule
def keras_dense(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"*b i" -> "*b units"`, rank 2 or more. Source: `keras.layers.Dense`."""
    call.least(inputs, 2)
    built_axis(call, self, inputs, -1)
    units = call.size(option(self, "units"))
    if inputs.shape is None or isinstance(inputs.parts[-1], Var):
        raise Unclear("the last axis is not known")
    return TensorSpec((*inputs.parts[:-1], units))


@rule
def keras_einsum_dense(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """The equation's result: sizes that the input does not have are those of `output_shape`.

    Source: `keras.layers.EinsumDense`.
    """
    equation, given = option(self, "equation"), option(self, "output_shape")
    if not isinstance(equation, str) or isinstance(given, Unknown):
        raise Unclear("`equation` or `output_shape` is not known")
    left, _, result = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != 2:
        raise Unclear("the equation is not of the form `ab,bc->ac`")
    sizes = list(given) if isinstance(given, (tuple, list)) else [given]
    return _einsum_dense(call, self, inputs, terms, result, sizes)


def _einsum_dense(
    call: Call, self: Layer, x: TensorSpec, terms: list[str], result: str, sizes: list[Any]
) -> TensorSpec:
    term = terms[0].replace("...", "")
    dots = len(term) != len(terms[0])
    rank = call.rank(x)
    if rank < len(term) or (rank > len(term) and not dots):
        call.fail("rank-mismatch", "rank", argument=x.label or None, got=x.shape, want=(len(term),))
    have = {}
    at = terms[0].find("...")
    for i, letter in enumerate(term):
        place = i if not dots or i < at else i - len(term)
        have[letter] = call.at(x, place)
        if letter in terms[1]:
            built_axis(call, self, x, place)
    letters = result.replace("...", "")
    for letter, size in zip(reversed(letters), reversed(sizes), strict=False):
        if letter not in have and size is not None:
            have[letter] = call.size(size)
        elif letter in terms[1] and size is not None and call.judge.same(have[letter], call.size(size)):
            call.wrong(f"`output_shape` at `{letter}`", size, have[letter])
    kernel = TensorSpec(tuple(have.get(c) or d.unknown(c) for c in terms[1]))
    return TensorSpec(einsum(call, (f"{','.join(terms)}->{result}", x, kernel)).parts)


@rule
def keras_embedding(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s output_dim"`, any dtype. Source: `keras.layers.Embedding`."""
    return TensorSpec((*inputs.parts, call.size(option(self, "output_dim"))))


@rule
def keras_reversible_embedding(call: Call, self: Layer, inputs: TensorSpec, reverse: Any = False) -> TensorSpec:
    """`"*s" -> "*s output_dim"`, or `"*s output_dim" -> "*s input_dim"`.

    Source: `keras.layers.ReversibleEmbedding`.
    """
    if not call.flag(reverse):
        return keras_embedding(call, self, inputs)
    call.least(inputs, 1)
    call.expect(inputs, -1, call.size(option(self, "output_dim")), "output_dim")
    return TensorSpec((*call.lead(inputs, 1), call.size(option(self, "input_dim"))))


@rule
def keras_same(call: Call, self: Layer, inputs: Any) -> Any:
    """`"*s" -> "*s"`. Source: `keras.layers.Dropout`, activations."""
    if isinstance(inputs, (list, tuple)):
        return type(inputs)(keras_same(call, self, v) for v in inputs)
    x = call.tensor(inputs)
    rank = _RANKS.get(self.stub.name)
    if rank is not None and x.shape is not None:
        call.rank(x, rank)
    return TensorSpec(x.shape)


@rule
def keras_prelu(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *s" -> "b *s"`, with the sizes it was built for except at `shared_axes`. Source: `keras.layers.PReLU`."""
    shared = option(self, "shared_axes", None)
    if inputs.rank is not None and not isinstance(shared, Unknown):
        free = shared if isinstance(shared, (list, tuple)) else [shared]
        for i in range(1, inputs.rank):
            if i not in free:
                built_axis(call, self, inputs, i)
    return TensorSpec(inputs.shape)


@rule
def keras_normal(call: Call, self: Layer, **inputs: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`, with the sizes along `axis` that it was built for. Source: `keras.layers.BatchNormalization`."""
    x = call.tensor(next(iter(inputs.values())))
    axis = option(self, "axis", -1)
    for one in axis if isinstance(axis, (list, tuple)) else (axis,):
        if isinstance(one, int) and not isinstance(one, bool):
            if x.rank is not None:
                call.axis(x, one)
            built_axis(call, self, x, one)
    if self.stub.name == "GroupNormalization" and isinstance(axis, int) and x.rank is not None:
        groups = number(call, option(self, "groups"))
        if groups is not None and groups > 0:  # -1: a group for each channel
            call.divides(groups, call.at(x, axis), x, axis % x.rank, "groups")
    return TensorSpec(x.shape)


@rule
def keras_scale(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """`"*s" -> "*s"`, together with what `scale` and `offset` broadcast to. Source: `keras.layers.Rescaling`."""
    x = np_array(call, inputs)
    for name in ("scale", "offset"):
        factor = option(self, name)
        if isinstance(factor, (list, tuple, TensorSpec)):
            x = TensorSpec(call.broadcast(x, np_array(call, factor)), None, x.label)
    return TensorSpec(x.shape)


@rule
def keras_lambda(call: Call, self: Layer, inputs: Any) -> Any:
    """What the function returns: known only from `output_shape`, which is without the batch.

    Source: `keras.layers.Lambda`.
    """
    shape = option(self, "output_shape", None)
    if not isinstance(shape, (tuple, list)) or not isinstance(inputs, TensorSpec) or not inputs.shape:
        raise Unclear("the function of a Lambda is not followed")
    return TensorSpec((inputs.parts[0], *(_open(call, s) for s in shape)))


@rule
def keras_wrapped(call: Call, self: Layer, inputs: Any) -> Any:
    """What the layer inside returns. Source: `keras.layers.SpectralNormalization`."""
    if isinstance(inputs, TensorSpec):
        built_axis(call, self, inputs, -1)
    return run_layer(call, inner_layer(self), inputs)


@rule
def keras_sequential(call: Call, self: Layer, inputs: Any) -> Any:
    """One layer after the other. Source: `keras.Sequential`, `keras.layers.Pipeline`."""
    layers = option(self, "layers", None)
    if not isinstance(layers, (list, tuple)):
        raise Unclear("the layers are not known")
    for layer in layers:
        if isinstance(layer, TensorSpec) or (isinstance(layer, Layer) and layer.stub.name == "InputLayer"):
            continue  # a declared input
        inputs = run_layer(call, layer, inputs)
    return inputs


@rule
def keras_unclear(call: Call, self: Layer) -> Any:
    """A layer whose body is somewhere else. Source: `keras.layers.TorchModuleWrapper`, `TFSMLayer`, `JaxLayer`."""
    raise Unclear(f"what a {self.stub.name} holds is not followed")


@rule
def keras_sizes_init(call: Call, **given: Any) -> None:
    """Sizes are 1 or more. Source: `keras.layers.Dense`, `Embedding`, recurrent layers."""
    for name in ("units", "n", "height", "width", "num_tokens", "num_bins"):
        if name in given:
            at_least(call, given[name], 1, name)
