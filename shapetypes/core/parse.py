"""The grammar of axis strings and layer specs. Columns are kept for carets."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache
from typing import Final, NoReturn

from shapetypes.core.dtype import GROUPS
from shapetypes.core.fault import AnnotationError, Fault
from shapetypes.core.source import parse as parse_source
from shapetypes.core.spec import ANY, EXPR, FIXED, NAME, VAR, Axis, Item, LayerSpec, Spec

_UNREADABLE: Final = (SyntaxError, ValueError, MemoryError, RecursionError)
_DIGITS: Final = 18
_DEEPEST: Final = 50
_LONGEST: Final = 500
"""The most nodes of an expression: it is worked out by recursion."""

_TOKEN: Final = re.compile(r"\S+")
_LABEL: Final = re.compile(r"[^\W\d]\w*=(?!=)")
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_ALLOWED: Final = (ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Call, ast.Load)
_OPERATORS: Final = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.Pow, ast.USub)


def refuse(text: str, column: int, detail: str) -> NoReturn:
    """Raise the error for a bad string.

    Raises:
        AnnotationError: always; its fault carries the text, the 0-based column and what is wrong.
    """
    raise AnnotationError(fault=Fault("bad-annotation", "annotation", spec=text, column=column, detail=detail))


@lru_cache(maxsize=4096)
def parse_axes(text: str, several: bool = False) -> Spec:
    """Read an axis string such as `"*batch t h//2"`.

    Args:
        text: The string, in jaxtyping's notation.
        several: Whether more than one variadic part is allowed (layer specs and stubs).

    Raises:
        AnnotationError: it cannot be read; the fault has the column.
    """
    return _axes(text, 0, len(text), text, several)


def _axes(text: str, start: int, end: int, whole: str, several: bool) -> Spec:
    axes = tuple(_axis(m.group(), m.start(), whole) for m in _TOKEN.finditer(text, start, end))
    variadic = [axis for axis in axes if axis.kind == VAR]
    if len(variadic) > 1 and not several:
        refuse(whole, variadic[1].column, f"`{variadic[1].text}` is a second variadic axis; an annotation can have one")
    return Spec(axes, text[start:end].strip())


def _axis(token: str, column: int, whole: str) -> Axis:
    if token == "...":
        return Axis(VAR, token, column)
    rest, flags = token, ""
    while True:
        label = _LABEL.match(rest)
        if label:
            rest = rest[label.end() :]
        elif rest and rest[0] in "*#?" and rest[0] not in flags:
            flags += rest[0]
            rest = rest[1:]
        else:
            break
    at = column + len(token) - len(rest)
    broadcast, variadic = "#" in flags, "*" in flags
    if whole.strip() == "*":  # any shape; beside other axes it is more likely a product that was torn apart
        return Axis(VAR, token, column)
    if rest in ("", "..."):
        refuse(whole, at, f"`{token}` has no name")
    if rest.startswith("_") and rest.isidentifier():
        if broadcast:
            refuse(whole, column, f"`{token}`: an anonymous axis takes any size, so `#` says nothing")
        return Axis(VAR if variadic else ANY, token, column)
    if rest.isidentifier():  # `in` and `out` are names here, too
        return Axis(VAR if variadic else NAME, token, column, name=rest, broadcast=broadcast)
    if variadic:
        refuse(whole, at, f"`{token}`: only a name can be variadic")
    if rest.isascii() and rest.isdigit() and len(rest) <= _DIGITS:
        return Axis(FIXED, token, column, size=int(rest), broadcast=broadcast)
    return _expression(token, rest, column, at, whole, broadcast)


def _expression(token: str, rest: str, column: int, at: int, whole: str, broadcast: bool) -> Axis:
    if rest.count("(") != rest.count(")"):
        opening = rest.startswith("(")
        hint = "; a group of axes is written as a product: `h*w`" if opening or rest.endswith(")") else ""
        refuse(whole, at, f"`{token}` has an unbalanced bracket{hint}")
    if "," in rest and "(" not in rest:
        refuse(whole, at + rest.index(","), "axes are separated by spaces, not by commas")
    holes: list[str] = []

    def fill(match: re.Match[str]) -> str:
        holes.append(match.group(1))
        return f"hole{len(holes) - 1}_"

    source = _HOLE.sub(fill, rest)
    for hole in holes:
        try:
            _python(hole.strip())
        except _UNREADABLE:
            refuse(whole, at + rest.index("{"), f"`{{{hole}}}` is not a Python expression")
    try:
        expr = _python(source)
    except _UNREADABLE as error:
        shift = (getattr(error, "offset", None) or 1) - 1
        refuse(
            whole, at + min(shift, len(rest) - 1), f"`{token}` is not an axis: a name, a size or an expression of names"
        )
    _check_expression(expr, at, token, whole)
    return Axis(EXPR, token, column, expr=expr, holes=tuple(holes), broadcast=broadcast)


def _python(source: str) -> ast.expr:
    """The expression, without the warnings that odd ones give.

    Raises:
        SyntaxError, ValueError, MemoryError, RecursionError: it is none, or is nested too deeply.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return parse_source(source, "eval").body


