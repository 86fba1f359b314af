"""The fast path as source: comparisons on locals that are true only where the slow path finds nothing.

Names become locals (`B_`); a name that may not have been bound is None until it is. Whatever is not a plain match,
also every exception, is left to the slow path, so that what is emitted here may give up at any time.
"""

from __future__ import annotations

import ast
import builtins
import dis
import linecache
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from shapetypes.core import spec as sp
from shapetypes.core.source import parse as parse_source
from shapetypes.core.spec import Axis, Spec
from shapetypes.runtime import dtypes, values
from shapetypes.runtime.nodes import (
    AnyNode,
    ClassNode,
    DimNode,
    HintNode,
    ItemsNode,
    MapNode,
    Node,
    NoneNode,
    RecordNode,
    TensorNode,
    TupleNode,
    UnionNode,
    walk,
)
from shapetypes.runtime.plan import record_fields
from shapetypes.runtime.scopes import GENERATED, OPEN
from shapetypes.runtime.signature import Plan

SCALARS: Final = (ClassNode, HintNode, NoneNode)
"""Nodes that one condition decides."""


class NotFast(Exception):
    """The check cannot be written as comparisons."""


class Miss(Exception):
    """The fast path gives up; the slow path decides."""


class Emitter:
    """Writes the checks of one function.

    Args:
        taken: Names that are in use: parameters.
        fast_names: Names that a `{...}` in an axis may refer to.
        nodes: All nodes of the signature, to see which shapes come twice.
    """

    def __init__(self, taken: Iterable[str], fast_names: Iterable[str], nodes: Sequence[Node]) -> None:
        self.taken = set(taken)
        self.fast_names = set(fast_names)
        self.constants: dict[str, Any] = {}
        self.lines: list[str] = []
        self.conditions: list[str] = []
        self.first: list[str] = []
        self.tidy = True
        self.bound: dict[str, str] = {}
        self.maybe: set[str] = set()
        self.later: list[tuple[str, Axis]] = []
        self.perhaps: list[tuple[str, Axis]] = []
        self.loops = 0
        self.shapes: dict[str, str] = {}
        self.firm = True
        self.indent = 0
        self.count = 0
        self.any = ""
        tensors = [n for node in nodes for n in tensors_in(node)]
        self.repeated = {k for k, c in Counter(n.spec.text for n in tensors).items() if c > 1}
        self.merged = {
            axis.name for n in tensors for axis in n.spec.axes if axis.kind == sp.VAR and axis.broadcast and axis.name
        }

    # -- writing ------------------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        """Write a statement at the present depth."""
        self.lines.append("    " * self.indent + text)

    def fresh(self, stem: str) -> str:
        """A local that nothing else uses."""
        name = stem
        while name in self.taken:
            self.count += 1
            name = f"{stem}{self.count}"
        self.taken.add(name)
        return name

    def constant(self, value: Any, stem: str) -> str:
        """The name by which the source refers to an object."""
        for name, known in self.constants.items():
            if known is value or (type(value) is frozenset is type(known) and known == value):
                return name
        name = self.fresh("_" + re.sub(r"\W", "_", stem))  # a class made by C code may be named `jaxlib.Array`
        self.constants[name] = value
        return name

    def miss_if(self, condition: str) -> None:
        """Give up where the condition holds: with all others at the end, or at once inside a block."""
        if self.firm:
            self.conditions.append(condition)
        else:
            self.line(f"if {condition}:")
            self.line(f"    raise {self.constant(Miss, 'miss')}")

    def miss_first(self, condition: str) -> None:
        """Give up where the condition holds, before anything is read: a proxy would record the reading."""
        if self.firm and self.tidy:
            self.first.append(condition)
        else:
            self.miss_if(condition)

    def local(self, name: str) -> str:
        """The local of a name; it may be None where nothing has bound the name yet."""
        if name not in self.bound:
            self.bound[name] = self.fresh(f"{name.lstrip('*')}_")
            self.maybe.add(name)
        return self.bound[name]

    # -- nodes --------------------------------------------------------------------------------------------------

    def node(self, node: Node, value: str) -> None:
        """Check the value of an expression (a local) against a node."""
        if isinstance(node, AnyNode):
            return
        if isinstance(node, TensorNode):
            self._tensor(node, value)
        elif isinstance(node, DimNode):
            self._dim(node, value)
        elif isinstance(node, SCALARS):
            self.miss_if(self.misfit(node, value))
        elif isinstance(node, UnionNode):
            emit_union(self, node, value)
        elif isinstance(node, RecordNode):
            emit_record(self, node, value)
        elif isinstance(node, TupleNode):
            self._fixed_tuple(node, value)
        elif isinstance(node, ItemsNode):
            self._items(node, value)
        elif isinstance(node, MapNode):
            self._mapping(node, value)
        else:
            raise NotFast

    def misfit(self, node: Node, value: str) -> str:
        """The condition under which a value is not of a plain class."""
        if isinstance(node, NoneNode):
            return f"{value} is not None"
        if isinstance(node, ClassNode):
            classes = [self.constant(cls, cls.__name__) for cls in (node.cls, *node.also)]
            wanted = classes[0] if len(classes) == 1 else f"({', '.join(classes)})"
            return f"not isinstance({value}, {wanted})"
        assert isinstance(node, HintNode)
        compiling = self.constant(values.compiling(), "compiling")
        fits = f"{self.constant(values.bearable, 'bearable')}({value}, {self.constant(node.hint, 'hint')})"
        return f"not ({compiling}() or {fits})"

    def _tensor(self, node: TensorNode, value: str) -> None:
        if node.patterns:
            raise NotFast
        self._type_of(node, value)
        self.axes(node.spec, value)
        self._dtype_of(node, value)

    def _type_of(self, node: TensorNode, value: str) -> None:
        if not node.types:
            if node.dtypes is None:
                self.line(f"{value}.dtype")
            return
        self.miss_first(f"not isinstance({value}, {self.classes(node.types)})")

    def classes(self, types: Sequence[type]) -> str:
        """What `isinstance` is asked for."""
        names = [self.constant(cls, getattr(cls, "__name__", "cls")) for cls in types]
        return names[0] if len(names) == 1 else f"({', '.join(names)})"

    def _dtype_of(self, node: TensorNode, value: str) -> None:
        unfit = self.other_dtype(node, value)
        if unfit:
            self.miss_if(unfit)

    def other_dtype(self, node: TensorNode, value: str) -> str:
        """The condition under which a tensor has none of the dtypes that the node accepts; empty if it takes any."""
        if node.dtypes is None:
            return ""
        first, accepted = dtypes.objects(node.types, node.dtypes)
        if first is not None and len(accepted) == 1:
            return f"{value}.dtype is not {self.constant(first, str(node.group))}"
        group = self.constant(accepted, f"{node.group}s")
        if first is None:
            return f"{value}.dtype not in {group}"
        usual = self.constant(first, values.dtype_name(first) or "usual")
        return f"({value}.dtype is not {usual} and {value}.dtype not in {group})"

    def _dim(self, node: DimNode, value: str) -> None:
        axes = node.spec.axes
        if node.many:
            self.miss_if(f"type({value}) is not tuple")
            parts = [self.fresh(f"{value}_{i}") for i in range(len(axes))]
            stars = ["*" if axis.kind == sp.VAR else "" for axis in axes]
            self.line(f"{', '.join(map(str.__add__, stars, parts))}, = {value}" if parts else f"() = {value}")
            for axis, star, part in zip(axes, stars, parts, strict=True):
                if star:
                    one = self.fresh("one_")
                    self.line(f"for {one} in {part}:")
                    self.line(f"    if type({one}) is not int:")
                    self.line(f"        raise {self.constant(Miss, 'miss')}")
                    if axis.name:
                        self._size(axis, part)
                else:
                    self._integer(axis, part)
            return
        if len(axes) != 1 or axes[0].kind == sp.VAR:
            raise NotFast
        self._integer(axes[0], value)

    def _integer(self, axis: Axis, value: str) -> None:
        self.miss_if(f"type({value}) is not int")
        if axis.kind == sp.NAME and self.firm and axis.name not in self.bound and not axis.broadcast:
            self.line(f"{self._bind(axis.name)} = {value}")
        else:
            self._size(axis, value)

    # -- axes ---------------------------------------------------------------------------------------------------

    def axes(self, spec: Spec, value: str) -> None:
        """Check the shape of a tensor."""
        known = self.shapes.get(spec.text)
        if known is not None:
            # `not ==`: Dynamo records `!=` of two shapes in the graph.
            self.miss_if(f"not {value}.shape == {known}")
            return
        if not spec.axes:
            self.miss_if(f"len({value}.shape) != 0")
            return
        fresh: dict[int, str] = {}
        targets = [self._target(axis, i, fresh) for i, axis in enumerate(spec.axes)]
        unpacked = targets[0] + "," if len(targets) == 1 else ", ".join(targets)
        keep = ""
        if self.firm and spec.text in self.repeated and _comparable(spec):
            self.shapes[spec.text] = self.fresh("shape_")
            keep = f"{self.shapes[spec.text]} = "
        self.line(f"{unpacked} = {keep}{value}.shape")
        for i, local in fresh.items():
            self._size(spec.axes[i], local)

    def _target(self, axis: Axis, i: int, fresh: dict[int, str]) -> str:
        """What an axis is unpacked to: the name's own local where this binds it."""
        star = "*" if axis.kind == sp.VAR else ""
        if axis.kind == sp.ANY or (axis.kind == sp.VAR and not axis.name):
            self.any = self.any or self.fresh("any_")
            return star + self.any
        plain = axis.kind in (sp.NAME, sp.VAR) and not axis.broadcast and axis.name not in self.merged
        if plain and self.firm and star + axis.name not in self.bound:
            return star + self._bind(star + axis.name)
        fresh[i] = self.fresh(f"{axis.name or 'n'}_{i}")
        return star + fresh[i]

    def _bind(self, name: str) -> str:
        self.bound[name] = self.fresh(f"{name.lstrip('*')}_")
        return self.bound[name]

    def _size(self, axis: Axis, value: str) -> None:
        """Check one size (or, for a variadic axis, the list of its sizes)."""
        one = f"{value} != 1 and " if axis.broadcast else ""
        if axis.kind == sp.ANY:
            return
        if axis.kind == sp.FIXED:
            self.miss_if(f"{one}{value} != {axis.size}")
        elif axis.kind == sp.EXPR:
            self._expression(axis, value)
        elif axis.kind == sp.VAR and axis.name in self.merged:
            local = self.local("*" + axis.name)
            merge = self.constant(merge_axes, "merge")
            self.line(f"{local} = {merge}({local}, {value}, {axis.broadcast})")
        else:
            self._named(("*" if axis.kind == sp.VAR else "") + axis.name, value, one)

    def _named(self, name: str, value: str, one: str) -> None:
        local = self.local(name)
        if name not in self.maybe:
            differs = f"not {value} == {local}" if name.startswith("*") else f"{value} != {local}"
            self.miss_if(one + differs)
            return
        deeper = bool(one)
        if deeper:
            self.line(f"if {value} != 1:")
            self.indent += 1
        self.line(f"if {local} is None:")
        self.line(f"    {local} = {value}")
        self.line(f"elif not {value} == {local}:")
        self.line(f"    raise {self.constant(Miss, 'miss')}")
        self.indent -= deeper

    def _expression(self, axis: Axis, value: str) -> None:
        if self.firm:
            self.later.append((value, axis))
        elif all(name in self.bound and name not in self.maybe for name in axis.names):
            self.miss_if(self.differs(axis, value))
        else:
            if self.loops:
                raise NotFast
            kept = self.fresh("kept_")
            self.line(f"{kept} = {value}")
            self.perhaps.append((kept, axis))

    def settle(self) -> tuple[list[str], list[str]]:
        """The expressions that were put off, as conditions to give up at, and what must stand before everything."""
        start = [f"{kept} = None" for kept, _ in self.perhaps]
        out = [self.differs(axis, value) for value, axis in self.later]
        out += [f"({kept} is not None and ({self.differs(axis, kept)}))" for kept, axis in self.perhaps]
        self.later, self.perhaps = [], []
        return out, start

    def finish(self, *more: str) -> list[str]:
        """What was emitted so far as statements that raise `Miss` where it does not fit; expressions come last.

        Args:
            more: Conditions to give up at, before everything else.
        """
        conditions, start = self.settle()
        self.conditions += conditions
        self.lines[:0] = start
        first, last = [*more, *self.first], self.conditions
        if not self.lines:
            first, last = [*first, *last], []
        out = [*self._guard(first), *self.lines, *self._guard(last)]
        self.conditions, self.first, self.lines = [], [], []
        return out

    def _guard(self, conditions: list[str]) -> list[str]:
        if not conditions:
            return []
        joined = " or ".join(f"({c})" if " and " in c and not c.startswith("(") else c for c in conditions)
        return [f"if {joined}:", f"    raise {self.constant(Miss, 'miss')}"]

    def differs(self, axis: Axis, value: str) -> str:
        """The condition under which a size is not what its expression says."""
        local = {name: self.local(name) for name in axis.names}
        checks = [f"{v} is None" for name, v in sorted(local.items()) if name in self.maybe]
        text = self.formula(axis)
        one = f"{value} != 1 and " if axis.broadcast else ""
        differs = " or ".join([*checks, f"{value} != {text}"])
        if not one:
            return differs
        return f"({one}({differs}))" if checks else f"({one}{differs})"

    def formula(self, axis: Axis) -> str:
        """An expression axis in terms of the locals."""
        assert axis.expr is not None
        local = {name: self.local(name) for name in axis.names}
        holes = [self._hole(source) for source in axis.holes]
        rename = _Rename(local, holes, self.constant(min, "min"), self.constant(max, "max"))
        return ast.unparse(rename.visit(_copy(axis.expr)))

    def _hole(self, source: str) -> str:
        tree = parse_source(source.strip(), "eval")
        used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        if not used <= self.fast_names or any(
            isinstance(n, (ast.NamedExpr, ast.Await, ast.Yield)) for n in ast.walk(tree)
        ):
            raise NotFast
        return f"({source.strip()})"

    # -- alternatives and containers ----------------------------------------------------------------------------

    def block(self, node: Node, value: str, loop: bool = False, rest: bool = False) -> None:
        """A node that is checked under a condition, or several times: what it binds is bound only maybe.

        Args:
            node: What it must be.
            value: The local.
            loop: Whether it is checked several times.
            rest: Whether class, rank and dtype have been compared.
        """
        firm, shapes = self.firm, self.shapes
        self.firm, self.shapes = False, dict(shapes)
        self.indent += 1
        self.loops += loop
        before = len(self.lines)
        if rest and isinstance(node, TensorNode):
            self.axes(node.spec, value)
        else:
            self.node(node, value)
        self.loops -= loop
        if len(self.lines) == before:
            self.line("pass")
        self.indent -= 1
        self.firm, self.shapes = firm, shapes

    def _fixed_tuple(self, node: TupleNode, value: str) -> None:
        self.miss_first(f"not isinstance({value}, tuple)")
        parts = [self.fresh(f"{value}_{i}") for i in range(len(node.items))]
        if parts:
            self.line(f"{', '.join(parts)}, = {value}")
        else:
            self.miss_if(f"len({value}) != 0")
        tidy, self.tidy = self.tidy, False
        for part, item in zip(parts, node.items, strict=True):
            self.node(item, part)
        self.tidy = tidy

    def _items(self, node: ItemsNode, value: str) -> None:
        self.miss_if(f"not isinstance({value}, {self.constant(node.cls, node.cls.__name__)})")
        if node.cls not in (list, tuple, set, frozenset):
            self.miss_if(f"isinstance({value}, (str, bytes))")
        item = self.fresh("item_")
        self.line(f"for {item} in {value}:")
        self.block(node.item, item, loop=True)

    def _mapping(self, node: MapNode, value: str) -> None:
        self.miss_if(f"not isinstance({value}, {self.constant(node.cls, node.cls.__name__)})")
        key, item = self.fresh("key_"), self.fresh("item_")
        self.line(f"for {key}, {item} in {value}.items():")
        self.block(node.key, key, loop=True)
        self.block(node.value, item, loop=True)


