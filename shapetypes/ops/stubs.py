"""Looks up stubs by public path (`torch.nn.functional.linear`), reading each module on first use."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapetypes.ops.folder import own_folder
from shapetypes.ops.reader import ClassTable, ModuleTable, Signature, StubError, Type, read_stub

_HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method of a stub, all its overloads."""

    path: str
    signatures: tuple[Signature, ...]
    owner: ClassStub | None = None


@dataclass(frozen=True, slots=True)
class ClassStub:
    """A class of a stub."""

    path: str
    module: str
    table: ClassTable

    @property
    def name(self) -> str:
        """The class's own name."""
        return self.table.name


_MOVED = (
    ("tensorflow.compat.v2.", "tensorflow."),
    ("tensorflow.keras.", "keras."),
    ("keras.api._tf_keras.keras.", "keras."),
    ("keras._tf_keras.keras.", "keras."),
    ("keras.api.", "keras."),
)
_MOVED_NAMES = {
    "keras.models.Sequential": "keras.Sequential",
    "keras.models.Model": "keras.Model",
    "keras.layers.Input": "keras.Input",
    "keras.layers.InputLayer": "keras.Input",
    "keras.layers.Layer": "keras.Layer",
}


def public_path(path: str) -> str:
    """The one public path of what stands at several: `tensorflow.keras.layers.Dense` is `keras.layers.Dense`."""
    if not path.startswith(("tensorflow", "keras")):
        return path
    for old, new in _MOVED:
        if path.startswith(old) or f"{path}." == old:
            path = f"{new}{path[len(old) :]}".rstrip(".")
    return _MOVED_NAMES.get(path, path)


class Stubs:
    """The op database: folders of stubs, looked up in order.

    Args:
        folders: Folders that hold packages of `.pyi` files; the project's own comes last.
    """

    def __init__(self, folders: tuple[str, ...] = ()) -> None:
        self.folders = (*folders, str(own_folder()))
        self._modules: dict[str, ModuleTable | None] = {}
        self._found: dict[str, Any] = {}

    def module(self, name: str) -> ModuleTable | None:
        """The table of a module by dotted name, or None when no stub describes it."""
        if name not in self._modules:
            self._modules[name] = self._read(name)
        return self._modules[name]

    def _read(self, name: str) -> ModuleTable | None:
        relative = name.replace(".", "/")
        for folder in self.folders:
            for suffix, package in ((".pyi", False), ("/__init__.pyi", True)):
                path = f"{folder}/{relative}{suffix}"
                if os.path.isfile(path):
                    return _load(path, name, package)
        return None

    def find(self, path: str) -> Function | ClassStub | Type | str | None:
        """What stands at a public path: a function, a class, an attribute's type, a module's name, or None."""
        if path not in self._found:
            self._found[path] = self._find(public_path(path), 0)
        return self._found[path]  # type: ignore[no-any-return]

    def _find(self, path: str, depth: int) -> Any:
        if depth > 8:
            return None
        if self.module(path) is not None:
            return path
        parent, _, name = path.rpartition(".")
        if not parent:
            return None
        table = self.module(parent)
        if table is not None:
            return self._in_module(table, parent, name, depth)
        owner = self.find(parent)
        if isinstance(owner, str) and owner != parent:
            return self._find(f"{owner}.{name}", depth + 1)
        if isinstance(owner, ClassStub):
            return self.method(owner, name) or self.attribute(owner, name)
        return None

    def _in_module(self, table: ModuleTable, module: str, name: str, depth: int) -> Any:
        if name in table.functions:
            return Function(f"{module}.{name}", table.functions[name])
        if name in table.classes:
            return ClassStub(f"{module}.{name}", module, table.classes[name])
        if name in table.names:
            target = table.names[name]
            return self._find(f"{module}{target}" if target.startswith(".") else target, depth + 1)
        if name in table.attributes:
            return table.attributes[name]
        return None

    def bases(self, cls: ClassStub) -> Iterator[ClassStub]:
        """The class and its stubbed base classes, nearest first."""
        yield cls
        for base in cls.table.bases:
            found = self.find(f"{cls.module}.{base}") or self.find(base)
            if isinstance(found, ClassStub) and found.path != cls.path:
                yield from self.bases(found)

    def method(self, cls: ClassStub, name: str) -> Function | None:
        """A method of a class or of its bases."""
        for base in self.bases(cls):
            if name in base.table.methods:
                return Function(f"{base.path}.{name}", base.table.methods[name], base)
        return None

    def attribute(self, cls: ClassStub, name: str) -> Type | None:
        """The declared type of an attribute of a class or of its bases."""
        for base in self.bases(cls):
            if name in base.table.attributes:
                return base.table.attributes[name]
        return None

    def exists(self, package: str) -> bool:
        """Whether any stub describes this top-level package."""
        return self.module(package.partition(".")[0]) is not None


def _load(path: str, name: str, package: bool) -> ModuleTable:
    with open(path, encoding="utf-8") as file:
        source = file.read()
    kept = _cache_file(source, path)
    if kept is not None:
        try:
            with open(kept, "rb") as stored:
                return pickle.load(stored)  # type: ignore[no-any-return]  # noqa: S301  the user's own cache
        except Exception:  # noqa: BLE001, S110  a damaged or old cache is made anew
            pass
    table = read_stub(source, path, name, package)
    if kept is not None:
        _store(kept, table)
    return table


def _store(kept: str, table: ModuleTable) -> None:
    try:
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        temporary = f"{kept}.{os.getpid()}"
        with open(temporary, "wb") as file:
            pickle.dump(table, file, protocol=5)
        os.replace(temporary, kept)
    except OSError:
        pass  # a read-only home is no reason to fail


_reader_version: str | None = None


def _cache_file(source: str, path: str) -> str | None:
    """Where the table of this text is kept, keyed by the text and by the reader's own source."""
    global _reader_version
    base = os.environ.get("SHAPETYPES_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "shapetypes"
    )
    if base == "off":
        return None
    if _reader_version is None:
        with open(_HERE / "ops" / "reader.py", "rb") as file:
            _reader_version = hashlib.sha1(file.read(), usedforsecurity=False).hexdigest()
    key = hashlib.sha1(f"{_reader_version}\0{path}\0{source}".encode(), usedforsecurity=False).hexdigest()
    return os.path.join(base, "stubs", key)


_default: Stubs | None = None


def default_stubs() -> Stubs:
    """The database without user folders, made once."""
    global _default
    if _default is None:
        _default = Stubs()
    return _default


__all__ = ["ClassStub", "Function", "StubError", "Stubs", "default_stubs", "own_folder", "public_path"]
