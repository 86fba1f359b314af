"""Which layers a Keras model is made of, and what comes out of each: for models that are cut out of others."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.static import keras_layers, keras_models
from shapetypes.static.engine import Frame
from shapetypes.static.values import KerasModel


def record(frame: Frame, layer: Any, given: Any, value: Any) -> None:
    """Remember a call of a layer; its first one says what its `input` and `output` are."""
    if isinstance(value, TensorSpec):
        frame.engine.called[id(value)] = (value, layer, given)
        frame.engine.first_calls.setdefault(id(layer), (layer, given, value))


def end_of(frame: Frame, layer: Layer, name: str) -> Any:
    """`layer.input` or `layer.output`."""
    kept = frame.engine.first_calls.get(id(layer))
    if kept is None or kept[0] is not layer:
        return Unknown(f"the `{name}` of a layer that was not called")
    return kept[1 if name == "input" else 2]


def layers(frame: Frame, model: KerasModel, ordered: bool = True) -> tuple[Any, ...] | None:
    """The layers of a model; None where they are not known, or not their order: that of branches is Keras' own."""
    if model.kind == "Sequential":
        found = keras_models.layers_of(frame, model)
        return None if found is None else tuple(v for v in found if not isinstance(v, TensorSpec))
    ends = keras_models.flat(model.outputs)
    starts = keras_models.flat(model.inputs)
    if ends is None or starts is None or (ordered and len(ends) > 1):
        return None
    out: list[Any] = [Unknown("an input layer") for _ in starts]
    seen = {id(v) for v in starts}
    for tensor in ends:
        if not _collect(frame, tensor, seen, out, ordered):
            return None
    return tuple(out)


def _collect(frame: Frame, tensor: Any, seen: set[int], out: list[Any], single: bool) -> bool:
    """Add the layers that a tensor came through. False if something else has made it, or several as one.

    Args:
        frame: Where the model is looked at.
        tensor: The tensor.
        seen: Tensors that were looked at, by identity.
        out: The layers.
        single: Whether each layer must take one tensor.
    """
    if id(tensor) in seen:
        return True
    seen.add(id(tensor))
    kept = frame.engine.called.get(id(tensor))
    if kept is None or kept[0] is not tensor:
        return False
    inputs = keras_models.flat(kept[2])
    if inputs is None or (single and len(inputs) > 1):
        return False
    if not all(_collect(frame, x, seen, out, single) for x in inputs):
        return False
    if not any(kept[1] is layer for layer in out):
        out.append(kept[1])
    return True


def get_layer(frame: Frame, model: KerasModel, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`model.get_layer(name)`, or by `index=`."""
    found = layers(frame, model, ordered="index" in kwargs or len(args) > 1)
    name = kwargs.get("name", args[0] if args else None)
    index = kwargs.get("index", args[1] if len(args) > 1 else None)
    if found is not None and isinstance(index, int) and -len(found) <= index < len(found):
        return found[index]
    named = [v for v in found or () if isinstance(v, Layer) and keras_layers.name_of(v) == name]
    return named[0] if len(named) == 1 and isinstance(name, str) else Unknown("a layer of a model")


__all__ = ["end_of", "get_layer", "layers", "record"]
