"""Scopes that outlive a call: the names of an object, and those of a `with scope(...)` block.

A block belongs to the frame that opened it. What is "called directly in the block" is then a question about frames, and
no thread, task or generator can ever see a block of another one.
"""

from __future__ import annotations

import itertools
import linecache
import sys
import types
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Self

from shapetypes.core import spec as sp
from shapetypes.core.fault import Origin, Place
from shapetypes.core.parse import parse_axes, refuse
from shapetypes.core.scope import Binding, Scope
from shapetypes.runtime import values

INSTANCE_KEY: Final = "_shapetypes_names"
"""Where an object keeps its names: `{name: size}`, plain data, so that pickling and deepcopy carry it along."""
ORIGINS_KEY: Final = "_shapetypes_origins"
SCOPE_LOCAL: Final = "_shapetypes_scope"
"""The local of a generated wrapper that holds the names of its call, where the body looks at them."""
LAYOUT: Final = "_shapetypes_layout"
"""The variable of a generated wrapper that says where in the list which name stands."""
IN_GRAPH: Final[set[types.CodeType]] = set()
"""The code that calls a body as TensorFlow has rewritten it."""
PASSED: Final = "_shapetypes_names"
"""The parameter by which a body gets the names of its call."""
GENERATED: Final = "<shapetypes "
"""How the file names of generated wrappers begin."""

LISTENERS: Final[list[Callable[[Any], None]]] = []
"""Called with an object after an annotated parameter has fixed names of it."""

BLOCKS: Final[dict[int, list[scope]]] = {}
"""The open blocks by the identity of their frame."""


class _Frames(set[int]):
    """A set that can stand among the constants of a code object, which are hashed."""

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __reduce__(self) -> str:
        return "OPEN"  # a function that is pickled by value keeps looking at this one


OPEN: Final = _Frames()
"""The frames that have open blocks; false while there are none, which is all that a fast path asks."""

DEEP: Final[list[scope]] = []
"""The open blocks that count in nested calls, too."""

_FOREIGN: Final = frozenset(
    {"torch", "keras", "tensorflow", "jax", "contextlib", "functools", "shapetypes", "beartype"}
)
_homes: dict[Any, bool] = {}
_AUTOGRAPH: Final = "__autograph_generated_file"
_INLINE: Final = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<lambda>"})

# -- the names of an object -------------------------------------------------------------------------------------------

_slotted: dict[int, tuple[weakref.ref[Any], dict[str, Any]]] = {}


def _store(obj: Any) -> dict[str, Any]:
    """Where an object's names are kept: its `__dict__`, or beside it if it has none."""
    found: dict[str, Any] | None = getattr(obj, "__dict__", None)
    if isinstance(found, dict):
        return found
    key = id(obj)
    if key not in _slotted:
        try:
            _slotted[key] = (weakref.ref(obj, lambda _: _slotted.pop(key, None)), {})
        except TypeError:
            return {}
    return _slotted[key][1]


def instance_names(obj: Any) -> Mapping[str, Any]:
    """The names of an object with their sizes (elements); variadic names with their `*` and a list."""
    return _store(obj).get(INSTANCE_KEY) or {}


def instance_binding(obj: Any, name: str) -> Binding | None:
    """The size of an object's name and who fixed it."""
    names = instance_names(obj)
    if name not in names:
        return None
    size = tuple(names[name]) if isinstance(names[name], list) else names[name]
    return Binding(size, _origin(_store(obj).get(ORIGINS_KEY, {}).get(name), size))


def _origin(kept: tuple[Any, ...] | None, size: Any) -> Origin:
    what, name, axis, place, dim = kept[:5] if kept else ("parameter", "", None, None, None)
    return Origin(what, name, size, axis, Place(*place) if place else None, dim)


