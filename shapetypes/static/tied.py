"""Layers that get a parameter of another: `decoder.weight = encoder.weight`."""

from __future__ import annotations

from typing import Final

from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer, construct, layer_attribute
from shapetypes.static.engine import Frame

_SIZES: Final = {"Linear": ("out_features", "in_features"), "Embedding": ("num_embeddings", "embedding_dim")}


def tie(frame: Frame, layer: Layer, name: str, value: TensorSpec) -> None:
    """A layer that gets a parameter computes with that: of another shape, it is another layer."""
    own = layer_attribute(frame.state.judge, frame.stubs, layer, name)
    if not isinstance(own, TensorSpec) or own.rank is None or value.rank is None:
        return
    judge = frame.state.judge
    pairs = zip(own.parts, value.parts, strict=False)
    same = own.rank == value.rank and all(
        not isinstance(a, Var) and not isinstance(b, Var) and judge.equal(a, b) for a, b in pairs
    )
    if not same:
        changed = _resized(frame, layer, own, value) if name == "weight" else None
        frame.state.replace(layer, changed or Unknown("a layer with a parameter of another shape"))


def _resized(frame: Frame, layer: Layer, own: TensorSpec, weight: TensorSpec) -> Layer | None:
    """The layer with a weight of other numbers; None where it does not stand for one, or its bias would not fit."""
    names = _SIZES.get(layer.stub.name)
    if names is None or weight.rank != 2 or not all(isinstance(p, int) for p in (*own.parts, *weight.parts)):
        return None
    if layer.args.get("bias", False) is not False and own.parts[0] != weight.parts[0]:
        return None
    sizes = dict(zip(names, weight.parts, strict=True))
    made = construct(frame.state.judge, frame.stubs, layer.stub, (), {**layer.args, **sizes})
    return made if isinstance(made, Layer) else None


__all__ = ["tie"]
