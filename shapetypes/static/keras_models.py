"""Models of Keras: Sequential, functional, and what every model can do."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import UNKNOWN, Poly
from shapetypes.core.fault import Fault, Operand, Origin, ShapeError
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call
from shapetypes.ops.stubs import public_path
from shapetypes.static import calls, expressions as ex, keras_graph, keras_layers, keras_training
from shapetypes.static.annotations import place_of
from shapetypes.static.engine import Frame
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import AT_FAULT, KerasModel, Method, Obj, PyDict, PyList, Ref, same

LAYERS = "\0layers"
GRAPH = "\0graph"
CONVOLVES = "Convolutions"
"""The kind of a functional model whose first layer is known to convolve, whatever the others are."""
BASES = ("keras.Layer", "keras.Model", "keras.Sequential")
METHODS = frozenset(
    {
        "add",
        "add_weight",
        "build",
        "call",
        "compile",
        "compute_loss",
        "evaluate",
        "fit",
        "get_layer",
        "load_weights",
        "pop",
        "predict",
        "predict_on_batch",
        "save",
        "summary",
        "test_on_batch",
        "train_on_batch",
    }
)
ATTRIBUTES = frozenset({"input", "inputs", "output", "outputs", "input_shape", "output_shape", "layers"})


def is_base(path: str) -> bool:
    """Whether a public path is one of the classes that models and layers of a project are derived from."""
    return path in BASES


def base_path(frame: Frame, info: ClassInfo) -> str | None:
    """The class of Keras that a class of the project is derived from, by its public path."""
    for item in frame.names.lineage(info):
        path = public_path(item.path) if isinstance(item, Ref) else ""
        if path in BASES or path.startswith("keras.layers."):
            return path
    return None


def make_base(
    frame: Frame, node: ast.AST, obj: Obj, path: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Keep what a class of the project hands to the constructor of `Sequential` or `Model`."""
    from shapetypes.static import objects

    if path == "keras.Sequential":
        frame.state.heap[(obj.id, objects.BASE)] = sequential(frame, node, args, kwargs)
    elif path == "keras.Model" and (args or "inputs" in kwargs):
        frame.state.heap[(obj.id, objects.BASE)] = functional(args, kwargs)


# -- making -------------------------------------------------------------------------------------------------------


def input_tensor(
    frame: Frame, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST | None = None
) -> TensorSpec:
    """`keras.Input`: axes that are not given are open, each a size of its own."""
    names = ("shape", "batch_size", "dtype", "sparse", "batch_shape", "name", "tensor")
    given = dict(zip(names, args, strict=False)) | kwargs
    if isinstance(given.get("tensor"), TensorSpec):
        return given["tensor"]  # type: ignore[no-any-return]
    whole = given.get("batch_shape", given.get("batch_input_shape"))
    shape = keras_layers.sizes(given.get("shape") if whole is None else whole)
    if shape is not None and whole is None:
        batch = keras_layers.sizes((given.get("batch_size"),)) or ()
        shape = (*batch, *shape)
    dtype = given.get("dtype")
    spec = TensorSpec(shape, dtype if isinstance(dtype, str) else None, library="tf")
    name = given.get("name")
    at = None if node is None else place_of(frame.module, node)
    frame.engine.inputs[id(spec)] = (spec, name if isinstance(name, str) else "", at)
    return spec


