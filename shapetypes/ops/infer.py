"""The public entry point to the op database: one op, its arguments, the result's shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.dtype import DType, canonical, category
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer, call_function, construct
from shapetypes.ops.stubs import ClassStub, Function, Stubs, default_stubs


def infer(
    name: str,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    call: tuple[Sequence[Any], Mapping[str, Any]] | None = None,
    *,
    stubs: Stubs | None = None,
) -> Any:
    """What an op does to shapes, by the op database alone: no framework is imported.

    Args:
        name: A public path (`torch.bmm`, `torch.Tensor.view`, `torch.nn.functional.linear`, `torch.nn.Linear`), or
            `torch.` and a Tensor method or operator (`torch.T`, `torch.__getitem__`).
        args: Positional arguments as in a real call; tensors are `TensorSpec`s, nested in lists, tuples, dicts and
            slices. dtypes are names or the framework's own objects.
        kwargs: Keyword arguments.
        call: For a class, the arguments `(args, kwargs)` of the call of the object.
        stubs: Another database.

    Returns:
        `TensorSpec`s nested as the real result is, sizes in elements; or `Unknown` with the reason.

    Raises:
        ShapeError: the op refuses these arguments; the error has the `fault`.

    Example:
        >>> infer("torch.bmm", (TensorSpec((2, 3, 4)), TensorSpec((2, 4, 5))), {})
        TensorSpec((2, 3, 5), ?)
    """
    database = stubs or default_stubs()
    judge = Judge()
    found = _find(database, name)
    positional, keywords = tuple(as_argument(a) for a in args), {k: as_argument(v) for k, v in (kwargs or {}).items()}
    if isinstance(found, ClassStub):
        return _object(judge, database, found, positional, keywords, call)
    if not isinstance(found, Function):
        return Unknown(f"no stub for {name}")
    return as_result(call_function(judge, database, found, positional, keywords).value)


def _find(database: Stubs, name: str) -> Any:
    if name.startswith("torch.ops.aten."):  # an operation, perhaps with the name of an overload
        return database.find(".".join(name.split(".")[:4])) or database.find(f"torch.{name.split('.')[3]}")
    found = database.find(name)
    if found is None or isinstance(found, tuple):
        package, _, rest = name.partition(".")
        found = database.find(f"{package}.Tensor.{rest}") or database.find(f"{package}.ops.aten.{rest}") or found
    return found


def _object(
    judge: Judge,
    database: Stubs,
    stub: ClassStub,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    call: tuple[Sequence[Any], Mapping[str, Any]] | None,
) -> Any:
    layer = construct(judge, database, stub, args, kwargs)
    if isinstance(layer, TensorSpec):
        return as_result(layer)
    if call is None or not isinstance(layer, Layer):
        return layer if isinstance(layer, Unknown) else Unknown(f"an object of {stub.path} has no shape of its own")
    method = database.method(stub, "forward") or database.method(stub, "call") or database.method(stub, "__call__")
    if method is None:
        return Unknown(f"the stub of {stub.path} does not say what a call does")
    positional = tuple(as_argument(a) for a in call[0])
    keywords = {k: as_argument(v) for k, v in call[1].items()}
    return as_result(call_function(judge, database, method, positional, keywords, owner=layer).value)


_TYPES = {bool: "bool", int: "int64", float: "float64", complex: "complex128"}
"""Python's types as dtypes, the same in torch and NumPy."""


def as_argument(value: Any) -> Any:
    """An argument as shape functions take it: unknown sizes as atoms, framework objects as names."""
    if isinstance(value, TensorSpec):
        return TensorSpec(None if value.shape is None else value.parts, value.dtype, value.label)
    if isinstance(value, slice):
        return slice(as_argument(value.start), as_argument(value.stop), as_argument(value.step))
    if isinstance(value, tuple):
        return tuple(as_argument(v) for v in value)
    if isinstance(value, list):
        return [as_argument(v) for v in value]
    if isinstance(value, dict):
        return {k: as_argument(v) for k, v in value.items()}
    if value is None or isinstance(value, (bool, int, float, complex, str, Poly, Unknown)):
        return value
    if isinstance(value, type):
        known = _TYPES.get(value) or canonical(value.__name__)
        return DType(known) if category(known) is not None else value
    kind = type(value).__name__
    if kind == "dtype" or kind.endswith("DType"):
        return DType(canonical(str(getattr(value, "name", value))))
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    if shape is not None and dtype is not None:
        return TensorSpec(tuple(shape), canonical(str(getattr(dtype, "name", dtype))))
    return value


def as_result(value: Any) -> Any:
    """A result as callers see it: unknown atoms as `Unknown`, a hidden rank as None."""
    if isinstance(value, TensorSpec):
        dtype = value.dtype if isinstance(value.dtype, str) else None
        if value.shape is None or any(isinstance(s, Var) for s in value.shape):
            return TensorSpec(None, dtype)
        return TensorSpec((_size(s) for s in value.shape), dtype)
    if isinstance(value, (list, tuple)):
        return type(value)(as_result(v) for v in value)
    if isinstance(value, dict):
        return {k: as_result(v) for k, v in value.items()}
    return value


def _size(size: Any) -> Any:
    if isinstance(size, Poly) and d.is_unknown(size):
        return Unknown(next((a.owner for a in size.atoms if a.kind == d.UNKNOWN and a.owner), "not known"))
    return int(size) if isinstance(size, int) else size
