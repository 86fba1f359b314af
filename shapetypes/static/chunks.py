"""What a file adds to the keys of kept results: its top-level statements, with what each of them says and binds."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass

from shapetypes.static.modules import WORD, Module


@dataclass(frozen=True, slots=True)
class Chunk:
    """One top-level statement.

    Attributes:
        first: Its first line, decorators included.
        last: Its last line.
        digest: A hash of its text.
        names: The names that it binds in the module.
        words: Every word in it, those in strings and comments included.
        imports: Names that it imports anywhere, each with the dotted path it stands for.
        plain: Whether it is an import: each of its names then leads only to what it stands for.
        is_unit: Whether functions stand in it.
        is_silent: Whether it is of a kind in which nothing can be found: an import, a constant.
    """

    first: int
    last: int
    digest: str
    names: frozenset[str]
    words: frozenset[str]
    imports: tuple[tuple[str, str], ...]
    plain: bool
    is_unit: bool
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A file.

    Attributes:
        chunks: Its top-level statements.
        names: The chunks that bind each name.
        stars: The modules of which it imports everything.
        imports: The dotted names that it imports at its top level.
        shared: A hash of what matters to every function that can see the module: its classes, with their bases and
            the names of their methods, and the names of attributes that it assigns on other objects.
        is_package: Whether it is an `__init__`.
    """

    chunks: tuple[Chunk, ...]
    names: dict[str, tuple[int, ...]]
    stars: tuple[str, ...]
    imports: tuple[str, ...]
    shared: str
    is_package: bool


def summarise(module: Module) -> Summary:
    """The summary of a module."""
    lines = module.source.split("\n")
    chunks = tuple(_chunk(module, node, lines) for node in module.tree.body)
    names: dict[str, tuple[int, ...]] = {}
    for i, chunk in enumerate(chunks):
        for name in chunk.names:
            names[name] = (*names.get(name, ()), i)
    return Summary(
        chunks,
        names,
        tuple(dict.fromkeys(module.stars)),
        tuple(sorted(module.imports)),
        hash_of("\n".join(_shared(module, chunks, names))),
        module.is_package,
    )


def hash_of(text: str) -> str:
    """A hash of some text."""
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=16).hexdigest()


def words_of(text: str) -> frozenset[str]:
    """Every word in some source text."""
    return frozenset(WORD.findall(text))


def first_line(node: ast.stmt) -> int:
    """The line on which a statement starts, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])


def _chunk(module: Module, node: ast.stmt, lines: list[str]) -> Chunk:
    first, last = first_line(node), node.end_lineno or node.lineno
    text = "\n".join(lines[first - 1 : last])
    words = words_of(text)
    names: set[str] = set()
    imports: list[tuple[str, str]] = []
    is_definition = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    is_unit = is_definition
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        names.add(node.name)
    if not is_definition or "import" in words or "global" in words:
        for part in ast.walk(node):
            if isinstance(part, (ast.Import, ast.ImportFrom)):
                imports += _imported(module, part)
            elif isinstance(part, ast.Global):
                names.update(part.names)
            elif is_definition:
                continue
            elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                is_unit = True
                names.add(part.name)
            elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
                names.add(part.id)
    if not is_definition:
        names.update(name for name, _ in imports)
    plain = isinstance(node, (ast.Import, ast.ImportFrom))
    return Chunk(first, last, hash_of(text), frozenset(names), words, tuple(imports), plain, is_unit, _is_silent(node))


def _is_silent(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Assign, ast.Expr)):
        return isinstance(node.value, ast.Constant) and all(
            isinstance(target, ast.Name) for target in getattr(node, "targets", ())
        )
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _imported(module: Module, node: ast.Import | ast.ImportFrom) -> list[tuple[str, str]]:
    if isinstance(node, ast.Import):
        whole = [(a.asname or a.name.partition(".")[0], a.name) for a in node.names]
        return whole + [(name, target.partition(".")[0]) for name, target in whole if name == target.partition(".")[0]]
    base = module.absolute(node)
    return [(a.asname or a.name, base if a.name == "*" else f"{base}.{a.name}") for a in node.names]


def _shared(module: Module, chunks: tuple[Chunk, ...], names: dict[str, tuple[int, ...]]) -> list[str]:
    out = ["assigned", *sorted(module.patched), "mocked", *sorted(module.mocked)]
    out += ["changed", *sorted(module.changed), "reached", *sorted(module.reached)]
    for info in module.classes:
        bases = [ast.unparse(base) for base in info.node.bases]
        out += ["class", info.name, *bases, "methods", *sorted(info.methods)]
        for name in sorted(set().union(*map(words_of, bases))):
            for i in names.get(name, ()):
                if chunks[i].plain:
                    out += [target for local, target in chunks[i].imports if local == name]
                elif not chunks[i].is_unit:
                    out.append(chunks[i].digest)
    return out
