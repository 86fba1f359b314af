"""Attributes and items of values."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.dtype import COMPLEXES, FLOATS, INTS, UINTS, DType, canonical
from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.shape import Packed, TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer, layer_attribute
from shapetypes.ops.stubs import ClassStub, Function
from shapetypes.static import (
    calls,
    conditions,
    expressions as ex,
    keras_graph,
    keras_layers,
    keras_models,
    module_values,
    objects,
    symbols,
    tensorflow,
    windows,
)
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.values import (
    Bound,
    Builtin,
    ClassRef,
    Func,
    KerasModel,
    Method,
    ModuleRef,
    Modules,
    Obj,
    PyDict,
    PyList,
    Range,
    Ref,
    Samples,
    Super,
    Symbol,
    by_name,
    is_open,
    one_of,
    rebuilt,
    row_kind,
    widest,
)

_NUMBERS = {"pi": 3.14, "e": 2.72, "inf": float("inf"), "nan": float("nan")}
_DTYPES = FLOATS | INTS | UINTS | COMPLEXES | {"bool", "float", "double", "half", "long", "int", "short"}
_SAME_TENSOR = frozenset({"data", "grad"})


def attribute(frame: Frame, node: ast.AST, owner: Any, name: str) -> Any:
    """The value of `owner.name` (no alternatives)."""
    if isinstance(owner, TensorSpec):
        return _of_tensor(frame, node, owner, name)
    if isinstance(owner, Ref):
        return _outside(frame, owner, name)
    if isinstance(owner, ModuleRef):
        return module_values.module_value(frame, owner.module, name)
    if isinstance(owner, Obj):
        return objects.attribute(frame, owner, name)
    if isinstance(owner, Layer):
        return _of_layer(frame, owner, name)
    if isinstance(owner, Symbol):
        return symbols.attribute(frame, owner, name)
    if isinstance(owner, ClassRef):
        return objects.class_attribute(frame, owner, name)
    if isinstance(owner, Super):
        return _of_super(frame, owner, name)
    if isinstance(owner, KerasModel):
        return keras_models.attribute(frame, owner, name)
    if isinstance(owner, Modules) and name not in _CONTAINER_METHODS:
        return objects.modules_attribute(owner, name)
    if isinstance(owner, (Func, Bound)):
        return Unknown("an attribute of a function")
    if isinstance(owner, Packed):
        return _of_packed(owner, name)
    if isinstance(owner, Unknown):
        return owner
    if isinstance(owner, tuple) and _RESULT_NAMES.get(name, len(owner)) < len(owner) and not is_open(owner):
        return owner[_RESULT_NAMES[name]]
    if isinstance(owner, tuple) and name in ("rank", "ndims") and not is_open(owner):
        return len(owner)
    if is_of_tensors(frame, owner, name):
        kind = row_kind(owner)
        raise ShapeError(fault=Fault("rank-mismatch", "type", f".{name}", _text(node), got=kind, want="Tensor"))
    return Builtin(name, owner)


def is_of_tensors(frame: Frame, owner: Any, name: str) -> bool:
    """Whether a name is an attribute of tensors, but `owner` a tuple or list of several, which has none such."""
    if row_kind(owner) is None or name in _ROW_NAMES:
        return False
    return frame.stubs.find(f"torch.Tensor.{name}") is not None


def _text(node: ast.AST) -> str:
    """What stands before the attribute or the bracket."""
    return ast.unparse(node.value) if isinstance(node, (ast.Attribute, ast.Subscript)) else "value"


def _of_packed(x: Packed, name: str) -> Any:
    if name == "data":
        return TensorSpec((d.unknown("steps"), *x.rest), x.dtype)
    return TensorSpec((d.unknown("steps"),), "int64") if name == "batch_sizes" else Unknown(f"`{name}`")


_RESULT_NAMES = {
    **dict.fromkeys(("values", "eigenvalues", "sign", "Q", "hist", "solution", "LU", "inverse", "mantissa", "min"), 0),
    **dict.fromkeys(("indices", "eigenvectors", "logabsdet", "R", "S", "bin_edges", "pivots", "exponent", "max"), 1),
    **dict.fromkeys(("V", "Vh"), 2),
}
"""The fields of torch's named results (`torch.return_types`) and their places; `U` and `L` have no one place."""

