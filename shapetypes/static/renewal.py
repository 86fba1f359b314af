"""One of several objects of which only their kind is known: its unknown sizes are its own."""

from __future__ import annotations

import copy
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.scope import Scope
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.apply import Layer
from shapetypes.static.engine import Frame
from shapetypes.static.values import Alt, Modules, Obj, PyList, options, rebuilt


class Renewal:
    """Copies a value with fresh atoms for its unknown sizes, the same one wherever it stood.

    Args:
        frame: Where the copy's attributes are kept.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.atoms: dict[d.Atom, Dim] = {}
        self.objects: dict[int, Obj] = {}
        self._names: dict[Any, list[str]] | None = None

    def _attributes(self, owner: Any) -> list[str]:
        if self._names is None:
            self._names = {}
            for held, name in self.frame.state.heap:
                self._names.setdefault(held, []).append(name)
        return self._names.get(owner, [])

    def of(self, value: Any) -> Any:
        """A copy of a value; what has no unknown size is itself."""
        if isinstance(value, Poly):
            return self._size(value)
        if isinstance(value, tuple):
            return rebuilt(value, (self.of(v) for v in value))
        if isinstance(value, TensorSpec):
            return value if value.shape is None else value.with_shape(self.of(value.shape))
        if isinstance(value, Layer):
            return self._layer(value)
        if isinstance(value, Modules):
            items = None if value.items is None else self.of(value.items)
            return Modules(value.kind, items, value.keys, self.of(value.element))
        if isinstance(value, PyList):
            items = None if value.items is None else self.of(value.items)
            return PyList(items, self.of(value.element), value.is_list)
        if isinstance(value, Alt):
            return Alt(tuple((conds, self.of(v)) for conds, v in value.options))
        return self._object(value) if isinstance(value, Obj) else value

    def _size(self, size: Poly) -> Dim:
        size_now = self.frame.state.judge.reduce(size)
        for atom in d.atoms_of(size_now):
            if atom.kind == d.UNKNOWN and atom not in self.atoms:
                size = self.atoms[atom] = d.unknown("a size of one of several layers")
                self.frame.state.judge.distrust(d.atoms_of(size))
        return d.substitute(size_now, self.atoms)

    def _layer(self, layer: Layer) -> Layer:
        scope = Scope()
        for name, binding in layer.scope.items():
            scope.bind(name, self.of(binding.size), binding.origin, binding.broadcast)
        out = copy.copy(layer)
        out.args, out.scope = {k: self.of(v) for k, v in layer.args.items()}, scope
        return out

    def _object(self, value: Obj) -> Obj:
        if value.id not in self.objects:
            heap = self.frame.state.heap
            copy = self.objects[value.id] = Obj(value.info, exact=value.exact)
            for name in self._attributes(value.id):
                heap[(copy.id, name)] = self.of(heap[(value.id, name)])
        return self.objects[value.id]


def item(frame: Frame, value: Any) -> Any:
    """One of many tensors that are known by what they have in common: its unknown sizes are its own."""
    return Renewal(frame).of(value) if _holds_unknown(value) else value


def _holds_unknown(value: Any) -> bool:
    """Whether these are tensors, or rows of them, with unknown sizes."""
    if isinstance(value, Alt):
        return any(_holds_unknown(v) for _, v in options(value))
    if isinstance(value, tuple):
        return any(map(_holds_unknown, value)) and not any(isinstance(v, (Obj, Layer, Modules)) for v in value)
    return isinstance(value, TensorSpec) and any(isinstance(p, Poly) and d.is_unknown(p) for p in value.parts)