def bind_instance(obj: Any, name: str, size: Any, origin: Origin, owner: str) -> Binding | None:
    """Fix the size of a name for an object and all later calls on it.

    A second, different size from the same owner replaces the first (the object is built anew). From two classes of one
    hierarchy it makes the name ambiguous, and it is dropped: each class has written its own name. Anything else is a
    contradiction.

    Args:
        obj: The object.
        name: The name; with its `*` if it is variadic.
        size: Its size (elements), or a tuple of them.
        origin: Who fixes it.
        owner: What fixes it: `class:` and the class, or `layer:` and the attribute.

    Returns:
        None, or the earlier binding if the two contradict each other.
    """
    store = _store(obj)
    names, origins = dict(store.get(INSTANCE_KEY) or {}), dict(store.get(ORIGINS_KEY) or {})
    kept = list(size) if isinstance(size, (tuple, list)) else size
    place = origin.place and (
        origin.place.file, origin.place.line, origin.place.column, origin.place.end_line, origin.place.end_column
    )  # fmt: skip
    before = origins.get(name)
    if before is not None and before[5] != owner:
        if name not in names:
            return None
        if names[name] == kept:
            return None
        if not (owner.startswith("class:") and before[5].startswith("class:")):
            return instance_binding(obj, name)
        del names[name]
    else:
        names[name] = kept
        origins[name] = (origin.what, origin.name, origin.axis, place, origin.dim, owner)
    # New dictionaries: a shallow copy of the object keeps what it had.
    store[INSTANCE_KEY], store[ORIGINS_KEY] = names, origins
    return None


def unbind_instance(obj: Any, owner: str) -> None:
    """Forget the names that one owner fixed, such as a layer that is replaced."""
    store = _store(obj)
    origins = store.get(ORIGINS_KEY) or {}
    mine = {name for name, kept in origins.items() if kept[5] == owner}
    if mine:
        store[INSTANCE_KEY] = {k: v for k, v in store.get(INSTANCE_KEY, {}).items() if k not in mine}
        store[ORIGINS_KEY] = {k: v for k, v in origins.items() if k not in mine}


def forget_instance(obj: Any) -> None:
    """Forget every name of an object."""
    _store(obj).update({INSTANCE_KEY: {}, ORIGINS_KEY: {}})


def bind_parameter(obj: Any, attribute: str, found: Scope, frame: types.FrameType) -> None:
    """Fix the names that an annotated parameter of a module has bound in `found`, for the module."""
    for name, binding in found.items():
        if name not in instance_names(obj) and not values.is_unknown(binding.size):
            place = line_of(user_frame(frame))
            origin = Origin("parameter", attribute, binding.size, None, place, name.lstrip("*"))
            bind_instance(obj, name, binding.size, origin, f"attribute:{attribute}")
    for told in LISTENERS:
        told(obj)


def instance_scope(obj: Any) -> Scope:
    """The names of an object as a scope. Binding in it does not change the object."""
    out = Scope()
    for name in instance_names(obj):
        found = instance_binding(obj, name)
        assert found is not None
        out.bind(name, found.size, found.origin)
    return out


# -- blocks -----------------------------------------------------------------------------------------------------------


class scope:  # noqa: N801  used like a function: `with scope("B T"):`
    """A block in which names keep their size from one checked call to the next.

    `with scope("B T"):` lists names, which the first call that has them binds; `with scope(B=32):` gives them sizes.
    The names count for checked calls made directly in the block, and for `shaped` layers that use them.

    Args:
        names: Names, separated by blanks; a variadic name with its `*`.
        deep: Whether they also count in calls that those calls make.
        sizes: Names with their sizes (elements).

    Raises:
        AnnotationError: `names` holds something else than names.
    """

    def __init__(self, names: str = "", *, deep: bool = False, **sizes: int) -> None:
        self.deep = deep
        self.names: set[str] = set(sizes)
        self._scope = Scope()
        self._fresh: list[tuple[dict[str, Any], Caller, types.CodeType, int, int]] = []
        self._known: dict[str, Any] | None = None
        self._sizes = sizes
        self._frames: list[types.FrameType] = []
        for axis in parse_axes(names, several=True).axes:
            if axis.kind not in (sp.NAME, sp.VAR) or not axis.name:
                refuse(names, axis.column, f"`{axis.text}`: a scope takes names")
            self.names.add(("*" if axis.kind == sp.VAR else "") + axis.name)

    def __enter__(self) -> Self:
        if values.compiling()():
            return self
        frame = user_frame(sys._getframe(1))
        self._scope, self._fresh, self._known = Scope(), [], None
        for name, size in self._sizes.items():
            self._scope.bind(name, size, Origin("scope", size=size, place=line_of(frame), dim=name))
        self._frames.append(frame)
        BLOCKS.setdefault(id(frame), []).append(self)
        OPEN.add(id(frame))
        DEEP.extend([self] if self.deep else [])
        return self

    def __exit__(self, *_: object) -> None:
        if not self._frames:
            return
        key = id(self._frames.pop())
        mine = BLOCKS.get(key, [])
        if self in mine:
            mine.remove(self)
        if self in DEEP:
            DEEP.remove(self)
        if not mine:
            BLOCKS.pop(key, None)
            OPEN.discard(key)

    @property
    def scope(self) -> Scope:
        """The names that have a size by now."""
        fresh, self._fresh = self._fresh, []
        for sizes, called, code, at, line in fresh:
            place = place_at(code, at, line)
            for name, size in sizes.items():
                kept = tuple(size) if isinstance(size, list) else size
                axis = called.axes.get(name)
                self._scope.bind(name, kept, Origin("identified", called.subject, kept, axis, place, name.lstrip("*")))
        return self._scope

    def sizes(self) -> dict[str, Any]:
        """The sizes of the names so far (elements), variadic ones as lists; None where a `#` axis has bound one."""
        if self._known is not None:
            return self._known
        out = self._known = {}
        for name, found in self._scope.items():
            size = list(found.size) if isinstance(found.size, tuple) else found.size
            out[name] = None if found.broadcast or not _plain(size) else size
        for fresh in self._fresh:
            out.update(fresh[0])
        return out

    def take(self, found: dict[str, Any], called: Caller, frame: types.FrameType) -> None:
        """Take over sizes from a call that fitted on its fast path; where it stands is found out when it is asked."""
        self._fresh.append((found, called, frame.f_code, frame.f_lasti, frame.f_lineno))
        self._known = {**self.sizes(), **found}

    def adopt(self, found: Scope, subject: str, place: Place | None) -> None:
        """Take over the sizes of this block's names from a call that fitted."""
        for name in self.names:
            binding = found.get(name)
            if binding is not None and self.scope.get(name) is None:
                at = binding.origin
                origin = Origin("identified", subject, binding.size, at.axis, place, name.lstrip("*"))
                self.scope.bind(name, binding.size, origin, binding.broadcast)
        self._known = None

    def __repr__(self) -> str:
        return f"scope({' '.join(sorted(self.names))!r})"


