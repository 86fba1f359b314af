"""Calls a stub: binds arguments, picks the overload, checks axis strings, runs the shape function."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.dtype import GROUPS, DType, as_dtype, as_set, canonical
from shapetypes.core.fault import Fault, Origin, ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.match import Matcher, resolve
from shapetypes.core.parse import parse_axes
from shapetypes.core.scope import Scope
from shapetypes.core.shape import MaybeSize, Number, TensorSpec, Unknown, Var
from shapetypes.core.spec import FIXED, VAR
from shapetypes.ops.call import _RULES, Call, Unclear
from shapetypes.ops.misfit import misfit
from shapetypes.ops.overloads import NoFit, Undecided, axes_of, bind, choose, fits, group_of
from shapetypes.ops.promotion import is_dtype
from shapetypes.ops.reader import Param, Signature, StubError, Type
from shapetypes.ops.stubs import ClassStub, Function, Stubs

_BINARY = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@"}
_BITS = {"and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>"}
SIGNS = {
    **{f"__{k}{name}__": sign for name, sign in {**_BINARY, **_BITS}.items() for k in ("", "r")},
    **{f"__i{name}__": sign + "=" for name, sign in {**_BINARY, **_BITS}.items()},
    "__lt__": "<",
    "__le__": "<=",
    "__gt__": ">",
    "__ge__": ">=",
    "__eq__": "==",
    "__ne__": "!=",
    "__neg__": "-",
    "__pos__": "+",
    "__invert__": "~",
    "__getitem__": "[]",
    "__setitem__": "[]",
}
"""Operators as a person writes them, by the name of their method."""
BUILT = "built_shapes"
"""The argument of a Keras layer with the shapes it was built with, by parameter of `call`; absent until then."""


class Layer:
    """An object of a stubbed class.

    Attributes:
        stub: Its class.
        args: Its constructor's arguments by name, defaults filled in; also readable as attributes.
        scope: The sizes that its `Dim` ints bound.
        maker: Who made it, for whoever asks whether that is themselves.
    """

    def __init__(self, stub: ClassStub, args: dict[str, Any], scope: Scope) -> None:
        self.stub = stub
        self.args = args
        self.scope = scope
        self.maker: object = None

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["args"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        return f"<{self.stub.name}>"


def run_rule(name: str, call: Call, arguments: dict[str, Any], where: str) -> Any:
    """Run a shape function.

    Raises:
        StubError: there is none of this name.
        ShapeError: it refuses.
        Unclear: it cannot say.
    """
    import shapetypes.ops.rules  # noqa: F401  the families register themselves

    function = _RULES.get(name)
    if function is None:
        raise StubError(
            f"{where}: no shape function is called {name!r}; write one in shapetypes/ops or correct the name"
        )
    code = function.__code__
    if not code.co_flags & 8:  # no `**kwargs`: a rule names only the parameters that matter to shapes
        taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        arguments = {k: v for k, v in arguments.items() if k in taken}
    try:
        return function(call, **arguments)
    except (ShapeError, Unclear):
        raise
    except Exception as error:
        if _hides_axes(arguments):
            raise Unclear("an argument hides how many axes there are") from error
        if os.environ.get("SHAPETYPES_RAISE"):
            raise
        raise Unclear(f"the shape function {name} failed: {type(error).__name__}") from error


def _hides_axes(value: Any) -> bool:
    """Whether a variadic part stands among plain arguments, where most shape functions need every size."""
    if isinstance(value, dict):
        return any(_hides_axes(v) for v in value.values())
    if isinstance(value, (list, tuple)):
        return any(_hides_axes(v) for v in value)
    return isinstance(value, Var) or (isinstance(value, TensorSpec) and value.shape is not None and value.rank is None)


class Applied:
    """The result of a call: its value, the lints that came up, and the layer as it is from now on.

    Attributes:
        value: What the call returns.
        warnings: Lints.
        owner: The layer that was called. Another object than was passed if the call built it (Keras).
    """

    __slots__ = ("owner", "value", "warnings")

    def __init__(self, value: Any, warnings: list[Fault], owner: Layer | None = None) -> None:
        self.value = value
        self.warnings = warnings
        self.owner = owner


def call_function(
    judge: Judge,
    stubs: Stubs,
    function: Function,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    subject: str | None = None,
    owner: Layer | None = None,
    depth: int = 0,
) -> Applied:
    """Call a function or method of the op database.

    Args:
        judge: Compares sizes, and learns what the call forces.
        stubs: The database, for rules that refer to another stub.
        function: What is called.
        args: Positional arguments; for a method without `owner`, `self` first.
        kwargs: Keyword arguments.
        subject: How a person calls it; by default `name()`.
        owner: The layer whose method it is.
        depth: How many references were followed.

    Raises:
        ShapeError: the call cannot be right.
    """
    name = function.path.rpartition(".")[2]
    if subject is None:
        subject = owner.stub.name if owner is not None else SIGNS.get(name) or f"{name}()"
    full = args if owner is None or "staticmethod" in function.signatures[0].flags else (owner, *args)
    try:
        signature, bound = choose(function, full, kwargs)
    except NoFit as error:
        wrong = misfit(function, full, kwargs, subject)
        if wrong is not None:
            raise ShapeError(fault=wrong) from None
        value = _form_unknown(function.signatures[0].returns, str(error))
        if isinstance(error, Undecided) and depth == 0 and isinstance(value, (TensorSpec, Unknown)):
            value = _common(judge, stubs, function, error.signatures, args, kwargs, subject, owner) or value
        return Applied(value, [])
    returns = signature.returns
    if returns[0] == "rule" and "." in returns[2]:
        target = stubs.find(returns[2])
        if not isinstance(target, Function) or depth > 4:
            raise StubError(f"{function.path}: the rule {returns[2]!r} refers to no function")
        if owner is not None:
            args, kwargs = _as_function(judge, stubs, signature, bound, target, owner)
        return call_function(judge, stubs, target, args, kwargs, subject=subject, depth=depth + 1)
    call = Call(judge, subject)
    bound = {p.name: _labelled(p, settled(p, bound[p.name]), call) for p in signature.params if p.name in bound}
    if owner is None and isinstance(bound.get("self"), Unknown):
        return Applied(_form_unknown(returns, "a method of something unknown"), [])  # `torch.Tensor.view(x, n)`
    scope = owner.scope.trial() if owner is not None else Scope()
    matcher = Matcher(scope, judge, subject)
    try:
        _check_axes(signature, bound, matcher)
        if returns[0] == "rule":
            value = run_rule(returns[2], call, bound, function.path)
        else:
            value = _declared(returns, scope, matcher, call)
    except Unclear as error:
        value = _form_unknown(returns, str(error))
    return Applied(value, call.warnings, built(owner, bound) if name == "call" else owner)


def _common(
    judge: Judge,
    stubs: Stubs,
    function: Function,
    signatures: list[Signature],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    subject: str,
    owner: Layer | None,
) -> TensorSpec | None:
    """The tensor that a call gives by whichever of these overloads; None when they do not agree on its rank."""
    out: TensorSpec | None = None
    for signature in signatures:
        one = replace(function, signatures=(signature,))
        try:
            found = call_function(judge.fork(), stubs, one, args, kwargs, subject=subject, owner=owner, depth=1)
        except ShapeError:
            continue  # it is not this one that is meant
        value = found.value
        if not isinstance(value, TensorSpec) or value.shape is None:
            return None
        if out is None:
            out = value
        elif out.parts != value.parts or out.dtype != value.dtype:
            if out.rank is None or out.rank != value.rank:
                return None
            pairs = zip(out.parts, value.parts, strict=True)
            parts = [a if a == b else d.unknown("a size that an unknown argument decides") for a, b in pairs]
            out = TensorSpec(parts, out.dtype if out.dtype == value.dtype else None, library=out.library)
    return out


def built(layer: Layer | None, bound: dict[str, Any]) -> Layer | None:
    """A Keras layer as it is after a call: its first one fixes the sizes of its weights. Others stay as they are."""
    if layer is None or BUILT in layer.args:
        return layer
    shapes = {k: _shapes(v) for k, v in bound.items() if isinstance(v, (TensorSpec, list, tuple)) and k != "self"}
    return Layer(layer.stub, {**layer.args, BUILT: shapes}, layer.scope) if shapes else layer


def _shapes(value: Any) -> Any:
    """The shape of a tensor, or those in a list."""
    if isinstance(value, TensorSpec):
        return value.parts if value.shape is not None else None
    return [_shapes(v) for v in value] if isinstance(value, (list, tuple)) else None


def _as_function(
    judge: Judge, stubs: Stubs, signature: Signature, bound: dict[str, Any], target: Function, owner: Layer
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The call of the function that a layer equals: what the call leaves out, the layer has as attributes.

    Arguments go by name; one that the function calls otherwise (`RMSNorm(x=...)`) goes by position.
    """
    names = {p.name for s in target.signatures for p in s.params if p.kind in ("p", "k")}
    given = {p.name: bound[p.name] for p in signature.params[1:] if p.name in bound}
    given = {n: v.labelled(n) if isinstance(v, TensorSpec) and not v.label else v for n, v in given.items()}
    out: dict[str, Any] = {n: v for n, v in given.items() if n in names}
    for name in sorted(names - given.keys()):
        if name in owner.args or stubs.attribute(owner.stub, name) is not None:
            out[name] = layer_attribute(judge, stubs, owner, name)
    return tuple(v for n, v in given.items() if n not in names), out


