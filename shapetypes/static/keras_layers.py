"""Layers of Keras in the engine: built by their first call, wrapped around models, written by the project."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from shapetypes.core import dim as d
from shapetypes.core.fault import Fault, Note, Operand, Origin, Place, ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.ops.stubs import Function
from shapetypes.static import calls, contracts, follow, keras_graph, lints
from shapetypes.static.annotations import Contract, place_of
from shapetypes.static.engine import Frame
from shapetypes.static.values import Alt, Bound, Func, KerasModel, Obj, PyDict, PyList, is_open

if TYPE_CHECKING:
    from shapetypes.static.contracts import Check

AT = "\0at"
NOW = "\0now"
BUILT = "\0built"
_CONTEXT = ("training", "mask")
_WRAPPERS = ("TimeDistributed", "Wrapper", "Bidirectional", "Lambda")


def is_keras(layer: Layer) -> bool:
    """Whether a layer is one of Keras."""
    return layer.stub.path.startswith("keras.")


# -- layers of the op database ------------------------------------------------------------------------------------


def current(frame: Frame, layer: Layer | None) -> Layer | None:
    """A layer as it is on this path: with the shapes it was built with."""
    found = frame.state.heap.get((layer, NOW))
    return found if isinstance(found, Layer) else layer


def keep_built(frame: Frame, layer: Layer | None, after: Layer | None) -> None:
    """Remember what a call has made of a layer: its first one fixes the sizes of its weights."""
    if layer is not None and after is not None and after is not layer and after is not current(frame, layer):
        frame.state.heap[(layer, NOW)] = after


def keep_inner(layer: Layer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Keep what the op database cannot: a model that a wrapper is put around, the function of a `Lambda`."""
    name = "function" if layer.stub.name == "Lambda" else "layer"
    inner = kwargs.get(name, args[0] if args else None)
    if layer.stub.name in _WRAPPERS and isinstance(inner, (KerasModel, Obj, Func, Bound)):
        layer.args[name] = inner


