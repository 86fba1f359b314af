"""The two checks of one layer, before and after its forward, as classes of callable objects written for its spec.

Each has the comparisons in its own `__call__`, so that a call costs no frame more than an empty hook. Sizes that the
layer or its owner fixes stand in the source as numbers.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterable
from typing import Any, Final

from shapetypes.core import spec as sp
from shapetypes.core.dtype import GROUPS
from shapetypes.core.spec import Item
from shapetypes.runtime import scopes, values
from shapetypes.runtime.contract import Contract
from shapetypes.runtime.emit import Emitter, NotFast, in_code
from shapetypes.runtime.nodes import ANY, NONE, Node, TensorNode, TupleNode, UnionNode, walk

BEFORE: Final = "before"
AFTER: Final = "after"

_made: dict[Any, type] = {}


def node_of(item: Item, types: tuple[type, ...]) -> Node:
    """The node of one item of a spec."""
    if item.unchecked:
        return ANY
    node: Node
    if item.axes is None:
        node = TupleNode(tuple(node_of(inner, types) for inner in item.items))
    else:
        node = TensorNode(item.axes, types, GROUPS[item.dtype] if item.dtype else None, (), item.dtype or "Shaped")
    return UnionNode((NONE, node)) if item.optional else node


def array_types(home: str) -> tuple[type, ...]:
    """The array types that layers of a framework take; empty for any."""
    torch = values.module("torch")
    return (torch.Tensor,) if home == "torch" and torch is not None else ()


def input_nodes(contract: Contract) -> list[tuple[str, int | None, Node]]:
    """Each input with its parameter's name, its position, and what it must be."""
    types = array_types(contract.home)
    return [
        (label, at, node_of(item, types))
        for label, at, item in contract.inputs()
        if item.axes is None or item.axes.axes or len(contract.spec.inputs) > 1 or item.dtype
    ]


def output_node(contract: Contract) -> Node:
    """What the result must be."""
    types = array_types(contract.home)
    items = tuple(node_of(item, types) for item in contract.spec.outputs)
    return items[0] if len(items) == 1 else TupleNode(items)


def check_class(contract: Contract, kind: str, base: type) -> type:
    """The class of the check before or after a layer with this contract; made once for each."""
    known = {name: found.size for name, found in contract.known().items()}
    key = (contract.text, contract.params, contract.home, contract.first, kind, tuple(known.items()), base)
    if key not in _made:
        _made[key] = _make(contract, kind, base, known)
    return _made[key]


def _make(contract: Contract, kind: str, base: type, known: dict[str, Any]) -> type:
    writer = _Writer(contract, known)
    try:
        body = writer.before() if kind == BEFORE else writer.after()
    except NotFast:
        writer = _Writer(contract, known)
        body = []
    source = writer.source(kind, body)
    filename = f"{scopes.GENERATED}{contract.subject} {contract.text} {kind} {len(_made)}>"
    made: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), made)  # noqa: S102  the source is written right here
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    call = in_code(made["_factory"](*writer.emitter.constants.values()), writer.emitter.constants)
    return type(f"{kind.capitalize()}[{contract.text}]", (base,), {"__slots__": (), "__call__": call})


