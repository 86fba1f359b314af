"""The door to the static engine: a `Checker` over the source files of one project."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from shapetypes.core.fault import Diagnostic, Place
from shapetypes.static.kept import KeptUnits
from shapetypes.static.modules import Finder, Module, root_of
from shapetypes.static.report import FileReport
from shapetypes.static.store import UnitStore

if TYPE_CHECKING:
    from shapetypes.ops.stubs import Stubs
    from shapetypes.static.check import FileCheck
    from shapetypes.static.engine import Shared

KEPT_SOURCE: Final = 6_000_000
"""How many characters of source code are kept read in; their syntax trees take about 50 bytes each."""


class Checker:
    """Checks files of one project; modules are read once and kept until `forget`.

    Args:
        roots: Folders in which modules of the project are looked up.
        find_module: Gives the path of a module by its dotted name, or None; asked before `roots`.
        read: Gives the source text of a path; raises OSError or UnicodeDecodeError.
        strict: Whether inferred requirements are reported as notes.
        stub_path: Folders with stubs of the user's own.
        store: Where results are kept from run to run.
    """

    def __init__(
        self,
        roots: Sequence[str] = (),
        find_module: Callable[[str], str | None] | None = None,
        read: Callable[[str], str] | None = None,
        strict: bool = False,
        stub_path: Sequence[str] = (),
        store: UnitStore | None = None,
    ) -> None:
        self.finder = Finder(tuple(roots), find_module, read)
        self.strict = strict
        self._stub_path = tuple(stub_path)
        self._found_out: Shared | None = None
        self._kept = None if store is None else KeptUnits(store, self.finder, self._stub_path, self._work)
        self._reports: dict[str, FileReport | None] = {}

    @cached_property
    def stubs(self) -> Stubs:
        """The op database."""
        from shapetypes.ops.stubs import Stubs, default_stubs

        return Stubs(self._stub_path) if self._stub_path else default_stubs()

    @property
    def _shared(self) -> Shared:
        """What was found out of the modules that are read in, for all files."""
        from shapetypes.static.engine import Shared

        if self._found_out is None:
            self._found_out = Shared()
        return self._found_out

    def _work(self, module: Module) -> FileCheck:
        """The engine on one file. It is loaded only here: where everything is kept it is not needed."""
        from shapetypes.static.check import FileCheck
        from shapetypes.static.engine import Engine

        return FileCheck(Engine(self.finder, self.stubs, self.strict, self._shared), module)

    def check(self, path: str, module: str | None = None) -> FileReport:
        """Judge every function of a file.

        Raises:
            SyntaxError: the file is not valid Python.
            OSError, UnicodeDecodeError: it cannot be read.
            StubError: a stub that it needs cannot be used.
        """
        self._look_beside(path)
        found = self.finder.at(path, module)
        report = self._reports.get(found.path) or self._report(found)
        report.path = path
        if self.finder.characters > KEPT_SOURCE:
            self._let_go()
        return report

    def _report(self, module: Module) -> FileReport:
        self._reports[module.path] = None
        judged = self._work(module).run() if self._kept is None else self._kept.run(module)
        found = [x for x in _sorted(judged.found) if not self._told_elsewhere(x)]
        report = FileReport(
            module.path,
            found,
            judged.functions,
            judged.known,
            judged.unknown,
            judged.reasons,
            judged.crashes,
            judged.full,
            judged.lacking,
            judged.met,
            judged.met_known,
        )
        self._reports[module.path] = report
        return report

    def _told_elsewhere(self, diagnostic: Diagnostic) -> bool:
        """Whether a fault inside another module of the project is reported there already."""
        for note in diagnostic.notes:
            if note.origin.what != "inside" or note.place is None:
                continue
            if note.place.file not in self._reports:
                inner = self._module_of(note.place.file)
                if inner is not None:
                    self._report(inner)
            kept = self._reports.get(note.place.file)
            if kept is None:
                continue
            at = (note.place.line, note.place.column, diagnostic.fault.code)
            return any((x.place.line, x.place.column, x.fault.code) == at for x in kept.diagnostics)
        return False

    def _module_of(self, path: str) -> Module | None:
        return self.finder.of_file(path)

    def _look_beside(self, path: str) -> None:
        """A script imports the modules beside it."""
        root = root_of(path)
        if root not in self.finder.roots and self.finder.find_module is None:
            self.finder.roots = (*self.finder.roots, root)

    def _let_go(self) -> None:
        """Drop modules and what was worked out of them, so that memory does not grow with the project."""
        from shapetypes.core import dim

        self._found_out = None
        self.finder.let_go()
        dim.name.cache_clear()
        dim.fixed.cache_clear()
        gc.collect()  # syntax trees refer to themselves in circles

    def forget(self, path: str) -> None:
        """Drop what is known of a file, and of all values that may depend on it: it has changed."""
        self._reports.clear()
        self._found_out = None
        self.finder.forget_places()
        if self._kept is not None:
            self._kept.forget()
        full = os.path.abspath(path)
        for name, found in list(self.finder.modules.items()):
            if found is None or os.path.abspath(found.path) == full:
                del self.finder.modules[name]
            else:
                found.values.clear()


def _sorted(found: list[Diagnostic]) -> list[Diagnostic]:
    """By place, each fault once: one that a call shows where the function's own run shows it already is left out."""
    own = [x for x in found if not _from_call(x)]
    seen = set()
    out = []
    for diagnostic in sorted(found, key=lambda x: (x.place.line, x.place.column, x.fault.code)):
        p = diagnostic.place
        key = (p.file, p.line, p.column, diagnostic.fault.code)
        known = _from_call(diagnostic) and any(
            x.severity == diagnostic.severity and _overlap(x.place, p) for x in own if x is not diagnostic
        )
        if key not in seen and not known:
            seen.add(key)
            out.append(diagnostic)
    return out


def _from_call(diagnostic: Diagnostic) -> bool:
    return any(note.origin.what == "call" for note in diagnostic.notes)


def _overlap(a: Place, b: Place) -> bool:
    return (
        a.file == b.file
        and (a.line, a.column) < (b.end_line, b.end_column)
        and (b.line, b.column) < (a.end_line, a.end_column)
    )
