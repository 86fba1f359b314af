"""Source files: which ones a command line means, where their modules are looked up, what stands in them."""

from __future__ import annotations

import io
import os
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from typing import Final

from shapetypes.core.fault import Diagnostic, Note, Origin, Place

SUFFIXES: Final = (".py", ".pyi")
_SKIPPED: Final = frozenset({"__pycache__", "node_modules", "site-packages"})
_ENVIRONMENT: Final = frozenset({"pyvenv.cfg", "conda-meta"})


@dataclass(slots=True)
class Found:
    """The files that some paths mean.

    Attributes:
        files: Each once, named as on the command line.
        problems: What is wrong with the paths, a sentence each.
    """

    files: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def find_files(paths: Iterable[str], exclude: Sequence[str] = ()) -> Found:
    """The Python files that paths of files and folders mean, in order.

    Hidden folders, environments, `__pycache__` and `node_modules` are left out, except where they are given themselves.

    Args:
        paths: Files and folders.
        exclude: Patterns (`build`, `tests/data/*`) of files and folders inside given folders that are left out.
    """
    out, seen = Found(), set[str]()
    for path in paths:
        if os.path.isdir(path):
            inside = list(walk(path, exclude))
            if not inside:
                out.problems.append(f"no Python file in {path}")
        elif os.path.exists(path):
            inside = [path] if is_python(path) else []
            if not inside:
                out.problems.append(f"not a Python file: {path}")
        else:
            inside = []
            out.problems.append(f"no such file or folder: {path}")
        for file in inside:
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                out.files.append(file)
    return out


def is_python(path: str) -> bool:
    """Whether a file given by name is Python: by its ending, or a script that says so in its first line."""
    if path.endswith(SUFFIXES):
        return True
    if os.path.splitext(path)[1] or not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as stream:
            first = stream.readline(200)
    except OSError:
        return False
    return first.startswith(b"#!") and b"python" in first


def walk(folder: str, exclude: Sequence[str] = ()) -> Iterator[str]:
    """The `.py` files under a folder, sorted, files before folders; links to folders are not followed."""
    yield from _walk(folder, folder, exclude)


def _walk(folder: str, top: str, exclude: Sequence[str]) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError:
        return
    folders: list[str] = []
    for entry in entries:
        if entry.name.startswith(".") or (exclude and excluded(entry.path, top, exclude)):
            continue
        shown = entry.name if folder == os.curdir else os.path.join(folder, entry.name)
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _SKIPPED and not _is_environment(entry.path):
                folders.append(shown)
        elif entry.name.endswith(".py") and entry.is_file():
            yield shown
    for inner in folders:
        yield from _walk(inner, top, exclude)


def _is_environment(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, name)) for name in _ENVIRONMENT)


def excluded(path: str, top: str, patterns: Sequence[str]) -> bool:
    """Whether a pattern names this path, one of its parents below `top`, or its last part."""
    relative = os.path.relpath(path, top).replace(os.sep, "/")
    shown = os.path.normpath(path).replace(os.sep, "/")
    name = relative.rsplit("/", 1)[-1]
    return any(fnmatch(text, pattern.rstrip("/")) for pattern in patterns for text in (relative, shown, name))


def find_roots(files: Iterable[str]) -> list[str]:
    """The folders in which the modules of these files are looked up.

    For each file the folder above its outermost package (the first one without `__init__.py`); the current folder last.
    """
    known: dict[str, str] = {}
    roots: dict[str, None] = {}
    for file in files:
        folder = os.path.dirname(file) or os.curdir
        if folder not in known:
            known[folder] = _root(folder)
        roots.setdefault(known[folder])
    here = os.path.abspath(os.curdir)
    if here not in {os.path.abspath(root) for root in roots}:
        roots[os.curdir] = None
    return list(roots)


def _root(folder: str) -> str:
    while os.path.exists(os.path.join(folder, "__init__.py")):
        above = os.path.dirname(folder)
        if not above:
            above = os.curdir if folder != os.curdir else os.path.dirname(os.path.abspath(folder))
        elif os.path.basename(folder) in (os.curdir, os.pardir):
            above = os.path.dirname(os.path.abspath(folder))
        if above == folder:
            break
        folder = above
    return folder


def renamed(diagnostics: Sequence[Diagnostic], files: Sequence[str]) -> list[Diagnostic]:
    """Diagnostics with files that were given under the names they were given by, however they were found."""
    given = set(files)
    names: dict[str, str] = {}

    def name(file: str) -> str:
        if file in given or not file:
            return file
        if not names:
            names.update({os.path.realpath(f): f for f in files})
        return names.get(os.path.realpath(file), file)

    return [at_files(d, name) for d in diagnostics]


def at_files(diagnostic: Diagnostic, name: Callable[[str], str]) -> Diagnostic:
    """A diagnostic with every file in it renamed."""
    return at_places(diagnostic, lambda p: p if name(p.file) == p.file else replace(p, file=name(p.file)))


def at_places(diagnostic: Diagnostic, moved: Callable[[Place], Place]) -> Diagnostic:
    """A diagnostic with every place in it changed."""

    def place(p: Place | None) -> Place | None:
        return p and moved(p)

    def origin(o: Origin) -> Origin:
        at = place(o.place)
        return o if at is o.place else replace(o, place=at)

    fault = diagnostic.fault
    origins = tuple(map(origin, fault.origins))
    return replace(
        diagnostic,
        place=place(diagnostic.place) or diagnostic.place,
        fault=fault if origins == fault.origins else fault.but(origins=origins),
        notes=tuple(Note(origin(n.origin), place(n.place)) for n in diagnostic.notes),
    )


def read_source(path: str) -> str:
    r"""The text of a source file: its coding cookie and byte order mark honoured, every line ending as `\n`.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not in the encoding that it says, or not in UTF-8.
        SyntaxError: its coding cookie names no encoding.
    """
    with open(path, "rb") as stream:
        data = stream.read()
    return decode(data)


def decode(data: bytes) -> str:
    """The text of source code in bytes.

    Raises:
        UnicodeDecodeError: it is not in the encoding that it says, or not in UTF-8.
        SyntaxError: its coding cookie names no encoding.
    """
    encoding = _encoding(data)
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> str:
    """The encoding of source code; UTF-8 where the first two lines cannot be read, so that decoding tells where."""
    if b"coding" not in data[:400] and not data.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return "utf-8"
        raise
