"""Which overload of a stub a call means: binds arguments, grades how well they fit."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dim import Poly
from shapetypes.core.dtype import DType
from shapetypes.core.parse import parse_axes
from shapetypes.core.shape import Number, TensorSpec, Unknown, Var, least_rank
from shapetypes.core.spec import VAR
from shapetypes.ops.reader import NO_DEFAULT, SOME_DEFAULT, Param, Signature, Type
from shapetypes.ops.stubs import Function

NO, MAYBE, YES = 0, 1, 2


class NoFit(Exception):
    """The arguments fit no overload, so nothing is said."""


class Undecided(NoFit):
    """An unknown argument leaves open which of several overloads is meant.

    Attributes:
        signatures: Those that it may be.
    """

    def __init__(self, signatures: list[Signature]) -> None:
        super().__init__("an unknown argument leaves open which overload is meant")
        self.signatures = signatures


def bind(signature: Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments by parameter name; those left out with an unknown default are not in it.

    Raises:
        NoFit: they cannot be bound.
    """
    out: dict[str, Any] = {}
    left = list(args)
    named = _own_names(signature, kwargs)
    extra: dict[str, Any] | None = None
    for p in signature.params:
        if p.kind == "*":
            out[p.name], left = tuple(left), []
        elif p.kind == "**":
            extra = out[p.name] = {}
        elif p.kind != "k" and left:
            if p.kind == "p" and p.name in named:
                raise NoFit(f"two values for {p.name}")
            out[p.name] = left.pop(0)
        elif p.kind != "/" and p.name in named:
            out[p.name] = named.pop(p.name)
        elif p.default == NO_DEFAULT:
            raise NoFit(f"no value for {p.name}")
        elif p.default != SOME_DEFAULT:
            out[p.name] = p.default
    if extra is not None:
        extra.update(named)
        named = {}
    if left or named:
        raise NoFit("too many arguments")
    return out


_NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input", "x2": "other"}


