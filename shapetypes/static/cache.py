"""Results of `shapetypes check`, kept by file, so that an unchanged run reads them without loading the engine.

A result holds for a file as long as its text, the texts of all modules of the project that it reaches by imports, the
engine with its op database, and the settings are what they were.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from shapetypes.static.modules import Finder
from shapetypes.static.report import FileReport
from shapetypes.static.store import FOLDER, Folder, Stat, stat_of
from shapetypes.static.version import engine_version

_INDEX: Final = "index"
_IMPORT: Final = re.compile(
    r"(?:^|[;:])[ \t]*(?:from[ \t]*(\.*[ \t]*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n;]*)|import[ \t]+([^\n;]+))",
    re.MULTILINE,
)
_COMMENT: Final = re.compile(r"#[^\n]*")


class _Fact(NamedTuple):
    """What is known of a file: when that was read, a hash of its text, and what it imports."""

    stat: Stat | None
    digest: str
    names: tuple[str, ...]


class ResultCache:
    """The results of one project.

    Args:
        root: The folder in which `.shapetypes_cache` stands.
        settings: Whatever else the results depend on, see `store.settings_text`.
        roots: The folders in which modules of the project are looked up.
    """

    def __init__(self, root: Path, settings: str, roots: Sequence[str] = ()) -> None:
        self.folder = Folder(root)
        self._salt = f"{engine_version()} {settings}"
        self._finder = Finder(tuple(roots))
        kept: list[Any] = self.folder.read(_INDEX)
        self._index: dict[str, _Fact] = kept[0] if kept and isinstance(kept[0], dict) else {}
        self._facts: dict[str, _Fact] = {}
        self._next: dict[str, tuple[str, ...]] = {}
        self._keys: dict[str, str] = {}

    def key(self, path: str) -> str:
        """A hash of all that the result of a file depends on, as it is now; asked for before the file is judged."""
        if path not in self._keys:
            found: dict[str, None] = {}
            todo = [os.path.abspath(path)]
            while todo:
                file = todo.pop()
                if file not in found:
                    found[file] = None
                    todo += self._imported(file)
            texts = (f"{file} {self._facts[file].digest}" for file in sorted(found))
            self._keys[path] = hashlib.sha1(
                "\0".join((self._salt, path, *texts)).encode(errors="replace"), usedforsecurity=False
            ).hexdigest()
        return self._keys[path]

    def load(self, path: str) -> FileReport | None:
        """The kept result of a file, or None when there is none that still holds."""
        kept = self.folder.read(_name(path))
        return kept[0][1] if kept and kept[0][0] == self.key(path) else None

    def save(self, path: str, report: FileReport) -> None:
        """Keep the result of a file."""
        self.folder.write(_name(path), (self.key(path), report))

    def close(self) -> None:
        """Keep what files import."""
        if any(self._index.get(path) != fact for path, fact in self._facts.items()):
            self.folder.write(_INDEX, {**self._index, **self._facts})

    def _imported(self, file: str) -> tuple[str, ...]:
        """The files of the project that a file imports."""
        if file not in self._next:
            fact = self._facts[file] = self._fact(file)
            found = dict.fromkeys(os.path.abspath(p) for p in map(self._file, fact.names) if p is not None)
            self._next[file] = tuple(found)
        return self._next[file]

    def _file(self, name: str) -> str | None:
        """The file of the module that a dotted name leads to."""
        while name:
            path = self._finder.path_of(name)
            if path is not None:
                return path
            name = name.rpartition(".")[0]
        return None

    def _fact(self, file: str) -> _Fact:
        stat, known = stat_of(file), self._index.get(file)
        if known is not None and stat is not None and known.stat == stat:
            return known
        try:
            with open(file, "rb") as stream:
                data = stream.read()
        except OSError:
            return _Fact(None, "", ())
        digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        if known is not None and known.digest == digest:
            return _Fact(stat, digest, known.names)
        package = self._finder.name_of(file)
        if os.path.basename(file) != "__init__.py":
            package = package.rpartition(".")[0]
        return _Fact(stat, digest, tuple(sorted(imported_names(data.decode(errors="replace"), package))))


def _name(path: str) -> str:
    return hashlib.sha1(f"{os.path.abspath(path)}\0{path}".encode(), usedforsecurity=False).hexdigest()


def imported_names(text: str, package: str = "") -> set[str]:
    """Every dotted name that some source text may import, found without parsing it; rather too many than too few.

    Args:
        text: The source.
        package: The package that relative imports start from.
    """
    out: set[str] = set()
    lines = _COMMENT.sub("", text).replace("\\\r\n", " ").replace("\\\n", " ")
    for base, names, modules in _IMPORT.findall(lines):
        if modules:
            out.update(part.split()[0] for part in modules.split(",") if part.split())
            continue
        dots = len(base) - len(base.lstrip("."))
        start = base.lstrip(". \t")
        if dots:
            parts = package.split(".")
            start = ".".join([*parts[: len(parts) - dots + 1], *([start] if start else [])])
        out.add(start)
        out.update(f"{start}.{part.split()[0]}" for part in names.strip("() \t").split(",") if part.split())
    return out - {""}


__all__ = ["FOLDER", "ResultCache", "imported_names"]
