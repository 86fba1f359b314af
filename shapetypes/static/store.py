"""The folder `.shapetypes_cache`: what is kept from run to run, for the command line and the mypy plugin alike.

Each thing kept is one file, written aside and renamed into place, so that parallel and interrupted runs do no harm.
What cannot be read, or was written by another engine or under other settings, is as good as absent.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from shapetypes.static.version import engine_version

if TYPE_CHECKING:
    from shapetypes.static.chunks import Summary
    from shapetypes.static.units import UnitResult

FOLDER: Final = ".shapetypes_cache"

Stat: TypeAlias = tuple[int, int]


class Folder:
    """Files by name in `.shapetypes_cache`.

    Args:
        root: The folder in which it stands.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / FOLDER

    def read(self, name: str, parts: int = 1) -> list[Any]:
        """The first parts of what was kept under a name; an empty list when there is none that can be read."""
        try:
            with open(self.path / name, "rb") as file:
                return [pickle.load(file) for _ in range(parts)]  # noqa: S301  the project's own cache
        except Exception:  # noqa: BLE001  none, or damaged: it is made anew
            return []

    def write(self, name: str, *parts: Any) -> None:
        """Keep something under a name, in parts that can be read by themselves."""
        try:
            if not self.path.is_dir():
                self.path.mkdir(parents=True, exist_ok=True)
                (self.path / ".gitignore").write_text("*\n")
            temporary = self.path / f"{name}.{os.getpid()}"
            with open(temporary, "wb") as file:
                for part in parts:
                    pickle.dump(part, file, protocol=5)
            os.replace(temporary, self.path / name)
        except (OSError, pickle.PicklingError):
            pass  # a folder that cannot be written to is no reason to fail


class UnitStore:
    """The results of top-level statements, by file.

    Args:
        root: The folder in which `.shapetypes_cache` stands.
        settings: Whatever else results depend on, see `settings_text`.
    """

    def __init__(self, root: Path, settings: str) -> None:
        self.folder = Folder(root)
        self._salt = f"{engine_version()} {settings}"

    def summary(self, path: str) -> Summary | None:
        """The kept summary of a file that has not changed since."""
        kept = self.folder.read(_name(path), 1)
        if kept and kept[0][0] == self._salt and kept[0][1] == stat_of(path):
            return kept[0][2]  # type: ignore[no-any-return]
        return None

    def units(self, path: str) -> dict[str, UnitResult]:
        """The kept results of a file, by key, whether it has changed or not."""
        kept = self.folder.read(_name(path), 2)
        return kept[1] if len(kept) == 2 and kept[0][0] == self._salt else {}

    def save(self, path: str, stat: Stat | None, summary: Summary, units: dict[str, UnitResult]) -> None:
        """Keep what is known of a file.

        Args:
            path: The file.
            stat: What `stat_of` gave before it was read.
            summary: Its summary.
            units: The results of its top-level statements, by key.
        """
        self.folder.write(_name(path), (self._salt, stat, summary), units)


def _name(path: str) -> str:
    return hashlib.sha1(os.path.abspath(path).encode(), usedforsecurity=False).hexdigest() + ".units"


def stat_of(path: str) -> Stat | None:
    """A file's time and size; None when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def settings_text(strict: bool, stub_path: tuple[str, ...]) -> str:
    """What results depend on beside the code: options, and the user's own stubs."""
    out = hashlib.blake2b(digest_size=16)
    for folder in stub_path:
        for path in sorted(Path(folder).rglob("*.pyi")):
            out.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return f"{strict} {out.hexdigest()}"
