"""The door to the static engine: a `Checker` over the source files of one project."""

from __future__ import annotations

import ast
import hashlib
import os
from collections.abc import Callable, Sequence

from shapetypes.core.fault import Diagnostic, Place
from shapetypes.ops.stubs import Stubs, default_stubs
from shapetypes.static.check import FileCheck
from shapetypes.static.engine import Engine, Shared
from shapetypes.static.modules import Finder, Module, root_of
from shapetypes.static.report import FileReport


class Checker:
    """Checks files of one project; modules are read once and kept until `forget`.

    Args:
        roots: Folders in which modules of the project are looked up.
        find_module: Gives the path of a module by its dotted name, or None; asked before `roots`.
        read: Gives the source text of a path; raises OSError or UnicodeDecodeError.
        strict: Whether inferred requirements are reported as notes.
        stub_path: Folders with stubs of the user's own.
    """

    def __init__(
        self,
        roots: Sequence[str] = (),
        find_module: Callable[[str], str | None] | None = None,
        read: Callable[[str], str] | None = None,
        strict: bool = False,
        stub_path: Sequence[str] = (),
    ) -> None:
        self.finder = Finder(tuple(roots), find_module, read)
        self.stubs = Stubs(tuple(stub_path)) if stub_path else default_stubs()
        self.strict = strict
        self._shared = Shared()
        self._reports: dict[str, tuple[Module, FileReport | None]] = {}

    def check(self, path: str, module: str | None = None) -> FileReport:
        """Judge every function of a file.

        Raises:
            SyntaxError: the file is not valid Python.
            OSError, UnicodeDecodeError: it cannot be read.
            StubError: a stub that it needs cannot be used.
        """
        self._look_beside(path)
        found = self.finder.at(path, module)
        report = self._report(found)
        report.path = path
        return report

    def _report(self, module: Module) -> FileReport:
        engine = Engine(self.finder, self.stubs, self.strict, self._shared)
        work = FileCheck(engine, module)
        self._reports[module.name] = (module, None)
        work.run()
        found = [x for x in _sorted(engine.found) if not self._told_elsewhere(x)]
        report = FileReport(
            module.path, found, work.functions, engine.known, engine.unknown, engine.reasons, work.crashes
        )
        self._reports[module.name] = (module, report)
        return report

    def _told_elsewhere(self, diagnostic: Diagnostic) -> bool:
        """Whether a fault inside another module of the project is reported there already."""
        for note in diagnostic.notes:
            if note.origin.what != "inside" or note.place is None:
                continue
            inner = self._module_of(note.place.file)
            kept = self._reports.get(inner.name) if inner is not None else None
            if inner is not None and (kept is None or kept[0] is not inner):
                kept = (inner, self._report(inner))
            if kept is None or kept[1] is None:
                continue
            at = (note.place.line, note.place.column, diagnostic.fault.code)
            return any((x.place.line, x.place.column, x.fault.code) == at for x in kept[1].diagnostics)
        return False

    def _module_of(self, path: str) -> Module | None:
        return next((m for m in self.finder.modules.values() if m is not None and m.path == path), None)

    def _look_beside(self, path: str) -> None:
        """A script imports the modules beside it."""
        root = root_of(path)
        if root not in self.finder.roots and self.finder.find_module is None:
            self.finder.roots = (*self.finder.roots, root)

    def interface(self, path: str, module: str | None = None) -> str:
        """A digest of what other modules can see of the shapes in this one.

        Signatures, class bodies, constants and aliases count; bodies too, since callers follow into them.
        """
        found = self._module(path, module)
        if found is None:
            return ""
        return hashlib.sha1(ast.dump(found.tree).encode(), usedforsecurity=False).hexdigest()

    def dependencies(self, path: str, module: str | None = None) -> list[str]:
        """The dotted names of the project modules that this one imports."""
        found = self._module(path, module)
        if found is None:
            return []
        out = set()
        for name in found.dependencies:
            while name:
                if self.finder.module(name) is not None:
                    out.add(name)
                    break
                name = name.rpartition(".")[0]
        return sorted(out)

    def reached(self, path: str) -> list[str]:
        """The files that the result of a file depends on: itself, and what it imports, directly or not."""
        found: dict[str, None] = {}
        todo = [self._module_of(path)]
        while todo:
            module = todo.pop()
            if module is not None and module.path not in found:
                found[module.path] = None
                todo += [self.finder.modules.get(name) for name in self.dependencies(module.path, module.name)]
        return list(found) or [path]

    def looked_in(self) -> list[str]:
        """The folders in which modules were looked up."""
        return self.finder.folders()

    def _module(self, path: str, module: str | None) -> Module | None:
        try:
            return self.finder.at(path, module)
        except (SyntaxError, OSError, UnicodeDecodeError, ValueError):
            return None

    def forget(self, path: str) -> None:
        """Drop what is known of a file, and of all values that may depend on it: it has changed."""
        self._reports.clear()
        self._shared = Shared()
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