def call_layer(frame: Frame, node: ast.AST, layer: Layer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a layer.

    Raises:
        ShapeError: it refuses.
    """
    if layer.stub.name == "TimeDistributed":
        return _each_step(frame, node, layer, args, kwargs)
    if isinstance(layer.args.get("function"), (Func, Bound)):
        return calls.call_value(frame, node, layer.args["function"], args, {})
    found = frame.stubs.method(layer.stub, "call") or frame.stubs.method(layer.stub, "__call__")
    if found is None:
        return Unknown(f"the stub of {layer.stub.path} does not say what a call does")
    names = {p.name for signature in found.signatures for p in signature.params}
    kwargs = {k: v for k, v in kwargs.items() if k in names or k not in _CONTEXT}
    value = _run(frame, node, layer, found, args, kwargs)
    if args and isinstance(args[0], TensorSpec) and isinstance(value, TensorSpec):
        _keep_flat(frame, layer, args[0], value)
    name = name_of(layer)
    if name is not None and isinstance(value, TensorSpec):
        frame.engine.outputs[id(value)] = (value, name)
    keras_graph.record(frame, layer, args[0] if args else None, value)
    return value


def name_of(layer: Layer) -> str | None:
    """The name that the user has given a layer."""
    more = layer.args.get("kwargs")
    name = layer.args.get("name", more.get("name") if isinstance(more, dict) else None)
    return name if isinstance(name, str) else None


def _run(
    frame: Frame, node: ast.AST, layer: Layer, found: Function, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    kept = frame.state.heap.get((layer, AT))
    try:
        value, warnings = calls.stub_call(frame, found, args, kwargs, layer.stub.name, layer, node)
    except ShapeError as error:
        if error.fault is None or error.fault.kind != "axis" or not isinstance(kept, Place):
            raise
        since = Origin("layer", layer.stub.name, error.fault.want, place=kept)
        raise ShapeError(fault=error.fault.but(origins=(*error.fault.origins, since))) from None
    for warning in warnings:
        frame.report(warning, node)
    lints.loss_surprise(frame, node, found, args, kwargs)
    if kept is None and (layer, NOW) in frame.state.heap:
        frame.state.heap[(layer, AT)] = place_of(frame.module, node)
    return value


def call_method(
    frame: Frame, node: ast.AST, layer: Layer, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """A method of a layer other than its call: `reset_states`, `compute_mask`, `call` itself."""
    if name in ("call", "__call__"):
        return call_layer(frame, node, layer, args, kwargs)
    found = frame.stubs.method(layer.stub, name)
    if name == "__init__" or not isinstance(found, Function):
        return None if name == "__init__" else Unknown(f"`{layer.stub.name}.{name}` is not known")
    return _run(frame, node, layer, found, args, kwargs)


def _each_step(frame: Frame, node: ast.AST, layer: Layer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`TimeDistributed`: the layer inside gets each step of axis 1 by itself."""
    x = args[0] if args else kwargs.get("inputs")
    if not isinstance(x, TensorSpec) or x.rank is None:
        return TensorSpec(None)
    if x.rank < 3:
        operands = (Operand("inputs", x.shape),)
        fault = Fault("rank-mismatch", "rank", layer.stub.name, "inputs", got=x.shape, want=(3,), detail="least")
        raise ShapeError(fault=fault.but(operands=operands))
    inner = x.with_shape((x.parts[0], *x.parts[2:]))
    value = calls.call_value(frame, node, layer.args.get("layer"), (inner,), {})
    if not isinstance(value, TensorSpec) or not value.rank:
        return TensorSpec(None)
    return value.with_shape((value.parts[0], x.parts[1], *value.parts[1:]))


# -- layers and models of the project -----------------------------------------------------------------------------


def build(frame: Frame, node: ast.AST, obj: Obj, call: Func, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Run the `build` of a layer of the project before its first call, with the shapes of what it is called with."""
    method = frame.names.method(obj.info, "build")
    if not isinstance(method, Func) or isinstance(method.node, ast.Lambda) or (obj.id, BUILT) in frame.state.heap:
        return
    if isinstance(call.node, ast.Lambda):
        return
    frame.state.heap[(obj.id, BUILT)] = True
    names = [a.arg for a in call.node.args.args[1:]]
    given = dict(zip(names, args, strict=False)) | kwargs
    wanted = [a.arg for a in method.node.args.args[1:]]
    if len(wanted) == 1:
        shapes: tuple[Any, ...] = (_shape(next(iter(given.values()), None)),)
    else:
        shapes = tuple(_shape(given.get(name.removesuffix("_shape"))) for name in wanted)
    if any(isinstance(s, Unknown) for s in shapes):
        frame.state.heap[(obj.id, BUILT)] = Unknown("built with a shape that is not known")
        return
    follow.call_project(frame, node, method, (obj, *shapes), {})


def _shape(value: Any) -> Any:
    """What `build` gets for an argument of `call`: a shape, or shapes nested as the tensors are."""
    if isinstance(value, TensorSpec) and value.rank is not None:
        return value.parts
    items = value.items if isinstance(value, (PyList, PyDict)) else value
    if isinstance(items, dict):
        return PyDict({k: _shape(v) for k, v in items.items()})
    if isinstance(items, tuple) and items and not is_open(items):
        found = tuple(_shape(v) for v in items)
        return Unknown("a shape") if any(isinstance(v, Unknown) for v in found) else PyList(found)
    return Unknown("the shape of what a layer is called with")


def accepted(call: Func, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments that reach `call`: Keras makes tensors of arrays, and keeps back what `call` does not take."""
    names = {arg.arg for arg in contracts.all_args(call.node)}
    if not call.node.args.kwarg:
        kwargs = {k: v for k, v in kwargs.items() if k in names or k not in _CONTEXT}
    return tuple(_tensors(a) for a in args), {k: _tensors(v) for k, v in kwargs.items()}


def _tensors(value: Any) -> Any:
    """An array as a tensor of the default dtype, nested as it is."""
    if isinstance(value, TensorSpec):
        return TensorSpec(value.shape, library="tf") if value.library == "numpy" else value
    if isinstance(value, tuple):
        return tuple(_tensors(v) for v in value)
    if isinstance(value, PyList) and value.items is not None:
        return PyList(tuple(_tensors(v) for v in value.items), None, value.is_list)
    if isinstance(value, PyDict) and value.items is not None:
        return PyDict({k: _tensors(v) for k, v in value.items.items()})
    return value


def weight(args: tuple[Any, ...], kwargs: dict[str, Any]) -> TensorSpec:
    """What `add_weight` makes: a variable of the shape it is given, a scalar without one."""
    given = kwargs.get("shape", next((a for a in args if not isinstance(a, str)), ()))
    return TensorSpec(sizes(given), library="tf")


def sizes(value: Any) -> tuple[Any, ...] | None:
    """Sizes from a tuple or list, None among them for one that is open; None where they are not known."""
    items = value.items if isinstance(value, PyList) else value
    if isinstance(items, int) and not isinstance(items, bool):
        return (items,)
    if not isinstance(items, tuple):
        return None
    out = []
    for item in items:
        size = calls.to_ops(item) if not isinstance(item, Alt) else Unknown("a size")
        size = getattr(size, "size", size)
        out.append(d.unknown("an axis that is open") if size is None or isinstance(size, (Unknown, str)) else size)
    return tuple(out)


# -- a layer that was meant to see flat features ------------------------------------------------------------------


def _keep_flat(frame: Frame, layer: Layer, x: TensorSpec, value: TensorSpec) -> None:
    """Remember what would come out of these layers with a `Flatten` before the first `Dense` of them."""
    kept = frame.engine.flat.get(id(x))
    flat: TensorSpec | None = None
    if layer.stub.name == "Dense" and value.rank is not None and value.rank > 2:
        flat = TensorSpec((value.parts[0], value.parts[-1]), value.dtype)
    elif kept is not None and kept[0] is x and value.shape == x.shape:
        flat = kept[1]
    if flat is not None:
        frame.engine.flat[id(value)] = (value, flat)


def flat_note(frame: Frame, check: Check, label: str, contract: Contract, value: Any) -> tuple[Note, ...]:
    """The note for a result of a `Dense` on several axes that would fit its annotation after a `Flatten`."""
    kept = frame.engine.flat.get(id(value))
    if kept is None or kept[0] is not value:
        return ()
    if check.take(label, contract, kept[1]) or check.last():
        return ()
    return (Note(Origin("flat", "Dense", kept[1].parts)),)


__all__ = ["accepted", "build", "call_layer", "flat_note", "is_keras", "place_of", "weight"]