def _own_names(signature: Signature, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments, with the NumPy names that torch also takes replaced by its own."""
    names = {p.name for p in signature.params}
    out = {}
    for k, v in kwargs.items():
        own = _NUMPY_NAMES.get(k, k)
        out[own if k not in names and own in names and own not in kwargs else k] = v
    return out


def fits(kind: Type, value: Any) -> int:
    """Whether a value is of a stub's type: NO, MAYBE or YES."""
    if isinstance(value, Number):
        return _fits_number(kind)
    if isinstance(value, Unknown) or kind[0] in ("any", "name"):
        return MAYBE
    if kind[0] == "union":
        return max(fits(k, value) for k in kind[1])
    if kind[0] == "rule":
        return fits(kind[1], value)
    if kind[0] == "dim":
        return fits(kind[1], value)
    if kind[0] in ("seq", "many", "tuple"):
        return _fits_sequence(kind, value)
    return _fits_plain(kind, value)


def _fits_number(kind: Type) -> int:
    """Whether an unknown number is of a stub's type: a whole one may be meant."""
    if kind[0] == "union":
        return max(_fits_number(k) for k in kind[1])
    if kind[0] in ("rule", "dim"):
        return _fits_number(kind[1])
    return YES if kind[0] == "float" else MAYBE if kind[0] in ("any", "name", "int", "bool", "literal") else NO


def _fits_plain(kind: Type, value: Any) -> int:
    what = kind[0]
    if what == "tensor":
        return YES if isinstance(value, TensorSpec) else NO
    if what == "none":
        return YES if value is None else NO
    if what == "bool":
        return YES if isinstance(value, bool) else NO
    if what == "int":
        if isinstance(value, TensorSpec):
            return MAYBE if value.rank in (None, 0) else NO
        if isinstance(value, Var):  # some of several sizes
            return MAYBE
        return YES if isinstance(value, (int, Poly)) and not isinstance(value, bool) else NO
    if what == "float":
        if isinstance(value, TensorSpec):
            return MAYBE if value.rank == 0 else NO
        return YES if isinstance(value, (int, float, complex, Poly)) else NO
    if what == "dtype":
        named = isinstance(value, (DType, str)) or type(value).__name__ == "dtype"
        return YES if named or value in (bool, int, float, complex) else NO
    if what == "device":
        return NO if value is None or isinstance(value, (DType, TensorSpec, Poly, float, list, tuple)) else MAYBE
    if what == "str":
        return YES if isinstance(value, str) and not isinstance(value, DType) else NO
    if what == "literal":
        return YES if value in kind[1] and not isinstance(value, (TensorSpec, Poly)) else NO
    return MAYBE


def _fits_sequence(kind: Type, value: Any) -> int:
    if not isinstance(value, (list, tuple)):
        return NO
    items = value
    if kind[0] == "tuple":
        if len(kind[1]) != len(items):
            return NO
        return min((fits(k, v) for k, v in zip(kind[1], items, strict=True)), default=YES)
    return min((MAYBE if isinstance(v, Var) else fits(kind[1], v) for v in items), default=YES)


def axes_of(kind: Type, value: Any) -> str | None:
    """The axis string that a parameter's type declares for this value."""
    if kind[0] == "tensor":
        return kind[2]  # type: ignore[no-any-return]
    if kind[0] == "union":
        return next((axes_of(k, value) for k in kind[1] if k[0] == "tensor"), None)
    return None


def group_of(kind: Type) -> str | None:
    """The dtype class that a parameter's type declares."""
    if kind[0] == "tensor":
        return kind[1]  # type: ignore[no-any-return]
    if kind[0] == "union":
        return next((k[1] for k in kind[1] if k[0] == "tensor"), None)
    return None


def _ranks_fit(p: Param, value: Any) -> bool:
    axes = axes_of(p.type, value)
    if axes is None or not isinstance(value, TensorSpec) or value.shape is None:
        return True
    spec = parse_axes(axes, several=True)
    want = sum(axis.kind != VAR for axis in spec.axes)
    have = least_rank(value.shape)
    if spec.variadic is None:
        return have == want if value.rank is not None else have <= want
    return value.rank is None or want <= have


def choose(function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Signature, dict[str, Any]]:
    """The first overload whose Python types and ranks fit, with the bound arguments.

    Raises:
        NoFit: none does, or an unknown argument leaves open which.
    """
    several = len(function.signatures) > 1
    reason = "no overload fits"
    for signature in function.signatures:
        try:
            bound = bind(signature, args, kwargs)
        except NoFit as error:
            reason = str(error)
            continue
        given = _given(signature, bound)
        grades = [_grade(p, v) for p, v in given]
        if several and (NO in grades or not all(_ranks_fit(p, v) for p, v in given)):
            continue
        unknown = several and any(isinstance(v, Unknown) and not isinstance(v, Number) for _, v in given)
        if unknown and signature is not function.signatures[-1] and not _alike(function, args, kwargs):
            raise Undecided(_possible(function, args, kwargs))
        mistyped = any(g == NO and not _is_truth(p, v) for (p, v), g in zip(given, grades, strict=True))
        if mistyped and not several and any(isinstance(v, TensorSpec) is False for _, v in given):
            # A single signature: a wrong Python type is the type checker's business, not ours.
            raise NoFit("an argument has another Python type")
        return signature, bound
    raise NoFit(reason)


def _given(signature: Signature, bound: dict[str, Any]) -> list[tuple[Param, Any]]:
    """The parameters that a call gives a value of its own, each of several star arguments by itself."""
    given = [(p, bound[p.name]) for p in signature.params if p.name in bound and p.kind not in ("*", "**")]
    given += [(p, v) for p in signature.params if p.kind == "*" for v in bound[p.name]]
    return [(p, v) for p, v in given if not _is_default(p, v)]


def _is_truth(p: Param, value: Any) -> bool:
    """Whether a value stands for a bool by its truth (`bias=1`), as Python code takes it."""
    return p.type == ("bool",) and isinstance(value, (int, str))


def _is_default(p: Param, value: Any) -> bool:
    return p.kind != "*" and type(value) is type(p.default) and value == p.default


def _grade(p: Param, value: Any) -> int:
    if p.kind == "*" and isinstance(value, (list, tuple)) and p.type[0] in ("int", "dim"):
        return fits(("seq", p.type), value)
    return fits(p.type, value)


def _alike(function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether all overloads that may be meant say the same."""
    found = set()
    for signature in _possible(function, args, kwargs):
        # Overloads with one rule that read the given arguments alike differ in nothing.
        names = {p.name for p, _ in _given(signature, bind(signature, args, kwargs))}
        found.add((signature.returns, tuple(sorted(names)) if signature.returns[0] == "rule" else signature))
    return len(found) == 1


def _possible(function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Signature]:
    """The overloads that may be meant."""
    out = []
    for signature in function.signatures:
        try:
            given = _given(signature, bind(signature, args, kwargs))
        except NoFit:
            continue
        if all(_grade(p, v) != NO for p, v in given):
            out.append(signature)
    return out
