"""A wrapper for one function: written as source for its signature, compiled with a code object of its own.

The source can be seen: `linecache` knows it under `<shapetypes module.qualname>`, so that tracebacks and debuggers
show it.
"""

from __future__ import annotations

import builtins
import inspect
import linecache
from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from shapetypes.core import spec as sp
from shapetypes.runtime import calls, scopes, values
from shapetypes.runtime.emit import Emitter, Miss, NotFast, in_code
from shapetypes.runtime.locals import Body
from shapetypes.runtime.names import merges
from shapetypes.runtime.nodes import ANY
from shapetypes.runtime.signature import (
    ASYNC_GENERATOR,
    COROUTINE,
    GENERATOR,
    PLAIN,
    Plan,
    first_places,
    specs_in,
)

_STARS: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
_INDENT = "    "


def make_wrapper(target: Any, fn: Callable[..., Any], plan: Plan, body: Body | None = None) -> Callable[..., Any]:
    """The checked form of a function.

    Args:
        target: What to call: the function, or something callable around it.
        fn: The function that has the annotations.
        plan: What they demand.
        body: Its body, if it looks at the names of the call (`dims`, `assert_shape`, annotated locals).
    """
    writer = _Writer(target, fn, plan, body)
    source = writer.source()
    filename = _filename(fn, source)
    made: dict[str, Any] = {}
    # The function's own globals: `{...}` in an axis may refer to them, and Dynamo looks names up there.
    exec(compile(source, filename, "exec"), _globals(fn), made)  # noqa: S102  the source is written right here
    wrapper: Any = in_code(made["_factory"](*writer.constants.values()), writer.constants)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    update_wrapper(wrapper, target)
    wrapper.__wrapped__ = target
    wrapper.__defaults__, wrapper.__kwdefaults__ = fn.__defaults__, fn.__kwdefaults__
    wrapper.__code__ = wrapper.__code__.replace(co_qualname=fn.__qualname__)
    return wrapper  # type: ignore[no-any-return]


def _globals(fn: Callable[..., Any]) -> dict[str, Any]:
    """The function's globals; those of a NamedTuple's `__new__` have no builtins."""
    names: dict[str, Any] = fn.__globals__
    return names if names.get("__builtins__", builtins) else {**names, "__builtins__": builtins}


def _filename(fn: Callable[..., Any], source: str) -> str:
    """A name for the source; functions of one name in one module get numbers."""
    stem = f"{scopes.GENERATED}{fn.__module__}.{fn.__qualname__}"
    for n in range(1, 100):
        name = f"{stem}>" if n == 1 else f"{stem} {n}>"
        known = linecache.cache.get(name)
        if known is None or "".join(linecache.getlines(name)) == source:
            return name
    return f"{stem}>"


