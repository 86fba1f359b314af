"""Comparing sizes across the ranks of a distributed program, where the program asks for it and nowhere else.

Ranks tell each other through the store of the process group (keys and values, no collective): a rank that is missing
is known by name, and no backend or stream is disturbed.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

from shapetypes.core.fault import Fault
from shapetypes.core.parse import parse_axes
from shapetypes.runtime import inside, report, values

_KEY: Final = "shapetypes/agree"
_PAUSE: Final = (0.0005, 0.05)
"""The shortest and the longest pause between two looks into the store (seconds)."""

_asked: dict[str, int] = {}
"""How often each group has been asked by this process."""


def agree(names: str, *, timeout: float = 60.0, group: Any = None) -> None:
    """Hold names to the same sizes on every rank of a torch.distributed program.

    The sizes are those of the checked call around, or of the `scope` block. Every rank of the group must make this
    call, as often as the others. Without a process group, under `SHAPETYPES=off` and while torch compiles nothing
    happens.

    Example:
        `agree("H F")`

    Args:
        names: Axis words, as `dims` takes them.
        timeout: How long to wait for the other ranks (seconds).
        group: The process group; by default all ranks.

    Raises:
        ShapeError: a size differs; the message tells it by rank. It is raised on every rank.
        AnnotationError: a name has no size here.
        TimeoutError: ranks were not heard of in time, or have asked for other names; they are named.
    """
    if report.mode() == "off" or values.compiling()():
        return
    frame = sys._getframe(1)
    scope = inside.scope_at(frame)
    axes = parse_axes(names, several=True).axes
    mine = {axis.text: inside.sizes_of(parse_axes(axis.text, several=True), scope) for axis in axes}
    dist = values.module("torch.distributed")
    if dist is None or not dist.is_available() or not dist.is_initialized() or dist.get_world_size(group) < 2:
        return
    told = _exchange(dist, group, names, {k: _plain(v) for k, v in mine.items()}, timeout)
    fault = difference(told)
    error = None if fault is None else report.error_for(fault, frame, (), report.mode() == "warn")
    if error is not None:
        raise error


def _plain(size: Any) -> Any:
    return [int(s) for s in size] if isinstance(size, tuple) else int(size)


def difference(told: Mapping[int, Mapping[str, Any]]) -> Fault | None:
    """The first name whose sizes (elements) differ between ranks, as a fault."""
    first = told[min(told)]
    for name in first:
        by_size: dict[str, list[int]] = {}
        for rank in sorted(told):
            by_size.setdefault(_shown(told[rank][name]), []).append(rank)
        if len(by_size) > 1:
            detail = ", ".join(f"{size} on {_ranks(ranks)}" for size, ranks in by_size.items())
            return Fault("dim-mismatch", "value", "agree()", name=name, detail=f"`{name}` is {detail}")
    return None


def _shown(size: Any) -> str:
    return f"({', '.join(map(str, size))}{',' * (len(size) == 1)})" if isinstance(size, list) else str(size)


def _ranks(ranks: list[int]) -> str:
    listed = ", ".join(map(str, ranks[:8])) + (f" and {len(ranks) - 8} more" if len(ranks) > 8 else "")
    return f"rank {listed}" if len(ranks) == 1 else f"ranks {listed}"


# -- the store --------------------------------------------------------------------------------------------------------


def _exchange(dist: Any, group: Any, names: str, mine: dict[str, Any], timeout: float) -> dict[int, dict[str, Any]]:
    """What every rank of the group tells, by its rank in the whole program."""
    store: Any = dist.distributed_c10d._get_default_store()
    ranks = dist.get_process_group_ranks(group) if group is not None else list(range(dist.get_world_size()))
    me = dist.get_rank()
    label = "world" if group is None else str(getattr(group, "group_name", ranks))
    turn = _asked[label] = _asked.get(label, 0) + 1
    store.set(_key(label, turn, me), json.dumps([names, mine]))
    _wait(store, names, {rank: _key(label, turn, rank) for rank in ranks}, timeout)
    told = {rank: json.loads(store.get(_key(label, turn, rank))) for rank in ranks}
    # All have come this far, so that nobody asks for what was told before.
    with contextlib.suppress(Exception):  # a store that cannot forget
        store.delete_key(_key(label, turn - 1, me))
    others = {rank: asked for rank, (asked, _) in told.items() if asked != names}
    if others:
        asked = next(iter(others.values()))
        raise TimeoutError(f'agree("{names}"): {_ranks(sorted(others))} asked for others instead: agree("{asked}")')
    return {rank: sizes for rank, (_, sizes) in told.items()}


def _key(label: str, turn: int, rank: int) -> str:
    return f"{_KEY}/{label}/{turn}/{rank}"


def _wait(store: Any, names: str, keys: dict[int, str], timeout: float) -> None:
    end = time.monotonic() + timeout
    pause = _PAUSE[0]
    missing = list(keys)
    while missing:
        missing = [rank for rank in missing if not store.check([keys[rank]])]
        if not missing:
            return
        if time.monotonic() >= end:
            raise TimeoutError(f'agree("{names}"): nothing was heard of {_ranks(missing)} within {timeout:g} s')
        time.sleep(min(pause, max(0.0, end - time.monotonic())))
        pause = min(2 * pause, _PAUSE[1])
