"""Windows of a series, `x[i : i + n]`: each has `n` elements where the counter leaves room for them."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.shape import TensorSpec, Var
from shapetypes.static import expressions as ex
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.values import Range


def counter(frame: Frame, value: Range) -> Poly:
    """An item of a range, which is remembered."""
    size = d.unknown("a loop counter")
    atom = d.as_atom(size)
    assert atom is not None
    frame.engine.counters[atom] = value
    return size


def moved(frame: Frame, node: ast.Subscript, x: TensorSpec, index: Any) -> Any:
    """An index with its windows at the start of their axes, where they have as many elements as anywhere else."""
    if x.rank is None or isinstance(node.slice, ast.Name):
        return index
    items = index if isinstance(index, tuple) else (index,)
    written = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if len(items) > x.rank or len(written) != len(items) or any(i is None or i is Ellipsis for i in items):
        return index
    parts = zip(items, written, x.parts, strict=False)
    found = tuple(_window(frame, item, at, size) if isinstance(item, slice) else item for item, at, size in parts)
    return found if isinstance(index, tuple) else found[0]


def _window(frame: Frame, item: slice, node: ast.expr, size: Any) -> slice:
    if item.step is not None or isinstance(size, Var):
        return item
    start, stop = item.start, item.stop
    if isinstance(start, TensorSpec) and start.rank == 0 and isinstance(node, ast.Slice):
        length = _added(frame, node)
        return item if length is None or not _fits(frame, length, size) else slice(0, length, None)
    if not isinstance(start, Poly) or not isinstance(stop, (int, Poly)):
        return item
    length = stop - start
    first, last = _ends(frame, start)
    room = _reduced(frame, size - (last + length)) if last is not None else None
    whole = (isinstance(length, int) and length > 0) or (isinstance(length, Poly) and not d.is_unknown(length))
    inside = isinstance(first, int) and first >= 0 and isinstance(room, int) and room >= 0
    return slice(0, length, None) if whole and inside else item


def _ends(frame: Frame, start: Poly) -> tuple[Any, Any]:
    """The first and the last place where a window begins; None where they are not known."""
    counters = [a for a in d.atoms_of(start) if a in frame.engine.counters]
    if len(counters) != 1:
        return None, None
    values = frame.engine.counters[counters[0]]
    first, stop, step = values.start, values.stop, values.step
    if not isinstance(step, int) or step < 1 or not isinstance(stop, (int, Poly)) or not isinstance(first, int):
        return None, None
    stop = _reduced(frame, stop)
    last = stop - 1 if step == 1 or isinstance(stop, Poly) else first + (stop - 1 - first) // step * step
    at = [_reduced(frame, d.substitute(start, {counters[0]: end})) for end in (first, last)]
    return at[0], at[1]


def _reduced(frame: Frame, size: Dim) -> Dim:
    return frame.state.judge.reduce(size) if isinstance(size, Poly) else size


def _added(frame: Frame, node: ast.Slice) -> Any:
    """`n` of a slice written `i : i + n`; None for another."""
    end = node.upper
    if node.lower is None or not isinstance(end, ast.BinOp) or not isinstance(end.op, ast.Add):
        return None
    if ast.dump(end.left) != ast.dump(node.lower):
        return None
    length = ex.evaluate(frame, end.right)
    return None if isinstance(length, bool) else size_of(length, frame)


def _fits(frame: Frame, length: Any, size: Any) -> bool:
    room = _reduced(frame, size - length)
    return isinstance(length, (int, Poly)) and isinstance(room, int) and room > 0


__all__ = ["counter", "moved"]
