"""Builtin functions and methods of Python's own values, and outside functions without a stub."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.shape import Number, TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.static import (
    calls,
    conditions,
    copies,
    datasets,
    expressions as ex,
    items,
    loops,
    making,
    narrowing,
    objects,
    operators,
    shaped_layers,
)
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.join import generalise, is_missing
from shapetypes.static.values import (
    Bound,
    ClassRef,
    Func,
    Member,
    Modules,
    Obj,
    Partial,
    PyDict,
    PyList,
    Range,
    Ref,
    Samples,
    Super,
    Symbol,
    alternatives,
    options,
)

NOT_SPECIAL = object()


def special_form(frame: Frame, node: ast.Call) -> Any:
    """Calls that depend on where they stand: `super()`, `locals()`; anything else is `NOT_SPECIAL`."""
    if isinstance(node.func, ast.Name) and node.func.id == "super" and "super" not in frame.state.env:
        info = frame.info
        self_value = frame.self_value
        if info is None or not isinstance(self_value, (Obj, ClassRef)):
            return Unknown("super() outside a known object")
        return Super(info, self_value)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        obj = items.owner_of_table(frame, node.func.value)
        if obj is not None:
            items.set_by_name(frame, obj, None, None)
    return NOT_SPECIAL


def expects_failure(frame: Frame, node: ast.expr) -> bool:
    """Whether a context manager waits for an exception: `pytest.raises`, `assertRaises`, `contextlib.suppress`."""
    if not isinstance(node, ast.Call):
        return False
    head = node.func
    name = head.attr if isinstance(head, ast.Attribute) else getattr(head, "id", "")
    if name.replace("_", "").lower().startswith("assertraises"):
        return True
    return name in (
        "raises",
        "suppress",
        "assertWarns",
        "warns",
        "deprecated_call",
    )


def outside(frame: Frame, node: ast.AST, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Outside functions with a meaning of their own; `NOT_SPECIAL` for the rest."""
    package, _, name = path.partition(".")
    if package == "builtins":
        handler = _BUILTINS.get(name)
        return handler(frame, node, args, kwargs) if handler else Unknown(f"{name}() is not followed")
    if path == "shapetypes.shaped" and args:
        return shaped_layers.shaped(frame, node, args, kwargs)
    if path in _SAME_VALUE and args:
        return args[0]
    if path in ("collections.namedtuple", "typing.NamedTuple"):
        return making.named_tuple(frame, node, args, kwargs)
    if path == "functools.partial" and args:
        return Partial(args[0], args[1:], kwargs)
    if path == "functools.reduce" and 2 <= len(args) <= 3:
        return _reduce(frame, node, args)
    if path == "torch.utils.checkpoint.checkpoint" and args:
        passed = {k: v for k, v in kwargs.items() if k not in _CHECKPOINT_OPTIONS}
        return calls.call_value(frame, node, args[0], args[1:], passed)
    if path in ("math.prod", "numpy.prod") and len(args) == 1:
        items = ex.iterate(frame, args[0])
        sizes = None if items is None else [size_of(v, frame) for v in items]
        return Unknown("a product") if sizes is None or None in sizes else d.product(s for s in sizes if s is not None)
    if package == "math":
        return _math(name, args)
    if path in _OPERATORS and len(args) == 2:
        return operators.binary(frame, node, _OPERATORS[path](), args[0], args[1], ast.Name("a"), ast.Name("b"))
    if path in ("copy.copy", "copy.deepcopy") and args:
        return copies.copied(frame, args[0], deep=name == "deepcopy")
    if path in ("dataclasses.replace", "copy.replace") and len(args) == 1:
        return copies.replaced(frame, node, args[0], kwargs)
    if path in ("collections.OrderedDict", "collections.defaultdict"):
        return _ordered(frame, args, kwargs)
    if path == "torch.nn.Module.__setattr__":
        return _setattr(frame, node, args, kwargs)
    if path == "torch.nn.Module":
        return Unknown("a bare Module")
    if path == "torch.is_tensor" and len(args) == 1:
        return _isinstance(frame, node, (args[0], Ref("torch.Tensor")), {})
    if path in ("typing.cast", "typing_extensions.cast") and len(args) == 2:
        return args[1]
    if path == "torch.Size" and len(args) == 1:
        items = ex.iterate(frame, args[0])
        return items if items is not None else args[0]
    if path == "itertools.chain":
        return _chain(frame, args)
    if path.startswith(datasets.PACKAGE):
        made = datasets.outside(frame, node, path, args, kwargs)
        return NOT_SPECIAL if made is None else made
    return NOT_SPECIAL


