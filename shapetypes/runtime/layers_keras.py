"""`shaped` layers of Keras, on any backend: the instance's own `call` and `build` are replaced, no class is.

Three things are heard of for all Keras layers, from the first shaped one on: assignments of layers to layers, `repr`,
and copying, for which Keras makes a layer anew from its configuration.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from shapetypes.runtime import values
from shapetypes.runtime.contract import KEY, Contract
from shapetypes.runtime.layer_calls import After, Before, make_check, rewrite
from shapetypes.runtime.layer_emit import AFTER, BEFORE
from shapetypes.runtime.layer_owner import HOMES, Home, adopt, adopt_element, contract_of, ready, release

CHECKS: Final = "_shapetypes_checks"
_WRAPPED: Final = ("call", "symbolic_call", "build", "_assert_input_compatibility")


def attach(layer: Any, contract: Contract) -> None:
    """Put the checks on a layer, in the place of earlier ones."""
    _watch()
    detach(layer)
    store = vars(layer)
    store[KEY] = contract
    store[CHECKS] = make_check(BEFORE, contract), make_check(AFTER, contract)
    # Past `__setattr__`: Keras would track what is assigned.
    store["_assert_input_compatibility"] = _early(layer, layer._assert_input_compatibility)
    store["build"] = _building(layer, layer.build)
    for name in ("call", "symbolic_call"):
        store[name] = _checked(layer, getattr(layer, name))


def detach(layer: Any) -> None:
    """Take the checks off a layer."""
    store = vars(layer)
    for name in _WRAPPED:
        if KEY in store and hasattr(store.get(name), "_shapetypes_original"):
            _unwrap(layer, name)
    store.pop(KEY, None)
    store.pop(CHECKS, None)


def _mark(wrapper: Any, original: Any) -> Any:
    wrapper._shapetypes_original = original
    return wrapper


def _checked(layer: Any, original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        before, after = vars(layer)[CHECKS]
        quietly(before, layer, args, kwargs)
        output = original(*args, **kwargs)
        quietly(after, layer, args, kwargs, output)
        return output

    return _mark(call, original)


def _early(layer: Any, original: Callable[..., Any]) -> Any:
    """The first input is checked before Keras looks at it, whose message would come first."""

    @functools.wraps(original)
    def check(*args: Any) -> Any:
        __tracebackhide__ = True
        contract = vars(layer)[KEY]
        if args and len(contract.spec.inputs) == 1:
            quietly(vars(layer)[CHECKS][0], layer, args, {})
        return original(*args)

    return _mark(check, original)


def _building(layer: Any, original: Callable[..., Any]) -> Any:
    """A layer has its sizes when it is built."""

    @functools.wraps(original)
    def build(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        out = original(*args, **kwargs)
        error = ready(layer, vars(layer)[KEY])
        if error is not None:
            raise error
        return out

    return _mark(build, original)


def checked_call(layer: Any, before: Callable[[Any, Any], None]) -> Callable[[], None]:
    """Run something before each call of a layer, symbolic ones included; what is returned ends that."""
    state = {"on": True}

    def wrapped(original: Callable[..., Any]) -> Any:
        @functools.wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if state["on"]:
                before(args, kwargs)
            return original(*args, **kwargs)

        return _mark(call, original)

    # Before Keras looks at the first input, too: its message would come first.
    names = ("call", "symbolic_call", "_assert_input_compatibility")
    made = {name: wrapped(getattr(layer, name)) for name in names}
    vars(layer).update(made)

    def remove() -> None:
        state["on"] = False
        for name, wrapper in made.items():
            if vars(layer).get(name) is wrapper:
                _unwrap(layer, name)

    return remove


def _unwrap(layer: Any, name: str) -> None:
    before = vars(layer)[name]._shapetypes_original
    if getattr(before, "__self__", None) is layer:
        del vars(layer)[name]
    else:
        vars(layer)[name] = before


def quietly(check: Callable[..., None], *args: Any) -> None:
    """Run a check so that autograph makes no other error of its error."""
    __tracebackhide__ = True
    _untouched()(check, *args)


def _run(check: Callable[..., None], *args: Any) -> None:
    check(*args)


_runner: list[Any] = []


def _untouched() -> Any:
    """What runs a check out of autograph's reach."""
    if not _runner:
        tf = values.module("tensorflow")
        _runner.append(tf.autograph.experimental.do_not_convert(_run) if hasattr(tf, "autograph") else _run)
    return _runner[0]


