"""Tensors of TensorFlow and Keras, and functions of theirs that give sizes or make no new shape."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.dim import Poly
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.stubs import Function
from shapetypes.static import builtin_calls, calls, keras_layers, keras_models, keras_zoo, tf_data
from shapetypes.static.engine import Frame
from shapetypes.static.values import PyList, ShapeTensor, is_open

LIBRARY = "tf"
_TENSORS = ("tensorflow.Tensor", "tensorflow.Variable", "keras.KerasTensor")
_SAME = frozenset({"value", "read_value", "assign", "assign_add", "assign_sub", "ref", "gpu", "cpu"})


def outside(frame: Frame, node: ast.AST, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Functions and classes of Keras and TensorFlow with a meaning of their own; `NOT_SPECIAL` for the rest.

    Args:
        frame: Where the call stands.
        node: The call.
        path: The public path of what is called.
        args: Positional arguments.
        kwargs: Keyword arguments.

    Raises:
        ShapeError: a layer refuses what comes out of the one before.
    """
    if path == tf_data.SLICES:
        return tf_data.slices(frame, args)
    if path in tf_data.MAKERS:
        return tf_data.made(frame, path, args, kwargs)
    if path == "tensorflow.TensorSpec":
        return TensorSpec(keras_layers.sizes(args[0] if args else kwargs.get("shape")), library=LIBRARY)
    if path.startswith(keras_zoo.PACKAGE):
        return keras_zoo.model(path, args, kwargs)
    if path == "keras.Input":
        return keras_models.input_tensor(frame, args, kwargs, node)
    if path == "keras.Sequential":
        return keras_models.sequential(frame, node, args, kwargs)
    if path == "keras.Model":
        return keras_models.functional(args, kwargs)
    first = args[0] if args else next(iter(kwargs.values()), None)
    if path in ("tensorflow.shape", "keras.ops.shape"):
        if not isinstance(first, TensorSpec) or not first.shape:
            return Unknown("the shape of a tensor")
        return ShapeTensor(first.parts) if path == "tensorflow.shape" else first.parts
    if path == "tensorflow.rank":
        rank = first.rank if isinstance(first, TensorSpec) else None
        return Unknown("the rank of a tensor") if rank is None else rank
    if path in _JOINS and isinstance(first, PyList) and first.items is not None:
        return _joined(path, first.items)
    if path in _WRAPS and isinstance(first, TensorSpec) and not isinstance(frame.stubs.find(path), Function):
        return TensorSpec(first.shape, first.dtype, library=LIBRARY)
    if path == "tensorflow.function":
        return first if first is not None else Unknown("a decorator")
    return builtin_calls.NOT_SPECIAL


_JOINS = frozenset({"tensorflow.concat", "tensorflow.stack", "keras.ops.concatenate", "keras.ops.stack"})
_WRAPS = frozenset({"tensorflow.Variable", "tensorflow.convert_to_tensor", "tensorflow.constant", "keras.Variable"})


def _joined(path: str, items: tuple[Any, ...]) -> Any:
    """Sizes put together to a shape, as in `tf.concat([tf.shape(x)[:-1], [n]], 0)`."""
    if path.endswith("stack"):
        sizes = any(isinstance(v, Poly) for v in items) and all(isinstance(v, (int, Poly)) for v in items)
        return items if sizes else builtin_calls.NOT_SPECIAL
    found: tuple[Any, ...] = ()
    for item in items:
        part = item.items if isinstance(item, PyList) else item
        if not isinstance(part, tuple) or not all(isinstance(v, (int, Poly, Var)) for v in part):
            return builtin_calls.NOT_SPECIAL
        found += part
    return found


def tensor_method(
    frame: Frame, node: ast.AST, x: TensorSpec, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """A method of a tensor.

    Raises:
        ShapeError: it refuses.
    """
    if name == "numpy":
        return calls.as_numpy(x)
    if name == "get_shape":
        return x.parts
    if name in _SAME:
        return x
    for path in _TENSORS:
        found = frame.stubs.find(f"{path}.{name}")
        if isinstance(found, Function):
            value, warnings = calls.stub_call(frame, found, (x, *args), kwargs, f"{name}()", None, node)
            for warning in warnings:
                frame.report(warning, node)
            return value
    return Unknown(f"`.{name}` of a tensor")


def shape_method(owner: tuple[Any, ...], name: str) -> Any:
    """A method of a `TensorShape`."""
    if name == "as_list" and not is_open(owner):
        return PyList(owner)
    return Unknown(f"`.{name}` of a shape")