_OPERATORS: dict[str, type[ast.operator]] = {
    f"operator.{name}": kind
    for kind, (_, name) in operators.OPERATORS.items()
    if kind not in (ast.BitAnd, ast.BitOr, ast.BitXor)
}


def _reduce(frame: Frame, node: ast.AST, args: tuple[Any, ...]) -> Any:
    """`functools.reduce` over items that are known one by one."""
    each = ex.iterate(frame, args[1])
    found = None if each is None else [*args[2:], *each]
    if not found or len(found) > loops.UNROLL:
        return Unknown("what is reduced is not known")
    value = found[0]
    for item in found[1:]:
        value = ex.lift(frame, node, [value, item], lambda v: calls.call_value(frame, node, args[0], (v[0], v[1]), {}))
    return value


_SAME_VALUE = frozenset(
    {
        "shapetypes.shapecheck",
        "torch.autograd.Variable",
        "torch.autograd.variable.Variable",
        "torch.compile",
        "torch.jit.script",
        "torch.jit.trace",
        "torch.nn.utils.spectral_norm",
        "torch.nn.utils.weight_norm",
        "torch.nn.utils.parametrizations.weight_norm",
        "torch.nn.utils.parametrizations.spectral_norm",
        "torch.nn.DataParallel",
        "torch.nn.parallel.DistributedDataParallel",
        "tqdm.auto.tqdm",
        "tqdm.notebook.tqdm",
        "tqdm.tqdm",
        "typing.assert_type",
    }
)


_CHECKPOINT_OPTIONS = frozenset(
    {"use_reentrant", "preserve_rng_state", "context_fn", "determinism_check", "debug", "early_stop"}
)


def _math(name: str, args: tuple[Any, ...]) -> Any:
    if all(isinstance(a, (int, float)) for a in args):
        import math

        try:
            value = getattr(math, name)(*args)
        except (AttributeError, TypeError, ValueError, OverflowError):
            return Unknown(f"math.{name}")
        return value if isinstance(value, (int, float)) else Unknown(f"math.{name}")
    return Unknown(f"math.{name}") if name.startswith("is") else Number(f"math.{name} of an unknown number")