def settled(p: Param, value: Any) -> Any:
    """An argument with what may be a size settled by the parameter's type: where only an int fits it is that size."""
    if p.kind == "*" and isinstance(value, tuple) and len(value) == 1:
        return value  # `zeros(cfg.x)`: one size, or a tuple of them
    return _settled(("seq", p.type) if p.kind == "*" else p.type, value)


def _settled(kind: Type, value: Any) -> Any:
    members = kind[1] if kind[0] == "union" else (kind,)
    sequences = [k for k in members if k[0] in ("seq", "many", "tuple")]
    if isinstance(value, MaybeSize):
        return value.size if not sequences and any(k[0] in ("int", "dim") for k in members) else value
    if isinstance(value, (tuple, list)) and sequences:
        inner = sequences[0][1]
        items = ("union", inner) if sequences[0][0] == "tuple" else inner
        return type(value)(_settled(items, v) for v in value)
    return value


def _labelled(p: Param, value: Any, call: Call, name: str | None = None) -> Any:
    """The argument with its tensors named after the parameter and entered among the operands."""
    label = name or p.name
    if isinstance(value, Unknown) and not isinstance(value, Number) and _group_or_tensor(p.type):
        value = TensorSpec(None, None)
    if isinstance(value, TensorSpec):
        out = value if value.label else value.labelled(label)
        call.operands.append(out)
        return out
    if (
        isinstance(value, (list, tuple))
        and any(isinstance(v, (TensorSpec, list, tuple)) for v in value)
        and len(value) < 50
    ):
        items = [_labelled(p, v, call, f"{label}[{i}]") for i, v in enumerate(value)]
        return items if isinstance(value, list) else tuple(items)
    if p.type[0] == "dtype" and is_dtype(value):
        return DType(canonical(value))
    return value


