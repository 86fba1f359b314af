"""`with` statements: what context managers of the project do on entering and leaving."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.static import builtin_calls, expressions as ex, loops, objects, statements
from shapetypes.static.engine import Frame
from shapetypes.static.values import Func, Obj


def run_with(frame: Frame, node: ast.With | ast.AsyncWith) -> None:
    """A `with` statement; where it waits for an exception, nothing is reported inside."""
    muted = False
    held = []
    for item in node.items:
        value = ex.evaluate(frame, item.context_expr)
        muted = muted or builtin_calls.expects_failure(frame, item.context_expr)
        held.append((item.context_expr, value))
        entered = _entered(frame, item.context_expr, value)
        if item.optional_vars is not None:
            statements.assign(frame, item.optional_vars, entered)
    if not muted:
        statements.run(frame, node.body)
        for at, value in reversed(held):
            if isinstance(value, Obj) and not frame.state.dead:
                objects.call_method(frame, at, value, "__exit__", (None, None, None), {})
        return
    before = frame.state.fork()
    frame.muted += 1
    with frame.engine.capture():
        statements.run(frame, node.body)
    frame.muted -= 1
    frame.state = loops.blurred(before, frame.state)
    frame.state.dead = False


def _entered(frame: Frame, node: ast.expr, value: Any) -> Any:
    """What `with` gives a name: what the `__enter__` of an object of the project returns, which is run."""
    if isinstance(value, Obj) and isinstance(frame.names.method(value.info, "__enter__"), Func):
        return objects.call_method(frame, node, value, "__enter__", (), {})
    return value if not isinstance(value, (Obj, TensorSpec)) else Unknown("what a context manager returns")
