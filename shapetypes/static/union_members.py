"""Arguments declared as one of several tensors: each of them may be given, so what is made of each must be right.

`x: Float[Tensor, "b p d"] | Float[Tensor, "b p h d"]` promises both. A result that fits what is declared for one of
them does not speak for the other.
"""

from __future__ import annotations

from typing import Any

from shapetypes.core.fault import Diagnostic
from shapetypes.core.shape import TensorSpec, Var
from shapetypes.static.annotations import Contract
from shapetypes.static.contracts import parameters
from shapetypes.static.engine import Frame
from shapetypes.static.values import Alt, Cond


def each(frame: Frame, value: Any) -> list[TensorSpec]:
    """The tensors that a value is for each member of one argument's union, where nothing else chooses between them.

    Empty where something else does: a flag, a test of the rank, a member of another argument.
    """
    if not (frame.own and isinstance(value, Alt)) or frame.func is None:
        return []
    declared = _unions(frame)
    if not declared or any(_member(frame, key) is None for key in frame.state.conds):
        return []
    found: list[TensorSpec] = []
    names = set()
    for conds, option in value.options:
        chosen = {_argument(frame, cond) for cond in conds}
        if len(chosen) != 1 or not chosen <= declared or not isinstance(option, TensorSpec) or option.rank is None:
            return []
        names |= chosen
        found.append(option)
    return found if len(names) == 1 else []


def never_fits(frame: Frame, outcomes: list[tuple[frozenset[Cond], list[Diagnostic]]]) -> list[Diagnostic]:
    """The faults of an operation that fails whenever an optional argument is given, on a path that nothing chose.

    Args:
        frame: The function.
        outcomes: What was found for each combination of alternatives, with its conditions.
    """
    if not frame.own or frame.state.conds or frame.func is None or not any(found for _, found in outcomes):
        return []
    for name, contract in parameters(frame, frame.func).items():
        key = f"{name} is None@{frame.owner}@{name}0"
        given = [found for conds, found in outcomes if (key, False) in conds]
        if contract.shaped and given and all(given):
            return [told for told in given[0] if _of_known_ranks(told)]
    return []


def _of_known_ranks(told: Diagnostic) -> bool:
    """Whether no variadic part takes part: what it stands for may differ from one field of an object to another."""
    return not any(isinstance(size, Var) for o in told.fault.operands for size in o.shape or ())


def _unions(frame: Frame) -> set[str | None]:
    """The arguments that are declared as one of several tensors, and as nothing else."""
    assert frame.func is not None
    found = parameters(frame, frame.func)
    return {name for name, contract in found.items() if name != "return" and _of_tensors(contract)}


def _of_tensors(contract: Contract) -> bool:
    return contract.kind == "union" and all(p.kind == "tensor" and p.spec is not None for p in contract.parts)


def _argument(frame: Frame, cond: Cond) -> str | None:
    """The argument of which a condition says that one member holds."""
    key, holds = cond
    return _member(frame, key) if holds else None


def _member(frame: Frame, key: str) -> str | None:
    name, _, rest = key.partition(" member ")
    return name if rest.partition("@")[2] == frame.owner else None


__all__ = ["each"]
