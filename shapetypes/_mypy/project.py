"""The project as mypy sees it: which modules are judged, what they depend on, and what is found in them."""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mypy.nodes import MypyFile
from mypy.options import Options

from shapetypes._mypy import symbol
from shapetypes.static.version import engine_version

if TYPE_CHECKING:
    from shapetypes.core.fault import Diagnostic
    from shapetypes.static.api import Checker
    from shapetypes.static.modules import Module
    from shapetypes.static.settings import Settings

_OUTSIDE: Final = ("/site-packages/", "/dist-packages/", "/mypy/typeshed/")
_INNER_IMPORT: Final = re.compile(r"^[ \t]+(?:from|import)\b|[:;][ \t]*(?:from|import)\b", re.MULTILINE)

Stat = tuple[int, int]


def is_project(path: str) -> bool:
    """Whether a file is the user's own: no installed package, none of mypy's own stubs."""
    shown = f"/{path}".replace(os.sep, "/")
    return path.endswith((".py", ".pyi")) and not any(part in shown for part in _OUTSIDE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a module adds to the digests of those that import it.

    Attributes:
        own: A hash of its text. All of it counts: calls are followed into bodies, and notes name lines.
        names: The dotted names that it imports, with all their parents; most are no modules.
    """

    own: str
    names: tuple[str, ...]


class Project:
    """The modules of one run of mypy, or of all runs of one daemon.

    Args:
        options: mypy's options.
        daemon: Whether modules change while this lives.
        settings: `[tool.shapetypes]`.
    """

    def __init__(self, options: Options, daemon: bool, settings: Settings) -> None:
        self.modules: Mapping[str, MypyFile] = {}
        self._daemon = daemon
        self._settings = settings
        self._shadow = {os.path.abspath(real): shadow for real, shadow in options.shadow_file or ()}
        self._keeps = options.incremental and options.cache_dir != os.devnull and not options.shadow_file
        self._checker: Checker | None = None
        self._stats: dict[str, Stat | None] = {}
        self._facts: dict[str, Facts] = {}
        self._kept: dict[str, tuple[str, list[Diagnostic]]] = {}
        self._digest: str | None = None

    # -- finding and reading ------------------------------------------------------------------------------------------

    def find(self, name: str) -> str | None:
        """The file of a module of the project by its dotted name, from mypy's own module graph."""
        file = self.modules.get(name)
        return file.path if file is not None and file.path and is_project(file.path) else None

    def read(self, path: str) -> str:
        """The text of a file, or of the one that `--shadow-file` puts in its place."""
        from shapetypes.static.walk import read_source

        real = self._shadow.get(os.path.abspath(path), path)
        self._stats[path] = _stat(real)  # before reading: an edit in between shows as a change
        return read_source(real)

    @property
    def checker(self) -> Checker:
        """The engine, made at first use."""
        if self._checker is None:
            from shapetypes.static.api import Checker
            from shapetypes.static.store import UnitStore, settings_text

            settings = self._settings
            store = UnitStore(Path.cwd(), settings_text(settings.strict, settings.stub_path)) if self._keeps else None
            self._checker = Checker((), self.find, self.read, settings.strict, settings.stub_path, store)
        return self._checker

    def refresh(self) -> None:
        """In a daemon: drop modules that have changed, gone or come since they were read."""
        if not self._daemon:
            return
        found = self.checker.finder.modules
        if any(module is None and self.find(name) is not None for name, module in found.items()):
            self.checker.forget("")
        for name, module in list(found.items()):
            if module is not None and (self.find(name) != module.path or self._changed(module.path)):
                self.checker.forget(module.path)
                self._facts.pop(name, None)

    def _changed(self, path: str) -> bool:
        stat = _stat(self._shadow.get(os.path.abspath(path), path))
        return stat is None or stat != self._stats.get(path)

    def _module(self, name: str, path: str) -> Module | None:
        try:
            return self.checker.finder.at(path, name)
        except (SyntaxError, OSError, ValueError, RecursionError):
            return None

    # -- what depends on what -----------------------------------------------------------------------------------------

    def facts(self, name: str, path: str) -> Facts:
        """The facts of a module: from mypy's cache when it was loaded from there, else from its text."""
        if name not in self._facts:
            kept = None if self._daemon else symbol.read(self.modules.get(name))
            self._facts[name] = Facts(kept[1], kept[2]) if kept else self._read_facts(name, path)
        return self._facts[name]

    def _read_facts(self, name: str, path: str) -> Facts:
        module = self._module(name, path)
        if module is None:
            return Facts("", ())
        own = hashlib.blake2b(f"{path}\0{module.source}".encode(errors="replace"), digest_size=20).hexdigest()
        return Facts(own, tuple(sorted(n for n in _imported(module) if not self._foreign(n))))

    def _foreign(self, name: str) -> bool:
        """Whether a name belongs to a package outside the project."""
        package = self.modules.get(name.partition(".")[0])
        return (
            package is not None
            and bool(package.path)
            and package.path.endswith((".py", ".pyi"))
            and not is_project(package.path)
        )

    def digest(self, name: str, path: str) -> str:
        """A hash of all texts that what is found in a module can depend on: its own and all that it leads to."""
        found = {name: self.facts(name, path)}
        todo = [name]
        while todo:
            for other in found[todo.pop()].names:
                if other not in found:
                    place = self.find(other)
                    if place is not None:
                        found[other] = self.facts(other, place)
                        todo.append(other)
        text = "\n".join(f"{n} {found[n].own}" for n in sorted(found))
        return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()

    @property
    def settings_digest(self) -> str:
        """A hash of what decides what is found beside the code itself: the engine, the settings, the user's stubs."""
        if self._digest is None:
            settings = self._settings
            out = hashlib.blake2b(engine_version().encode(), digest_size=20)
            out.update(repr((settings.strict, settings.exclude)).encode())
            for folder in settings.stub_path:
                for path in sorted(Path(folder).rglob("*.pyi")):
                    out.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
            self._digest = out.hexdigest()
        return self._digest

    # -- judging ------------------------------------------------------------------------------------------------------

    def excluded(self, path: str) -> bool:
        """Whether the project's settings leave a file out."""
        from shapetypes.static.walk import excluded

        return bool(self._settings.exclude) and excluded(path, os.curdir, self._settings.exclude)

    def diagnostics(self, name: str, path: str) -> list[Diagnostic]:
        """What is found in a module and not silenced by a comment of our own; mypy's comments are mypy's business."""
        if not self._daemon:
            return self._judge(name, path)
        digest = self.digest(name, path)
        kept = self._kept.get(name)
        if kept is None or kept[0] != digest:
            kept = self._kept[name] = (digest, self._judge(name, path))
        return kept[1]

    def _judge(self, name: str, path: str) -> list[Diagnostic]:
        module = self._module(name, path)
        if module is None:
            return []
        found = self.checker.check(path, name).diagnostics
        if not found or "shapetypes:" not in module.source:
            return found
        from shapetypes.static.ignores import read_ignores

        return read_ignores(re.sub(r"type:\s*ignore", "", module.source)).keep(found)


def _stat(path: str) -> Stat | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _imported(module: Module) -> set[str]:
    """Every dotted name that a module imports anywhere, and all names above it."""
    names: set[str] = set()
    inner = _INNER_IMPORT.search(module.source) is not None
    for node in ast.walk(module.tree) if inner else module.tree.body:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.absolute(node)
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names if alias.name != "*")
    for name in list(names):
        parent = name.rpartition(".")[0]
        while parent and parent not in names:
            names.add(parent)
            parent = parent.rpartition(".")[0]
    return names - {"", module.name}