class Open:
    """The blocks that count for one call, for its fast path.

    Attributes:
        sizes: Their names with the sizes that they have (elements); None for one that only the slow path can judge.
    """

    __slots__ = ("blocks", "called", "frame", "sizes")

    def __init__(self, blocks: Sequence[scope], called: Caller, frame: types.FrameType) -> None:
        self.blocks = blocks
        self.called = called
        self.frame = frame
        self.sizes: Mapping[str, Any] = _sizes(blocks)

    def differs(self, found: dict[str, Any]) -> bool:
        """Whether a size that the call has bound is not that of a block; if none is, the blocks take over the rest."""
        out = _differ(self.blocks, self.sizes, found, self.called, self.frame)
        self.sizes = _sizes(self.blocks)
        return out


def _sizes(blocks: Sequence[scope]) -> Mapping[str, Any]:
    if len(blocks) == 1:
        return blocks[0].sizes()
    return {name: size for block in blocks for name, size in block.sizes().items()}


def _differ(
    blocks: Sequence[scope], sizes: Mapping[str, Any], found: dict[str, Any], called: Caller, frame: types.FrameType
) -> bool:
    for block in blocks:
        new = {}
        for name in block.names:
            size = found.get(name)
            if size is None:
                continue
            if type(size) is not int and not _plain(size):
                return True
            if name not in sizes:
                new[name] = size
            elif sizes[name] != size:
                return True
        if new:
            block.take(new, called, frame)
    return False


def _plain(size: Any) -> bool:
    return type(size) is int or (isinstance(size, list) and all(type(s) is int for s in size))


class Caller:
    """Asks, for one checked function, which blocks count for a call of it.

    Attributes:
        subject: The function as a person knows it.
        axes: The axis at which each name stands first.
    """

    __slots__ = ("axes", "subject")

    def __init__(self, subject: str, axes: Mapping[str, int | None]) -> None:
        self.subject = subject
        self.axes = axes

    def __call__(self) -> Open | None:
        """The blocks that count for the call whose generated wrapper asks, if there are any."""
        frame = sys._getframe(2)
        caller = user_frame(frame)
        blocks = _visible(frame, caller)
        return Open(blocks, self, caller) if blocks else None

    def differs(self, found: dict[str, Any]) -> bool:
        """Whether a size that a call has bound is not that of a block; if none is, the blocks take over the rest."""
        frame = sys._getframe(2)
        caller = user_frame(frame)
        blocks = _visible(frame, caller)
        return bool(blocks) and _differ(blocks, _sizes(blocks), found, self, caller)


def _visible(frame: types.FrameType, caller: types.FrameType) -> Sequence[scope]:
    if DEEP or caller.f_code.co_name in _INLINE:
        return visible_blocks(frame)
    return BLOCKS.get(id(caller), ())


