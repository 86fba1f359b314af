"""Modules of the project: finding, reading, and what their names stand for. Nothing is imported or run."""

from __future__ import annotations

import ast
import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeAlias

_ASKED = (ast.AnnAssign, ast.Assign, ast.Attribute, ast.Call, ast.Subscript, ast.Yield)
_ASKED_AS: dict[type[ast.AST], type[ast.AST]] = {ast.YieldFrom: ast.Yield}
WORD = re.compile(r"[^\W\d]\w*")
_ALL = re.compile(r"^__all__\b[^=\n]*=\s*[\[(]([^\])]*)[\])]", re.MULTILINE)
_ALL_USED = re.compile(r"\b__all__\b")
_QUOTED = re.compile(r"""["'](\w+)["']""")
Words: TypeAlias = frozenset[str]
_BLOCKS = (ast.If, ast.Try, ast.With, ast.For, ast.While)


_ADDS = frozenset({"setattr", "__setattr__", "__getattr__", "__getattribute__", "__dict__", "__slots__", "vars"})
_ADDS |= {"register_buffer", "register_parameter", "register_module", "add_module"}


class ClassInfo:
    """A class of the project.

    Attributes:
        node: Its definition.
        module: Where it stands.
        closure: Local names around it, when it is defined in a function.
        key: A name that no other class has.
        methods: Its own functions by name (the last definition).
        setters: The setters of its properties.
        overloads: The overloads of its own functions.
        fields: Class-level annotations.
        constants: Class-level assignments.
    """

    def __init__(self, node: ast.ClassDef, module: Module, closure: dict[str, Any] | None = None) -> None:
        self.node = node
        self.module = module
        self.closure = closure
        self.name = node.name
        self.key = f"{module.path}:{node.lineno:06}:{node.name}"
        self.methods: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.setters: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.overloads: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        self.fields: dict[str, ast.expr] = {}
        self.constants: dict[str, ast.expr] = {}
        self._read(node.body)

    def _read(self, body: list[ast.stmt]) -> None:
        for item in body:
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._method(item)
            elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                self.fields[item.target.id] = item.annotation
                if item.value is not None:
                    self.constants[item.target.id] = item.value
            elif isinstance(item, ast.Assign):
                for target in item.targets:
                    if isinstance(target, ast.Name):
                        self.constants[target.id] = item.value
            elif isinstance(item, _BLOCKS):
                for part in blocks(item):
                    self._read(part)

    @cached_property
    def adds(self) -> bool:
        """Whether code of the class may give its objects attributes whose names are computed."""
        for node in ast.walk(self.node):
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            if name in _ADDS or (isinstance(node, ast.FunctionDef) and node.name in _ADDS):
                return True
        return False

    def _method(self, item: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if not is_setter(item):
            self.methods[item.name] = item
        elif "setter" in decorator_names(item):
            self.setters[item.name] = item
        elif "overload" in decorator_names(item):
            self.overloads.setdefault(item.name, []).append(item)

    def __repr__(self) -> str:
        return f"<class {self.name}>"


def is_setter(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is the setter or deleter of a property, or one of several overloads."""
    return not decorator_names(node).isdisjoint(("setter", "deleter", "overload"))


def decorator_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The last names of a function's decorators that are not called."""
    return frozenset(x.attr if isinstance(x, ast.Attribute) else getattr(x, "id", "") for x in node.decorator_list)


def blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The statement lists inside a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        part = getattr(node, name, None)
        if part:
            yield part
    for handler in getattr(node, "handlers", ()):
        yield handler.body
    for case in getattr(node, "cases", ()):
        yield case.body


_CHANGES = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault", "sort", "reverse", "add_module"}
)


def changed_by(node: ast.AST) -> ast.expr | None:
    """What a step changes in place: of `x[i] = y` and `x.append(y)` it is `x`."""
    if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
        return node.func.value
    return None


def _replaces(node: ast.Call) -> bool:
    """Whether a call puts something else in the place of what it names: `patch`, `patch.object`, a mock's `setattr`."""
    head = node.func
    if isinstance(head, ast.Name):
        return head.id == "patch"
    return isinstance(head, ast.Attribute) and head.attr in ("patch", "object", "setattr")


def _end_of_text(node: ast.expr) -> str:
    """A string, or the last part of one that is put together: of `f"{__name__}.load"` it is `.load`."""
    if isinstance(node, ast.JoinedStr) and node.values:
        return _end_of_text(node.values[-1])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


class Module:
    """One source file.

    Attributes:
        name: Its dotted name, for imports.
        path: The file.
        source: Its text.
        tree: The parsed text.
        names: What each top-level name is: an import, a definition or the statements that assign it.
        dependencies: Dotted names of all modules that it imports, those of functions once they have been run.
        imports: Those that it imports at its top level.
    """

    def __init__(self, name: str, path: str, source: str) -> None:
        self.name = name
        self.path = path
        self.source = source
        self.tree = ast.parse(source, path)
        self.is_package = os.path.basename(path).startswith("__init__.")
        self.names: dict[str, list[Any]] = {}
        self.stars: list[str] = []
        self.dependencies: set[str] = set()
        self.values: dict[str, Any] = {}
        self.classes: list[ClassInfo] = []
        self._lines: list[str] | None = None
        self._patched: frozenset[str] | None = None
        self._mocked: frozenset[str] | None = None
        self._changed: frozenset[str] | None = None
        self._reached: frozenset[str] | None = None
        self._nodes: dict[type[ast.AST], list[Any]] | None = None
        self._scan(self.tree.body)
        self._scan_globals()
        self.imports = frozenset(self.dependencies)

    def inside(self, node: ast.AST, kind: type[ast.AST]) -> list[Any]:
        """The nodes of a kind (one of `_ASKED`) inside a definition, in order.

        The module is walked once for all of them: many questions are asked of every function.
        """
        if self._nodes is None:
            self._nodes = {k: [] for k in _ASKED}
            for n in _every(self.tree):
                found = self._nodes.get(_ASKED_AS.get(type(n), type(n)))
                if found is not None:
                    found.append(n)
            for found in self._nodes.values():
                found.sort(key=lambda n: (n.lineno, n.col_offset))
        nodes = self._nodes[kind]
        if node is self.tree:
            return nodes
        first = bisect_left(nodes, node.lineno, key=lambda n: n.lineno)  # type: ignore[attr-defined]
        last = bisect_right(nodes, node.end_lineno, key=lambda n: n.lineno)  # type: ignore[attr-defined]
        return nodes[first:last]

    @property
    def patched(self) -> frozenset[str]:
        """Attribute names that this module assigns on something other than `self`: methods may be replaced so."""
        if self._patched is None:
            attributes = self.inside(self.tree, ast.Attribute)
            self._patched = frozenset(
                n.attr
                for n in attributes
                if isinstance(n.ctx, ast.Store) and not (isinstance(n.value, ast.Name) and n.value.id == "self")
            )
            self._patched |= self.mocked
        return self._patched

    @property
    def mocked(self) -> frozenset[str]:
        """Names of functions that this module replaces by name: `patch("torch.zeros", ...)`, `setattr(torch, ...)`."""
        if self._mocked is None:
            given = [a for n in self.inside(self.tree, ast.Call) if _replaces(n) for a in n.args[:2]]
            self._mocked = frozenset(_end_of_text(a).rpartition(".")[2] for a in given) - {""}
        return self._mocked

    @property
    def changed(self) -> frozenset[str]:
        """The top-level names whose values some code of this module changes in place."""
        if self._changed is None:
            parts = [changed_by(n) for kind in (ast.Call, ast.Subscript) for n in self.inside(self.tree, kind)]
            self._changed = frozenset(p.id for p in parts if isinstance(p, ast.Name) and p.id in self.names)
        return self._changed

    @property
    def reached(self) -> frozenset[str]:
        """The names of what this module changes in place from outside: of `config.SIZES[0] = 3` it is `SIZES`."""
        if self._reached is None:
            parts = [changed_by(n) for kind in (ast.Call, ast.Subscript) for n in self.inside(self.tree, kind)]
            held = [p for p in parts if isinstance(p, ast.Attribute) and isinstance(p.value, ast.Name)]
            self._reached = frozenset(p.attr for p in held if getattr(p.value, "id", "") not in ("self", "cls"))
        return self._reached

    @property
    def lines(self) -> list[str]:
        """The source's lines."""
        if self._lines is None:
            self._lines = self.source.splitlines()
        return self._lines

    def _scan(self, body: list[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for name, target in self.imported(node):
                    self._add(name, ("import", target))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if not is_setter(node):
                    self._add(node.name, ("def", node))
            elif isinstance(node, ast.ClassDef):
                info = ClassInfo(node, self)
                self.classes.append(info)
                self._add(node.name, ("class", info))
            elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                self._assigned(node)
            elif isinstance(node, _BLOCKS):
                if isinstance(node, ast.For):
                    self._targets(node.target, ("unknown", node))
                for part in blocks(node):
                    self._scan(part)
            elif type(node).__name__ == "TypeAlias":
                self._add(node.name.id, ("assign", node.value))  # type: ignore[attr-defined]

    def _assigned(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self._add(target.id, ("assign", node.value))
                else:
                    self._unpacked(target, node.value)
        elif isinstance(node.target, ast.Name):
            if isinstance(node, ast.AugAssign):
                self._add(node.target.id, ("unknown", node))
            elif node.value is not None:
                self._add(node.target.id, ("assign", node.value))

    def _unpacked(self, target: ast.expr, value: ast.expr) -> None:
        """`a, b = 1, 2` and `a, b = f()`: each name is an item of the value."""
        names = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        if not names or not all(isinstance(name, ast.Name) for name in names):
            self._targets(target, ("unpack", value))
            return
        given = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        if len(given) != len(names) or any(isinstance(item, ast.Starred) for item in given):
            given = [ast.copy_location(_item(value, i), value) for i in range(len(names))]
        for name, item in zip(names, given, strict=True):
            self._targets(name, ("assign", item))

    def _targets(self, target: ast.expr, what: Any) -> None:
        for item in ast.walk(target):
            if isinstance(item, ast.Name):
                self._add(item.id, what)

    def _scan_globals(self) -> None:
        """A name that a function declares `global` is not constant; imports anywhere are dependencies."""
        if "global " in self.source:
            for node in ast.walk(self.tree):
                if isinstance(node, ast.Global):
                    for name in node.names:
                        self._add(name, ("unknown", node))

    def _add(self, name: str, what: Any) -> None:
        self.names.setdefault(name, []).append(what)

    def imported(self, node: ast.Import | ast.ImportFrom) -> list[tuple[str, str]]:
        """The local names that an import makes, each with the dotted path it stands for."""
        out: list[tuple[str, str]] = []
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.dependencies.add(alias.name)
                target = alias.name if alias.asname else alias.name.partition(".")[0]
                out.append((alias.asname or target, target))
            return out
        base = self.absolute(node)
        self.dependencies.add(base)
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(base)
                continue
            self.dependencies.add(f"{base}.{alias.name}")
            out.append((alias.asname or alias.name, f"{base}.{alias.name}"))
        return out

    def absolute(self, node: ast.ImportFrom) -> str:
        """The dotted name of the module that a `from` import names."""
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        keep = len(parts) - node.level + (1 if self.is_package else 0)
        return ".".join([*parts[: max(keep, 0)], *([node.module] if node.module else [])])


def _item(value: ast.expr, index: int) -> ast.expr:
    return ast.fix_missing_locations(ast.Subscript(value, ast.copy_location(ast.Constant(index), value), ast.Load()))


def _every(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of a tree, in any order; three times as quick as `ast.walk`."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        for value in node.__dict__.values():
            if isinstance(value, list):
                todo += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                todo.append(value)


class Finder:
    """Finds and keeps the modules of the project.

    Args:
        roots: Folders in which modules are looked up.
        find_module: Asked first: the path of a module by its dotted name, or None.
        read: The text of a path.
    """

    def __init__(
        self,
        roots: tuple[str, ...],
        find_module: Callable[[str], str | None] | None = None,
        read: Callable[[str], str] | None = None,
    ) -> None:
        self.roots = roots
        self.find_module = find_module
        self.read = read or _read
        self.modules: dict[str, Module | None] = {}
        self.characters = 0
        self._folders: dict[str, frozenset[str]] = {}
        self._paths: dict[str, str | None] = {}
        self._given: dict[str, Words | None] = {}

    def module(self, name: str) -> Module | None:
        """A module of the project by its dotted name, or None."""
        if name not in self.modules:
            self.modules[name] = None
            path = self._path(name)
            if path is not None:
                self.modules[name] = self._load(name, path)
        return self.modules[name]

    def path_of(self, name: str) -> str | None:
        """The file of a module of the project by its dotted name, whether or not it has been read."""
        known = self.modules.get(name)
        if known is not None:
            return known.path
        if name not in self._paths:
            self._paths[name] = self._path(name)
        return self._paths[name]

    def of_file(self, path: str) -> Module | None:
        """The module in a file that some module imports; read in now, if nothing has asked for it yet."""
        found = next((m for m in self.modules.values() if m is not None and m.path == path), None)
        if found is None:
            name = next((n for n, known in self._paths.items() if known == path), None)
            found = None if name is None else self.module(name)
        return found

    def inside(self, package: str) -> frozenset[str]:
        """The names that the modules in a package can have."""
        path = self.path_of(package)
        if path is None:
            return frozenset()
        return frozenset(entry.partition(".")[0] for entry in self._entries(os.path.dirname(path)))

    def forget_places(self) -> None:
        """Look for files again, and into those that were not parsed."""
        self._paths.clear()
        self._given.clear()
        self._folders.clear()

    def may_give(self, name: str) -> Words | None:
        """The names that `import *` can give from a module of the project, by its text alone; None for any name.

        Most modules of a large package have not the name that is looked for, and need not be parsed to know.
        """
        if name not in self._given:
            path = self.path_of(name)
            self._given[name] = None if path is None else self._given_by(path)
        return self._given[name]

    def _given_by(self, path: str) -> Words | None:
        try:
            text = self.read(path)
        except (SyntaxError, OSError, UnicodeDecodeError):
            return None
        listed = _ALL.findall(text)
        if len(listed) == 1 and len(_ALL_USED.findall(text)) == 1:
            return frozenset(_QUOTED.findall(listed[0]))
        if os.path.basename(path).startswith("__init__.") or "import *" in text:
            return None
        return frozenset(WORD.findall(text))

    def at(self, path: str, name: str | None = None) -> Module:
        """The module in a file.

        Raises:
            SyntaxError: it is not valid Python.
            OSError, UnicodeDecodeError: it cannot be read.
        """
        name = name or self.name_of(path)
        found = self.modules.get(name)
        if found is not None and os.path.abspath(found.path) == os.path.abspath(path):
            return found
        module = self._parsed(name, path)
        self.modules[name] = module
        return module

    def _parsed(self, name: str, path: str) -> Module:
        module = Module(name, path, self.read(path))
        self.characters += len(module.source)
        return module

    def let_go(self) -> None:
        """Drop every module; each is read again when it is asked for."""
        self.modules.clear()
        self.characters = 0

    def _load(self, name: str, path: str) -> Module | None:
        try:
            return self._parsed(name, path)
        except (SyntaxError, OSError, UnicodeDecodeError, ValueError, RecursionError, MemoryError):
            return None

    def _path(self, name: str) -> str | None:
        if self.find_module is not None:
            path = self.find_module(name)
            if path is not None:
                return path if path.endswith((".py", ".pyi")) else None
        relative = name.split(".")
        for root in self.roots:
            path = self._under(root, relative)
            if path is not None:
                return path
        return None

    def _under(self, root: str, relative: list[str]) -> str | None:
        folder = root
        for part in relative[:-1]:
            if part not in self._entries(folder):
                return None
            folder = f"{folder}/{part}"
        entries = self._entries(folder)
        last = relative[-1]
        if f"{last}.py" in entries:
            return f"{folder}/{last}.py"
        if last in entries and "__init__.py" in self._entries(f"{folder}/{last}"):
            return f"{folder}/{last}/__init__.py"
        return f"{folder}/{last}.pyi" if f"{last}.pyi" in entries else None

    def _entries(self, folder: str) -> frozenset[str]:
        if folder not in self._folders:
            try:
                self._folders[folder] = frozenset(os.listdir(folder or "."))
            except OSError:
                self._folders[folder] = frozenset()
        return self._folders[folder]

    def folders(self) -> list[str]:
        """The folders in which modules were looked up."""
        return list(self._folders)

    def name_of(self, path: str) -> str:
        """The dotted name that a file has: by the packages around it."""
        full = os.path.abspath(path)
        folder, base = os.path.split(full)
        stem = base.rpartition(".")[0]
        parts = [] if stem == "__init__" else [stem]
        while os.path.isfile(os.path.join(folder, "__init__.py")):
            folder, package = os.path.split(folder)
            parts.insert(0, package)
        return ".".join(parts) or os.path.basename(os.path.dirname(full))


def root_of(path: str) -> str:
    """The folder above the outermost package that a file is in."""
    folder = os.path.dirname(os.path.abspath(path))
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    return folder


def _read(path: str) -> str:
    import tokenize

    with tokenize.open(path) as file:
        return file.read()
