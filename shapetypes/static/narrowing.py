"""Tests of what something is: `isinstance(x, int)`, `torch.is_tensor(x)`."""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core.dim import Poly
from shapetypes.core.shape import LikelyNumber, Number, TensorSpec, Unknown, is_field
from shapetypes.static import conditions, expressions as ex
from shapetypes.static.engine import Frame
from shapetypes.static.values import Obj, PyDict, PyList, Range, Ref, alternatives, options


def narrow(frame: Frame, node: ast.expr, holds: bool) -> None:
    """`if isinstance(x, int)` of a declared tensor, `if is_tensor(x)` of a number: it is something else there."""
    if not (holds and isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name)):
        return
    value = frame.state.env.get(node.args[0].id)
    if not isinstance(value, (TensorSpec, Number)):
        return
    paths = tested(frame, node)
    numbers = [p in _NUMBERS or p.startswith("numbers.") for p in paths]
    plain = [p.rpartition(".")[0] == "builtins" for p in paths]
    if paths and (all(plain) if isinstance(value, TensorSpec) else not any(numbers)):
        frame.state.env[node.args[0].id] = Unknown("an instance of another type than declared")


_NUMBERS: Final = ("builtins.int", "builtins.float", "builtins.bool", "builtins.complex")


_ABSTRACT: Final[dict[str, tuple[type, ...]]] = {
    **dict.fromkeys(("Number", "Complex", "Real"), (int, float, Poly, Number)),
    **dict.fromkeys(("Iterable", "Collection", "Container", "Sized"), (str, tuple, PyList, PyDict, Range)),
    **dict.fromkeys(("Sequence", "Reversible"), (str, tuple, PyList, Range)),
    **dict.fromkeys(("Mapping", "MutableMapping"), (PyDict,)),
    "MutableSequence": (PyList,),
}
_OF_TENSORS: Final = frozenset({"Iterable", "Collection", "Container", "Sized", "Reversible"})


def is_abstract(value: Any, name: str) -> bool | None:
    """Whether a plain value is a number, a sequence or a table as the abstract classes of Python have it."""
    kinds = _ABSTRACT.get(name)
    if kinds is None or is_field(value) or isinstance(value, LikelyNumber):
        return None
    if isinstance(value, TensorSpec):
        return None if value.library == "numpy" or name in _OF_TENSORS else False
    if isinstance(value, PyList) and not value.is_list:
        return True if name == "Iterable" else None
    plain = value is None or isinstance(value, (int, float, str, Poly, Number, tuple, PyList, PyDict, Range))
    return isinstance(value, kinds) if plain else None


def as_instance(node: ast.expr) -> tuple[ast.Call, bool] | None:
    """`type(x) is K` as `isinstance(x, K)`, which it implies, and whether it asks for that or for the opposite."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return None
    left, kinds = node.left, node.comparators[0]
    what: ast.expr | None = None
    if (
        isinstance(left, ast.Call)
        and isinstance(left.func, ast.Name)
        and left.func.id == "type"
        and len(left.args) == 1
    ):
        what = left.args[0]
    elif isinstance(left, ast.Attribute) and left.attr == "__class__":
        what = left.value
    listed = isinstance(node.ops[0], (ast.In, ast.NotIn))
    single = isinstance(node.ops[0], (ast.Is, ast.Eq, ast.IsNot, ast.NotEq)) and isinstance(
        kinds, (ast.Name, ast.Attribute)
    )
    if what is None or not (single or (listed and isinstance(kinds, (ast.Tuple, ast.List)))):
        return None
    known: ast.Call | None = getattr(node, "shapetypes_instance", None)
    if known is None:
        args = [what, ast.Tuple(kinds.elts, ast.Load()) if isinstance(kinds, (ast.Tuple, ast.List)) else kinds]
        known = ast.copy_location(ast.Call(ast.Name("isinstance", ast.Load()), args, []), node)
        ast.fix_missing_locations(known)
        node.shapetypes_instance = known  # type: ignore[attr-defined]
    return known, isinstance(node.ops[0], (ast.Is, ast.Eq, ast.In))


def is_kind(frame: Frame, node: ast.Call) -> bool | None:
    """Whether a value is of exactly the class that an `isinstance` names; None where it may be of one made of it."""
    if conditions.truth(frame, node) is not True:
        return conditions.truth(frame, node)
    return True if isinstance(ex.evaluate(frame, node.args[0]), (PyList, PyDict)) else None


def is_no(frame: Frame, node: ast.Call) -> None:
    """A tuple on the path on which it is surely not of class `tuple`: a record, of which more is not known."""
    name = node.args[0]
    if isinstance(name, ast.Name) and name.id in frame.state.env:
        found = options(frame.state.env[name.id])
        record = Unknown("an instance of a class made of `tuple`")
        if any(isinstance(value, tuple) for _, value in found):
            open_ = [(conds, record if isinstance(value, tuple) else value) for conds, value in found]
            frame.state.env[name.id] = alternatives(open_)


def tested(frame: Frame, node: ast.Call) -> list[str]:
    """The types that a test of type admits, by their paths; `""` for one that has none."""
    if isinstance(node.func, ast.Name) and node.func.id == "isinstance" and len(node.args) == 2:
        kinds = ex.evaluate(frame, node.args[1])
        return [k.path if isinstance(k, Ref) else "" for k in (kinds if isinstance(kinds, tuple) else (kinds,))]
    function = ex.evaluate(frame, node.func)
    return ["torch.Tensor"] if isinstance(function, Ref) and function.path == "torch.is_tensor" else []


def is_now(frame: Frame, node: ast.expr) -> None:
    """A tensor or row of them that proves to be of a class which is not known: its methods may do anything."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance"):
        return
    what = node.args[0] if node.args else None
    if not isinstance(what, (ast.Name, ast.Attribute)) or conditions.truth(frame, node) is not None:
        return
    if isinstance(ex.evaluate(frame, what), (TensorSpec, tuple, PyList, PyDict)):
        unknown = Unknown("an object of a class that is not known")
        if isinstance(what, ast.Name):
            frame.state.env[what.id] = unknown
        elif isinstance(owner := ex.evaluate(frame, what.value), Obj):
            frame.state.heap[(owner.id, what.attr)] = unknown