def _group_or_tensor(kind: Type) -> bool:
    """Whether an unknown value is passed where a tensor is meant: then it is a tensor of which nothing is known.

    Where another object may stand as well (a packed sequence, a list of tensors), it stays unknown.
    """
    kinds = kind[1] if kind[0] == "union" else (kind,)
    others = {k[0] for k in kinds} - {"tensor"}
    return len(others) < len(kinds) and others.isdisjoint(("name", "seq", "many", "tuple"))


def _check_axes(signature: Signature, bound: dict[str, Any], matcher: Matcher) -> None:
    for p in signature.params:
        value = bound.get(p.name)
        if p.type[0] == "dim" and p.name != "self":
            bind_dim(matcher, p, value)
        group = group_of(p.type)
        if not isinstance(value, TensorSpec) or group is None:
            continue
        axes = axes_of(p.type, value)
        spec = parse_axes(axes if axes is not None else "...", several=True)
        fault = matcher.take(value.label, spec, value, GROUPS[group], group)
        if fault:
            raise ShapeError(fault=_in_user_words(fault))
    fault = matcher.finish()
    if fault:
        raise ShapeError(fault=_in_user_words(fault))


def bind_dim(matcher: Matcher, p: Param, value: Any) -> None:
    """Bind the names of a `Dim` parameter; None and unknown values bind nothing, an int stands for each of its axes."""
    if isinstance(value, bool) or not isinstance(value, (int, Poly, list, tuple)):
        return
    axes = parse_axes(p.type[2]).axes
    sizes = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    if len(axes) == 1 and axes[0].kind == VAR:
        if all(isinstance(v, (int, Poly, Var)) for v in sizes):
            matcher.scope.bind("*" + axes[0].name, sizes, Origin("parameter", p.name, sizes))
        return
    if len(sizes) not in (1, len(axes)):
        return
    for axis, size in zip(axes, sizes * len(axes) if len(sizes) == 1 else sizes, strict=True):
        if axis.name and axis.kind != VAR and isinstance(size, (int, Poly)) and axis.name not in matcher.scope:
            matcher.scope.bind(axis.name, size, Origin("parameter", p.name, size, dim=axis.name))