class _Rename(ast.NodeTransformer):
    """An axis expression in terms of the locals."""

    def __init__(self, names: dict[str, str], holes: list[str], least: str, greatest: str) -> None:
        self.names = names
        self.holes = holes
        self.functions = {"min": least, "max": greatest}

    def visit_Call(self, node: ast.Call) -> ast.expr:
        args = [self.visit(arg) for arg in node.args]
        assert isinstance(node.func, ast.Name)
        if len(args) == 1:
            return args[0]  # type: ignore[no-any-return]
        return ast.Call(ast.Name(self.functions[node.func.id], ast.Load()), args, [])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        for i, source in enumerate(self.holes):
            if node.id == f"hole{i}_":
                return parse_source(source, "eval").body
        return ast.Name(self.names.get(node.id, node.id), ast.Load())


def _copy(tree: ast.expr) -> ast.expr:
    return parse_source(ast.unparse(tree), "eval").body


def surely_bound(plan: Plan) -> frozenset[str]:
    """The names that the arguments of a call always bind."""
    params = [p.name for p in plan.params]
    emitter = Emitter(params, {*params, *plan.names, *plan.local, *vars(builtins)}, plan.nodes)
    try:
        for param in plan.params:
            emitter.node(param.node, param.name)
    except NotFast:
        return frozenset()
    return frozenset(emitter.bound) - emitter.maybe