def any_visible() -> bool:
    """Whether a block counts for the layer whose generated check asks."""
    return bool(visible_blocks(sys._getframe(1).f_back))


def visible_blocks(frame: types.FrameType | None) -> list[scope]:
    """The blocks that count for a call made by this frame, the innermost last.

    Frames of frameworks and of this package in between do not matter; comprehensions and lambdas belong to the
    function around them.
    """
    if not BLOCKS or frame is None:
        return []
    if not DEEP:
        caller = user_frame(frame)
        if caller.f_code.co_name not in _INLINE:
            return list(BLOCKS.get(id(caller), ()))
    out: list[scope] = []
    caller = user_frame(frame)
    for one in _callers(frame):
        direct = one is caller
        out[:0] = [block for block in BLOCKS.get(id(one), ()) if direct or block.deep]
        if direct:
            caller = _around(one)  # type: ignore[assignment]
    return out


def _around(frame: types.FrameType) -> types.FrameType | None:
    """For a lambda or comprehension, the frame of the function in which it is written, if that is still running."""
    if frame.f_code.co_name not in _INLINE:
        return None
    return next((one for one in _callers(frame.f_back) if frame.f_code in one.f_code.co_consts), None)


def _callers(frame: types.FrameType | None) -> Iterator[types.FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def is_foreign(frame: types.FrameType) -> bool:
    """Whether a frame belongs to a framework, to this package, or was generated by it."""
    file = frame.f_code.co_filename
    if file.startswith(GENERATED) or _AUTOGRAPH in file:
        return True
    name = frame.f_globals.get("__name__", "")
    known = _homes.get(name)
    if known is None:
        known = _homes[name] = isinstance(name, str) and name.partition(".")[0] in _FOREIGN
    return known


def user_frame(frame: types.FrameType) -> types.FrameType:
    """The nearest frame, this one included, that is the user's own."""
    one: types.FrameType | None = frame
    while one is not None:
        if not is_foreign(one):
            return one
        one = one.f_back
    return frame


def place_at(code: types.CodeType, at: int, line: int) -> Place:
    """The span of the expression that a frame with this code is evaluating at an instruction."""
    file = code.co_filename
    positions = next(itertools.islice(code.co_positions(), at // 2, None), None)
    if positions is None or None in positions:
        return Place(file, line, 1, line, 1)
    first, last, column, end = positions
    assert first is not None and last is not None and column is not None and end is not None
    return Place(file, first, points(file, first, column), last, points(file, last, end))


def points(file: str, line: int, column: int) -> int:
    """A 0-based column in UTF-8 bytes as a 1-based one in code points."""
    return len(linecache.getline(file, line).encode()[:column].decode(errors="ignore")) + 1


def line_of(frame: types.FrameType) -> Place:
    """The line that a frame is at."""
    return Place(frame.f_code.co_filename, frame.f_lineno, 1, frame.f_lineno, 1)


def base_scope(obj: Any, frame: types.FrameType | None) -> tuple[Scope, list[scope]]:
    """The scope that a call begins with: the names of the object and of the blocks around it.

    Args:
        obj: The object whose method is called, or None.
        frame: The frame that calls.

    Returns:
        A scope of its own, and the blocks that want to know what the call binds.
    """
    out = instance_scope(obj) if obj is not None else Scope()
    blocks = visible_blocks(frame)
    for block in blocks:
        for name, binding in block.scope.items():
            out.bind(name, binding.size, binding.origin, binding.broadcast)
    return out, blocks


def call_names(frame: types.FrameType | None) -> Any:
    """The names of the checked call whose body this frame is (or is nested in).

    Returns:
        A `Scope`; or the list that the wrapper has made of them, with its layout; or None if there is no such call.
    """
    if frame is None:
        return None
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith("tensorflow."):
        frame = frame.f_back
    body = frame.f_code.co_qualname
    while frame is not None:
        if frame.f_code in IN_GRAPH:  # AutoGraph has converted the body, and calls it `tf__...`
            kept = frame.f_locals
            if f"tf__{kept['name']}" not in body.split("."):
                return None
            return (kept["names"], kept["layout"]) if isinstance(kept["names"], list) else kept["names"]
        if frame.f_code.co_filename.startswith(GENERATED):
            found = frame.f_locals.get(SCOPE_LOCAL)
            fits = frame.f_code.co_qualname
            if found is None or not (body == fits or body.startswith(fits + ".")):
                return None
            return (found, frame.f_locals[LAYOUT]) if isinstance(found, list) else found
        frame = frame.f_back
    return None
