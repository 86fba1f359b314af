"""`shaped`: a layer that says which shapes it takes and gives, and holds itself to it."""

from __future__ import annotations

import sys
from typing import Any, TypeVar

from shapetypes.core.fault import AnnotationError
from shapetypes.runtime import report, scopes, values
from shapetypes.runtime.contract import Contract, validate
from shapetypes.runtime.layer_construct import Found, compare, not_ready
from shapetypes.runtime.layer_owner import settle

T = TypeVar("T")


def shaped(layer: T, spec: str) -> T:
    """Give a layer a spec: its sizes are compared with it now, its inputs and outputs at each call.

    Names stand for the same size within one call. Those that the layer itself fixes (`in_features`) also become names
    of the module to which the layer is assigned, so that layers of one module which contradict each other fail when
    the second is assigned.

    Args:
        layer: Any `torch.nn.Module` or `keras.Layer`.
        spec: Inputs and outputs, `"B T F, (L B H, L B H)? -> B T H, (L B H, L B H)"`: axes as in annotations, `NAME:`
            before an input that goes by keyword, a dtype class before the axes, `?` behind what may be None or left
            out, `_` for what is not checked. Inputs go to forward's parameters in order. Where a layer returns a tuple
            and the spec has one output, that is the first.

    Returns:
        The same object; with `SHAPETYPES=off` in the environment, untouched.

    Raises:
        AnnotationError: the spec cannot be read, or names inputs that the layer does not take.
        ShapeError: the layer cannot do what the spec says (`layer-spec`).
        TypeError: this is no layer.

    Example:
        `self.encoder = shaped(nn.LSTM(50, 128, batch_first=True), "B T 50 -> B T 128, (1 B 128, 1 B 128)")`
    """
    __tracebackhide__ = True
    attach, home, method = _kind(layer)
    if report.mode() == "off" or values.compiling()():
        return layer
    frame = sys._getframe(1)
    contract = Contract(spec, layer, report.call_place(scopes.user_frame(frame)), home, method)
    try:
        contract.spec  # noqa: B018  reads it
        validate(contract, method)
    except AnnotationError as error:
        if error.fault is None:
            raise
        raise report.annotation_error(error.fault.but(subject=contract.subject), None) from None
    found = Found()
    contract.pending = not_ready(layer)
    if not contract.pending or home == "keras":
        found = compare(contract, layer)
    if found.fault is not None:
        error_now = report.error_for(found.fault, frame, (), report.mode() == "warn")
        if error_now is not None:
            raise error_now
    settle(contract, found)
    attach(layer, contract)
    return layer


def _kind(layer: Any) -> tuple[Any, str, Any]:
    """How checks are put on a layer, of which framework it is, and the method that is called.

    Raises:
        TypeError: it is no layer.
    """
    keras, nn = values.module("keras"), values.module("torch.nn")
    if keras is not None and isinstance(layer, keras.Layer):
        from shapetypes.runtime import layers_keras

        return layers_keras.attach, "keras", layer.call
    if nn is not None and isinstance(layer, nn.Module):
        from shapetypes.runtime import layers_torch

        return layers_torch.attach, "torch", layer.forward
    raise TypeError(f"shaped takes a torch.nn.Module or a keras.Layer, not {type(layer).__name__}")
