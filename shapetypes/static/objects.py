"""Objects: construction, attributes, symbolic instances of a class, containers of layers."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Atom, Poly, as_atom
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.core.spec import NAME
from shapetypes.ops.apply import Layer, construct
from shapetypes.ops.stubs import ClassStub, public_path
from shapetypes.static import (
    calls,
    changes,
    contracts,
    expressions as ex,
    follow,
    keras_models,
    library_bases,
    making,
    symbols,
)
from shapetypes.static.annotations import ANY, BadAnnotation, Contract
from shapetypes.static.engine import Call, Frame, OutOfBudget
from shapetypes.static.join import NO_ATTRIBUTE, State, is_missing, without_missing
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import (
    Alt,
    Bound,
    Builtin,
    ClassRef,
    Func,
    KerasModel,
    Member,
    Method,
    Modules,
    Obj,
    PyDict,
    PyList,
    Ref,
    Symbol,
)

BASE = "\0base"
INIT = "\0init"
MADE = "\0made"
MODULE_METHODS = frozenset(
    [
        "to",
        "cuda",
        "cpu",
        "eval",
        "train",
        "half",
        "double",
        "float",
        "bfloat16",
        "requires_grad_",
        "apply",
        "compile",
        "share_memory",
        "type",
        "parameters",
        "named_parameters",
        "buffers",
        "named_buffers",
        "children",
        "modules",
        "named_modules",
        "named_children",
        "state_dict",
        "load_state_dict",
        "zero_grad",
        "register_forward_hook",
        "register_forward_pre_hook",
        "extra_repr",
        "get_parameter",
        "get_submodule",
        "get_buffer",
    ]
)
RETURNS_SELF = frozenset(
    [
        "to",
        "cuda",
        "cpu",
        "eval",
        "train",
        "half",
        "double",
        "float",
        "bfloat16",
        "requires_grad_",
        "apply",
        "share_memory",
        "type",
        "xpu",
        "ipu",
    ]
)
_SIZE_PARAMETERS = frozenset(
    [
        "in_features",
        "out_features",
        "in1_features",
        "in2_features",
        "in_channels",
        "out_channels",
        "num_features",
        "num_channels",
        "normalized_shape",
        "num_embeddings",
        "embedding_dim",
        "input_size",
        "hidden_size",
        "proj_size",
        "embed_dim",
        "kdim",
        "vdim",
        "d_model",
        "dim_feedforward",
        "n_classes",
        "units",
        "filters",
        "input_dim",
        "output_dim",
        "num_parameters",
    ]
)


def attribute(frame: Frame, obj: Obj, name: str) -> Any:
    """An attribute of an object: what was assigned, else a method, a class constant, or something of a base class."""
    key = (obj.id, name)
    if key in frame.state.heap:
        changing = name in changes.by_hooks(obj.info)
        return Unknown("a hook changes it") if changing else _assigned(frame, obj, name, frame.state.heap[key])
    found = frame.names.method(obj.info, name)
    if isinstance(found, Func):
        return _method(frame, obj, found)
    base = frame.state.heap.get((obj.id, BASE))
    if isinstance(base, Layer):
        from shapetypes.static.attributes import attribute as of

        return of(frame, ast.Constant(None), base, name)
    if isinstance(base, KerasModel) and name in keras_models.METHODS | keras_models.ATTRIBUTES:
        return keras_models.attribute(frame, base, name)
    for item in frame.names.lineage(obj.info):
        if isinstance(item, ClassRef):
            if name in item.info.constants:
                value = _constant(frame, item.info, name)
                declared = _field(frame, obj, item.info, name) if name in item.info.fields and not obj.exact else value
                return value if obj.exact else _loose(value) if isinstance(declared, Unknown) else declared
            if name in item.info.fields:
                return _field(frame, obj, item.info, name)
    if name == "training":
        return Unknown("`training`")
    if name in keras_models.METHODS and keras_models.base_path(frame, obj.info):
        return Method(obj, name)
    if frame.names.is_module(obj.info) and name in MODULE_METHODS | {
        "register_buffer",
        "register_parameter",
        "add_module",
    }:
        return Builtin(f"module.{name}", obj)
    if name in ("__class__", "__dict__", "__name__"):
        return ClassRef(obj.info) if obj.exact and name == "__class__" else Unknown(name)
    return Unknown(NO_ATTRIBUTE if _surely_lacks(frame, obj.info) else f"`{obj.info.name}.{name}` is not known")


def _surely_lacks(frame: Frame, info: ClassInfo) -> bool:
    """Whether an object of a class has no other attributes than those seen: no code of its classes adds any by name."""
    for item in frame.names.lineage(info):
        if isinstance(item, ClassRef) and (item.info.adds or "__getattr__" in item.info.methods):
            return False
    return not frame.names.opaque(info)


def _assigned(frame: Frame, obj: Obj, name: str, value: Any) -> Any:
    """An assigned attribute; where one path has not assigned it, a class may have a value for it."""
    if isinstance(value, Alt) and any(is_missing(v) for _, v in value.options):
        for item in frame.names.lineage(obj.info):
            if isinstance(item, Unknown):
                return value
            if isinstance(item, ClassRef) and (name in item.info.constants or "__getattr__" in item.info.methods):
                return value
            if isinstance(item, ClassRef) and name in item.info.fields:
                declared = _read_field(frame, obj, item.info, name)
                return without_missing(value) if isinstance(declared, Unknown) else declared
        return without_missing(value)
    return value


def _constant(frame: Frame, info: ClassInfo, name: str) -> Any:
    """What a class gives all its objects, unless the code gives the class another value later."""
    if name in changes.patched(frame):
        return Unknown("assigned elsewhere")
    return ex.resolve(frame, ("expr", info.module, info.constants[name]), f"{info.name}.{name}")


def _loose(value: Any) -> Any:
    """A class constant that a subclass may give another value."""
    kept = isinstance(value, (Func, ClassRef, Ref, str))
    return value if kept else Unknown("a class constant of a possible subclass")


def _method(frame: Frame, obj: Obj, found: Func) -> Any:
    flags = contracts.decorators(frame, found)
    if "property" in flags:
        return follow.call_project(frame, found.node, found, (obj,), {})
    if "staticmethod" in flags:
        return found
    if "classmethod" in flags:
        return Bound(found, ClassRef(obj.info))
    return Bound(found, obj)


def _read_field(frame: Frame, obj: Obj, info: ClassInfo, name: str) -> Any:
    try:
        contract = contracts.reader(frame, info).read(info.fields[name])
    except BadAnnotation:
        return Unknown("a bad annotation")
    return calls.declared_value(frame, contract, f"{obj.info.key}#{obj.id}", name)


def _field(frame: Frame, obj: Obj, info: ClassInfo, name: str) -> Any:
    value = _read_field(frame, obj, info, name)
    if not isinstance(value, Unknown):
        frame.state.heap[(obj.id, name)] = value
    return value


def _declared_field(frame: Frame, obj: Obj, name: str) -> Any:
    """An attribute that any method may assign: what the class declares for it."""
    for item in frame.names.lineage(obj.info):
        if isinstance(item, ClassRef) and name in item.info.fields:
            value = _field(frame, obj, item.info, name)
            if not isinstance(value, Unknown):
                return value
    return Unknown(f"`self.{name}` is assigned outside `__init__`")


def class_attribute(frame: Frame, owner: ClassRef, name: str) -> Any:
    """An attribute of a class: a method, a constant, a nested class."""
    found = frame.names.method(owner.info, name)
    if isinstance(found, Func):
        flags = contracts.decorators(frame, found)
        return Bound(found, owner) if "classmethod" in flags else found
    for item in frame.names.lineage(owner.info):
        if isinstance(item, ClassRef) and name in item.info.constants:
            if _is_enum(frame, item.info):
                return _member(frame, item.info, name)
            return _constant(frame, item.info, name)
    return Unknown(f"`{owner.info.name}.{name}` is not known")


def _is_enum(frame: Frame, info: ClassInfo) -> bool:
    return any(isinstance(b, Ref) and b.path.startswith("enum.") for b in frame.names.lineage(info))


def _member(frame: Frame, info: ClassInfo, name: str) -> Member:
    """A member of an enum; two names for one value are one member."""
    value = info.constants[name]
    if isinstance(value, ast.Constant):
        name = next(n for n, v in info.constants.items() if isinstance(v, ast.Constant) and v.value == value.value)
    bases = [b for b in frame.names.lineage(info) if not isinstance(b, ClassRef)]
    plain = all(isinstance(b, Ref) and b.path in ("enum.Enum", "enum.Flag") for b in bases)
    return Member(f"{info.module.name}.{info.name}.{name}", plain)


def modules_attribute(owner: Modules, name: str) -> Any:
    """An attribute of a container of layers."""
    if owner.items is not None and owner.keys is not None and name in owner.keys:
        return owner.items[owner.keys.index(name)]
    return Method(owner, name)


# -- construction -------------------------------------------------------------------------------------------------


def new(frame: Frame, node: ast.AST, info: ClassInfo, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """An object of a class of the project, its `__init__` followed with the actual arguments."""
    if _is_enum(frame, info):
        return Unknown("a member of an enum")
    if reason := making.otherwise(frame, info):
        return Unknown(reason)
    obj = Obj(info)
    frame.state.heap[(obj.id, MADE)] = True
    init = frame.names.method(info, "__init__")
    if isinstance(init, Func):
        bound = follow.bind_arguments(init, (obj, *args), kwargs)
        if bound is not None:
            frame.state.heap[(obj.id, INIT)] = bound
        follow.call_project(frame, node, init, (obj, *args), kwargs)
    elif is_record(frame, info):
        _fill_record(frame, node, obj, args, kwargs)
    elif isinstance(init, Ref):
        _stub_base(frame, obj, init, args, kwargs)
    else:
        keras_models.make_base(frame, node, obj, keras_models.base_path(frame, info), args, kwargs)
    return obj


def _stub_base(frame: Frame, obj: Obj, init: Ref, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """A subclass of a stubbed layer: the layer's part is kept with the object."""
    base = public_path(init.path.rpartition(".")[0])
    if keras_models.is_base(base):
        keras_models.make_base(frame, obj.info.node, obj, base, args, kwargs)
        return
    stub = frame.stubs.find(base)
    if not isinstance(stub, ClassStub):
        return
    if stub.name in CONTAINERS:
        value = container(frame, stub.name, args, kwargs)
        if value is not None:
            frame.state.heap[(obj.id, BASE)] = value
        return
    if stub.name == "Module":
        return
    layer = construct(frame.state.judge, frame.stubs, stub, *calls.ops_arguments(frame, args, kwargs))
    if isinstance(layer, Layer):
        frame.state.heap[(obj.id, BASE)] = layer


