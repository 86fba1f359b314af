"""One checked call on its slow path: its scope, its verdicts, and the generators that check what passes through."""

from __future__ import annotations

import sys
import types
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, Final, Self

from shapetypes.core.fault import AnnotationError, Fault, Operand, Origin, Place, ShapeError
from shapetypes.core.scope import Scope
from shapetypes.runtime import explain, inside, report, scopes, sharding, values
from shapetypes.runtime.names import Layout
from shapetypes.runtime.nodes import ANY, DimNode, Node, walk
from shapetypes.runtime.resolve import hole_value
from shapetypes.runtime.signature import Plan, first_places, specs_in

DONE: Final = object()
"""What an asynchronous generator gives when it has ended."""


class Call:
    """The slow check of one call.

    Attributes:
        error: Why the arguments do not fit, as the exception to raise, or None.
        scope: The names of the call.
    """

    __slots__ = (
        "blocks", "caller", "code", "error", "looks", "memo", "operands", "plan", "running", "scope", "values", "warn"
    )  # fmt: skip

    def __init__(
        self,
        plan: Plan,
        given: tuple[Any, ...],
        caller: types.FrameType | None,
        warn: bool,
        code: types.CodeType | None = None,
    ) -> None:
        self.plan = plan
        self.code = code
        self.running: Any = None
        self.values = given
        self.caller = caller
        self.warn = warn
        self.error: ShapeError | None = None
        self.operands: tuple[Operand, ...] = ()
        self.memo: Any = None
        self.looks = False
        self.scope = Scope()
        self.blocks: list[scopes.scope] = []

    def _owner(self) -> Any:
        """The object whose names count, if this is a method."""
        return self.values[0] if self.plan.method and self.values and not self.plan.binds else None

    def _forget(self) -> bool:
        """If the object is a sharded module, go on without the names that its construction has fixed."""
        names = sharding.forget(self._owner())
        self.scope = sharding.without(self.scope, names) if names else self.scope
        return bool(names)

    # -- arguments --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Check the arguments."""
        self.scope, self.blocks = scopes.base_scope(self._owner(), self.caller)
        plan = self.plan
        entries = [(p.name, p.node, v) for p, v in zip(plan.params, self.values, strict=True) if p.node != ANY]
        fault = self._check(entries)
        if fault is not None and self._forget():
            fault = self._check(entries)
        if fault is None:
            self._share()
            if plan.binds:
                self._bind_instance()
        else:
            self.error = self._error(fault)

    def resume(self, bound: dict[str, Any] | list[Any], layout: Layout | None = None) -> None:
        """Take over what the fast path has bound, without checking the arguments again."""
        self.scope, self.blocks = scopes.base_scope(self._owner(), self.caller)
        if layout is not None and isinstance(bound, list):
            self.scope = layout.scope(bound)
            bound = {}
        assert isinstance(bound, dict)
        places = first_places(self.plan)
        for name, size in bound.items():
            if size is None:
                continue
            sizes = size[0] if isinstance(size, tuple) else size
            kept = tuple(values.size(s) for s in sizes) if isinstance(sizes, list) else values.size(sizes)
            if self.scope.get(name) is None:
                label, axis = places.get(name, ("", None))
                self.scope.bind(name, kept, Origin("argument", label, kept, axis, dim=name.lstrip("*")))
        self.operands = tuple(self._seen())
        self._share()

    def _seen(self) -> list[Operand]:
        """The tensors among the arguments, for the table of shapes."""
        scratch = Scope()
        entries = [(p.name, p.node, v) for p, v in zip(self.plan.params, self.values, strict=True) if p.node != ANY]
        return explain.check(entries, scratch, self.plan.subject, self._hole)[1].operands

    # -- results ----------------------------------------------------------------------------------------------------

    def returned(self, result: Any) -> ShapeError | None:
        """Why the result does not fit, as the exception to raise, or None."""
        return values.eagerly(Call._judge, self, "return", self.plan.returns, result, True)  # type: ignore[no-any-return]

    def yielded(self, item: Any) -> ShapeError | None:
        """Why a yielded value does not fit. Names that only it has are its own."""
        return self._judge("yield", self.plan.yields, item)

    def sent(self, item: Any) -> ShapeError | None:
        """Why a sent value does not fit."""
        return self._judge("send", self.plan.sends, item)

    def _judge(self, label: str, node: Node, value: Any, keep: bool = False) -> ShapeError | None:
        if node == ANY:
            return None
        fault = self._check([(label, node, value)], keep)
        if fault is not None and self._forget():
            fault = self._check([(label, node, value)], keep)
        if fault is None:
            if keep:
                self._share()
            return None
        return self._error(fault, self._place(label, value))

    # -- the check itself -------------------------------------------------------------------------------------------

    def _check(self, entries: list[explain.Entry], keep: bool = True) -> Fault | None:
        trial = self.scope.trial()
        try:
            fault, matcher = explain.check(entries, trial, self.plan.subject, self._hole, self.operands)
        except AnnotationError as error:
            if error.fault is None:
                raise
            return error.fault.but(subject=self.plan.subject)
        if fault is not None:
            return fault
        for label, name in matcher.unbound:
            if name not in self.plan.bindable:
                detail = f"no argument, and nothing in the object, binds `{name}`"
                return Fault("unresolved-annotation", "unresolved", self.plan.subject, label, got=name, detail=detail)
        if keep:
            trial.commit()
            self.operands = tuple(matcher.operands)
        return None

    def _hole(self, source: str) -> Any:
        local = {**self.plan.local, **{p.name: v for p, v in zip(self.plan.params, self.values, strict=True)}}
        return hole_value(source, self.plan.names, local)

    def _error(self, fault: Fault, at: Place | None = None) -> ShapeError | None:
        if fault.code == "unresolved-annotation":
            return AnnotationError(report.annotation_error(fault, None).args[0], fault)
        return report.error_for(fault, self.caller, self.plan.params, self.warn, at)

    def _place(self, label: str, value: object) -> Place | None:
        """Where in the function a result comes from."""
        if label == "return" and self.code is not None:
            return report.return_place(self.code, value)
        frame = getattr(self.running, "gi_frame", None) or getattr(self.running, "ag_frame", None)
        return report.call_place(frame) if label == "yield" and frame is not None else None

    def _share(self) -> None:
        """Tell the blocks around the call what it has bound."""
        if self.blocks and self.caller is not None:
            place = report.call_place(scopes.user_frame(self.caller))
            for block in self.blocks:
                block.adopt(self.scope, self.plan.subject, place)

    def _bind_instance(self) -> None:
        """The names of the `Dim` integers of `__init__` become names of the object."""
        place = report.call_place(scopes.user_frame(self.caller)) if self.caller is not None else None
        owner = f"class:{self.plan.subject}"
        scopes.unbind_instance(self.values[0], owner)
        for param in self.plan.params:
            for node in walk(param.node):
                for axis in node.spec.axes if isinstance(node, DimNode) else ():
                    name = ("*" if axis.kind == "var" else "") + axis.name
                    found = self.scope.get(name) if axis.name else None
                    if found is not None:
                        origin = Origin("parameter", param.name, found.size, None, place, axis.name)
                        scopes.bind_instance(self.values[0], name, found.size, origin, owner)

    # -- the body looks at the names --------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.memo = inside.enter(self) if self.looks else None
        return self

    def __exit__(self, *_: object) -> None:
        if self.memo is not None:
            inside.leave(self)


