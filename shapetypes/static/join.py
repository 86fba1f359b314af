"""Paths: what is known at one point of a function, forked at branches and joined after them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count, repeat
from operator import is_
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Atom, Poly
from shapetypes.core.dtype import as_dtype, as_set
from shapetypes.core.judge import Judge
from shapetypes.core.shape import Number, TensorSpec, Unknown, Var, unknown_var
from shapetypes.static.values import (
    Alt,
    Cond,
    Modules,
    PlainRow,
    PyDict,
    PyList,
    alternatives,
    is_open,
    options,
    rebuilt,
    same,
)

_versions = count(1)
NO_NAME = "a name that is set on one path only"
NO_ATTRIBUTE = "an attribute that is set on one path only"


class State:
    """One path: local names, attributes of objects, sizes found equal, and the conditions that hold.

    Attributes:
        env: Local names and their values.
        heap: Attributes of objects, by `(object id, name)`.
        judge: Compares sizes, with all that is known on this path.
        conds: Conditions that hold on this path, by key.
        versions: A number for each local name that changes when it is assigned.
        dead: Whether the path has ended (`return`, `raise`, `break`).
    """

    __slots__ = ("conds", "dead", "env", "heap", "judge", "versions")

    def __init__(self, env: dict[str, Any], heap: dict[Any, Any], judge: Judge) -> None:
        self.env = env
        self.heap = heap
        self.judge = judge
        self.conds: dict[str, bool] = {}
        self.versions: dict[str, int] = {}
        self.dead = False

    def fork(self) -> State:
        """A copy for one branch."""
        out = State(dict(self.env), dict(self.heap), self.judge.fork())
        out.conds = dict(self.conds)
        out.versions = dict(self.versions)
        out.dead = self.dead
        return out

    def become(self, other: State) -> None:
        """Go on as another path."""
        for slot in self.__slots__:
            setattr(self, slot, getattr(other, slot))

    def assign(self, name: str, value: Any) -> None:
        """Give a local name a value."""
        self.env[name] = value
        self.versions[name] = next(_versions)

    def consistent(self, conds: frozenset[Cond]) -> bool:
        """Whether these conditions can hold on this path."""
        return all(self.conds.get(key, truth) == truth for key, truth in conds)

    def pick(self, value: Any) -> Any:
        """The value with alternatives dropped that cannot be on this path."""
        if not isinstance(value, Alt):
            return value
        left = [(c, v) for c, v in value.options if self.consistent(c)]
        if len(left) == len(value.options):
            return value
        return alternatives(left)

    def replace(self, old: Any, new: Any) -> None:
        """Put a new value wherever exactly this one is held: all aliases of a changed object."""
        for table in (self.env, self.heap):
            for key, value in table.items():
                if value is old:
                    table[key] = new
                elif isinstance(value, (PyList, PyDict, Modules, tuple, Alt)):
                    changed = _with(value, old, new, 3)
                    if changed is not value:
                        table[key] = changed


def _with(value: Any, old: Any, new: Any, depth: int) -> Any:
    """A container with one of the things in it changed; itself when it does not hold it."""
    if value is old:
        return new
    if depth == 0:
        return value
    if isinstance(value, tuple):
        items = rebuilt(value, (_with(v, old, new, depth - 1) for v in value))
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if isinstance(value, PyList):
        if value.items is None:
            # One element stands for many, of which only one has changed.
            element = _with(value.element, old, new, depth - 1)
            if element is value.element:
                return value
            return PyList(None, generalise(value.element, element), value.is_list)
        found = _with(value.items, old, new, depth)
        return value if found is value.items else PyList(found, value.element, value.is_list)
    if isinstance(value, Modules) and value.items is not None:
        layers = _with(value.items, old, new, depth)
        return value if layers is value.items else Modules(value.kind, layers, value.keys, value.element, value.count)
    if isinstance(value, PyDict) and value.items is not None:
        table = {k: _with(v, old, new, depth - 1) for k, v in value.items.items()}
        return PyDict(table, value.element) if any(table[k] is not v for k, v in value.items.items()) else value
    if isinstance(value, Alt):
        changed = tuple((c, _with(v, old, new, depth - 1)) for c, v in value.options)
        return Alt(changed) if any(x[1] is not y[1] for x, y in zip(changed, value.options, strict=True)) else value
    return value


def join(before: State, branches: list[tuple[State, frozenset[Cond]]]) -> State:
    """The path after branches, each with the conditions that chose it."""
    alive = [(s, c) for s, c in branches if not s.dead]
    if not alive:
        out = before.fork()
        out.dead = True
        return out
    if len(alive) == 1:
        # The other branches leave: all that this one found out goes on to hold, its condition too.
        return alive[0][0]
    out = before.fork()
    out.dead = False
    first = alive[0][0]
    out.conds = {k: v for k, v in first.conds.items() if all(s.conds.get(k) == v for s, _ in alive[1:])}
    out.env = _join_names([(s.env, c) for s, c in alive], NO_NAME)
    out.heap = _join_heap([(s.heap, c) for s, c in alive])
    names = set().union(*(s.versions for s, _ in alive))
    out.versions = {n: _same_version([s.versions.get(n, 0) for s, _ in alive]) for n in names}
    join_judges(out.judge, [s.judge for s, _ in alive])
    return out


def _same_version(found: list[int]) -> int:
    return found[0] if len(set(found)) == 1 else next(_versions)


def _join_names(tables: list[tuple[dict[Any, Any], frozenset[Cond]]], missing: str) -> dict[Any, Any]:
    out = dict(tables[0][0])
    differ: dict[Any, None] = {}
    for table, _ in tables[1:]:
        if table is tables[0][0]:
            continue
        alike = map(is_, out.values(), map(table.get, out, repeat(_MISSING)))
        differ.update((k, None) for k, same_value in zip(out, alike, strict=True) if not same_value)
        if not table.keys() <= out.keys():
            differ.update((k, None) for k in table if k not in out)
    for name in differ:
        values = [(c, t.get(name, _MISSING)) for t, c in tables]
        found: list[tuple[frozenset[Cond], Any]] = []
        for c, v in values:
            v = Unknown(missing) if v is _MISSING else v
            found += [(c | inner, o) for inner, o in options(v) if _compatible(c, inner)]
        out[name] = alternatives(found)
    return out


def _join_heap(tables: list[tuple[dict[Any, Any], frozenset[Cond]]]) -> dict[Any, Any]:
    """Attributes after branches: those of an object that only one branch has made are what they are there.

    What a call has made of a layer on one path does not hold on the other.
    """
    missing = NO_ATTRIBUTE
    first = tables[0][0]
    if all(t.keys() == first.keys() for t, _ in tables[1:]):
        return _join_names(tables, missing)
    owners = [{k[0] for k in t} for t, _ in tables]
    filled = [dict(t) for t, _ in tables]
    for key in dict.fromkeys(k for table, _ in tables for k in table):
        holders = [t for t, _ in tables if key in t]
        if len(holders) == len(tables):
            continue
        for table, made in zip(filled, owners, strict=True):
            if not isinstance(key[0], int):
                table.pop(key, None)
            elif key not in table and key[0] not in made:
                table[key] = holders[0][key]
    return _join_names([(t, c) for t, (_, c) in zip(filled, tables, strict=True)], missing)


def is_missing(value: Any) -> bool:
    """Whether this stands for a name or an attribute that is not there: reading it ends the path with an error."""
    return isinstance(value, Unknown) and value.reason in (NO_NAME, NO_ATTRIBUTE)


def without_missing(value: Any) -> Any:
    """A value that was read: on the paths on which it is not there, nothing goes on."""
    if not isinstance(value, Alt):
        return value
    left = [(c, v) for c, v in value.options if not is_missing(v)]
    return value if len(left) in (0, len(value.options)) else alternatives(left)


_MISSING = object()


def _compatible(a: frozenset[Cond], b: frozenset[Cond]) -> bool:
    return not any((key, not truth) in b for key, truth in a)


def join_judges(out: Judge, found: list[Judge]) -> None:
    """Identifications made in one branch end with it; those made in all of them go on."""
    before = set(out.known)
    first = found[0]
    if any(j.known is not first.known for j in found[1:]) or first.known is not out.known:
        agreed = {a: v for a, v in first.known.items() if a not in before and all(j.known.get(a) == v for j in found)}
        out.known = {**out.known, **agreed}
        out.origins = {**out.origins, **{a: first.origins[a] for a in agreed if a in first.origins}}
    out.divisible = tuple(f for f in first.divisible if all(f in j.divisible for j in found[1:]))
    out.unequal = tuple(f for f in first.unequal if all(f in j.unequal for j in found[1:]))
    soften(out, found, before)


def soften(out: Judge, found: list[Judge], before: Collection[Atom] = ()) -> None:
    """Names that were identified on some of these paths, or soft there, are soft from here on."""
    some = {a for j in found for a in j.known if a not in out.known and a not in before and a.kind == d.RIGID}
    out.soft = frozenset().union(out.soft, some, *(j.soft for j in found))


def generalise(a: Any, b: Any) -> Any:
    """What two values have in common: for names that a loop changes, and for too many alternatives."""
    if same(a, b):
        return a
    if isinstance(a, Alt) or isinstance(b, Alt):
        found = [v for _, v in (*options(a), *options(b))]
        out = found[0] if not isinstance(found[0], Alt) else Unknown("alternatives")
        for v in found[1:]:
            out = generalise(out, v)
        return out
    if isinstance(a, TensorSpec) and isinstance(b, TensorSpec):
        return _common_tensor(a, b)
    if _is_size(a) and _is_size(b):
        return _common_size(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b) and not is_open(a) and not is_open(b):
        return rebuilt(a if isinstance(a, PlainRow) else b, (generalise(x, y) for x, y in zip(a, b, strict=True)))
    if isinstance(a, tuple) and isinstance(b, tuple):
        return (unknown_var(),) if all(_is_size(v) or isinstance(v, Var) for v in (*a, *b)) else Unknown("a tuple")
    if isinstance(a, PyList) and isinstance(b, PyList):
        return PyList(None, _common_element(a, b), a.is_list and b.is_list)
    if isinstance(a, Modules) and isinstance(b, Modules):
        return Modules(a.kind, None)
    if all(isinstance(v, (int, float, Poly, Number)) and not isinstance(v, bool) for v in (a, b)):
        return Number("a number that differs between paths")
    return Unknown("a value that differs between paths")


def _common_element(a: PyList, b: PyList) -> Any:
    found = [*(a.items if a.items is not None else (a.element,)), *(b.items if b.items is not None else (b.element,))]
    found = [v for v in found if v is not None]
    if not found:
        return Unknown("an empty list")
    out = found[0]
    for v in found[1:]:
        out = generalise(out, v)
    return out


def _common_tensor(a: TensorSpec, b: TensorSpec) -> TensorSpec:
    x, y = as_set(a.dtype), as_set(b.dtype)
    dtype = as_dtype(x | y) if x is not None and y is not None else None
    library = a.library if a.library == b.library else ""
    if a.rank is None or b.rank is None or a.rank != b.rank:
        return TensorSpec(None, dtype, library=library)
    return TensorSpec((_common_size(p, q) for p, q in zip(a.parts, b.parts, strict=True)), dtype, library=library)


_CHANGING = "a size that changes in a loop"


def _common_size(p: Any, q: Any) -> Any:
    """One size for two; a size made so earlier stays, so that loops come to rest."""
    if p == q:
        return p
    a = d.as_atom(p)
    return p if a is not None and a.owner == _CHANGING else d.unknown(_CHANGING)


def _is_size(value: Any) -> bool:
    return isinstance(value, (int, Poly)) and not isinstance(value, bool)