def is_record(frame: Frame, info: ClassInfo) -> bool:
    """Whether a class is a dataclass or a NamedTuple: its fields are its constructor."""
    for item in frame.names.lineage(info):
        if isinstance(item, Ref) and item.path in ("typing.NamedTuple", "typing_extensions.NamedTuple"):
            return True
        if isinstance(item, ClassRef):
            for decorator in item.info.node.decorator_list:
                head = decorator.func if isinstance(decorator, ast.Call) else decorator
                found = frame.names.static(head, item.info.module, item.info.closure)
                if isinstance(found, Ref) and found.path.rpartition(".")[2] in ("dataclass", "define", "frozen"):
                    return True
    return False


def record_items(frame: Frame, obj: Obj) -> tuple[Any, ...] | None:
    """The fields of a NamedTuple as the tuple that it is; None for other objects."""
    names = [x.path for x in frame.names.lineage(obj.info) if isinstance(x, Ref)]
    if not {"typing.NamedTuple", "typing_extensions.NamedTuple"}.intersection(names):
        return None
    return tuple(attribute(frame, obj, name) for name in record_fields(frame, obj.info))


def record_fields(frame: Frame, info: ClassInfo) -> dict[str, ClassInfo]:
    """The fields of a dataclass in order, each with the class that declares it."""
    out: dict[str, ClassInfo] = {}
    for item in reversed(frame.names.lineage(info)):
        if isinstance(item, ClassRef):
            out.update(dict.fromkeys(item.info.fields, item.info))
    return out


