"""One hash for everything that decides what is found beside the user's code: the package's sources and the stubs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from shapetypes.ops.folder import own_folder

_HERE = Path(__file__).resolve().parent.parent
_LEFT_OUT = frozenset({"runtime", "trace", "__pycache__"})
"""Folders that the engine never reads."""


def engine_version() -> str:
    """A hash of the sources of engine, op database, words and stubs.

    It is kept in the cache folder by the times and sizes of the files, so that they are read only after a change.
    """
    files = list(_files())
    stats = hashlib.blake2b(
        "\n".join(f"{path} {time} {size}" for path, time, size in files).encode(), digest_size=20
    ).hexdigest()
    kept = _kept(stats)
    if kept is not None:
        try:
            with open(kept, encoding="ascii") as stored:
                version = stored.read()
            if len(version) == 40:
                return version
        except (OSError, UnicodeDecodeError):
            pass
    version = _content(path for path, _, _ in files)
    if kept is not None:
        _store(kept, version)
    return version


def _files() -> Iterator[tuple[str, int, int]]:
    """The sources with their times and sizes, in a fixed order."""
    yield from _walk(str(_HERE))
    stubs = own_folder()
    if _HERE not in stubs.parents:
        yield from _walk(str(stubs))


def _walk(folder: str) -> Iterator[tuple[str, int, int]]:
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.is_dir():
            if entry.name not in _LEFT_OUT:
                yield from _walk(entry.path)
        elif entry.name.endswith((".py", ".pyi")):
            stat = entry.stat()
            yield entry.path, stat.st_mtime_ns, stat.st_size


def _content(paths: Iterator[str]) -> str:
    """The hash of the files' contents; where they lie does not count, so that machines can share mypy's cache."""
    out = hashlib.blake2b(digest_size=20)
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        out.update(f"{os.path.basename(path)} {len(data)}\n".encode())
        out.update(data)
    return out.hexdigest()


def _kept(stats: str) -> str | None:
    base = os.environ.get("SHAPETYPES_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "shapetypes"
    )
    return None if base == "off" else os.path.join(base, "versions", stats)


def _store(kept: str, version: str) -> None:
    try:
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        temporary = f"{kept}.{os.getpid()}"
        with open(temporary, "w", encoding="ascii") as file:
            file.write(version)
        os.replace(temporary, kept)
    except OSError:
        pass  # a read-only home is no reason to fail
