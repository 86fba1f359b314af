"""Places in a body where names are looked at: annotated locals, `assert_shape`, `dims`, `isinstance` of a hint.

For each a small function is written that compares with the names of the call (see `names`); what it cannot decide is
left to the slow path, which works on a `Scope`.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any, Final

from shapetypes.core import spec as sp
from shapetypes.core.fault import Place, ShapeError
from shapetypes.core.scope import Scope
from shapetypes.core.spec import Spec
from shapetypes.runtime import inside, sharding, values
from shapetypes.runtime.attributes import check_attribute
from shapetypes.runtime.emit import Emitter, Miss, NotFast, function
from shapetypes.runtime.names import Layout, Where, merges, names_of
from shapetypes.runtime.nodes import DimNode, Node, TensorNode, walk
from shapetypes.runtime.plan import build
from shapetypes.runtime.resolve import evaluate
from shapetypes.runtime.signature import specs_in

LOCAL: Final = "local"
ASSERT: Final = "assert_shape"
DIMS: Final = "dims"
ISINSTANCE: Final = "isinstance"


class Site:
    """One place.

    Attributes:
        kind: `local`, `assert_shape`, `dims` or `isinstance`.
        label: What is checked, as source.
        source: The annotation or the axis string, as source.
        node: The plan; None until the names that it needs exist, and for `dims`.
        place: Where it stands.
        spec: The names that are asked for, for `dims`.
        attribute: The name of the attribute of `self` that is assigned, or empty.
    """

    def __init__(
        self, kind: str, label: str, source: str, node: Node | None, place: Place, spec: Spec | None = None,
        attribute: str = "",
    ) -> None:  # fmt: skip
        self.kind = kind
        self.label = label
        self.source = source
        self.node = node
        self.place = place
        self.spec = spec
        self.attribute = attribute

    @property
    def specs(self) -> list[Spec]:
        """Every axis string in it."""
        if self.spec is not None:
            return [self.spec]
        return specs_in(self.node) if self.node is not None else []

    def binds(self) -> dict[str, Where]:
        """Where it binds the names that it may bind."""
        out: dict[str, Where] = {}
        for node in walk(self.node) if self.node is not None else ():
            if isinstance(node, (TensorNode, DimNode)):
                for i, axis in enumerate(node.spec.axes):
                    if axis.kind in (sp.NAME, sp.VAR) and axis.name:
                        out.setdefault(("*" if axis.kind == sp.VAR else "") + axis.name, (self.label, i, self.place))
        for name in names_of(self.specs):
            out.setdefault(name, (self.label, None, self.place))
        return out


# -- the fast path ----------------------------------------------------------------------------------------------------


def site_function(site: Site, at: int, fn: types.FunctionType, layout: Layout, firm: frozenset[str]) -> Any:
    """What the body calls at a place: with the value and the names of the call, `dims` with the names alone.

    Args:
        site: The place.
        at: Its number.
        fn: The function in whose body it stands.
        layout: Where the names stand.
        firm: The names that the arguments always bind.
    """
    slow = _slow_path(site, fn, layout)
    try:
        if (site.node is None and site.spec is None) or site.attribute or merges(site.specs):
            raise NotFast
        writer = _Writer(site, at, layout, firm)
        body = writer.dims() if site.kind == DIMS else writer.check()
    except NotFast:
        return _unwritten(slow, site.kind == DIMS)
    slow_name = writer.emitter.constant(slow, "slow")
    miss: list[str] = []
    if site.kind == ISINSTANCE:  # that it does not fit is an ordinary answer, which breaks no graph
        known = writer.emitter.constant(_known, "known")
        tracing = writer.emitter.constant(values.compiling(), "compiling")
        miss = [f"if {tracing}() or {known}(value, names_):", "    return False"]
    answer, error = writer.emitter.fresh("answer_"), writer.emitter.fresh("error_")
    lines = [
        "try:",
        *("    " + line for line in body),
        "except Exception:",
        "    pass",
        *(["else:", *("    " + line for line in writer.last)] if writer.last else []),
        *miss,
        "__tracebackhide__ = True",
        f"{answer}, {error} = {slow_name}({'None' if site.kind == DIMS else 'value'}, names_)",
        f"if {error} is not None:",
        f"    raise {error}",
        f"return {answer}",
    ]
    what = f"{fn.__module__}.{fn.__qualname__} {site.kind} {at}"
    return function(what, "names_" if site.kind == DIMS else "value, names_", lines, writer.emitter.constants)


def _unwritten(slow: Callable[[Any, Any], tuple[Any, ShapeError | None]], dims: bool) -> Any:
    """What the body calls where nothing could be written: the slow path alone, and nothing while torch compiles."""
    compiling = values.compiling()

    def check(value: Any, names: Any = None) -> Any:
        __tracebackhide__ = True
        if compiling() and not dims:
            return value
        answer, error = slow(None, value) if dims else slow(value, names)
        if error is not None:
            raise error
        return answer

    return check


def _known(value: Any, names: Any) -> bool:
    """Whether the comparisons of the fast path have the last word on a value: an ordinary tensor of torch."""
    torch = values.module("torch")
    return torch is not None and type(names) is list and type(value) in (torch.Tensor, torch.nn.Parameter)


class _Writer:
    """Writes the check of one place."""

    def __init__(self, site: Site, at: int, layout: Layout, firm: frozenset[str]) -> None:
        self.site = site
        self.at = at
        self.layout = layout
        self.emitter = Emitter(("value", "names_"), (), [site.node] if site.node is not None else [])
        self.names = names_of(site.specs)
        self.last: list[str] = []
        for name in self.names:
            if name in firm:
                self.emitter.bound[name] = self.slot(name)
            else:
                self.emitter.bound[name] = self.emitter.fresh(f"{name.lstrip('*')}_")
                self.emitter.maybe.add(name)

    def slot(self, name: str) -> str:
        return f"names_[{self.layout.index[name]}]"

    def start(self) -> list[str]:
        emitter = self.emitter
        return [f"{emitter.bound[n]} = {self.slot(n)}" for n in self.names if n in emitter.maybe]

    def check(self) -> list[str]:
        """The value fits; then what is new is written into the list."""
        emitter = self.emitter
        assert self.site.node is not None
        emitter.node(self.site.node, "value")
        conditions, early = emitter.settle()
        emitter.conditions += conditions
        for name in self.names:
            if name in emitter.maybe:
                slot, local = self.slot(name), emitter.bound[name]
                who = f"names_[{len(self.layout.names) + self.layout.index[name]}]"
                self.last += [f"if {slot} is not {local}:", f"    {slot}, {who} = {local}, {self.at}"]
        self.last.append("return True" if self.site.kind == ISINSTANCE else "return value")
        return [*self.start(), *early, *emitter.finish()]

    def dims(self) -> list[str]:
        """The sizes are known."""
        emitter = self.emitter
        assert self.site.spec is not None
        emitter.maybe |= set(self.names)
        for name in self.names:
            if emitter.bound[name].startswith("names_"):
                emitter.bound[name] = emitter.fresh(f"{name.lstrip('*')}_")
        parts = []
        for axis in self.site.spec.axes:
            if axis.kind == sp.FIXED:
                parts.append(str(axis.size))
            elif axis.kind == sp.EXPR:
                parts.append(emitter.formula(axis))
            elif axis.kind == sp.NAME:
                parts.append(emitter.bound[axis.name])
            elif axis.kind == sp.VAR and axis.name:
                parts.append(f"tuple({emitter.bound['*' + axis.name]})")
            else:
                raise NotFast
        if not parts:
            raise NotFast
        unknown = [f"{emitter.bound[name]} is None" for name in self.names]
        guard = [f"if {' or '.join(unknown)}:", f"    raise {emitter.constant(Miss, 'miss')}"] if unknown else []
        return [*self.start(), *guard, f"return {parts[0] if len(parts) == 1 else '(' + ', '.join(parts) + ')'}"]


# -- the slow path ----------------------------------------------------------------------------------------------------


def _slow_path(
    site: Site, fn: types.FunctionType, layout: Layout
) -> Callable[[Any, Any], tuple[Any, ShapeError | None]]:
    """A function that gives the answer and the error, which is raised where fewer frames of ours are shown."""

    def slow(value: Any, names: Any) -> tuple[Any, ShapeError | None]:
        try:
            return values.eagerly(_judged, site, fn, layout, value, names, sys._getframe(2)), None
        except ShapeError as error:
            error.__context__ = None
            return None, error.with_traceback(None)

    return values.untraced(slow, f"`{site.label or site.source}` does not fit {site.source}")  # type: ignore[no-any-return]


def _judged(site: Site, fn: types.FunctionType, layout: Layout, value: Any, names: Any, frame: types.FrameType) -> Any:
    __tracebackhide__ = True
    if site.node is None and site.spec is None:
        hint = evaluate(site.source, frame.f_globals, frame.f_locals, fn.__module__, last=True)
        site.node = build(hint)
    scope = names if isinstance(names, Scope) else layout.scope(names)
    if site.spec is not None:
        return inside.sizes_of(site.spec, scope)
    assert site.node is not None
    if site.kind == ISINSTANCE:
        fits = inside.fits(scope, value, site.node, frame)
    elif site.attribute and "self" in frame.f_locals:
        check_attribute(frame.f_locals["self"], site.attribute, site.node, value, frame)
        return value
    else:
        scope = _check_local(site, layout, value, names, scope, frame)
        fits = True
    if fits and not isinstance(names, Scope):
        layout.keep(names, scope)
    return fits if site.kind == ISINSTANCE else value


def _check_local(site: Site, layout: Layout, value: Any, names: Any, scope: Scope, frame: types.FrameType) -> Scope:
    """Check an annotated local; in a sharded module, without the names that its construction has fixed.

    Returns:
        The scope with the names that it has bound.
    """
    __tracebackhide__ = True
    assert site.node is not None
    try:
        inside.check_in(scope, value, site.node, site.label, frame)
    except ShapeError:
        known = sharding.forget(frame.f_locals.get("self"))
        if not known:
            raise
        scope = sharding.without(scope, known)
        inside.check_in(scope, value, site.node, site.label, frame)
        if isinstance(names, list):
            layout.drop(names, known)
    return scope