def opener(plan: Plan, memo: bool, code: types.CodeType) -> Callable[..., Call]:
    """The function that a wrapper calls when its fast path gives up."""
    warn = report.mode() == "warn"
    text = _compiled_text(plan, "arguments")

    def check(given: tuple[Any, ...], _: object = None) -> Call:
        call = Call(plan, given, sys._getframe(1).f_back, warn, code)
        call.looks = memo
        values.eagerly(Call.begin, call)
        return call

    values.untraced(Call.returned, text)
    return values.untraced(check, text)  # type: ignore[no-any-return]


def resumer(plan: Plan, code: types.CodeType, layout: Layout | None = None) -> Callable[[tuple[Any, ...], Any], Call]:
    """The function that a wrapper calls when its arguments have passed and its result does not."""
    warn = report.mode() == "warn"
    text = _compiled_text(plan, "result")

    def late(given: tuple[Any, ...], bound: Any) -> Call:
        call = Call(plan, given, sys._getframe(1).f_back, warn, code)
        values.eagerly(Call.resume, call, bound, layout)
        return call

    return values.untraced(late, text)  # type: ignore[no-any-return]


def _compiled_text(plan: Plan, what: str) -> str:
    """All that can be said while Dynamo traces. Unless `fullgraph` is asked for, the call is then run eagerly."""
    hints = [f'{p.name} "{spec.text}"' for p in plan.params for spec in specs_in(p.node)]
    hints += [f'return "{spec.text}"' for spec in specs_in(plan.returns)] if what == "result" else []
    return f"`{plan.subject}`: {what} do not fit {', '.join(hints)}; without torch.compile the message has the details"


