"""`shaped` layers of torch: a pair of forward hooks, and a hook that sees where layers are assigned."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Iterator
from typing import Any

from shapetypes.core.fault import ShapeError
from shapetypes.runtime import scopes, values
from shapetypes.runtime.contract import KEY, Contract
from shapetypes.runtime.layer_calls import Check, make_check, rewrite
from shapetypes.runtime.layer_emit import AFTER, BEFORE
from shapetypes.runtime.layer_owner import HOMES, Home, adopt, adopt_element, contract_of, refresh_all, release


def attach(layer: Any, contract: Contract) -> None:
    """Put the checks on a layer, in the place of earlier ones."""
    _watch_assignments()
    detach(layer)
    layer.__dict__[KEY] = contract
    layer.__dict__["extra_repr"] = functools.partial(_repr_with_spec, layer)
    layer.register_forward_pre_hook(make_check(BEFORE, contract), with_kwargs=True)
    layer.register_forward_hook(make_check(AFTER, contract), with_kwargs=True)


def detach(layer: Any) -> None:
    """Take the checks off a layer."""
    for name in ("_forward_pre_hooks", "_forward_hooks"):
        hooks = layer.__dict__[name]
        for key in [k for k, hook in hooks.items() if isinstance(hook, Check)]:
            del hooks[key]
            layer.__dict__[f"{name}_with_kwargs"].pop(key, None)
    layer.__dict__.pop(KEY, None)
    mine = layer.__dict__.get("extra_repr")
    if isinstance(mine, functools.partial) and mine.func is _repr_with_spec:
        del layer.__dict__["extra_repr"]


def _repr_with_spec(layer: Any) -> str:
    contract = contract_of(layer)
    own = type(layer).extra_repr(layer)
    text = f'shaped="{contract.text}"' if contract is not None else ""
    return ", ".join(part for part in (own, text) if part)


def _refresh(layer: Any, contract: Contract) -> None:
    for hooks in (layer._forward_pre_hooks, layer._forward_hooks):
        for hook in hooks.values():
            if isinstance(hook, Check) and hook.contract is contract:
                rewrite(hook, contract)


# -- assignments ------------------------------------------------------------------------------------------------------

_watching = False
_holders: weakref.WeakKeyDictionary[Any, tuple[weakref.ref[Any], str]] = weakref.WeakKeyDictionary()
"""The module to which a container was assigned, and under which name."""


def _watch_assignments() -> None:
    """Hear of every assignment of a module to a module, from the first shaped layer on."""
    global _watching
    if _watching:
        return
    _watching = True
    modules = values.module("torch.nn.modules.module")
    modules.register_module_module_registration_hook(_assigned)
    scopes.LISTENERS.append(_names_changed)


def _assigned(parent: Any, name: str, child: Any) -> None:
    """A module gets a child: take notice if the child, or an element of it, is shaped."""
    if child is None or values.compiling()() or hasattr(child, "_tracker"):  # Keras layers have their own way
        return
    __tracebackhide__ = True
    try:
        _take_notice(parent, name, child)
    except ShapeError as error:
        raise error.with_traceback(None) from None


def _take_notice(parent: Any, name: str, child: Any) -> None:
    if _is_container(parent):
        _put_in(parent, name, child)
        return
    contract = contract_of(child)
    if contract is not None:
        adopt(parent, name, child, contract)
    elif parent.__dict__.get(scopes.ORIGINS_KEY):
        release(parent, name)
    if _is_container(child):
        _hold(child, weakref.ref(parent), name)
        for label, layer, inner in _elements(child, name):
            adopt_element(parent, label, layer, inner)


def _put_in(container: Any, name: str, child: Any) -> None:
    found = _holders.get(container)
    owner = found[0]() if found is not None else None
    if owner is None or found is None:
        return
    label = f"{found[1]}.{name}"
    if _is_container(child):
        _hold(child, found[0], label)
    contract = contract_of(child)
    inside = list(_elements(child, label)) if _is_container(child) else []
    for where, layer, inner in [*([(label, child, contract)] if contract is not None else []), *inside]:
        adopt_element(owner, where, layer, inner)


def _hold(container: Any, owner: weakref.ref[Any], path: str) -> None:
    """Remember to which module a container, and those in it, belong."""
    _holders[container] = (owner, path)
    for name, child in container._modules.items():
        if child is not None and _is_container(child):
            _hold(child, owner, f"{path}.{name}")


def _is_container(module: Any) -> bool:
    nn = values.module("torch.nn")
    return isinstance(module, (nn.Sequential, nn.ModuleList, nn.ModuleDict))


def _elements(container: Any, path: str) -> Iterator[tuple[str, Any, Contract]]:
    """The shaped elements of a container, those of containers in it included."""
    for name, child in container._modules.items():
        contract = contract_of(child) if child is not None else None
        if contract is not None:
            yield f"{path}.{name}", child, contract
        if child is not None and _is_container(child):
            yield from _elements(child, f"{path}.{name}")


def _layers_of(owner: Any) -> Iterator[tuple[str, Any, Contract]]:
    """The shaped layers of a module and those in its containers."""
    for name, child in owner.__dict__.get("_modules", {}).items():
        contract = contract_of(child) if child is not None else None
        if contract is not None:
            yield name, child, contract
        if child is not None and _is_container(child):
            yield from _elements(child, name)


def _names_changed(owner: Any) -> None:
    """Names of a module were fixed by an annotated parameter."""
    if isinstance(owner, values.module("torch.nn").Module):
        refresh_all(owner)


HOMES["torch"] = Home(_refresh, _layers_of)
