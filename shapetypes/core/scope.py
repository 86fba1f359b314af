"""Scopes: which size each name stands for, bound on trial and committed on success."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shapetypes.core.fault import Origin


@dataclass(frozen=True, slots=True)
class Binding:
    """The size of a name.

    Attributes:
        size: A size (elements), or a tuple of them for a variadic name.
        origin: Who bound it first.
        broadcast: Whether a `#` axis of size 1 bound it, so that a larger size may replace it.
    """

    size: Any
    origin: Origin
    broadcast: bool = False


class Scope:
    """Names with their sizes. Variadic names are kept with their `*`.

    A check works on a `trial()` and calls `commit()` when all of it succeeded: a failed check leaves no trace.
    """

    __slots__ = ("_own", "parent")

    def __init__(self, parent: Scope | None = None) -> None:
        self.parent = parent
        self._own: dict[str, Binding] = {}

    def get(self, name: str) -> Binding | None:
        """The binding of a name, here or in an outer scope."""
        scope: Scope | None = self
        while scope is not None:
            found = scope._own.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def bind(self, name: str, size: Any, origin: Origin, broadcast: bool = False) -> None:
        """Give a name its size, in this scope."""
        self._own[name] = Binding(size, origin, broadcast)

    def trial(self) -> Scope:
        """A scope inside this one whose bindings count only after `commit`."""
        return Scope(self)

    def commit(self) -> None:
        """Hand this trial's bindings to the scope it was made from."""
        if self.parent is None:
            raise ValueError("a scope without a parent has nothing to commit to")
        self.parent._own.update(self._own)
        self._own.clear()

    def bind_common(self, trials: list[Scope]) -> None:
        """Take over the bindings that all of these trials made alike."""
        first, *others = trials
        for name, binding in first._own.items():
            if all(name in t._own and t._own[name].size == binding.size for t in others):
                self._own.setdefault(name, binding)

    def save(self) -> dict[str, Binding]:
        """This scope's own bindings, to `restore` when an alternative fails."""
        return dict(self._own)

    def restore(self, saved: dict[str, Binding]) -> None:
        """Go back to what `save` gave."""
        self._own = dict(saved)

    def items(self) -> Iterator[tuple[str, Binding]]:
        """Every name with its binding, outer scopes first."""
        if self.parent is not None:
            yield from ((k, v) for k, v in self.parent.items() if k not in self._own)
        yield from self._own.items()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __len__(self) -> int:
        return sum(1 for _ in self.items())

    def __repr__(self) -> str:
        return f"Scope({', '.join(f'{k}={v.size}' for k, v in self.items())})"
