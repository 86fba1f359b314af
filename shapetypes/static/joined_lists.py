"""Joining a list of tensors whose length is not known: `torch.stack([f(x) for x in xs])`."""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.stubs import Function
from shapetypes.static import calls, expressions as ex
from shapetypes.static.engine import Frame
from shapetypes.static.values import Alt, PyList

_TORCH = ("cat", "concat", "concatenate", "stack", "vstack", "hstack", "dstack", "row_stack", "column_stack")
_NUMPY = ("array", "asarray", "concatenate", "stack", "vstack", "hstack")
_KERAS = ("concatenate", "stack", "vstack", "hstack")
JOINS: Final = frozenset(
    [f"torch.{name}" for name in _TORCH]
    + [f"numpy.{name}" for name in _NUMPY]
    + [f"keras.ops.{name}" for name in _KERAS]
    + ["tensorflow.concat", "tensorflow.stack", "torch.nn.utils.rnn.pad_sequence"]
)
"""The functions that make one tensor of a list of tensors."""


def join_many(
    frame: Frame, node: ast.AST, found: Function, many: PyList, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Join a list of unknown length, by how two and three of its tensors are joined.

    Returns:
        A tensor whose sizes are those that both have, or that grow by the same with each item.

    Raises:
        ShapeError: not even two of them can be joined.
    """
    if isinstance(many.element, Alt):

        def join_one(v: list[Any]) -> Any:
            one = PyList(None, v[0], count=many.count)
            return join_many(frame, node, found, one, *_with(many, one, args, kwargs))

        return ex.lift(frame, node, [many.element], join_one)
    if not isinstance(many.element, TensorSpec):
        return calls.stub_call(frame, found, args, kwargs, None, None, node)[0]
    two, three = (_joined(frame, node, found, many, count, args, kwargs) for count in (2, 3))
    if not isinstance(two, TensorSpec) or not isinstance(three, TensorSpec) or two.rank is None:
        return TensorSpec(None, library=two.library) if isinstance(two, TensorSpec) else two
    return two.with_shape(_grown(p, q, many.count) for p, q in zip(two.parts, three.parts, strict=True))


def _joined(
    frame: Frame,
    node: ast.AST,
    found: Function,
    many: PyList,
    count: int,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    some = PyList((many.element,) * count)
    return calls.stub_call(frame, found, *_with(many, some, args, kwargs), None, None, node)[0]


def _with(many: PyList, one: PyList, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """The arguments with another list in the place of this one."""
    return tuple(one if a is many else a for a in args), {k: one if v is many else v for k, v in kwargs.items()}


def _grown(two: Any, three: Any, count: Dim | None) -> Any:
    """A size for `count` items, of those for two and for three."""
    if two == three:
        return two
    if count is None or not all(isinstance(v, (int, Poly)) and not d.is_unknown(v) for v in (two, three)):
        return d.unknown("the length of a list")
    return two + (count - 2) * (three - two)


__all__ = ["JOINS", "join_many"]
