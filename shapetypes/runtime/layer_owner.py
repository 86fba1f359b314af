"""A shaped layer and the module it is assigned to: names that the layer fixes, contradictions, checks written anew."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from shapetypes.core.fault import Fault, ShapeError
from shapetypes.runtime import report, scopes
from shapetypes.runtime.contract import KEY, Contract, Link
from shapetypes.runtime.layer_construct import Found, compare, not_ready


@dataclass(frozen=True, slots=True)
class Home:
    """What a framework does its own way.

    Attributes:
        refresh: Writes the checks of a layer anew.
        layers: The shaped layers of a module and of its containers, with the attribute that each stands at.
    """

    refresh: Callable[[Any, Contract], None]
    layers: Callable[[Any], Iterator[tuple[str, Any, Contract]]]


HOMES: Final[dict[str, Home]] = {}


def contract_of(layer: Any) -> Contract | None:
    """The contract of a layer, if it has one."""
    found = getattr(layer, "__dict__", {}).get(KEY)
    return found if isinstance(found, Contract) else None


def settle(contract: Contract, found: Found) -> None:
    """Take over what comparing gave."""
    contract.sizes, contract.origins, contract.first = found.sizes, found.origins, found.first


def refresh(layer: Any, contract: Contract) -> None:
    """Write the checks of a layer anew, after the contract has changed."""
    if contract.link is not None:
        contract.link.keep()
    HOMES[contract.home].refresh(layer, contract)


def layers_of(owner: Any) -> Iterator[tuple[str, Any, Contract]]:
    """The shaped layers of a module and those in its containers."""
    for home in HOMES.values():
        yield from home.layers(owner)


def refresh_all(owner: Any) -> None:
    """Write the checks of a module's layers anew, after its names have changed."""
    for _, layer, contract in layers_of(owner):
        refresh(layer, contract)


def bind_owner(owner: Any, name: str, contract: Contract) -> Fault | None:
    """Make the sizes that a layer fixes names of the module it is assigned to.

    Returns:
        None, or the contradiction with what the module already has; then nothing has changed.
    """
    before = _names(owner)
    scopes.unbind_instance(owner, f"layer:{name}")
    for dim in sorted(contract.sizes):
        origin = contract.origin(dim)
        origin = type(origin)(origin.what, f"{name} = {origin.name}", origin.size, None, origin.place, origin.dim)
        earlier = scopes.bind_instance(owner, dim, contract.sizes[dim], origin, f"layer:{name}")
        if earlier is not None:
            _restore(owner, before)
            return contradiction(contract, dim, earlier.size, earlier.origin)
    return None


def _names(owner: Any) -> dict[str, Any]:
    """What a module knows of its names; never changed in place."""
    return {key: owner.__dict__.get(key) for key in (scopes.INSTANCE_KEY, scopes.ORIGINS_KEY)}


def _restore(owner: Any, names: dict[str, Any]) -> None:
    for key, kept in names.items():
        if kept is not None:
            owner.__dict__[key] = kept
        else:
            owner.__dict__.pop(key, None)


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


def adopt(owner: Any, name: str, layer: Any, contract: Contract) -> None:
    """A layer is assigned directly to a module: its sizes become names of the module.

    Raises:
        ShapeError: they contradict those that are there.
    """
    __tracebackhide__ = True
    earlier = contract.link, contract.element
    contract.link, contract.element = Link(owner, name), False
    before = _names(owner)
    fault = bind_owner(owner, name, contract)
    for _, _, other in layers_of(owner) if fault is None else ():
        if other.element:
            fault = fault or clash_with(owner, other)
    if fault is not None:
        _restore(owner, before)
        contract.link, contract.element = earlier
        _raise(fault)
    refresh_all(owner)
    refresh(layer, contract)


def adopt_element(owner: Any, name: str, layer: Any, contract: Contract) -> None:
    """A layer stands in a container of a module: it uses the module's names and binds none.

    Raises:
        ShapeError: its sizes contradict them.
    """
    __tracebackhide__ = True
    contract.link, contract.element = Link(owner, name), True
    fault = clash_with(owner, contract)
    if fault is not None:
        contract.link = None
        _raise(fault)
    refresh(layer, contract)


def _raise(fault: Fault) -> None:
    __tracebackhide__ = True
    error = report.error_for(fault, sys._getframe(3), (), report.mode() == "warn")
    if error is not None:
        raise error


def release(owner: Any, name: str) -> None:
    """Another module takes the place of a shaped layer: forget what that one fixed."""
    scopes.unbind_instance(owner, f"layer:{name}")
    for key, _, contract in layers_of(owner):
        if not contract.element and key != name:
            bind_owner(owner, key, contract)
    refresh_all(owner)


def ready(layer: Any, contract: Contract) -> ShapeError | None:
    """Compare a layer that has got its sizes; the error to raise if it cannot do what its spec says."""
    if not_ready(layer):
        return None
    found = compare(contract, layer)
    fault = found.fault
    if fault is None:
        contract.pending = False
        settle(contract, found)
        owner = contract.link.owner if contract.link is not None else None
        if owner is not None and contract.link is not None:
            fault = clash_with(owner, contract) if contract.element else bind_owner(owner, contract.link.name, contract)
            refresh_all(owner)
    contract.pending = fault is not None
    refresh(layer, contract)
    if fault is None:
        return None
    return report.error_for(fault, sys._getframe(2), (), report.mode() == "warn")
