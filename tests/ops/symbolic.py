"""Symbolic answers against numbers: with integers put in for the names, both must agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops import infer


def put_in(value: Any, values: Mapping[str, int]) -> Any:
    """The value with numbers for the names in its sizes."""
    if isinstance(value, Poly):
        return d.evaluate(value, {a: values[a.name] for a in value.atoms})
    if isinstance(value, TensorSpec):
        assert value.shape is not None
        return TensorSpec(put_in(value.shape, values), value.dtype)
    if isinstance(value, slice):
        return slice(*(put_in(v, values) for v in (value.start, value.stop, value.step)))
    if isinstance(value, (list, tuple)):
        return type(value)(put_in(v, values) for v in value)
    if isinstance(value, dict):
        return {k: put_in(v, values) for k, v in value.items()}
    return value


def outcome(name: str, args: Any, kwargs: Any) -> Any:
    """The result, or None for a refusal."""
    try:
        return infer(name, args, kwargs)
    except ShapeError:
        return None


def covers(symbolic: Any, concrete: Any) -> bool:
    """Whether a result with unknown parts may be the concrete one."""
    if isinstance(symbolic, Unknown):
        return True
    if isinstance(symbolic, TensorSpec):
        if symbolic.shape is None:
            return isinstance(concrete, TensorSpec)
        same_dtype = symbolic.dtype in (None, concrete.dtype)
        return same_dtype and covers(symbolic.shape, concrete.shape)
    if isinstance(symbolic, (list, tuple)):
        return len(symbolic) == len(concrete) and all(map(covers, symbolic, concrete))
    return bool(symbolic == concrete)


def agrees(name: str, args: Any, kwargs: Any = None, **values: int) -> Any:
    """Check the symbolic answer of one call against the answer with numbers; returns the symbolic one."""
    symbolic = infer(name, args, kwargs or {})
    concrete = outcome(name, put_in(args, values), put_in(kwargs or {}, values))
    assert concrete is not None, f"{name}{args}: {symbolic}, but refused with {values}"
    found = put_in(symbolic, values) if not isinstance(symbolic, Unknown) else symbolic
    assert covers(found, concrete), f"{name}{args}: {symbolic} with {values} is not {concrete}"
    return symbolic
