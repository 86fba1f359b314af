"""What an expression can be, as far as the engine knows it.

Plain Python objects stand for themselves: numbers, `bool`, `str`, `None`, tuples (a `Var` in one hides how many items
there are), `slice`, and sizes (`Poly`), `TensorSpec`, `DType`. This module adds the rest. All of them are treated as
immutable, so that a path can be forked by copying its names alone; identity tells aliases.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from shapetypes.core.dtype import as_dtype, as_set
from shapetypes.core.shape import Packed, TensorSpec, Unknown, Var

if TYPE_CHECKING:
    from shapetypes.static.modules import ClassInfo, Module

Cond = tuple[str, bool]
MAX_ALTERNATIVES = 8
MAX_ENTRIES = 16
NO_ITEM = object()
AT_FAULT = "a fault was reported here"
"""The reason for what a faulty operation returns."""
_ids = count(1)


@dataclass(frozen=True, slots=True, eq=False)
class Ref:
    """Something outside the project, by its dotted path: `torch.nn.functional`."""

    path: str


@dataclass(frozen=True, slots=True, eq=False)
class ModuleRef:
    """A module of the project."""

    module: Module


@dataclass(frozen=True, slots=True, eq=False)
class Func:
    """A function of the project; `closure` are the names around a nested one."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Module
    owner: ClassInfo | None = None
    closure: dict[str, Any] | None = None
    name: str = "<lambda>"


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A function of the project with its `self`."""

    func: Func
    self: Any


@dataclass(frozen=True, slots=True, eq=False)
class ClassRef:
    """A class of the project."""

    info: ClassInfo


@dataclass(frozen=True, slots=True, eq=False)
class Obj:
    """An object of a class of the project; its attributes are kept by the path, under `id`.

    `exact` says that it was built here, so that it is surely of this class and of no subclass.
    """

    info: ClassInfo
    id: int = field(default_factory=lambda: next(_ids))
    exact: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """An object of which only the place is known: a config. `cfg.n_embd` used as a size is a fixed atom.

    `mapping` says that it is declared a dict.
    """

    path: str
    owner: str
    info: ClassInfo | None = None
    mapping: bool = False


def heap_key(owner: Obj | Symbol, name: str) -> tuple[Any, str]:
    """Where a path keeps an attribute. Those of symbols are kept once they are read."""
    return (owner.id if isinstance(owner, Obj) else (owner.owner, owner.path), name)


@dataclass(frozen=True, slots=True, eq=False)
class Modules:
    """An `nn.Sequential`, `nn.ModuleList` or `nn.ModuleDict`; `items` is None when its layers are not known.

    `count` is then how many there are, where that is a size.
    """

    kind: str
    items: tuple[Any, ...] | None
    keys: tuple[Any, ...] | None = None
    element: Any = None
    count: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class KerasModel:
    """A Keras model that is of no class of the project.

    Attributes:
        kind: `Sequential`, `Functional`, or `Convolutions`: a functional one of which only the first layer is known.
        layers: The layers of a Sequential as it was made; the path keeps what was added since, under `id`.
        inputs: The input tensors, nested as they were given; None where they are not known yet.
        outputs: The tensors that come out for these.
    """

    kind: str
    layers: tuple[Any, ...] | None = None
    inputs: Any = None
    outputs: Any = None
    id: int = field(default_factory=lambda: next(_ids))


@dataclass(frozen=True, slots=True, eq=False)
class PyList:
    """A list (or set, or an exhausted iterator); `items` is None when its items are not known one by one.

    `count` is then how many there are, where that is a size.
    """

    items: tuple[Any, ...] | None
    element: Any = None
    is_list: bool = True
    count: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class PyDict:
    """A dict with known string or number keys; `items` is None when they are not known."""

    items: dict[Any, Any] | None
    element: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """A `range` of sizes."""

    start: Any
    stop: Any
    step: Any


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """A dataset or a loader of one: what each `item` is, and how many there are (None where that is not known)."""

    item: Any
    count: Any


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """A builtin function, or a method of a builtin value (`owner`)."""

    name: str
    owner: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A method of the op database with its object: a tensor or a layer."""

    owner: Any
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """A `functools.partial`."""

    function: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Super:
    """`super()` inside a method of `info`, for `self`."""

    info: ClassInfo
    self: Any