_ROW_NAMES = frozenset({*dir(tuple), *dir(list), *_RESULT_NAMES, "U", "L"})
"""What a tuple or list has, as it is or as one of torch's named results."""

_CONTAINER_METHODS = frozenset(
    {
        "append",
        "extend",
        "insert",
        "items",
        "keys",
        "values",
        "children",
        "named_children",
        "modules",
        "get",
        "update",
        "pop",
    }
)


def _of_tensor(frame: Frame, node: ast.AST, x: TensorSpec, name: str) -> Any:
    if name == "shape":
        return x.parts
    if name == "ndim":
        frame.look_at_rank(x.parts)
        return d.unknown("a rank") if x.rank is None else x.rank
    if name == "dtype":
        return DType(x.dtype) if isinstance(x.dtype, str) else Unknown("a dtype")
    if name in _SAME_TENSOR:
        return x
    if x.library == "numpy":
        return _of_array(frame, x, name)
    if x.library == tensorflow.LIBRARY:
        return Method(x, name)
    found = frame.stubs.find(f"torch.Tensor.{name}")
    if isinstance(found, Function):
        if "property" in found.signatures[0].flags:
            value, _ = calls.stub_call(frame, found, (x,), {}, f".{name}")
            return value
        return Method(x, name)
    if isinstance(found, tuple):
        return Unknown(f"`.{name}`")
    return Method(x, name) if name not in ("device", "layout", "requires_grad", "is_cuda") else Unknown(name)


def _of_array(frame: Frame, x: TensorSpec, name: str) -> Any:
    """An attribute of a NumPy array."""
    if name == "size":
        return Unknown("a size") if x.rank is None else d.product(p for p in x.parts if not isinstance(p, Var))
    if name == "T":
        return TensorSpec(None if x.rank is None else tuple(reversed(x.parts)), library="numpy")
    return Method(x, name)


def _outside(frame: Frame, owner: Ref, name: str) -> Any:
    path = f"{owner.path}.{name}"
    package = path.partition(".")[0]
    if package in ("torch", "numpy", "np", "jax", "tensorflow", "keras") and name in _DTYPES:
        found = frame.stubs.find(path)
        if not isinstance(found, (Function, ClassStub)):
            return DType(canonical(name))
    if path in ("numpy.newaxis", "tensorflow.newaxis"):
        return None
    if package in ("math", "numpy", "torch") and name in _NUMBERS:
        return _NUMBERS[name]
    if path == "builtins.Ellipsis":
        return ...
    return Ref(path)


def imported(frame: Frame, ref: Ref) -> Any:
    """What a name stands for that was imported by itself: `from math import pi`."""
    package, dot, name = ref.path.rpartition(".")
    return _outside(frame, Ref(package), name) if dot else ref


def _of_layer(frame: Frame, layer: Layer, name: str) -> Any:
    keras = keras_layers.is_keras(layer)
    if frame.stubs.method(layer.stub, name) is not None or (name in objects.MODULE_METHODS and not keras):
        return Method(layer, name)
    changed = frame.state.heap.get((id(layer), name))
    if changed is not None:
        return changed
    if keras and name in ("input", "output"):
        return keras_graph.end_of(frame, layer, name)
    return layer_attribute(frame.state.judge, frame.stubs, layer, name)


def _of_super(frame: Frame, owner: Super, name: str) -> Any:
    info = owner.self.info if isinstance(owner.self, Obj) else owner.info
    found = frame.names.method(info, name, after=owner.info)
    if isinstance(found, Func):
        return Bound(found, owner.self)
    if isinstance(found, Ref) and isinstance(owner.self, Obj):
        base = frame.state.heap.get((owner.self.id, objects.BASE))
        if isinstance(base, (Layer, KerasModel)):
            return Method(base, name)
        return Builtin(f"super.{name}", (owner, found.path))
    if isinstance(owner.self, Obj) and found is None:
        base = frame.state.heap.get((owner.self.id, objects.BASE))
        if isinstance(base, KerasModel):
            return Method(base, name)
        path = keras_models.base_path(frame, info)
        return Builtin(f"super.{name}", (owner, f"{path}.{name}" if path else None))
    return Builtin(f"super.{name}", (owner, None))