def _in_user_words(fault: Fault) -> Fault:
    """Axis names of a stub are not the user's: say which argument fixed the size instead."""
    name, other, other_axis, kind = None, fault.other, fault.other_axis, fault.kind
    origins = []
    for origin in fault.origins:
        if origin.what == "parameter":
            name = origin.name
        elif origin.what == "argument" and origin.axis is not None:
            other, other_axis = origin.name, origin.axis
            kind = "match" if kind == "axis" else kind
            continue
        origins.append(origin)
    operands = tuple(
        o if o.name != other or fault.axis is None else type(o)(o.name, o.shape, o.dtype, None, other_axis)
        for o in (type(o)(o.name, o.shape, o.dtype, None, o.axis) for o in fault.operands)
    )
    return fault.but(
        name=name, other=other, other_axis=other_axis, kind=kind, operands=operands, origins=tuple(origins)
    )


def _declared(kind: Type, scope: Scope, matcher: Matcher, call: Call) -> Any:
    """The value that a return annotation declares, with the sizes that the call bound."""
    what = kind[0]
    if what == "tensor":
        if kind[2] is None:
            return TensorSpec(None, None)
        shape = resolve(parse_axes(kind[2], several=True), scope, matcher)
        return TensorSpec(_atoms(shape), _result_dtype(kind[1], call))
    if what == "tuple":
        return tuple(_declared(k, scope, matcher, call) for k in kind[1])
    return _form_unknown(kind, "the stub does not say")