class _Writer:
    """Writes the wrapper's source and collects the objects that it refers to."""

    def __init__(self, target: Any, fn: Callable[..., Any], plan: Plan, body: Body | None) -> None:
        self.fn = fn
        self.plan = plan
        self.inside = body
        self.memo = body is not None and body.memo
        self.names = [p.name for p in plan.params]
        self.emitter = Emitter(self.names, self._hole_names(), plan.nodes)
        self.constants = self.emitter.constants
        self.code = fn.__code__
        self.instance = ""
        self.opened = ""
        self.target = self.const(target if body is None else body.run, "fn")
        self.open_call = self.const(calls.opener(plan, self.memo, self.code), "check")
        if body is not None:
            self.constants[scopes.LAYOUT] = body.layout

    def const(self, value: Any, stem: str) -> str:
        return self.emitter.constant(value, stem)

    def _hole_names(self) -> set[str]:
        builtin = self.fn.__globals__.get("__builtins__", {})
        every = builtin if isinstance(builtin, dict) else vars(builtin)
        hidden = set(self.plan.local) - set(self.names)
        return {*self.names, *((set(self.fn.__globals__) | set(every)) - hidden)}

    # -- signature ------------------------------------------------------------------------------------------------

    def parameters(self) -> str:
        """The parameter list; defaults are put in after compilation."""
        out: list[str] = []
        kinds = [p.kind for p in self.plan.params]
        starred = False
        for i, param in enumerate(self.plan.params):
            if param.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
                starred = inspect.Parameter.VAR_POSITIONAL in kinds
                out += [] if starred else ["*"]
                starred = True
            star = _STARS.get(param.kind, "")
            out.append(f"{star}{param.name}{'=None' if param.default else ''}")
            only = inspect.Parameter.POSITIONAL_ONLY
            if param.kind is only and (i + 1 == len(kinds) or kinds[i + 1] is not only):
                out.append("/")
        return ", ".join(out)

    def call(self, names: str = "") -> str:
        """The call of the function itself.

        Args:
            names: The names of the call, for a body that takes them.
        """
        out = []
        for p in self.plan.params:
            keyword = f"{p.name}=" if p.kind is inspect.Parameter.KEYWORD_ONLY else ""
            prefix = _STARS.get(p.kind, keyword)
            if prefix == "**" and self.passes:
                out.append(f"{scopes.PASSED}={names}")
            out.append(prefix + p.name)
        if self.passes and not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in self.plan.params):
            out.append(f"{scopes.PASSED}={names}")
        return f"{self.target}({', '.join(out)})"

    @property
    def passes(self) -> bool:
        """Whether the body takes the names of the call."""
        return self.inside is not None and self.inside.passed

    def values(self) -> str:
        return f"({', '.join(self.names)}{',' if len(self.names) == 1 else ''})"

    # -- body -----------------------------------------------------------------------------------------------------

    def source(self) -> str:
        """The whole source: a factory that takes the constants and gives the wrapper."""
        body = self.body()
        word = "async def" if self.plan.kind in (COROUTINE, ASYNC_GENERATOR) else "def"
        name = self.fn.__name__ if self.fn.__name__.isidentifier() else "wrapper"
        name = self.emitter.fresh(name) if name in self.constants or name in self.names else name
        lines = [
            f"def _factory({', '.join(self.constants)}):",
            f"{_INDENT}{word} {name}({self.parameters()}):",
            *(f"{_INDENT * 2}{line}" for line in body),
            f"{_INDENT}return {name}",
        ]
        return "\n".join(lines) + "\n"

    def body(self) -> list[str]:
        grows = self.inside is not None and merges(spec for node in self.plan.nodes for spec in specs_in(node))
        if self.memo or self.plan.binds or grows:
            return self.slowly()
        try:
            return self.fast()
        except NotFast:
            self.emitter = Emitter(self.names, self._hole_names(), self.plan.nodes)
            self.emitter.constants = self.constants
            self.emitter.taken |= set(self.constants)
            return self.slowly()

    def slowly(self) -> list[str]:
        """Every call is interpreted; while torch compiles, nothing is checked."""
        compiling = self.const(values.compiling(), "compiling")
        none = 0 if self.inside is None else 2 * len(self.inside.layout.names) + 3
        run = self.run_plain(self.call(f"[{', '.join(['None'] * none)}]"))
        return [f"if {compiling}():", *(_INDENT + line for line in run), *self.checked()]

    def run_plain(self, call: str) -> list[str]:
        """Run the function with nothing checked."""
        if self.plan.kind == COROUTINE:
            return [f"return await {call}"]
        if self.plan.kind == GENERATOR:
            return [f"return (yield from {call})"]
        if self.plan.kind == ASYNC_GENERATOR:
            item = self.emitter.fresh("item_")
            return [f"async for {item} in {call}:", f"{_INDENT}yield {item}", "return"]
        return [f"return {call}"]

    def checked(self) -> list[str]:
        """Check the arguments slowly, run the function, check its results slowly."""
        check, result, error = (self.emitter.fresh(n) for n in ("check_", "result_", "error_"))
        head = [
            "__tracebackhide__ = True",
            # The layout is named here so that it can be found in the frame.
            f"{check} = {self.open_call}({self.values()}{', ' + scopes.LAYOUT if self.inside is not None else ''})",
            f"if {check}.error is not None:",
            f"{_INDENT}raise {check}.error",
        ]
        if self.inside is not None:
            head.append(f"{scopes.SCOPE_LOCAL} = {check}.scope")
        run = self.call(scopes.SCOPE_LOCAL)
        if self.plan.kind in (GENERATOR, ASYNC_GENERATOR):
            return head + self.drive(run, check)
        if self.memo and self.plan.kind == COROUTINE:
            run = f"{self.const(calls.Stepwise, 'steps')}({run}, {check})"
        body = [f"{result} = {'await ' if self.plan.kind == COROUTINE else ''}{run}"]
        if self.memo and self.plan.kind == PLAIN:
            body = [f"with {check}:", _INDENT + body[0]]
        return [
            *head, *body, f"{error} = {check}.returned({result})", f"if {error} is not None:",
            f"{_INDENT}raise {error}", f"return {result}",
        ]  # fmt: skip

    def drive(self, call: str, check: str) -> list[str]:
        """Run a generator with what it yields, gets and returns checked."""
        if self.plan.kind == GENERATOR:
            return [f"return (yield from {self.const(calls.drive, 'drive')}({call}, {check}))"]
        running, item, sent, caught = (self.emitter.fresh(n) for n in ("running_", "item_", "sent_", "caught_"))
        return [
            f"{running} = {self.const(calls.AsyncDrive, 'drive')}({call}, {check})",
            f"{item} = await {running}.start()",
            f"while {item} is not {self.const(calls.DONE, 'done')}:",
            f"{_INDENT}try:",
            f"{_INDENT * 2}{sent} = yield {item}",
            f"{_INDENT}except GeneratorExit:",
            f"{_INDENT * 2}await {running}.close()",
            f"{_INDENT * 2}raise",
            f"{_INDENT}except BaseException as {caught}:",
            f"{_INDENT * 2}{item} = await {running}.throw({caught})",
            f"{_INDENT}else:",
            f"{_INDENT * 2}{item} = await {running}.send({sent})",
        ]

    def fast(self) -> list[str]:
        """The fast path in `try`, the rest of the call in its `else`, the slow path behind it."""
        for param in self.plan.params:
            self.emitter.node(param.node, param.name)
        for name in self.inside.layout.names if self.inside is not None else ():
            self.emitter.local(name)
        attempt = self.attempt(first=True)
        rest = self.proceed()
        return [*_try(attempt, rest), *self.checked()]

    def proceed(self) -> list[str]:
        """Run the function after its arguments have passed."""
        if self.plan.kind in (GENERATOR, ASYNC_GENERATOR):
            check = self.emitter.fresh("late_")
            late = self.const(calls.resumer(self.plan, self.code), "late")
            head = [f"{check} = {late}({self.values()}, {self.bindings()})"]
            if self.inside is not None:
                head.append(f"{scopes.SCOPE_LOCAL} = {check}.scope")
            return [*head, *self.drive(self.call(scopes.SCOPE_LOCAL), check), "return"]
        head = self.hand_over()
        if self.plan.returns == ANY:
            return [*head, *self.run_plain(self.call(scopes.SCOPE_LOCAL))]
        wait = "await " if self.plan.kind == COROUTINE else ""
        result, error = self.emitter.fresh("result_"), self.emitter.fresh("error_")
        before, known = set(self.emitter.bound), self.bindings() if self.inside is None else scopes.SCOPE_LOCAL
        self.emitter.node(self.plan.returns, result)
        attempt = self.attempt(known=before)
        late = self.const(calls.resumer(self.plan, self.code, self.inside.layout if self.inside else None), "late")
        late = f"{late}({self.values()}, {known})"
        return [
            *head,
            f"{result} = {wait}{self.call(scopes.SCOPE_LOCAL)}",
            *_try([*self.take_back(), *attempt], [f"return {result}"]),
            "__tracebackhide__ = True",
            f"{error} = {late}.returned({result})",
            f"if {error} is not None:",
            f"{_INDENT}raise {error}",
            f"return {result}",
        ]

    def hand_over(self) -> list[str]:
        """The names of the call as the body gets them; see `names`."""
        if self.inside is None:
            return []
        names = self.inside.layout.names
        sizes = [self.emitter.bound[name] for name in names]
        owner = self.names[0] if self.plan.method and self.names else "None"
        parts = [*sizes, *["None"] * (len(names) + 1), self.opened or "None", owner]
        return [f"{scopes.SCOPE_LOCAL} = [{', '.join(parts)}]"]

    def take_back(self) -> list[str]:
        """The names that the body may have bound."""
        if self.inside is None:
            return []
        maybe = [(i, n) for i, n in enumerate(self.inside.layout.names) if n in self.emitter.maybe]
        return [f"{self.emitter.bound[name]} = {scopes.SCOPE_LOCAL}[{i}]" for i, name in maybe]

    def attempt(self, first: bool = False, known: Iterable[str] = ()) -> list[str]:
        """What the emitter has gathered, as statements that raise where it does not fit."""
        emitter = self.emitter
        start: list[str] = []
        if first and self.plan.method and self._wants_instance():
            self.instance = emitter.fresh("instance_")
            start.append(f"{self.instance} = {self.names[0]}.__dict__.get({scopes.INSTANCE_KEY!r})")
        # Expressions may ask for names that nothing has bound yet, so their locals are known only now.
        conditions, early = emitter.settle()
        start += early
        new = [name for name in emitter.bound if name not in set(known)]
        firm = [name for name in new if name not in emitter.maybe]
        maybe = [name for name in new if name in emitter.maybe]
        start += [f"{emitter.bound[name]} = {self.instance_size(name)}" for name in maybe]
        if first and (maybe or self.inside is not None):
            start = [*self.open_blocks(), *start]
        if self.opened and maybe:
            start.append(f"if {self.opened}:")
            sizes = f"{self.opened}.sizes.get"
            start += [f"    {emitter.bound[n]} = {sizes}({n!r}, {emitter.bound[n]})" for n in maybe]
        if self.instance and firm:
            pairs = [(n, emitter.bound[n]) for n in firm]
            differs = " or ".join(f"{self.instance}.get({n!r}, {v}) != {v}" for n, v in pairs)
            conditions.append(f"({self.instance} is not None and ({differs}))")
        emitter.conditions += conditions
        emitter.lines[:0] = start
        return [*emitter.finish(), *self.compare_blocks(first or bool(new))]

    def open_blocks(self) -> list[str]:
        """Look at the blocks first, since names may have their size from there."""
        self.opened = self.emitter.fresh("opened_")
        return [f"{self.opened} = {self._blocks()} and {self._asks()}()"]

    def compare_blocks(self, wanted: bool) -> list[str]:
        """What is bound fits the blocks; then they take over what is new."""
        names = self.emitter.bound
        if not names or not wanted:
            return []
        given = "{" + ", ".join(f"{n!r}: {v}" for n, v in names.items()) + "}"
        if self.opened:
            return [f"if {self.opened} and {self.opened}.differs({given}):", f"    raise {self.const(Miss, 'miss')}"]
        miss = self.const(Miss, "miss")
        return [f"if {self._blocks()} and {self._asks()}.differs({given}):", f"    raise {miss}"]

    def _blocks(self) -> str:
        """The condition that blocks are open. Compiled code does not look at them: they would be one more guard."""
        return f"{self.const(scopes.OPEN, 'blocks')} and not {self.const(values.compiling(), 'compiling')}()"

    def _asks(self) -> str:
        for name, value in self.constants.items():
            if isinstance(value, scopes.Caller):
                return name
        axes = {name: axis for name, (_, axis) in first_places(self.plan).items()}
        return self.const(scopes.Caller(self.plan.subject, axes), "open")

    def instance_size(self, name: str) -> str:
        """What a name is before anything binds it."""
        return f"None if {self.instance} is None else {self.instance}.get({name!r})" if self.instance else "None"

    def _wants_instance(self) -> bool:
        return self.inside is not None or any(
            axis.kind in (sp.NAME, sp.VAR, sp.EXPR)
            for node in self.plan.nodes
            for spec in specs_in(node)
            for axis in spec.axes
        )

    def bindings(self) -> str:
        return "{" + ", ".join(f"{name!r}: {local}" for name, local in self.emitter.bound.items()) + "}"


def _try(attempt: list[str], rest: list[str]) -> list[str]:
    """`rest` where `attempt` raises nothing; what follows where it does."""
    return [
        "try:",
        *(_INDENT + line for line in attempt or ["pass"]),
        "except Exception:",
        f"{_INDENT}pass",
        "else:",
        *(_INDENT + line for line in rest),
    ]