def _refresh(layer: Any, contract: Contract) -> None:
    for check in vars(layer).get(CHECKS, ()):
        rewrite(check, contract)


# -- all Keras layers -------------------------------------------------------------------------------------------------

_watching = False


def _watch() -> None:
    """Hear of assignments of layers to layers, show specs in `repr`, and give them to copies."""
    global _watching
    if _watching:
        return
    _watching = True
    base: Any = values.module("keras").Layer
    assign, show, reduce = base.__setattr__, base.__repr__, base.__reduce__

    @functools.wraps(assign)
    def setattr_(self: Any, name: str, value: Any) -> None:
        __tracebackhide__ = True
        if isinstance(value, (base, list, tuple, dict)) or name in vars(self):
            _assigned(self, name, value, base)
        assign(self, name, value)

    @functools.wraps(show)
    def repr_(self: Any) -> str:
        text: str = show(self)
        contract = contract_of(self)
        if contract is None:
            return text
        shown = f'shaped="{contract.text}"'
        return f"{text[:-1]}, {shown}>" if text.endswith(">") else f"{text} {shown}"

    @functools.wraps(reduce)
    def reduce_(self: Any) -> Any:
        again, specs = reduce(self), _specs(self)
        return (_with_specs, (again, specs)) if specs else again

    base.__setattr__, base.__repr__, base.__reduce__ = setattr_, repr_, reduce_


def _specs(layer: Any) -> list[tuple[int, str, str]]:
    """The specs of a layer and of those in it: the place among them, the class, the spec."""
    found = [(i, one, contract_of(one)) for i, one in enumerate(_every(layer))]
    return [(i, type(one).__name__, contract.text) for i, one, contract in found if contract is not None]


def _every(layer: Any) -> list[Any]:
    return list(layer._flatten_layers(include_self=True, recursive=True))


def _with_specs(again: tuple[Any, ...], specs: list[tuple[int, str, str]]) -> Any:
    """A copy: Keras makes it from the configuration, in which no spec stands; so they are given anew."""
    from shapetypes.runtime.layers import shaped

    make, args = again
    out = make(*args)
    every = _every(out)
    for i, name, text in specs:
        if i < len(every) and type(every[i]).__name__ == name and contract_of(every[i]) is None:
            shaped(every[i], text)
    return out


def _assigned(owner: Any, name: str, value: Any, base: type) -> None:
    """An attribute of a layer is assigned: take notice if it is, or holds, a shaped layer."""
    if name.startswith("_") and not isinstance(value, base):
        return
    __tracebackhide__ = True
    contract = contract_of(value)
    if contract is not None:
        adopt(owner, name, value, contract)
        return
    old = vars(owner).get(name)
    if old is not None and contract_of(old) is not None:
        release(owner, name)
    for label, layer, inner in _elements(value, name):
        adopt_element(owner, label, layer, inner)


def _elements(value: Any, path: str) -> Iterator[tuple[str, Any, Contract]]:
    """The shaped layers in a list, a dict or a Sequential, those of such things in it included."""
    items: Any = ()
    if isinstance(value, (list, tuple)):
        items = enumerate(value)
    elif isinstance(value, dict):
        items = value.items()
    elif isinstance(value, values.module("keras").Sequential):
        items = enumerate(value.layers)
    for key, child in items:
        contract = contract_of(child)
        if contract is not None:
            yield f"{path}.{key}", child, contract
        elif not isinstance(child, (str, bytes)):
            yield from _elements(child, f"{path}.{key}")


def _layers_of(owner: Any) -> Iterator[tuple[str, Any, Contract]]:
    keras = sys.modules["keras"]
    if not isinstance(owner, keras.Layer):
        return
    for name, value in list(vars(owner).items()):
        contract = None if name.startswith("_") else contract_of(value)
        if contract is not None:
            yield name, value, contract
        elif not name.startswith("_") and isinstance(value, (list, tuple, dict, keras.Sequential)):
            yield from _elements(value, name)


HOMES["keras"] = Home(_refresh, _layers_of)

__all__ = ["After", "Before", "attach", "detach"]
