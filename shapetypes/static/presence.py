"""Which names a path has: those of an optional argument only where it is there."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dim import RIGID, Poly, as_atom
from shapetypes.core.scope import Scope
from shapetypes.core.shape import TensorSpec, Var
from shapetypes.static.engine import Frame
from shapetypes.static.values import Alt, PyDict, PyList, options


def scope_here(frame: Frame) -> Scope:
    """The names of a function's annotations that an argument binds on this path.

    Of `h: Float[Tensor, "b d"] | None` neither `b` nor `d` is bound where `h` is None: a `return` binds them there.
    Where `h` may be None it is the same, as a fault must be one for each alternative.
    """
    present: set[Any] = set()
    every: set[Any] = set()
    for name, value in frame.given.items():
        _sizes(value, every)
        bound: list[set[Any]] = []
        for option in _possible(frame, name, value):
            bound.append(set())
            _sizes(option, bound[-1])
        present |= set.intersection(*bound) if bound else set()
    absent = every - present
    if not absent:
        return frame.scope
    out = Scope()
    for name, binding in frame.scope.items():
        size = binding.size
        key = (
            size[0] if isinstance(size, tuple) and len(size) == 1 else as_atom(size) if isinstance(size, Poly) else None
        )
        if key not in absent:
            out.bind(name, size, binding.origin, binding.broadcast)
    return out


def _possible(frame: Frame, name: str, value: Any) -> list[Any]:
    """The alternatives of an argument that this path allows."""
    if not isinstance(value, Alt):
        return [value]
    first = [v for _, v in value.options]
    now = [v for _, v in options(frame.state.env.get(name))]
    if all(any(v is w for w in first) for v in now):
        return now
    return [v for conds, v in value.options if frame.state.consistent(conds)]


def _sizes(value: Any, out: set[Any]) -> None:
    if isinstance(value, TensorSpec):
        _sizes(value.shape, out)
    elif isinstance(value, Poly):
        out |= {a for a in value.atoms if a.kind == RIGID}
    elif isinstance(value, Var):
        out.add(value)
    elif isinstance(value, Alt):
        for _, option in value.options:
            _sizes(option, out)
    elif isinstance(value, (tuple, list)):
        for item in value:
            _sizes(item, out)
    elif isinstance(value, (PyList, PyDict)):
        _sizes(value.element, out)


__all__ = ["scope_here"]
