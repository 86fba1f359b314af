"""The dtype objects of loaded frameworks that an annotation accepts, for comparison by identity and hash."""

from __future__ import annotations

from functools import cache
from typing import Any

from shapetypes.core.dtype import BOOLS, INTS, canonical
from shapetypes.runtime import values


def objects(types: tuple[type, ...], names: frozenset[str]) -> tuple[Any, frozenset[Any]]:
    """What `.dtype` may be.

    Args:
        types: The array types of the annotation; empty for any.
        names: Canonical dtype names.

    Returns:
        The dtype that is most likely, where identity decides (torch), else None; and all of them.
    """
    homes = {getattr(cls, "__module__", "").partition(".")[0] for cls in types}
    if homes == {"torch"}:
        found = _torch(names)
        return _usual(found), frozenset(found.values())
    accepted: set[Any] = set(names)
    if not types or "numpy" in homes or homes - {"torch", "tensorflow", "keras"}:
        accepted |= _numpy(names)
    if not types or "torch" in homes:
        accepted |= set(_torch(names).values())
    if not types or homes & {"tensorflow", "keras"}:
        accepted |= _tensorflow(names)
    return None, frozenset(accepted)


def _usual(found: dict[str, Any]) -> Any:
    """The dtype that most programs use of these."""
    for name in ("float32", "int64", "bool", "complex64", *sorted(INTS), *sorted(BOOLS)):
        if name in found:
            return found[name]
    return next(iter(found.values()), None)


def _torch(names: frozenset[str]) -> dict[str, Any]:
    torch = values.module("torch")
    if torch is None:
        return {}
    every = _every_dtype(torch)
    return {name: every[name] for name in sorted(names) if name in every}


@cache
def _every_dtype(torch: Any) -> dict[str, Any]:
    return {canonical(str(v)): v for v in vars(torch).values() if isinstance(v, torch.dtype)}


def _numpy(names: frozenset[str]) -> set[Any]:
    numpy = values.module("numpy")
    out = set()
    for name in names if numpy is not None else ():
        try:
            out.add(numpy.dtype(name))
        except TypeError:  # a dtype that NumPy does not have
            continue
    return out


def _tensorflow(names: frozenset[str]) -> set[Any]:
    tf = values.module("tensorflow")
    out = set()
    for name in names if tf is not None else ():
        try:
            out.add(tf.as_dtype(name))
        except TypeError:
            continue
    return out
