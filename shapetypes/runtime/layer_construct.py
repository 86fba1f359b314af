"""A layer's spec compared with the layer itself, by the op database, before any data is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from shapetypes.core import dim as d, spec as sp
from shapetypes.core.dim import RIGID, Atom
from shapetypes.core.dtype import GROUPS, disjoint
from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.judge import Judge, Side
from shapetypes.core.shape import TensorSpec, Unknown, Var, least_rank, unknown_var
from shapetypes.core.spec import Item, Spec
from shapetypes.ops.apply import BUILT, Layer, call_function, construct
from shapetypes.ops.stubs import ClassStub, Function, Stubs, default_stubs
from shapetypes.runtime import values
from shapetypes.runtime.contract import Contract, names_in

_OWNER: Final = "the spec"


@dataclass(slots=True)
class Found:
    """What comparing gave.

    Attributes:
        fault: Why the layer cannot do what its spec says, or None.
        sizes: Names that the layer itself fixes, with their sizes (elements).
        origins: The constructor's argument that fixes each, where one does.
        first: Whether the layer returns a tuple and the spec describes its first value.
    """

    fault: Fault | None = None
    sizes: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    first: bool = False


def compare(contract: Contract, layer: Any) -> Found:
    """Compare a spec with its layer.

    Nothing is said about a layer that the op database does not know.
    """
    judge = Judge()
    out = Found()
    run = _Run(contract, judge)
    inner = unwrapped(layer)
    try:
        result = run.result(inner)
    except ShapeError as error:
        if error.fault is not None:
            out.fault = run.at_input(error.fault)
        return out
    out.fault = run.outputs(result, out)
    if out.fault is None:
        run.sizes(out, inner)
    return out


def unwrapped(layer: Any) -> Any:
    """The layer itself, without what compiles or replicates it."""
    for _ in range(8):
        kind = type(layer).__name__
        if kind == "OptimizedModule":
            layer = layer._orig_mod
        elif kind in ("DistributedDataParallel", "DataParallel"):
            layer = layer.module
        else:
            break
    return layer


# -- the layer as the op database knows it ----------------------------------------------------------------------------


def stub_of(layer: Any, stubs: Stubs) -> tuple[ClassStub, Function] | None:
    """The stub of a layer's class and of what a call of it does.

    A class that has its own `forward` is not the class it is derived from.
    """
    for cls in type(layer).__mro__:
        found = stubs.find(stub_path(cls))
        if isinstance(found, ClassStub):
            method = stubs.method(found, "forward") or stubs.method(found, "call")
            if method is not None:
                return found, method
        if "forward" in vars(cls) or "call" in vars(cls):
            return None
    return None


def stub_path(cls: type) -> str:
    """Where a class stands in the op database: Keras's by the public module, as its own ones are private."""
    if cls.__module__.startswith("keras.src.layers"):
        return f"keras.layers.{cls.__qualname__}"
    return f"{cls.__module__}.{cls.__qualname__}"


_MISSING: Final = object()
_SKIPPED: Final = frozenset({"device", "dtype", "name"})


def layer_of(judge: Judge, stubs: Stubs, stub: ClassStub, layer: Any) -> Any:
    """The layer as an object of the op database, from its attributes; `Unknown` where they do not tell."""
    init = stubs.method(stub, "__init__")
    if init is None:
        return construct(judge, stubs, stub, (), {})
    kwargs: dict[str, Any] = {}
    for p in init.signatures[0].params:
        if p.name == "self" or p.kind in ("*", "**") or p.name in _SKIPPED:
            continue
        value = argument(layer, p.name, p.type == ("bool",))
        kwargs[p.name] = _inner_layer(judge, stubs, layer, value)
    out = construct(judge, stubs, stub, (), kwargs)
    shapes = getattr(layer, "_build_shapes_dict", None)
    if isinstance(out, Layer) and shapes:
        out.args[BUILT] = {name.removesuffix("_shape"): shape for name, shape in shapes.items()}
    return out


def _inner_layer(judge: Judge, stubs: Stubs, layer: Any, value: Any) -> Any:
    """The layer inside a wrapper such as `Bidirectional`."""
    inner = getattr(layer, "forward_layer", None) if isinstance(value, Unknown) else None
    found = stub_of(inner, stubs) if inner is not None else None
    return value if found is None else layer_of(judge, stubs, found[0], inner)


def _exists(attribute: str) -> Callable[[Any], bool]:
    return lambda layer: getattr(layer, attribute, None) is not None


