"""Axis strings as data: what stands in `Float[Tensor, "..."]`, in a layer spec, in a stub."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim

NAME: Final = "name"
FIXED: Final = "fixed"
EXPR: Final = "expr"
VAR: Final = "var"
ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis, or one variadic group of axes, of a shape string.

    Attributes:
        kind: `name`, `fixed`, `expr`, `var` (variadic, `name` empty for `...`) or `any` (`_`).
        text: The token as written.
        column: Where the token starts in the string, from 0.
        name: The name of a `name` or `var` axis.
        size: The number of a `fixed` axis (elements).
        expr: The expression of an `expr` axis; its holes are names like `hole0`.
        holes: The Python source of each `{...}` in it.
        broadcast: Whether `#` allows size 1 (or, for `var`, fewer axes).
    """

    kind: str
    text: str
    column: int
    name: str = ""
    size: int = 0
    expr: ast.expr | None = None
    holes: tuple[str, ...] = ()
    broadcast: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The dim names that an expression refers to."""
        if self.expr is None:
            return frozenset()
        found = {n.id for n in ast.walk(self.expr) if isinstance(n, ast.Name)}
        return frozenset(found - {"min", "max"} - {f"hole{i}_" for i in range(len(self.holes))})


@dataclass(frozen=True, slots=True)
class Spec:
    """The axes of one tensor, in order."""

    axes: tuple[Axis, ...]
    text: str

    def __str__(self) -> str:
        return " ".join(axis.text for axis in self.axes)

    @property
    def variadic(self) -> int | None:
        """The index of the first variadic part, or None."""
        return next((i for i, axis in enumerate(self.axes) if axis.kind == VAR), None)

    @property
    def names(self) -> frozenset[str]:
        """Every dim name in it; variadic names with their `*`."""
        out: set[str] = set()
        for axis in self.axes:
            if axis.kind == NAME:
                out.add(axis.name)
            elif axis.kind == VAR and axis.name:
                out.add("*" + axis.name)
            out |= axis.names
        return frozenset(out)


@dataclass(frozen=True, slots=True)
class Item:
    """One input or output of a layer spec: axes, a tuple of items, or `_` (not checked)."""

    axes: Spec | None
    items: tuple[Item, ...] = ()
    name: str | None = None
    dtype: str | None = None
    optional: bool = False
    unchecked: bool = False
    column: int = 0

    def __str__(self) -> str:
        if self.unchecked:
            body = "_"
        elif self.axes is None:
            body = "(" + ", ".join(map(str, self.items)) + ")"
        else:
            body = " ".join(part for part in (self.dtype or "", str(self.axes)) if part)
        return (f"{self.name}: " if self.name else "") + body + ("?" if self.optional else "")

    def specs(self) -> list[Spec]:
        """Every axis string in it."""
        out = [self.axes] if self.axes is not None else []
        for item in self.items:
            out += item.specs()
        return out


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer spec: `inputs -> outputs`. One output item is not a tuple."""

    inputs: tuple[Item, ...]
    outputs: tuple[Item, ...]
    text: str

    def __str__(self) -> str:
        return ", ".join(map(str, self.inputs)) + " -> " + ", ".join(map(str, self.outputs))


class UnboundName(Exception):
    """An expression needs a name that has no size."""


def evaluate(expr: ast.expr, lookup: Callable[[str], Dim]) -> Dim:
    """The size of an axis expression.

    Args:
        expr: The expression.
        lookup: Gives the size of a name; raises `UnboundName` for one without.

    Raises:
        UnboundName: a name has no size.
        ZeroDivisionError: a divisor is 0.
    """
    if isinstance(expr, ast.Constant):
        return int(expr.value)  # type: ignore[arg-type]
    if isinstance(expr, ast.Name):
        return lookup(expr.id)
    if isinstance(expr, ast.UnaryOp):
        return -1 * evaluate(expr.operand, lookup)
    if isinstance(expr, ast.Call):
        args = [evaluate(arg, lookup) for arg in expr.args]
        pick = d.minimum if isinstance(expr.func, ast.Name) and expr.func.id == "min" else d.maximum
        out = args[0]
        for arg in args[1:]:
            out = pick(out, arg)
        return out
    assert isinstance(expr, ast.BinOp)
    left, right = evaluate(expr.left, lookup), evaluate(expr.right, lookup)
    if isinstance(expr.op, ast.Add):
        return left + right
    if isinstance(expr.op, ast.Sub):
        return left - right
    if isinstance(expr.op, ast.Mult):
        return left * right
    if isinstance(expr.op, ast.Pow):
        return left**right if isinstance(right, int) and right >= 0 else d.unknown("power")
    return d.floordiv(left, right) if isinstance(expr.op, ast.FloorDiv) else d.mod(left, right)
