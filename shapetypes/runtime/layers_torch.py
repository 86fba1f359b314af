"""`shaped` layers of torch: a pair of forward hooks, and a hook that sees where layers are assigned."""

from __future__ import annotations

import copy
import functools
import inspect
import sys
import types
import weakref
from collections.abc import Iterator
from typing import Any, NamedTuple

from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.scope import Scope
from shapetypes.runtime import explain, report, scopes, values
from shapetypes.runtime.contract import KEY, Contract, Link
from shapetypes.runtime.layer_construct import compare, not_ready, unwrapped
from shapetypes.runtime.layer_emit import AFTER, BEFORE, check_class, input_nodes, output_node
from shapetypes.runtime.layers import bind_owner, clash_with, contract_of, settle
from shapetypes.runtime.nodes import ANY, Node, TupleNode

_NOTHING: Any = object()


class Check:
    """One of the two hooks of a shaped layer. Its class is written for the contract; this one is for the slow path."""

    __slots__ = ("contract",)
    kind = BEFORE

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def judge(self, module: Any, args: Any, kwargs: Any, output: Any) -> ShapeError | None:
        """Why a call does not fit, as the exception to raise, or None."""
        frame = sys._getframe(1).f_back
        return values.eagerly(judged, self.contract, module, args, kwargs, output, self.kind, frame)  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.kind, self.contract)

    def __deepcopy__(self, memo: dict[int, Any]) -> Check:
        return type(self)(copy.deepcopy(self.contract, memo))

    def __repr__(self) -> str:
        return f"<shapetypes {self.kind} {self.contract.text!r}>"


values.untraced(Check.judge, "a shaped layer does not fit; without torch.compile the message has the details")


class Before(Check):
    """The check of the inputs."""

    __slots__ = ()
    kind = BEFORE


class After(Check):
    """The check of the output."""

    __slots__ = ()
    kind = AFTER


class Unready(Before):
    """Stands for the check of a layer whose sizes are not known yet; at the first call they are."""

    __slots__ = ()

    def __call__(self, module: Any, args: Any, kwargs: Any) -> None:
        """Take a look whether the layer has its sizes by now."""
        if values.compiling()():
            return
        __tracebackhide__ = True
        error = _ready(module, self.contract)
        if error is not None:
            raise error
        if not isinstance(self, Unready):
            self(module, args, kwargs)  # type: ignore[unreachable]


def _restored(kind: str, contract: Contract) -> Check:
    base = Before if kind == BEFORE else After
    cls = Unready if contract.pending and kind == BEFORE else check_class(contract, kind, base)
    return cls(contract)  # type: ignore[no-any-return]


def attach(layer: Any, contract: Contract) -> None:
    """Put the checks on a layer, in the place of earlier ones."""
    _watch_assignments()
    detach(layer)
    layer.__dict__[KEY] = contract
    layer.__dict__["extra_repr"] = functools.partial(_repr_with_spec, layer)
    layer.register_forward_pre_hook(_restored(BEFORE, contract), with_kwargs=True)
    layer.register_forward_hook(_restored(AFTER, contract), with_kwargs=True)


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


def refresh(layer: Any, contract: Contract) -> None:
    """Write the checks anew, after the contract has changed."""
    if contract.link is not None:
        contract.link.keep()
    for hooks in (layer._forward_pre_hooks, layer._forward_hooks):
        for hook in hooks.values():
            if isinstance(hook, Check) and hook.contract is contract:
                if contract.pending and isinstance(hook, Before):
                    hook.__class__ = Unready
                else:
                    base = Before if hook.kind == BEFORE else After
                    hook.__class__ = check_class(contract, hook.kind, base)


def _ready(layer: Any, contract: Contract) -> ShapeError | None:
    """Compare a layer that has got its sizes; the error to raise if it cannot do what its spec says."""
    if not_ready(layer):
        return None
    contract.pending = False
    found = compare(contract, layer)
    fault = found.fault
    settle(contract, found)
    owner = contract.link.owner if contract.link is not None else None
    if fault is None and owner is not None and contract.link is not None:
        fault = clash_with(owner, contract) if contract.element else bind_owner(owner, contract.link.name, contract)
        if fault is None:
            refresh_all(owner)
    refresh(layer, contract)
    if fault is None:
        return None
    contract.pending = True
    refresh(layer, contract)
    return report.error_for(fault, sys._getframe(2), (), report.mode() == "warn")


# -- one call on the slow path ----------------------------------------------------------------------------------------


class _Param(NamedTuple):
    name: str
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD


def judged(
    contract: Contract, layer: Any, args: Any, kwargs: Any, output: Any, kind: str, frame: types.FrameType | None
) -> ShapeError | None:
    """Check one call by interpretation."""
    if not contract.first and kind == AFTER and _gives_tuple(contract, output):
        contract.first = True
        refresh(layer, contract)
    known, blocks = contract.scope(), scopes.visible_blocks(frame)
    scope, fault = _check(contract, known, blocks, args, kwargs, output, kind)
    if fault is None:
        place = report.call_place(scopes.user_frame(frame)) if blocks and frame is not None else None
        for block in blocks:
            block.adopt(scope, contract.subject, place)
        return None
    if not contract.local and is_sharded(layer, contract):
        contract.local = True
        refresh(layer, contract)
        return judged(contract, layer, args, kwargs, output, kind, frame)
    params = [_Param(name) for name in contract.params if not name.startswith("*")]
    return report.error_for(fault.but(path=contract.path()), frame, params, report.mode() == "warn")