class Member(Unknown):
    """A member of an enum, of which only the name is known: it equals no other member.

    Attributes:
        path: The class and the name.
        plain: Whether it is surely no string and no number.
    """

    __slots__ = ("path", "plain")

    def __init__(self, path: str, plain: bool) -> None:
        super().__init__(f"a member of an enum: {path}")
        self.path = path
        self.plain = plain

    def __reduce__(self) -> tuple[Any, ...]:
        return (Member, (self.path, self.plain))


class Sure(Unknown):
    """A value of which only the truth is known: what `a or b` is where `a` decides.

    Attributes:
        truth: Whether it counts as true.
    """

    __slots__ = ("truth",)

    def __init__(self, reason: str, truth: bool) -> None:
        super().__init__(reason)
        self.truth = truth

    def __reduce__(self) -> tuple[Any, ...]:
        return (Sure, (self.reason, self.truth))


@dataclass(frozen=True, slots=True, eq=False)
class Alt:
    """Several values that a name may hold, each with the conditions that chose it."""

    options: tuple[tuple[frozenset[Cond], Any], ...]


def was_told(value: Any) -> bool:
    """Whether this is what a faulty operation returns: what does not fit for that reason is no news."""
    return isinstance(value, Unknown) and value.reason == AT_FAULT


def unknown(reason: str) -> Unknown:
    """A value of which nothing is known."""
    return Unknown(reason)


def options(value: Any) -> tuple[tuple[frozenset[Cond], Any], ...]:
    """The alternatives of a value: itself when it has none."""
    return value.options if isinstance(value, Alt) else ((frozenset(), value),)


def alternatives(found: Iterable[tuple[frozenset[Cond], Any]]) -> Any:
    """One value from alternatives: equal ones put together, too many are unknown."""
    kept: list[tuple[frozenset[Cond], Any]] = []
    for conds, value in found:
        for i, (other, seen) in enumerate(kept):
            merged = seen if same(seen, value) else _same_shape(seen, value)
            if merged is not None:
                kept[i] = (other & conds, merged)
                break
        else:
            kept.append((conds, value))
    if len(kept) == 1:
        return kept[0][1]
    if len(kept) > MAX_ALTERNATIVES:
        kept = by_rank(kept)
        if len(kept) == 1:
            return kept[0][1]
    if not kept or len(kept) > (MAX_ENTRIES if all(map(_is_callable, kept)) else MAX_ALTERNATIVES):
        return widest([v for _, v in kept]) if kept else Unknown("no path leads here")
    return Alt(tuple(kept))


def _is_callable(option: tuple[frozenset[Cond], Any]) -> bool:
    return isinstance(option[1], (Func, Bound, Ref, Obj, ClassRef))


def by_rank(found: Iterable[tuple[frozenset[Cond], Any]]) -> list[tuple[frozenset[Cond], Any]]:
    """Fewer alternatives: of all tensors with as many axes only what they have in common."""
    groups: dict[Any, tuple[frozenset[Cond], Any]] = {}
    for i, (conds, value) in enumerate(found):
        tensor = isinstance(value, TensorSpec) and value.rank is not None
        key = value.rank if tensor else Unknown if isinstance(value, Unknown) else f"other {i}"
        held = groups.get(key)
        groups[key] = (conds, value) if held is None else (held[0] & conds, widest([held[1], value]))
    return list(groups.values())


def _same_shape(a: Any, b: Any) -> Any:
    """One tensor for two that differ in nothing but what is known of their dtype; None for others."""
    if isinstance(a, TensorSpec) and isinstance(b, TensorSpec) and a.library == b.library and a.parts == b.parts:
        x, y = as_set(a.dtype), as_set(b.dtype)
        return TensorSpec(a.shape, as_dtype(x | y) if x is not None and y is not None else None, library=a.library)
    return None


