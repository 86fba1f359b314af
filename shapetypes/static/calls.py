"""Calls: finding what is called, and handing the arguments over."""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.dtype import DType
from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.shape import MaybeSize, Slices, TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer, call_function, construct
from shapetypes.ops.promotion import LEGACY
from shapetypes.ops.stubs import ClassStub, Function, StubError, public_path
from shapetypes.static import (
    builtin_calls,
    changes,
    counted,
    expressions as ex,
    fitting,
    follow,
    items,
    joined_lists,
    keras_layers,
    keras_models,
    layer_dtypes,
    lints,
    list_data,
    loops,
    objects,
    strict,
    tensorflow,
    value_methods,
)
from shapetypes.static.annotations import place_of
from shapetypes.static.contracts import parameters, value_of
from shapetypes.static.engine import Call, Frame, symbol_size
from shapetypes.static.join import State
from shapetypes.static.modules import ClassInfo, Module, changed_by
from shapetypes.static.values import (
    AT_FAULT,
    Alt,
    Bound,
    Builtin,
    ClassRef,
    Func,
    KerasModel,
    Method,
    Modules,
    Obj,
    Partial,
    PlainRow,
    PyDict,
    PyList,
    Range,
    Ref,
    Symbol,
    was_told,
)

TF = tensorflow.LIBRARY


def call(frame: Frame, node: ast.Call) -> Any:
    """The value of a call expression."""
    special = builtin_calls.special_form(frame, node)
    if special is not builtin_calls.NOT_SPECIAL:
        return special
    function = ex.evaluate(frame, node.func)
    args = ex.elements(frame, node.args)
    kwargs: dict[str, Any] | None = {}
    for keyword in node.keywords:
        value = ex.evaluate(frame, keyword.value)
        if keyword.arg is not None and kwargs is not None:
            kwargs[keyword.arg] = value
        elif isinstance(value, PyDict) and value.items is not None and kwargs is not None:
            kwargs.update({str(k): v for k, v in value.items.items()})
        elif keyword.arg is None:
            kwargs = None
    if args is None or kwargs is None or (any(isinstance(a, Var) for a in args) and not _takes_sizes(function)):
        return _unknown_call(frame, node, function, "a call with unknown star arguments")
    names = list(kwargs)
    values = [function, *args, *kwargs.values()]
    count = len(args)

    def run(v: list[Any]) -> Any:
        return call_value(frame, node, v[0], tuple(v[1 : 1 + count]), dict(zip(names, v[1 + count :], strict=True)))

    value = lints.meant_units(node, ex.lift(frame, node, values, run))
    changed = changed_by(node)
    if isinstance(changed, ast.Subscript):
        items.change_any(frame, changed)
    if isinstance(function, Unknown):
        frame.state.judge.soften(size for v in values if isinstance(v, TensorSpec) for size in v.parts)
    if any(was_told(v) for v in values) and isinstance(function, (Ref, Method, Layer, Unknown)):
        return Unknown(AT_FAULT)
    if isinstance(value, Unknown):
        changes.by_callbacks(frame, values[1:])
        if any(isinstance(v, TensorSpec) for v in values):
            frame.missed(node, value.reason)
    return value


def _takes_sizes(function: Any) -> bool:
    """A tensor method takes sizes one by one, so `x.view(*x.shape, 1)` may spread a hidden number of them."""
    return isinstance(function, (Method, Ref))


def _unknown_call(frame: Frame, node: ast.AST, function: Any, reason: str) -> Any:
    if isinstance(function, (Func, Bound)):
        return follow.declared_only(frame, function)
    if isinstance(function, ClassRef) and isinstance(node, ast.Call):
        return _from_dict(frame, node, function.info) or Unknown(reason)
    if isinstance(function, Method) and isinstance(function.owner, TensorSpec):
        frame.missed(node, reason)
        return function.owner.with_shape(None)
    if isinstance(function, Ref) and public_path(function.path) == "torch.nn.Sequential" and isinstance(node, ast.Call):
        return _of_many(frame, node) or Unknown(reason)
    return Unknown(reason)


