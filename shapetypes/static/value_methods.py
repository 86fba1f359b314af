"""Methods of Python's own values, of containers of layers, and those that every module has."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.static import calls, changes, expressions as ex, items, keras_layers, objects, tensorflow, tf_data
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.join import generalise
from shapetypes.static.values import Builtin, Modules, Obj, PyDict, PyList, Ref, Samples, is_open, one_of


def call_builtin(frame: Frame, node: ast.AST, function: Builtin, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method of a list, dict, tuple, string or container of layers; a method that every module has."""
    owner, name = function.owner, function.name
    if isinstance(owner, (PyList, Modules)) and name in ("append", "extend", "insert", "pop", "clear", "remove", "add"):
        return _change_list(frame, owner, name, args)
    if isinstance(owner, (PyDict, Modules)) and name in (
        "items",
        "keys",
        "values",
        "get",
        "update",
        "pop",
        "setdefault",
    ):
        return _dict_method(frame, owner, name, args, kwargs)
    if isinstance(owner, Samples):
        return tf_data.method(frame, node, owner, name, args, kwargs)
    if isinstance(owner, Modules):
        if name in objects.RETURNS_SELF:
            return owner
        if name == "children":
            return PyList(owner.items, owner.element)
        if name == "forward":
            return calls.call_value(frame, node, owner, args, kwargs)
        if name in ("add_module", "register_module"):
            frame.state.replace(owner, _added(owner, name, args))
            return None
        return Unknown(f"`.{name}` of layers")
    if name.startswith("module."):
        return _module_method(frame, owner, name.removeprefix("module."), args, kwargs)
    if name.startswith("super."):
        return _super_method(frame, node, owner, name.removeprefix("super."), args, kwargs)
    if isinstance(owner, tuple):
        return _tuple_method(frame, owner, name, args)
    if isinstance(owner, (int, Poly)) and name == "__index__":
        return owner
    if isinstance(owner, str):
        return _string_method(owner, name, args)
    if isinstance(owner, (PyList, PyDict)):
        return _other_method(frame, owner, name, args)
    return Unknown(f"`.{name}` is not followed")


_READS = frozenset(
    {"index", "count", "copy", "isdisjoint", "issubset", "union", "intersection", "difference", "fromkeys"}
)


def _other_method(frame: Frame, owner: PyList | PyDict, name: str, args: tuple[Any, ...]) -> Any:
    """A method of a list or dict without a rule: it may change the value, so nothing of it is known after it."""
    if name == "copy":
        if isinstance(owner, PyList):
            return PyList(owner.items, owner.element, owner.is_list)
        return PyDict(owner.items, owner.element)
    if name == "reverse" and isinstance(owner, PyList) and owner.items is not None:
        frame.state.replace(owner, PyList(tuple(reversed(owner.items))))
        return None
    if name not in _READS:
        lost = Unknown("an item of a value that was changed")
        frame.state.replace(
            owner, PyList(None, lost, owner.is_list) if isinstance(owner, PyList) else PyDict(None, lost)
        )
    return Unknown(f"`.{name}` is not followed")


_OF_STRINGS = frozenset(
    {"count", "endswith", "find", "isalpha", "isdigit", "lower", "lstrip", "removeprefix", "removesuffix", "replace"}
    | {"rsplit", "rstrip", "split", "startswith", "strip", "upper"}
)


def _string_method(owner: str, name: str, args: tuple[Any, ...]) -> Any:
    if all(isinstance(a, (str, int)) for a in args) and name in _OF_STRINGS:
        try:
            value = getattr(owner, name)(*args)
        except (TypeError, ValueError):
            return Unknown("a string")
        return PyList(tuple(value)) if isinstance(value, list) else value
    return Unknown("a string")


def _tuple_method(frame: Frame, owner: tuple[Any, ...], name: str, args: tuple[Any, ...]) -> Any:
    if name == "numel" and not is_open(owner):
        sizes = [size_of(v, frame) for v in owner]
        return Unknown("numel") if None in sizes else d.product(s for s in sizes if s is not None)
    if name in ("as_list", "num_elements"):
        return tensorflow.shape_method(owner, name)
    if name in ("_replace", "_asdict"):
        return Unknown("a named tuple")
    return Unknown(f"`.{name}` of a tuple")


def extended(a: PyList, b: PyList) -> PyList:
    """A list with another's items at its end."""
    if a.items is not None and b.items is not None:
        return PyList((*a.items, *b.items), None, a.is_list)
    found = generalise(PyList(a.items, a.element), PyList(b.items, b.element))
    element = found.element if isinstance(found, PyList) else Unknown("an item")
    return PyList(None, element, a.is_list)


def _change_list(frame: Frame, owner: Any, name: str, args: tuple[Any, ...]) -> Any:
    items = owner.items
    new: Any
    if name in ("append", "add") and len(args) == 1:
        new = PyList((args[0],))
    elif name == "extend" and args:
        new = PyList(ex.iterate(frame, args[0]), ex.element(frame, args[0]))
    elif name == "pop" and items is not None and (not args or isinstance(args[0], int)) and items:
        i = args[0] if args else -1
        if -len(items) <= i < len(items):
            kept = list(items)
            result = kept.pop(i)
            _put(frame, owner, PyList(tuple(kept)))
            return result
        return Unknown("an item")
    elif name == "clear":
        _put(frame, owner, PyList(()))
        return None
    elif name == "insert" and items is not None and isinstance(args[0], int):
        kept = list(items)
        kept.insert(args[0], args[1])
        return _put(frame, owner, PyList(tuple(kept)))
    else:
        _put(frame, owner, PyList(None, Unknown("an item")))
        return Unknown("an item")
    return _put(frame, owner, extended(PyList(items, owner.element), new))


