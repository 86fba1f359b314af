"""Results of `shapetypes check`, kept by content and by what they depend on.

A result holds for a file as long as the file, every project module that it reaches by imports, the names in the
folders in which modules were looked up, the engine with its op database, and the settings are what they were. Each
result is one file, written at once and renamed into place, so that parallel and interrupted runs do no harm.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from shapetypes.static.report import FileReport

FOLDER = ".shapetypes_cache"
_PACKAGE = Path(__file__).resolve().parent.parent
_ENGINE = ("core", "ops", "static", "_stubs", "../stubs")

Stamp: TypeAlias = tuple[str, int, int, str]


class ResultCache:
    """The results of one project.

    Args:
        root: The folder in which `.shapetypes_cache` stands.
        settings: Whatever else the results depend on: options, roots, stub folders.
    """

    def __init__(self, root: Path, settings: str) -> None:
        self.folder = root / FOLDER
        self.salt = f"{engine_fingerprint()}\0{settings}"
        self._stamps: dict[str, Stamp | None] = {}
        self._listings: dict[str, str] = {}

    def load(self, path: str) -> FileReport | None:
        """The kept result of a file, or None when there is none that still holds."""
        try:
            with open(self._entry(path), "rb") as file:
                salt, stamps, listings, report = pickle.load(file)  # noqa: S301  the project's own cache
        except Exception:  # noqa: BLE001  none, or damaged: it is made anew
            return None
        if salt != self.salt or not all(self._holds(stamp) for stamp in stamps):
            return None
        if any(self._listing(folder) != digest for folder, digest in listings):
            return None
        return report  # type: ignore[no-any-return]

    def save(self, path: str, report: FileReport, reached: Iterable[str], folders: Iterable[str]) -> None:
        """Keep a result.

        Args:
            path: The file as it was given.
            report: Its result.
            reached: The files that the result depends on, this one included.
            folders: The folders in which modules were looked up.
        """
        stamps = [self._stamp(p) for p in sorted(set(reached))]
        if None in stamps:
            return
        listings = [(folder, self._listing(folder)) for folder in sorted(set(folders))]
        self._write(self._entry(path), (self.salt, stamps, listings, report))

    def _entry(self, path: str) -> str:
        name = hashlib.sha1(f"{os.path.abspath(path)}\0{path}".encode(), usedforsecurity=False).hexdigest()
        return str(self.folder / name)

    def _holds(self, stamp: Stamp) -> bool:
        now = self._stamp(stamp[0])
        return now is not None and (now[1:3] == stamp[1:3] or now[3] == stamp[3])

    def _stamp(self, path: str) -> Stamp | None:
        """A file's time, size and content; read once a run."""
        if path not in self._stamps:
            try:
                found = os.stat(path)
                with open(path, "rb") as file:
                    digest = hashlib.sha1(file.read(), usedforsecurity=False).hexdigest()
                self._stamps[path] = (path, found.st_mtime_ns, found.st_size, digest)
            except OSError:
                self._stamps[path] = None
        return self._stamps[path]

    def _listing(self, folder: str) -> str:
        """The names in a folder that an import could mean."""
        if folder not in self._listings:
            try:
                names = sorted(n for n in os.listdir(folder or ".") if not n.startswith((".", "__pycache__")))
            except OSError:
                names = ["\0"]
            self._listings[folder] = hashlib.sha1("\0".join(names).encode(), usedforsecurity=False).hexdigest()
        return self._listings[folder]

    def _write(self, entry: str, value: Any) -> None:
        try:
            if not self.folder.is_dir():
                self.folder.mkdir(parents=True)
                (self.folder / ".gitignore").write_text("*\n")
            temporary = f"{entry}.{os.getpid()}"
            with open(temporary, "wb") as file:
                pickle.dump(value, file, protocol=5)
            os.replace(temporary, entry)
        except (OSError, pickle.PicklingError):
            pass  # a folder that cannot be written to is no reason to fail


def engine_fingerprint() -> str:
    """The state of the engine's own sources and stubs, by times and sizes."""
    found: list[str] = []
    for part in _ENGINE:
        for folder, _, names in os.walk(_PACKAGE / part):
            for name in names:
                if name.endswith((".py", ".pyi")):
                    stat = os.stat(os.path.join(folder, name))
                    found.append(f"{name} {stat.st_mtime_ns} {stat.st_size}")
    return hashlib.sha1("\n".join(sorted(found)).encode(), usedforsecurity=False).hexdigest()
