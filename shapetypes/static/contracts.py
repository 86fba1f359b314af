"""Contracts of functions: reading them, giving symbolic values for them, matching actual values with them."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d, spec as sp
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.dtype import as_dtype
from shapetypes.core.fault import Fault, Note, Origin
from shapetypes.core.judge import Judge
from shapetypes.core.match import Matcher, axis_fault, resolve
from shapetypes.core.scope import Scope
from shapetypes.core.shape import (
    LikelyNumber,
    Number,
    TensorSpec,
    Unknown,
    Var,
    any_var,
    is_field,
    is_fresh,
    unknown_var,
)
from shapetypes.core.spec import Spec
from shapetypes.ops.apply import Layer
from shapetypes.static.annotations import ANY, Annotations, BadAnnotation, Contract
from shapetypes.static.crossed import crossed
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import (
    Alt,
    Bound,
    ClassRef,
    Func,
    Obj,
    PlainRow,
    PyDict,
    PyList,
    Ref,
    Symbol,
    is_open,
    options,
    row_kind,
)

TRANSPARENT = frozenset(
    [
        "jaxtyped",
        "shapecheck",
        "beartype",
        "typechecked",
        "typechecker",
        "no_grad",
        "inference_mode",
        "enable_grad",
        "compile",
        "wraps",
        "cache",
        "lru_cache",
        "override",
        "final",
        "staticmethod",
        "classmethod",
        "property",
        "cached_property",
        "torch_compile",
        "jit",
        "script",
        "export",
        "abstractmethod",
        "autocast",
        "no_type_check",
        "profile",
        "ignore",
        "unused",
        "custom_fwd",
        "custom_bwd",
        "deprecated",
    ]
)


def reader(frame: Frame, info: ClassInfo) -> Annotations:
    """A reader of annotations that stand in a class."""
    return Annotations(frame.names, info.module, info.closure)


def decorators(frame: Frame, func: Func) -> frozenset[str]:
    """The decorators of a function by last name; `?` stands for one that may change what a call does."""
    if isinstance(func.node, ast.Lambda):
        return frozenset()
    out = set()
    for node in func.node.decorator_list:
        head = node.func if isinstance(node, ast.Call) else node
        name = head.attr if isinstance(head, ast.Attribute) else getattr(head, "id", "?")
        found = frame.names.static(head, func.module, func.closure)
        if name not in TRANSPARENT and not (isinstance(found, Ref) and _harmless(found.path)):
            out.add("?")
        out.add("property" if name == "cached_property" else name)
    return frozenset(out)


def _harmless(path: str) -> bool:
    return path.startswith(
        (
            "jaxtyping.",
            "beartype",
            "shapetypes.",
            "typing.",
            "torch.no_grad",
            "torch.inference_mode",
            "tensorflow.function",
            "keras.saving.",
            "tensorflow.keras.",
        )
    )


def parameters(frame: Frame, func: Func) -> dict[str, Contract]:
    """The contracts of a function's parameters, and of its return under `return`; bad ones count as none."""
    if len(frame.chain) <= 1:
        frame.engine.asked.add((func.module.path, func.node.lineno))
    kept = frame.engine.contracts.get(id(func.node))
    if kept is not None and kept[0] is func.node:
        return kept[1]  # type: ignore[no-any-return]
    read = Annotations(frame.names, func.module, func.closure)
    out: dict[str, Contract] = {}
    for arg in all_args(func.node):
        out[arg.arg] = _read(read, arg.annotation)
    if not isinstance(func.node, ast.Lambda):
        out["return"] = _read(read, func.node.returns)
    frame.engine.contracts[id(func.node)] = (func.node, out)
    return out


def _read(read: Annotations, node: ast.expr | None) -> Contract:
    try:
        return read.read(node)
    except BadAnnotation:
        return ANY