class _Writer:
    """Writes the source of one check."""

    def __init__(self, contract: Contract, known: dict[str, Any]) -> None:
        self.contract = contract
        self.inputs = input_nodes(contract)
        self.output = output_node(contract)
        nodes = [*(node for _, _, node in self.inputs), self.output]
        self.nodes = nodes
        taken = {"self", "module", "args", "kwargs", "output", "error_", *_BUILTINS}
        self.emitter = Emitter(taken, (), nodes)
        self.known = known
        for name, size in known.items():
            self.emitter.bound[name] = repr(list(size)) if isinstance(size, (tuple, list)) else repr(int(size))

    def source(self, kind: str, body: list[str]) -> str:
        """The whole source: a factory that takes the constants and gives `__call__`."""
        params = "self, module, args, kwargs" + (", output" if kind == AFTER else "")
        output = "output" if kind == AFTER else "None"
        lines = []
        if body:
            lines = ["try:", *("    " + line for line in body)]
            lines += ["except Exception:", "    pass", "else:", "    return None"]
        lines += [
            "__tracebackhide__ = True",
            f"error_ = self.judge(module, args, kwargs, {output})",
            "if error_ is not None:",
            "    raise error_",
            "return None",
        ]
        head = [f"def _factory({', '.join(self.emitter.constants)}):", f"    def __call__({params}):"]
        return "\n".join([*head, *("        " + line for line in lines), "    return __call__"]) + "\n"

    def before(self) -> list[str]:
        """The inputs fit."""
        self._determinable(node for _, _, node in self.inputs)
        head = []
        for label, at, node in self.inputs:
            head.append(self._take(label, at, node))
        return [*self._blocks(), *head, *self.emitter.finish()]

    def after(self) -> list[str]:
        """The output fits, together with the inputs that bind names of it."""
        self._determinable(self.nodes)
        emitter = self.emitter
        wanted = _names(self.output) - set(self.known)
        head: list[str] = []
        for label, at, node in self.inputs:
            if _names(node) & wanted:
                head.append(self._take(label, at, node))
        # They have passed: their sizes are read, not compared again.
        emitter.conditions, emitter.later, emitter.perhaps, emitter.first = [], [], [], []
        value = "output"
        if self.contract.first:
            value = emitter.fresh("output_0")
            head.append(f"{value} = output[0]")
        first, lines = emitter.first, emitter.lines
        emitter.first, emitter.lines = [], []
        emitter.node(self.output, value)
        checks, emitter.first = emitter.first, first
        emitter.lines = [*lines, *emitter.lines]
        guard = [f"if {' or '.join(checks)}:", f"    raise {emitter.constant(_miss(), 'miss')}"] if checks else []
        return [*self._blocks(), *head, *guard, *emitter.finish()]

    def _blocks(self) -> list[str]:
        blocks, visible = (
            self.emitter.constant(scopes.OPEN, "blocks"),
            self.emitter.constant(scopes.any_visible, "visible"),
        )
        compiling = self.emitter.constant(values.compiling(), "compiling")
        return [
            f"if {blocks} and not {compiling}() and {visible}():",
            f"    raise {self.emitter.constant(_miss(), 'miss')}",
        ]

    def _take(self, label: str, at: int | None, node: Node) -> str:
        """Bring an input into a local and check it."""
        local = self.emitter.fresh("x_")
        self.emitter.node(node, local)
        optional = isinstance(node, UnionNode)
        if at is None:
            where = f"kwargs.get({label!r})" if optional else f"kwargs[{label!r}]"
            position = next((i for i, p in enumerate(self.contract.params) if p == label), None)
            if position is not None:
                where = f"args[{position}] if len(args) > {position} else {where}"
            return f"{local} = {where}"
        keyed = f"kwargs.get({label!r})" if optional else f"kwargs[{label!r}]"
        given = "args" if at == 0 else f"len(args) > {at}"
        return f"{local} = args[{at}] if {given} else {keyed}"

    def _determinable(self, nodes: Iterable[Node]) -> None:
        """Several variadic axes of one tensor are the slow path's job."""
        for node in nodes:
            for inner in walk(node):
                if isinstance(inner, TensorNode) and sum(axis.kind == sp.VAR for axis in inner.spec.axes) > 1:
                    raise NotFast


_BUILTINS: Final = ("len", "isinstance", "tuple", "list", "min", "max", "Exception")


def _miss() -> type[Exception]:
    from shapetypes.runtime.emit import Miss

    return Miss


def _names(node: Node) -> set[str]:
    return {name for inner in walk(node) if isinstance(inner, TensorNode) for name in inner.spec.names}