def _check_expression(expr: ast.expr, at: int, token: str, whole: str) -> None:
    for count, node in enumerate(ast.walk(expr)):
        if count > _LONGEST:
            refuse(whole, at, "an axis is too long")
        where = at + getattr(node, "col_offset", 0)
        if isinstance(node, (ast.operator, ast.unaryop)):
            if isinstance(node, ast.Div):
                refuse(whole, at, f"`{token}`: write `//`, sizes are whole numbers")
            if not isinstance(node, _OPERATORS):
                refuse(whole, at, f"`{token}`: sizes take + - * // % **, min and max")
        elif not isinstance(node, _ALLOWED):
            refuse(whole, where, f"`{token}` is not an axis: a name, a size or an expression of names")
        elif isinstance(node, ast.Call):
            known = isinstance(node.func, ast.Name) and node.func.id in ("min", "max")
            if not known or node.keywords or not node.args:
                refuse(whole, where, f"`{token}`: only min(...) and max(...) can be called")
        elif isinstance(node, ast.Constant) and type(node.value) is not int:
            refuse(whole, where, f"`{token}`: sizes are whole numbers")


@lru_cache(maxsize=1024)
def parse_layer_spec(text: str) -> LayerSpec:
    """Read a layer spec such as `"B T F, (L B H, L B H)? -> B T H, (L B H, L B H)"`.

    Raises:
        AnnotationError: it cannot be read; the fault has the column.
    """
    arrow = text.find("->")
    if arrow < 0:
        refuse(text, len(text), "a layer spec has an arrow: `inputs -> outputs`")
    if text.find("->", arrow + 2) >= 0:
        refuse(text, text.find("->", arrow + 2), "a second `->`")
    return LayerSpec(_items(text, 0, arrow), _items(text, arrow + 2, len(text)), text)


def parse_items(text: str) -> tuple[Item, ...]:
    """Read the inputs alone, `"B T 50, Bool B T"`, as `trace` takes them.

    Raises:
        AnnotationError: it cannot be read.
    """
    return _items(text, 0, len(text))


def _items(text: str, start: int, end: int) -> tuple[Item, ...]:
    out, at = [], start
    open_at: list[int] = []
    for i in range(start, end):
        c = text[i]
        if c in "({[":
            open_at.append(i)
            if len(open_at) > _DEEPEST:
                refuse(text, i, "brackets are nested too deeply")
        elif c in ")}]":
            if not open_at:
                refuse(text, i, "a closing bracket without its opening one")
            open_at.pop()
        elif c == "," and not open_at:
            out.append(_item(text, at, i))
            at = i + 1
    if open_at:
        refuse(text, open_at[0], "an opening bracket without its closing one")
    return (*out, _item(text, at, end))


def _item(text: str, start: int, end: int) -> Item:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    column, name, dtype = start, None, None
    keyed = re.compile(r"([^\W\d]\w*)\s*:\s*").match(text, start, end)
    if keyed:
        name, start = keyed.group(1), keyed.end()
    optional = end > start and text[end - 1] == "?"
    if optional:
        end -= 1
        while end > start and text[end - 1].isspace():
            end -= 1
    if text[start:end] == "_":
        return Item(None, (), name, None, optional, True, column)
    if text[start : start + 1] == "(" and _closing(text, start, end) == end - 1:
        inner = text[start + 1 : end - 1]
        items = _items(text, start + 1, end - 1) if "," in inner or not _is_expression(inner) else None
        if items is not None:
            return Item(None, items, name, None, optional, False, column)
    first = _TOKEN.match(text, start, end)
    if first and first.group() in GROUPS:
        dtype, start = first.group(), first.end()
    return Item(_axes(text, start, end, text, several=True), (), name, dtype, optional, False, column)


def _closing(text: str, start: int, end: int) -> int:
    depth = 0
    for i in range(start, end):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    return -1


def _is_expression(inner: str) -> bool:
    """Whether `(inner)` is a bracketed size such as `(h+1)` and not a tuple of one item."""
    return not any(c.isspace() for c in inner.strip()) and bool(re.search(r"[-+*/%]", inner))