def all_args(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.arg]:
    """Every parameter of a function."""
    a = node.args
    return [*a.posonlyargs, *a.args, *([a.vararg] if a.vararg else []), *a.kwonlyargs, *([a.kwarg] if a.kwarg else [])]


def defaults(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> dict[str, ast.expr]:
    """The default expressions of a function's parameters."""
    a = node.args
    positional = [*a.posonlyargs, *a.args]
    out = {arg.arg: value for arg, value in zip(reversed(positional), reversed(a.defaults), strict=False)}
    out.update({arg.arg: v for arg, v in zip(a.kwonlyargs, a.kw_defaults, strict=True) if v is not None})
    return out


# -- symbolic values ----------------------------------------------------------------------------------------------


def rigid_scope(scope: Scope, contracts: list[Contract], owner: str) -> frozenset[Dim]:
    """Bind every name of these annotations to itself, a rigid size of `owner`.

    Returns:
        The expressions written as axes: they differ from names as names do.
    """
    written: list[sp.Axis] = []
    for contract in contracts:
        for spec in contract.specs():
            for axis in spec.axes:
                if axis.kind == sp.NAME and axis.name not in scope:
                    scope.bind(axis.name, d.name(axis.name, owner), Origin("annotation", dim=axis.name))
                elif axis.kind == sp.VAR and axis.name and "*" + axis.name not in scope:
                    scope.bind("*" + axis.name, (Var(axis.name, owner),), Origin("annotation", dim=axis.name))
                elif axis.kind == sp.EXPR:
                    written.append(axis)
    out = set()
    matcher = Matcher(scope, Judge())
    for axis in written:
        for name in axis.names:
            if name not in scope:
                scope.bind(name, d.name(name, owner), Origin("annotation", dim=name))
        try:
            out.add(matcher.evaluate(axis))
        except (sp.UnboundName, ZeroDivisionError):
            continue
    return frozenset(out)


def shape_of(spec: Spec, scope: Scope, hole: Any = None) -> tuple[Any, ...]:
    """The shape an axis string declares, with unknown atoms for what is not bound."""
    found = resolve(spec, scope, Matcher(scope, Judge(), hole=hole))
    return tuple(d.unknown(s.reason) if isinstance(s, Unknown) else s for s in found)


def value_of(frame: Frame, contract: Contract, scope: Scope, owner: str, path: str) -> Any:
    """A value as a contract declares it, for judging a function by itself."""
    kind = contract.kind
    if kind == "tensor":
        library = contract.what or ""
        if contract.spec is None:
            return TensorSpec(None, as_dtype(contract.dtypes), library=library)
        shape = shape_of(contract.spec, scope, _holes(frame))
        return TensorSpec(shape, as_dtype(contract.dtypes), library=library)
    if kind == "dim":
        return _dim_value(contract, scope, path)
    if kind == "int":
        return d.fixed(path, owner, linear=frame.in_init)
    if kind == "none":
        return None
    if kind == "union":
        return _union_value(frame, contract, scope, owner, path)
    if kind == "tuple":
        items = tuple(value_of(frame, p, scope, owner, f"{path}[{i}]") for i, p in enumerate(contract.parts))
        plain = not contract.shaped and any(p.kind == "tensor" for p in contract.parts)
        return PlainRow(items) if plain else items
    if kind in ("list", "dict", "many"):
        return _container_value(frame, contract, scope, owner, path)
    return _object_value(frame, contract, owner, path)


def of_any_rank(value: Any) -> Any:
    """An argument whose `...` the caller chooses."""
    if isinstance(value, Alt):
        return Alt(tuple((conds, of_any_rank(option)) for conds, option in value.options))
    if not isinstance(value, TensorSpec) or value.shape is None:
        return value
    return value.with_shape(tuple(any_var() if isinstance(p, Var) and is_fresh(p) else p for p in value.parts))


def _container_value(frame: Frame, contract: Contract, scope: Scope, owner: str, path: str) -> Any:
    element = value_of(frame, contract.parts[0], scope, owner, f"{path}[_]")
    if contract.kind == "dict":
        return PyDict(None, element)
    if contract.kind == "many" and isinstance(element, Poly):
        return (unknown_var(),)
    return PyList(None, element, contract.kind == "list")


def _holes(frame: Frame) -> Any:
    """`{self.x}` in an axis: the attribute's value on this path."""
    from shapetypes.static import expressions as ex

    def hole(text: str) -> Dim:
        try:
            node = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            raise sp.UnboundName(text) from None
        size = size_of(ex.evaluate(frame, node), frame)
        if size is None:
            raise sp.UnboundName(text)
        return size

    return hole


def _dim_value(contract: Contract, scope: Scope, path: str) -> Any:
    assert contract.spec is not None
    shape = shape_of(contract.spec, scope)
    inner = contract.parts[0]
    if inner.kind in ("tuple", "many"):
        return shape
    value = shape[0] if len(shape) == 1 else Unknown("a Dim of several axes")
    if inner.kind == "union":
        return Alt(((frozenset({(f"{path} is None@", True)}), None), (frozenset({(f"{path} is None@", False)}), value)))
    return value


def _union_value(frame: Frame, contract: Contract, scope: Scope, owner: str, path: str) -> Any:
    from shapetypes.static.values import alternatives

    found = []
    names = [p.kind for p in contract.parts]
    for i, part in enumerate(contract.parts):
        value = value_of(frame, part, scope, owner, path)
        key = f"{path} is None@{frame.owner}@{path}0" if "none" in names else f"{path} member {i}@{frame.owner}"
        truth = part.kind == "none" or "none" not in names
        conds = {(key, truth)}
        if "none" in names and part.kind != "none" and len(names) > 2:
            conds.add((f"{path} member {i}@{frame.owner}", True))
        found += [(frozenset(conds), v) for _, v in options(value)]
    return alternatives(found)


def _object_value(frame: Frame, contract: Contract, owner: str, path: str) -> Any:
    from shapetypes.static import objects

    if contract.kind == "class":
        info = contract.what
        if frame.names.is_module(info) and not frame.in_init:
            made = objects.symbolic(frame, info)
            if made is not None:
                obj, state = made
                for key, value in state.heap.items():
                    frame.state.heap.setdefault(key, value)
                _adopt(frame.state.judge, state.judge)
                return obj
            return Unknown("an object of a class that refers to itself")
        return Symbol(path, owner, info)
    if contract.kind == "stub":
        return _stub_value(frame, contract)
    if contract.kind == "float":
        return LikelyNumber("a float by annotation, which a type checker sees to")
    if contract.kind in ("bool", "str"):
        return Unknown(f"a {contract.kind}")
    return (
        Symbol(path, owner, mapping=contract.what == "dict") if frame.in_init else Unknown(f"`{path}` is not annotated")
    )


def _stub_value(frame: Frame, contract: Contract) -> Any:
    """An object of a stubbed class of which no constructor argument is known."""
    stub = contract.what
    init = frame.stubs.method(stub, "__init__")
    names = [p.name for p in init.signatures[0].params[1:]] if init else []
    if frame.stubs.method(stub, "forward") is None:
        return Unknown(f"an object of {stub.name}")
    if stub.name in ("Module", "Sequential", "ModuleList", "ModuleDict"):
        return Unknown(f"a {stub.name}")
    return Layer(stub, {n: Unknown(f"`{n}` is not known") for n in names}, Scope())


def _adopt(judge: Judge, other: Judge) -> None:
    for a, size in other.known.items():
        if a not in judge.known:
            judge.learn(a, size, other.origins.get(a))
    judge.divisible = tuple(dict.fromkeys((*judge.divisible, *other.divisible)))


# -- matching -----------------------------------------------------------------------------------------------------


class Check:
    """Matches values with contracts in one scope: the arguments of a call, or a returned value.

    Args:
        frame: Where the values come from.
        matcher: Binds names and compares sizes.
        callee: The frame in which `{...}` holes are evaluated, if any.
    """

    def __init__(self, frame: Frame, matcher: Matcher) -> None:
        self.frame = frame
        self.matcher = matcher

    def take(self, label: str, contract: Contract, value: Any) -> tuple[Fault, Contract] | None:
        """The first fault of a value against its contract, with the part of the contract it breaks."""
        if isinstance(value, Alt):
            return self._alternatives(label, contract, value)
        kind = contract.kind
        if kind == "tensor" and contract.spec is not None and _is_number(value):
            value = TensorSpec(())  # a number has no axes
        row = row_kind(value) if kind == "tensor" and contract.spec is not None else None
        if row is not None:
            return self.matcher.mistyped(label, row, "Tensor"), contract
        if kind == "tensor" and isinstance(value, TensorSpec) and (contract.spec or contract.dtypes):
            spec = contract.spec if contract.spec is not None else _ANY_SHAPE
            fault = self.matcher.take(label, spec, value, contract.dtypes, contract.group)
            if fault is None and self.matcher.judge.strict:
                fault = self._crossed(label, spec, value)
            return None if fault is None else (fault, contract)
        if kind == "dim":
            return self._dim(label, contract, value)
        if kind == "union":
            return self._union(label, contract, value)
        if kind == "tuple" and isinstance(value, tuple) and not is_open(value) and len(value) == len(contract.parts):
            pairs = [(f"{label}[{i}]", p, v) for i, (p, v) in enumerate(zip(contract.parts, value, strict=True))]
            return self._all(pairs)
        if kind == "tuple" and contract.shaped and isinstance(value, TensorSpec):
            return self.matcher.mistyped(label, "Tensor", "tuple"), contract
        if kind in ("list", "many") and contract.parts[0].shaped:
            items = value.items if isinstance(value, PyList) else value if isinstance(value, tuple) else None
            if items is not None:
                return self._all([(f"{label}[{i}]", contract.parts[0], v) for i, v in enumerate(items[:64])])
            if isinstance(value, PyList) and isinstance(value.element, TensorSpec):
                return self.take(f"{label}[i]", contract.parts[0], value.element)
        if kind == "dict" and isinstance(value, PyDict) and value.items is not None:
            return self._all([(f"{label}[{k!r}]", contract.parts[0], v) for k, v in value.items.items()])
        return None

    def _crossed(self, label: str, spec: Spec, value: TensorSpec) -> Fault | None:
        found = crossed(self.matcher.judge, spec, value)
        if found is None:
            return None
        return axis_fault(found[1], self.matcher.subject, label, found[0], spec.axes[found[0]])

    def _all(self, pairs: list[tuple[str, Contract, Any]]) -> tuple[Fault, Contract] | None:
        for label, contract, value in pairs:
            found = self.take(label, contract, value)
            if found:
                return found
        return None

    def _fork(self) -> Check:
        inner = Matcher(self.matcher.scope.trial(), self.matcher.judge.fork(), self.matcher.subject, self.matcher.hole)
        inner.operands = list(self.matcher.operands)
        return Check(self.frame, inner)

    def _alternatives(self, label: str, contract: Contract, value: Alt) -> tuple[Fault, Contract] | None:
        """A fault only if it is one for every alternative on this path; names bind only if there is no doubt."""
        first = None
        values = [v for c, v in value.options if self.frame.state.consistent(c)]
        good = []
        for option in values:
            trial = self._fork()
            found = trial.take(label, contract, option) or trial.last()
            if found is None:
                if len(values) == 1:
                    return self.take(label, contract, option)
                good.append(trial.matcher.scope)
            first = first or found
        if good:
            self.matcher.scope.bind_common(good)
            return None
        return first

    def last(self) -> tuple[Fault, Contract] | None:
        """The first fault of the expression axes."""
        fault = self.matcher.finish()
        return None if fault is None else (fault, ANY)

    def _union(self, label: str, contract: Contract, value: Any) -> tuple[Fault, Contract] | None:
        if value is None or not isinstance(value, (TensorSpec, tuple, PyList, PyDict, int, Poly)):
            return None
        members = [p for p in contract.parts if _may_be(p, value)]
        if not members:
            return None
        first = None
        good = []
        for part in members:
            trial = self._fork()
            found = trial.take(label, part, value) or trial.last()
            if found is None:
                good.append(part)
            # The member whose rank fits is the one that was meant.
            if first is None or (found is not None and first[0].kind == "rank" != found[0].kind):
                first = found
        if len(good) == 1:
            return self.take(label, good[0], value)
        return None if good else first

    def _dim(self, label: str, contract: Contract, value: Any) -> tuple[Fault, Contract] | None:
        assert contract.spec is not None
        sizes: Any = value
        if contract.parts[0].kind not in ("tuple", "many"):
            size = size_of(value, self.frame)
            if size is None:
                return None
            sizes = (size,)
        if isinstance(sizes, PyList):
            sizes = sizes.items
        if not isinstance(sizes, tuple) or not all(isinstance(s, (int, Poly, Var)) for s in sizes):
            return None
        fault = self.matcher.take(label, contract.spec, TensorSpec(sizes))
        return None if fault is None else (fault.but(operands=()), contract)


def _is_number(value: Any) -> bool:
    kinds = (int, float, complex, Poly, Number)
    return isinstance(value, kinds) and not isinstance(value, (bool, LikelyNumber)) and not is_field(value)


_ANY_SHAPE = Spec((sp.Axis(sp.VAR, "...", 0),), "...")


def _may_be(contract: Contract, value: Any) -> bool:
    kinds = {"tensor": TensorSpec, "tuple": tuple, "many": (tuple, PyList), "list": (PyList, tuple), "dict": PyDict}
    if contract.kind in kinds:
        return isinstance(value, kinds[contract.kind])  # type: ignore[arg-type]
    if contract.kind in ("dim", "int"):
        return isinstance(value, (int, Poly))
    return contract.kind != "none"


def rank_known(contract: Contract, value: Any) -> bool | None:
    """Whether a value that meets a shape string has a known rank; None when there is no tensor in it."""
    if isinstance(value, Alt):
        found = [rank_known(contract, v) for _, v in value.options]
        return all(found_ is not False for found_ in found) if any(f is not None for f in found) else None
    if not contract.shaped or contract.kind == "dim" or value is None:
        return None
    if isinstance(value, TensorSpec):
        return not any(isinstance(p, Var) and is_fresh(p) for p in value.parts)
    if isinstance(value, (int, float, str, Poly)):
        return None
    if isinstance(value, Obj) and contract.kind == "union" and any(p.kind == "class" for p in contract.parts):
        return None
    items = value.items if isinstance(value, PyList) else value
    if isinstance(items, tuple) and contract.kind in ("tuple", "list", "many") and not is_open(items):
        parts = contract.parts if contract.kind == "tuple" else contract.parts * len(items)
        each = [rank_known(p, v) for p, v in zip(parts, items, strict=False)]
        return all(e is not False for e in each) if any(e is not None for e in each) else None
    if isinstance(value, PyList):
        return rank_known(contract.parts[0] if contract.parts else contract, value.element)
    return False


def contract_note(contract: Contract) -> tuple[Note, ...]:
    """A note that points at the annotation."""
    if contract.place is None:
        return ()
    return (Note(Origin("annotation", contract.text), contract.place),)


__all__ = [
    "Bound",
    "Check",
    "ClassRef",
    "Obj",
    "all_args",
    "decorators",
    "defaults",
    "of_any_rank",
    "parameters",
    "reader",
    "rigid_scope",
]
