"""Lints of the engine, and the words of operators in faults."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from shapetypes.core.dim import RIGID, Poly, as_atom
from shapetypes.core.fault import Diagnostic, Fault, Operand, Place
from shapetypes.core.shape import MADE, UNIT, KeptUnit, MadeUnit, TensorSpec, Unit
from shapetypes.ops.stubs import Function
from shapetypes.static.annotations import Contract
from shapetypes.static.engine import Frame


def operator_words(fault: Fault, sign: str, left: ast.expr, right: ast.expr) -> Fault:
    """A fault of an operator with its operands called as the user wrote them."""
    names = {"self": source(left), "input": source(left), "other": source(right), "mat2": source(right)}
    operands = tuple(replace(o, name=names.get(o.name, o.name)) for o in fault.operands)
    return fault.but(
        subject=sign,
        argument=names.get(fault.argument or "", fault.argument),
        other=names.get(fault.other or "", fault.other),
        operands=operands,
    )


def source(node: ast.expr) -> str:
    """An expression as written, shortened when it is long."""
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:37]}..."


def broadcast_surprise(
    frame: Frame, node: ast.AST, sign: str, a: TensorSpec, b: TensorSpec, left: ast.expr, right: ast.expr
) -> bool:
    """Report an outer product that nobody declared: `"N 1"` with `"N"`. Whether there was one."""
    fault = surprise(frame, sign, a, b, left, right, numbers=sign in ("-", "-=") or {a.rank, b.rank} == {1, 2})
    if fault is not None:
        frame.report(fault, node)
    return fault is not None


def surprise(
    frame: Frame,
    sign: str,
    a: TensorSpec,
    b: TensorSpec,
    left: ast.expr,
    right: ast.expr,
    numbers: bool,
    kept: bool = False,
) -> Fault | None:
    """The fault of an outer product that nobody declared.

    Args:
        frame: Where the operands meet.
        sign: The operator.
        a: The left operand.
        b: The right operand.
        left: The left operand as written.
        right: The right operand as written.
        numbers: Whether sizes that are only numbers count, and not names alone: two numbers may be equal by chance.
        kept: Whether a unit axis that `keepdim` has left counts too.
    """
    if a.rank is None or b.rank is None:
        return None
    units = {int, *([KeptUnit] if kept else []), *([MadeUnit] if kept or sign in ("-", "-=") else [])}
    first_found = _outer(frame, a.parts, b.parts, numbers, units)
    found = first_found or _outer(frame, b.parts, a.parts, numbers, units)
    if found is None:
        return None
    size, axis = found
    atom = as_atom(size)
    if atom is not None and atom.name in frame.repeated:
        return None
    one, other = (left, right) if first_found else (right, left)
    first, second = (a, b) if one is left else (b, a)
    return Fault(
        "broadcast-surprise",
        "surprise",
        sign,
        source(one),
        axis,
        got=1,
        want=size,
        other=source(other),
        operands=(Operand(source(one), first.shape, axis=axis), Operand(source(other), second.shape)),
    )


_MAKERS = frozenset(
    {"array", "constant", "empty", "full", "normal", "ones", "rand", "randint", "randn", "random", "tensor", "uniform"}
    | {"zeros"}
)


def meant_units(node: ast.Call, value: Any) -> Any:
    """A tensor that is made or reshaped with axes of size 1 where they are written: `x.view(-1, 1)`, `zeros(3, 1)`."""
    if not isinstance(value, TensorSpec) or not isinstance(node.func, ast.Attribute) or not node.args:
        return value
    if node.func.attr in _MAKERS and value.rank:
        return value.with_shape(MADE if isinstance(p, int) and p == 1 else p for p in value.parts)
    if node.func.attr not in ("view", "reshape"):
        return value
    last = node.args[-1]
    sizes = last.elts if isinstance(last, (ast.Tuple, ast.List)) else node.args
    if value.rank != len(sizes):
        return value
    written = [isinstance(size, ast.Constant) and size.value == 1 for size in sizes]
    return value.with_shape(UNIT if one else p for one, p in zip(written, value.parts, strict=True))


def loss_surprise(frame: Frame, node: ast.AST, loss: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Report a loss of Keras that stretches its target or prediction along an axis of size 1, which no one declared."""
    if loss.signatures[0].returns[-1] != "keras_mean_loss":
        return
    subject = loss.owner.name if loss.owner is not None else f"{loss.path.rpartition('.')[2]}()"
    found = [args[i] if len(args) > i else kwargs.get(name) for i, name in enumerate(("y_true", "y_pred"))]
    true, pred = found[0], found[1]
    if not isinstance(true, TensorSpec) or not isinstance(pred, TensorSpec) or true.rank != pred.rank or not true.rank:
        return
    for i, (p, q) in enumerate(zip(true.parts, pred.parts, strict=True)):
        one, other = (p, q) if isinstance(p, int) and p == 1 else (q, p)
        wide = other > 1 if isinstance(other, int) else isinstance(other, Poly) and _named(other)
        if isinstance(one, int) and one == 1 and not isinstance(one, Unit) and wide:
            names = ("y_true", "y_pred") if one is p else ("y_pred", "y_true")
            operands = (Operand("y_true", true.shape, axis=i), Operand("y_pred", pred.shape, axis=i))
            fault = Fault("broadcast-surprise", "surprise", subject, names[0], i, got=1)
            frame.report(fault.but(want=other, other=names[1], operands=operands), node)
            return