def _fill_record(frame: Frame, node: ast.AST, obj: Obj, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    fields = record_fields(frame, obj.info)
    values = dict(zip(fields, args, strict=False))
    values.update({k: v for k, v in kwargs.items() if k in fields})
    for name, info in fields.items():
        if name not in values and name in info.constants:
            values[name] = _default(frame, info, name)
        if name in values:
            frame.state.heap[(obj.id, name)] = values[name]
    follow.check_fields(frame, node, obj, {k: (v, fields[k]) for k, v in values.items()})
    post = frame.names.method(obj.info, "__post_init__")
    if isinstance(post, Func):
        follow.call_project(frame, node, post, (obj,), {})


def _default(frame: Frame, info: ClassInfo, name: str) -> Any:
    expr = info.constants[name]
    if isinstance(expr, ast.Call):
        for keyword in expr.keywords:
            if keyword.arg == "default":
                return ex.resolve(frame, ("expr", info.module, keyword.value), f"{info.name}.{name}")
            if keyword.arg == "default_factory":
                factory = ex.resolve(frame, ("expr", info.module, keyword.value), f"{info.name}.{name}()")
                return calls.call_value(frame, expr, factory, (), {})
        func = frame.names.static(expr.func, info.module)
        if isinstance(func, Ref) and func.path.startswith(("dataclasses.field", "attr")):
            return Unknown("a field without a default")
    return ex.resolve(frame, ("expr", info.module, expr), f"{info.name}.{name}")


def call_method(frame: Frame, node: ast.AST, obj: Obj, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a special method of an object."""
    found = frame.names.method(obj.info, name)
    if isinstance(found, Func):
        return follow.call_project(frame, node, found, (obj, *args), kwargs)
    return Unknown(f"`{obj.info.name}.{name}` is not known")


# -- containers of layers -------------------------------------------------------------------------------------------

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict")


def container(frame: Frame, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Modules | None:
    """An `nn.Sequential`, `nn.ModuleList` or `nn.ModuleDict` from its constructor's arguments."""
    if kind == "Sequential":
        if len(args) == 1 and isinstance(args[0], PyDict):
            return _from_dict(kind, args[0])
        return Modules(kind, args)
    if not args:
        return Modules(kind, (), ())
    if kind in ("ModuleDict", "ParameterDict"):
        return _from_dict(kind, args[0]) if isinstance(args[0], PyDict) else Modules("ModuleDict", None)
    items = ex.iterate(frame, args[0])
    if items is not None:
        return Modules("ModuleList", items)
    return Modules("ModuleList", None, None, ex.element(frame, args[0]), ex.count_of(args[0]))


def _from_dict(kind: str, value: PyDict) -> Modules:
    kind = "Sequential" if kind == "Sequential" else "ModuleDict"
    if value.items is None:
        return Modules(kind, None, None, value.element)
    return Modules(kind, tuple(value.items.values()), tuple(value.items))


# -- symbolic instances ---------------------------------------------------------------------------------------------


def symbolic(frame: Frame, info: ClassInfo) -> tuple[Obj, State] | None:
    """An object of a class built with symbolic arguments, for judging its methods; made once a class.

    Returns:
        The object, and the path after its `__init__` (attributes and facts); None while it is being made.
    """
    engine = frame.engine
    if info.key in engine.instances:
        kept: tuple[Obj, State] | None = engine.instances[info.key]
        return kept
    engine.instances[info.key] = None
    obj = Obj(info, exact=False)
    state = State({}, {(obj.id, MADE): True}, Judge())
    inner = Frame(engine, info.module, None, state, (Call(Frame(engine, info.module, None, state), info.node),))
    inner.muted = 1
    with engine.aside(info.key):
        _run_init(inner, obj)
        for name in volatile(inner, info):
            state.heap[(obj.id, name)] = _declared_field(inner, obj, name)
        changes.open_attributes(inner, obj)
    engine.instances[info.key] = (obj, state)
    return obj, state


def _run_init(inner: Frame, obj: Obj) -> None:
    """Run the constructor of a symbolic object."""
    info, state = obj.info, inner.state
    init = inner.names.method(info, "__init__")
    if isinstance(init, Func):
        bound = follow.symbolic_arguments(inner, init, obj)
        state.heap[(obj.id, INIT)] = bound
        with suppress(OutOfBudget), inner.engine.capture():
            follow.run_body(inner, info.node, init, bound)
    elif isinstance(init, Ref):
        layer = library_bases.symbolic(inner, info, init)
        if layer is not None:
            state.heap[(obj.id, BASE)] = layer
    state.dead = False


def volatile(frame: Frame, info: ClassInfo) -> set[str]:
    """Attributes that a method assigns, or reshapes, which `__init__` does not reach: they are not known elsewhere."""
    found: dict[str, list[tuple[ClassInfo, ast.AST]]] = {}
    for item in frame.names.lineage(info):
        for name, node in item.info.methods.items() if isinstance(item, ClassRef) else ():
            found.setdefault(name, []).append((item.info, node))  # `super()` may run those of the bases
    reached = {"__init__", "__post_init__"}
    todo = [method for n in reached for method in found.get(n, ())]
    while todo:
        for part in _own_attributes(*todo.pop()):
            if part.attr in found and part.attr not in reached:
                reached.add(part.attr)
                todo += found[part.attr]
    rest = [method for name, methods in found.items() if name not in reached for method in methods]
    stored = {part.attr for method in rest for part in _own_attributes(*method) if isinstance(part.ctx, ast.Store)}
    return stored.union(*(changes.reshaped_on(*method) for method in rest))


def _own_attributes(info: ClassInfo, method: ast.AST) -> list[ast.Attribute]:
    """Every `self.x` in a method."""
    found = info.module.inside(method, ast.Attribute)
    return [part for part in found if isinstance(part.value, ast.Name) and part.value.id == "self"]


def sized_names(frame: Frame, info: ClassInfo) -> dict[str, Any]:
    """Constructor ints (and attributes copied from them) that reach a size of the object, with their values.

    A count, divisor, kernel, stride or depth is not a size: a dim of that name is another thing.
    """
    made = symbolic(frame, info)
    if made is None:
        return {}
    if info.key not in frame.engine.sized:
        obj, state = made
        atoms: set[Atom] = set()
        for value in list(state.heap.values()):
            _size_atoms(value, atoms)
        atoms = {a for s in atoms for a in d.atoms_of(state.judge.reduce(d.atom(s)))} | atoms
        names: dict[str, Any] = {}
        kept = state.heap.get((obj.id, INIT))
        init = kept if isinstance(kept, dict) else {}
        candidates = {n: v for (i, n), v in state.heap.items() if i == obj.id and n not in (INIT, BASE)}
        candidates.update({k: v for k, v in init.items() if k != "self"})
        for name, value in candidates.items():
            value = value if not isinstance(value, Symbol) else d.fixed(value.path, value.owner, "." not in value.path)
            a = as_atom(value) if isinstance(value, Poly) else None
            if a is not None and a in atoms and a.kind == d.FIXED:
                names[name] = value
        names.update(_dims_of(frame, info, init))
        frame.engine.sized[info.key] = frozenset(names)
        frame.engine.instances[info.key + "\0sized"] = names
    return frame.engine.instances[info.key + "\0sized"]  # type: ignore[no-any-return]


def _dims_of(frame: Frame, info: ClassInfo, given: dict[str, Any]) -> dict[str, Any]:
    """The names of the `Dim` ints of `__init__`, with what was passed for them: they hold on the object."""
    init = frame.names.method(info, "__init__")
    out: dict[str, Any] = {}
    for name, contract in (contracts.parameters(frame, init) if isinstance(init, Func) else {}).items():
        if contract.kind != "dim" or contract.spec is None or name not in given:
            continue
        value, axes = given[name], contract.spec.axes
        values = value if isinstance(value, tuple) and len(value) == len(axes) else (value,) * (len(axes) == 1)
        for axis, size in zip(axes, values, strict=False):
            if axis.kind == NAME and isinstance(size, (int, Poly)) and not isinstance(size, bool):
                out.setdefault(axis.name, size)
    return out


def _size_atoms(value: Any, out: set[Atom]) -> None:
    if isinstance(value, Layer):
        for name, argument in value.args.items():
            if name in _SIZE_PARAMETERS:
                _dims(argument, out)
    elif isinstance(value, TensorSpec) and value.shape is not None:
        for size in value.shape:
            _dims(size, out)
    elif isinstance(value, Modules):
        for item in value.items or (value.element,):
            _size_atoms(item, out)
    elif isinstance(value, KerasModel):
        for item in value.layers or ():
            _size_atoms(item, out)
    elif isinstance(value, Alt):
        for _, option in value.options:
            _size_atoms(option, out)


def _dims(size: Any, out: set[Atom]) -> None:
    if isinstance(size, Poly):
        out |= size.atoms
    elif isinstance(size, Symbol):
        out.add(Atom(d.FIXED, size.path, size.owner, "." not in size.path))
    elif isinstance(size, (tuple, list)):
        for s in size:
            _dims(s, out)
    elif isinstance(size, PyList):
        for s in size.items or ():
            _dims(s, out)


def instance_names(frame: Frame, obj: Any) -> dict[str, Any]:
    """The dim names that an object fixes, with their sizes for this object."""
    if not isinstance(obj, Obj):
        return {}
    names = sized_names(frame, obj.info)
    if not obj.exact:
        return dict(names.items())
    init = frame.state.heap.get((obj.id, INIT))
    given = init if isinstance(init, dict) else {}
    out = {}
    for name in names:
        value = frame.state.heap.get((obj.id, name), given.get(name))
        if isinstance(value, Symbol):
            value = d.fixed(value.path, value.owner, "." not in value.path)
        if isinstance(value, (int, Poly)) and not isinstance(value, bool):
            out[name] = value
    out.update(_dims_of(frame, obj.info, given))
    return out


def constructor_int(frame: Frame, obj: Any, name: str) -> Poly | None:
    """The int that an object's constructor was given under this name, where it is not known as a number."""
    init = frame.state.heap.get((obj.id, INIT)) if isinstance(obj, Obj) else None
    return symbols.fixed_int(init.get(name)) if isinstance(init, dict) else None


__all__ = ["ANY", "CONTAINERS", "Contract", "Obj", "Var", "attribute", "container", "new", "symbolic"]