# -- generators -------------------------------------------------------------------------------------------------------


def drive(running: Generator[Any, Any, Any], call: Call) -> Generator[Any, Any, Any]:
    """Run a generator with what it yields, gets and returns checked."""
    __tracebackhide__ = True
    call.running = running
    step: Callable[[], Any] = lambda: next(running)  # noqa: E731
    while True:
        with call:
            try:
                item = step()
            except StopIteration as stop:
                _raise(call.returned(stop.value))
                return stop.value
        error = call.yielded(item)
        if error is not None:
            running.close()
            raise error
        try:
            sent = yield item
        except GeneratorExit:
            running.close()
            raise
        except BaseException as caught:  # noqa: BLE001  whatever is thrown in goes to the generator
            thrown = caught
            step = lambda thrown=thrown: running.throw(thrown)  # type: ignore[misc]  # noqa: E731
        else:
            _raise(None if sent is None else call.sent(sent))
            step = lambda sent=sent: running.send(sent)  # type: ignore[misc]  # noqa: E731


def _raise(error: ShapeError | None) -> None:
    __tracebackhide__ = True
    if error is not None:
        raise error


class Stepwise:
    """Awaits something with the names of the call in force whenever it runs, and never while others do."""

    def __init__(self, awaited: Any, call: Call) -> None:
        self.awaited = awaited
        self.call = call

    def __await__(self) -> Generator[Any, Any, Any]:
        running = self.awaited.__await__()
        step: Callable[[], Any] = lambda: next(running)  # noqa: E731
        while True:
            with self.call:
                try:
                    item = step()
                except StopIteration as stop:
                    return stop.value
            try:
                sent = yield item
            except BaseException as caught:  # noqa: BLE001  a cancellation goes to what is awaited
                thrown = caught
                step = lambda thrown=thrown: running.throw(thrown)  # type: ignore[misc]  # noqa: E731
            else:
                step = lambda sent=sent: running.send(sent)  # type: ignore[misc]  # noqa: E731


class AsyncDrive:
    """Runs an asynchronous generator with what it yields and gets checked; each step gives the item or `DONE`."""

    def __init__(self, running: AsyncGenerator[Any, Any], call: Call) -> None:
        self.running = call.running = running
        self.call = call

    async def start(self) -> Any:
        """The first item."""
        return await self._item(self.running.__anext__())

    async def send(self, value: Any) -> Any:
        """The next item after a value was sent in."""
        _raise(None if value is None else self.call.sent(value))
        return await self._item(self.running.asend(value))

    async def throw(self, error: BaseException) -> Any:
        """The next item after an exception was thrown in."""
        return await self._item(self.running.athrow(error))

    async def close(self) -> None:
        """End the generator."""
        await self.running.aclose()

    async def _item(self, step: Any) -> Any:
        __tracebackhide__ = True
        try:
            item = await (Stepwise(step, self.call) if self.call.looks else step)
        except StopAsyncIteration:
            return DONE
        error = self.call.yielded(item)
        if error is not None:
            await self.close()
            raise error
        return item