def _inside(*path: str) -> Callable[[Any], Any]:
    """An attribute of a part of the layer."""

    def read(layer: Any) -> Any:
        for name in path:
            layer = getattr(layer, name, _MISSING)
        return Unknown("not an attribute") if layer is _MISSING else _value(layer)

    return read


_DERIVED: Final[dict[str, Callable[[Any], Any]]] = {
    "d_model": _inside("self_attn", "embed_dim"),
    "nhead": _inside("self_attn", "num_heads"),
    "dim_feedforward": _inside("linear1", "out_features"),
    "batch_first": _inside("self_attn", "batch_first"),
    "add_bias_kv": _exists("bias_k"),
    "_weight": lambda _: None,
    "_freeze": lambda _: False,
    "output_shape": lambda layer: _value(getattr(layer, "_output_shape", None)),
    "attention_axes": lambda layer: _value(getattr(layer, "_attention_axes", None)),
    "num_heads": lambda layer: _value(getattr(layer, "_num_heads", _MISSING)),
    "key_dim": lambda layer: _value(getattr(layer, "_key_dim", _MISSING)),
    "size_average": lambda _: None,
    "reduce": lambda _: None,
}
"""Arguments of constructors that are no attributes, and how to tell them."""


def argument(layer: Any, name: str, flag: bool = False) -> Any:
    """What a constructor was given, from the layer that it made; `Unknown` where the layer does not tell."""
    found = getattr(layer, name, _MISSING)
    if found is _MISSING or (callable(found) and hasattr(type(layer), name)):
        if name in _DERIVED:
            return _DERIVED[name](layer)
        return Unknown(f"`{name}` is not an attribute")
    if flag:
        return found if isinstance(found, bool) else found is not None
    return _value(found)


def _value(found: Any) -> Any:
    if found is None or isinstance(found, (bool, int, float, str)):
        return found
    if isinstance(found, (tuple, list)):
        items = [_value(item) for item in found]
        return tuple(items) if isinstance(found, tuple) else items
    if values.is_tensor_like(found):
        return values.describe(found)
    return Unknown(f"a {type(found).__name__}")


# -- the spec as symbols ----------------------------------------------------------------------------------------------


