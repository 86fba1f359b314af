"""Modules whose parameters are spread over several ranks: their own sizes then tell nothing of what a rank computes."""

from __future__ import annotations

from typing import Any, Final

from shapetypes.core.scope import Scope
from shapetypes.runtime import scopes, values

_FORGOTTEN: Final = "_shapetypes_forgotten"
"""Where a module keeps the names that it had: calls that were under way go on without them, too."""


def is_sharded(*modules: Any) -> bool:
    """Whether parameters of a module are cut over several ranks, and each rank computes with its part.

    FSDP cuts them, too, but only to keep them: it puts them together before it computes.
    """
    tensor = values.module("torch.distributed.tensor")
    if tensor is None:
        return False
    fsdp = getattr(values.module("torch.distributed.fsdp"), "FSDPModule", ())
    return any(_is_cut(module, tensor, fsdp, kept=0) for module in modules if hasattr(module, "parameters"))


def _is_cut(module: Any, tensor: Any, fsdp: Any, kept: int) -> bool:
    """Whether a parameter is cut along more dimensions of its mesh than FSDP has cut it along."""
    kept = 1 if kept or isinstance(module, fsdp) else 0
    for parameter in module._parameters.values():
        if isinstance(parameter, tensor.DTensor) and sum(p.is_shard() for p in parameter.placements) > kept:
            return True
    return any(_is_cut(child, tensor, fsdp, kept) for child in module._modules.values() if child is not None)


def forget(obj: Any) -> frozenset[str]:
    """If an object is a module that is sharded, forget the names that its construction has fixed.

    Returns:
        Those names.
    """
    names = frozenset(scopes.instance_names(obj)) if obj is not None else frozenset()
    if names and is_sharded(obj):
        scopes.forget_instance(obj)
        vars(obj)[_FORGOTTEN] = names
    return frozenset(getattr(obj, _FORGOTTEN, ()))


def without(scope: Scope, names: frozenset[str]) -> Scope:
    """A scope without some of its names."""
    out = Scope()
    for name, found in scope.items():
        if name not in names:
            out.bind(name, found.size, found.origin, found.broadcast)
    return out
