"""`@shapecheck`: from a function, a descriptor or a class to its checked form."""

from __future__ import annotations

import functools
import inspect
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any, TypeVar, overload

from shapetypes.core.fault import AnnotationError
from shapetypes.runtime import report
from shapetypes.runtime.codegen import make_wrapper
from shapetypes.runtime.locals import checked_body
from shapetypes.runtime.resolve import Pending, Surroundings, closure_names, function_hints
from shapetypes.runtime.signature import ASYNC_GENERATOR, COROUTINE, GENERATOR, Plan, kind_of, make_plan, subject_of

C = TypeVar("C")

MARK = "__shapetypes__"
"""The attribute of a checked function or class; it keeps a second `@shapecheck` from doing anything."""


@overload
def shapecheck(target: C, /) -> C: ...
@overload
def shapecheck(target: None = None, /, *, typechecker: object = None) -> Callable[[C], C]: ...
def shapecheck(target: Any = None, /, *, typechecker: object = None) -> Any:
    """Check the annotated shapes and dtypes of every call, and all other hints with beartype.

    Works on functions, methods, static and class methods, properties, coroutines, generators and asynchronous
    generators. On a class it checks its methods and its construction; on a dataclass assignment, too.

    Args:
        target: What to check.
        typechecker: Taken so that `jaxtyped(typechecker=...)` can be replaced one for one; it is not used.

    Returns:
        The checked form, or with `SHAPETYPES=off` in the environment the target itself.

    Raises:
        AnnotationError: an annotation cannot be read; one whose names do not exist yet raises at the first call.
        ShapeError: at a call whose arguments or result do not fit.
    """
    del typechecker
    frame = sys._getframe(1)
    if target is None:
        return functools.partial(_check, frame=None)
    return _check(target, frame=frame)


def _check(target: Any, frame: types.FrameType | None = None) -> Any:
    frame = frame or sys._getframe(1)
    if report.mode() == "off" or getattr(target, "__no_type_check__", False):
        return target
    if isinstance(target, type):
        from shapetypes.runtime.classes import check_class

        return check_class(target, frame)
    if isinstance(target, (staticmethod, classmethod)):
        return type(target)(check_callable(target.__func__, frame))
    if isinstance(target, property):
        get, put, delete = (f and check_callable(f, frame) for f in (target.fget, target.fset, target.fdel))
        return property(get, put, delete, target.__doc__)
    if isinstance(target, functools.cached_property):
        target.func = check_callable(target.func, frame)
        return target
    return check_callable(target, frame)


def check_callable(
    fn: Any, frame: types.FrameType | None = None, method: bool | None = None, beside: dict[str, Any] | None = None
) -> Any:
    """The checked form of one function.

    Args:
        fn: The function; something callable that wraps one (`lru_cache`) counts, too.
        frame: The frame that decorates it, in which local aliases are looked up.
        method: Whether its first parameter is an instance, when that is known.
        beside: The other names of its class.

    Raises:
        AnnotationError: an annotation cannot be read.
        TypeError: this is nothing that can be decorated.
    """
    inner = inspect.unwrap(fn, stop=lambda f: isinstance(f, types.FunctionType) and not hasattr(f, "__wrapped__"))
    if not isinstance(inner, types.FunctionType):
        raise TypeError(f"shapecheck takes a function or a class, not {type(fn).__name__}")
    if hasattr(fn, MARK):
        return fn
    around = Surroundings(frame, inner.__qualname__)
    around.extra = beside or {}
    try:
        return _checked(fn, inner, around, method, last=False)
    except Pending:
        return _later(fn, inner, around, method)


def _checked(fn: Any, inner: types.FunctionType, around: Surroundings, method: bool | None, last: bool) -> Any:
    try:
        plan = plan_of(inner, around, method, last)
        body = checked_body(fn, inner, plan, around)
    except AnnotationError as error:
        if report.mode() != "warn":
            raise
        code = inner.__code__
        warnings.warn_explicit(report.ShapeWarning(str(error)), None, code.co_filename, code.co_firstlineno)
        return fn
    if plan.empty and body is None:
        return fn
    wrapper = make_wrapper(fn, inner, plan, body)
    setattr(wrapper, MARK, plan)
    return wrapper


def plan_of(inner: types.FunctionType, around: Surroundings, method: bool | None, last: bool) -> Plan:
    """The plan of a function, with errors that name it.

    Raises:
        Pending: a name in an annotation is missing, and this is not the `last` time to look.
        AnnotationError: an annotation cannot be read or resolved.
    """
    try:
        hints = function_hints(inner, around, last)
        return make_plan(inner, hints, {**around.names(), **closure_names(inner)}, method)
    except AnnotationError as error:
        if error.fault is None:
            raise
        raise report.annotation_error(error.fault.but(subject=subject_of(inner)), inner.__code__) from None


def _later(fn: Any, inner: types.FunctionType, around: Surroundings, method: bool | None) -> Any:
    """A function whose annotations are resolved when it is first called."""
    made: list[Any] = []

    def ready() -> bool:
        if not made:
            made.append(_checked(fn, inner, around, method, last=True))
            around.forget()
        return True

    # Dynamo calls it while it traces and takes its answer as a constant; then it finds the function in the list.
    vars(ready)["_dynamo_marked_constant"] = True
    kind = kind_of(fn)
    if kind == COROUTINE:

        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            ready()
            return await made[0](*args, **kwargs)
    elif kind == GENERATOR:

        def wrapper(*args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
            ready()
            return (yield from made[0](*args, **kwargs))
    elif kind == ASYNC_GENERATOR:

        async def wrapper(*args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
            ready()
            async for item in made[0](*args, **kwargs):
                yield item
    else:

        def wrapper(*args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
            ready()
            return made[0](*args, **kwargs)

    functools.update_wrapper(wrapper, fn)
    # A code object of its own: Dynamo counts how often each one is compiled.
    wrapper.__code__ = wrapper.__code__.replace(co_name=inner.__name__, co_qualname=inner.__qualname__)
    setattr(wrapper, MARK, None)
    return wrapper
