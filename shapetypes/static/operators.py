"""Operators: on tensors by the op database, on numbers, sizes, strings and sequences here."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.shape import LikelyNumber, Number, TensorSpec, Unknown, is_field
from shapetypes.static import calls, conditions, counted, expressions as ex, lints
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.join import generalise
from shapetypes.static.values import (
    AT_FAULT,
    Obj,
    PyList,
    ShapeTensor,
    Symbol,
    is_open,
    row_kind,
    was_told,
)

OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "add"),
    ast.Sub: ("-", "sub"),
    ast.Mult: ("*", "mul"),
    ast.Div: ("/", "truediv"),
    ast.FloorDiv: ("//", "floordiv"),
    ast.Mod: ("%", "mod"),
    ast.Pow: ("**", "pow"),
    ast.MatMult: ("@", "matmul"),
    ast.BitAnd: ("&", "and"),
    ast.BitOr: ("|", "or"),
    ast.BitXor: ("^", "xor"),
    ast.LShift: ("<<", "lshift"),
    ast.RShift: (">>", "rshift"),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "eq"),
    ast.NotEq: ("!=", "ne"),
    ast.Lt: ("<", "lt"),
    ast.LtE: ("<=", "le"),
    ast.Gt: (">", "gt"),
    ast.GtE: (">=", "ge"),
}


def binary_expression(frame: Frame, node: ast.BinOp) -> Any:
    """`a + b` and its like."""
    left, right = ex.evaluate(frame, node.left), ex.evaluate(frame, node.right)
    return ex.lift(
        frame, node, [left, right], lambda v: binary(frame, node, node.op, v[0], v[1], node.left, node.right)
    )


def binary(
    frame: Frame, node: ast.AST, op: ast.operator, a: Any, b: Any, left: ast.expr, right: ast.expr, prefix: str = "__"
) -> Any:
    """One binary operator on plain values (no alternatives).

    Raises:
        ShapeError: the shapes do not fit.
    """
    sign, name = OPERATORS[type(op)]
    if was_told(a) or was_told(b):
        return Unknown(AT_FAULT)
    if isinstance(a, TensorSpec) or isinstance(b, TensorSpec):
        return _tensor_operator(frame, node, sign, name, a, b, left, right, prefix)
    if isinstance(a, Obj) or isinstance(b, Obj):
        return calls.operator_method(frame, node, name, a, b)
    return arithmetic(frame, sign, a, b)


def _tensor_operator(
    frame: Frame, node: ast.AST, sign: str, name: str, a: Any, b: Any, left: ast.expr, right: ast.expr, prefix: str
) -> Any:
    reflected = not isinstance(a, TensorSpec)
    if isinstance(a, TensorSpec) and a.library == "tf":
        prefix = "__"  # its tensors never change: `x += y` gives the name another
    method = f"__r{name}__" if reflected else f"{prefix}{name}__"
    first, second = (b, a) if reflected else (a, b)
    if isinstance(second, (Obj, Symbol)):
        return Unknown("an operand is not known")
    kind = row_kind(second)
    if kind is not None and first.rank and not first.library:  # `==` would be False, whatever they hold
        text = ast.unparse(left if reflected else right)
        raise ShapeError(fault=Fault("rank-mismatch", "type", sign, text, got=kind, want="Tensor"))
    try:
        value, _ = calls.stub_method(frame, "torch.Tensor", first, method, (second,), {}, sign, node)
    except ShapeError as error:
        assert error.fault is not None
        texts = (right, left) if reflected else (left, right)
        raise ShapeError(fault=lints.operator_words(error.fault, sign, *texts)) from None
    if isinstance(value, Unknown):
        frame.missed(node, value.reason)
        return TensorSpec(None, library=first.library)
    if isinstance(value, TensorSpec) and value.library == "tf":
        value = TensorSpec(value.shape, value.dtype if value.dtype == "bool" else None, library="tf")
    if not isinstance(value, TensorSpec) or sign == "@":
        return value
    if isinstance(a, TensorSpec) and isinstance(b, TensorSpec) and sign not in ("==", "!=", "<", ">", "<=", ">="):
        if lints.broadcast_surprise(frame, node, sign, a, b, left, right):
            return value
    return counted.joined(frame, node, sign, (a, b), value, (left, right))


def arithmetic(frame: Frame, sign: str, a: Any, b: Any) -> Any:
    """Arithmetic of numbers, sizes, strings, tuples and lists."""
    if isinstance(a, Symbol) or isinstance(b, Symbol):
        if not frame.in_init and not _config_like(a) and not _config_like(b):
            return Unknown("arithmetic with an unknown value")
    if isinstance(a, ShapeTensor) or isinstance(b, ShapeTensor):
        return _by_elements(frame, sign, a, b)
    x, y = size_of(a, frame), size_of(b, frame)
    if x is not None and y is not None:
        found = _sizes(sign, x, y)
        return _number(a, b) if found is None else found
    if sign == "+" and isinstance(a, (tuple, PyList)) and type(a) is type(b):
        return _concatenate(a, b)
    if sign == "*" and (isinstance(a, (tuple, PyList)) or isinstance(b, (tuple, PyList))):
        return _repeat(a, b) if isinstance(a, (tuple, PyList)) else _repeat(b, a)
    if isinstance(a, (int, float, str)) and isinstance(b, (int, float, str)):
        return _plain(sign, a, b)
    if _is_number(a, x) and _is_number(b, y):
        return _number(a, b)
    return Unknown("arithmetic with an unknown value")


def _by_elements(frame: Frame, sign: str, a: Any, b: Any) -> Any:
    """Arithmetic with a shape that is a tensor: `tf.shape(x) * 2`, `tf.shape(x) + [1, 0]`."""
    rows = [v.items if isinstance(v, PyList) else v for v in (a, b)]
    counts = {len(v) for v in rows if isinstance(v, tuple) and not is_open(v)}
    if len(counts) != 1 or any(isinstance(v, tuple) and is_open(v) for v in rows):
        return Unknown("arithmetic with a shape")
    count = counts.pop()
    left, right = (v if isinstance(v, tuple) else (v,) * count for v in rows)
    found = [arithmetic(frame, sign, p, q) for p, q in zip(left, right, strict=True)]
    sizes = all(isinstance(v, (int, Poly)) for v in found)
    return ShapeTensor(found) if sizes else Unknown("arithmetic with a shape")


def _number(*operands: Any) -> Number:
    """The result of arithmetic with numbers, one of which may be a field that is something else."""
    sure = not any(isinstance(v, (LikelyNumber, Symbol)) or is_field(v) for v in operands)
    return Number("arithmetic") if sure else LikelyNumber("arithmetic with a field")


def _is_number(value: Any, size: Any) -> bool:
    return size is not None or isinstance(value, (int, float, Number))


def _config_like(value: Any) -> bool:
    return isinstance(value, Symbol) and "." in value.path


def _sizes(sign: str, x: Any, y: Any) -> Any:
    try:
        if sign == "+":
            return x + y
        if sign == "-":
            return x - y
        if sign == "*":
            return x * y
        if sign == "//":
            return d.floordiv(x, y)
        if sign == "%":
            return d.mod(x, y)
        if sign == "**" and isinstance(y, int) and 0 <= y < 9:
            return x**y
        if sign == "/" and isinstance(x, int) and isinstance(y, int):
            return x / y
        if sign in ("<<", ">>", "&", "|", "^") and isinstance(x, int) and isinstance(y, int):
            return _plain(sign, x, y)
    except (ZeroDivisionError, OverflowError):
        return Unknown("division by zero")
    return None


def _plain(sign: str, a: Any, b: Any) -> Any:
    table: dict[str, Callable[[], Any]] = {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "*": lambda: a * b,
        "/": lambda: a / b,
        "//": lambda: a // b,
        "%": lambda: a % b,
        "**": lambda: a**b if abs(a) < 1e6 and abs(b) < 32 else None,
        "<<": lambda: a << b if b < 64 else None,
        ">>": lambda: a >> b,
        "&": lambda: a & b,
        "|": lambda: a | b,
        "^": lambda: a ^ b,
    }
    try:
        value = table[sign]()
    except (TypeError, ValueError, ZeroDivisionError, KeyError, OverflowError):
        return Unknown("arithmetic")
    ok = isinstance(value, (int, float)) or (isinstance(value, str) and len(value) < 10_000)
    return value if ok else Unknown("arithmetic")


def _concatenate(a: Any, b: Any) -> Any:
    if isinstance(a, tuple):
        return a + b
    if a.items is not None and b.items is not None:
        return PyList(a.items + b.items)
    return generalise(PyList(None, a.element), PyList(None, b.element))


def _repeat(items: Any, times: Any) -> Any:
    if isinstance(times, int) and not isinstance(times, bool) and times <= 64:
        if isinstance(items, tuple):
            return items * times
        if items.items is not None:
            return PyList(items.items * times)
    if isinstance(items, PyList):
        if items.items is None or len(items.items) != 1:
            return PyList(None, Unknown("an element"))
        return PyList(None, items.items[0], count=times if isinstance(times, (int, Poly)) else None)
    return Unknown("a tuple of unknown length")


def unary_expression(frame: Frame, node: ast.UnaryOp) -> Any:
    """`-a`, `+a`, `~a`, `not a`."""
    if isinstance(node.op, ast.Not):
        known = conditions.truth(frame, node.operand)
        return Unknown("a condition") if known is None else not known
    value = ex.evaluate(frame, node.operand)
    return ex.lift(frame, node, [value], lambda v: _unary_plain(frame, node, v[0]))


def _unary_plain(frame: Frame, node: ast.UnaryOp, value: Any) -> Any:
    if isinstance(value, TensorSpec):
        if value.dtype == "bool" and isinstance(node.op, ast.Invert):
            return value
        return value.with_shape(value.shape)
    if isinstance(value, (int, float)) and isinstance(node.op, ast.USub):
        return -value
    if isinstance(value, (int, float)) and isinstance(node.op, ast.UAdd):
        return +value
    size = size_of(value, frame)
    if size is not None and isinstance(node.op, ast.USub):
        return -1 * size
    if isinstance(value, Number) and not isinstance(node.op, ast.Invert):
        return value
    return Unknown("arithmetic")


def compare_expression(frame: Frame, node: ast.Compare) -> Any:
    """`a < b`, `a is None`, `a == b`: element-wise on tensors."""
    left = ex.evaluate(frame, node.left)
    if len(node.ops) == 1:
        right = ex.evaluate(frame, node.comparators[0])
        op = node.ops[0]
        return ex.lift(frame, node, [left, right], lambda v: _compare_plain(frame, node, op, v[0], v[1]))
    for other in node.comparators:
        ex.evaluate(frame, other)
    return Unknown("a condition")


def _compare_plain(frame: Frame, node: ast.Compare, op: ast.cmpop, a: Any, b: Any) -> Any:
    tensor = isinstance(a, TensorSpec) or isinstance(b, TensorSpec)
    if tensor and type(op) in _COMPARISONS and a is not None and b is not None:
        sign, name = _COMPARISONS[type(op)]
        left, right = node.left, node.comparators[0]
        if isinstance(a, TensorSpec):
            return _tensor_operator(frame, node, sign, name, a, b, left, right, "__")
        return _tensor_operator(frame, node, sign, _swap(name), b, a, right, left, "__")
    known = conditions.compare(frame, op, a, b)
    return Unknown("a condition") if known is None else known


def _swap(name: str) -> str:
    return {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}.get(name, name)