# -- items --------------------------------------------------------------------------------------------------------


def item(frame: Frame, node: ast.Subscript, owner: Any, index: Any) -> Any:
    """The value of `owner[index]` (no alternatives).

    Raises:
        ShapeError: a tensor cannot be indexed so.
    """
    if isinstance(owner, TensorSpec):
        if by_name(index):
            return Unknown("an item by name: no plain tensor")
        index = windows.moved(frame, node, owner, _forwards(index) if owner.library else index)
        value, _ = calls.stub_method(frame, "torch.Tensor", owner, "__getitem__", (index,), {}, "[]")
        if isinstance(value, Unknown):
            frame.missed(node, value.reason)
            return owner.with_shape(None)
        return _as_many(frame, index, value)
    if _needs_axes(index) and _is_sequence(owner):
        got = "tuple" if isinstance(owner, tuple) else owner.kind if isinstance(owner, Modules) else "list"
        if got != "ModuleDict":
            raise ShapeError(fault=Fault("rank-mismatch", "type", "[]", _text(node), got=got, want="Tensor"))
    if isinstance(owner, tuple):
        return tuple_item(frame, owner, index)
    if isinstance(owner, PyList):
        return _list_item(frame, owner, index)
    if isinstance(owner, PyDict):
        if owner.items is not None and isinstance(index, (str, int)) and index in owner.items:
            return owner.items[index]
        if owner.items is not None and len(owner.items) > 1 and not isinstance(index, (str, int)):
            return one_of(owner.items)
        return ex.element(frame, owner, index) if owner.element is not None else Unknown("an item of a dict")
    if isinstance(owner, Modules):
        return _modules_item(frame, owner, index)
    if isinstance(owner, Obj):
        fields = objects.record_items(frame, owner)
        if fields is not None:
            return tuple_item(frame, fields, index)
        return objects.call_method(frame, node, owner, "__getitem__", (index,), {})
    if isinstance(owner, str) and isinstance(index, int):
        return owner[index] if -len(owner) <= index < len(owner) else Unknown("an index")
    if isinstance(owner, str) and isinstance(index, slice):
        known = index.step != 0 and all(v is None or isinstance(v, int) for v in (index.start, index.stop, index.step))
        return owner[index] if known else Unknown("a part of a string")
    if isinstance(owner, Range):
        return d.unknown("an item of a range")
    if isinstance(owner, Samples) and not isinstance(index, slice):
        return owner.item
    return Unknown("an item of an unknown value")


def _as_many(frame: Frame, mask: Any, value: Any) -> Any:
    """What a mask selects: by the same mask as many elements each time."""
    if not isinstance(mask, TensorSpec) or mask.dtype != "bool" or not mask.rank or not isinstance(value, TensorSpec):
        return value
    if value.rank is None or not d.is_unknown(value.parts[0]):  # type: ignore[arg-type]
        return value
    _, count = frame.engine.selected.setdefault(id(mask), (mask, value.parts[0]))
    return value.with_shape((count, *value.parts[1:]))


def _is_sequence(value: Any) -> bool:
    """Whether this is surely a tuple or list, and not what a plain annotation takes for one: items are in it."""
    items = value.items if isinstance(value, PyList) and value.is_list else value if isinstance(value, tuple) else ()
    literal = any(isinstance(v, (int, float, str, Layer, Obj)) for v in items or ())
    return isinstance(value, Modules) or row_kind(value) is not None or literal


def _needs_axes(index: Any) -> bool:
    """Whether only something with axes can be indexed so: `x[:, 0]`, `x[None]`, `x[..., 0]`."""
    return index is None or index is Ellipsis or isinstance(index, tuple)