def _put(frame: Frame, owner: Any, new: PyList) -> Any:
    """Put changed items into a list or a container of layers, of which such a method returns the container."""
    if isinstance(owner, Modules):
        layers = Modules(owner.kind, new.items, None, new.element)
        frame.state.replace(owner, layers)
        return layers
    frame.state.replace(owner, PyList(new.items, new.element, owner.is_list))
    return None


def _added(owner: Modules, name: str, args: tuple[Any, ...]) -> Modules:
    """A container of layers with one more, under a name."""
    if name != "add_module" or owner.items is None or len(args) != 2 or not isinstance(args[0], str):
        return Modules(owner.kind, None)
    keys = owner.keys if owner.keys is not None else tuple(str(i) for i in range(len(owner.items)))
    if args[0] in keys:
        return Modules(owner.kind, None)
    return Modules(owner.kind, (*owner.items, args[1]), (*keys, args[0]))


def _dict_method(frame: Frame, owner: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    table: dict[Any, Any] | None
    if isinstance(owner, Modules):
        table = None if owner.items is None or owner.keys is None else dict(zip(owner.keys, owner.items, strict=True))
    else:
        table = owner.items
    unknown = owner.element if owner.element is not None else Unknown("an item of a dict")
    if name == "items":
        return PyList(None, (Unknown("a key"), unknown)) if table is None else PyList(tuple(table.items()))
    if name == "keys":
        return PyList(None, Unknown("a key")) if table is None else PyList(tuple(table))
    if name == "values":
        return PyList(None, unknown) if table is None else PyList(tuple(table.values()))
    if name in ("get", "pop", "setdefault") and args:
        return _dict_entry(frame, owner, name, args, table, unknown)
    if name == "update" and isinstance(owner, PyDict):
        other = args[0].items if args and isinstance(args[0], PyDict) else None if args else {}
        merged = None if table is None or other is None else {**table, **other, **kwargs}
        frame.state.replace(owner, PyDict(merged))
        return None
    if name == "update" and isinstance(owner, Modules):
        more = args[0].items if args and isinstance(args[0], PyDict) else None
        both = {**(table or {}), **(more or {})} if table is not None and more is not None else None
        layers = Modules(owner.kind, None) if both is None else Modules(owner.kind, (*both.values(),), (*both,))
        frame.state.replace(owner, layers)
        return None
    return Unknown(f"`.{name}` of a dict")


def _dict_entry(
    frame: Frame, owner: Any, name: str, args: tuple[Any, ...], table: dict[Any, Any] | None, unknown: Any
) -> Any:
    """`get`, `pop` and `setdefault`; the last two change the dict for every alias of it."""
    key, default = args[0], args[1] if len(args) > 1 else None
    if table is None or not isinstance(key, (str, int)):
        if name != "get" and isinstance(owner, PyDict):
            frame.state.replace(owner, PyDict(None, Unknown("an item of a dict")))
        return unknown if table is None or name != "get" else one_of(table, default)
    value = table.get(key, default)
    if isinstance(owner, PyDict) and name == "pop" and key in table:
        frame.state.replace(owner, PyDict({k: v for k, v in table.items() if k != key}))
    elif isinstance(owner, PyDict) and name == "setdefault" and key not in table:
        frame.state.replace(owner, PyDict({**table, key: default}))
    return value


def _module_method(frame: Frame, owner: Obj, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Methods that every `nn.Module` has."""
    if name in objects.RETURNS_SELF:
        changes.by_callbacks(frame, [*args, *kwargs.values()])
        return owner
    if name == "add_weight":
        return keras_layers.weight(args, kwargs)
    if name in ("register_buffer", "register_parameter", "add_module", "register_module"):
        names = (
            "name",
            "tensor" if name == "register_buffer" else "param" if name == "register_parameter" else "module",
        )
        values = dict(zip(names, args, strict=False)) | kwargs
        value = values.get(names[1], Unknown("a registered value"))
        if isinstance(values.get("name"), str):
            frame.state.heap[(owner.id, values["name"])] = value
        return None
    if name in ("parameters", "buffers"):
        return PyList(None, TensorSpec(None), is_list=False)
    if name == "get_submodule" and len(args) == 1 and isinstance(args[0], str):
        return _submodule(frame, owner, args[0])
    return Unknown(f"`.{name}()` of a module")


def _submodule(frame: Frame, owner: Obj, path: str) -> Any:
    """A layer by its dotted path."""
    from shapetypes.static.attributes import attribute

    value: Any = owner
    for name in path.split(".") if path else ():
        if isinstance(value, Modules) and value.keys is None and value.items is not None and name.isdigit():
            value = value.items[int(name)] if int(name) < len(value.items) else Unknown("there is no such layer")
        else:
            value = attribute(frame, ast.Constant(None), value, name)
    return value


def _super_method(
    frame: Frame, node: ast.AST, owner: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """A method of an outside base class, through `super()`."""
    outer, path = owner
    if name == "__setattr__" and isinstance(outer.self, Obj) and len(args) == 2:
        items.set_by_name(frame, outer.self, *args)
        return None
    if name == "__init__" and isinstance(outer.self, Obj) and path is not None:
        objects._stub_base(frame, outer.self, Ref(path), args, kwargs)
        return None
    if name in ("__init__", "__post_init__", "__init_subclass__", "train", "eval", "extra_repr"):
        return None
    return Unknown(f"`super().{name}` is not known")