def _of_many(frame: Frame, node: ast.Call) -> Modules | None:
    """`nn.Sequential(*[Block() for _ in range(depth)])`: any number of layers that are made alike."""
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Starred):
        return None
    many = ex.evaluate(frame, node.args[0].value)
    if not isinstance(many, PyList) or not isinstance(many.element, (Obj, Layer, Modules)):
        return None
    return Modules("Sequential", None, None, many.element, many.count)


def _from_dict(frame: Frame, node: ast.Call, info: ClassInfo) -> Symbol | None:
    """`cfg = Config(**cfg)` in a constructor that takes either: the object that it would have been given."""
    stars = [k.value for k in node.keywords if k.arg is None]
    func = frame.func
    if func is None or func.owner is None or len(stars) != 1 or node.args:
        return None
    given = ex.evaluate(frame, stars[0])
    if isinstance(given, Symbol) and given.mapping and len(node.keywords) == 1:
        return Symbol(given.path, given.owner, info)
    if not frame.in_init:
        return None
    name = getattr(stars[0], "id", "")
    contract = parameters(frame, func).get(name)
    if contract is None or not any(p.kind == "class" and p.what is info for p in contract.parts):
        return None
    return Symbol(name, func.owner.key, info)


def call_value(frame: Frame, node: ast.AST, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a value (no alternatives).

    Raises:
        ShapeError: an op refuses.
    """
    layer_dtypes.watch(frame, node, function)
    if isinstance(function, Ref):
        return _call_outside(frame, node, function.path, args, kwargs)
    if isinstance(function, Method):
        return _call_method(frame, node, function, args, kwargs)
    if isinstance(function, Func):
        return follow.call_project(frame, node, function, args, kwargs)
    if isinstance(function, Bound):
        return follow.call_project(frame, node, function.func, (function.self, *args), kwargs)
    if isinstance(function, ClassRef):
        return objects.new(frame, node, function.info, args, kwargs)
    if isinstance(function, (Layer, Obj, Modules, KerasModel)):
        return call_object(frame, node, function, args, kwargs)
    if isinstance(function, Symbol) and function.info is not None:
        return _call_symbol(frame, node, function, function.info, args, kwargs)
    if isinstance(function, Builtin):
        return value_methods.call_builtin(frame, node, function, args, kwargs)
    if isinstance(function, Partial):
        return call_value(frame, node, function.function, (*function.args, *args), {**function.kwargs, **kwargs})
    if isinstance(function, Alt):
        return ex.lift(frame, node, [function], lambda v: call_value(frame, node, v[0], args, kwargs))
    if isinstance(function, Symbol) and function.info is not None:
        found = frame.names.method(function.info, "__call__")
        if isinstance(found, Func):
            return follow.call_project(frame, node, found, (function, *args), kwargs)
    for value in (*args, *kwargs.values()):
        if isinstance(value, (PyList, PyDict)):
            frame.state.replace(value, changes.opened(value))
    return Unknown(function.reason if isinstance(function, Unknown) else "what is called is not known")


def call_object(frame: Frame, node: ast.AST, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call an object: a layer's `forward`, a container's layers in turn.

    Raises:
        ShapeError: a layer refuses.
    """
    if isinstance(target, Layer):
        if keras_layers.is_keras(target):
            return keras_layers.call_layer(frame, node, target, args, kwargs)
        return _call_layer(frame, node, target, "forward", args, kwargs)
    if isinstance(target, Modules):
        return _call_sequential(frame, node, target, args)
    if isinstance(target, KerasModel):
        return keras_models.call_model(frame, node, target, args, kwargs)
    for name in ("__call__", "forward", "call"):
        found = frame.names.method(target.info, name)
        if isinstance(found, Func):
            if name == "call":
                if not frame.names.is_module(target.info):
                    continue
                args, kwargs = keras_layers.accepted(found, args, kwargs)
                keras_layers.build(frame, node, target, found, args, kwargs)
            return follow.call_project(frame, node, found, (target, *args), kwargs)
    base = frame.state.heap.get((target.id, objects.BASE))
    if isinstance(base, (Layer, Modules, KerasModel)):
        return call_object(frame, node, base, args, kwargs)
    return Unknown(f"calling `{target.info.name}` is not known")


def _call_symbol(
    frame: Frame, node: ast.AST, target: Symbol, info: ClassInfo, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call an object of which only the class is known: by what its method declares."""
    for name in ("__call__", "forward"):
        found = frame.names.method(info, name)
        if isinstance(found, Func) and (name == "__call__" or frame.names.is_module(info)):
            return follow.call_project(frame, node, found, (target, *args), kwargs)
    return Unknown(f"calling `{target.path}` is not known")


def _call_sequential(frame: Frame, node: ast.AST, target: Modules, args: tuple[Any, ...]) -> Any:
    if target.kind == "Sequential" and target.items is None and target.element is not None and len(args) == 1:
        return _call_many(frame, node, target, args)
    if target.kind != "Sequential" or target.items is None or len(args) != 1:
        return Unknown("a container whose layers are not known")
    value = args[0]
    for layer in target.items:
        value = ex.lift(frame, node, [layer, value], lambda v: call_value(frame, node, v[0], (v[1],), {}))
    return value


def _call_many(frame: Frame, node: ast.AST, target: Modules, args: tuple[Any, ...]) -> Any:
    """Any number of layers made alike: there may be none where their number is not simply given."""
    if loops.turns(frame, target.count):
        once = call_value(frame, node, target.element, args, {})
    else:
        try:
            with frame.engine.capture():
                once = call_value(frame, node, target.element, args, {})
        except ShapeError:
            once = Unknown("layers that do not fit, if there are any")
    return loops.repeated(args[0], once, frame.state.judge)


def _call_layer(
    frame: Frame, node: ast.AST, layer: Layer, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    found = frame.stubs.method(layer.stub, name)
    if not isinstance(found, Function):
        frame.lacks(node, f"{layer.stub.path}.{name}", args)
        return Unknown(f"the stub of {layer.stub.path} does not describe `{name}`")
    subject = layer.stub.name if name in ("forward", "call", "__call__") else f"{layer.stub.name}.{name}()"
    value, warnings = stub_call(frame, found, args, kwargs, subject, layer_dtypes.settled(frame, layer), node)
    for warning in warnings:
        frame.report(warning, node)
    return value


def _call_method(frame: Frame, node: ast.AST, method: Method, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    owner, name = method.owner, method.name
    if isinstance(owner, TensorSpec):
        return _call_tensor_method(frame, node, owner, name, args, kwargs)
    if isinstance(owner, Layer):
        if name in objects.RETURNS_SELF:
            return owner
        if name == "__init__":
            return None
        if keras_layers.is_keras(owner):
            return keras_layers.call_method(frame, node, owner, name, args, kwargs)
        return _call_layer(frame, node, owner, name, args, kwargs)
    if isinstance(owner, (KerasModel, Obj)):
        return keras_models.call_method(frame, node, owner, name, args, kwargs)
    return value_methods.call_builtin(frame, node, Builtin(name, owner), args, kwargs)


def _call_tensor_method(
    frame: Frame, node: ast.AST, owner: TensorSpec, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    if owner.library == TF:
        return tensorflow.tensor_method(frame, node, owner, name, args, kwargs)
    path = "numpy.ndarray" if owner.library == "numpy" else "torch.Tensor"
    if name in ("new", "new_tensor") and len(args) == 1:
        args = (list_data.rows(frame, args[0]),)
    if name in ("dim", "ndimension", "size"):
        frame.look_at_rank(owner.parts, args[0] if args else None)
    value, warnings = stub_method(frame, path, owner, name, args, kwargs, f"{name}()", node)
    if isinstance(value, Unknown):
        if name in changes.RESHAPES_IN_PLACE:
            frame.state.replace(owner, TensorSpec(None, library=owner.library))
        frame.missed(node, value.reason)
        return value
    for warning in warnings:
        frame.report(warning, node)
    value = counted.used(frame, node, name, (owner, *args), kwargs, value)
    if name == "numpy":
        return as_numpy(value)
    if name in changes.RESHAPES_IN_PLACE and isinstance(value, TensorSpec):
        frame.state.replace(owner, value)
    elif name.endswith("_") and not name.endswith("__") and value == owner:
        return owner
    if name == "squeeze" and not args and not kwargs and isinstance(value, TensorSpec):
        value = TensorSpec(value.shape, value.dtype)
        frame.squeezed[id(value)] = (value, node)
    return value


def stub_method(
    frame: Frame,
    path: str,
    owner: Any,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    subject: str,
    node: ast.AST | None = None,
) -> tuple[Any, list[Fault]]:
    """Call a method of the op database by the path of its class.

    Raises:
        ShapeError: it refuses.
    """
    found = frame.stubs.find(f"{path}.{name}")
    if not isinstance(found, Function):
        if node is not None:
            frame.lacks(node, f"{path}.{name}", (owner,))
        return Unknown(f"no stub for {path}.{name}"), []
    return stub_call(frame, found, (owner, *args), kwargs, subject, None, node)


def stub_call(
    frame: Frame,
    function: Function,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    subject: str | None = None,
    owner: Layer | None = None,
    node: ast.AST | None = None,
) -> tuple[Any, list[Fault]]:
    """Call a function of the op database with engine values.

    Raises:
        ShapeError: it refuses.
    """
    if frame.engine.strict and frame.own:
        strict.note_use(frame, function, args, int(owner is not None))
    positional, keywords = ops_arguments(frame, args, kwargs)
    library = _library(function.path, positional)
    if function.path.endswith(("__getitem__", "__setitem__")):
        pass  # what an index is does not change what is indexed
    elif library == "numpy":
        positional = _promoted(function.path, tuple(as_numpy(a) for a in positional))
    elif not library and len({a.library for a in positional if isinstance(a, TensorSpec)}) > 1:
        positional = tuple(
            TensorSpec(a.shape) if isinstance(a, TensorSpec) and a.library == "numpy" else a for a in positional
        )
    judge = frame.state.judge
    now = keras_layers.current(frame, owner)
    shown = subject or f"{function.path.rpartition('.')[2]}()"
    before, judge.here = judge.here, frame.origin(node, shown) if node is not None else judge.here
    trial = judge.fork()
    try:
        applied = call_function(trial, frame.stubs, function, positional, keywords, subject=shown, owner=now)
    finally:
        judge.here = before
    trial.here = before
    judge.adopt(trial)
    keras_layers.keep_built(frame, owner, applied.owner)
    value = from_ops(applied.value)
    return (as_library(value, library) if library else value), applied.warnings


def _promoted(path: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """NumPy's arrays for a rule of torch, which may ask for one dtype: NumPy promotes them."""
    if not path.startswith("torch.") or len({a.dtype for a in args if isinstance(a, TensorSpec)}) < 2:
        return args
    return tuple(TensorSpec(a.shape, None, library=a.library) if isinstance(a, TensorSpec) else a for a in args)


def _library(path: str, args: tuple[Any, ...]) -> str:
    """Whose tensors a function returns: its own library's; a method or operator those of its operands."""
    package = path.partition(".")[0]
    if path.startswith(("keras.datasets.", "keras.utils.")):
        return "numpy"
    if package in ("keras", "tensorflow"):
        return TF
    if package == "numpy":
        return package
    found = [a.library for a in args if isinstance(a, TensorSpec)]
    if package == "torch" and not path.startswith("torch.Tensor.") and "._tensor." not in path:
        return ""
    # An array beside a tensor of torch gives a tensor of torch.
    return TF if TF in found else "numpy" if found and set(found) == {"numpy"} else ""


def as_library(value: Any, library: str) -> Any:
    """A result with its tensors those of another library: NumPy's, TensorFlow's."""
    if isinstance(value, TensorSpec):
        return value if value.library == library else TensorSpec(value.shape, value.dtype, library=library)
    if isinstance(value, tuple):
        return tuple(as_library(v, library) for v in value)
    if isinstance(value, PyList) and value.items is not None:
        return PyList(tuple(as_library(v, library) for v in value.items), None, value.is_list)
    if isinstance(value, PyList):
        return PyList(None, as_library(value.element, library), value.is_list, value.count)
    if isinstance(value, PyDict) and value.items is not None:
        return PyDict({k: as_library(v, library) for k, v in value.items.items()}, value.element)
    return value


def as_numpy(value: Any) -> Any:
    """A result as a NumPy array."""
    return as_library(value, "numpy")


def ops_arguments(
    frame: Frame, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Engine values as the op database takes them."""
    return tuple(to_ops(a) for a in args), {k: to_ops(v) for k, v in kwargs.items()}


def to_ops(value: Any) -> Any:
    """One engine value as the op database takes it."""
    if isinstance(value, (TensorSpec, int, float, str, Poly, Layer, Unknown, Var)) or value is None or value is ...:
        return value
    if isinstance(value, PlainRow):
        return Unknown("a tuple by annotation")
    if isinstance(value, tuple):
        return tuple(to_ops(v) for v in value)
    if isinstance(value, PyList):
        return Unknown("a list of unknown length") if value.items is None else [to_ops(v) for v in value.items]
    if isinstance(value, slice):
        return slice(*[to_ops(e) for e in (value.start, value.stop, value.step)])
    if isinstance(value, Symbol):
        return MaybeSize(symbol_size(value))
    if isinstance(value, Ref) and value.path in _LEGACY:
        return DType(LEGACY[value.path.rpartition(".")[2]])  # `x.type(torch.LongTensor)`
    if isinstance(value, Range):
        items = ex._range_items(value)
        return Unknown("a range") if items is None else list(items)
    if isinstance(value, PyDict):
        return Unknown("a dict") if value.items is None else {k: to_ops(v) for k, v in value.items.items()}
    if isinstance(value, complex):
        return 0.5
    return Unknown("a value that is not a tensor or a number")


def from_ops(value: Any) -> Any:
    """A result of the op database as an engine value."""
    if isinstance(value, TensorSpec):
        return TensorSpec(value.shape, value.dtype, library=value.library) if value.label else value
    if isinstance(value, list):
        return PyList(tuple(from_ops(v) for v in value))
    if isinstance(value, tuple):
        return tuple(from_ops(v) for v in value)
    if isinstance(value, dict):
        return PyDict({k: from_ops(v) for k, v in value.items()})
    if isinstance(value, Slices):
        return PyList(None, value.item, False, value.count)
    return value


def _call_outside(frame: Frame, node: ast.AST, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if path.rpartition(".")[2] in changes.outermost(frame).mocked:
        return Unknown(f"`{path}` may have been replaced")
    known = builtin_calls.outside(frame, node, path, args, kwargs)
    if known is not builtin_calls.NOT_SPECIAL:
        return known
    if path.startswith(("keras.", "tensorflow.")):
        known = tensorflow.outside(frame, node, public_path(path), args, kwargs)
        if known is not builtin_calls.NOT_SPECIAL:
            return known
    found = frame.stubs.find(path)
    if isinstance(found, Function) and path.endswith(".from_pretrained"):
        return _from_table(frame, node, path, args, kwargs)
    if isinstance(found, Function):
        many = args[0] if args else next(iter(kwargs.values()), None)
        if found.path in joined_lists.JOINS and isinstance(many, PyList) and many.items == ():
            # Filled by someone else, most likely: a hook, a callback.
            return as_library(TensorSpec(None), _library(found.path, ()))
        if found.path in joined_lists.JOINS and isinstance(many, PyList) and many.items is None:
            return joined_lists.join_many(frame, node, found, many, args, kwargs)
        if found.path in list_data.DATA and args:
            args = (list_data.rows(frame, args[0]), *args[1:])
        value, warnings = stub_call(frame, found, args, kwargs, None, None, node)
        for warning in warnings:
            frame.report(warning, node)
        _fill(frame, kwargs.get("out"), value)
        value = counted.used(frame, node, path.rpartition(".")[2], args, kwargs, value)
        lints.loss_surprise(frame, node, found, args, kwargs)
        if found.path.endswith(".squeeze") and len(args) == 1 and not kwargs and isinstance(value, TensorSpec):
            value = TensorSpec(value.shape, value.dtype, library=value.library)
            frame.squeezed[id(value)] = (value, node)
        return value
    if isinstance(found, ClassStub):
        return _construct(frame, node, found, args, kwargs)
    layer_dtypes.handed_out(frame, args, kwargs)
    frame.lacks(node, path, (*args, *kwargs.values()))
    return Unknown(f"no stub for {path}")


def _fill(frame: Frame, out: Any, value: Any) -> None:
    """`out=` gets the shape of the result."""
    if isinstance(out, tuple) and isinstance(value, tuple):
        for mine, found in zip(out, value, strict=False):
            _fill(frame, mine, found)
    elif isinstance(out, TensorSpec):
        frame.state.replace(out, value if isinstance(value, TensorSpec) else TensorSpec(None))


def _from_table(frame: Frame, node: ast.AST, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`Embedding.from_pretrained(table)`: a layer of the sizes of a table, `"n e"`."""
    stub = frame.stubs.find(path.rpartition(".")[0])
    table = args[0] if args else kwargs.get("embeddings")
    if not isinstance(stub, ClassStub) or not isinstance(table, TensorSpec) or table.rank is None:
        return Unknown("an embedding of an unknown table")
    if table.rank != 2:
        fault = Fault("rank-mismatch", "rank", "from_pretrained()", argument="embeddings", got=table.shape, want=(2,))
        raise ShapeError(fault=fault)
    options = {k: v for k, v in kwargs.items() if k in ("padding_idx", "mode", "include_last_offset")}
    return _construct(frame, node, stub, table.parts, options)


_LEGACY = frozenset({"torch._tensor.Tensor", *(f"torch.{name}" for name in LEGACY)})


def _construct(frame: Frame, node: ast.AST, stub: ClassStub, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if stub.name in objects.CONTAINERS and stub.path.startswith("torch."):
        held = objects.container(frame, stub.name, args, kwargs) or Unknown("a container of layers")
        return fitting.fitting(frame, node, held) if isinstance(held, Modules) and held.kind == "Sequential" else held
    if stub.name in ("Parameter", "Buffer", "UninitializedParameter"):
        return args[0] if args and isinstance(args[0], TensorSpec) else TensorSpec(None)
    if stub.name == "Tensor" and stub.path not in _LEGACY:
        return TensorSpec(None)
    if stub.path in _LEGACY and len(args) == 1:
        args = (list_data.rows(frame, args[0]),)
    positional, keywords = ops_arguments(frame, args, kwargs)
    made = construct(frame.state.judge, frame.stubs, stub, positional, keywords)
    if isinstance(made, Layer):
        if keras_layers.is_keras(made):
            keras_layers.keep_inner(made, args, kwargs)
        made.maker = layer_dtypes.root(frame)
        place = place_of(frame.module, node)
        for name, bound in list(made.scope._own.items()):
            made.scope.bind(name, bound.size, replace(bound.origin, place=place), bound.broadcast)
    return made


def operator_method(frame: Frame, node: ast.AST, name: str, a: Any, b: Any) -> Any:
    """A binary operator on objects of the project."""
    if isinstance(a, Obj):
        return objects.call_method(frame, node, a, f"__{name}__", (b,), {})
    return objects.call_method(frame, node, b, f"__r{name}__", (a,), {})


def evaluate_elsewhere(frame: Frame, module: Module, node: ast.expr) -> Any:
    """The value of an expression at the top level of a module; faults in it are not reported here."""
    from shapetypes.core.judge import Judge

    inner = Frame(frame.engine, module, None, State({}, frame.state.heap, Judge()), (Call(frame, node),))
    inner.muted = 1
    with frame.engine.capture():
        try:
            return ex.evaluate(inner, node)
        except ShapeError:
            return Unknown("a fault")
        except StubError:
            raise
        except Exception:
            if os.environ.get("SHAPETYPES_RAISE"):
                raise
            return Unknown("a constant that cannot be evaluated")


def declared_value(frame: Frame, contract: Any, owner: str, path: str) -> Any:
    """A value as an annotation of a field declares it; its names are sizes of the object."""
    from shapetypes.core.fault import Origin
    from shapetypes.core.scope import Scope
    from shapetypes.static.contracts import rigid_scope

    scope = Scope()
    rigid_scope(scope, [contract], owner)
    loose = Scope()
    for name, binding in scope.items():
        size = binding.size if name.startswith("*") else d.atom(d.Atom(d.UNKNOWN, f"?{owner}.{name}"))
        loose.bind(name, (Var(f"?{owner}.{name}", kind="unknown"),) if name.startswith("*") else size, Origin("field"))
    if contract.kind in ("tensor", "tuple", "list", "dict", "float"):
        return value_of(frame, contract, loose, owner, path)
    if contract.kind == "union" and contract.shaped:
        return value_of(frame, contract, loose, owner, f"{owner}.{path}")
    return Unknown(f"`{path}`")