def _named(size: Poly) -> bool:
    """Whether a size is one that the user has named."""
    return all(a.kind == RIGID for a in size.atoms)


def _outer(
    frame: Frame, a: tuple[Any, ...], b: tuple[Any, ...], numbers: bool, units: set[type]
) -> tuple[Any, int] | None:
    """The size and the unit axis of `a` that an axis of `b` joins, while that size stands in `a` before all of `b`.

    Args:
        frame: Where they meet.
        a: Sizes of the operand with the unit axis.
        b: Sizes of the other one.
        numbers: Whether sizes that are only numbers count.
        units: The kinds of unit axes that count: not those that were meant to be spread.
    """
    for i, one in enumerate(a):
        j = i - len(a) + len(b)
        if type(one) not in units or one != 1 or not 0 <= j < len(b):
            continue
        size = frame.state.judge.reduce(b[j])
        if not _tells(b[j], numbers):
            continue
        for k, same in enumerate(a[: max(len(a) - len(b), 0)]):
            if k != i and isinstance(same, type(b[j])) and frame.state.judge.reduce(same) == size:
                return b[j], i
    return None


def _tells(size: Any, numbers: bool) -> bool:
    """Whether the same size twice is no chance."""
    if isinstance(size, Poly):
        return any(x.kind == RIGID for x in size.atoms)
    return numbers and isinstance(size, int) and size > 1


def misspelt_dims(frame: Frame, contracts: dict[str, Contract]) -> None:
    """Report a name that stands only once in a signature and is another name of it with two letters swapped.

    Most names that stand once are meant: a size that nothing else has. One that differs from another by a slip of
    the finger, or by case alone, constrains nothing where it was meant to.
    """
    stands: dict[str, list[tuple[str, Contract, int, int]]] = {}
    for label, contract in contracts.items():
        for part in _parts(contract):
            for i, axis in enumerate(part.spec.axes if part.spec is not None else ()):
                for name in {axis.name, *axis.names} - {""}:
                    stands.setdefault(name, []).append((label, part, i, axis.column + axis.text.find(name)))
    for name, places in stands.items():
        if len(places) == 1 and any(_slip(name, other) for other in stands):
            label, part, index, column = places[0]
            if part.place is not None:
                place = _inside(part.place, part.text, column, len(name))
                subject = f"{frame.func.name if frame.func else ''}()"
                fault = Fault("unused-dim", "unused", subject, label, index, name, spec=part.text, column=column)
                frame.engine.add(Diagnostic(fault, place, "warning"))


def _parts(contract: Contract) -> list[Contract]:
    out = [contract] if contract.spec is not None and contract.text else []
    for part in contract.parts:
        out += _parts(part)
    return out


def _inside(place: Place, text: str, column: int, length: int) -> Place:
    """The span of a name inside a plain one-line string, else the whole string."""
    if place.line != place.end_line or place.end_column - place.column != len(text) + 2:
        return place
    start = place.column + 1 + column
    return Place(place.file, place.line, start, place.line, start + length)


def _slip(name: str, other: str) -> bool:
    """Whether one name is the other with two neighbouring letters swapped, or in another case."""
    if name == other or len(name) != len(other) or len(name) < 3:
        return False
    if name.lower() == other.lower():
        return True
    wrong = [i for i, (a, b) in enumerate(zip(name, other, strict=True)) if a != b]
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    first, second = wrong
    return name[first] == other[second] and name[second] == other[first]
