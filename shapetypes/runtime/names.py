"""The names of one call as its generated wrapper hands them to the body: a plain list, cheap to make and to read.

`[size of each name..., who bound it..., other names, the open blocks, the object]`. A size is None until something
binds it. Who bound it is None for the signature, the index of a place in the body, or an `Origin`. Messages need a
`Scope`; it is made from the list when there is something to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapetypes.core import spec as sp
from shapetypes.core.fault import Origin, Place
from shapetypes.core.scope import Scope
from shapetypes.core.spec import Spec
from shapetypes.runtime import scopes, values

Where = tuple[str, int | None, Place | None]
"""A label, the axis, and where in the source."""


class Layout:
    """Where each name of a function stands in the list.

    Args:
        names: The names; variadic ones with their `*`.
        first: Which argument and axis binds a name of the signature first.
        bound: For each place in the body, where it binds its names.
    """

    __slots__ = ("bound", "first", "index", "names")

    def __init__(
        self,
        names: Sequence[str],
        first: Mapping[str, tuple[str, int | None]],
        bound: Sequence[Mapping[str, Where]],
    ) -> None:
        self.names = tuple(names)
        self.index = {name: i for i, name in enumerate(names)}
        self.first = first
        self.bound = bound

    def scope(self, sizes: list[Any]) -> Scope:
        """The names of a call with their origins."""
        out = scopes.instance_scope(sizes[-1]) if sizes[-1] is not None else Scope()
        for block in sizes[-2].blocks if sizes[-2] else ():
            for name, binding in block.scope.items():
                out.bind(name, binding.size, binding.origin, binding.broadcast)
        for i, name in enumerate(self.names):
            if sizes[i] is not None and name not in out:
                size = sizes[i]
                kept = tuple(map(values.size, size)) if isinstance(size, list) else values.size(size)
                out.bind(name, kept, self._origin(name, kept, sizes[len(self.names) + i]))
        for name, binding in sizes[-3].items() if sizes[-3] is not None else ():
            if name not in out:
                out.bind(name, binding.size, binding.origin, binding.broadcast)
        return out

    def drop(self, sizes: list[Any], names: Iterable[str]) -> None:
        """Take the sizes of names out of the list."""
        for name in names:
            if name in self.index:
                sizes[self.index[name]] = None

    def _origin(self, name: str, size: Any, who: Any) -> Origin:
        if isinstance(who, Origin):
            return who
        if who is None:
            label, axis = self.first.get(name, ("", None))
            return Origin("argument", label, size, axis, dim=name.lstrip("*"))
        label, axis, place = self.bound[who][name]
        return Origin("identified", label, size, axis, place, name.lstrip("*"))

    def keep(self, sizes: list[Any], scope: Scope) -> None:
        """Write back what was bound in the scope that `scope()` gave."""
        for name, binding in scope.items():
            i = self.index.get(name)
            if i is None or binding.broadcast or values.is_unknown(binding.size):
                if sizes[-3] is None:
                    sizes[-3] = Scope()
                sizes[-3].bind(name, binding.size, binding.origin, binding.broadcast)
            elif sizes[i] is None:
                sizes[i] = list(binding.size) if isinstance(binding.size, tuple) else binding.size
                sizes[len(self.names) + i] = binding.origin


def names_of(specs: Iterable[Spec]) -> list[str]:
    """The names in axis strings, each once; variadic ones with their `*`."""
    out: dict[str, None] = {}
    for spec in specs:
        for axis in spec.axes:
            if axis.kind == sp.EXPR:
                out.update(dict.fromkeys(sorted(axis.names)))
            elif axis.kind in (sp.NAME, sp.VAR) and axis.name:
                out["*" + axis.name if axis.kind == sp.VAR else axis.name] = None
    return list(out)


def merges(specs: Iterable[Spec]) -> bool:
    """Whether a named variadic axis broadcasts, so that its sizes may grow."""
    return any(axis.kind == sp.VAR and axis.broadcast and axis.name for spec in specs for axis in spec.axes)
