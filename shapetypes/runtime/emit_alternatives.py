"""The fast path of unions and records: which alternative a value is, and the fields of a record."""

from __future__ import annotations

import typing
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from shapetypes.runtime import emit
from shapetypes.runtime.nodes import (
    DimNode,
    ItemsNode,
    MapNode,
    Node,
    NoneNode,
    RecordNode,
    TensorNode,
    TupleNode,
    UnionNode,
)
from shapetypes.runtime.plan import record_fields

if TYPE_CHECKING:
    from shapetypes.runtime.emit import Emitter


# -- unions -----------------------------------------------------------------------------------------------------------


def emit_union(emitter: Emitter, node: UnionNode, value: str) -> None:
    """Check a value against the first alternative that it may be, as the slow path does.

    Raises:
        NotFast: what an alternative demands cannot be told apart by class, rank and dtype.
    """
    rest = [option for option in node.options if not isinstance(option, emit.SCALARS)]
    if not rest:
        emitter.miss_if(f"({' and '.join(emitter.misfit(option, value) for option in node.options)})")
        return
    nones = [option for option in node.options if isinstance(option, NoneNode)]
    if len(rest) + len(nones) < len(node.options):
        _in_order(emitter, node.options, value)
        return
    if nones:
        emitter.line(f"if {value} is not None:")
        emitter.indent += 1
    if len(rest) == 1:
        emitter.indent -= 1
        emitter.block(rest[0], value)
        emitter.indent += 1
    elif _differ_in_rank(rest):
        _by_rank(emitter, rest, value)
    else:
        _in_order(emitter, rest, value)
    emitter.indent -= bool(nones)


def _differ_in_rank(options: Sequence[Node]) -> bool:
    ranks = [len(o.spec.axes) if isinstance(o, TensorNode) and o.spec.variadic is None else -1 for o in options]
    return -1 not in ranks and len(set(ranks)) == len(ranks)


def _by_rank(emitter: Emitter, options: Sequence[Node], value: str) -> None:
    """Tensors that their number of axes tells apart."""
    rank = emitter.fresh("rank_")
    emitter.line(f"{rank} = len({value}.shape)")
    word = "if"
    for option in options:
        assert isinstance(option, TensorNode)
        emitter.line(f"{word} {rank} == {len(option.spec.axes)}:")
        emitter.block(option, value)
        word = "elif"
    _otherwise(emitter)


def _in_order(emitter: Emitter, options: Sequence[Node], value: str) -> None:
    word = "if"
    for option in options:
        emitter.line(f"{word} {_may_be(emitter, option, value)}:")
        if isinstance(option, emit.SCALARS):
            emitter.line("    pass")
        else:
            emitter.block(option, value, rest=True)
        word = "elif"
    _otherwise(emitter)


def _otherwise(emitter: Emitter) -> None:
    emitter.line("else:")
    emitter.line(f"    raise {emitter.constant(emit.Miss, 'miss')}")


def _may_be(emitter: Emitter, node: Node, value: str) -> str:
    """The condition under which the slow path tries this alternative."""
    if isinstance(node, emit.SCALARS):
        return f"not {emitter.misfit(node, value)}" if not isinstance(node, NoneNode) else f"{value} is None"
    if isinstance(node, TensorNode):
        return _tensor_may_be(emitter, node, value)
    if isinstance(node, DimNode) and not node.many:
        return f"type({value}) is int"
    if isinstance(node, TupleNode):
        return f"isinstance({value}, tuple) and len({value}) == {len(node.items)}"
    if isinstance(node, RecordNode) and not typing.is_typeddict(node.cls):
        return f"isinstance({value}, {emitter.constant(node.cls, node.cls.__name__)})"
    if isinstance(node, (ItemsNode, MapNode)) and node.cls in (list, tuple, dict, set, frozenset):
        return f"isinstance({value}, {emitter.constant(node.cls, node.cls.__name__)})"
    raise emit.NotFast


def _tensor_may_be(emitter: Emitter, node: TensorNode, value: str) -> str:
    homes = {getattr(cls, "__module__", "").partition(".")[0] for cls in node.types}
    if homes != {"torch"} or node.patterns:  # of other frameworks, symbolic tensors stand for their arrays
        raise emit.NotFast
    axes = node.spec.axes
    least = f">= {len(axes) - 1}" if node.spec.variadic is not None else f"== {len(axes)}"
    unfit = emitter.other_dtype(node, value)
    dtype = f" and not {unfit if unfit.startswith('(') else f'({unfit})'}" if unfit else ""
    return f"isinstance({value}, {emitter.classes(node.types)}) and len({value}.shape) {least}{dtype}"


# -- records ----------------------------------------------------------------------------------------------------------

_checkers: dict[type, Callable[[Any], None] | None] = {}


def emit_record(emitter: Emitter, node: RecordNode, value: str) -> None:
    """Check the fields of a record: with the names of the signature, or with names of its own."""
    if not node.shares:
        emitter.line(f"{emitter.constant(_checker(node.cls), 'record')}({value})")
        return
    _emit_fields(emitter, node.cls, value)


def _emit_fields(emitter: Emitter, cls: type, value: str) -> None:
    keyed = typing.is_typeddict(cls)
    wanted = dict if keyed else cls
    emitter.miss_first(f"not isinstance({value}, {emitter.constant(wanted, wanted.__name__)})")
    tidy, emitter.tidy = emitter.tidy, False
    required: Any = getattr(cls, "__required_keys__", ())
    for name, node in record_fields(cls).items():
        local = emitter.fresh(f"{value}_{name}")
        if not keyed:
            emitter.line(f"{local} = {value}.{name}")
            emitter.node(node, local)
        elif name in required:
            emitter.line(f"{local} = {value}[{name!r}]")
            emitter.node(node, local)
        else:
            emitter.line(f"if {name!r} in {value}:")
            emitter.line(f"    {local} = {value}[{name!r}]")
            emitter.block(node, local)
    emitter.tidy = tidy


def _checker(cls: type) -> Callable[[Any], None]:
    """A function that raises `Miss` where a record with names of its own does not fit; written once for each class."""
    if cls not in _checkers:
        _checkers[cls] = None
        try:
            _checkers[cls] = _make(cls)
        finally:
            if _checkers[cls] is None:
                del _checkers[cls]
    found = _checkers[cls]
    if found is None:  # the class refers to itself
        raise emit.NotFast
    return found


def _make(cls: type) -> Callable[[Any], None]:
    writer = emit.Emitter(("value",), (), [RecordNode(cls, shares=True)])
    _emit_fields(writer, cls, "value")
    conditions, start = writer.settle()
    writer.conditions += conditions
    start += [f"{writer.bound[name]} = None" for name in writer.bound if name in writer.maybe]
    writer.lines[:0] = start
    body = writer.finish() or ["pass"]
    return emit.function(f"record {cls.__module__}.{cls.__qualname__}", "value", body, writer.constants)  # type: ignore[no-any-return]