def tensors_in(node: Node) -> list[TensorNode]:
    """Every tensor in a node, those of records that share the signature's names included."""
    out = []
    for one in walk(node):
        if isinstance(one, TensorNode):
            out.append(one)
        elif isinstance(one, RecordNode) and one.shares:
            out += [tensor for inner in record_fields(one.cls).values() for tensor in tensors_in(inner)]
    return out


def _comparable(spec: Spec) -> bool:
    """Whether two tensors fit this spec together exactly when their shapes are equal."""
    return all(
        axis.kind in (sp.NAME, sp.FIXED, sp.VAR) and not axis.broadcast and (axis.kind != sp.VAR or axis.name)
        for axis in spec.axes
    )


def merge_axes(bound: tuple[list[int], bool] | None, sizes: list[int], broadcast: bool) -> tuple[list[int], bool]:
    """Merge the sizes of a variadic name that broadcasts, as the slow path does.

    Args:
        bound: What is bound (elements), and whether it may be enlarged.
        sizes: The sizes of this tensor.
        broadcast: Whether they may be enlarged.

    Raises:
        Miss: they do not broadcast.
    """
    if bound is None:
        return sizes, broadcast
    old, loose = bound
    if (not broadcast and len(old) > len(sizes)) or (not loose and len(sizes) > len(old)):
        raise Miss
    merged = list(old if len(old) >= len(sizes) else sizes)
    for back in range(1, min(len(old), len(sizes)) + 1):
        mine, theirs = sizes[-back], old[-back]
        if theirs == 1 and loose:
            merged[-back] = mine
        elif mine == 1 and broadcast:
            merged[-back] = theirs
        elif mine != theirs:
            raise Miss
    return merged, broadcast and loose