class _Run:
    """One comparison: the inputs of the spec go through the layer, and the result is held against its outputs."""

    def __init__(self, contract: Contract, judge: Judge) -> None:
        self.contract = contract
        self.judge = judge
        self.stubs = default_stubs()
        self.items = {label: item for label, _, item in contract.inputs()}

    def atom(self, name: str) -> Any:
        return d.atom(Atom(RIGID, name, _OWNER))

    def shape(self, spec: Spec) -> tuple[Any, ...]:
        """The axes of a spec as sizes."""
        out: list[Any] = []
        for axis in spec.axes:
            if axis.kind == sp.FIXED and not axis.broadcast:
                out.append(axis.size)
            elif axis.kind == sp.NAME and not axis.broadcast:
                out.append(self.atom(axis.name))
            elif axis.kind == sp.VAR:
                out.append(Var(axis.name, _OWNER) if axis.name and not axis.broadcast else unknown_var())
            elif axis.kind == sp.EXPR and axis.expr is not None and not axis.holes and not axis.broadcast:
                out.append(self._expression(axis))
            else:
                out.append(d.unknown(axis.text))
        return tuple(out)

    def _expression(self, axis: sp.Axis) -> Any:
        assert axis.expr is not None
        try:
            return sp.evaluate(axis.expr, self.atom)
        except ZeroDivisionError:
            return d.unknown(axis.text)

    def value(self, item: Item, label: str) -> Any:
        """What stands for an input."""
        if item.unchecked:
            return Unknown("not checked")
        if item.axes is None:
            return tuple(self.value(inner, f"{label}[{i}]") for i, inner in enumerate(item.items))
        return TensorSpec(self.shape(item.axes), GROUPS[item.dtype] if item.dtype else None, label)

    # -- through the layer --------------------------------------------------------------------------------------

    def result(self, layer: Any) -> Any:
        """What the layer gives for the inputs of the spec.

        Raises:
            ShapeError: it cannot take them.
        """
        args = tuple(self.value(item, label) for label, at, item in self.contract.inputs() if at is not None)
        kwargs = {item.name: self.value(item, label) for label, _, item in self.contract.inputs() if item.name}
        return self.call(layer, args, kwargs)

    def call(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What one layer gives; a Sequential is its elements one after the other."""
        if _chain(layer):
            for i, inner in enumerate(layer):
                if isinstance(args[0] if args else None, Unknown):
                    return args[0]
                result = self._element(i, inner, args, kwargs)
                args, kwargs = (result.labelled(self._of(args)) if isinstance(result, TensorSpec) else result,), {}
            return args[0] if args else Unknown("no input")
        found = stub_of(layer, self.stubs)
        if found is None or (not_ready(layer) and not hasattr(layer, "built")):
            return Unknown("no stub")
        stub, method = found
        known = layer_of(self.judge, self.stubs, stub, layer)
        if not isinstance(known, Layer):
            return Unknown("the layer's attributes do not tell")
        return call_function(self.judge, self.stubs, method, args, kwargs, owner=known).value

    def _element(self, i: int, inner: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What an element of a Sequential gives. What the second and later ones refuse is no input of the spec."""
        try:
            return self.call(inner, args, kwargs)
        except ShapeError as error:
            if error.fault is not None and (i > 0 or error.fault.path):
                path = (f"[{i}]", *(error.fault.path or (type(inner).__name__,)))
                raise ShapeError(fault=error.fault.but(path=path)) from None
            raise

    def _of(self, args: tuple[Any, ...]) -> str:
        return args[0].label if args and isinstance(args[0], TensorSpec) else ""

    # -- faults -------------------------------------------------------------------------------------------------

    def at_input(self, fault: Fault) -> Fault:
        """The fault of an input in terms of the spec."""
        if fault.path:
            where = "".join(fault.path[:-1])
            detail = f"its layer {where}, `{fault.path[-1]}`, cannot take what the ones before it give: {_told(fault)}"
            return Fault("layer-spec", "spec", self.contract.subject, detail=detail, spec=self.contract.text)
        axis = self._axis(fault.argument, fault.axis)
        item = self._item(fault.argument)
        column = axis.column if axis is not None else item.column if item is not None else None
        subject, text = self.contract.subject, self.contract.text
        if fault.kind == "axis" and fault.axis is not None:
            return fault.but(code="layer-spec", kind="spec", subject=subject, spec=text, column=column)
        return Fault(
            "layer-spec", "spec", subject, detail=_told(fault), origins=fault.origins, spec=text, column=column
        )

    def _item(self, label: str | None) -> Item | None:
        name, _, rest = (label or "").partition("[")
        item = self.items.get(label or "") or self.items.get(name)
        for step in rest.replace("]", "").split("[") if item is not None and rest and item.items else ():
            if step.isdigit() and item is not None and int(step) < len(item.items):
                item = item.items[int(step)]
        return item

    def _axis(self, label: str | None, index: int | None) -> sp.Axis | None:
        item = self._item(label)
        if item is None or item.axes is None or index is None:
            return None
        axes = item.axes.axes
        return axes[index] if -len(axes) <= index < len(axes) else None

    # -- the result ---------------------------------------------------------------------------------------------

    def outputs(self, result: Any, out: Found) -> Fault | None:
        """Hold the result against the outputs of the spec."""
        items = self.contract.spec.outputs
        if isinstance(result, Unknown):
            return None
        if len(items) == 1:
            if isinstance(result, (tuple, list)) and result and not items[0].items:
                out.first = True
                result = result[0]
            return self._output("return", items[0], result)
        if not isinstance(result, (tuple, list)):
            return self._wrong(items[1], f"it returns one value, and the spec has {len(items)}")
        if len(result) != len(items):
            return self._wrong(items[-1], f"it returns {len(result)} values, and the spec has {len(items)}")
        return self._each("return", items, result)

    def _each(self, label: str, items: tuple[Item, ...], result: Any) -> Fault | None:
        for i, (item, value) in enumerate(zip(items, result, strict=True)):
            fault = self._output(f"{label}[{i}]", item, value)
            if fault is not None:
                return fault
        return None

    def _output(self, label: str, item: Item, value: Any) -> Fault | None:
        if item.unchecked or isinstance(value, Unknown) or (item.optional and value is None):
            return None
        if item.axes is None:
            if isinstance(value, TensorSpec):
                return self._wrong(item, "it returns a tensor here, and the spec has a tuple")
            if not isinstance(value, (tuple, list)) or any(isinstance(v, Var) for v in value):
                return None
            if len(value) != len(item.items):
                return self._wrong(item, f"it returns {len(value)} values here, and the spec has {len(item.items)}")
            return self._each(label, item.items, value)
        if isinstance(value, (tuple, list)):
            return self._wrong(item, "it returns a tuple here, and the spec has a tensor")
        return self._tensor(label, item, value) if isinstance(value, TensorSpec) else None

    def _wrong(self, item: Item, detail: str) -> Fault:
        return Fault(
            "layer-spec", "spec", self.contract.subject, spec=self.contract.text, column=item.column, detail=detail
        )

    def _tensor(self, label: str, item: Item, value: TensorSpec) -> Fault | None:
        assert item.axes is not None
        if item.dtype and disjoint(value.dtype, GROUPS[item.dtype]):
            return self._wrong(item, f"it returns {_dtype_text(value.dtype)}, and the spec has {item.dtype}")
        have, want = value.parts, self.shape(item.axes)
        if value.shape is None:
            return None
        if any(isinstance(p, Var) for p in (*have, *want)):
            return self._variadic(label, item, have, want)
        if len(have) != len(want):
            return self._wrong(item, f"it returns {len(have)} axes, and the spec has {len(want)}")
        return self._pairs(label, item, have, [(i, i) for i in range(len(want))], want)

    def _variadic(self, label: str, item: Item, have: Any, want: Any) -> Fault | None:
        """Axes before and behind variadic parts; where both have the same one, what is around it pairs up."""
        if not any(isinstance(p, Var) for p in want) and least_rank(have) > len(want):
            return self._wrong(item, f"it returns at least {least_rank(have)} axes, and the spec has {len(want)}")
        if not any(isinstance(p, Var) for p in have) and least_rank(want) > len(have):
            return self._wrong(item, f"it returns {len(have)} axes, and the spec has at least {least_rank(want)}")
        front = back = 0
        while front < min(len(have), len(want)) and _alike(have[front], want[front]):
            front += 1
        while back < min(len(have), len(want)) - front and _alike(have[-1 - back], want[-1 - back]):
            back += 1
        pairs = [(i, i) for i in range(front)]
        pairs += [(len(have) - back + i, len(want) - back + i) for i in range(back)]
        return self._pairs(label, item, have, pairs, want)

    def _pairs(self, label: str, item: Item, have: Any, pairs: Any, want: Any) -> Fault | None:
        assert item.axes is not None
        for i, k in pairs:
            if isinstance(have[i], Var) or isinstance(want[k], Var):
                continue
            conflict = self.judge.same(have[i], want[k], Side(have, i), Side(want, k))
            if conflict is not None:
                got, wanted = self.judge.reduce(have[i]), self.judge.reduce(want[k])
                axis = item.axes.axes[k]
                name = axis.text if axis.kind == sp.NAME else None
                return Fault(
                    "layer-spec", "spec", self.contract.subject, label, k, name, got, wanted, spec=self.contract.text,
                    column=axis.column, origins=() if isinstance(got, int) else conflict.origins,
                )  # fmt: skip
        return None

    # -- what the layer fixes -----------------------------------------------------------------------------------

    def sizes(self, out: Found, layer: Any) -> None:
        """The names that have been found to be plain sizes."""
        for name in sorted(names_in(self.contract.spec)):
            if name.startswith("*"):
                continue
            size = self.judge.reduce(self.atom(name))
            if isinstance(size, int):
                out.sizes[name] = int(size)
                out.origins[name] = self._argument_of(layer, size)

    def _argument_of(self, layer: Any, size: int) -> str:
        """The constructor's argument with this size, if there is just one."""
        found = stub_of(layer, self.stubs)
        init = self.stubs.method(found[0], "__init__") if found is not None else None
        if init is None:
            return ""
        dims = [p.name for p in init.signatures[0].params if p.type[0] == "dim"]
        same = [name for name in dims if argument(layer, name) == size]
        return f"{same[0]}={size}" if len(same) == 1 else ""


def _told(fault: Fault) -> str:
    """What the op database says, as one plain sentence."""
    from shapetypes.diagnose import headline

    return headline(fault.but(subject=""))


def _dtype_text(dtype: Any) -> str:
    return "|".join(sorted(dtype)) if isinstance(dtype, frozenset) else str(dtype)


def _alike(have: Any, want: Any) -> bool:
    return have == want if isinstance(have, Var) or isinstance(want, Var) else True


def _chain(layer: Any) -> bool:
    nn = values.module("torch.nn")
    return nn is not None and isinstance(layer, nn.Sequential) and type(layer).forward is nn.Sequential.forward


def not_ready(layer: Any) -> bool:
    """Whether sizes of a layer, or of one inside it, are not known yet: it is lazy, or not built."""
    parts = layer.modules() if hasattr(layer, "modules") and not hasattr(layer, "built") else [layer]
    return any(_not_ready(part) for part in parts)


def _not_ready(layer: Any) -> bool:
    lazy = getattr(layer, "has_uninitialized_params", None)
    if lazy is not None and values.module("torch.nn.modules.lazy") is not None:
        mixin = values.module("torch.nn.modules.lazy").LazyModuleMixin
        return isinstance(layer, mixin) and bool(lazy())
    return getattr(layer, "built", True) is False
