"""`shaped`: a layer that says which shapes it takes and gives, and holds itself to it."""

from __future__ import annotations

import sys
from typing import Any, TypeVar

from shapetypes.core.fault import AnnotationError, Fault
from shapetypes.runtime import report, scopes, values
from shapetypes.runtime.contract import KEY, Contract, validate
from shapetypes.runtime.layer_construct import Found, compare, not_ready

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
    if not contract.pending:
        found = compare(contract, layer)
    if found.fault is not None:
        error_now = report.error_for(found.fault, frame, (), report.mode() == "warn")
        if error_now is not None:
            raise error_now
    settle(contract, found)
    attach(layer, contract)
    return layer


def settle(contract: Contract, found: Found) -> None:
    """Take over what comparing gave."""
    contract.pending = False if found.sizes else contract.pending
    contract.sizes, contract.origins, contract.first = found.sizes, found.origins, found.first


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


def contract_of(layer: Any) -> Contract | None:
    """The contract of a layer, if it has one."""
    found = getattr(layer, "__dict__", {}).get(KEY)
    return found if isinstance(found, Contract) else None


# -- the module that a layer is assigned to ---------------------------------------------------------------------------


def bind_owner(owner: Any, name: str, contract: Contract) -> Fault | None:
    """Make the sizes that a layer fixes names of the module it is assigned to.

    Returns:
        None, or the contradiction with what the module already has; then nothing has changed.
    """
    before = {key: owner.__dict__.get(key) for key in (scopes.INSTANCE_KEY, scopes.ORIGINS_KEY)}
    scopes.unbind_instance(owner, f"layer:{name}")
    for dim in sorted(contract.sizes):
        origin = contract.origin(dim)
        origin = type(origin)(origin.what, f"{name} = {origin.name}", origin.size, None, origin.place, origin.dim)
        earlier = scopes.bind_instance(owner, dim, contract.sizes[dim], origin, f"layer:{name}")
        if earlier is not None:
            for key, kept in before.items():
                if kept is not None:
                    owner.__dict__[key] = kept
                else:
                    owner.__dict__.pop(key, None)
            return contradiction(contract, dim, earlier.size, earlier.origin)
    return None


def contradiction(contract: Contract, dim: str, want: Any, origin: Any) -> Fault:
    """The fault of a layer that fixes a size which a name already has otherwise."""
    label, axis, column = _stands(contract, dim)
    return Fault(
        "layer-spec", "spec", contract.subject, label, axis, dim, contract.sizes[dim], want, origins=(origin,),
        spec=contract.text, column=column, path=contract.path(),
    )  # fmt: skip


def _stands(contract: Contract, dim: str) -> tuple[str | None, int | None, int | None]:
    """The first axis of a spec that has a name, with its column; where it stands only inside something, no axis."""
    outputs = [("return", None, item) for item in contract.spec.outputs]
    for label, _, item in [*contract.inputs(), *outputs]:
        for i, axis in enumerate(item.axes.axes if item.axes is not None else ()):
            if axis.name == dim:
                return label, i, axis.column
    return None, None, None


def clash_with(owner: Any, contract: Contract) -> Fault | None:
    """Whether an element of a container fixes a size that its owner's name has otherwise."""
    for dim in sorted(contract.sizes):
        found = scopes.instance_binding(owner, dim)
        if found is not None and found.size != contract.sizes[dim]:
            return contradiction(contract, dim, found.size, found.origin)
    return None
