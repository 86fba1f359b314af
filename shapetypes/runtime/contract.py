"""What `shaped` keeps of one layer: its spec, the sizes that the layer fixes, the module it was assigned to."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Mapping
from typing import Any, Final

from shapetypes.core.fault import AnnotationError, Fault, Origin, Place
from shapetypes.core.parse import parse_layer_spec
from shapetypes.core.scope import Binding, Scope
from shapetypes.core.spec import Item, LayerSpec
from shapetypes.runtime import scopes

KEY: Final = "_shapetypes_layer"
"""Where a layer keeps its contract, in its `__dict__`."""


class _Names:
    """The names that an owner had when a layer was copied or pickled without it."""


class Link:
    """The way from a layer to the names of the module it was assigned to.

    It holds no reference that keeps the module alive, or that would be pickled or copied with the layer. A copy made
    together with the module belongs to the copy; one made alone keeps the names as they are.
    """

    __slots__ = ("_kept", "_ref", "name")

    _kept: Any
    """What holds the names when there is no module (any more)."""

    def __init__(self, owner: Any, name: str) -> None:
        self.name = name
        self._ref: weakref.ref[Any] | None = None
        self._kept = None
        try:
            self._ref = weakref.ref(owner)
        except TypeError:
            self._kept = owner

    @property
    def owner(self) -> Any:
        """The module, or None once it is gone."""
        return self._ref() if self._ref is not None else None

    def holder(self) -> Any:
        """Whatever holds the names: the module, or what was kept of it."""
        owner = self.owner
        return owner if owner is not None else self._kept

    def binding(self, name: str) -> Binding | None:
        """The size that the owner has for a name."""
        holder = self.holder()
        return None if holder is None else scopes.instance_binding(holder, name)

    def keep(self) -> None:
        """Remember the names as they are, for when a shallow copy outlives the module."""
        if self.owner is not None:
            self._kept = self._snapshot()

    def _snapshot(self) -> _Names:
        out = _Names()
        holder = self.holder()
        for key in (scopes.INSTANCE_KEY, scopes.ORIGINS_KEY):
            found = getattr(holder, "__dict__", {}).get(key)
            if found:
                out.__dict__[key] = dict(found)
        return out

    def __deepcopy__(self, memo: dict[int, Any]) -> Link:
        owner = self.owner
        copied = memo.get(id(owner)) if owner is not None else None
        return Link(copied, self.name) if copied is not None else _loose(self._snapshot(), self.name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _loose, (self._snapshot(), self.name)


def _loose(names: _Names, name: str) -> Link:
    out = Link.__new__(Link)
    out._ref, out._kept, out.name = None, names, name
    return out


class Contract:
    """The spec of one layer and what it was found to mean.

    Attributes:
        text: The spec as written.
        subject: The layer's class as a person knows it: `LSTM`.
        params: The names of forward's positional parameters, in order; one that takes any number has its `*`.
        sizes: Names with the sizes (elements) that the layer itself fixes.
        origins: Which argument of the constructor fixes each of them.
        place: Where `shaped` was called.
        link: The module that it was assigned to, if any.
        element: Whether it stands in a container of that module: its sizes then bind nothing there.
        first: Whether the layer returns a tuple of which the spec describes the first value.
        local: Whether the layer was found to be sharded over several ranks, so that its own sizes tell nothing.
        pending: Whether the layer's sizes are not known before its first call.
        home: `torch` or `keras`.
    """

    def __init__(self, text: str, layer: Any, place: Place | None, home: str, method: Any) -> None:
        self.text = text
        self.subject = type(layer).__name__
        self.params = positional(method)
        self.sizes: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.place = place
        self.link: Link | None = None
        self.element = False
        self.first = False
        self.local = False
        self.pending = False
        self.home = home

    @property
    def spec(self) -> LayerSpec:
        """The spec, read."""
        return parse_layer_spec(self.text)

    def origin(self, name: str) -> Origin:
        """Who fixes a name that this layer fixes."""
        what = self.origins.get(name, "")
        label = f"{self.subject}({what})" if what else self.subject
        return Origin("layer", label, self.sizes[name], None, self.place, name.lstrip("*"))

    def known(self) -> dict[str, Binding]:
        """The names of the spec that have a size before any call: the layer's own, then those of its owner."""
        if self.local:
            return {}
        out: dict[str, Binding] = {}
        for name in sorted(names_in(self.spec)):
            if name in self.sizes:
                out[name] = Binding(self.sizes[name], self.origin(name))
            elif self.link is not None:
                found = self.link.binding(name)
                if found is not None:
                    out[name] = found
        return out

    def scope(self) -> Scope:
        """These names as a scope."""
        out = Scope()
        for name, found in self.known().items():
            out.bind(name, found.size, found.origin, found.broadcast)
        return out

    def path(self) -> tuple[str, ...]:
        """Where the layer stands: its module's class, and the attribute."""
        if self.link is None:
            return ()
        owner = self.link.owner
        return (*([type(owner).__name__] if owner is not None else []), self.link.name)

    def inputs(self) -> list[tuple[str, int | None, Item]]:
        """Each input with its parameter's name and position; one that goes by keyword has no position."""
        out: list[tuple[str, int | None, Item]] = []
        position = 0
        for item in self.spec.inputs:
            if item.name:
                out.append((item.name, None, item))
                continue
            out.append((_label(self.params, position), position, item))
            position += 1
        return out


def _label(params: tuple[str, ...], position: int) -> str:
    if position < len(params) and not params[position].startswith("*"):
        return params[position]
    rest = next((i for i, p in enumerate(params) if p.startswith("*")), 0)
    return f"{params[rest][1:]}[{position - rest}]" if params else f"input {position}"


def positional(method: Any) -> tuple[str, ...]:
    """The names of a method's positional parameters; `*` before one that takes any number, `**` before keywords."""
    try:
        params = list(inspect.signature(method).parameters.values())
    except (TypeError, ValueError):
        return ("*args", "**kwargs")
    kinds: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    keep = [p for p in params if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    return tuple(kinds.get(p.kind, "") + p.name for p in keep)


def validate(contract: Contract, method: Any) -> None:
    """Refuse a spec that names inputs which the layer does not take.

    Raises:
        AnnotationError: it has too many inputs, or one by a name that is none of the layer's parameters.
    """
    try:
        every: Mapping[str, inspect.Parameter] = inspect.signature(method).parameters
    except (TypeError, ValueError):
        return
    kinds = {p.kind for p in every.values()}
    most = sum(not p.startswith("*") for p in contract.params)
    count = 0
    for item in contract.spec.inputs:
        if item.name:
            if item.name not in every and inspect.Parameter.VAR_KEYWORD not in kinds:
                _refuse(contract, item, f"the layer has no input `{item.name}`")
        else:
            count += 1
            if count > most and inspect.Parameter.VAR_POSITIONAL not in kinds and not _nothing(item):
                _refuse(contract, item, f"the layer has no input {count}, it takes {most}")


def _nothing(item: Item) -> bool:
    return item.axes is not None and not item.axes.axes


def _refuse(contract: Contract, item: Item, detail: str) -> None:
    raise AnnotationError(
        fault=Fault(
            "layer-spec", "spec", contract.subject, spec=contract.text, column=item.column, detail=detail
        )
    )  # fmt: skip


def names_in(spec: LayerSpec) -> frozenset[str]:
    """Every dim name of a spec; variadic ones with their `*`."""
    return frozenset(name for item in (*spec.inputs, *spec.outputs) for one in item.specs() for name in one.names)
