"""Scopes that outlive a call: the names of an object, and those of a `with scope(...)` block.

A block belongs to the frame that opened it. What is "called directly in the block" is then a question about frames, and
no thread, task or generator can ever see a block of another one.
"""

from __future__ import annotations

import sys
import types
import weakref
from collections.abc import Callable, Iterator, Mapping
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
GENERATED: Final = "<shapetypes "
"""How the file names of generated wrappers begin."""

LISTENERS: Final[list[Callable[[Any], None]]] = []
"""Called with an object after an annotated parameter has fixed names of it."""

BLOCKS: Final[dict[int, list[scope]]] = {}
"""The open blocks by the identity of their frame; false while there are none, which is all that a fast path asks."""

_FOREIGN: Final = frozenset(
    {"torch", "keras", "tensorflow", "jax", "contextlib", "functools", "shapetypes", "beartype"}
)
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
        self.scope = Scope()
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
        self.scope = Scope()
        for name, size in self._sizes.items():
            self.scope.bind(name, size, Origin("scope", size=size, place=line_of(frame), dim=name))
        self._frames.append(frame)
        BLOCKS.setdefault(id(frame), []).append(self)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._frames:
            return
        key = id(self._frames.pop())
        mine = BLOCKS.get(key, [])
        if self in mine:
            mine.remove(self)
        if not mine:
            BLOCKS.pop(key, None)

    def adopt(self, found: Scope, subject: str, place: Place | None) -> None:
        """Take over the sizes of this block's names from a call that fitted."""
        for name in self.names:
            binding = found.get(name)
            if binding is not None and self.scope.get(name) is None:
                at = binding.origin
                origin = Origin("identified", subject, binding.size, at.axis, place, name.lstrip("*"))
                self.scope.bind(name, binding.size, origin, binding.broadcast)

    def __repr__(self) -> str:
        return f"scope({' '.join(sorted(self.names))!r})"


def visible_blocks(frame: types.FrameType | None) -> list[scope]:
    """The blocks that count for a call made by this frame, the innermost last.

    Frames of frameworks and of this package in between do not matter; comprehensions and lambdas belong to the
    function around them.
    """
    if not BLOCKS or frame is None:
        return []
    out: list[scope] = []
    caller: types.FrameType | None = user_frame(frame)
    for one in _callers(frame):
        direct = one is caller
        out[:0] = [block for block in BLOCKS.get(id(one), ()) if direct or block.deep]
        if direct:
            caller = _around(one)
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
    return isinstance(name, str) and name.partition(".")[0] in _FOREIGN


def user_frame(frame: types.FrameType) -> types.FrameType:
    """The nearest frame, this one included, that is the user's own."""
    for one in _callers(frame):
        if not is_foreign(one):
            return one
    return frame


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


def call_scope(frame: types.FrameType | None) -> Scope | None:
    """The names of the checked call whose body this frame is (or is nested in); None if there is none."""
    if frame is None:
        return None
    body = frame.f_code.co_qualname
    while frame is not None:
        if frame.f_code.co_filename.startswith(GENERATED):
            found = frame.f_locals.get(SCOPE_LOCAL)
            fits = frame.f_code.co_qualname
            return found if isinstance(found, Scope) and (body == fits or body.startswith(fits + ".")) else None
        frame = frame.f_back
    return None