def function(what: str, parameters: str, body: Iterable[str], constants: dict[str, Any]) -> Any:
    """A function from source, with the objects that the source refers to; tracebacks and debuggers show it."""
    lines = [f"def _factory({', '.join(constants)}):", f"    def check({parameters}):"]
    source = "\n".join([*lines, *("        " + line for line in body), "    return check"]) + "\n"
    filename = f"{GENERATED}{what}>"
    made: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), made)  # noqa: S102  the source is written right here
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return in_code(made["_factory"](*constants.values()), constants)


def in_code(fn: Any, constants: dict[str, Any]) -> Any:
    """Put dtypes, sets of them and the open blocks among the constants of a function's code.

    Dynamo guards each object that a function closes over, but takes constants as they are: the function compiles with
    the guards of the undecorated one. They are also read faster.
    """
    code = fn.__code__
    wanted = {name: value for name, value in constants.items() if name in code.co_freevars and _may_be_constant(value)}
    raw, kept = bytearray(code.co_code), list(code.co_consts)
    places = {name: len(kept) + i for i, name in enumerate(wanted)}
    kept += wanted.values()
    if len(kept) > 256:
        return fn
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_DEREF" and step.argval in places:
            if step.arg is None or step.arg > 255:
                return fn
            raw[step.offset], raw[step.offset + 1] = dis.opmap["LOAD_CONST"], places[step.argval]
    fn.__code__ = code.replace(co_code=bytes(raw), co_consts=tuple(kept))
    return fn


def _may_be_constant(value: Any) -> bool:
    torch = values.module("torch")
    if torch is None:
        return False
    if isinstance(value, frozenset):
        return all(isinstance(one, torch.dtype) for one in value)
    return isinstance(value, torch.dtype) or value is OPEN


# These write with the class above, which calls them.
from shapetypes.runtime.emit_alternatives import emit_record, emit_union  # noqa: E402