def one_of(table: dict[Any, Any], absent: Any = NO_ITEM) -> Any:
    """The value of a dict under a key that is not known: any of them, or what stands for a key that is absent."""
    found = [*table.items()] + ([("", absent)] if absent is not NO_ITEM else [])
    if not found or len(found) > MAX_ENTRIES:
        return Unknown("an item of a dict")
    name = f"entry {next(_ids)}"
    if len(found) == 1:
        return found[0][1]
    kept: list[Any] = []
    for i, (_, value) in enumerate(found):
        if not any(same(value, seen) for _, seen in kept):
            kept.append((frozenset({(f"{name} {i}", True)}), value))
    return kept[0][1] if len(kept) == 1 else Alt(tuple(kept))


def widest(values: list[Any]) -> Any:
    """A value that says only what all of these say: a tensor stays a tensor."""
    from shapetypes.static.join import generalise

    out = values[0]
    for v in values[1:]:
        out = generalise(out, v)
    return out


class PlainRow(tuple[Any, ...]):
    """A tuple of tensors only by an annotation without shapes: such annotations are a type checker's matter."""

    __slots__ = ()


class ShapeTensor(tuple[Any, ...]):
    """The sizes that `tf.shape` gives: a tensor, so that arithmetic with it is element by element."""

    __slots__ = ()


def rebuilt(row: tuple[Any, ...], items: Iterable[Any]) -> tuple[Any, ...]:
    """A tuple of the same kind with other items."""
    kind = next((k for k in (PlainRow, ShapeTensor) if isinstance(row, k)), tuple)
    return kind(items)


def row_kind(value: Any) -> str | None:
    """`tuple` or `list` where a value is several tensors: all that a layer or a function returns, not unpacked."""
    if isinstance(value, PlainRow):
        return None
    if isinstance(value, tuple):
        return "tuple" if not is_open(value) and any(isinstance(v, TensorSpec) for v in value) else None
    if not isinstance(value, PyList) or not value.is_list:
        return None
    if value.items is None and isinstance(value.element, TensorSpec) and value.element.shape is None:
        return None  # only an annotation without shapes may say that it is a list
    items = value.items if value.items is not None else (value.element,)
    return "list" if any(isinstance(v, TensorSpec) or row_kind(v) for v in items) else None


def same(a: Any, b: Any) -> bool:
    """Whether two values are surely the same thing."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Member):
        return bool(a.path == b.path)
    if isinstance(a, Sure):
        return bool(a.truth == b.truth)
    if isinstance(a, Packed):
        return bool(a == b)
    if isinstance(a, Unknown):
        return True
    if isinstance(a, (TensorSpec, str, int, float, bool, type(None), Var)):
        return bool(a == b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, slice):
        return same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
    if isinstance(a, PyList):
        both = a.items is not None and b.items is not None
        open_ends = a.items is None and b.items is None and same((a.element, a.count), (b.element, b.count))
        return same(a.items, b.items) if both else open_ends
    return _same_object(a, b)


def _same_object(a: Any, b: Any) -> bool:
    if isinstance(a, (Obj, KerasModel)):
        return bool(a.id == b.id)
    if isinstance(a, Symbol):
        return bool(a.path == b.path) and a.info is b.info
    if isinstance(a, Ref):
        return bool(a.path == b.path)
    if isinstance(a, Func):
        return a.node is b.node and a.closure is b.closure
    if isinstance(a, Bound):
        return same(a.func, b.func) and same(a.self, b.self)
    if isinstance(a, Builtin):
        return bool(a.name == b.name) and same(a.owner, b.owner)
    if isinstance(a, Modules):
        return bool(a.kind == b.kind) and same((a.items, a.keys, a.element), (b.items, b.keys, b.element))
    if isinstance(a, (ClassRef,)):
        return a.info is b.info
    if isinstance(a, ModuleRef):
        return a.module is b.module
    if isinstance(a, Samples):
        return same((a.item, a.count), (b.item, b.count))
    if isinstance(a, PyDict) and a.items is not None and b.items is not None:
        return a.items.keys() == b.items.keys() and all(same(v, b.items[k]) for k, v in a.items.items())
    return bool(hasattr(a, "terms") and a == b)


def by_name(index: Any) -> bool:
    """Whether this names an item: plain tensors have none, what acts as one (a TensorDict, a record array) has."""
    return isinstance(index, str) or (isinstance(index, tuple) and any(isinstance(i, str) for i in index))


def is_open(items: tuple[Any, ...]) -> bool:
    """Whether a tuple hides how many items it has."""
    return any(isinstance(v, Var) for v in items)