def _ordered(frame: Frame, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if not args:
        return PyDict(dict(kwargs))
    if isinstance(args[0], PyDict):
        return args[0]
    items = ex.iterate(frame, args[0])
    if items is not None and all(isinstance(v, tuple) and len(v) == 2 and isinstance(v[0], (str, int)) for v in items):
        return PyDict(dict(items))
    return PyDict(None)


def _chain(frame: Frame, args: tuple[Any, ...]) -> Any:
    found = [ex.iterate(frame, a) for a in args]
    if None in found:
        counts = [ex.count_of(a) for a in args]
        each: list[tuple[frozenset[Any], Any]] = []
        for a, items in zip(args, found, strict=True):
            for item in items if items is not None else (ex.element(frame, a),):
                each += options(item)
        return PyList(None, alternatives(each), False, None if None in counts else sum(counts))
    return PyList(tuple(v for items in found for v in items or ()))


# -- builtins -------------------------------------------------------------------------------------------------------


def _len(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    value = args[0] if args else None
    if isinstance(value, TensorSpec):
        return value.parts[0] if value.rank else d.unknown("a length")
    if isinstance(value, Modules):
        return len(value.items) if value.items is not None else d.unknown("a length")
    if isinstance(value, Obj):
        return objects.call_method(frame, node, value, "__len__", (), {})
    if isinstance(value, Samples):
        return Unknown("a length") if value.count is None else value.count
    if isinstance(value, Range):
        ends = size_of(value.stop, frame), size_of(value.start, frame)
        return d.unknown("a length") if value.step != 1 or None in ends else value.stop - value.start
    if isinstance(value, tuple):
        frame.look_at_rank(value)
    items = ex.iterate(frame, value)
    count = ex.count_of(value) if items is None else len(items)
    return d.unknown("a length") if count is None else count


def _range(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    sizes = [size_of(a, frame) for a in args]
    ends = [Unknown("the end of a range") if s is None else s for s in sizes]
    if len(ends) == 1:
        return Range(0, ends[0], 1)
    return Range(ends[0], ends[1], ends[2] if len(ends) > 2 else 1) if len(ends) in (2, 3) else Unknown("a range")


def _int(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if len(args) == 1:
        if isinstance(args[0], float):
            return int(args[0]) if abs(args[0]) < 1e15 else Unknown("an int")
        size = size_of(args[0], frame)
        if size is not None:
            return size
    return d.unknown("an int")


def _list(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if not args:
        return PyList(())
    items = ex.iterate(frame, args[0])
    if items is not None:
        return PyList(items)
    return PyList(None, ex.element(frame, args[0]), count=ex.count_of(args[0]))


def _set(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """How many items a set has is known where all are plain values, which are equal or not."""
    made = _list(frame, node, args, kwargs)
    items = made.items
    if items is None or len(items) < 2:
        return PyList(items, made.element, False)
    if all(isinstance(v, (int, float, str)) for v in items):
        return PyList(tuple(dict.fromkeys(items)), None, False)
    return PyList(None, _any_of(items), False)


def _tuple(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if not args:
        return ()
    if isinstance(args[0], tuple):
        return args[0]
    items = ex.iterate(frame, args[0])
    return Unknown("a tuple of unknown length") if items is None else items


def _dict(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if args and isinstance(args[0], PyDict) and args[0].items is not None:
        return PyDict({**args[0].items, **kwargs})
    pairs = ex.iterate(frame, args[0]) if args and not isinstance(args[0], PyDict) else None
    if pairs is not None and all(isinstance(p, tuple) and len(p) == 2 and isinstance(p[0], (str, int)) for p in pairs):
        return PyDict({**dict(pairs), **kwargs})
    return PyDict(None) if args else PyDict(dict(kwargs))


def _locals(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    env = frame.state.env
    return PyDict(None if frame.func is None or any(is_missing(v) for v in env.values()) else dict(env))


def _zip(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    found = [ex.iterate(frame, a) for a in args]
    if all(f is not None for f in found) and found:
        return PyList(tuple(zip(*(f or () for f in found), strict=False)))
    lengths = [len(f) for f in found if f is not None]
    if lengths and any(isinstance(a, (TensorSpec, Range)) or f is None for a, f in zip(args, found, strict=True)):
        return PyList(
            None, tuple(ex.element(frame, a) if f is None else _any_of(f) for a, f in zip(args, found, strict=True))
        )
    counts = {ex.count_of(a) for a in args}
    return PyList(None, tuple(ex.element(frame, a) for a in args), count=counts.pop() if len(counts) == 1 else None)


def _any_of(items: tuple[Any, ...]) -> Any:
    if not items:
        return Unknown("an empty list")
    out = items[0]
    for v in items[1:]:
        out = generalise(out, v)
    return out


def _enumerate(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    items = ex.iterate(frame, args[0]) if args else None
    start = args[1] if len(args) > 1 else kwargs.get("start", 0)
    if items is not None and isinstance(start, int):
        return PyList(tuple(enumerate(items, start)))
    if not args:
        return Unknown("an enumeration of nothing")
    return PyList(None, (d.unknown("a counter"), ex.element(frame, args[0])), count=ex.count_of(args[0]))


def _reversed(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    items = ex.iterate(frame, args[0]) if args else None
    return PyList(tuple(reversed(items))) if items is not None else PyList(None, ex.element(frame, args[0]))


def _sorted(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    items = ex.iterate(frame, args[0]) if args else None
    if items is not None and not kwargs and all(isinstance(v, (int, float)) for v in items):
        return PyList(tuple(sorted(items)))
    return PyList(None, _any_of(items) if items else Unknown("an item"))


def _extreme(pick: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def run(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        items = args if len(args) > 1 else ex.iterate(frame, args[0]) if args else None
        sizes = [None] if not items or kwargs else [size_of(v, frame) for v in items]
        if None in sizes:
            return d.unknown("min or max")
        out: Any = sizes[0]
        for s in sizes[1:]:
            out = pick(out, s)
        return out

    return run


def _sum(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    items = ex.iterate(frame, args[0]) if args else None
    if items is None:
        element = ex.element(frame, args[0]) if args else None
        return element if isinstance(element, TensorSpec) and len(args) == 1 else Unknown("a sum")
    out = args[1] if len(args) > 1 else kwargs.get("start", 0)
    left = ast.Constant(0)
    for v in items:
        out = v if isinstance(out, int) and out == 0 else operators.binary(frame, node, ast.Add(), out, v, left, left)
    return out


def _isinstance(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if len(args) != 2:
        return Unknown("isinstance")
    kinds = args[1] if isinstance(args[1], tuple) else (args[1],)
    found = [is_instance(frame, args[0], k) for k in kinds]
    return True if True in found else Unknown("isinstance") if None in found else False


def is_instance(frame: Frame, value: Any, kind: Any) -> bool | None:
    """Whether a value is an instance of a class; None where that is not known."""
    path = kind.path if isinstance(kind, Ref) else ""
    if isinstance(value, Member) and value.plain and path.startswith("builtins."):
        return path == "builtins.object"
    if isinstance(value, Number) and isinstance(kind, ClassRef):
        return False
    if isinstance(value, Symbol):
        return _is_symbol_of(frame, value, kind)
    if isinstance(value, Unknown):
        return None
    if path == "numpy.ndarray" and isinstance(value, TensorSpec):
        return True if value.library == "numpy" else None
    if path == "torch.Tensor" and isinstance(value, TensorSpec) and value.library == "numpy":
        return None  # declared an array, which is not always taken seriously
    if path.endswith((".Tensor", ".ndarray")):
        return isinstance(value, TensorSpec)
    if path in ("builtins.int", "numbers.Integral"):
        return None if isinstance(value, TensorSpec) else isinstance(value, (int, Poly)) and not isinstance(value, bool)
    if path in _BUILTIN_KINDS:
        return isinstance(value, _BUILTIN_KINDS[path]) and not (isinstance(value, PyList) and not value.is_list)
    if path.rpartition(".")[0] in ("numbers", "typing", "collections.abc"):
        return narrowing.is_abstract(value, path.rpartition(".")[2])
    if isinstance(kind, ClassRef):
        if not isinstance(value, Obj):
            return None if isinstance(value, (Modules,)) else False
        inside = any(isinstance(b, ClassRef) and b.info is kind.info for b in frame.names.lineage(value.info))
        return True if inside else False if value.exact and not frame.names.opaque(value.info) else None
    if isinstance(value, Layer) and path.startswith("torch.nn."):
        target = frame.stubs.find(path)
        names = [c.path for c in frame.stubs.bases(value.stub)]
        return getattr(target, "path", path) in names
    return None


_BUILTIN_KINDS: Final[dict[str, type]] = {
    "builtins.str": str,
    "builtins.float": float,
    "builtins.bool": bool,
    "builtins.tuple": tuple,
    "builtins.list": PyList,
    "builtins.dict": PyDict,
    "typing.Dict": PyDict,
    "typing.List": PyList,
    "typing.Tuple": tuple,
}


def _is_symbol_of(frame: Frame, value: Symbol, kind: Any) -> bool | None:
    """Whether an object of which only the class is known is a dict, list or string; of classes that is not known."""
    path = kind.path if isinstance(kind, Ref) else ""
    if path not in _BUILTIN_KINDS:
        return None
    if value.mapping:
        return _BUILTIN_KINDS[path] is PyDict
    return None if value.info is None or frame.names.opaque(value.info) else False


def _getattr(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if len(args) >= 2 and isinstance(args[1], str):
        from shapetypes.static.attributes import attribute

        value = attribute(frame, node, args[0], args[1])
        if not isinstance(value, Unknown) or len(args) == 2:
            return value
    return Unknown("getattr")


def _callable(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    value = args[0] if len(args) == 1 else Unknown("callable")
    if value is None or isinstance(value, (int, float, complex, str, tuple, Poly, TensorSpec, PyList, PyDict)):
        return False
    return True if isinstance(value, (Func, Bound, ClassRef, Layer)) else Unknown("callable")


def _hasattr(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if len(args) == 2 and isinstance(args[0], TensorSpec) and isinstance(args[1], str) and not args[0].library:
        if args[1] in _OF_TENSORS or frame.stubs.find(f"torch.Tensor.{args[1]}") is not None:
            return True
    if len(args) == 2 and isinstance(args[1], str):
        from shapetypes.static.attributes import is_of_tensors

        if is_of_tensors(frame, args[0], args[1]):
            return False
    return Unknown("hasattr")


_OF_TENSORS: Final = ("shape", "dtype", "device", "grad", "data", "requires_grad", "__getitem__", "__len__")


def _setattr(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if len(args) == 3 and isinstance(args[0], Obj):
        items.set_by_name(frame, args[0], args[1], args[2])
    elif len(args) == 3 and isinstance(args[0], Modules) and isinstance(args[1], str):
        items.put_item(frame, node, args[0], args[1], args[2])
    return None


def _delattr(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if len(args) == 2 and isinstance(args[0], Obj):
        items.set_by_name(frame, args[0], args[1], Unknown("a deleted attribute"))
    elif len(args) == 2 and isinstance(args[0], Modules):
        items.delete_item(frame, node, args[0], args[1])
    return None


def _map(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    items = ex.iterate(frame, args[1]) if len(args) == 2 else None
    if items is None:
        return PyList(None, Unknown("an item of map()"))
    return PyList(tuple(calls.call_value(frame, node, args[0], (v,), {}) for v in items))


def _boolean(stop: bool) -> Callable[..., Any]:
    def run(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        items = ex.iterate(frame, args[0]) if args and not isinstance(args[0], TensorSpec) else None
        found = [None] if items is None else [conditions.truth_of(v) for v in items]
        if stop in found:
            return stop
        return Unknown("any or all") if None in found else not stop

    return run


def _abs(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if args and isinstance(args[0], (int, float)):
        return abs(args[0])
    return args[0] if args and isinstance(args[0], (TensorSpec, Number)) else Unknown("abs")


def _float(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    plain = args and isinstance(args[0], (int, float)) and abs(args[0]) < 1e15
    return float(args[0]) if plain else Number("a float")


def _round(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if args and isinstance(args[0], TensorSpec):
        return args[0]
    return _int(frame, node, args, kwargs) if len(args) == 1 and isinstance(args[0], int) else Number("round")


def _iter(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[0] if args else Unknown("iter")


def _next(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The next item, which may be any."""
    if len(args) != 1 or isinstance(args[0], Obj):
        return Unknown("next")
    items = ex.iterate(frame, args[0])
    return ex.element(frame, args[0]) if items is None else _any_of(items)


def _nothing(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return None


def _slice(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return slice(*args) if len(args) in (1, 2, 3) else Unknown("a slice")


def _some_int(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return d.unknown("an int")


def _bool_of(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    known = conditions.truth_of(args[0]) if args else False
    return Unknown("a bool") if known is None else known


_BUILTINS: dict[str, Callable[..., Any]] = {
    "len": _len,
    "range": _range,
    "int": _int,
    "list": _list,
    "set": _set,
    "frozenset": _set,
    "tuple": _tuple,
    "dict": _dict,
    "locals": _locals,
    "zip": _zip,
    "enumerate": _enumerate,
    "reversed": _reversed,
    "sorted": _sorted,
    "min": _extreme(d.minimum),
    "max": _extreme(d.maximum),
    "sum": _sum,
    "isinstance": _isinstance,
    "getattr": _getattr,
    "callable": _callable,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "delattr": _delattr,
    "object.__setattr__": _setattr,
    "map": _map,
    "any": _boolean(True),
    "all": _boolean(False),
    "abs": _abs,
    "float": _float,
    "round": _round,
    "iter": _iter,
    "next": _next,
    "print": _nothing,
    "slice": _slice,
    "bool": _bool_of,
    "ord": _some_int,
    "hash": _some_int,
    "id": _some_int,
}
