"""Results kept for each top-level statement of a file, by its text and by the texts of all that it depends on.

A *unit* is one top-level statement in which functions stand, or all other top-level statements together. What is
found in it depends on its own text and on the statements that bind the words in it, in this module and in those that
it imports from, and so on. All their texts together are the unit's key.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from shapetypes.core.fault import Diagnostic, Place
from shapetypes.static.chunks import Summary, hash_of
from shapetypes.static.modules import Finder
from shapetypes.static.walk import at_places

Node: TypeAlias = tuple[str, int]
TOP = -1
"""The number of the unit of all statements in which no functions stand."""
GIVEN_UP = "the function takes too long to judge"
"""The reason for a function that was given up after its budget of steps, which is the same in each run."""


@dataclass(slots=True)
class UnitResult:
    """What was found in one unit.

    Attributes:
        found: Its diagnostics, before those of other units are known.
        agreed: Local annotations that were found right or wrong.
        functions, known, unknown, crashes, full, met, met_known: Counts, as in `FileReport`.
        lacking: What has no stub: how often it is called, and where first.
        reasons: Why expressions are unknown.
        at: For each line that a place is on: which statement of the key holds it, and that one's first line.
    """

    found: list[Diagnostic] = field(default_factory=list)
    agreed: dict[Place, bool] = field(default_factory=dict)
    functions: int = 0
    known: int = 0
    unknown: int = 0
    crashes: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    full: int = 0
    lacking: dict[str, tuple[int, Place]] = field(default_factory=dict)
    met: int = 0
    met_known: int = 0
    at: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)

    def add(self, other: UnitResult) -> None:
        """Add what was found in another unit."""
        self.found += other.found
        self.agreed.update(other.agreed)
        self.functions += other.functions
        self.known += other.known
        self.unknown += other.unknown
        self.crashes += other.crashes
        self.reasons.update(other.reasons)
        self.full += other.full
        self.met += other.met
        self.met_known += other.met_known
        for name, (count, place) in other.lacking.items():
            before = self.lacking.get(name, (0, place))
            self.lacking[name] = before[0] + count, before[1]


class Graph:
    """Which top-level statements depend on which, across modules.

    Args:
        finder: The project's modules.
        summary: Gives the summary of a module by name and path.
        outside: Whether a package is known by its stubs, and never looked up in the project.
    """

    def __init__(
        self, finder: Finder, summary: Callable[[str, str], Summary | None], outside: Callable[[str], bool]
    ) -> None:
        self._finder = finder
        self._read = summary
        self._outside = outside
        self._summaries: dict[str, Summary | None] = {}
        self._edges: dict[Node, tuple[frozenset[Node], frozenset[str]]] = {}

    def summary(self, name: str) -> Summary | None:
        """The summary of a module of the project by its dotted name."""
        if name not in self._summaries:
            path = None if self._outside(name.partition(".")[0]) else self._finder.path_of(name)
            self._summaries[name] = None if path is None else self._read(name, path)
        return self._summaries[name]

    def key(self, name: str, unit: int) -> tuple[str, list[Node]]:
        """The key of a unit, and the statements it is made of, in order."""
        own = self.summary(name)
        assert own is not None
        start = [(name, i) for i, c in enumerate(own.chunks) if not c.is_unit] if unit == TOP else [(name, unit)]
        nodes, marks = self._closure(start)
        modules = {name, *(n for n, _ in nodes), *(n for n in own.imports if self.summary(n) is not None)}
        ordered = sorted(nodes)
        parts = [name, str(len(start)), *sorted(marks)]
        for other in sorted(modules):
            found = self.summary(other)
            parts += [
                other,
                os.path.abspath(self._finder.path_of(other) or ""),
                found.shared if found is not None else "",
            ]
        for node in ordered:
            found = self.summary(node[0])
            assert found is not None
            parts.append(f"{node[0]} {found.chunks[node[1]].digest}{'*' if node in start else ''}")
        return hash_of("\n".join(parts)), ordered

    def _closure(self, start: Iterable[Node]) -> tuple[set[Node], set[str]]:
        nodes: set[Node] = set(start)
        marks: set[str] = set()
        todo = list(nodes)
        while todo:
            while todo:
                more, said = self._edges_of(todo.pop())
                todo += more - nodes
                nodes |= more
                marks |= said
            for package in [m[7:] for m in marks if m.startswith("module ")]:
                todo += self._submodules(package, nodes, marks)
        return nodes, marks

    def _submodules(self, package: str, nodes: set[Node], marks: set[str]) -> list[Node]:
        """Statements of the modules in a package that is used as a value, where their names are mentioned."""
        own = self.summary(package)
        if own is None or not own.is_package:
            return []
        out: set[Node] = set()
        for name in self._finder.inside(package):
            if f"module {package}.{name}" in marks:
                continue
            if any(name in self.summary(m).chunks[i].words for m, i in nodes):  # type: ignore[union-attr]
                self._whole(f"{package}.{name}", out, marks)
        out -= nodes
        nodes |= out
        return list(out)

    def _edges_of(self, node: Node) -> tuple[frozenset[Node], frozenset[str]]:
        if node not in self._edges:
            out: set[Node] = set()
            marks: set[str] = set()
            name, i = node
            own = self.summary(name)
            assert own is not None
            chunk = own.chunks[i]
            for _, target in chunk.imports:
                self._dotted(target, out, marks, set())
            seen: set[tuple[str, str]] = set()
            for word in chunk.words & own.names.keys():
                self._named(name, word, out, marks, seen)
            if own.stars or own.is_package:
                self._elsewhere(name, chunk.words - own.names.keys(), out, marks, seen)
            self._edges[node] = frozenset(out), frozenset(marks)
        return self._edges[node]

    def _elsewhere(
        self, name: str, words: frozenset[str], out: set[Node], marks: set[str], seen: set[tuple[str, str]]
    ) -> None:
        """Names that a module has without binding them: from star imports, and its submodules."""
        own = self.summary(name)
        assert own is not None
        for star in own.stars:
            marks.add(f"{name} * {star}")
            given = self._finder.may_give(star)
            possible = words if given is None else words & given
            if not possible or self.summary(star) is None:
                continue
            for word in possible:
                self._named(star, word, out, marks, seen)
        if own.is_package:
            for word in words & self._finder.inside(name):
                self._whole(f"{name}.{word}", out, marks)

    def _named(self, name: str, word: str, out: set[Node], marks: set[str], seen: set[tuple[str, str]]) -> None:
        """The statements that a top-level name of a module stands for."""
        own = self.summary(name)
        if own is None or (name, word) in seen:
            return
        seen.add((name, word))
        if word not in own.names:
            self._elsewhere(name, frozenset((word,)), out, marks, seen)
            return
        for i in own.names[word]:
            chunk = own.chunks[i]
            if not chunk.plain:
                out.add((name, i))
                continue
            for local, target in chunk.imports:
                if local == word:
                    marks.add(f"{name}.{word} = {target}")
                    self._dotted(target, out, marks, seen)

    def _dotted(self, path: str, out: set[Node], marks: set[str], seen: set[tuple[str, str]]) -> None:
        """The statements that an imported path stands for."""
        while path and not self._outside(path.partition(".")[0]):
            if self.summary(path) is not None:
                self._whole(path, out, marks)
                return
            path, _, word = path.rpartition(".")
            if path and self.summary(path) is not None:
                self._named(path, word, out, marks, seen)
                return

    def _whole(self, name: str, out: set[Node], marks: set[str]) -> None:
        """All of a module: it is used as a value."""
        own = self.summary(name)
        if own is None or f"module {name}" in marks:
            return
        marks.add(f"module {name}")
        out.update((name, i) for i in range(len(own.chunks)))
        for star in own.stars:
            self._whole(star, out, marks)


# -- places ----------------------------------------------------------------------------------------------------------


def pin(result: UnitResult, graph: Graph, finder: Finder, nodes: list[Node]) -> bool:
    """Note in which statement every place of a result stands. False if one stands in none of them."""
    spans = _spans(graph, finder, nodes)
    for place in places(result):
        at = next(
            (i for i, (file, first, last) in enumerate(spans) if file == place.file and first <= place.line <= last),
            None,
        )
        if at is None:
            return False
        result.at[place.file, place.line] = at, spans[at][1]
    return True


def moved(result: UnitResult, graph: Graph, finder: Finder, nodes: list[Node]) -> UnitResult:
    """A kept result with its places where the statements stand now."""
    if not result.at:
        return result
    spans = _spans(graph, finder, nodes)
    shift = {at: (spans[i][0], spans[i][1] - first) for at, (i, first) in result.at.items()}
    if all(file == at[0] and not by for at, (file, by) in shift.items()):
        return result

    def place(p: Place) -> Place:
        file, by = shift[p.file, p.line]
        return replace(p, file=file, line=p.line + by, end_line=p.end_line + by)

    return replace(
        result,
        found=[at_places(x, place) for x in result.found],
        agreed={place(p): good for p, good in result.agreed.items()},
        lacking={name: (count, place(p)) for name, (count, p) in result.lacking.items()},
    )


def _spans(graph: Graph, finder: Finder, nodes: list[Node]) -> list[tuple[str, int, int]]:
    out = []
    for name, i in nodes:
        own = graph.summary(name)
        assert own is not None
        out.append((finder.path_of(name) or "", own.chunks[i].first, own.chunks[i].last))
    return out


def places(result: UnitResult) -> set[Place]:
    """Every place in a result."""
    out = {*result.agreed, *(place for _, place in result.lacking.values())}

    def note(p: Place) -> Place:
        out.add(p)
        return p

    for diagnostic in result.found:
        at_places(diagnostic, note)
    return out


__all__ = ["TOP", "Graph", "UnitResult", "moved", "pin", "places"]