def sequential(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> KerasModel:
    """`keras.Sequential`: built at once where the first layer says what comes in."""
    given = args[0] if args else kwargs.get("layers")
    layers = () if given is None else ex.iterate(frame, given)
    model = KerasModel("Sequential", layers)
    frame.state.heap[(model.id, LAYERS)] = Unknown("layers that are not known") if layers is None else layers
    if layers:
        _rebuild(frame, model, layers, _layer_nodes(node, len(layers)))
        graph = frame.state.heap.get((model.id, GRAPH))
        if isinstance(graph, tuple):
            model = KerasModel("Sequential", layers, graph[0], graph[1], model.id)
    return model


def _layer_nodes(node: ast.AST, count: int) -> list[ast.AST]:
    """The expressions of the layers in a constructor's call, where they stand in a literal list."""
    if isinstance(node, ast.Call):
        given = next((k.value for k in node.keywords if k.arg == "layers"), node.args[0] if node.args else None)
        if isinstance(given, (ast.List, ast.Tuple)) and len(given.elts) == count:
            if not any(isinstance(e, ast.Starred) for e in given.elts):
                return list(given.elts)
    return [node] * count


def _rebuild(frame: Frame, model: KerasModel, layers: tuple[Any, ...], nodes: list[ast.AST]) -> None:
    """Run an input of the declared shape through the layers, where the first one declares it."""
    heap = frame.state.heap
    heap[(model.id, GRAPH)] = None
    start = _declared_input(frame, layers[0]) if layers else None
    if start is None:
        return
    value: Any = start
    for layer, node in zip(layers, nodes, strict=True):
        if layer is start:
            continue
        try:
            value = calls.call_value(frame, node, layer, (value,), {})
        except ShapeError as error:
            _told(frame, model, error, node)
            return
        if isinstance(value, Unknown):
            break
    heap[(model.id, GRAPH)] = (start, value)


def _told(frame: Frame, model: KerasModel, error: ShapeError, node: ast.AST) -> None:
    """Report a layer that does not fit the one before it; of a model that cannot be, nothing more is said."""
    assert error.fault is not None
    frame.report(error.fault, node)
    frame.state.heap[(model.id, LAYERS)] = Unknown(AT_FAULT)


def _declared_input(frame: Frame, first: Any) -> TensorSpec | None:
    """What a Sequential's first layer says of its input: `Input`, `input_shape=`, a model with an input."""
    if isinstance(first, TensorSpec):
        return first
    if isinstance(first, KerasModel):
        found = _graph(frame, first)
        return found[0] if found is not None and isinstance(found[0], TensorSpec) else None
    given = first.args.get("kwargs") if isinstance(first, Layer) else None
    if not isinstance(given, dict):
        return None
    if "batch_input_shape" in given:
        return input_tensor(frame, (), {"batch_shape": _own(given["batch_input_shape"])})
    if "input_shape" in given:
        return input_tensor(frame, (), {"shape": _own(given["input_shape"]), "batch_size": given.get("batch_size")})
    if "input_dim" in given:
        return input_tensor(frame, (), {"shape": (given["input_dim"],), "batch_size": given.get("batch_size")})
    return None


def _own(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def functional(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`keras.Model(inputs, outputs)`."""
    given = dict(zip(("inputs", "outputs"), args, strict=False)) | kwargs
    if "inputs" not in given or "outputs" not in given:
        return Unknown("a bare Model")
    return KerasModel("Functional", None, _single(given["inputs"]), _single(given["outputs"]))


def _single(value: Any) -> Any:
    """A list of one tensor as that tensor."""
    items = value.items if isinstance(value, PyList) else value
    return items[0] if isinstance(items, tuple) and len(items) == 1 else value


def _graph(frame: Frame, model: KerasModel) -> tuple[Any, Any] | None:
    """What a model takes and returns, where it is known."""
    if model.kind != "Sequential":
        return model.inputs, model.outputs
    found = frame.state.heap.get((model.id, GRAPH), (model.inputs, model.outputs))
    return found if isinstance(found, tuple) and found[0] is not None else None


def layers_of(frame: Frame, model: KerasModel) -> tuple[Any, ...] | None:
    """The layers of a Sequential as they are on this path."""
    found = frame.state.heap.get((model.id, LAYERS), model.layers)
    return found if isinstance(found, tuple) else None


# -- calling ------------------------------------------------------------------------------------------------------


def call_model(frame: Frame, node: ast.AST, model: KerasModel, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a model.

    Raises:
        ShapeError: it, or one of its layers, refuses.
    """
    x = args[0] if args else kwargs.get("inputs")
    if model.kind != "Sequential":
        value = _call_functional(frame, model, x)
        keras_graph.record(frame, model, x, value)
        return value
    layers = layers_of(frame, model)
    if layers is None or not layers:
        return Unknown("a model whose layers are not known")
    graph = _graph(frame, model)
    if graph is not None and isinstance(graph[0], TensorSpec):
        if not isinstance(x, TensorSpec) or x.shape is None:
            return _fresh(frame, graph[1], {})
        x = _ranked(frame, x, graph[0], "Sequential")
    for layer in layers:
        if isinstance(layer, TensorSpec):
            continue
        x = ex.lift(frame, node, [layer, x], lambda v: calls.call_value(frame, node, v[0], (v[1],), {}))
        if isinstance(x, Unknown):
            return x
    return x


def _ranked(frame: Frame, x: TensorSpec, want: TensorSpec, subject: str) -> TensorSpec:
    """The input with the rank that a model was built for: Keras drops or adds a last axis of size 1.

    Raises:
        ShapeError: it has another rank.
    """
    if x.rank is None or want.rank is None or x.rank == want.rank:
        return x
    if x.rank == want.rank + 1 and not _is_number(x.parts[-1], but=1):
        return x.with_shape(x.parts[:-1]) if x.parts[-1] == 1 else TensorSpec(None, library=x.library)
    if x.rank == want.rank - 1 and not _is_number(want.parts[-1], but=1):
        return x.with_shape((*x.parts, 1)) if want.parts[-1] == 1 else TensorSpec(None, library=x.library)
    operands = (Operand(x.label or "inputs", x.shape),)
    fault = Fault("rank-mismatch", "rank", subject, x.label or "inputs", got=x.shape, want=(want.rank,))
    raise ShapeError(fault=fault.but(operands=operands))


def _is_number(size: Any, but: int) -> bool:
    return isinstance(size, int) and size != but


def _call_functional(frame: Frame, model: KerasModel, given: Any) -> Any:
    pairs = _pairs(frame, model.inputs, given)
    if pairs is None:
        return _fresh(frame, model.outputs, {})
    call = Call(frame.state.judge, "Model")
    values: dict[Any, Any] = {}
    for want, x, label in pairs:
        if not isinstance(want, TensorSpec) or not isinstance(x, TensorSpec):
            continue
        x = _ranked(frame, x if x.label else x.labelled(label), want, "Model")
        call.operands = [x]
        try:
            _match(call, x, want, values)
            if model.kind == CONVOLVES and x.rank is not None and not isinstance(want.parts[-1], Var):
                call.expect(x, -1, want.parts[-1])  # its first layer compares what Keras does not
        except ShapeError as error:
            raise ShapeError(fault=_since_input(frame, error.fault, want)) from None
    return _fresh(frame, model.outputs, values)


def _since_input(frame: Frame, fault: Fault | None, want: TensorSpec) -> Fault | None:
    """The fault with the place of the `Input` that declares the size."""
    kept = frame.engine.inputs.get(id(want))
    if fault is None or kept is None or kept[0] is not want:
        return fault
    return fault.but(origins=(*fault.origins, Origin("layer", "Input", fault.want, place=kept[2])))


def _match(call: Call, x: TensorSpec, want: TensorSpec, values: dict[Any, Any]) -> None:
    """Require the sizes an input was declared with, and learn those that were left open.

    As Keras does it, a last axis of size 1 is not compared, and the batch never is.

    Raises:
        ShapeError: an axis has another size.
    """
    if x.rank is None or want.rank != x.rank:
        return
    for i, (size, declared) in enumerate(zip(x.parts, want.parts, strict=True)):
        atom = d.as_atom(declared) if isinstance(declared, Poly) else None
        if atom is not None and atom.kind == UNKNOWN:
            values[atom] = size
        elif not isinstance(declared, Var) and (0 < i < x.rank - 1 or (i and 1 not in (size, declared))):
            call.expect(x, i, declared)


def _pairs(frame: Frame, want: Any, given: Any) -> list[tuple[Any, Any, str]] | None:
    """Declared inputs with what is passed for them; None where it is not known which belongs to which.

    Raises:
        ShapeError: there are more or fewer than were declared.
    """
    if isinstance(want, PyDict) and isinstance(given, PyDict) and want.items is not None and given.items is not None:
        if want.items.keys() <= given.items.keys():
            return [(want.items[k], given.items[k], str(k)) for k in want.items]
        return None
    wanted = flat(want)
    if isinstance(given, PyDict):
        named = {name: spec for spec, name, _ in frame.engine.inputs.values() if name}
        items = given.items or {}
        if wanted is None or not items or not all(k in named for k in items):
            return None
        found = [(w, items[k], k) for w in wanted for k in items if same(named[k], w)]
        return found if len(found) == len(wanted) else None
    passed = flat(given)
    if wanted is None or passed is None or isinstance(want, PyDict):
        return None
    if len(wanted) != len(passed):
        if all(isinstance(v, TensorSpec) for v in (*wanted, *passed)):
            fault = Fault("rank-mismatch", "count", "Model", name="inputs", got=len(passed), want=len(wanted))
            raise ShapeError(fault=fault)
        return None
    labels = ["inputs"] if len(passed) == 1 else [f"inputs[{i}]" for i in range(len(passed))]
    return list(zip(wanted, passed, labels, strict=True))


def flat(value: Any) -> list[Any] | None:
    """The tensors of a list or tuple, or a tensor alone; None where they are not known."""
    if isinstance(value, TensorSpec):
        return [value]
    items = value.items if isinstance(value, PyList) else value
    return list(items) if isinstance(items, tuple) and not any(isinstance(v, Var) for v in items) else None


def _fresh(frame: Frame, outputs: Any, values: dict[Any, Any]) -> Any:
    """What a model returns for this input: sizes that were left open are those of the input, or new ones."""
    if isinstance(outputs, TensorSpec):
        if outputs.shape is None:
            return outputs
        out = TensorSpec(tuple(_substituted(frame, p, values) for p in outputs.parts), outputs.dtype, library="tf")
        kept = frame.engine.flat.get(id(outputs))
        if kept is not None and kept[0] is outputs:
            flat = TensorSpec(tuple(_substituted(frame, p, values) for p in kept[1].parts), outputs.dtype)
            frame.engine.flat[id(out)] = (out, flat)
        return out
    if isinstance(outputs, tuple):
        return tuple(_fresh(frame, v, values) for v in outputs)
    if isinstance(outputs, PyList) and outputs.items is not None:
        return PyList(tuple(_fresh(frame, v, values) for v in outputs.items))
    if isinstance(outputs, PyDict) and outputs.items is not None:
        return PyDict({k: _fresh(frame, v, values) for k, v in outputs.items.items()})
    return outputs if isinstance(outputs, Unknown) else Unknown("what a model returns")


def _substituted(frame: Frame, part: Any, values: dict[Any, Any]) -> Any:
    if not isinstance(part, Poly):
        return part
    size = frame.state.judge.reduce(part)
    for a in d.atoms_of(size):
        if a.kind == UNKNOWN and a not in values:
            values[a] = d.unknown("an open axis of a model")
    try:
        return d.substitute(size, values)
    except ZeroDivisionError:
        return d.unknown("division by zero")


# -- attributes and methods -----------------------------------------------------------------------------------------


def attribute(frame: Frame, model: KerasModel, name: str) -> Any:
    """An attribute of a model, or one of its methods."""
    if name == "layers":
        kept = keras_graph.layers(frame, model)
        return PyList(kept, None if kept is not None else Unknown("a layer"))
    if name in ATTRIBUTES:
        graph = _graph(frame, model)
        value = Unknown("a model that is not built") if graph is None else graph[not name.startswith("input")]
        if name.endswith("_shape"):
            return _open_shape(value)
        return PyList(tuple(flat(value) or ())) if name in ("inputs", "outputs") and flat(value) else value
    return Method(model, name)


def _open_shape(value: Any) -> Any:
    """A shape as Keras shows it: None for what is open."""
    if isinstance(value, TensorSpec) and value.rank is not None:
        return tuple(None if isinstance(p, Poly) and d.is_unknown(p) else p for p in value.parts)
    items = value.items if isinstance(value, PyList) else value
    if isinstance(items, tuple):
        return PyList(tuple(_open_shape(v) for v in items))
    return Unknown("a shape")


def call_method(
    frame: Frame, node: ast.AST, model: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """A method of a model, or of a layer of the project.

    Raises:
        ShapeError: it refuses.
    """
    if name == "get_layer" and isinstance(model, KerasModel):
        return keras_graph.get_layer(frame, model, args, kwargs)
    if name == "add_weight":
        return keras_layers.weight(args, kwargs)
    if isinstance(model, KerasModel) and model.kind == "Sequential" and name in ("add", "pop", "build"):
        return _change(frame, node, model, name, args, kwargs)
    if name in ("call", "__call__") and isinstance(model, KerasModel):
        return call_model(frame, node, model, args, kwargs)
    if name in ("predict", "predict_on_batch"):
        return _predict(frame, node, model, args, kwargs)
    if name == "compile":
        loss = kwargs.get("loss", args[1] if len(args) > 1 else None)
        frame.state.heap[(model.id, keras_training.LOSS)] = loss
        return None
    if name in ("fit", "evaluate", "train_on_batch", "test_on_batch"):
        keras_training.fit(frame, node, model, name, args, kwargs)
    return None if name == "summary" else Unknown(f"`.{name}()` of a model")


def _change(
    frame: Frame, node: ast.AST, model: KerasModel, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """`add`, `pop` and `build` of a Sequential: every alias of it has changed."""
    layers = layers_of(frame, model)
    heap = frame.state.heap
    if layers is None:
        return None
    if name == "build":
        shape = keras_layers.sizes(kwargs.get("input_shape", args[0] if args else None))
        if shape is not None and _graph(frame, model) is None:
            layers = (TensorSpec(shape, library="tf"), *layers)
    elif name == "add":
        layers = (*layers, kwargs.get("layer", args[0] if args else Unknown("a layer")))
    else:
        layers = layers[:-1]
    heap[(model.id, LAYERS)] = layers
    at: ast.AST = node.args[0] if isinstance(node, ast.Call) and node.args and name == "add" else node
    if name == "add" and len(layers) > 1:
        _extend(frame, model, layers, at)
    else:
        _rebuild(frame, model, layers, [at] * len(layers))
    return None


def _extend(frame: Frame, model: KerasModel, layers: tuple[Any, ...], at: ast.AST) -> None:
    """Run what came out of the layers so far through one more."""
    graph = _graph(frame, model)
    if graph is None:
        if len(layers) == 2:
            _rebuild(frame, model, layers, [at, at])
        return
    start, value = graph
    frame.state.heap[(model.id, GRAPH)] = None
    if isinstance(value, TensorSpec):
        try:
            value = calls.call_value(frame, at, layers[-1], (value,), {})
        except ShapeError as error:
            _told(frame, model, error, at)
            return
    frame.state.heap[(model.id, GRAPH)] = (start, value)


def _predict(frame: Frame, node: ast.AST, model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`predict`: what a call returns, as NumPy arrays."""
    x = args[0] if args else kwargs.get("x")
    if x is None or isinstance(x, Unknown):
        return Unknown("what a model predicts for an unknown input")
    if not isinstance(model, Obj) or not isinstance(x, TensorSpec) or not x.rank:
        return calls.as_numpy(calls.call_object(frame, node, model, (x,), {}))
    batch = keras_training.batch_size(kwargs, x.parts[0])
    value = calls.call_object(frame, node, model, (keras_training.rows(x, batch),), {})
    whole = isinstance(value, TensorSpec) and value.rank and value.parts[0] == batch
    return calls.as_numpy(value.with_shape((x.parts[0], *value.parts[1:])) if whole else value)