def _check(
    contract: Contract, known: Scope, blocks: Any, args: Any, kwargs: Any, output: Any, kind: str
) -> tuple[Scope, Fault | None]:
    scope = Scope()
    for outer in (known, *(block.scope for block in blocks)):
        for name, binding in outer.items():
            scope.bind(name, binding.size, binding.origin, binding.broadcast)
    entries = [entry for entry in given(contract, args, kwargs) if not _opaque(entry[2])]
    trial = scope.trial()
    fault, matcher = explain.check(entries, trial, contract.subject)
    if kind == BEFORE or fault is not None:
        if fault is None:
            trial.commit()
        return scope, fault if kind == BEFORE else None
    trial.commit()
    value, node = output, output_node(contract)
    if contract.first and isinstance(output, (tuple, list)) and output:
        value = output[0]
    if isinstance(node, TupleNode) and isinstance(value, list):
        value = tuple(value)
    if _opaque(value):
        return scope, None
    trial = scope.trial()
    fault, _ = explain.check([("return", node, value)], trial, contract.subject, None, matcher.operands)
    if fault is None:
        trial.commit()
    return scope, fault


def given(contract: Contract, args: Any, kwargs: Any) -> Iterator[explain.Entry]:
    """The inputs of a call that the spec is about. One that is left out is forward's own business."""
    for label, at, node in input_nodes(contract):
        value = _given(contract, label, at, node, args, kwargs)
        if value is not _NOTHING:
            yield label, node, value


def _given(contract: Contract, label: str, at: int | None, node: Node, args: Any, kwargs: Any) -> Any:
    if node == ANY:
        return _NOTHING
    if at is None and label in contract.params:
        at = contract.params.index(label)
    if at is not None and at < len(args):
        return args[at]
    return kwargs.get(label, _NOTHING)


def _gives_tuple(contract: Contract, output: Any) -> bool:
    """Whether the layer returns a tuple and the spec has one plain output: the first is meant."""
    items = contract.spec.outputs
    return len(items) == 1 and not items[0].items and isinstance(output, (tuple, list)) and bool(output)


def _opaque(value: Any) -> bool:
    """Whether a value holds tensors in a form whose axes are not those of the spec."""
    if isinstance(value, (tuple, list)) and type(value).__name__ != "PackedSequence":
        return any(_opaque(item) for item in value)
    return type(value).__name__ == "PackedSequence" or getattr(value, "is_nested", False) is True


def is_sharded(layer: Any, contract: Contract) -> bool:
    """Whether parameters of a layer, or of the module it stands in, are spread over several ranks."""
    tensor = values.module("torch.distributed.tensor")
    if tensor is None:
        return False
    owner = contract.link.owner if contract.link is not None else None
    modules = [unwrapped(layer), *([owner] if owner is not None else [])]
    return any(isinstance(p, tensor.DTensor) for module in modules for p in module.parameters())


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
    if child is None or values.compiling()():
        return
    __tracebackhide__ = True
    if _is_container(parent):
        _put_in(parent, name, child)
        return
    contract = contract_of(child)
    if contract is not None:
        _adopt(parent, name, child, contract)
    elif parent.__dict__.get(scopes.ORIGINS_KEY):
        _release(parent, name)
    if _is_container(child):
        _hold(child, weakref.ref(parent), name)
        for label, layer, inner in _elements(child, name):
            _adopt_element(parent, label, layer, inner)


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
        _adopt_element(owner, where, layer, inner)


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


def _adopt(owner: Any, name: str, layer: Any, contract: Contract) -> None:
    """A layer is assigned directly to a module: its sizes become names of the module.

    Raises:
        ShapeError: they contradict those that are there.
    """
    __tracebackhide__ = True
    earlier = contract.link, contract.element
    contract.link, contract.element = Link(owner, name), False
    fault = bind_owner(owner, name, contract)
    for _, other in _attached(owner) if fault is None else ():
        if other.element:
            fault = fault or clash_with(owner, other)
    if fault is not None:
        contract.link, contract.element = earlier
        _raise(fault)
    refresh_all(owner)
    refresh(layer, contract)


def _adopt_element(owner: Any, name: str, layer: Any, contract: Contract) -> None:
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


def _release(owner: Any, name: str) -> None:
    """Another module takes the place of a shaped layer: forget what that one fixed."""
    scopes.unbind_instance(owner, f"layer:{name}")
    for key, contract in _attached(owner):
        if not contract.element and key != name:
            bind_owner(owner, key, contract)
    refresh_all(owner)


def _attached(owner: Any) -> Iterator[tuple[str, Contract]]:
    for name, _, contract in _layers_of(owner):
        yield name, contract


def _layers_of(owner: Any) -> Iterator[tuple[str, Any, Contract]]:
    """The shaped layers of a module and those in its containers."""
    for name, child in owner.__dict__.get("_modules", {}).items():
        contract = contract_of(child) if child is not None else None
        if contract is not None:
            yield name, child, contract
        if child is not None and _is_container(child):
            yield from _elements(child, name)


def refresh_all(owner: Any) -> None:
    """Write the checks of a module's layers anew, after its names have changed."""
    for _, layer, contract in _layers_of(owner):
        refresh(layer, contract)


def _names_changed(owner: Any) -> None:
    """Names of a module were fixed elsewhere: by an annotated parameter, by `Dim` integers."""
    nn = values.module("torch.nn")
    if isinstance(owner, nn.Module):
        refresh_all(owner)
