"""The checks of one shaped layer, and one call of it on its slow path."""

from __future__ import annotations

import copy
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.scope import Scope
from shapetypes.runtime import explain, report, scopes, sharding, values
from shapetypes.runtime.contract import Contract
from shapetypes.runtime.layer_construct import unwrapped
from shapetypes.runtime.layer_emit import AFTER, BEFORE, check_class, input_nodes, output_node
from shapetypes.runtime.layer_owner import ready, refresh
from shapetypes.runtime.nodes import ANY, Node, TupleNode

_NOTHING: Final = object()


class Check:
    """One of the two checks of a shaped layer. Its class is written for the contract; here is the slow path."""

    __slots__ = ("contract",)
    kind = BEFORE

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def judge(self, module: Any, args: Any, kwargs: Any, output: Any) -> ShapeError | None:
        """Why a call does not fit, as the exception to raise, or None."""
        frame = sys._getframe(1).f_back
        return values.eagerly(judged, self.contract, module, args, kwargs, output, self.kind, frame)  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        return make_check, (self.kind, self.contract)

    def __deepcopy__(self, memo: dict[int, Any]) -> Check:
        return type(self)(copy.deepcopy(self.contract, memo))

    def __repr__(self) -> str:
        return f"<shapetypes {self.kind} {self.contract.text!r}>"


values.untraced(Check.judge, "a shaped layer does not fit; without torch.compile the message has the details")


class Before(Check):
    """The check of the inputs."""

    __slots__ = ()
    kind = BEFORE


class After(Check):
    """The check of the output."""

    __slots__ = ()
    kind = AFTER


class Unready(Before):
    """Stands for the check of a layer whose sizes are not known yet; at the first call they are."""

    __slots__ = ()

    def __call__(self, module: Any, args: Any, kwargs: Any) -> None:
        """Take a look whether the layer has its sizes by now."""
        if values.compiling()():
            return
        __tracebackhide__ = True
        error = ready(module, self.contract)
        if error is not None:
            raise error
        if not isinstance(self, Unready):
            try:  # type: ignore[unreachable]
                self(module, args, kwargs)
            except ShapeError as caught:
                raise caught.with_traceback(None) from None


def make_check(kind: str, contract: Contract) -> Check:
    """The check before or after a layer."""
    base = Before if kind == BEFORE else After
    lazy = contract.pending and contract.home == "torch" and kind == BEFORE
    cls = Unready if lazy else check_class(contract, kind, base)
    return cls(contract)  # type: ignore[no-any-return]


def rewrite(check: Any, contract: Contract) -> None:
    """Give a check the class that its contract asks for now."""
    if contract.pending and isinstance(check, Before) and contract.home == "torch":
        check.__class__ = Unready
    else:
        check.__class__ = check_class(contract, check.kind, Before if check.kind == BEFORE else After)


# -- one call on the slow path ----------------------------------------------------------------------------------------


class _Param(NamedTuple):
    name: str
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD


def judged(
    contract: Contract, layer: Any, args: Any, kwargs: Any, output: Any, kind: str, frame: types.FrameType | None
) -> ShapeError | None:
    """Check one call by interpretation."""
    if not contract.first and kind == AFTER and _gives_tuple(contract, output):
        contract.first = True
        refresh(layer, contract)
    known, blocks = contract.scope(), scopes.visible_blocks(frame)
    scope, fault = _check(contract, known, blocks, args, kwargs, output, kind)
    if fault is None:
        place = report.call_place(scopes.user_frame(frame)) if blocks and frame is not None else None
        for block in blocks:
            block.adopt(scope, contract.subject, place)
        return None
    if not contract.local and _is_sharded(layer, contract):
        contract.local = True
        refresh(layer, contract)
        return judged(contract, layer, args, kwargs, output, kind, frame)
    params = [_Param(name) for name in contract.params if not name.startswith("*")]
    return report.error_for(fault.but(path=contract.path()), frame, params, report.mode() == "warn")


def _check(
    contract: Contract, known: Scope, blocks: Any, args: Any, kwargs: Any, output: Any, kind: str
) -> tuple[Scope, Fault | None]:
    scope = Scope()
    for outer in (known, *(block.scope for block in blocks)):
        for name, binding in outer.items():
            scope.bind(name, binding.size, binding.origin, binding.broadcast)
    entries = [entry for entry in given(contract, args, kwargs) if not _opaque(entry[2])]
    trial = scope.trial()
    fault, matcher = explain.check(entries, trial, contract.subject)
    if kind == BEFORE or fault is not None:
        if fault is None:
            trial.commit()
        return scope, fault if kind == BEFORE else None
    trial.commit()
    value, node = output, output_node(contract)
    if contract.first and isinstance(output, (tuple, list)) and output:
        value = output[0]
    if isinstance(node, TupleNode) and isinstance(value, list):
        value = tuple(value)
    if _opaque(value):
        return scope, None
    trial = scope.trial()
    fault, _ = explain.check([("return", node, value)], trial, contract.subject, None, matcher.operands)
    if fault is None:
        trial.commit()
    return scope, fault


def given(contract: Contract, args: Any, kwargs: Any) -> Iterator[explain.Entry]:
    """The inputs of a call that the spec is about. One that is left out is forward's own business."""
    for label, at, node in input_nodes(contract):
        value = _given(contract, label, at, node, args, kwargs)
        if value is not _NOTHING:
            yield label, node, value


def _given(contract: Contract, label: str, at: int | None, node: Node, args: Any, kwargs: Any) -> Any:
    if node == ANY:
        return _NOTHING
    if at is None and label in contract.params:
        at = contract.params.index(label)
    if at is not None and at < len(args):
        return args[at]
    return kwargs.get(label, _NOTHING)


def _gives_tuple(contract: Contract, output: Any) -> bool:
    """Whether the layer returns a tuple and the spec has one plain output: the first is meant."""
    items = contract.spec.outputs
    return len(items) == 1 and not items[0].items and isinstance(output, (tuple, list)) and bool(output)


def _opaque(value: Any) -> bool:
    """Whether a value holds tensors in a form whose axes are not those of the spec."""
    if isinstance(value, (tuple, list)) and type(value).__name__ != "PackedSequence":
        return any(_opaque(item) for item in value)
    return type(value).__name__ == "PackedSequence" or getattr(value, "is_nested", False) is True


def _is_sharded(layer: Any, contract: Contract) -> bool:
    """Whether a layer, or the module it stands in, is spread over several ranks."""
    owner = contract.link.owner if contract.link is not None else None
    return sharding.is_sharded(unwrapped(layer), *([owner] if owner is not None else []))