def _atoms(shape: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(d.unknown(s.reason) if isinstance(s, Unknown) else s for s in shape)


def _result_dtype(group: str, call: Call) -> Any:
    allowed = GROUPS[group]
    if allowed is not None and len(allowed) == 1:
        return as_dtype(allowed)
    for t in call.operands:
        have = as_set(t.dtype)
        if have is not None and (allowed is None or have & allowed):
            return as_dtype(have if allowed is None else have & allowed)
    return allowed


def _form_unknown(kind: Type, reason: str) -> Any:
    """An unknown value of the form that a type declares: a tensor of unknown rank stays a tensor."""
    if kind[0] == "rule":
        return _form_unknown(kind[1], reason)
    if kind[0] == "tensor":
        return TensorSpec(None, None)
    if kind[0] == "tuple":
        return tuple(_form_unknown(k, reason) for k in kind[1])
    return Unknown(reason)


def construct(
    judge: Judge, stubs: Stubs, stub: ClassStub, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Layer | TensorSpec | Unknown:
    """Make an object of a stubbed class; its `__init__` may carry a rule that refuses arguments.

    A class whose objects are tensors (`Parameter`) has a rule at its `__new__`; its object is the tensor.

    Raises:
        ShapeError: the constructor surely refuses the arguments.
    """
    new = stubs.method(stub, "__new__")
    if new is not None and new.signatures[0].returns[0] == "rule":
        return call_function(judge, stubs, new, (stub, *args), kwargs, subject=stub.name).value  # type: ignore[no-any-return]
    init = stubs.method(stub, "__init__")
    if init is None:
        return Layer(stub, {}, Scope())
    layer = Layer(stub, {}, Scope())
    try:
        signature, bound = choose(init, (layer, *args), kwargs)
    except NoFit as error:
        return Unknown(str(error))
    bound = {p.name: settled(p, bound[p.name]) for p in signature.params if p.name in bound}
    matcher = Matcher(layer.scope, judge, stub.name)
    layer.args = {k: v for k, v in bound.items() if k != "self"}
    for p in signature.params:
        if p.type[0] == "dim" or (p.type[0] == "union" and any(k[0] == "dim" for k in p.type[1])):
            kind = p.type if p.type[0] == "dim" else next(k for k in p.type[1] if k[0] == "dim")
            bind_dim(matcher, p._replace(type=kind), bound.get(p.name))
            _not_negative(Call(judge, stub.name), p.name, bound.get(p.name))
    if signature.returns[0] == "rule":
        with contextlib.suppress(Unclear):
            run_rule(signature.returns[2], Call(judge, stub.name), bound, f"{stub.path}.__init__")
    return layer


def _not_negative(call: Call, name: str, value: Any) -> None:
    """Sizes of a layer are 0 or more (elements)."""
    for size in value if isinstance(value, (list, tuple)) else (value,):
        if isinstance(size, int) and size < 0:
            call.fail("dim-mismatch", "least", argument=name, got=size, want=0)


def _as_declared(kind: Type, value: Any) -> Any:
    """A constructor argument as the object keeps it: an int for each place of a tuple, a list as a tuple."""
    kinds = kind[1] if kind[0] == "union" else (kind,)
    row = next((k for k in kinds if k[0] in ("tuple", "many")), None)
    if row is None or isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return tuple(value)
    count = len(row[1]) if row[0] == "tuple" else 1
    return (value,) * count if isinstance(value, (int, Poly)) else value


def layer_attribute(judge: Judge, stubs: Stubs, layer: Layer, name: str) -> Any:
    """An attribute of an object of a stubbed class: a declared tensor, or a constructor argument.

    Returns:
        The value, or `Unknown`.
    """
    kind = stubs.attribute(layer.stub, name)
    if kind is not None:
        tensor = next((k for k in (kind[1] if kind[0] == "union" else (kind,)) if k[0] == "tensor"), None)
        if tensor is not None and tensor[2] is not None:
            if layer.args.get(name) is False:
                return None
            matcher = Matcher(layer.scope, judge, layer.stub.name)
            shape = resolve(parse_axes(tensor[2], several=True), layer.scope, matcher)
            own = layer.args.get("dtype")
            allowed = GROUPS[tensor[1]]
            return TensorSpec(_atoms(shape), canonical(own) if isinstance(own, str) else allowed and as_dtype(allowed))
    if name in layer.args:
        return layer.args[name] if kind is None else _as_declared(kind, layer.args[name])
    return Unknown(f"`{layer.stub.name}.{name}` is not known")


__all__ = [
    "FIXED",
    "Applied",
    "Layer",
    "NoFit",
    "bind",
    "call_function",
    "choose",
    "construct",
    "fits",
    "layer_attribute",
]
