"""Judging a file by what was found in it earlier: only top-level statements that may have changed are run."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from shapetypes.ops.folder import own_folder
from shapetypes.static.chunks import Summary, summarise
from shapetypes.static.modules import Finder, Module
from shapetypes.static.store import Stat, UnitStore, stat_of
from shapetypes.static.units import GIVEN_UP, TOP, Graph, UnitResult, moved, pin

if TYPE_CHECKING:
    from shapetypes.static.check import FileCheck


class KeptUnits:
    """Runs files with a store.

    Args:
        store: What is kept.
        finder: The project's modules.
        stub_path: Folders with stubs of the user's own.
        work: Makes the engine for a file, when something has to be judged.
    """

    def __init__(
        self, store: UnitStore, finder: Finder, stub_path: tuple[str, ...], work: Callable[[Module], FileCheck]
    ) -> None:
        self._store = store
        self._finder = finder
        self._stub_path = stub_path
        self._work = work
        self._outside: dict[str, bool] = dict.fromkeys(("jaxtyping", "shapetypes", "typing"), True)
        self._stats: dict[str, Stat | None] = {}
        self._summaries: dict[str, Summary] = {}
        self._graph = self._new_graph()
        read = finder.read

        def timed(path: str) -> str:
            self._stats[path] = stat_of(path)  # before reading: an edit in between shows as a change
            return read(path)

        finder.read = timed

    def _new_graph(self) -> Graph:
        return Graph(self._finder, self._summary, self._is_outside)

    def _is_outside(self, package: str) -> bool:
        """Whether stubs describe a package; none of them is read for that."""
        if package not in self._outside:
            self._outside[package] = any(
                os.path.isfile(f"{folder}/{package}{end}")
                for folder in (*self._stub_path, str(own_folder()))
                for end in (".pyi", "/__init__.pyi")
            )
        return self._outside[package]

    def forget(self) -> None:
        """Something has changed."""
        self._summaries.clear()
        self._graph = self._new_graph()

    def _summary(self, name: str, path: str) -> Summary | None:
        known = self._finder.modules.get(name)
        if path not in self._summaries:
            kept = self._store.summary(path) if known is None else None
            if kept is None:
                module = known or self._finder.module(name)
                if module is None:
                    return None
                kept = summarise(module)
                if known is None:
                    self._store.save(path, self._stats.get(path), kept, self._store.units(path))
            self._summaries[path] = kept
        return self._summaries[path]

    def run(self, module: Module) -> UnitResult:
        """Judge everything in a file, or take over what was found before."""
        summary = self._graph.summary(module.name)
        if summary is None or self._finder.path_of(module.name) != module.path:
            return self._work(module).run()
        work: FileCheck | None = None
        out = UnitResult()
        before = self._store.units(module.path)
        after: dict[str, UnitResult] = {}
        changed = False
        units = [i for i, chunk in enumerate(summary.chunks) if chunk.is_unit]
        if not all(chunk.is_unit or chunk.is_silent for chunk in summary.chunks):
            units.append(TOP)
        for unit in units:
            key, nodes = self._graph.key(module.name, unit)
            kept = before.get(key)
            if kept is not None:
                after[key] = kept
                out.add(moved(kept, self._graph, self._finder, nodes))
                continue
            changed = True
            work = work or self._work(module)
            kept = work.unit(unit, out.agreed)
            out.add(kept)
            if kept.crashes == kept.reasons[GIVEN_UP] and pin(kept, self._graph, self._finder, nodes):
                after[key] = kept
        if changed or len(after) != len(before) or self._store.summary(module.path) is None:
            self._store.save(module.path, self._stats.get(module.path), summary, after)
        return out
