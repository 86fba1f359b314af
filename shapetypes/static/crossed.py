"""Axes named after fields of a config where each field's size stands at another's axis.

Whether two fields of a config are equal is not known. But where an axis is called `heads` and its size is `cfg.width`,
while another axis of the same tensor is called `width` and is something else, the names are in the wrong order.
"""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import FIXED, Atom, Poly, as_atom
from shapetypes.core.judge import Conflict, Judge
from shapetypes.core.shape import TensorSpec, Var
from shapetypes.core.spec import EXPR, NAME, Spec


def crossed(judge: Judge, spec: Spec, value: TensorSpec) -> tuple[int, Conflict] | None:
    """The first axis with the size of a field that another axis is named after, and what is wrong with it."""
    parts = value.parts
    if len(parts) != len(spec.axes) or any(isinstance(p, Var) for p in parts):
        return None
    sizes = [judge.reduce(p) for p in parts if not isinstance(p, Var)]
    fields = [_field(size) for size in sizes]
    names = [axis.text if axis.kind in (NAME, EXPR) and not axis.broadcast else "" for axis in spec.axes]
    for i, (name, field) in enumerate(zip(names, fields, strict=True)):
        if name and field is not None and _last(field) != name and _taken(i, name, field, names, fields, sizes):
            return i, Conflict("dim-mismatch", parts[i], d.name(name, ""))
    return None


def _taken(i: int, name: str, field: Atom, names: list[str], fields: list[Atom | None], sizes: list[Any]) -> bool:
    """Whether the field is what another axis is named after, or this axis's name is that of another's field."""
    for j, (other, stands) in enumerate(zip(names, fields, strict=True)):
        if j == i or stands == field:
            continue
        if other == _last(field) and (stands is not None or _is_sum(sizes[j]) or d.is_unknown(sizes[j])):
            return field not in fields[:i] + fields[i + 1 :]
        if other == name and stands is not None and _last(stands) == name and _owner(stands) == _owner(field):
            return True
    return False


def _field(size: Any) -> Atom | None:
    """The field of a config that a size is, if it is one."""
    found = as_atom(size) if isinstance(size, Poly) else None
    return found if found is not None and found.kind == FIXED and "." in found.name else None


def _is_sum(size: Any) -> bool:
    """Whether a size is a sum of fields: a product of fields is often another field."""
    if not isinstance(size, Poly):
        return False
    factors = [m[0][0] if len(m) == 1 and m[0][1] == 1 else None for m, _ in size.terms]
    return all(isinstance(x, Atom) and x.kind == FIXED and "." in x.name for x in factors)


def _last(field: Atom) -> str:
    return field.name.rpartition(".")[2]


def _owner(field: Atom) -> tuple[str, str]:
    return field.owner, field.name.rpartition(".")[0]


__all__ = ["crossed"]
