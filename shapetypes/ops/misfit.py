"""Arguments that no overload can take: a number where a tensor is needed, a tensor where an int is."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dim import FIXED, Poly, is_unknown
from shapetypes.core.fault import Fault
from shapetypes.core.shape import LikelyNumber, Number, TensorSpec, Unknown, is_field
from shapetypes.ops.overloads import NoFit, bind
from shapetypes.ops.reader import Type
from shapetypes.ops.stubs import Function

_INTS = frozenset({"int", "dim"})
_PLAIN = _INTS | {"float"}
_TAKE_NUMBERS = frozenset({"copy_", "divide", "multiply", "rsub", "subtract", "subtract_"})
"""Functions that take numbers for tensors although torch's own signatures do not say so."""


def misfit(function: Function, args: tuple[Any, ...], kwargs: dict[str, Any], subject: str) -> Fault | None:
    """The argument that makes a call impossible whatever overload is meant.

    Only torch is this strict: NumPy and Keras make arrays of numbers. Other wrong types (a string, an object) are a
    type checker's to report; these change what the axes of the call are.
    """
    package, _, own = function.path.rpartition(".")
    if not package.startswith("torch") or own in _TAKE_NUMBERS:
        return None
    first = None
    for signature in function.signatures:
        try:
            bound = bind(signature, args, kwargs)
        except NoFit:
            continue
        kinds = {p.name: p.type for p in signature.params if p.kind not in ("*", "**")}
        if "functional" in package:  # written in Python: what it makes of its later arguments may take numbers too
            kinds = dict(list(kinds.items())[:1])
        found = [(name, pair) for name, kind in kinds.items() if name in bound and (pair := _clash(kind, bound[name]))]
        if not found:
            return None
        first = first or found[0]
    if first is None:
        return None
    name, (got, want) = first
    return Fault("rank-mismatch", "type", subject, name, got=got, want=want)


def _clash(kind: Type, value: Any) -> tuple[str, str] | None:
    kinds = _members(kind)
    if kinds == {"tensor"} and _is_number(value):
        return "int" if isinstance(value, (int, Poly)) else "float", "Tensor"
    if isinstance(value, (tuple, list)) and (kinds <= _PLAIN or (kinds == {"tensor"} and _holds_tensors(value))):
        return "tuple" if isinstance(value, tuple) else "list", "Tensor" if kinds == {"tensor"} else "int"
    if kinds <= _INTS and isinstance(value, TensorSpec) and _has_axes(value):
        return "Tensor", "int"
    return None


def _members(kind: Type) -> set[str]:
    if kind[0] == "union":
        return {name for k in kind[1] for name in _members(k)} - {"none"}
    return _members(kind[1]) if kind[0] in ("rule", "dim") else {kind[0]}


def _is_number(value: Any) -> bool:
    if isinstance(value, Unknown):
        return isinstance(value, Number) and not isinstance(value, LikelyNumber)
    if is_field(value) or (isinstance(value, Poly) and any(a.kind == FIXED for a in value.atoms)):
        return False  # a number only by a plain annotation, which a type checker sees to
    return isinstance(value, (int, float, Poly)) and not isinstance(value, bool)


def _holds_tensors(value: Any) -> bool:
    """Whether a sequence is that of a layer with several results, say: `(output, state)`."""
    return any(isinstance(v, TensorSpec) for v in value)


def _has_axes(value: TensorSpec) -> bool:
    """Whether a tensor surely holds more than one element, so that it cannot stand for a number."""
    sizes = value.shape or ()
    return any(n > 1 if isinstance(n, int) else isinstance(n, Poly) and not is_unknown(n) for n in sizes)