def tuple_item(frame: Frame, owner: tuple[Any, ...], index: Any) -> Any:
    """An item or slice of a tuple, which may hide how many items it has."""
    if isinstance(index, Poly):
        index = frame.state.judge.reduce(index)
    if isinstance(index, slice):
        return _tuple_slice(frame, owner, index)
    if not isinstance(index, int):
        found = list(owner)
        if found and not is_open(owner) and all(conditions.compare(frame, ast.Eq(), found[0], v) for v in found):
            return found[0]
        if found and not is_open(owner) and all(isinstance(v, (TensorSpec, tuple)) for v in found):
            return widest(found)
        return d.unknown("an item") if all(_is_size(v) or isinstance(v, Var) for v in owner) else Unknown("an item")
    if not is_open(owner):
        return owner[index] if -len(owner) <= index < len(owner) else Unknown("there is no such item")
    steps = range(index + 1) if index >= 0 else range(-1, index - 1, -1)
    for i in steps:
        if not -len(owner) <= i < len(owner) or isinstance(owner[i], Var):
            frame.look_at_rank(owner, index)
            return d.unknown("a size of an unknown rank")
    return owner[index]


def _is_size(value: Any) -> bool:
    return isinstance(value, (int, Poly)) and not isinstance(value, bool)


def _tuple_slice(frame: Frame, owner: tuple[Any, ...], index: slice) -> Any:
    ends: list[Any] = [None if e is None else size_of(e, frame) for e in (index.start, index.stop, index.step)]
    if any(e is not None and not isinstance(e, int) for e in ends):
        sizes = all(_is_size(v) or isinstance(v, Var) for v in owner)
        from shapetypes.core.shape import unknown_var

        return (unknown_var(),) if sizes else Unknown("a slice of unknown ends")
    if (index.start is not None and ends[0] is None) or (index.stop is not None and ends[1] is None):
        return Unknown("a slice of unknown ends")
    if not is_open(owner):
        return rebuilt(owner, owner[slice(*ends)])
    return rebuilt(owner, _open_slice(owner, ends[0], ends[1], ends[2]))


def _open_slice(owner: tuple[Any, ...], start: Any, stop: Any, step: Any) -> Any:
    """A slice of a tuple with one hidden part: exact when both ends are counted from a known side."""
    from shapetypes.core.shape import unknown_var

    at = [i for i, v in enumerate(owner) if isinstance(v, Var)]
    front, back = at[0], len(owner) - at[-1] - 1
    if step not in (None, 1):
        return (unknown_var(),)
    low = 0 if start is None else start
    if stop is None:
        if 0 <= low <= front or (low < 0 and -low <= back):
            return owner[low:]
    elif (
        (stop < 0 and -stop <= back and 0 <= low <= front)
        or (0 <= stop <= front and 0 <= low)
        or (low < 0 and stop < 0 and -low <= back)
    ):
        return owner[low:stop]
    return (unknown_var(),)


def _forwards(index: Any) -> Any:
    """An index with slices that go backwards as ones of the same length: NumPy and TensorFlow have them, torch not."""
    if isinstance(index, tuple):
        return tuple(_forwards(i) for i in index)
    if not isinstance(index, slice) or not isinstance(index.step, int) or index.step >= 0:
        return index
    if index.start is None and index.stop is None:
        return slice(None, None, -index.step)
    return slice(d.unknown("the end of a slice"), None, None)


def _list_item(frame: Frame, owner: PyList, index: Any) -> Any:
    if owner.items is None:
        return PyList(None, owner.element) if isinstance(index, slice) else ex.element(frame, owner, index)
    value = tuple_item(frame, owner.items, index)
    return PyList(value) if isinstance(index, slice) and isinstance(value, tuple) else value


def _modules_item(frame: Frame, owner: Modules, index: Any) -> Any:
    if owner.kind == "ModuleDict":
        if owner.items is not None and owner.keys is not None and index in owner.keys and isinstance(index, str):
            return owner.items[owner.keys.index(index)]
        return ex.element(frame, owner)
    if owner.items is None:
        return Modules(owner.kind, None, None, owner.element) if isinstance(index, slice) else ex.element(frame, owner)
    if isinstance(index, slice):
        value = _tuple_slice(frame, owner.items, index)
        return Modules(owner.kind, value if isinstance(value, tuple) else None)
    if isinstance(index, int) and -len(owner.items) <= index < len(owner.items):
        return owner.items[index]
    return Unknown("which layer is not known")
